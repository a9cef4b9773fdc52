"""Window displays on Modbus RTU: a profile says which registers take the text. Pages of a long text are turned here.

A display holds what was last written, also when the hub is gone: these cannot go neutral by themselves.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from firmware_protocols.modbus_text import Read, Refused, Registers, Write, WriteMany, Written
from hallq.devices import links
from hallq.devices.driver import StripOptions
from hallq.devices.drivers import modbus_profile
from hallq.devices.drivers.strip_driver import StripDriver
from hallq.devices.entry import Entry, Report
from hallq.devices.wire import Wire
from hallq.displays.screens import StripForm, StripScreen
from hallq.kernel import Clock

ANSWER_S = 0.5
TRIES = 2
BITS, GAP_CHARACTERS, SHORTEST_GAP_S = 11, 3.5, 0.00175  # the serial-line guide; the floor is its rule above 19200 baud


def _known(profile: str) -> str:
    modbus_profile.load(profile)
    return profile


class ModbusOptions(StripOptions):
    profile: Annotated[str, AfterValidator(_known)] = "led-485"  # shipped, or a .toml file beside hall.toml
    address: Annotated[int, Field(ge=1, le=247)] = 1  # the unit

    @property
    def form(self) -> StripForm:
        profile = modbus_profile.load(self.profile)
        return StripForm(profile.width, profile.encoding)


class ModbusText(StripDriver):
    name = "modbus-text"
    Options = ModbusOptions
    refresh_s = 20.0  # a display that lost its power is filled again

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0) -> None:
        super().__init__(entry, clock, tempo)
        assert isinstance(entry.options, ModbusOptions)
        self.unit = entry.options.address
        self.profile = modbus_profile.load(entry.options.profile)
        self.quiet_s = gap_s(entry.link)
        self._views: list[tuple[str, ...]] = []  # what stands on the display one after the other, a text for each line
        self._turn = 0
        self._fault = ""

    @classmethod
    def beside(cls, options: dict[str, Any], directory: Path) -> dict[str, Any]:
        profile = str(options.get("profile", ""))
        return options | {"profile": str(directory / profile)} if profile.endswith(".toml") else options

    def mine(self, message: Any) -> bool:
        return bool(message.unit == self.unit)

    async def show(self, wire: Wire, screen: StripScreen) -> bool:
        """False where the display refuses it: its profile does not fit."""
        self.note_replaced(screen)
        lines = len(self.profile.starts)
        self._views = [screen.pages[at : at + lines] for at in range(0, len(screen.pages), lines)]
        self._turn = 0
        return await self._write(wire)

    async def poll(self, wire: Wire) -> Report:
        """The next page, where there is one: an answer to it is as good as one to a question."""
        if len(self._views) > 1:
            self._turn = (self._turn + 1) % len(self._views)
            await self._write(wire)
        elif self.profile.readable:
            await self._ask(wire, Read(self.unit, self.profile.starts[0], 1))
        else:
            await self._write(wire)
        return Report(self.detail(), self._fault)

    def detail(self) -> dict[str, str]:
        return super().detail() | ({"profile": "uncertain"} if self.profile.uncertain else {})

    async def _write(self, wire: Wire) -> bool:
        """Every line: one that the text does not need is emptied."""
        view = self._views[self._turn] if self._views else ()
        self._fault = ""
        for number in range(len(self.profile.starts)):
            words = view[number] if number < len(view) else ""
            for message in self.profile.line(self.unit, number, words):
                answer = await self._ask(wire, message)
                if isinstance(answer, Refused):
                    self._fault = f"refuses: {answer.reason}"
        return not self._fault

    async def _ask(self, wire: Wire, message: Read | Write | WriteMany) -> Any:
        return await wire.ask(message, _fits(message), seconds=ANSWER_S * self.tempo, tries=TRIES)


def gap_s(link: str) -> float:
    """Silence between two frames at the link's rate. Behind a TCP gateway, which keeps its own, as for 9600 baud."""
    baud = int(links.parse(link).settings.get("baud", "9600"))
    return max(GAP_CHARACTERS * BITS / baud, SHORTEST_GAP_S)


def _fits(message: Read | Write | WriteMany) -> Any:
    def fits(found: Any) -> bool:
        if isinstance(found, Refused):
            return (found.unit, found.function) == (message.unit, _FUNCTIONS[type(message)])
        match message:
            case Read(unit, _, count):
                return isinstance(found, Registers) and (found.unit, len(found.data)) == (unit, 2 * count)
            case WriteMany(unit, start, data):
                return bool(found == Written(unit, start, len(data) // 2))
            case _:
                return bool(found == message)

    return fits


_FUNCTIONS = {Read: 3, Write: 6, WriteMany: 16}
