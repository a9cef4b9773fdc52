"""Peaks and caps: A05, A06, A09, C01-C05, C08."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest

from hallq.catalog_edits import switch
from hallq.kernel import MINUTE, Refused
from hallq.office import capacity, forecast, peaks
from hallq.office.peak_model import APPROVED, ENDED, FILED, IN_FORCE, PeakPlan
from hallq.ticketing import commands as do
from hallq.ticketing import model
from hallq.ticketing.tickets import caps
from tests.commands.conftest import Bench

DAY = 24 * 3600
PLAN = {"cause": "医保年度缴费", "since_day": "2024-05-08", "until_day": "2024-05-09", "order": "王芳"}


def sign_in(hall: Bench, *windows: str) -> None:
    for no in windows:
        hall.do(do.sign_in, window=no, person=int(no))


def notice(hall: Bench, key: str) -> Any:
    return next((view for view in hall.picture.notices.values() if view.key == key), None)


def peak_since(hall: Bench) -> int | None:
    return hall.picture.mode.peak


# -- plans


@pytest.mark.parametrize(
    ("between", "days", "enough"), [(2, 2, True), (3, 2, True), (1, 2, False), (0, 2, False), (0, 0, True)]
)
def test_two_working_days_ahead(between: int, days: int, enough: bool) -> None:
    """C02"""
    assert peaks.enough_notice(between, days) is enough


def test_a_plan_is_filed_approved_and_goes_by_itself(hall: Bench) -> None:
    """C01, C02: Monday files for Wednesday; it begins and ends with its days."""
    plan = hall.do(peaks.file, **PLAN, services=["a"])
    assert plan.state == FILED
    hall.do(peaks.keep)
    assert notice(hall, "peak") is None
    hall.do(peaks.approve, plan=plan.id)
    hall.wait(2 * DAY)
    hall.do(peaks.keep)
    assert hall.row(PeakPlan, plan.id).state == IN_FORCE and peak_since(hall) == hall.now
    assert notice(hall, "peak").words == "pm.notice" and "王芳" in notice(hall, "peak").detail  # C05: named
    hall.wait(2 * DAY)
    hall.do(peaks.keep)
    assert hall.row(PeakPlan, plan.id).state == ENDED and peak_since(hall) is None
    assert notice(hall, "peak") is None


@pytest.mark.parametrize(
    ("change", "code", "detail"),
    [
        ({"since_day": "2024-05-07"}, "peak_too_late", ("earliest", "2024-05-08")),
        ({"since_day": "2024-05-05"}, "peak_too_late", ("days", 2)),
        ({"order": " "}, "invalid", ("field", "order")),
        ({"cause": ""}, "invalid", ("field", "cause")),
        ({"until_day": "2024-05-07"}, "invalid", ("field", "until_day")),
        ({"services": ["nothing"]}, "invalid", ("field", "services")),
        ({"services": ["c"], "department": "social"}, "invalid", ("field", "services")),
    ],
)
def test_a_plan_that_cannot_be(hall: Bench, change: dict[str, Any], code: str, detail: tuple[str, Any]) -> None:
    """C02, C05: too late, nobody named, another department's business."""
    found = hall.refused(peaks.file, **(PLAN | change))
    assert found.code == code and found.detail[detail[0]] == detail[1]


def test_two_plans_do_not_overlap(hall: Bench) -> None:
    first = hall.do(peaks.file, **PLAN)
    second = hall.do(peaks.file, **PLAN)
    hall.do(peaks.approve, plan=first.id)
    assert hall.refused(peaks.approve, plan=second.id).code == "peak_overlap"
    assert hall.refused(peaks.file, **PLAN).detail == {"since": "2024-05-08", "until": "2024-05-09"}
    assert hall.do(peaks.refuse, plan=second.id, why="已有预案").why == "已有预案"
    assert hall.refused(peaks.approve, plan=second.id).code == "wrong_state"
    with pytest.raises(Refused, match="forbidden"):
        hall.do(peaks.checked, plan=first.id, department="another")
    assert hall.do(peaks.checked, plan=first.id).checked_at == hall.now  # B28
    assert hall.row(PeakPlan, first.id).state == APPROVED


