"""How fast a day is simulated, and whether the engine agrees with Erlang C."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from bench import erlang
from bench.report import Line
from hallq.kernel import MINUTE, SECOND
from hallq.simulate.day import day_of, run
from hallq.simulate.scenario import load_scenario

LOADS = (0.5, 0.7, 0.8, 0.9, 0.95)
VISITS, WINDOWS, SERVICES = 5000, 100, 20


def simulate(folder: Path, *, quick: bool) -> Iterator[Line]:
    path = folder / "big.toml"
    path.write_text(big_day(), "utf-8")
    began = time.process_time()
    day = day_of(load_scenario(path))
    figures = run(day, "bound:5")
    took = time.process_time() - began
    visits = len(day.plan.citizens)
    value = f"{took:.1f} s of CPU, {visits / took:,.0f} visits/s"
    yield Line(f"a day of {visits:,} visits at {WINDOWS} windows", value, "", None, "< 10 s", took < 10)
    held = f"{figures.overtaken} times overtaken"
    yield Line("  its bound, counted by an observer", held, "", None, "<= 5", figures.holds)
    days, lasts = (20, 60 * MINUTE) if quick else (40, 360 * MINUTE)
    for load in LOADS:
        found = erlang.agreement(5, load, days=days, lasts=lasts, seed=1)
        value = f"{found.mean / SECOND:.1f} s ± {found.within / SECOND:.1f} s (99 %), {found.citizens:,} citizens"
        known = f"{found.known.mean / SECOND:.1f} s"
        ratio = found.mean / found.known.mean
        yield Line(f"mean wait, 5 windows at {load:.0%}", value, f"Erlang C: {known}", ratio, "within", found.agrees)


def big_day() -> str:
    """All of the engine's kinds of event; a third in the green channel."""
    head = """
version = 1
name = "大厅"
[day]
date = "2026-11-20"
[policy]
compare = ["bound:5"]
[citizen]
categories = { elderly = 0.25, disabled = 0.08 }
no_show = 0.03
found = { share = 0.5, minutes = 15 }
park = { share = 0.03, minutes = 40 }
[profile.town]
from = "08:00"
weights = [8, 12, 12, 11, 10, 8, 5, 2, 1, 1, 1, 1, 3, 9, 9, 7, 4, 2]
[[staff]]
windows = ["1-100"]
pauses = { per_shift = 1, minutes = 8 }
"""
    services = "".join(
        f'[[service]]\ncode = "s{n}"\nper_day = {1.015 * VISITS / SERVICES}\nprofile = "town"\nmean_min = {5 + n % 5}\n'
        for n in range(SERVICES)
    )
    windows = "".join(
        f'[[window]]\ncount = {WINDOWS // SERVICES}\nservices = ["s{n}", "s{(n + 1) % SERVICES}", "s{(n + 7) % 20}"]\n'
        for n in range(SERVICES)
    )
    return head + services + windows
