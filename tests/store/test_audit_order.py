"""The auditor's sample says why each visit was called in its order, and is right against the real chooser (A22)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from hallq.audit import entries, order, waits
from hallq.ticketing import commands as do
from hallq.ticketing.model import Visit
from hallq.ticketing.rules import Place
from hallq.ticketing.waiting import priority, queue
from tests.commands.conftest import Bench, hall, open_bench, rules
from tests.commands.test_properties import DAYS, RULES, begin, perform

__all__ = ["hall", "rules"]  # fixtures
few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def visits(hall: Bench) -> list[int]:
    return [row[0] for row in hall.rows("visit")]


def told(hall: Bench, visit: int) -> dict[str, Any]:
    [found] = order.explained(hall.db, [visit])
    return found


@few
@given(steps=DAYS)
def test_every_call_of_a_random_day_is_explained_and_no_row_speaks_against_it(steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder) / "hall.db", RULES) as hall:
        begin(hall)
        for step in steps:
            perform(hall, step)
        for found in order.explained(hall.db, visits(hall)):
            assert found["holds"] is True, found
            assert found["why"] != order.UNKNOWN
            assert any(wait["called"] for wait in found["waited"]) or found["why"] in (order.NO_TICKET, order.PARKED)


@few
@given(steps=DAYS)
def test_rows_and_journal_tell_the_same_of_who_stood_first(steps: list[tuple[Any, ...]]) -> None:
    """Each line's first as the choice saw it, and as tickets and visits tell it without the journal's word."""
    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder) / "hall.db", RULES) as hall:
        begin(hall)
        for step in steps:
            perform(hall, step)
        known: dict[str, list[waits.Wait]] = {}
        for number in visits(hall):
            visit: Any = hall.row(Visit, number)
            entry = order._entry(hall.db, visit)
            if entry is None or "order" not in entry.facts:
                continue
            if visit.day not in known:
                known[visit.day] = waits.of_day(hall.db, visit.day)
            there = {wait.ticket: wait for wait in waits.at(known[visit.day], visit.called_at)}
            assert visit.ticket in there
            if not {step[0] for step in steps} & {"undo", "settle"}:  # a finish that is undone was a wait for a moment
                assert {head[0] for head in entry.facts["order"]["heads"]} <= there.keys()
            told = order._by_rows(hall.db, visit, list(there.values()), entry)
            assert told["holds"] in (True, None)  # what is not recorded is never called wrong


def test_the_reasons_by_name_a22(hall: Bench) -> None:
    for window in "12":
        hall.do(do.sign_in, window=window, person=int(window))
    made = []
    for category in ("ordinary", "elderly", "ordinary", "ordinary"):
        hall.wait(10)
        made.append(hall.do(do.issue, service="a", category=category, kiosk=None, printer=False))
    hall.wait(10)
    hall.do(do.call_next, window="1")  # the green one, past the first
    hall.wait(10)
    hall.do(do.call, window="2", ticket=made[3].id, reason="带着婴儿", allowed=True)
    hall.wait(10)
    hall.do(do.finish, window="1", next=True)
    hall.wait(10)
    hall.do(do.park, window="1")
    hall.wait(10)
    hall.do(do.call, window="1", ticket=made[0].id)
    hall.wait(10)
    hall.do(do.finish, window="2")
    hall.do(do.walk_in, window="2", service="b", reason="老人走错楼层")
    found = order.explained(hall.db, visits(hall))
    assert [one["why"] for one in found] == ["green", "chosen", "first", "parked", "no_ticket"]
    assert found[0]["number"] == made[1].number and [wait["number"] for wait in found[0]["waited"]] == [
        made[0].number, made[1].number, made[2].number, made[3].number,
    ]  # fmt: skip
    assert found[1]["reason"] == "带着婴儿" and found[1]["by"] == "clerk2"
    assert found[0]["bound"] == 5 and found[0]["waited"][0]["overtaken"] == 0


def test_who_has_reached_the_bound_goes_before_the_green_channel(hall: Bench) -> None:
    hall.store.rules = RULES  # a bound of 2
    hall.do(do.sign_in, window="1", person=1)
    for category in ("ordinary", "elderly", "elderly", "elderly"):
        hall.wait(1)
        hall.do(do.issue, service="a", category=category, kiosk=None, printer=False)
    hall.do(do.call_next, window="1")
    for _ in range(2):
        hall.wait(1)
        hall.do(do.finish, window="1", next=True)
    last = told(hall, visits(hall)[-1])
    assert last["why"] == order.BOUND and last["holds"] and last["waited"][0]["overtaken"] == 2


def test_a_wrong_choice_and_a_hidden_citizen_are_told(hall: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal's own words give a wrong choice away; the rows give away whom it never looked at."""
    hall.do(do.sign_in, window="2", person=2)
    made = []
    for service in "aba":
        hall.wait(1)
        made.append(hall.do(do.issue, service=service, category="ordinary", kiosk=None, printer=False))
    hall.wait(1)
    with monkeypatch.context() as patch:
        patch.setattr(priority, "choose", lambda known, heads, look: max(heads))
        hall.do(do.call_next, window="2")
    found = told(hall, visits(hall)[-1])
    assert (found["holds"], found["doubt"], found["number"]) == (False, "rule", made[1].number)
    hall.do(do.finish, window="2")
    hall.wait(1)
    second = Place(made[2].arrival, made[2].id, "a", False)
    monkeypatch.setattr(queue, "_heads", lambda db, window: [second])
    hall.do(do.call_next, window="2")
    found = told(hall, visits(hall)[-1])
    assert (found["holds"], found["doubt"], found["left_out"]) == (False, "left_out", [made[0].number])


