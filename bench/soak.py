"""Hours of a hall at high speed, devices failing at random under the work: memory stays flat, nothing is left behind.

The hub is a process of its own (soak_hub.py); its hall (soak_hall.py) lives here. In turns all are at work, and then
all rest and are well: only what the hub holds at rest is compared.
"""

from __future__ import annotations

import asyncio
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

from bench.consistency import faults
from bench.hub import Site, make_site, running
from bench.load import Connection, get, go
from bench.report import Line
from bench.soak_hall import FAR, PACE, SPEED, WINDOWS, Crowd, House
from hallq.hall import Hall
from hallq.people import commands as people
from hallq.people import secrets

ROUND_S = 20.0  # of work between two looks, on the wall's clock
WARM = 3  # looks until everything has been used once
SETTLE_S = 180.0  # a busy machine passes for mute devices
BUSY = ("asyncio", "anyio", "AnyIO", "ThreadPool")  # threads of pools, which grow to their size as they are used


@dataclass
class Look:
    """What the hub held, at rest. `hours` of the hall had passed."""

    hours: float
    rss: float  # MB
    database: float  # MB of it in SQLite's page caches, which have a size of their own
    blocks: int  # of Python's memory
    descriptors: dict[str, int]
    tasks: dict[str, int]
    threads: dict[str, int]

    @property
    def own(self) -> float:
        """MB of this program."""
        return self.rss - self.database

    @property
    def told(self) -> str:
        kinds = {"descriptors": self.descriptors, "tasks": self.tasks, "threads": self.threads}
        counts = ", ".join(f"{sum(each.values())} {what}" for what, each in kinds.items())
        memory = f"{self.own:.2f} + {self.database:.2f} MB, {self.blocks} blocks"
        return f"{self.hours:.2f} h: {memory}, {counts}"


def soak(folder: Path, minutes: float, *, seed: int = 11) -> Iterator[Line]:
    """`minutes` of the wall's clock."""
    (folder / "soak").mkdir()
    looks, crowd = go(_soaked(folder / "soak", minutes * 60, seed))
    wrong = faults(crowd.site.settings.database_path)
    for fault in wrong:
        print(fault)
    done = ", ".join(f"{count:,} {what}" for what, count in crowd.done.items())
    what = f"{looks[-1].hours:.1f} hours of a hall at {SPEED:.0f}x"
    yield Line(what, f"{len(wrong)} faults", done, None, "0 faults", not wrong)
    warm, last = looks[min(WARM, len(looks) - 1)], looks[-1]
    yield _memory(looks, warm)
    for what in ("descriptors", "tasks", "threads"):
        yield _held(what, getattr(warm, what), getattr(last, what))


def _memory(looks: list[Look], warm: Look) -> Line:
    half = [look for look in looks if look.hours >= looks[-1].hours / 2]
    slope, error = fitted([look.hours for look in half], [look.own for look in half])
    value = f"{slope:+.2f} ± {error:.2f} MB an hour, {len(half)} looks"
    floor = ", ".join(f"{look.own:.1f} + {look.database:.1f} MB {when}" for look, when in (
        (warm, "warm"), (half[0], "at half"), (half[-1], "at the end"),
    ))  # fmt: skip
    what = "the hub's memory beside the database's pages, second half"
    return Line(what, value, floor, None, "within 2 standard errors", slope <= 2 * error)


def _held(what: str, warm: dict[str, int], last: dict[str, int]) -> Line:
    kinds = sorted(kind for kind in warm.keys() | last.keys() if not kind.startswith(BUSY))
    pairs = {kind: (warm.get(kind, 0), last.get(kind, 0)) for kind in kinds}
    changed = [f"{kind} {before} -> {after}" for kind, (before, after) in pairs.items() if before != after]
    count = sum(after for _, after in pairs.values())
    floor = f"warm: {sum(before for before, _ in pairs.values())}"
    return Line(f"{what} at the end", f"{count} {'; '.join(changed)}".strip(), floor, None, "the same", not changed)


def fitted(xs: list[float], ys: list[float]) -> tuple[float, float]:
    """Least squares: the slope and its standard error (infinite where it cannot be known)."""
    count, mean_x, mean_y = len(xs), fmean(xs), fmean(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    if count < 3 or not spread:
        return 0.0, math.inf
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
    rest = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in zip(xs, ys, strict=True))
    return slope, math.sqrt(rest / (count - 2) / spread)


async def _soaked(folder: Path, seconds: float, seed: int) -> tuple[list[Look], Crowd]:
    house = House(folder)
    house.plug()
    site = await asyncio.to_thread(make_site, folder / "hall", windows=WINDOWS, devices="".join(house.blocks))
    crowd = Crowd(site, house, house.relay(site.port, await _far_token(site)), Random(seed))
    command = [sys.executable, "-m", "bench.soak_hub", str(site.file), str(SPEED), str(PACE)]
    looks: list[Look] = []
    hub = running(command, site.port)
    await asyncio.to_thread(hub.__enter__)
    try:
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            crowd.start()
            await asyncio.sleep(min(ROUND_S, seconds / 8))
            await crowd.rest()
            looks.append(await _look(site, (time.monotonic() - began) * SPEED / 3600))
            print(looks[-1].told, flush=True)
    finally:
        await crowd.disconnect()
        await house.stop()
        await asyncio.to_thread(hub.__exit__, None, None, None)
    return looks, crowd


async def _far_token(site: Site) -> str:
    token = secrets.new_token()
    async with Hall.open(site.settings) as hall:
        digest = secrets.fingerprint(token)
        await hall.do(people.add_token, name=FAR, role="relay", place=FAR, token_hash=digest)
    return token


async def _look(site: Site, hours: float) -> Look:
    """When every device is up and nothing is under way: two looks in a row are alike."""
    connection = await Connection.open(site.port)
    try:
        async with asyncio.timeout(SETTLE_S):
            before: Any = None
            while True:
                found = (await connection.ask(get("/soak/vitals"))).json()
                away = found.pop("away")
                sizes = {size: found.pop(size) for size in ("rss", "database", "blocks")}
                if not away and found == before:
                    return Look(hours, **sizes, **found)
                before = found
                await asyncio.sleep(0.3)
    except TimeoutError:
        raise RuntimeError(f"not at rest within {SETTLE_S:.0f} s: {away} {found}") from None
    finally:
        connection.close()
