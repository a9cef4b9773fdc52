"""An emergency: everything stops and shows it, and afterwards the hall is as it was (issue point 9)."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.assessment import reports
from hallq.assessment.ratings import commands as assessment
from hallq.assessment.ratings import taking
from hallq.displays import pad, strip
from hallq.displays.screens import StripForm
from hallq.kernel import SECOND, Ms, Refused
from hallq.office import alarms
from hallq.ticketing import commands as do
from hallq.ticketing.drawing.taking import retime, take
from hallq.ticketing.drawing.touched import OPEN
from hallq.ticketing.model import HallMode, Notice, Pause, Visit
from hallq.ticketing.opening import emergency, outages
from hallq.ticketing.picture import Picture
from hallq.ticketing.rules import Rules
from tests.commands.conftest import SHANGHAI, START, Bench, open_bench
from tests.commands.test_properties import DAYS, RULES, begin, perform, slow


def in_the_middle(hall: Bench) -> None:
    """Window 1 serves, 2 pauses, 3 is free, one waits for each service."""
    for window in ("1", "2", "3"):
        hall.do(do.sign_in, window=window, person=int(window))
    for service in ("a", "a", "b"):
        hall.wait(1)
        hall.do(do.issue, service=service)
    hall.do(do.call_next, window="1")
    hall.do(do.start, window="1")
    hall.do(do.pause, window="2", reason="meal")
    hall.wait(60)


def still(picture: Picture) -> Picture:
    """Without what time alone moves: when pauses began, waits."""
    windows = {
        no: replace(view, no_show_at=None, pause=None if view.pause is None else replace(view.pause, since=0))
        for no, view in picture.windows.items()
    }
    queues = {code: replace(view, wait=(0, 0, 0), over="") for code, view in picture.queues.items()}
    tickets = {key: view for key, view in picture.tickets.items() if view.state in OPEN}
    return replace(picture, windows=windows, queues=queues, tickets=tickets, taken={})


@slow
@given(DAYS)
def test_whatever_was_going_on_goes_on(day: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder) / "hall.db", RULES) as hall:
        begin(hall)
        for step in day:
            perform(hall, step)
        if hall.picture.mode.emergency is not None:
            hall.do(do.end_emergency)
        before, tickets = still(take(hall.db)), hall.rows("ticket")
        hall.do(do.begin_emergency)
        hall.wait(900)
        hall.do(do.end_emergency)
        assert still(take(hall.db)) == before
        assert hall.rows("ticket") == tickets


def test_an_invitation_to_rate_has_its_time_afterwards(hall: Bench) -> None:
    in_the_middle(hall)
    hall.do(do.finish, window="1")
    hall.wait(10)
    hall.do(do.begin_emergency)
    hall.wait(600)
    assert hall.do(assessment.close_due) == 0
    hall.do(do.end_emergency)
    [view] = taking.take(hall.db).values()
    assert (view.screen, view.until) == ("rate", hall.now + 20 * SECOND)
    hall.wait(21)
    assert hall.do(assessment.close_due) == 1


def test_the_hall_comes_back_as_it_was(hall: Bench) -> None:
    in_the_middle(hall)
    before = still(take(hall.db))
    tickets = hall.rows("ticket")
    hall.do(do.begin_emergency, actor="person:9")
    assert hall.picture.mode.emergency == hall.now
    assert {view.why for view in hall.picture.queues.values()} == {"emergency"}
    hall.wait(20 * 60)
    hall.do(do.end_emergency, actor="person:9")
    assert hall.picture == take(hall.db)
    assert still(hall.picture) == before
    assert hall.rows("ticket") == tickets


def test_numbers_and_calls_stand_still_and_open_visits_may_end(hall: Bench) -> None:
    in_the_middle(hall)
    hall.do(do.begin_emergency)
    assert hall.refused(do.issue, service="a").code == "emergency"
    assert hall.refused(do.call_next, window="3").code == "emergency"
    done = hall.do(do.finish, window="1", next=True)
    assert (done.number, done.state) == ("A001", "finished")  # and the next one is not called
    assert hall.picture.windows["1"].ticket is None
    hall.do(do.end_emergency)
    assert hall.do(do.call_next, window="1").number == "A002"
    hall.do(do.begin_emergency)
    assert hall.refused(do.recall, window="1").code == "emergency"
    hall.wait(120)
    assert hall.refused(do.no_show, window="1").code == "emergency"
    assert hall.do(do.park, window="1", kind="papers").state == "parked"


def test_who_left_the_building_has_time_to_come_back_before_a_no_show(hall: Bench) -> None:
    in_the_middle(hall)
    hall.do(do.call_next, window="3")
    hall.wait(10)
    hall.do(do.begin_emergency)
    hall.wait(600)
    hall.do(do.end_emergency)
    hall.do(do.recall, window="3")
    with pytest.raises(Refused) as early:
        hall.do(do.no_show, window="3", unproved=True)
    assert (early.value.code, early.value.detail) == ("too_early", {"seconds": 50, "calls": 0})


def test_the_time_counts_in_no_figure(hall: Bench) -> None:
    in_the_middle(hall)
    hall.do(do.begin_emergency)
    hall.wait(1200)
    hall.do(do.end_emergency)
    [(_, since, until)] = hall.rows("outage")
    assert until - since == 1200 * SECOND
    assert hall.row(Pause, 1).outage == hall.row(Visit, 1).outage == 1200 * SECOND
    figures = reports.figures(hall.db)
    assert figures["longest_wait"] == 61  # of the second one: a second, and the minute before it began
    assert figures["paused_long"] == 0
    assert hall.picture.windows["2"].pause is not None
    assert hall.picture.windows["2"].pause.since == hall.now - 60 * SECOND


def test_no_alarm_of_a_pause_or_of_an_idle_window_meanwhile(hall: Bench) -> None:
    in_the_middle(hall)
    hall.do(do.begin_emergency)
    hall.wait(1800)
    hall.do(alarms.watch)
    assert {view.kind for view in hall.picture.notices.values()} == {"emergency"}
    hall.do(do.end_emergency)
    hall.do(alarms.watch)
    assert not [view for view in hall.picture.notices.values() if view.key == "pause/2"]
    hall.wait(14 * 60 + 1)
    hall.do(alarms.watch)
    assert [view for view in hall.picture.notices.values() if view.key == "pause/2"]


def test_what_ends_meanwhile_does_not_count_it_either(hall: Bench) -> None:
    in_the_middle(hall)
    hall.do(do.begin_emergency)
    hall.wait(600)
    hall.do(do.finish, window="1")
    hall.do(do.resume, window="2")
    visit, pause = hall.row(Visit, 1), hall.row(Pause, 1)
    assert visit.outage == pause.outage == 600 * SECOND
    assert visit.ended_at - visit.started_at - visit.outage == 60 * SECOND
    hall.wait(600)
    hall.do(do.end_emergency)
    assert hall.row(Visit, 1) == visit and hall.row(Pause, 1) == pause


def test_a_hub_that_was_down_in_it_takes_nothing_out_twice(hall: Bench) -> None:
    in_the_middle(hall)
    begun = hall.now
    hall.do(do.begin_emergency)
    hall.wait(300)
    hall.do(do.recover, since=begun + 100 * SECOND, until=hall.now)
    hall.wait(300)
    hall.do(do.end_emergency)
    rows = [(since - begun, until - begun) for _, since, until in hall.rows("outage")]
    assert sorted(rows) == [(0, 100_000), (100_000, 300_000), (300_000, 600_000)]
    assert hall.row(Pause, 1).outage == 600 * SECOND


def test_a_second_press_changes_nothing_and_an_end_needs_a_beginning(hall: Bench) -> None:
    assert hall.refused(do.end_emergency).code == "wrong_state"
    hall.do(do.begin_emergency, kind="hold", actor="person:3")
    hall.wait(5)
    again = hall.do(do.begin_emergency, kind="evacuate", actor="person:4")
    assert (again.emergency_kind, again.emergency_by) == ("hold", "person:3")
    [notice] = hall.picture.notices.values()
    assert (notice.kind, notice.key, notice.words, notice.audience) == ("emergency", "emergency", "em.hold", "public")
    assert hall.refused(do.notice_done, notice=int(notice.id)).code == "emergency"  # it ends as a whole
    hall.do(do.end_emergency)
    assert not hall.picture.notices and hall.row(Notice, 1).done_at == hall.now
    assert hall.row(HallMode, 1).emergency_by is None


def test_the_voice_speaks_every_half_minute_and_then_that_it_is_over(hall: Bench) -> None:
    hall.do(do.begin_emergency)
    for _ in range(14):
        hall.do(emergency.speak_due)
        hall.wait(5)
    hall.do(do.end_emergency)
    keys = [json.loads(payload)["key"] for payload, _ in hall.effects()]
    assert keys == ["v.fire"] * 6 + ["em.over"] * 2  # at 0, 30 and 60 s in two zones
    hall.wait(60)
    hall.do(emergency.speak_due)
    assert len(hall.effects()) == 8


@pytest.mark.parametrize(("rule", "speak", "heard"), [(False, None, 0), (True, False, 0), (False, True, 2)])
def test_our_voice_may_be_silent(hall: Bench, rule: bool, speak: bool | None, heard: int) -> None:
    hall.store.rules = Rules(timezone=SHANGHAI, emergency_voice=rule)
    hall.do(do.begin_emergency, speak=speak)
    hall.do(emergency.speak_due)
    assert len(hall.effects()) == heard


@pytest.mark.parametrize(("kind", "page"), [("evacuate", "请有序撤离"), ("hold", "请在原地等候")])
def test_strips_and_pads_show_it(hall: Bench, kind: str, page: str) -> None:
    in_the_middle(hall)
    hall.do(do.begin_emergency, kind=kind)
    assert "window/1" in hall.keys and "window/4" in hall.keys
    for no in ("1", "2", "3", "4"):
        shown = strip.strip(hall.picture, no, form=StripForm(20), now=hall.now, zone=SHANGHAI)
        assert (shown.pages, shown.colour, shown.proof) == ((page,), "red", None)
        assert "听从工作人员引导" in pad.pad(hall.picture, no, None, now=hall.now).citizen.reason
    clerk = pad.pad(hall.picture, "1", None, now=hall.now).clerk
    assert clerk.primary == "finish" and not clerk.verbs & {"call_next", "finish_and_next", "recall"}
    hall.do(do.end_emergency)
    assert strip.strip(hall.picture, "4", form=StripForm(20), now=hall.now, zone=SHANGHAI).pages != (page,)


def test_it_stays_over_midnight_and_over_a_restart(hall: Bench) -> None:
    hall.do(do.begin_emergency)
    hall.wait(15 * 3600)
    hall.do(do.day_change)
    picture, _ = retime(hall.db, hall.picture)
    assert picture.mode.emergency == START and picture == take(hall.db)


SPANS = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (min(pair), max(pair)))


@given(SPANS, st.lists(SPANS, max_size=6))
def test_pieces_and_known_outages_cover_the_span_once(span: tuple[Ms, Ms], known: list[tuple[Ms, Ms]]) -> None:
    found = list(outages.pieces(*span, known))
    for moment in range(*span):
        inside = sum(begin <= moment < end for begin, end in found)
        assert inside == (not any(begin <= moment < end for begin, end in known))
    assert all(span[0] <= begin < end <= span[1] for begin, end in found)


