"""The measurements. Each gives lines for the report; those that are compared run in turns, so that a busy machine
spoils both alike. Medians of several rounds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import floors
from bench.hub import Process, Site, free_port, make_site, serving
from bench.load import Connection, Run, Step, get, go, post, run, timed
from bench.report import Line
from bench.watchers import watching
from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.strip import SimStrip

WINDOWS = 32
BAUD = 9600
GAP = 0.25  # seconds between two calls, so that each display has seen the one before the next comes


@dataclass
class Effort:
    """How long to look: seconds of a round, rounds, and single calls."""

    seconds: float
    rounds: int
    calls: int


# -- rates


@dataclass
class Rounds:
    runs: list[Run] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # ms of the server's processor time per answer

    def measure(self, process: Process, steps: list[Step], seconds: float) -> None:
        before = process.cpu()
        self.runs.append(go(run(process.port, steps, seconds)))
        self.cpu.append((process.cpu() - before) * 1000 / len(self.runs[-1].latencies))

    @property
    def rate(self) -> float:
        return median(one.rate for one in self.runs)

    @property
    def text(self) -> str:
        p50 = median(one.at(0.5) for one in self.runs)
        return f"{self.rate:,.0f}/s, p50 {p50:.1f} ms, {median(self.cpu):.2f} ms CPU"


def again(request: bytes, status: int) -> Step:
    async def step(connection: Connection) -> float:
        return await timed(connection, request, status)

    return step


def takers(site: Site, count: int) -> list[Step]:
    wishes = ({"service": site.services[number % len(site.services)]} for number in range(count))
    return [again(post("/api/v1/tickets", site.kiosk, wish), 201) for wish in wishes]


def press(site: Site, no: str, verb: str, **wish: bool) -> bytes:
    return post(f"/api/v1/windows/{no}/{verb}", site.clerks[no], wish)


def clerks(site: Site) -> list[Step]:
    """Call, finish, call, finish ... at every window; each press counts."""

    def clerk(no: str) -> Step:
        presses = [press(site, no, "call-next"), press(site, no, "finish")]

        async def step(connection: Connection) -> float:
            took = await timed(connection, presses[0], 200)
            presses.reverse()
            return took

        return step

    return [clerk(no) for no in site.clerks]


def clear(site: Site) -> None:
    """No window has a ticket open."""

    async def work() -> None:
        connection = await Connection.open(site.port)
        for no in site.clerks:
            await connection.ask(press(site, no, "finish"))
        connection.close()

    go(work())


def rates(folder: Path, effort: Effort) -> Iterator[Line]:
    site = make_site(folder / "rates", windows=WINDOWS, waiting=1000)
    counts = (1, 8, 32)
    empty = {count: Rounds() for count in counts}
    issue = {count: Rounds() for count in counts}
    presses = Rounds()
    inserts: dict[int, list[float]] = {count: [] for count in counts}
    with floors.empty_post() as floor, serving(site) as hub:
        for _ in range(effort.rounds):
            for count in counts:
                empty[count].measure(floor, [again(post("/empty"), 200)] * count, effort.seconds / 2)
                issue[count].measure(hub, takers(site, count), effort.seconds)
                inserts[count].append(floors.durable_inserts(folder, count, effort.seconds / 4))
            presses.measure(hub, clerks(site), effort.seconds)
            clear(site)
    for count, aim in zip(counts, (500, 900, 1000), strict=True):
        got, bare = issue[count], empty[count]
        what = f"tickets, {count} client{'s' * (count > 1)}"
        yield Line(what, got.text, "", None, f">= {aim:,}/s", got.rate >= aim)
        share = got.rate / bare.rate
        aimed = (">= 0.33", share >= 1 / 3) if count == 32 else ("", None)
        yield Line(f"{what}, to an empty POST", f"{got.rate:,.0f}/s", bare.text, share, *aimed)
        rows = median(inserts[count])
        share = got.rate / rows
        aimed = (">= 0.60", share >= 0.6) if count == 1 else ("", None)
        batch = f"durable insert, {count} a commit: {rows:,.0f}/s"
        yield Line(f"{what}, to the insert", f"{got.rate:,.0f}/s", batch, share, *aimed)
    both = 1 / (1 / empty[1].rate + 1 / median(inserts[1]))
    yield Line("tickets, 1 client, to both in a row", f"{issue[1].rate:,.0f}/s", f"{both:,.0f}/s", issue[1].rate / both)
    yield Line("call, finish, 32 clerks", presses.text, "", None, ">= 1,000/s", presses.rate >= 1000)
    share = presses.rate / empty[32].rate
    yield Line(
        "call, finish, to an empty POST", f"{presses.rate:,.0f}/s", empty[32].text, share, ">= 0.33", share >= 1 / 3
    )
    for what, one in (("ticket", issue[32]), ("call or finish", presses)):
        cpu = median(one.cpu)
        floor_cpu = median(empty[32].cpu)
        yield Line(
            f"processor time of a {what}", f"{cpu:.2f} ms", f"{floor_cpu:.2f} ms", cpu / floor_cpu, "<= 1 ms", cpu <= 1
        )


# -- one clerk, and who looks on


@dataclass
class Calls:
    """Calls one after the other: when each began, how long its answer took (ms)."""

    began: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return median(self.took)


async def call_slowly(site: Site, count: int, gap: float, calls: Calls) -> None:
    """Call and finish at window 1, and a new ticket for each that leaves: as many wait afterwards as before."""
    connection = await Connection.open(site.port)
    ticket = post("/api/v1/tickets", site.kiosk, {"service": site.services[0]})
    for _ in range(count):
        calls.began.append(time.perf_counter())
        calls.took.append(await timed(connection, press(site, "1", "call-next"), 200) * 1000)
        await asyncio.sleep(gap)
        await timed(connection, press(site, "1", "finish"), 200)
        await timed(connection, ticket, 201)
        await asyncio.sleep(gap)
    connection.close()


def delays(calls: Calls, seen: list[list[float]]) -> list[float]:
    """ms from each call to each display."""
    found = []
    for began in calls.began:
        for times in seen:
            first = next((at for at in times if began <= at < began + GAP), None)
            found.append(GAP * 1000 if first is None else (first - began) * 1000)
    return found


def displays(folder: Path, effort: Effort) -> Iterator[Line]:
    site = make_site(folder / "displays", windows=WINDOWS, waiting=200)
    alone, polled = Calls(), Calls()
    watched = {count: Calls() for count in (1, 50, 500)}
    delay: dict[int, list[float]] = {count: [] for count in watched}
    with serving(site):
        paths = go(_phone_paths(site, 200))
        go(call_slowly(site, 5, 0, Calls()))
        for _ in range(effort.rounds):
            go(call_slowly(site, effort.calls, GAP, alone))
            for count, calls in watched.items():
                found = Calls()
                with watching("displays", site.port, count, site.screen) as seen:
                    go(call_slowly(site, effort.calls, GAP, found))
                delay[count] = sorted(delay[count] + delays(found, seen.seen))
                calls.took += found.took
            with watching("phones", site.port, 2000, paths):
                go(call_slowly(site, effort.calls, GAP, polled))
    for count, share, most in ((1, 0.5, 15), (50, 0.99, 100), (500, 0.99, 500)):
        value, own = delay[count][int((len(delay[count]) - 1) * share)], watched[count].p50
        what = f"call to {count} display{'s' * (count > 1)}, p{share * 100:.0f}"
        floor = f"the call's own answer: {own:.1f} ms"
        yield Line(what, f"{value:.1f} ms", floor, value / own, f"< {most} ms", value < most)
    slowed = (("50 displays watch", watched[50], 1.3), ("500 displays watch", watched[500], 1.3))
    for name, calls, limit in (*slowed, ("2,000 phones poll", polled, 1.5)):
        ratio, what = calls.p50 / alone.p50, f"the clerk's own call while {name}"
        floor = f"{alone.p50:.1f} ms"
        yield Line(what, f"{calls.p50:.1f} ms", floor, ratio, f"<= {limit}", ratio <= limit)


async def _phone_paths(site: Site, count: int) -> list[str]:
    connection = await Connection.open(site.port)
    wish = post("/api/v1/tickets", site.kiosk, {"service": site.services[-1]})
    urls = [(await connection.ask(wish)).json()["phone_url"] for _ in range(count)]
    connection.close()
    return ["/t/" + url.rpartition("/")[2] for url in urls]


def crowds(folder: Path, effort: Effort) -> Iterator[Line]:
    """The same call where a hundred wait and where ten thousand do."""
    sites = [
        make_site(folder / f"waiting-{waiting}", windows=4, services=4, waiting=waiting) for waiting in (100, 10_000)
    ]
    calls = Calls(), Calls()
    with ExitStack() as stack:
        for site in sites:
            stack.enter_context(serving(site))
        for _ in range(5):
            for site, found in zip(sites, calls, strict=True):
                go(call_slowly(site, effort.calls, 0.002, found))
    few, many = (found.p50 for found in calls)
    ratio = many / few
    yield Line("call with 10,000 waiting", f"{many:.1f} ms", f"with 100: {few:.1f} ms", ratio, "<= 1.30", ratio <= 1.3)


# -- memory, and the wire


def idle(folder: Path) -> Iterator[Line]:
    site = make_site(folder / "idle", windows=100, services=40)
    with serving(site) as hub:
        go(_ask_once(site.port))
        time.sleep(4)
        before = hub.cpu()
        time.sleep(5)
        rss, busy = hub.rss(), (hub.cpu() - before) / 5
    yield Line("memory of an idle hall of 100 windows", f"{rss:.0f} MB", "", None, "< 150 MB", rss < 150)
    yield Line("processor time of an idle hall", f"{busy:.1%} of a core")


async def _ask_once(port: int) -> None:
    connection = await Connection.open(port)
    await connection.ask(get("/api/v1/services"))
    connection.close()


class TimedStrip(SimStrip):
    """A strip that notes when bytes arrive and how many."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: list[tuple[float, int]] = []

    def take(self, data: bytes) -> None:
        self.arrived.append((time.perf_counter(), len(data)))
        super().take(data)


def wire(folder: Path, effort: Effort) -> Iterator[Line]:
    """From the clerk's press to the last byte for the strip, and those bytes' own time at 9600 baud."""
    port = free_port()
    device = f'[[device]]\nid = "led-1"\ndriver = "onbon-bxk"\nlink = "tcp://127.0.0.1:{port}"\nwindow = "1"\n'
    site = make_site(folder / "wire", windows=2, waiting=50, devices=device)
    strip, calls = TimedStrip(), Calls()

    async def work() -> None:
        host = SimHost(strip)
        host.start_tcp(port)
        await asyncio.sleep(2)
        await call_slowly(site, effort.calls, GAP, calls)
        await host.stop()

    with serving(site):
        go(work())
    hub, line = [], []
    for began in calls.began:
        pieces = [(at - began, size) for at, size in strip.arrived if 0 <= at - began < GAP]
        if pieces:
            hub.append(max(at for at, _ in pieces) * 1000)
            line.append(sum(size for _, size in pieces) * 10 * 1000 / BAUD)
    ours, theirs = median(hub), median(line)
    text = f"{theirs:.1f} ms on the line at {BAUD} baud"
    yield Line("press to the strip's last byte, hub's part", f"{ours:.1f} ms", text, (ours + theirs) / theirs)
