"""What each end of the pad's line must remember so that nothing is lost and nothing is done twice. No clock, no I/O.

The pad sends one key at a time and one rating at a time, each until it is answered; the hub answers a repeat alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from firmware_protocols.eval_pad import (
    KEY_LIFE_MS,
    KEY_RESEND_MS,
    RATING_RESEND_MS,
    Code,
    Host,
    Key,
    KeyResult,
    Position,
    Rating,
    RatingFlag,
    RatingStored,
    SignIn,
    Verb,
)

CAPACITY = 32  # ratings; the specification asks for 8 at least
_U16, _U32 = 0xFFFF, 0xFFFF_FFFF
M = TypeVar("M")


class PadMemory:
    """The pad's side. Times are the owner's running milliseconds since power-up.

    After each `rate` and `heard` the owner writes `kept()` to non-volatile memory before anything else is shown or
    sent; after a reset it gives those bytes back.
    """

    def __init__(self, kept: bytes = b"", now: int = 0) -> None:
        self._ratings = [_Waiting(rating, now) for rating in _restored(kept[4:])]
        self._last_rating = int.from_bytes(kept[:4], "big")
        self._key: _Waiting[Key | SignIn] | None = None
        self._last_key = 0

    @property
    def pending(self) -> int:
        return len(self._ratings)

    @property
    def key_open(self) -> bool:
        return self._key is not None

    def rate(
        self, now: int, token: str, level: int, reasons: Sequence[str] = (), comment: str = "", touched: bool = False
    ) -> bool:
        """One press. False: no room, so the pad must not thank anybody."""
        if self.pending >= CAPACITY:
            return False
        self._last_rating = self._last_rating % _U32 + 1
        flags = RatingFlag.TOUCHED if touched else RatingFlag(0)
        rating = Rating(self._last_rating, token, level, 0, flags, tuple(reasons), comment)
        self._ratings.append(_Waiting(rating, now))
        return True

    def press(
        self,
        now: int,
        seen: int,
        verb: Verb,
        argument: str = "",
        window: str = "",
        position: Position = Position.ARRIVAL,
        minutes: int = 0,
    ) -> bool:
        """False: the key before it is not answered yet, so this press does nothing."""
        return self._open(now, Key(self._last_key + 1, seen, 0, verb, argument, window, position, minutes))

    def sign_in(self, now: int, staff_no: str, pin: str) -> bool:
        return self._open(now, SignIn(self._last_key + 1, 0, staff_no, pin))

    def heard(self, message: object) -> bool:
        """True: the answer to something that waited, which is now forgotten."""
        if isinstance(message, KeyResult) and self._key and self._key.message.key_id == message.key_id:
            self._key = None
            return True
        if isinstance(message, RatingStored) and self._ratings:
            first = self._ratings[0].message.rating_id == message.rating_id
            del self._ratings[:first]
            return first
        return False

    def linked(self) -> None:
        """A new session: what waits is sent at once."""
        if self._ratings:
            self._ratings[0].sent = None
        if self._key:
            self._key.sent = None

    def dropped(self, now: int) -> bool:
        """True once, when the open key has had no answer in time: the pad says so in words."""
        late = self._key is not None and now - self._key.pressed > KEY_LIFE_MS
        self._key = None if late else self._key
        return late

    def due(self, now: int) -> list[Key | SignIn | Rating]:
        """What to send now. Only while a session is up; after `dropped`."""
        out: list[Key | SignIn | Rating] = []
        if self._key and self._key.take(now, KEY_RESEND_MS):
            out.append(replace(self._key.message, age_ms=min(now - self._key.pressed, _U16)))
        if self._ratings and self._ratings[0].take(now, RATING_RESEND_MS):
            out.append(replace(self._ratings[0].message, age_ms=min(now - self._ratings[0].pressed, _U32)))
        return out

    def kept(self) -> bytes:
        """What survives a reset: the last id, and every unanswered rating as its own frame."""
        return self._last_rating.to_bytes(4, "big") + b"".join(each.message.encode() for each in self._ratings)

    def _open(self, now: int, key: Key | SignIn) -> bool:
        if self._key:
            return False
        self._key, self._last_key = _Waiting(key, now), key.key_id
        return True


class HubMemory:
    """The hub's side, kept over reconnections: a key is carried out once, whatever is repeated."""

    def __init__(self) -> None:
        self._boot_id: int | None = None
        self._last = 0
        self._answer: KeyResult | None = None

    def greeted(self, boot_id: int) -> None:
        """A pad that started anew counts its keys from 1 again."""
        if boot_id != self._boot_id:
            self._boot_id, self._last, self._answer = boot_id, 0, None

    def judge(self, key: Key | SignIn) -> Key | SignIn | KeyResult | None:
        """The key itself: carry it out, then `answered`. A KeyResult: send it. None: still at work, or long past."""
        if key.key_id == self._last:
            return self._answer
        if key.key_id < self._last:
            return None
        self._last, self._answer = key.key_id, None
        return self.answered(KeyResult(key.key_id, Code.STALE)) if key.age_ms > KEY_LIFE_MS else key

    def answered(self, result: KeyResult) -> KeyResult:
        if result.key_id == self._last:
            self._answer = result
        return result


@dataclass(slots=True)
class _Waiting(Generic[M]):
    message: M
    pressed: int
    sent: int | None = None

    def take(self, now: int, again_after: int) -> bool:
        """True when it is to be sent now; that is noted."""
        due = self.sent is None or now - self.sent >= again_after
        self.sent = now if due else self.sent
        return due


def _restored(frames: bytes) -> list[Rating]:
    """The kept ratings; one that was half written when the power went is no rating."""
    ratings = [heard for heard in Host().feed(frames) if isinstance(heard, Rating)]
    return [replace(each, flags=each.flags | RatingFlag.RESTARTED) for each in ratings]
