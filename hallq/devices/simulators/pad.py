"""The whole firmware of a two-sided pad: greeting, both screens, keys, ratings in non-volatile memory, offline.

Fingers are methods: `press`, `sign_in`, `touch`, `rate`, `submit`, `skip`, `menu`; `reset` pulls its power.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import asdict
from typing import Any

from firmware_protocols.eval_pad import (
    HEARTBEAT_MS,
    HELLO_MS,
    SILENCE_MS,
    VERSION,
    WELCOME_MS,
    AskChoices,
    AskHello,
    Choice,
    Choices,
    CitizenKind,
    CitizenSide,
    Feature,
    HubBeat,
    HubHello,
    HubRefuse,
    KeyResult,
    ListId,
    PadBeat,
    PadHello,
    RatingStored,
    Screen,
    Shown,
    Skipped,
    Touched,
    Verb,
    WindowState,
)
from firmware_protocols.eval_pad_memory import PadMemory
from hallq.devices.simulators.base import Simulator

TICK_S = 0.25
REFUSED_MS = 30_000
REPEAT_MS, REPEATS = 1000, 3
TOUCHED_MS = 60_000
TIMED = (CitizenKind.RATE, CitizenKind.REASONS, CitizenKind.THANKS)
LOST_WORDS = "没有送达，请重按"


class SimPad(Simulator):
    protocol = "eval-pad"

    def __init__(self, tempo: float = 1.0, *, serial: str = "SIM", seed: int | None = None) -> None:
        super().__init__(tempo)
        self._serial = serial
        self._random = random.Random(seed)
        self._kept = b""  # non-volatile memory
        self._lists: dict[int, list[Choice]] = {}  # non-volatile too: levels and reasons
        self._lists_version = 0
        self._power_up()

    def _power_up(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._booted = self._loop.time()
        self._boot_id = self._random.getrandbits(32)
        self._memory = PadMemory(self._kept, 0)
        self._session = "greeting"  # up refused
        self._heard_at = self._hello_at = self._beat_at = -HELLO_MS * 10
        self._screen: Screen | None = None
        self._welcome_until = 0
        self._kind = 0  # what the citizen sees now: the pad takes some steps by itself
        self._kind_until: int | None = None
        self._rated: dict[str, tuple[int, CitizenKind]] = {}  # token -> level, next step
        self._touched = False
        self._repeats: list[tuple[Touched | Skipped, int, int]] = []  # message, pressed, times sent
        self._hub_name = ""
        self._window = ""
        self._words = ""  # the answer to the last key
        self._strangers = 0  # beats that named another screen
        self._parts: dict[int, dict[int, Choices]] = {}
        self.later(0, self._tick)

    # -- fingers

    def press(self, verb: str, argument: str = "", window: str = "", minutes: int = 0) -> bool:
        if self._session != "up" or self._screen is None:
            return False
        seen = self._screen.clerk.version
        done = self._memory.press(self._now, seen, Verb[verb.upper()], argument, window, minutes=minutes)
        self._send_due()
        return done

    def sign_in(self, staff_no: str, pin: str) -> bool:
        if self._session != "up":
            return False
        done = self._memory.sign_in(self._now, staff_no, pin)
        self._send_due()
        return done

    def menu(self, which: ListId) -> None:
        self.say(AskChoices(which))

    def touch(self) -> None:
        """A touch anywhere while the invitation stands."""
        if self._kind == CitizenKind.RATE and self._token and not self._touched:
            self._touched = True
            self._kind_until = self._now + TOUCHED_MS
            self._repeat(Touched(self._token, 0))
        self.changed()

    def rate(self, level: int) -> bool:
        """Thanked for only when it is in non-volatile memory."""
        if self._kind != CitizenKind.RATE or not self._memory.rate(
            self._now, self._token, level, touched=self._touched
        ):
            return False
        step = CitizenKind.REASONS if level <= 2 else CitizenKind.THANKS
        self._stored_press(level, step)
        return True

    def submit(self, reasons: tuple[str, ...] = (), comment: str = "") -> bool:
        if self._kind != CitizenKind.REASONS:
            return False
        level = self._rated[self._token][0]
        if (reasons or comment) and not self._memory.rate(self._now, self._token, level, reasons, comment):
            return False
        self._stored_press(level, CitizenKind.THANKS)
        return True

    def skip(self) -> None:
        if self._kind == CitizenKind.RATE and self._token:
            self._repeat(Skipped(self._token, 0))
            self._kind, self._kind_until = CitizenKind.IDLE, None
        self.changed()

    def reset(self) -> None:
        """Power off and on: only what is in non-volatile memory stays."""
        self.stop()
        self._power_up()
        self.changed()

    def pace(self, tempo: float) -> None:
        """Its own clock goes on from where it stands."""
        now = self._now
        super().pace(tempo)
        self._booted = self._loop.time() - now / 1000 * tempo

    def state(self) -> dict[str, Any]:
        screen = self._screen
        return {
            "kind": "pad",
            "session": self._session,
            "hall": self._hub_name,
            "window": self._window,
            "screen": self._shown_name(),
            "seconds": None if self._kind_until is None else max(0, self._kind_until - self._now) // 1000,
            "citizen": asdict(screen.citizen) | {"extra": "", "kind": self._kind} if screen else {},
            "clerk": self._clerk(screen) if screen else {},
            "words": self._words,
            "pending": self._memory.pending,
            "key_open": self._memory.key_open,
            "lists": {ListId(n).name.lower(): [asdict(item) for item in items] for n, items in self._lists.items()},
        }

    # -- what the hub says

    def heard(self, message: Any) -> None:
        self._heard_at = self._now
        match message:
            case AskHello():
                self._session = "greeting"
                self._hello()
            case HubHello():
                self._greeted(message)
            case HubRefuse(text=text):
                self._session, self._words = "refused", text
                self._hello_at = self._now + REFUSED_MS - HELLO_MS
            case Screen() if self._session == "up":
                self._draw(message)
            case HubBeat(wanted=wanted):
                self._compare(wanted)
            case KeyResult(text=text) if self._memory.heard(message):
                self._words = text
            case RatingStored() if self._memory.heard(message):
                self._keep()
                self._send_due()
            case Choices():
                self._collect(message)

    def plugged(self) -> None:
        self._session = "greeting"
        self._hello()

    def unplugged(self) -> None:
        self._session = "greeting"

    def _greeted(self, hello: HubHello) -> None:
        if hello.boot_id != self._boot_id:
            return
        self._session, self._hub_name, self._window = "up", hello.hall, hello.window
        self._memory.linked()
        if hello.lists != self._lists_version or not self._lists:
            self._lists_version = hello.lists
            self.menu(ListId.LEVELS)
            self.menu(ListId.REASONS)
        self._send_due()

    def _draw(self, screen: Screen) -> None:
        before = self._screen
        self._welcome(before.citizen if before else None, screen.citizen)
        self._repeats.clear()
        if before is None or screen.citizen.token != before.citizen.token:
            self._touched = False
        self._screen, self._strangers = screen, 0
        kind, token = screen.citizen.kind, screen.citizen.token
        if kind == CitizenKind.RATE and token in self._rated:  # it crossed the press
            kind = self._rated[token][1]
        self._kind = kind
        seconds = screen.citizen.seconds
        self._kind_until = self._now + seconds * 1000 if seconds and kind in TIMED else None
        self.say(Shown(screen.version))

    def _welcome(self, before: CitizenSide | None, after: CitizenSide) -> None:
        """The called citizen has come to the window."""
        if after.kind != CitizenKind.SERVING or before is None or before.number != after.number:
            self._welcome_until = 0
        elif before.kind == CitizenKind.CALLED:
            self._welcome_until = self._now + WELCOME_MS

    def _compare(self, wanted: int) -> None:
        shown = self._screen.version if self._screen else 0
        self._strangers = self._strangers + 1 if wanted != shown else 0
        if self._strangers >= 2:
            self._strangers = 0
            self._hello()

    def _collect(self, part: Choices) -> None:
        parts = self._parts.setdefault(part.which, {})
        if parts and next(iter(parts.values())).version != part.version:
            parts.clear()
        parts[part.part] = part
        if len(parts) == part.parts:
            self._lists[part.which] = [item for n in sorted(parts) for item in parts[n].items]
            del self._parts[part.which]

    # -- time

    @property
    def _now(self) -> int:
        """Milliseconds since power-up."""
        return int((self._loop.time() - self._booted) / self.tempo * 1000)

    @property
    def _token(self) -> str:
        return self._screen.citizen.token if self._screen else ""

    def _tick(self) -> None:
        now = self._now
        if now - self._heard_at > SILENCE_MS and self._session == "up":
            self._session = "greeting"
        if self._session != "up" and now - self._hello_at >= HELLO_MS:
            self._hello()
        if self._session == "up" and now - self._beat_at >= HEARTBEAT_MS:
            self._beat_at = now
            shown = self._screen.version if self._screen else 0
            self.say(PadBeat(shown, min(self._memory.pending, 255), now // 1000))
        if self._memory.dropped(now):
            self._words = LOST_WORDS
        if self._kind_until is not None and now >= self._kind_until:
            self._kind, self._kind_until = CitizenKind.IDLE, None
        self._send_due()
        self.later(TICK_S, self._tick)

    def _hello(self) -> None:
        self._session = "greeting" if self._session == "refused" else self._session
        self._hello_at = self._now
        features = Feature.CLERK_SIDE | Feature.COMMENTS
        self.say(PadHello(VERSION, VERSION, self._boot_id, features, "HallQ SimPad", "1.0", self._serial))

    def _send_due(self) -> None:
        if self._session != "up":
            return
        for kept in self._memory.due(self._now):
            self.say(kept)
        for at, (message, pressed, sent) in enumerate(self._repeats):
            if sent < REPEATS and self._now - pressed >= sent * REPEAT_MS:
                self._repeats[at] = (message, pressed, sent + 1)
                self.say(type(message)(message.token, self._now - pressed))

    def _repeat(self, message: Touched | Skipped) -> None:
        self._repeats.append((message, self._now, 0))
        self._send_due()

    def _stored_press(self, level: int, step: CitizenKind) -> None:
        self._keep()
        self._rated[self._token] = (level, step)
        self._kind = step
        self._send_due()
        self.changed()

    def _keep(self) -> None:
        self._kept = self._memory.kept()

    # -- what is seen

    def _shown_name(self) -> str:
        now = self._now
        if self._screen is None:
            return "starting" if now < SILENCE_MS else "offline"
        if self._session != "up" and now - self._heard_at > SILENCE_MS and self._kind != CitizenKind.RATE:
            return "offline"
        if self._kind == CitizenKind.SERVING and now < self._welcome_until:
            return "welcome"
        return CitizenKind(self._kind).name.lower() if self._kind in CitizenKind.__members__.values() else "other"

    def _clerk(self, screen: Screen) -> dict[str, Any]:
        side = screen.clerk
        words = asdict(side) | {"extra": "", "state": WindowState(side.state).name.lower()}
        return words | {
            "verbs": [verb.name.lower() for verb in side.allowed],
            "primary": Verb(side.primary).name.lower() if side.primary else "",
            "undo_verb": Verb(side.undo_verb).name.lower() if side.undo_verb else "",
        }
