"""One end of a relay's connection: frames out of a queue, frames in, and a heart that beats.

Silence for DEAD_S, or anything that is no frame, ends it, and every channel with it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from hallq.devices.links import Line, LinkLost
from hallq.relay.channel import Channel
from hallq.relay.frames import Frame, Kind, decode

BEAT_S = 1.0
DEAD_S = 4.0  # without a word: a pulled cable says nothing
log = structlog.get_logger("hallq.relay")
Send = Callable[[bytes], Awaitable[None]]
Receive = Callable[[], Awaitable[bytes]]


class Mux:
    """`send_message` and `receive_message` raise LinkLost when the connection is gone; `handle` takes the frames that
    belong to no channel."""

    def __init__(
        self,
        send_message: Send,
        receive_message: Receive,
        handle: Callable[[Frame], None],
        ended: Callable[[int, str], None] = lambda number, why: None,
    ) -> None:
        self._send_message = send_message
        self._receive_message = receive_message
        self._handle = handle
        self._told_ended = ended
        self._channels: dict[int, Channel] = {}
        self._out: deque[Frame] = deque()  # bounded by the channels' windows
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self.gone = ""  # why; empty while it stands

    def stop(self, why: str) -> None:
        """Ends it from this side."""
        self.gone = self.gone or why
        self._stopping.set()

    def send(self, frame: Frame) -> None:
        self._out.append(frame)
        self._wake.set()

    def join(self, number: int, line: Line) -> Channel:
        """From now on this line is that channel."""
        channel = self._channels[number] = Channel(number, line, self.send, self._ended)
        return channel

    async def run(self) -> str:
        """Until it is lost; why."""
        work = (self._write(), self._read(), self._beat(), self._stopped())
        tasks = [asyncio.create_task(each) for each in work]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            self.gone = self.gone or _why(next(iter(done)).exception())
        finally:
            self.gone = self.gone or "stopped"
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for channel in list(self._channels.values()):
                channel.close(self.gone)
        return self.gone

    def _ended(self, number: int, why: str) -> None:
        del self._channels[number]
        self._told_ended(number, why)

    async def _stopped(self) -> None:
        await self._stopping.wait()

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._out:
                await self._send_message(self._out.popleft().encode())

    async def _read(self) -> None:
        while True:
            try:
                async with asyncio.timeout(DEAD_S):
                    message = await self._receive_message()
                self._take(decode(message))
            except TimeoutError:
                raise LinkLost(f"silent for {DEAD_S:.0f} s") from None
            except ValueError as error:
                raise LinkLost(str(error)) from None

    def _take(self, frame: Frame) -> None:
        if frame.kind is Kind.BEAT:
            return
        channel = self._channels.get(frame.channel)
        if frame.kind in (Kind.DATA, Kind.GRANT, Kind.LOST):
            if channel is not None:  # else it crossed our own farewell
                channel.take(frame)
        else:
            self._handle(frame)

    async def _beat(self) -> None:
        while True:
            self.send(Frame(Kind.BEAT))
            await asyncio.sleep(BEAT_S)


def _why(error: BaseException | None) -> str:
    """Anything but a loss is a fault of this program: the connection ends all the same, with a traceback."""
    if not isinstance(error, LinkLost):
        log.error("a relay's connection failed", exc_info=error)
    return str(error) or type(error).__name__
