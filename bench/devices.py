"""Devices beside `hallq serve`: does a broken one make the others wait, and how much does the hub add to the wire?

The devices are simulated in this process, on terminals and TCP ports; a line with a baud rate takes bytes at its speed.
"""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.hub import Site, make_site, serving
from bench.load import Connection, connections, go, post
from bench.measures import Effort, press
from bench.report import Line
from hallq.devices.drivers.modbus_profile import load
from hallq.devices.drivers.modbus_text import gap_s
from hallq.devices.drivers.onbon import LedStrip
from hallq.devices.links import LinkLost
from hallq.devices.simulators.base import Simulator
from hallq.devices.simulators.bus import SimBus
from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.modbus import SimModbus
from hallq.devices.simulators.strip import SimStrip
from hallq.hall import Hall
from hallq.ticketing import commands
from hallq.wiring.wiring import Wiring

STRIPS, MUTE, BABBLING = 100, 20, 20
BAUD, BYTE_S = 9600, 10 / 9600
TWELVE = 12
NOISE_EVERY_S = 0.05
SECONDS = 30  # at most, for anything that must happen
Strip = SimStrip | SimModbus


@dataclass
class Hung:
    """A simulated device, and where it hangs."""

    host: SimHost
    link: str

    def plug(self) -> None:
        scheme, _, rest = self.link.partition("?")[0].partition(":")
        if scheme == "serial":
            self.host.start_pty(Path(rest))
        else:
            self.host.start_tcp(int(rest.rpartition(":")[2]))


def devices(folder: Path, effort: Effort) -> Iterator[Line]:
    yield from broken(folder, effort)
    yield from wire(folder, effort)


# -- a hundred lines, of which some are broken


def broken(folder: Path, effort: Effort) -> Iterator[Line]:
    """All well, then 20 mute and 20 babbling, over and over, so that a busy machine spoils both alike."""
    strips = [SimStrip() for _ in range(STRIPS)]
    links = _links(folder, STRIPS)
    blocks = _blocks("onbon-bxk", links)
    site = make_site(folder / "broken", windows=STRIPS, services=40, waiting=STRIPS * 2, devices=blocks)
    took: dict[bool, list[float]] = {True: [], False: []}

    async def work() -> None:
        hosts = [SimHost(strip) for strip in strips]
        async with _plugged([Hung(host, link) for host, link in zip(hosts, links, strict=True)], strips):
            healthy = range(MUTE + BABBLING, STRIPS)
            for turn in range(effort.rounds * 4):
                well = turn % 2 == 0
                async with _faults(hosts, well), connections(site.port, 1) as [connection]:
                    for number in healthy:
                        took[well].append(await _called(site, connection, strips[number], number + 1))

    with serving(site):
        go(work())
    p99, floor = _at(took[False], 0.99), _at(took[True], 0.99)
    what = f"call to strip, p99, {MUTE} of {STRIPS} mute, {BABBLING} babbling"
    shown = f"{p99:.1f} ms, p50 {_at(took[False], 0.5):.1f} ms of {len(took[False])} calls"
    base = f"all well: {floor:.1f} ms, p50 {_at(took[True], 0.5):.1f} ms"
    yield Line(what, shown, base, p99 / floor, "<= 1.20", p99 <= floor * 1.2)


async def _called(site: Site, connection: Connection, strip: Strip, window: int) -> float:
    """ms from the press to the strip's last byte. The window is free again afterwards."""
    began = time.perf_counter()
    at = await _shown(strip, lambda: connection.ask(press(site, str(window), "call-next")))
    await _shown(strip, lambda: connection.ask(press(site, str(window), "finish")))
    await connection.ask(post("/api/v1/tickets", site.kiosk, {"service": site.services[(window - 1) % 40]}))
    await asyncio.sleep(0.01)
    return (at - began) * 1000


async def _shown(strip: Strip, act: Callable[[], Awaitable[object]]) -> float:
    """When it took the frame that follows."""
    taken = asyncio.get_running_loop().create_future()
    frames = strip.frames

    def changed() -> None:
        if strip.frames > frames and not taken.done():
            taken.set_result(time.perf_counter())

    strip.changed = changed
    await act()
    return float(await asyncio.wait_for(taken, SECONDS))


@asynccontextmanager
async def _faults(hosts: list[SimHost], well: bool) -> AsyncIterator[None]:
    """The first ones say nothing, the next ones nothing but noise, as much as their line carries."""
    mute, babbling = hosts[:MUTE], hosts[MUTE : MUTE + BABBLING]
    for host in () if well else (*mute, *babbling):
        host.fault("mute", True)
    noise = asyncio.create_task(_babble(() if well else tuple(babbling)))
    await asyncio.sleep(3 if well else 5)  # all are back, or known to be gone
    yield
    noise.cancel()
    for host in (*mute, *babbling):
        host.fault("mute", False)


async def _babble(hosts: tuple[SimHost, ...]) -> None:
    dice = random.Random(7)
    while True:
        for host in hosts:
            if host._line is not None:
                try:
                    host._line.write(dice.randbytes(int(NOISE_EVERY_S / BYTE_S)))
                except LinkLost:
                    continue
        await asyncio.sleep(NOISE_EVERY_S)


