"""`python -m bench`: what HallQ does on this machine, beside what the machine could do without it."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from bench import measures
from bench.measures import Effort
from bench.report import Line, markdown
from bench.waits import compare

LAST = "## What was measured last\n"  # what stands above it in the file stays
PARTS = ("rates", "displays", "crowds", "idle", "wire", "choose", "simulate", "kills", "waits", "month")
QUICK, WHOLE = Effort(1.0, 1, 12), Effort(4.0, 3, 15)


def kills(folder: Path, times: int) -> list[Line]:
    """The routine of the tests, as often as asked."""
    import asyncio

    from bench.chaos import kill_often
    from bench.hub import make_site
    from bench.nursery import nursery

    site = make_site(folder / "chaos", windows=8, services=4)

    def each(life: int) -> None:
        if (life + 1) % 25 == 0:
            print(f"{life + 1} of {times} kills", flush=True)

    with nursery() as hubs:
        books = asyncio.run(kill_often(site, hubs, times, seed=7, each=each))
    faults = books.faults(site)
    for fault in faults:
        print(fault)
    tickets, calls, finished, ratings = books.answers
    value = f"{len(faults)} faults"
    done = f"{tickets:,} tickets, {calls:,} calls, {finished:,} finished, {ratings:,} ratings acknowledged"
    return [Line(f"after {times} kill -9 under load", value, done, None, "0 faults", not faults)]


def a_month(folder: Path, *, quick: bool) -> Iterable[Line]:
    from bench.month import month

    return month(folder, quick=quick)


def choosing(*, quick: bool) -> Iterable[Line]:
    from bench.choose import choose

    return choose(quick=quick)


def simulated(folder: Path, *, quick: bool) -> Iterable[Line]:
    from bench.simulate import simulate

    return simulate(folder, quick=quick)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a look of a minute or two; 10 kills")
    parser.add_argument("--kills", type=int, help="how many kill -9 (default 500)")
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--write", type=Path, metavar="FILE", help="into this Markdown file")
    chosen = parser.parse_args()
    effort = QUICK if chosen.quick else WHOLE
    times = chosen.kills if chosen.kills is not None else 10 if chosen.quick else 500
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="hallq-bench-") as name:
        folder = Path(name)
        parts: dict[str, Callable[[], Iterable[Line]]] = {
            "rates": lambda: measures.rates(folder, effort),
            "displays": lambda: measures.displays(folder, effort),
            "crowds": lambda: measures.crowds(folder, effort),
            "idle": lambda: measures.idle(folder),
            "wire": lambda: measures.wire(folder, effort),
            "choose": lambda: choosing(quick=chosen.quick),
            "simulate": lambda: simulated(folder, quick=chosen.quick),
            "kills": lambda: kills(folder, times),
            "waits": lambda: compare(3, 3) if effort is QUICK else compare(),
            "month": lambda: a_month(folder, quick=chosen.quick),
        }
        for part, work in parts.items():
            if chosen.only is None or part in chosen.only:
                print(f"{part} ...", flush=True)
                lines += work()
    text = markdown(lines, conditions(effort))
    print(text)
    if chosen.write is not None:
        before, heading, _ = chosen.write.read_text("utf-8").partition(LAST) if chosen.write.exists() else ("", "", "")
        chosen.write.write_text(f"{before}{heading or LAST}\n{text}", "utf-8")


def conditions(effort: Effort) -> list[str]:
    load = os.getloadavg()[0]
    return [
        f"{date.today().isoformat()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; load average at the end {load:.1f}",
        f"medians of {effort.rounds} rounds of {effort.seconds:.0f} s and {effort.calls} single calls each; "
        "the load comes from a process of its own on the same machine",
        "an empty POST: FastAPI under the same server settings, in a process of its own, in turns with the hub",
    ]


if __name__ == "__main__":
    main()
