"""Messages over a line: one decoder, one reader, questions one at a time. Frames are logged at DEBUG, lazily.

Bytes that are no message are counted and left behind; the stream goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from firmware_protocols import Decoder, ProtocolError, to_json
from hallq.devices.links import Line, LinkLost

MOST_UNREAD = 500  # messages; then the oldest goes
log = logging.getLogger("hallq.wire")


class Sendable(Protocol):
    def encode(self) -> bytes: ...


class Words:
    """A message for the log: put in words only when the log wants it."""

    def __init__(self, message: object) -> None:
        self.message = message

    def __str__(self) -> str:
        return str(to_json(self.message))


class Wire:
    """`quiet` seconds pass between two questions, as half-duplex lines and slow chips ask."""

    def __init__(self, line: Line, decoder: Decoder, *, name: str, write_s: float = 2.0, quiet: float = 0.0) -> None:
        self.name = name
        self.bad_frames = 0
        self.round_trip_ms: float | None = None
        self._line = line
        self._decoder = decoder
        self._write_s = write_s
        self._quiet = quiet
        self._unread: deque[Any] = deque(maxlen=MOST_UNREAD)
        self._news = asyncio.Event()
        self._turn = asyncio.Lock()
        self._watchers: set[Callable[[], None]] = set()
        self.aside: Callable[[Any], bool] | None = None  # takes messages on arrival that nobody asked for
        self._loop = asyncio.get_running_loop()
        self.heard_at = self._loop.time()
        line.listen(self._on_data, self._on_lost)

    @property
    def lost(self) -> str:
        return self._line.lost

    def on_lost(self, watcher: Callable[[], None]) -> None:
        self._watchers.add(watcher)

    async def send(self, message: Sendable) -> None:
        log.debug("%s > %s", self.name, Words(message))
        self._line.write(message.encode())
        await self._line.drain(self._write_s)

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
        """The answer. A device that does not give one, however often it is asked, is lost."""
        fits = (lambda found: isinstance(found, answer)) if isinstance(answer, type) else answer
        async with self._turn:
            for _ in range(tries):
                self._unread.clear()
                await self.send(message)
                try:
                    return await self._answer(fits, seconds)
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
        self._line.close()

    async def _answer(self, fits: Callable[[Any], bool], seconds: float) -> Any:
        asked = self._loop.time()
        async with asyncio.timeout(seconds):
            while not fits(found := await self.receive()):
                pass
        self.round_trip_ms = (self._loop.time() - asked) * 1000
        await asyncio.sleep(self._quiet)
        return found

    def _on_data(self, data: bytes) -> None:
        self.heard_at = self._loop.time()
        for message in self._decoder.feed(data):
            if isinstance(message, ProtocolError):
                self.bad_frames += 1
                log.debug("%s < bad: %s", self.name, message)
            else:
                log.debug("%s < %s", self.name, Words(message))
                if self.aside is None or not self.aside(message):
                    self._unread.append(message)
        self._news.set()

    def _on_lost(self) -> None:
        self._news.set()
        for watcher in self._watchers:
            watcher()