def test_the_office_begins_at_once_and_ends_with_a_reason(hall: Bench) -> None:
    """C01"""
    hall.do(peaks.start_now, reason="系统升级后集中办理")
    assert peak_since(hall) == hall.now
    assert hall.refused(peaks.start_now, reason="again").code == "wrong_state"
    assert hall.refused(peaks.end, why=" ").code == "invalid"
    plan = hall.do(peaks.end, why="人已散")
    assert plan.state == ENDED and plan.why == "人已散" and peak_since(hall) is None
    assert hall.refused(peaks.end, why="x").code == "wrong_state"


def test_a_peak_ends_with_its_day(hall: Bench) -> None:
    hall.do(peaks.start_now, reason="人多")
    hall.wait(DAY)
    assert hall.do(caps.stop, service="a", reason="x")  # anything
    hall.do(peaks.keep)
    assert peak_since(hall) is None


def test_what_a_peak_was_like(hall: Bench) -> None:
    """C09: crowds, who was turned away, numbers and those served, beside the plan."""
    sign_in(hall, "1")
    plan = hall.do(peaks.start_now, reason="人多")
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(do.finish, window="1")
    hall.do(do.issue, service="a")
    hall.do(caps.turn_away, service="a", why="full")
    hall.do(lambda tx: tx.insert(model.Notice, kind="alarm", key="crowd/1F", at=tx.now))
    found = peaks.report(hall.db, hall.row(PeakPlan, plan.id))
    assert found == {"issued": 2, "served": 1, "turned_away": 1, "crowds": 1, "alarms": 1}


# -- in force


@pytest.mark.parametrize(("minutes", "until"), [(10, 10), (5, 5), (11, None), (480, None)])
def test_pauses_are_short(hall: Bench, minutes: int, until: int | None) -> None:
    """C04"""
    sign_in(hall, "1")
    hall.do(peaks.start_now, reason="人多")
    if until is None:
        found = hall.refused(do.pause, window="1", reason="meal", minutes=minutes)
        assert found.code == "peak_limited" and found.detail["minutes"] == 10
    else:
        hall.do(do.pause, window="1", reason="meal", minutes=minutes)
        assert hall.picture.windows["1"].pause.until == hall.now + until * MINUTE  # type: ignore[union-attr]


def test_a_peak_of_some_businesses_binds_their_windows(hall: Bench) -> None:
    """C01, C04: a plan names its businesses; other windows pause as ever."""
    sign_in(hall, "1", "4")
    hall.do(peaks.start_now, reason="人多", services=["c"])
    hall.do(do.pause, window="1", reason="meal", minutes=30)
    assert hall.refused(do.pause, window="4", reason="meal", minutes=30).code == "peak_limited"
    hall.do(do.pause, window="4", reason="meal")  # the reason proposes 30; a pad's key can name no other length
    assert hall.picture.windows["4"].pause.until == hall.now + 10 * MINUTE  # type: ignore[union-attr]


def test_the_day_begins_earlier(hall: Bench) -> None:
    """C08: numbers and windows from the plan's time on, while the peak is in force."""
    plan = hall.do(peaks.file, **PLAN, early="07:30")
    hall.do(peaks.approve, plan=plan.id)
    hall.wait(2 * DAY - 2.5 * 3600)  # Wednesday 07:30
    assert hall.refused(do.issue, service="a").code == "closed"
    hall.do(peaks.keep)
    sign_in(hall, "1")
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    assert peaks.first_call(hall.db, "2024-05-08") == "07:30"
    hall.do(peaks.end, why="over")
    assert hall.refused(do.issue, service="a").code == "closed"


def test_stepping_away_during_a_visit_is_no_pause(hall: Bench) -> None:
    sign_in(hall, "1")
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(peaks.start_now, reason="人多")
    hall.do(do.away, window="1", reason="meal", minutes=30)


def test_the_green_channel_cannot_be_switched_off(hall: Bench) -> None:
    """A09"""
    hall.do(peaks.start_now, reason="人多")
    assert hall.refused(switch, kind="categories", key="elderly", active=False).code == "peak_green"
    hall.do(peaks.end, why="over")
    hall.do(switch, kind="categories", key="elderly", active=False)


