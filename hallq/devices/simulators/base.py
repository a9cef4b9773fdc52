"""What every simulated device is: it hears messages, answers with messages, and can be told to fail.

`tempo` scales its times. `state()` is JSON-ready and known from received bytes alone, never from the hub.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

from firmware_protocols import PROTOCOLS, Decoder, ProtocolError


class Simulator:
    protocol: ClassVar[str]

    def __init__(self, tempo: float = 1.0) -> None:
        self.tempo = tempo
        self.changed: Callable[[], None] = lambda: None  # called after anything that state() shows has changed
        self._say: Callable[[bytes], None] = lambda _: None
        self._decoder: Decoder = PROTOCOLS[self.protocol].Device()
        self._timers: set[asyncio.TimerHandle] = set()

    def pace(self, tempo: float) -> None:
        """Another tempo from now on."""
        self.tempo = tempo

    def state(self) -> dict[str, Any]:
        raise NotImplementedError

    def fault(self, name: str, on: bool) -> None:
        """Faults of the device itself; those of its line are its host's."""
        raise ValueError(f"{type(self).__name__} has no fault {name}")

    def plugged(self) -> None:
        """A hub has opened the line."""

    def unplugged(self) -> None:
        """The line is gone, as far as the device can see that."""

    def heard(self, message: Any) -> None:
        raise NotImplementedError

    def misheard(self, error: ProtocolError) -> None:
        """Bytes that are no message."""

    # -- for the host

    def attach(self, say: Callable[[bytes], None]) -> None:
        self._say = say

    def take(self, data: bytes) -> None:
        for message in self._decoder.feed(data):
            if isinstance(message, ProtocolError):
                self.misheard(message)
            else:
                self.heard(message)
        self.changed()

    def stop(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    # -- for the kinds

    def say(self, message: Any) -> None:
        self._say(message.encode())

    def later(self, seconds: float, act: Callable[[], None]) -> asyncio.TimerHandle:
        """Runs `act`, unless the device is stopped before."""
        loop = asyncio.get_running_loop()

        def run() -> None:
            self._timers.discard(timer)
            act()
            self.changed()

        timer = loop.call_later(seconds * self.tempo, run)
        self._timers.add(timer)
        return timer
