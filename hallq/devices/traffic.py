"""What went over a device's wire: its last frames, when it was last heard, what was no message. Outlives connections.

A message class with `private: ClassVar[bool] = True` shows nothing but its name, and is not kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from firmware_protocols import ProtocolError, to_json
from hallq.devices.brief import brief
from hallq.kernel import Clock, Ms

KEPT = 50  # frames of a device
LONG = 300  # bytes: a slip's bitmap is not for reading
MOST = 1000  # characters of a frame's words
OUT, IN, BAD = "out", "in", "bad"  # of the hub, into it, bytes that are no message


class Words:
    """A message in words, only when somebody reads them."""

    __slots__ = ("_message", "name")

    def __init__(self, message: object) -> None:
        self.name = type(message).__name__
        self._message = None if getattr(message, "private", False) else message

    def brief(self) -> str:
        known = None if isinstance(self._message, ProtocolError | None) else to_json(self._message)
        return brief(known) if isinstance(known, dict) else str(self)

    def __str__(self) -> str:
        """All fields, for the log."""
        if self._message is None:
            return self.name
        return str(self._message) if isinstance(self._message, ProtocolError) else str(to_json(self._message))


@dataclass(frozen=True, slots=True)
class Frame:
    at: Ms  # wall time
    way: str  # OUT IN BAD
    _words: Words | str

    @property
    def words(self) -> str:
        """In a line, for people."""
        text = self._words if isinstance(self._words, str) else self._words.brief()
        return text if len(text) <= MOST else f"{text[:MOST]} ..."


class Traffic:
    """One per device, as long as the hub runs."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.frames: deque[Frame] = deque(maxlen=KEPT)
        self.watchers: set[Callable[[Frame], None]] = set()
        self.heard_at: Ms | None = None
        self.round_trip_ms: float | None = None
        self.bad_frames = 0
        self.losses = 0

    def sent(self, words: Words, size: int) -> None:
        """A long message is worded at once, for its bytes not to be kept."""
        self._keep(OUT, words if size <= LONG else f"{words.name}, {size} bytes")

    def heard(self, words: Words) -> None:
        self.heard_at = self._clock.wall()
        self._keep(IN, words)

    def misheard(self, words: Words) -> None:
        self.bad_frames += 1
        self._keep(BAD, words)

    def _keep(self, way: str, words: Words | str) -> None:
        frame = Frame(self._clock.wall(), way, words)
        self.frames.append(frame)
        for watcher in tuple(self.watchers):
            watcher(frame)