# -- what stops numbers


def left(hall: Bench) -> int | None:
    return hall.picture.queues["a"].left


def test_a_person_stops_numbers_with_a_reason_that_all_can_read(hall: Bench) -> None:
    """A05, A06"""
    sign_in(hall, "1")
    kept = hall.do(do.issue, service="a")
    hall.do(caps.stop, service="a", reason="系统检修，请改日再来")
    queue = hall.picture.queues["a"]
    assert (queue.open, queue.why, queue.stopped) == (False, "stopped", "系统检修，请改日再来")
    found = hall.refused(do.issue, service="a")
    assert found.code == "stopped" and found.detail["why"] == "系统检修，请改日再来"
    assert hall.do(do.call_next, window="1").id == kept.id  # who holds a number is served
    assert hall.refused(caps.stop, service="a", reason="x").code == "wrong_state"
    hall.do(caps.resume, service="a")
    assert hall.do(do.issue, service="a").number == "A002"
    assert hall.refused(caps.resume, service="a").code == "wrong_state"
    hall.do(caps.stop, service="a", reason="again")
    hall.wait(DAY)
    hall.do(do.day_change)
    assert caps.stopped(hall.db, "a") is None  # a stop ends with its day


def test_a_cap_is_set_ahead_for_a_day(hall: Bench) -> None:
    """A05: the cap of the day stands before the service's own; the kiosk sees how many are left."""
    sign_in(hall, "1")
    hall.do(caps.set_cap, service="a", day="2024-05-06", cap=2)
    hall.do(caps.set_cap, service="a", day="2024-05-07", cap=0)
    assert left(hall) == 2
    hall.do(do.issue, service="a")
    assert left(hall) == 1
    hall.do(do.issue, service="a")
    assert hall.refused(do.issue, service="a").detail == {"service": "a", "quota": 2}
    assert hall.picture.queues["a"].why == "full"
    hall.do(caps.set_cap, service="a", day="2024-05-06", cap=None)
    assert left(hall) is None
    assert hall.refused(caps.set_cap, service="a", day="2024-05-05", cap=1).code == "invalid"
    service = hall.row(model.Service, "a")
    assert caps.cap_of(hall.db, service, "2024-05-07") == 0


def test_beyond_the_cap_with_a_reason_only(hall: Bench) -> None:
    """A05, A22: on the monthly list."""
    sign_in(hall, "1")
    hall.do(caps.set_cap, service="a", day="2024-05-06", cap=0)
    assert hall.refused(do.issue, service="a", beyond=" ").code == "quota_reached"
    ticket = hall.do(do.issue, service="a", beyond="老人从外地赶来", actor="person:9")
    [row] = hall.rows("out_of_order")
    assert {"beyond_cap", "person:9", ticket.id, "老人从外地赶来"} <= set(row)
    hall.do(caps.set_cap, service="a", day="2024-05-06", cap=9)
    hall.do(do.issue, service="a", beyond="not needed")
    assert len(hall.rows("out_of_order")) == 1


def test_who_is_turned_away_is_counted(hall: Bench) -> None:
    """A06, C03"""
    for why in ("full", "full", "diverted"):
        hall.do(caps.turn_away, service="a", why=why, kiosk="k1")
    assert caps.turned_away(hall.db, "2024-05-06") == {"a": {"full": 2, "diverted": 1}}
    assert hall.refused(caps.turn_away, service="a", why="bored").code == "invalid"
    assert hall.refused(caps.turn_away, service="zz", why="full").code == "not_found"


# -- the forecast's rows


def test_a_past_day_becomes_history_once(hall: Bench) -> None:
    sign_in(hall, "1")
    for _ in range(3):
        hall.do(do.issue, service="a")
    hall.wait(1800)
    hall.do(do.issue, service="a")
    assert hall.do(forecast.remember) is None  # today is no history yet
    hall.wait(DAY)
    assert hall.do(forecast.remember) == "2024-05-06"
    assert hall.do(forecast.remember) is None
    assert hall.rows("arrivals") == [("2024-05-06", "a", 20, 3), ("2024-05-06", "a", 21, 1)]
    history = forecast.history(hall.db)
    assert len(history.days) == 1 and history.basis(10) == forecast.THIN


