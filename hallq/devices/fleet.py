"""All devices of a hall: what each shall show or do goes in, what they say and how they are comes out.

Devices with one link and an address each share a line; no device waits for another line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from firmware_protocols import PROTOCOLS
from hallq.devices.catalogue import DRIVERS
from hallq.devices.driver import Driver, Shown
from hallq.devices.entry import Entry, Health
from hallq.devices.links import Line
from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.kinds import simulator
from hallq.devices.supervisor import Events, Supervisor
from hallq.devices.wire import Wire
from hallq.displays.screens import Slip, Speech
from hallq.kernel import Clock


class Port:
    """One line, lent to every device on it. Opened for the first, closed after the last."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver  # the first one: on a shared line all speak one protocol
        self._host: SimHost | None = None
        self._opening = asyncio.Lock()
        self._wire: Wire | None = None
        self._users = 0
        self.devices = 0  # that are set up on this line

    async def borrow(self) -> Wire:
        async with self._opening:
            if self._wire is None or self._wire.lost:
                decoder = self._driver.decoder()
                line = await self._open()
                self._wire = Wire(line, decoder, name=self._driver.entry.id, quiet=self._driver.quiet_s)
                self._users = 0
            self._users += 1
            return self._wire

    def give_back(self, wire: Wire) -> None:
        if wire is not self._wire:  # lost, and opened anew by another
            return
        self._users -= 1
        if self._users == 0:
            wire.close()
            self._wire = None

    def is_shared(self) -> bool:
        return self.devices > 1

    async def stop(self) -> None:
        if self._host:
            await self._host.stop()

    async def _open(self) -> Line:
        entry = self._driver.entry
        known = (self._driver.protocol or entry.driver) in PROTOCOLS  # a loudspeaker has no wire to simulate
        if entry.link != "sim:" or not known:
            return await self._driver.open()
        if self._host is None:
            self._host = SimHost(simulator(entry, self._driver.tempo))
        return self._host.pair()


class Fleet:
    """`tempo` scales the waiting of all drivers: tests run the same minutes in seconds."""

    def __init__(self, entries: Sequence[Entry], *, clock: Clock, events: Events, tempo: float = 1.0) -> None:
        self._ports: dict[str, Port] = {}
        self._supervisors: dict[str, Supervisor] = {}
        self._tasks: list[asyncio.Task[None]] = []
        for entry in entries:
            driver = DRIVERS[entry.driver](entry, clock, tempo)
            port = self._ports.setdefault(entry.id if entry.link == "sim:" else entry.link, Port(driver))
            port.devices += 1
            self._supervisors[entry.id] = Supervisor(driver, port.borrow, port.give_back, events, port.is_shared)

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(each.run(), name=each.id) for each in self._supervisors.values()]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for supervisor in self._supervisors.values():
            await supervisor.stop()
        for port in self._ports.values():
            await port.stop()

    def show(self, device: str, screen: Shown) -> None:
        """The screen that it shall show from now on."""
        self._supervisors[device].show(screen)

    async def perform(self, device: str, job: Slip | Speech, *, seconds: float) -> str:
        """done, failed (not printed, not said) or unknown. Begun within `seconds` or not at all; never repeated."""
        return await self._supervisors[device].perform(job, seconds)

    def health(self) -> dict[str, Health]:
        return {device: supervisor.health for device, supervisor in self._supervisors.items()}
