"""What benches of all protocols share: a line that opens again, patience that scales, and a tester who is asked."""

import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

from firmware_protocols.conform.lines import Line, LineLost

HAND_S = 60.0  # that a person has for a step
AUTO_S = 5.0  # that a simulator has which presses by itself
SLACK_S = 0.6  # on top of every time that is waited for: the bench's machine may be busy
LEAST_S = 0.05  # to hear that nothing comes


class Failed(Exception):
    """What was seen instead."""


class Skipped(Exception):
    """Why it could not be seen."""


class Bench:
    auto = False
    tempo = 1.0
    out: TextIO = sys.stdout
    stopped = ""  # why the rest is skipped

    def __init__(self, connect: Callable[[], Line]) -> None:
        self._connect = connect
        self._line: Line | None = None
        self.heard: list[tuple[float, Any]] = []  # when, what

    @property
    def line(self) -> Line:
        if self._line is None:
            try:
                self._line = self._connect()
            except OSError as error:
                self.stopped = "no line"
                raise LineLost(error.strerror or str(error)) from None
            self.opened()
        return self._line

    def drop(self) -> None:
        """The next check opens it anew."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def close(self) -> None:
        self.drop()

    def within(self, seconds: float) -> float:
        """A time of the specification as this bench waits for it."""
        return seconds * self.tempo + SLACK_S

    def wait(self, fits: Callable[[Any], bool], seconds: float, since: int | None = None) -> Any:
        """The first fitting message from `since` (an index in `heard`) on, or None after so many real seconds."""
        at = len(self.heard) if since is None else since
        end = time.monotonic() + seconds
        while True:
            while at < len(self.heard):
                if fits(self.heard[at][1]):
                    return self.heard[at][1]
                at += 1
            left = end - time.monotonic()
            if left <= 0:
                return None
            self._pump(min(left, self.idle_s()))

    def listen(self, seconds: float) -> list[Any]:
        """All that comes within a time of the specification, and a fifth more."""
        at = len(self.heard)
        self.wait(lambda _: False, seconds * self.tempo * 1.2 + LEAST_S)
        return [message for _, message in self.heard[at:]]

    def hand(self, wish: str, fits: Callable[[Any], bool], since: int | None = None) -> Any:
        """What a person does at the device. Skipped when it does not come."""
        if not self.auto:
            print(f"  >>> {wish} ({HAND_S:.0f} s)", file=self.out, flush=True)
        found = self.wait(fits, self.within(AUTO_S) if self.auto else HAND_S, since)
        if found is None:
            raise Skipped(f"nobody did: {wish}")
        return found

    def _pump(self, seconds: float) -> None:
        data = self.line.read(seconds)
        now = time.monotonic()
        for message in self.decode(data):
            self.heard.append((now, message))
            self.answer(message)
        self.beat(now)

    # -- of each protocol

    def opened(self) -> None:
        """A new line: what was half heard is gone."""

    def idle_s(self) -> float:
        """The longest that the bench may sleep in a read."""
        return 0.1 * self.tempo

    def decode(self, data: bytes) -> list[Any]:
        raise NotImplementedError

    def answer(self, message: Any) -> None:
        """What a good host says to it at once."""

    def beat(self, now: float) -> None:
        """What a good host says by itself."""
