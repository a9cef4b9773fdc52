"""`python -m bench`: what HallQ does on this machine, beside what the machine could do without it."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from bench import measures
from bench.measures import Effort
from bench.report import Line, markdown, placed
from bench.waits import compare

LAST, MONTH = "## What was measured last\n", "## A month of transactions\n"  # the rest of the file stays
SOAK = "## Hours of a hall at high speed\n"
PARTS = (
    "rates", "displays", "crowds", "idle", "wire", "devices", "choose", "search", "simulate", "kills", "waits", "month",
)  # fmt: skip
ASKED = ("soak",)  # by name alone: it takes its time
OF_MONTH = [
    "the last whole month of the demo's hall: visits, ratings, cases, patrols and bulletins under the journal's chain; "
    "everything is asked of `hallq serve` over HTTP or of the command line, on the same machine",
    "peak: what the hub's resident memory rose by at its highest, for a tenth of the month beside the whole of it",
    "duties and followers: the writer's own processor time with the month's database, the commit included",
]
OF_SOAK = [
    "pads, strips on a shared line, a Modbus display, a call keypad and an evaluator on one line, a printer, a card "
    "reader and a speech module, on terminals, TCP, RFC 2217 and a relay; people at work beside them; a fault of a "
    "line, a device or the relay's cable every 5 to 30 s of the hall's time, for up to 2 minutes, by a fixed seed",
    "looked at after each 20 s of work, at rest and with every device well; memory: the program's own + SQLite's page "
    "caches, which grow with the database up to 16 MB for each of 4 connections; the slope by least squares with its "
    "standard error; `make bench ARGS='--only soak --minutes 15'` ends with 1 where something is not flat",
]
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


def soaked(folder: Path, minutes: float) -> Iterable[Line]:
    from bench.soak import soak

    return soak(folder, minutes)


def hung(folder: Path, effort: Effort) -> Iterable[Line]:
    from bench.devices import devices

    return devices(folder / "devices", effort)


def choosing(*, quick: bool) -> Iterable[Line]:
    from bench.choose import choose

    return choose(quick=quick)


def searching(*, quick: bool) -> Iterable[Line]:
    from bench.search import search

    return search(quick=quick)


def simulated(folder: Path, *, quick: bool) -> Iterable[Line]:
    from bench.simulate import simulate

    return simulate(folder, quick=quick)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a look of a minute or two; 10 kills")
    parser.add_argument("--kills", type=int, help="how many kill -9 (default 500)")
    parser.add_argument("--minutes", type=float, default=15.0, help="of the soak (default 15)")
    parser.add_argument("--only", choices=PARTS + ASKED, action="append")
    parser.add_argument("--write", type=Path, metavar="FILE", help="into this Markdown file")
    chosen = parser.parse_args()
    effort = QUICK if chosen.quick else WHOLE
    times = chosen.kills if chosen.kills is not None else 10 if chosen.quick else 500
    before = os.getloadavg()[0]
    lines: dict[str, list[Line]] = {LAST: [], MONTH: [], SOAK: []}
    with tempfile.TemporaryDirectory(prefix="hallq-bench-") as name:
        folder = Path(name)
        parts: dict[str, Callable[[], Iterable[Line]]] = {
            "rates": lambda: measures.rates(folder, effort),
            "displays": lambda: measures.displays(folder, effort),
            "crowds": lambda: measures.crowds(folder, effort),
            "idle": lambda: measures.idle(folder),
            "wire": lambda: measures.wire(folder, effort),
            "devices": lambda: hung(folder, effort),
            "choose": lambda: choosing(quick=chosen.quick),
            "search": lambda: searching(quick=chosen.quick),
            "simulate": lambda: simulated(folder, quick=chosen.quick),
            "kills": lambda: kills(folder, times),
            "waits": lambda: compare(3, 3) if effort is QUICK else compare(),
            "month": lambda: a_month(folder, quick=chosen.quick),
            "soak": lambda: soaked(folder, chosen.minutes),
        }
        for part, work in parts.items():
            if part in (chosen.only or PARTS):
                print(f"{part} ...", flush=True)
                lines[{"month": MONTH, "soak": SOAK}.get(part, LAST)] += work()
    for heading, found in lines.items():
        if found:
            tell(heading, markdown(found, [machine(before), *conditions(heading, effort)]), chosen.write)
    if any(line.met is False for line in lines[SOAK]):
        sys.exit(1)


def tell(heading: str, text: str, file: Path | None) -> None:
    print(text)
    if file is not None:
        known = file.read_text("utf-8") if file.exists() else ""
        file.write_text(placed(known, heading, text), "utf-8")


def machine(before: float) -> str:
    shared = "; other programs were at work on it meanwhile, so times are long rather than short" if before > 1 else ""
    return (
        f"{date.today().isoformat()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; load average {before:.1f} at the start, "
        f"{os.getloadavg()[0]:.1f} at the end{shared}"
    )


def conditions(heading: str, effort: Effort) -> list[str]:
    if heading != LAST:
        return OF_MONTH if heading == MONTH else OF_SOAK
    return [
        f"medians of {effort.rounds} rounds of {effort.seconds:.0f} s and {effort.calls} single calls each; "
        "the load comes from a process of its own on the same machine",
        "an empty POST: FastAPI under the same server settings, in a process of its own, in turns with the hub",
    ]


if __name__ == "__main__":
    main()
