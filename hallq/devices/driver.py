"""What every driver is: how one kind of device is greeted, shown, asked and listened to. No loop, no reconnecting.

One instance per device, over all its connections: it may remember what its protocol says the hub remembers.
"""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict

from firmware_protocols import PROTOCOLS, Decoder
from hallq.devices import inputs, links
from hallq.devices.entry import Entry, Report
from hallq.devices.wire import Wire
from hallq.displays.screens import EvaluatorScreen, KeypadScreen, PadScreen, Slip, Speech, StripForm, StripScreen
from hallq.kernel import Clock

Shown = StripScreen | PadScreen | KeypadScreen | EvaluatorScreen
KINDS: dict[type[Any] | None, str] = {
    StripScreen: "strip", PadScreen: "pad", KeypadScreen: "keypad", EvaluatorScreen: "evaluator", Slip: "printer",
    Speech: "voice",
}  # fmt: skip


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class StripOptions(Options):
    """Of a driver that shows a StripScreen."""

    @property
    def form(self) -> StripForm:
        raise NotImplementedError


class Desk(Protocol):
    """Where a driver reports what the device says by itself."""

    async def input(self, what: inputs.Input) -> inputs.Answer: ...

    def shown(self, screen: Shown) -> None:
        """The device proved that this screen is on display."""
        ...

    def finish(self, work: Coroutine[Any, Any, None]) -> None:
        """Work that goes on when the link is lost: the hall has begun it."""
        ...


class Driver:
    """Times are in seconds; `tempo` scales all of them, so that tests need not wait."""

    name: ClassVar[str]
    protocol: ClassVar[str] = ""  # the driver's name, where it names no other; drivers of one protocol may share a line
    schemes: ClassVar[frozenset[str]] = links.WIRES  # of links that fit
    Options: ClassVar[type[BaseModel]] = Options
    places: ClassVar[frozenset[str]]
    shows: ClassVar[type[Any] | None] = None
    performs: ClassVar[type[Any] | None] = None
    quiet_s: float = 0.0  # on the line between two questions
    listens: ClassVar[bool] = False  # it speaks by itself
    poll_s: ClassVar[float] = 3.0  # of quiet, then `poll`
    refresh_s: ClassVar[float | None] = None  # then the screen is shown again, unchanged

    def __init_subclass__(cls) -> None:
        cls.protocol = cls.protocol or getattr(cls, "name", "")

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0) -> None:
        self.entry = entry
        self.clock = clock
        self.tempo = tempo
        self.open_line: links.OpenLine = links.open_line  # the fleet's, which also reaches other machines

    @classmethod
    def kind(cls) -> str:
        """One of KINDS, or input: it shows nothing and performs nothing."""
        return KINDS.get(cls.shows or cls.performs, "input")

    @classmethod
    def beside(cls, options: dict[str, Any], directory: Path) -> dict[str, Any]:
        """The options; those that name a file beside hall.toml with its path."""
        return options

    @classmethod
    def misfit(cls, options: Any, place: str) -> str:
        """Why these options do not fit a window, kiosk or zone; empty: they do."""
        return ""

    async def open(self) -> links.Line:
        return await self.open_line(self.entry.link)

    def decoder(self) -> Decoder:
        return PROTOCOLS[self.protocol].Host()

    def mine(self, message: Any) -> bool:
        """On a shared line: whether this message comes from this device."""
        return True

    async def greet(self, wire: Wire, desk: Desk) -> None:
        """What comes first on a new line, before the first `poll`. LinkLost: no use in going on."""

    async def show(self, wire: Wire, screen: Any) -> bool:
        """True: it is on display. False: the proof comes later, through the desk."""
        raise NotImplementedError(f"{self.name} shows nothing")

    async def perform(self, wire: Wire, job: Any, seconds: float) -> str:
        """done, failed or unknown. LinkLost only while nothing of the job has gone out: it is tried again."""
        raise NotImplementedError(f"{self.name} performs nothing")

    async def poll(self, wire: Wire) -> Report:
        """How it is. LinkLost when it does not answer."""
        return Report()

    async def test(self, wire: Wire) -> str:
        """done, failed or unknown: something to see or hear at it (a beep, 888), for devices that neither show strips
        nor perform; by itself it is asked how it is. The screen is shown again afterwards."""
        return "failed" if (await self.poll(wire)).error else "done"

    async def listen(self, wire: Wire, desk: Desk) -> None:
        """Takes what the device says by itself, as long as the link stands: never returns."""
        raise NotImplementedError(f"{self.name} says nothing by itself")
