"""Closures and suspensions: the pure rules, row by row (B08-B21, A.3 4-7)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.kernel import Refused
from hallq.office import forms
from hallq.office.forms import CHANGING, CLOSING, DAY, SUSPENDING, Asked, Finding, Lead, Shut, Unit
from hallq.ticketing.rules import Rules

RULES = Rules(timezone=ZoneInfo("Asia/Shanghai"))
IN_TIME = Lead(9, "2026-11-24")
FIVE = ("1", "2", "3", "4", "5")


def unit(windows: tuple[str, ...] = FIVE, **more: object) -> Unit:
    """A department whose windows all offer the same business."""
    values = {"windows": windows, "offers": dict.fromkeys(windows, ("a",)), "names": {"a": "社保"}, "shut": ()} | more
    return Unit(**values)  # type: ignore[arg-type]


def codes(found: list[Finding]) -> list[str]:
    return [one.code for one in found]


def judged(asked: Asked, one: Unit, lead: Lead = IN_TIME) -> list[str]:
    return codes(forms.closure_findings(asked, one, lead, RULES))


@pytest.mark.parametrize(
    ("windows", "limit"),
    [(0, 0), (1, 0), (2, 1), (3, 1), (4, 1), (5, 1), (9, 1), (10, 2), (14, 2), (15, 3), (100, 20)],
)
def test_b12_how_many_may_be_closed(windows: int, limit: int) -> None:
    assert forms.closure_limit(windows, RULES) == limit


@given(st.integers(5, 400))
def test_b12_never_more_than_a_fifth(windows: int) -> None:
    assert forms.closure_limit(windows, RULES) * 5 <= windows


@pytest.mark.parametrize(
    ("name", "asked", "one", "lead", "expected"),
    [
        ("in order", Asked(["1"], 0, DAY), unit(), IN_TIME, []),
        ("B13 filed on the same day", Asked(["1"], 0, DAY), unit(), Lead(0, "2026-11-24"), ["closure_late"]),
        ("B13 one working day is enough", Asked(["1"], 0, DAY), unit(), Lead(1, "2026-11-24"), []),
        ("B09 a single window", Asked(["1"], 0, DAY), unit(("1",)), IN_TIME, ["closure_few", "closure_alone"]),
        ("B12 two of five", Asked(["1", "2"], 0, DAY), unit(), IN_TIME, ["closure_too_many"]),
        ("B12 a granted one counts", Asked(["1"], 0, DAY),
         unit(shut=[Shut("2", 0, DAY)]), IN_TIME, ["closure_too_many"]),
        ("B12 one after the other is no more than one", Asked(["1"], DAY, 2 * DAY),
         unit(shut=[Shut("2", 0, DAY)]), IN_TIME, []),
        ("B12 per moment, not in total", Asked(["1"], 0, 9 * DAY),
         unit(tuple(map(str, range(10))), shut=[Shut("2", 0, DAY), Shut("3", DAY, 2 * DAY)]), IN_TIME, []),
        ("B12 another department's do not count", Asked(["1"], 0, DAY), unit(shut=[Shut("99", 0, DAY)]), IN_TIME, []),
        ("B10 its business has no other window", Asked(["1"], 0, DAY),
         unit(offers={"1": ("a", "b"), "2": ("a",), "3": (), "4": (), "5": ()}), IN_TIME, ["closure_alone"]),
        ("B10 the other window is of another department", Asked(["1"], 0, DAY),
         unit(offers={"1": ("b",), "9": ("b",)}), IN_TIME, []),
        ("B10 the other one is closed for a part of the time", Asked(["1"], 0, 9 * DAY),
         unit(offers={"1": ("b",), "9": ("b",)}, shut=[Shut("9", 3 * DAY, 4 * DAY)]), IN_TIME, ["closure_alone"]),
        ("twice the same window", Asked(["1"], 0, DAY), unit(shut=[Shut("1", 0, None)]), IN_TIME, ["closure_overlap"]),
        ("C04 at a peak", Asked(["1"], 0, DAY), unit(peaks=[(DAY // 2, None)]), IN_TIME, ["closure_peak"]),
        ("C04 after the peak", Asked(["1"], DAY, 2 * DAY), unit(peaks=[(0, DAY)]), IN_TIME, []),
        ("B08 somebody could take it over", Asked(["1"], 0, DAY), unit(cover=["王芳"]), IN_TIME, ["cover"]),
        ("B10 the busiest hour", Asked(["1"], 0, DAY), unit(load=(10, 130)), IN_TIME, ["load"]),
        ("B16 over a month", Asked(["1"], 0, 31 * DAY), unit(), IN_TIME, ["reserve"]),
        ("B17 a season does not lose its window", Asked(["1"], 0, 99 * DAY, season=True), unit(), IN_TIME, []),
    ],
)  # fmt: skip
def test_what_stands_against_a_closure(name: str, asked: Asked, one: Unit, lead: Lead, expected: list[str]) -> None:
    assert judged(asked, one, lead) == expected, name


def test_b10_names_the_business_and_b13_the_first_day_that_is_allowed() -> None:
    found = forms.closure_findings(Asked(["1"], 0, DAY), unit(("1",)), Lead(0, "2026-11-24"), RULES)
    details = {one.code: one.detail for one in found}
    assert details["closure_late"] == {"days": 1, "earliest": "2026-11-24"}
    assert details["closure_alone"] == {"services": "社保"}


@given(
    st.lists(st.tuples(st.sampled_from(FIVE), st.integers(0, 20), st.integers(1, 9)), max_size=12),
    st.integers(0, 20),
    st.integers(1, 9),
)
def test_b12_holds_at_every_moment(granted: list[tuple[str, int, int]], since: int, days: int) -> None:
    """Whatever was granted before: what the rule lets through is within the limit hour by hour."""
    shut = [Shut(no, begins * DAY, (begins + lasts) * DAY) for no, begins, lasts in granted]
    asked = Asked(["1"], since * DAY, (since + days) * DAY)
    if "closure_too_many" not in judged(asked, unit(shut=shut)):
        for at in range(asked.since, asked.until, DAY // 24):
            assert len(forms.closed_at(shut, at) | {"1"}) <= forms.closure_limit(5, RULES)


@pytest.mark.parametrize(
    ("closed", "days", "expected"),
    [({"1"}, 5, []), ({"1"}, 4, ["reopen_late"]), (set(), 5, ["reopen_open"])],
)
def test_b17_b18_reopening_is_filed_five_working_days_ahead(closed: set[str], days: int, expected: list[str]) -> None:
    """A.3 7: for a spare window and for a season's alike."""
    assert codes(forms.reopening_findings(["1"], closed, Lead(days, "2026-12-01"), RULES)) == expected


