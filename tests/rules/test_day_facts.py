"""A day's figures of one person: signs, posts, absences; whatever order the rows come in."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallq.kernel import MINUTE, Ms
from hallq.office import leaves, sign_marks
from hallq.office.day_figures import Frame, Kept, Met, figure
from hallq.office.day_model import Leave
from hallq.office.post_model import Spell
from hallq.office.sign_marks import Signed
from hallq.ticketing.model import Pause, Shift
from hallq.ticketing.rules import Rules

ZONE = ZoneInfo("Asia/Shanghai")
RULES = Rules(timezone=ZONE)
DAY = "2026-11-23"
PERIODS = ((510, 720), (870, 1050))
NOBODY: frozenset[str] = frozenset()


def at(clock: str) -> Ms:
    return round(datetime.fromisoformat(f"{DAY}T{clock}").replace(tzinfo=ZONE).timestamp() * 1000)


def frame(outages: Any = (), **more: Any) -> Frame:
    work = [(at("08:30"), at("12:00")), (at("14:30"), at("17:30"))]
    return Frame(DAY, at("23:00"), RULES, list(outages), work, PERIODS, at("17:30"), **more)


@pytest.mark.parametrize(
    ("first", "last", "served_until", "leave", "outage", "marks"),
    [
        ("07:00", "17:30", None, "", None, []),  # J01, J02
        ("08:30:59", "19:30", None, "", None, []),
        ("06:50", "18:00", None, "", None, []),
        ("08:31", "18:00", None, "", None, ["late"]),
        ("08:00", "17:29", None, "", None, ["early"]),
        ("08:00", "19:31", None, "", None, ["missing_out"]),
        ("08:00", "19:45", "19:40", "", None, []),  # C07: served past the time
        ("08:00", "20:30", "19:40", "", None, ["missing_out"]),
        ("08:00", None, None, "", None, ["missing_out"]),
        (None, None, None, "", None, ["missing_in", "missing_out"]),
        ("14:20", "18:00", None, "am", None, []),  # half a day's leave
        ("14:40", "18:00", None, "am", None, ["late"]),
        ("08:00", "12:00", None, "pm", None, []),
        ("08:00", "11:30", None, "pm", None, ["early"]),
        ("09:20", "18:00", None, "", ("08:00", "09:00"), []),  # the hub was down: the clock stood still
        ("09:31", "18:00", None, "", ("08:00", "09:00"), ["late"]),
        ("09:20", "18:00", None, "", ("05:00", "06:00"), ["late"]),
    ],
)
def test_signs_of_a_day_j01_j02(
    first: str | None, last: str | None, served_until: str | None, leave: str, outage: Any, marks: list[str]
) -> None:
    gaps = [(at(outage[0]), at(outage[1]))] if outage else []
    good = sign_marks.times(DAY, PERIODS, frozenset({leave} - {""}), gaps, RULES)
    begin, end, until = (None if clock is None else at(clock) for clock in (first, last, served_until))
    signed = Signed(begin, end, worked_until=until)
    assert sign_marks.marks(signed, good, RULES) == marks


@pytest.mark.parametrize(
    ("since", "until", "day", "taken"),
    [
        (("2026-11-23", "am"), ("2026-11-23", "pm"), DAY, {"am", "pm"}),  # J03
        (("2026-11-23", "pm"), ("2026-11-24", "am"), DAY, {"pm"}),
        (("2026-11-20", "pm"), ("2026-11-23", "am"), DAY, {"am"}),
        (("2026-11-20", "am"), ("2026-11-24", "pm"), DAY, {"am", "pm"}),
        (("2026-11-24", "am"), ("2026-11-24", "pm"), DAY, set()),
    ],
)
def test_leave_takes_halves_of_days_j03(since: Any, until: Any, day: str, taken: set[str]) -> None:
    row = Leave(
        person=1, kind="sick", since=since[0], since_half=since[1], until=until[0], until_half=until[1], told_at=0,
        made_by="", approved_by="",
    )  # fmt: skip
    assert leaves.halves(row, day) == taken


def day_of_one() -> Kept:
    """On post from 8:20 to 17:55 with a pause of twenty minutes, a meal, a step away, and three visits."""
    kept = Kept(7, "sb", marked=True)
    kept.shifts = [
        Shift(day=DAY, window="2", person=7, started_at=at("08:20"), ended_at=at("12:00"), ended_by="signed_out"),
        Shift(day=DAY, window="3", person=7, started_at=at("14:20"), ended_at=at("17:55"), ended_by="signed_out"),
    ]
    kept.pauses = [
        Pause(day=DAY, window="2", person=7, reason="leave", since=at("09:00"), ended_at=at("09:20")),
        Pause(day=DAY, window="2", person=7, reason="meal", since=at("11:35"), ended_at=at("12:00")),
        Pause(day=DAY, window="2", person=7, kind="away", reason="leave", since=at("10:00"), ended_at=at("10:05")),
    ]
    kept.idle = [Spell(day=DAY, kind="idle", subject="2", since=at("11:00"), ended_at=at("11:04"), person=7, notice=1)]
    kept.visits = [
        Met(at("09:30"), at("09:31"), at("09:41"), "finished", 0, 2, 30_000),
        Met(at("10:00"), at("10:02"), at("10:30"), "transferred", 0, 1, 0),
        Met(at("17:25"), at("17:26"), at("17:50"), "finished", 0, 1, 0),
    ]
    return kept


def test_what_a_day_came_to_b02_i19_c06() -> None:
    facts = figure(day_of_one(), frame(limits={"meal": 1800, "leave": 600}))
    assert (facts.window, facts.windows) == ("2", "2,3")
    assert (facts.on_post_s, facts.paused_s, facts.away_s) == (390 * 60, 45 * 60, 5 * 60)
    assert (facts.off_posts, facts.off_post_s) == (1, 5 * 60)  # the meal has its own half hour
    assert (facts.idles, facts.idle_s) == (1, 4 * 60)
    assert (facts.calls, facts.served, facts.cases) == (3, 2, 3)
    assert (facts.handling_s, facts.walking_s, facts.gap_s) == (34 * 60, 4 * 60, 30)
    assert (facts.extended, facts.extended_s) == (1, 20 * 60)
    assert (facts.sign_in, facts.sign_out, facts.marks) == (at("08:20"), at("17:55"), "")


def test_an_outage_counts_nowhere_b02_b28() -> None:
    kept = day_of_one()
    facts = figure(kept, frame([(at("09:05"), at("09:15"))], limits={"meal": 1800}))
    assert (facts.paused_s, facts.off_posts, facts.on_post_s) == (35 * 60, 0, 390 * 60)


@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 700), min_size=4, max_size=8, unique=True))
@settings(max_examples=25)
def test_the_order_of_rows_changes_nothing(random: Any, minutes: list[int]) -> None:
    gaps = [(at("08:00") + a * MINUTE, at("08:00") + b * MINUTE) for a, b in pairwise(sorted(minutes))][::2]
    kept = day_of_one()
    first = figure(kept, frame(gaps)).model_dump()
    for rows in (kept.shifts, kept.pauses, kept.visits, kept.idle, gaps):
        random.shuffle(rows)
    assert figure(kept, frame(gaps)).model_dump() == first