def test_without_a_record_rows_alone_are_asked_and_never_accuse(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    for _ in range(2):
        hall.wait(1)
        hall.do(do.issue, service="a", category="ordinary", kiosk=None, printer=False)
    hall.wait(1)
    hall.do(do.call_next, window="1")
    [row] = hall.rows("journal", "verb = 'call_next'")
    hall.store._connection.execute("UPDATE journal SET facts = '{}' WHERE seq = ?", (row[0],))  # as 0.2 wrote it
    found = told(hall, visits(hall)[0])
    assert (found["why"], found["holds"], found["doubt"]) == ("first", True, "rows")
    hall.store._connection.execute("DELETE FROM window_service WHERE window = '1'")
    found = told(hall, visits(hall)[0])
    assert (found["why"], found["holds"], found["doubt"]) == ("unknown", None, "not_recorded")


def test_a_sample_is_the_same_for_everyone(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    for _ in range(12):
        hall.do(do.issue, service="a", category="ordinary", kiosk=None, printer=False)
        hall.do(do.call_next, window="1")
        hall.do(do.finish, window="1")
    day = hall.db.day
    drawn = order.sample(hall.db, seed="2026年11月", n=5, since=day, until=day)
    assert drawn == sorted(visits(hall), key=lambda number: order.lot("2026年11月", number))[:5]
    assert drawn != order.sample(hall.db, seed="other", n=5, since=day, until=day)
    assert order.sample(hall.db, seed="x", n=5, since="2020-01-01", until="2020-01-02") == []


def test_the_journal_is_searched_by_matter_person_and_day(hall: Bench) -> None:
    everything: dict[str, Any] = {"since": 0, "until": hall.now + 10**9, "before": None, "most": 50}
    hall.do(do.sign_in, window="1", person=1, actor="person:1")
    [signed] = entries.search(hall.db, actor="person:1", **everything)
    assert signed.verb == "sign_in" and "shift/1" in signed.rows
    assert [one.verb for one in entries.search(hall.db, about="catalogue", **everything)] == ["catalogue"]
    assert entries.search(hall.db, about="reads", **everything) == []
    assert [one.seq for one in entries.search(hall.db, **everything)] == [2, 1]
    assert [one.seq for one in entries.search(hall.db, **everything | {"before": 2})] == [1]
    assert entries.search(hall.db, **everything | {"until": 5}) == []
