"""Alarms as the hub raises them: three ranks, owners, reasons, one alarm per cause."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from hallq.kernel import Refused
from hallq.office import alarms
from hallq.office.post_model import GuideLeave, Spell
from hallq.ticketing import commands as do
from hallq.ticketing import days, model
from tests.commands.conftest import Bench


def open_alarms(hall: Bench) -> dict[str, Any]:
    return {view.key: view for view in hall.picture.notices.values() if view.kind == "alarm"}


def look(hall: Bench, seconds: float = 0) -> dict[str, Any]:
    """So much later the hub looks; what is open then."""
    hall.wait(seconds)
    hall.do(alarms.watch)
    return open_alarms(hall)


def staff(hall: Bench, *windows: str) -> None:
    for no in windows:
        hall.do(do.sign_in, window=no, person=int(no))


def closed_row(hall: Bench, view: Any) -> Any:
    return hall.row(model.Notice, int(view.id))


def test_the_pause_alarm_climbs_and_clears_b02(hall: Bench) -> None:
    staff(hall, "1", "2", "3")
    hall.do(do.pause, window="1", reason="meal")
    assert "pause/1" not in look(hall, 899)
    first = look(hall, 1)["pause/1"]
    assert (first.rank, first.level, first.person, first.window) == (1, "warn", 1, "1")
    assert look(hall, 180)["pause/1"].rank == 2
    assert look(hall, 180)["pause/1"].rank == 3
    assert look(hall, 500)["pause/1"].id == first.id
    hall.do(do.resume, window="1")
    assert "pause/1" not in look(hall)
    assert closed_row(hall, first).why == "alw.resumed"
    spell = next(row for row in hall.db.find(select(Spell)) if row.kind == "pause")
    assert spell.ended_at is not None
    assert (spell.person, spell.ended_at - spell.since) == (1, 1760_000)


def test_an_outage_is_no_absence_b02(hall: Bench) -> None:
    staff(hall, "1", "2", "3")
    hall.do(do.pause, window="1", reason="meal")
    hall.wait(600)
    since = hall.now
    hall.wait(900)
    hall.do(days.recover, since=since, until=hall.now)
    assert "pause/1" not in look(hall, 299)
    assert look(hall, 1)["pause/1"].rank == 1


def test_stepping_away_runs_on_the_same_clock_b02(hall: Bench) -> None:
    staff(hall, "1", "2", "3")
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(do.away, window="1", reason="meal")
    assert look(hall, 900)["pause/1"].rank == 1
    hall.do(do.back, window="1")
    alarm = open_alarms(hall)["pause/1"]
    look(hall)
    assert closed_row(hall, alarm).why == "alw.called"


def test_people_wait_and_a_window_calls_nobody_i19(hall: Bench) -> None:
    staff(hall, "1", "2", "3", "4")
    assert look(hall, 400) == {}
    hall.do(do.issue, service="c")
    assert look(hall) == {}
    assert look(hall, 175) == {}
    assert [look(hall, seconds)["idle/4"].rank for seconds in (5, 120, 180)] == [1, 2, 3]
    assert "idle/1" not in open_alarms(hall)
    alarm = open_alarms(hall)["idle/4"]
    hall.do(do.call_next, window="4")
    assert look(hall) == {}
    assert closed_row(hall, alarm).why == "alw.called"


def test_a_short_idle_leaves_no_trace_i19(hall: Bench) -> None:
    staff(hall, "1", "2", "3", "4")
    hall.do(do.issue, service="c")
    look(hall)
    hall.do(do.call_next, window="4")
    look(hall, 5)
    assert hall.rows("spell") == []


def test_nobody_on_post_for_people_who_wait_b30(hall: Bench) -> None:
    staff(hall, "1", "3", "4")
    hall.do(do.issue, service="c")
    look(hall)
    hall.do(do.pause, window="4", reason="meal")
    assert "empty/c" not in look(hall)
    alarm = look(hall, 60)["empty/c"]
    assert alarm.rank == 2
    assert look(hall, 180)["empty/c"].rank == 3
    hall.do(do.resume, window="4")
    look(hall, 60)
    assert closed_row(hall, alarm).why == "alw.staffed"
    spell = next(row for row in hall.db.find(select(Spell)) if row.kind == "empty")
    assert spell.ended_at is not None
    assert spell.ended_at - spell.since == 300_000  # the minutes of the empty post


def test_an_empty_post_after_hours_is_none_b30(hall: Bench) -> None:
    staff(hall, "4")
    hall.do(do.issue, service="c")
    hall.do(do.sign_out, window="4")
    hall.wait(8 * 3600)  # 18:00
    assert look(hall) == {}
    assert look(hall, 600) == {}


def test_a_single_window_asks_for_its_partner_b03(hall: Bench) -> None:
    hall.do(partner, window="1", person=2)
    staff(hall, "1")
    assert look(hall) == {}
    hall.do(do.pause, window="1", reason="meal")
    alarm = look(hall)["vacant/1"]
    assert (alarm.rank, alarm.person, alarm.words) == (2, 2, "al.vacantPartner")
    assert look(hall, 180)["vacant/1"].rank == 3
    hall.do(do.take_over, window="1", person=2)
    look(hall)
    assert closed_row(hall, alarm).why == "alw.staffed"


def partner(tx: Any, *, window: str, person: int) -> None:
    tx.update(tx.get(model.Window, window), partner=person)


def test_a_crowd_a04_a28(hall: Bench) -> None:
    staff(hall, "1", "2", "3")
    for _ in range(31):
        hall.do(do.issue, service="a")
    alarm = look(hall)["crowd/1F"]
    assert (alarm.rank, alarm.zone, alarm.audience) == (3, "1F", "")
    hall.do(do.call_next, window="1")
    look(hall)
    assert closed_row(hall, alarm).why == "alw.eased"


def test_the_green_channel_waits_too_long_a09(hall: Bench) -> None:
    staff(hall, "1", "2", "3")
    hall.do(do.issue, service="a", category="elderly")
    assert "green/a" not in look(hall, 899)
    alarm = look(hall, 1)["green/a"]
    assert alarm.rank == 3
    hall.do(do.call_next, window="1")
    assert "green/a" not in look(hall)


def test_a_guides_ten_minutes_g02(hall: Bench) -> None:
    hall.do(on_leave)
    assert look(hall, 599) == {}
    assert look(hall, 1)["guide/1"].rank == 3


def on_leave(tx: Any) -> None:
    tx.insert(GuideLeave, day=tx.day, person=1, since=tx.now)


def test_who_takes_it_owns_it_and_it_climbs_no_further(hall: Bench) -> None:
    staff(hall, "1", "2", "3")
    hall.do(do.pause, window="1", reason="meal")
    alarm = look(hall, 1080)["pause/1"]
    hall.do(alarms.take, notice=int(alarm.id), person=4)
    view = look(hall, 600)["pause/1"]
    assert (view.rank, view.owner, view.owner_name) == (2, 4, "clerk4")
    hall.do(alarms.clear, notice=int(alarm.id), why="去开会，已报备", actor="person:4")
    assert look(hall, 600) == {}  # the same pause raises no second alarm
    row = closed_row(hall, alarm)
    assert (row.why, row.done_by) == ("去开会，已报备", "person:4")
    with pytest.raises(Refused) as refused:
        hall.do(alarms.take, notice=int(alarm.id), person=4)
    assert refused.value.code == "wrong_state"
    hall.do(do.resume, window="1")
    hall.do(do.pause, window="1", reason="meal")
    assert look(hall, 900)["pause/1"].rank == 1  # another pause is another cause


def test_a_reason_is_needed_to_clear(hall: Bench) -> None:
    staff(hall, "1", "2", "3")
    hall.do(do.pause, window="1", reason="meal")
    alarm = look(hall, 900)["pause/1"]
    with pytest.raises(Refused) as refused:
        hall.do(alarms.clear, notice=int(alarm.id), why="  ")
    assert refused.value.detail == {"field": "why"}


def test_an_alarm_is_not_over_without_a_reason(hall: Bench) -> None:
    staff(hall, "1", "2", "3")
    hall.do(do.pause, window="1", reason="meal")
    alarm = look(hall, 900)["pause/1"]
    with pytest.raises(Refused) as refused:
        hall.do(do.notice_done, notice=int(alarm.id))
    assert refused.value.code == "not_found"


def test_only_alarms_and_calls_are_cleared_by_hand(hall: Bench) -> None:
    """What is shown to everybody ends with what it tells of."""
    hall.do(do.begin_emergency)
    [notice] = hall.picture.notices.values()
    for command, wish in ((alarms.clear, {"why": "x"}), (alarms.take, {"person": 1})):
        with pytest.raises(Refused) as refused:
            hall.do(command, notice=int(notice.id), **wish)
        assert refused.value.code == "not_found"


def test_an_emergency_is_no_ones_fault(hall: Bench) -> None:
    staff(hall, "4")
    hall.do(do.issue, service="c")
    hall.do(do.sign_out, window="4")
    hall.do(emergency)
    look(hall)
    assert look(hall, 600) == {}


def emergency(tx: Any) -> None:
    tx.insert(model.HallMode, emergency_since=tx.now)


def test_watching_writes_only_what_is_due(hall: Bench) -> None:
    staff(hall, "1", "2", "3", "4")
    hall.do(do.pause, window="1", reason="meal")
    for _ in range(20):
        look(hall, 5)
        assert not hall.changes


def test_a_silent_help_key_calls_the_chief_then_the_office_b31(hall: Bench) -> None:
    first = hall.do(do.help_call, window="1")
    assert first.rank == 2
    hall.wait(1)
    assert hall.do(do.help_call, window="1").rank == 2  # a double press is one
    hall.wait(5)
    assert hall.do(do.help_call, window="1").rank == 3
    assert hall.do(do.help_call, kiosk="k1").rank is None