@pytest.mark.parametrize(
    ("advisers", "filed", "public", "expected"),
    [
        (2, 5, 4, []),
        (3, 9, 9, []),
        (2, 4, 4, ["suspension_late"]),  # B19
        (2, 3, 3, ["suspension_late", "suspension_notice_late"]),  # B20
        (2, 5, 3, ["suspension_notice_late"]),  # signed in time, approved too late
        (1, 5, 4, ["suspension_advisers"]),  # B21
        (4, 5, 4, ["suspension_advisers"]),
    ],
)
def test_b19_b20_b21_what_stands_against_a_suspension(
    advisers: int, filed: int, public: int, expected: list[str]
) -> None:
    found = forms.suspension_findings(advisers, Lead(filed, "2026-12-01"), Lead(public, "2026-12-01"), RULES)
    assert codes(found) == expected


@pytest.mark.parametrize(
    ("first", "last", "covered"),
    [
        ("11-01", "03-31", True),
        ("12-01", "12-31", True),
        ("10-31", "03-31", False),
        ("11-01", "04-01", False),
    ],
)
def test_b18_a_season_over_the_turn_of_the_year(first: str, last: str, covered: bool) -> None:
    seasons = [{"windows": ["3", "4"], "from": "11-01", "until": "03-31"}]
    assert forms.season_covers(seasons, ["3"], first, last) is covered
    assert not forms.season_covers(seasons, ["5"], "12-01", "12-02")


@pytest.mark.parametrize("steps", [CLOSING, SUSPENDING, CHANGING], ids=["closing", "suspending", "changing"])
def test_every_step_from_another_state_is_refused(steps: forms.Steps) -> None:
    states = {forms.DRAFT, forms.SIGNED, forms.APPROVED, forms.PUBLISHED, forms.ACTIVE, forms.ENDED,
              forms.REFUSED, forms.WITHDRAWN}  # fmt: skip
    for verb, ways in steps.items():
        for state in states:
            if state in ways:
                assert forms.after(steps, verb, state) == ways[state]
            else:
                with pytest.raises(Refused) as refused:
                    forms.after(steps, verb, state)
                assert refused.value.code == "wrong_state"


def test_a3_4_two_state_machines() -> None:
    """A closure begins unannounced if it must; a suspension never without its public notice (B20)."""
    assert forms.after(CLOSING, "start", forms.APPROVED) == forms.ACTIVE
    with pytest.raises(Refused):
        forms.after(SUSPENDING, "start", forms.APPROVED)
    with pytest.raises(Refused):  # a business is no window: it cannot become a spare one
        forms.after(SUSPENDING, "reserve", forms.ACTIVE)


def test_a3_5_what_a_leader_may_set_aside() -> None:
    """原则上: the share and the lead time; never the last window of a business."""
    found = forms.closure_findings(
        Asked(["1"], 0, DAY), unit(("1", "2"), shut=[Shut("2", 0, DAY)]), Lead(0, "x"), RULES
    )
    assert codes(forms.stands(found, lifted=False)) == ["closure_late", "closure_too_many", "closure_alone"]
    assert codes(forms.stands(found, lifted=True)) == ["closure_alone"]
