"""ESC/POS ticket printers. A slip is printed when a GS r behind its cut was answered and all is well afterwards.

DLE EOT is answered ahead of the buffer and confirms nothing. No answer = unknown: nothing is ever printed twice by
itself. With `status = false` (a printer that cannot answer) every slip is unknown, and the kiosk asks the citizen.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from firmware_protocols import escpos
from firmware_protocols.escpos import BufferedReply, BufferedRequest, Command, Status, StatusReply, StatusRequest
from hallq.devices import driver
from hallq.devices.driver import Desk, Driver
from hallq.devices.drivers.escpos_slip import has_dots, rendered
from hallq.devices.entry import Entry, Report
from hallq.devices.links import LinkLost
from hallq.devices.wire import Wire
from hallq.displays.screens import Slip
from hallq.kernel import Clock

ANSWER_S = 1.0
LOOK_S = 0.5  # between looks at a printer that is printing
SLOWEST = 900  # bytes a second: a line of 9600 baud
SETTLE_S = 0.3
CLEAR = Command(b"\x10\x05", b"\x02")  # DLE ENQ 2: what waits in a stopped printer must not come out later


class PrinterOptions(driver.Options):
    columns: Annotated[int, Field(ge=24, le=96)] = 48  # 80 mm paper; 32 for 58 mm
    status: bool = True  # it answers: false for a printer on a one-way line
    near_end: bool = True  # its sensor tells when the roll is nearly used up: false where it is wrong
    big: Literal["gs", "fs"] = "gs"  # fs: hanzi stay small with GS !, so FS ! makes them double


@dataclass(frozen=True, slots=True)
class Block:
    """Bytes of a whole slip. With its check code a number could be claimed."""

    private: ClassVar[bool] = True
    data: bytes

    def encode(self) -> bytes:
        return self.data


class TicketPrinter(Driver):
    name = "escpos"
    Options = PrinterOptions
    places = frozenset({"kiosk", "window"})
    performs = Slip

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0) -> None:
        super().__init__(entry, clock, tempo)
        assert isinstance(entry.options, PrinterOptions)
        self.options = entry.options
        self._owed = False  # an answer to an earlier slip may still come

    async def greet(self, wire: Wire, desk: Desk) -> None:
        self._owed = False

    async def poll(self, wire: Wire) -> Report:
        if not self.options.status:
            return Report()
        return report(Look(*[await self._status(wire, n) for n in (1, 2, 3, 4)]), near_end=self.options.near_end)

    async def perform(self, wire: Wire, job: Slip, seconds: float) -> str:
        data = Block(await self._rendered(job))
        if not self.options.status:
            with suppress(LinkLost):  # some of it may be on paper
                await wire.send(data)
            return "unknown"
        if (await self.poll(wire)).error or not await self._settled(wire):
            return "failed"
        try:
            async with asyncio.timeout(seconds):
                return await self._printed(wire, data)
        except (LinkLost, TimeoutError):
            return "unknown"

    async def _rendered(self, slip: Slip) -> bytes:
        """Drawing dots takes its time, which other devices do not wait for."""
        wish = slip, self.options.columns, self.options.big
        return await asyncio.to_thread(rendered, *wish) if has_dots(slip) else rendered(*wish)

    async def _printed(self, wire: Wire, data: Block) -> str:
        answers: asyncio.Queue[BufferedReply] = asyncio.Queue()
        wire.aside = lambda message: _kept(message, answers)
        self._owed = True
        try:
            await wire.send(data)
            await wire.send(BufferedRequest(1))
            paper = await self._answer(wire, answers, len(data.data) / SLOWEST)
        finally:
            wire.aside = None
        if paper is None:
            await wire.send(CLEAR)
            return "failed"
        self._owed = False
        return "failed" if paper.paper_end or (await self.poll(wire)).error else "done"

    async def _answer(
        self, wire: Wire, answers: asyncio.Queue[BufferedReply], sending_s: float
    ) -> BufferedReply | None:
        """None: the printer stopped. It is not asked while the slip still fills the line."""
        wait = sending_s + LOOK_S * self.tempo
        while True:
            try:
                async with asyncio.timeout(wait):
                    return await answers.get()
            except TimeoutError:
                wait = LOOK_S * self.tempo
            if (await self.poll(wire)).error:
                return None if answers.empty() else answers.get_nowait()

    async def _settled(self, wire: Wire) -> bool:
        """The answer to an earlier slip must not confirm this one: wait until the printer owes none."""
        if not self._owed:
            return True
        try:
            await wire.ask(BufferedRequest(1), BufferedReply, seconds=ANSWER_S * self.tempo, tries=1)
        except LinkLost:
            if wire.lost:
                raise
            return False
        await wire.silence(SETTLE_S * self.tempo)
        self._owed = False
        return True

    async def _status(self, wire: Wire, n: int) -> Status:
        answer = await wire.ask(StatusRequest(n), StatusReply, seconds=ANSWER_S * self.tempo)
        return escpos.status(n, answer.value)


@dataclass(frozen=True, slots=True)
class Look:
    """The answers to DLE EOT 1 to 4."""

    printer: Status
    offline: Status
    error: Status
    paper: Status


def report(look: Look, *, near_end: bool = True) -> Report:
    out = look.paper.paper_end or look.offline.paper_end
    detail = {
        "paper": "out" if out else "low" if near_end and look.paper.near_end else "ok",
        "cover": "open" if look.offline.cover_open else "closed",
        "online": "no" if look.printer.offline else "yes",
        "cutter": "error" if look.error.cutter_error else "ok",
    }
    return Report(detail, _trouble(look, out))


def _trouble(look: Look, out: bool) -> str:
    if out:
        return "paper out"
    if look.offline.cover_open:
        return "cover open"
    if look.error.cutter_error:
        return "cutter error"
    if look.error.unrecoverable or look.offline.error:
        return "printer error"
    return "offline" if look.printer.offline else ""


def _kept(message: Any, answers: asyncio.Queue[BufferedReply]) -> bool:
    if not isinstance(message, BufferedReply):
        return False
    answers.put_nowait(message)
    return True
