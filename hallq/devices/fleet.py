"""All devices of a hall: what each shall show or do goes in, what they say and how they are comes out.

Devices with one link and an address each share a line; no device waits for another line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from firmware_protocols import PROTOCOLS
from hallq.devices.bus import Bus
from hallq.devices.catalogue import DRIVERS
from hallq.devices.driver import Driver, Shown
from hallq.devices.entry import Entry, Health
from hallq.devices.links import Line, OpenLine, echoes, open_line
from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.kinds import simulator
from hallq.devices.supervisor import TEST, Events, Supervisor
from hallq.devices.traffic import Frame, Traffic
from hallq.devices.wire import Wire
from hallq.displays.screens import Slip, Speech
from hallq.kernel import Clock


class Port:
    """One line, lent to every device on it. Opened for the first, closed after the last."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver  # the first one: on a shared line all speak one protocol
        self._host: SimHost | None = None
        self._opening = asyncio.Lock()
        self._bus: Bus | None = None
        self.users: list[Supervisor] = []

    async def borrow(self, driver: Driver, traffic: Traffic) -> Wire:
        async with self._opening:
            if self._bus is None or self._bus.lost:
                decoder = self._driver.decoder()
                self._bus = Bus(await self._open(), decoder, echo=echoes(self._driver.entry.link))
            name, quiet_s = driver.entry.id, driver.quiet_s * driver.tempo
            return Wire(self._bus, name=name, mine=driver.mine, quiet_s=quiet_s, traffic=traffic)

    def others_are_up(self, device: str) -> bool:
        return any(user.id != device and user.is_up for user in self.users)

    async def stop(self) -> None:
        if self._host:
            await self._host.stop()

    async def _open(self) -> Line:
        entry = self._driver.entry
        known = self._driver.protocol in PROTOCOLS  # a loudspeaker has no wire to simulate
        if entry.link != "sim:" or not known:
            return await self._driver.open()
        if self._host is None:
            self._host = SimHost(simulator(entry, self._driver.tempo))
        return self._host.pair()


class Fleet:
    """`tempo` scales the waiting of all drivers: tests run the same minutes in seconds."""

    def __init__(
        self,
        entries: Sequence[Entry],
        *,
        clock: Clock,
        events: Events,
        tempo: float = 1.0,
        open_line: OpenLine = open_line,
    ) -> None:
        self._ports: dict[str, Port] = {}
        self._supervisors: dict[str, Supervisor] = {}
        self._tasks: list[asyncio.Task[None]] = []
        for entry in entries:
            driver = DRIVERS[entry.driver](entry, clock, tempo)
            driver.open_line = open_line
            port = self._ports.setdefault(entry.id if entry.link == "sim:" else entry.link, Port(driver))
            supervisor = Supervisor(driver, port.borrow, events, partial(port.others_are_up, entry.id))
            port.users.append(supervisor)
            self._supervisors[entry.id] = supervisor

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

    def pace(self, device: str, tempo: float) -> None:
        """Another tempo from now on: the demo's devices follow its clock."""
        self._supervisors[device].pace(tempo)

    def show(self, device: str, screen: Shown) -> None:
        """The screen that it shall show from now on."""
        self._supervisors[device].show(screen)

    async def perform(self, device: str, job: Slip | Speech, *, seconds: float) -> str:
        """done, failed (not printed, not said) or unknown. Begun within `seconds` or not at all; never repeated."""
        return await self._supervisors[device].perform(job, seconds)

    async def test(self, device: str, *, seconds: float) -> str:
        """The driver's own test: done, failed or unknown."""
        return await self._supervisors[device].perform(TEST, seconds)

    def health(self) -> dict[str, Health]:
        return {device: supervisor.health for device, supervisor in self._supervisors.items()}

    def frames(self, device: str) -> list[Frame]:
        """Its last ones, in both directions, the oldest first."""
        return list(self._supervisors[device].traffic.frames)

    def watch(self, device: str, watcher: Callable[[Frame], None]) -> Callable[[], None]:
        """Tells each frame as it goes over the line. The answer ends it."""
        watchers = self._supervisors[device].traffic.watchers
        watchers.add(watcher)
        return lambda: watchers.discard(watcher)