def look(hall: Bench, **expected: dict[int, float]) -> capacity.HallDay:
    rates = {code: forecast.Rate(sum(slots.values())) for code, slots in expected.items()}
    return capacity.look(hall.db, day=hall.db.day, basis="model", expected=expected, rates=rates)


def test_too_many_for_the_windows_that_are_open(hall: Bench) -> None:
    """A05: at 10:00 window 1 has 300 minutes left; 5 wait and 45 come, as expected so far, at 8 minutes each."""
    sign_in(hall, "1")
    for _ in range(5):
        hall.do(do.issue, service="a")
    seen = look(hall, a={19: 5.0, 20: 5.0, 21: 30.0, 30: 10.0})
    assert seen.minutes_left == 300
    [a] = [each for each in seen.services if each.code == "a"]
    assert (a.waiting, a.open_windows, a.could_open) == (5, 1, 1)
    assert a.coming == 45 and a.short == 13 and a.capacity == 37 and a.to_open == 1
    assert seen.short == ("a",)
    sign_in(hall, "2")
    assert look(hall, a={19: 5.0, 20: 5.0, 21: 30.0, 30: 10.0}).short == ()


@pytest.mark.parametrize(("minutes", "left"), [(60, 240), (None, 0)])
def test_a_paused_window_counts_from_its_return(hall: Bench, minutes: int | None, left: float) -> None:
    sign_in(hall, "1")
    hall.do(add_reason)
    hall.do(do.pause, window="1", reason="out", minutes=minutes)
    seen = look(hall, a={21: 1000.0})
    [a] = [each for each in seen.services if each.code == "a"]
    assert a.capacity == left / 8


def add_reason(tx: Any) -> None:
    tx.insert(model.PauseReason, code="out", name="外出", public="暂停")


def test_measured_times_stand_before_the_catalogues(hall: Bench) -> None:
    sign_in(hall, "1")
    for _ in range(capacity.MEASURED_LEAST + 1):
        hall.do(do.issue, service="a")
        hall.do(do.call_next, window="1")
        hall.wait(120)
        hall.do(do.finish, window="1")
    [a] = [each for each in look(hall).services if each.code == "a"]
    assert a.measured and a.minutes == 2


def test_the_warning_is_one_notice_and_goes_when_it_is_over(hall: Bench) -> None:
    """A05: 避免放号过多，防止群众跑空"""
    sign_in(hall, "1")
    hall.do(peaks.warn, services=["a"], windows=2)
    hall.do(peaks.warn, services=["a", "b"], windows=3)
    assert hall.do(do.issue, service="a").number == "A001"  # a forecast stops nothing
    [found] = [view for view in hall.picture.notices.values() if view.key == "busy"]
    assert found.audience == "office" and '"windows":3' in found.detail
    hall.do(peaks.warn, services=[], windows=0)
    assert notice(hall, "busy") is None


def test_a_year_is_learnt_in_under_a_second(hall: Bench) -> None:
    """Thirty services, 250 days, eighteen half hours a day; once the library is loaded."""
    fill_year(hall)
    monday, friday = date(2024, 5, 6), date(2024, 5, 3)
    forecast.day_rates(forecast.history(hall.db), monday, friday, least=10)
    began = time.process_time()
    history = forecast.history(hall.db)
    rates = forecast.day_rates(history, monday, friday, least=10)
    expected = forecast.by_slot(history, monday, rates)
    took = time.process_time() - began
    assert len(history.days) == 250 and len(rates) == 30 and len(expected["s1"]) == 18
    assert took < 1, took


def fill_year(hall: Bench) -> None:
    """Past the writer, which would take ten times as long as what is measured."""
    friday = date(2024, 5, 3)
    days = [str(day) for n in range(350) if (day := friday - timedelta(days=n)).isoweekday() <= 5]
    rows = [(day, f"s{n}", slot, 1 + slot * n % 5) for day in days for n in range(30) for slot in range(17, 35)]
    connection = hall.store._connection
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO arrivals (day, service, slot, count) VALUES (?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
