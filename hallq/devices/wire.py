"""A device's messages over its line, which others may share: questions one at a time, each with its own answer.

Bytes that are no message are counted and left behind; the stream goes on. Frames are logged at DEBUG, lazily.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from firmware_protocols import ProtocolError
from hallq.devices.bus import Bus
from hallq.devices.links import LinkLost
from hallq.devices.traffic import Traffic, Words
from hallq.kernel import SystemClock

MOST_UNREAD = 500  # messages; then the oldest goes
log = logging.getLogger("hallq.wire")


class Sendable(Protocol):
    def encode(self) -> bytes: ...


def anything(message: Any) -> bool:
    return True


class Wire:
    """`quiet_s` pass between a transaction and the next one on the line, as half-duplex lines and slow chips ask."""

    def __init__(
        self,
        bus: Bus,
        *,
        name: str,
        mine: Callable[[Any], bool] = anything,
        quiet_s: float = 0.0,
        traffic: Traffic | None = None,
    ) -> None:
        self.name = name
        self.mine = mine
        self.quiet_s = quiet_s
        self.patient = False  # others on the line go first
        self.knocks = False  # nobody may be there: it is asked once
        self.held_s = 0.0  # the line's time that it has taken
        self.traffic = traffic or Traffic(SystemClock())
        self._bus = bus
        self._unread: deque[Any] = deque(maxlen=MOST_UNREAD)
        self._news = asyncio.Event()
        self._asking = asyncio.Lock()
        self._watchers: set[Callable[[], None]] = set()
        self.aside: Callable[[Any], bool] | None = None  # takes messages on arrival that nobody asked for
        self._loop = asyncio.get_running_loop()
        self.heard_at = self._loop.time()
        bus.join(self)

    @property
    def lost(self) -> str:
        return self._bus.lost

    @property
    def bad_frames(self) -> int:
        return self.traffic.bad_frames

    @property
    def round_trip_ms(self) -> float | None:
        return self.traffic.round_trip_ms

    def on_lost(self, watcher: Callable[[], None]) -> None:
        self._watchers.add(watcher)

    async def send(self, message: Sendable) -> None:
        """A transaction of its own, without an answer."""
        async with self._bus.turn(self):
            await self._send(message)

    async def receive(self, seconds: float | None = None) -> Any:
        """The next message, TimeoutError when none comes, LinkLost when none will."""
        async with asyncio.timeout(seconds):
            while not self._unread:
                if self.lost:
                    raise LinkLost(self.lost)
                self._news.clear()
                await self._news.wait()
        return self._unread.popleft()

    async def ask(
        self, message: Sendable, answer: Callable[[Any], bool] | type[Any], *, seconds: float, tries: int = 2
    ) -> Any:
        """The answer, within `seconds` after the question's last byte. A device that does not give one, however often
        it is asked, is lost."""
        fits = (lambda found: isinstance(found, answer)) if isinstance(answer, type) else answer
        async with self._asking:
            for _ in range(1 if self.knocks else tries):
                try:
                    return await self._transaction(message, fits, seconds)
                except TimeoutError:
                    await self.silence(seconds / 2)  # a late answer must not pass for the next one
        raise LinkLost("does not answer")

    def forget(self) -> None:
        self._unread.clear()

    async def silence(self, seconds: float) -> None:
        """Waits until nothing has come for so long, and forgets what came. A babbling device is not waited for."""
        for _ in range(3):
            await asyncio.sleep(max(0.0, self.heard_at + seconds - self._loop.time()))
        self._unread.clear()

    def close(self) -> None:
        """Leaves the line; the last one closes it."""
        self._bus.leave(self)

    # -- for the bus

    def hear(self, message: Any) -> None:
        self.heard_at = self._loop.time()
        words = Words(message)
        log.debug("%s < %s", self.name, words)
        self.traffic.heard(words)
        if self.aside is None or not self.aside(message):
            self._unread.append(message)
        self._news.set()

    def mishear(self, error: ProtocolError) -> None:
        self.heard_at = self._loop.time()
        log.debug("%s < bad: %s", self.name, error)
        self.traffic.misheard(Words(error))

    def lose(self) -> None:
        self._news.set()
        for watcher in self._watchers:
            watcher()

    # -- one question

    async def _transaction(self, message: Sendable, fits: Callable[[Any], bool], seconds: float) -> Any:
        async with self._bus.turn(self):
            self._unread.clear()
            asked = self._loop.time()
            seconds += await self._send(message)
            try:
                async with asyncio.timeout(seconds):
                    while not fits(found := await self.receive()):
                        pass
            except TimeoutError:
                self._bus.resynchronise()
                raise
            self.traffic.round_trip_ms = (self._loop.time() - asked) * 1000
            return found

    async def _send(self, message: Sendable) -> float:
        data, words = message.encode(), Words(message)
        log.debug("%s > %s", self.name, words)
        self.traffic.sent(words, len(data))
        return await self._bus.send(data)
