"""Drivers against simulated devices over real terminals and sockets; times run at a tenth, conditions are awaited."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hallq.devices import inputs
from hallq.devices.catalogue import DRIVERS
from hallq.devices.driver import Shown
from hallq.devices.entry import Entry, Health
from hallq.devices.fleet import Fleet
from hallq.devices.simulators.base import Simulator
from hallq.devices.simulators.bus import SimBus
from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.kinds import simulator
from hallq.displays.screens import CitizenScreen, ClerkScreen, PadScreen, Slip, SlipLine, Speech
from hallq.kernel import SystemClock
from tests.devices.far import NAME, FarMachine

TEMPO = 0.1
PLACES = {"escpos": {"kiosk": "k1"}, "onbon-bxk": {"window": "3"}, "eval-pad": {"window": "3"},
          "idcard-sam": {"kiosk": "k1"}, "modbus-text": {"window": "3"},
          "ff68-keypad": {"window": "3"}, "ff68-evaluator": {"window": "3"},
          "evdev-keypad": {"window": "3"}}  # fmt: skip
SLIP = Slip("A001", (SlipLine("县政务服务中心", align="centre"), SlipLine("A001", size=6, align="centre", bold=True)))


class Events:
    """The hall's end. `answer` decides what inputs are told."""

    def __init__(self) -> None:
        self.inputs: list[inputs.Input] = []
        self.told: dict[str, list[inputs.Input]] = {}  # the same by device, for those named here
        self.health: dict[str, list[Health]] = {}
        self.shown: list[tuple[str, Shown]] = []
        self.answer: Callable[[inputs.Input], Awaitable[inputs.Answer]] | None = None

    async def on_input(self, device: str, what: inputs.Input) -> inputs.Answer:
        if isinstance(what, inputs.AskChoices):
            return inputs.Answer(choices=(("a", "甲"), ("b", "乙")))
        self.inputs.append(what)
        self.told.get(device, []).append(what)
        return await self.answer(what) if self.answer else inputs.Answer()

    def on_health(self, device: str, health: Health) -> None:
        self.health.setdefault(device, []).append(health)

    def on_shown(self, device: str, screen: Shown) -> None:
        self.shown.append((device, screen))


class Rig:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events = Events()
        self.hosts: list[SimHost] = []
        self.entries: list[Entry] = []
        self.fleet: Fleet | None = None
        self._names = itertools.count(1)
        self.far = FarMachine()  # lends the ports of those whose transport is `relay`

    def entry(self, driver: str, link: str = "sim:", *, id: str = "", **options: Any) -> Entry:
        place = PLACES.get(driver, {"zone": "1F"})
        return Entry(id or f"d{next(self._names)}", driver, link, place, DRIVERS[driver].Options(**options))

    def device(self, driver: str, transport: str, *, id: str = "", **options: Any) -> SimHost:
        """A simulated device on its line, and an entry for it."""
        entry = self.entry(driver, id=id, **options)
        host = SimHost(simulator(entry, TEMPO))
        link = host.start_tcp() if transport == "tcp" else host.start_pty(self.folder / entry.id)
        if transport == "relay":
            self.far.ports[entry.id], link = link, f"relay:{NAME}/{entry.id}"
        self.hosts.append(host)
        self.entries.append(self.entry(driver, link, id=entry.id, **options))
        return host

    def bus(self, driver: str, transport: str, addresses: Iterable[int], baud: int = 0) -> tuple[SimHost, SimBus]:
        """Simulated devices `d1` .. `d12` on one line, by their addresses, and an entry for each."""
        entries = [self.entry(driver, id=f"d{address}", address=address) for address in addresses]
        bus = SimBus({entry.id: simulator(entry, TEMPO) for entry in entries})
        host = SimHost(bus, baud)
        link = host.start_pty(self.folder / "bus") if transport == "pty" else host.start_tcp()
        self.hosts.append(host)
        setting = f"?baud={baud}" if baud and transport == "pty" else ""
        self.entries += [replace(entry, link=link + setting) for entry in entries]
        return host, bus

    async def start(self, tempo: float = TEMPO) -> Fleet:
        if self.far.ports:
            self.far.plug()
        open_line = self.far.relays.open_line
        self.fleet = Fleet(self.entries, clock=SystemClock(), events=self.events, tempo=tempo, open_line=open_line)
        await self.fleet.start()
        return self.fleet

    async def restart(self) -> Fleet:
        """The hub dies and comes again; the devices stay."""
        assert self.fleet
        await self.fleet.stop()
        return await self.start()

    async def up(self, device: str) -> None:
        await self.state(device, "up")

    async def state(self, device: str, state: str) -> None:
        await until(lambda: self.fleet is not None and self.fleet.health()[device].state == state)

    async def stop(self) -> None:
        if self.fleet:
            await self.fleet.stop()
        await self.far.stop()
        for host in self.hosts:
            await host.stop()


def now() -> float:
    """The loop's time, which does not pass while the machine stands still (tests/fair_loop.py)."""
    return asyncio.get_running_loop().time()


async def until(true: Callable[[], Any], seconds: float = 20.0) -> None:
    """Waits for a condition, however busy the machine is; it is a failure that takes long, not a success."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.002)


def seen(device: Simulator) -> dict[str, Any]:
    return device.state()


def speech(text: str) -> Speech:
    return Speech("1F", text, text)


def pad_screen(version: int, screen: str = "idle", **citizen: Any) -> PadScreen:
    clerk = ClerkScreen("open", "王芳", verbs=frozenset({"call_next", "transfer"}), primary="call_next")
    return PadScreen(version, CitizenScreen(screen, "3", **citizen), clerk, ("call", version, 1))
