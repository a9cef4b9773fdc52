"""An open line and its decoder, lent to every device on it: one transaction at a time, quiet gaps between.

Each device speaks through a Wire of its own; what comes in goes to the device that it comes from.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from firmware_protocols import Decoder, ProtocolError
from hallq.devices.links import Line

ALL_MUTE = 2  # so many devices gave up one after the other, without a byte from anybody: the line itself is suspect
WRITE_S = 2.0  # and the bytes' own time: a line that takes no bytes for so long is lost


class Ear(Protocol):
    """A device's end of the bus."""

    quiet_s: float
    patient: bool  # lets others go first: it only asks how things are
    held_s: float  # the line's time that it has taken

    def mine(self, message: Any) -> bool: ...

    def hear(self, message: Any) -> None: ...

    def mishear(self, error: ProtocolError) -> None: ...

    def lose(self) -> None: ...


class Turns:
    """Who waits for the line: first come, first served, but those with something to show before the patient."""

    def __init__(self) -> None:
        self._taken = False
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    async def take(self, patient: bool) -> None:
        if not self._taken:
            self._taken = True
            return
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (patient, next(self._count), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was given the line at that moment
                self.give()
            raise

    def give(self) -> None:
        while self._waiting:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(None)
                return
        self._taken = False


class Echo:
    """Some adapters with automatic direction hear themselves: what comes back of our own bytes is left out."""

    def __init__(self) -> None:
        self._due = b""  # sent, not yet come back
        self._held = b""  # what of it has come back

    def sent(self, data: bytes) -> None:
        self._due, self._held = data, b""

    def rest(self, data: bytes) -> bytes:
        """Without the echo. Bytes that began like one and went on otherwise are given back."""
        if not self._due:
            return data
        if data.startswith(self._due):
            data, self._due, self._held = data[len(self._due) :], b"", b""
            return data
        if self._due.startswith(data):
            self._held, self._due = self._held + data, self._due[len(data) :]
            return b""
        data, self._due, self._held = self._held + data, b"", b""
        return data


class Bus:
    def __init__(self, line: Line, decoder: Decoder, *, echo: bool = False) -> None:
        self._line = line
        self._decoder = decoder
        self._echo = Echo() if echo else None
        self._ears: list[Ear] = []
        self._speaker: Ear | None = None  # who was asked last: bytes that are no message are counted for it
        self._turns = Turns()
        self._given_up = 0  # since anything was heard
        self._loop = asyncio.get_running_loop()
        self._out_at = 0.0  # the last byte sent is through
        self._free_at = 0.0
        line.listen(self._on_data, self._on_lost)

    @property
    def lost(self) -> str:
        return self._line.lost

    def join(self, ear: Ear) -> None:
        self._ears.append(ear)

    def leave(self, ear: Ear) -> None:
        """The last one closes the line. So does silence: an adapter may hang without a word until it is opened anew."""
        if ear in self._ears:
            self._ears.remove(ear)
            self._given_up += 1
        if not self._ears:
            self._line.close()
        elif self._given_up >= ALL_MUTE:
            self._line.close("nobody on the line answers")

    @asynccontextmanager
    async def turn(self, ear: Ear) -> AsyncIterator[None]:
        """The line for one transaction. Its gap is waited for by the next one, if there is a next one by then."""
        await self._turns.take(ear.patient)
        begun = self._loop.time()
        try:
            if (wait := self._free_at - begun) > 0:
                await asyncio.sleep(wait)
            self._speaker = ear
            yield
        finally:
            now = self._loop.time()
            ear.held_s += now - begun
            if ear.quiet_s:
                self._free_at = max(now, self._out_at) + ear.quiet_s
            self._turns.give()

    async def send(self, data: bytes) -> float:
        """Within a turn. The seconds that the bytes need on the line, where its speed is known."""
        if self._echo:
            self._echo.sent(data)
        self._line.write(data)
        seconds = len(data) * self._line.byte_s
        self._out_at = self._loop.time() + seconds
        await self._line.drain(WRITE_S + seconds)
        return seconds

    def resynchronise(self) -> None:
        """After an answer that did not come: half a frame of noise must not swallow the next one."""
        self._route(self._decoder.end())

    def _on_data(self, data: bytes) -> None:
        if self._echo:
            data = self._echo.rest(data)
        if data:
            self._given_up = 0
        self._route(self._decoder.feed(data))

    def _route(self, messages: list[Any]) -> None:
        for message in messages:
            if isinstance(message, ProtocolError):
                for ear in self._suspects():
                    ear.mishear(message)
            else:
                for ear in tuple(self._ears):
                    if ear.mine(message):
                        ear.hear(message)

    def _suspects(self) -> list[Ear]:
        return [ear for ear in self._ears if ear is self._speaker] or self._ears[:1]

    def _on_lost(self) -> None:
        for ear in tuple(self._ears):
            ear.lose()