# -- what the hub adds to the wire


def wire(folder: Path, effort: Effort) -> Iterator[Line]:
    """From the call's commit to the last byte out, and the bytes' own time with the gaps between them. The hub runs in
    this process, where its commits can be seen."""
    strip, display = SimStrip(), SimModbus(profile=load("led-485"), unit=1)
    many = {number + 3: SimStrip(address=number + 1) for number in range(TWELVE)}
    line, other, bus = (f"serial:{folder / name}?baud={BAUD}" for name in ("strip", "display", "bus"))
    blocks = [_block("strip", "onbon-bxk", line, 1), _block("display", "modbus-text", other, 2)]
    blocks += [_block(f"b{window}", "onbon-bxk", bus, window, window - 2) for window in many]
    site = make_site(folder / "wire", windows=TWELVE + 2, waiting=100, devices="".join(blocks))
    found: dict[str, list[tuple[float, float]]] = {"one strip": [], "a Modbus display": [], "12 strips on a line": []}

    async def work() -> None:
        one, two = SimHost(strip, BAUD), SimHost(display, BAUD)
        three = SimHost(SimBus({f"b{window}": each for window, each in many.items()}), BAUD)
        async with Hall.open(site.settings) as hall:
            committed: list[float] = []
            hall.listeners.append(lambda keys: committed.append(time.perf_counter()))
            async with Wiring(hall), _plugged([Hung(one, line), Hung(two, other), Hung(three, bus)], [strip, display]):
                for _ in range(effort.calls):
                    measures = (_carried(hall, committed, one, {1: strip}, 0),
                                _carried(hall, committed, two, {2: display}, gap_s(other)),
                                _carried(hall, committed, three, many, LedStrip.quiet_s))  # fmt: skip
                    for figures, measure in zip(found.values(), measures, strict=True):
                        figures.append(await measure)

    go(work())
    for what, figures in found.items():
        took, own = (median(each[part] for each in figures) * 1000 for part in (0, 1))
        ratio = median(each[0] / each[1] for each in figures)
        what = f"commit to last byte out at {BAUD} baud, {what}"
        yield Line(what, f"{took:.1f} ms", f"bytes and gaps: {own:.1f} ms", ratio, "<= 1.15", ratio <= 1.15)


async def _carried(
    hall: Hall, committed: list[float], host: SimHost, strips: Mapping[int, Strip], gap: float
) -> tuple[float, float]:
    """Seconds from a call's commit until its strip had it, at all of these windows at once; and what the bytes need."""
    arrivals: list[tuple[float, int]] = []  # of the hub's bytes: when, and how many had gone over the line by then
    take = type(host.device).take

    def taken(data: bytes) -> None:
        arrivals.append((time.perf_counter(), host.carried))
        take(host.device, data)

    async def each(command: Callable[..., object]) -> float:
        return max(await asyncio.gather(*(
            _shown(strip, lambda window=window: hall.do(command, window=str(window)))  # type: ignore[misc]
            for window, strip in strips.items()
        )))  # fmt: skip

    host.device.take = taken  # type: ignore[method-assign]
    await asyncio.sleep(0.5)  # the line is quiet
    before, frames = host.carried, _frames(strips)
    committed.clear()
    shown = await each(commands.call_next)
    last, carried = max(arrival for arrival in arrivals if arrival[0] <= shown)
    own = (carried - before) * BYTE_S + gap * (_frames(strips) - frames - 1)
    await each(commands.finish)
    for window in strips:
        await hall.do(commands.issue, service=f"s{window % 8}")
    return last - committed[0], own


def _frames(strips: Mapping[int, Strip]) -> int:
    return sum(strip.frames for strip in strips.values())


# -- a hall's devices


def _links(folder: Path, count: int) -> list[str]:
    """Ports and terminals in turns."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count // 2)]
        ports = [f"tcp://127.0.0.1:{sock.getsockname()[1]}" for sock in sockets]
    terminals = (f"serial:{folder / f'line-{number}'}" for number in range(count // 2))
    return [link for pair in zip(ports, terminals, strict=True) for link in pair]


def _blocks(driver: str, links: list[str]) -> str:
    return "".join(_block(f"d{number}", driver, link, number + 1) for number, link in enumerate(links))


def _block(name: str, driver: str, link: str, window: int, address: int = 1) -> str:
    block = f'[[device]]\nid = "{name}"\ndriver = "{driver}"\nlink = "{link}"\nwindow = "{window}"\n'
    return f"{block}options = {{ address = {address} }}\n"


@asynccontextmanager
async def _plugged(hung: list[Hung], strips: Sequence[Simulator]) -> AsyncIterator[None]:
    """Until the hub has shown something on every one of them."""
    for each in hung:
        each.plug()
    try:
        async with asyncio.timeout(SECONDS):
            while not all(strip.state()["frames"] for strip in strips):  # noqa: ASYNC110  it is soon
                await asyncio.sleep(0.1)
        yield
    finally:
        for each in hung:
            await each.host.stop()


def _at(times: list[float], share: float) -> float:
    return sorted(times)[int((len(times) - 1) * share)]
