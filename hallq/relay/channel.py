"""An open port: a line here, another line at the other end, and the bytes between them.

Each end sends at most WINDOW bytes that the other has not yet passed on. A port that takes nothing holds up its own
bytes and nobody else's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from hallq.devices.links import CHUNK, Line, LinkLost
from hallq.relay.frames import PIECE, Frame, Kind, grant_of, granted

WINDOW = 4 * 1024  # as a terminal of the kernel buffers
STEP = 512  # bytes that are passed on, and granted, at once
STALL_S = 60.0  # the hub's driver gives a port that takes nothing up long before


class Channel:
    """`send` queues a frame; `ended` is called once with the other end's reason, empty when the line here ended it."""

    def __init__(
        self, number: int, line: Line, send: Callable[[Frame], None], ended: Callable[[int, str], None]
    ) -> None:
        self.number = number
        self._line = line
        self._send = send
        self._ended = ended
        self._credit = WINDOW  # bytes that may be sent
        self._waiting = bytearray()  # came and is not passed on
        self._why = ""
        self._came = asyncio.Event()
        line.listen(self._from_line, self._line_lost)
        self._passing = asyncio.create_task(self._pass_on())

    def take(self, frame: Frame) -> None:
        """DATA, GRANT or LOST from the other end. ValueError: it breaks the rules."""
        if frame.kind is Kind.LOST:
            self._end(frame.text)
        elif frame.kind is Kind.GRANT:
            self._grant(grant_of(frame))
        else:
            self._to_line(frame.data)

    def close(self, why: str) -> None:
        """The connection is gone."""
        self._end(why)

    def hang_up(self) -> None:
        """Whoever uses the line here has closed it; a line that is not read does not notice by itself."""
        if self._credit <= 0:
            self._line.close()

    def _from_line(self, data: bytes) -> None:
        for at in range(0, len(data), PIECE):
            self._send(Frame(Kind.DATA, self.number, data[at : at + PIECE]))
        self._credit -= len(data)
        if self._credit <= 0:
            self._line.pause()

    def _grant(self, count: int) -> None:
        self._credit += count
        if self._credit > 0:
            self._line.resume()

    def _to_line(self, data: bytes) -> None:
        if len(self._waiting) + len(data) > WINDOW + CHUNK:  # one read beyond the window is how it is noticed there
            raise ValueError("more bytes than were granted")
        self._waiting += data
        self._came.set()

    async def _pass_on(self) -> None:
        with suppress(LinkLost):
            while True:
                await self._came.wait()
                self._came.clear()
                while piece := bytes(self._waiting[:STEP]):
                    del self._waiting[:STEP]
                    self._line.write(piece)
                    await self._line.drain(STALL_S)
                    self._send(Frame(Kind.GRANT, self.number, granted(len(piece))))

    def _line_lost(self) -> None:
        """Also by our own closing."""
        self._passing.cancel()
        self._send(Frame(Kind.LOST, self.number, self._line.lost.encode()))
        self._ended(self.number, self._why)

    def _end(self, why: str) -> None:
        self._why = why
        self._send = lambda _: None  # it knows
        with suppress(LinkLost):
            self._line.write(bytes(self._waiting))  # what came before the end is still heard
        self._line.close()
