"""Closures, suspensions and changes on real rows: from the draft to the dark window and back, by the clock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from hallq.kernel import Refused, Tx
from hallq.office import alarms, changes, day_book, papers, proofs
from hallq.office.due import apply_due
from hallq.office.foreseen import foresee
from hallq.office.model import BusinessSuspension, Closure, MissedStep, WindowPlan
from hallq.office.peak_model import PeakPlan
from hallq.ticketing import commands, model
from hallq.ticketing.drawing.taking import take
from hallq.ticketing.model import HallMode, Suspension, Ticket, Window
from tests.commands.conftest import MINUTE, START, Bench

HOUR = 60 * MINUTE
DAY = 24 * HOUR
TOMORROW = START - HOUR + DAY  # Tuesday 9:00; today is Monday 2024-05-06, 10:00
ADVISERS = json.dumps([{"name": "王芳", "phone": "7218601"}, {"name": "李明", "phone": "7218602"}])
LIFT = papers.Lift("系统升级", "张主任")


def third_window(tx: Tx) -> None:
    """Window 3 offers a too."""
    tx.insert(model.WindowService, window="3", service="a", rank=1)


@pytest.fixture
def county(hall: Bench) -> Iterator[Bench]:
    hall.do(third_window)
    yield hall


def closure(hall: Bench, windows: str = "1", *, lift: papers.Lift | None = None, **more: Any) -> Closure:
    values = {"department": "social", "windows": windows, "since": TOMORROW, "until": TOMORROW + 2 * DAY,
              "reason": "休假", "applicant": "赵强", "kind": "close", "to_window": "2"} | more  # fmt: skip
    made: Closure = hall.do(papers.apply, kind="closures", values=values, lift=lift)
    return made


def suspension(hall: Bench, since: int, *, lift: papers.Lift | None = None, **more: Any) -> BusinessSuspension:
    values = {"department": "social", "windows": "1", "services": "a", "since": since, "until": since + 2 * DAY,
              "reason": "系统升级", "applicant": "赵强", "advisers": ADVISERS} | more  # fmt: skip
    made: BusinessSuspension = hall.do(papers.apply, kind="suspensions", values=values, lift=lift)
    return made


def signed(hall: Bench, kind: str, form: Any) -> None:
    hall.do(papers.sign, kind=kind, number=form.id, name="赵强", rank="chief", opinion="同意")


def approved(hall: Bench, kind: str, form: Any) -> None:
    signed(hall, kind, form)
    hall.do(papers.approve, kind=kind, number=form.id, name="林静", answer="同意")


def at(hall: Bench, moment: int) -> None:
    """What is due by then; the kept picture is the one taken from nothing."""
    hall.clock.at = moment
    hall.do(apply_due)
    fresh = take(hall.db)
    for part in ("windows", "services", "notices"):
        assert getattr(hall.picture, part) == getattr(fresh, part), part


def refusal(call: Any, *args: Any, **kwargs: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value


def state(hall: Bench, form: Closure) -> str:
    found: str = hall.row(Closure, form.id).state
    return found


def notice(hall: Bench, key: str) -> Any:
    return next((view for view in hall.picture.notices.values() if view.key == key), None)


# -- a closure


def test_b14_b15_a_closure_begins_and_ends_by_itself(county: Bench) -> None:
    """B13, B14: signed, approved, published, and from then on by the clock. A.3 7: its end needs no form."""
    form = closure(county)
    approved(county, "closures", form)
    county.do(papers.publish, kind="closures", number=form.id)
    told = notice(county, f"closure/{form.id}")
    assert (told.words, told.audience, json.loads(told.detail)["d1"]) == ("cl.closureTo", "public", "5月7日9:00")
    at(county, TOMORROW - 1)
    assert county.picture.windows["1"].closed == ""
    at(county, TOMORROW)
    window = county.picture.windows["1"]
    assert (window.closed, window.closed_until, window.closed_to, window.form) == ("temp", form.until, "2", form.id)
    assert county.picture.services["a"].windows == ("2", "3")  # B10: its business goes on elsewhere
    refused = refusal(county.do, commands.sign_in, window="1", person=1)
    assert (refused.code, refused.detail["to"]) == ("window_closed", "2")
    assert refusal(county.do, commands.call_next, window="1").code == "window_closed"
    at(county, form.until or 0)
    assert (county.picture.windows["1"].closed, state(county, form)) == ("", "ended")
    assert notice(county, f"closure/{form.id}") is None
    county.do(commands.sign_in, window="1", person=1)


def test_b14_a_visit_goes_on_to_its_end_and_who_was_meant_for_the_window_is_free(county: Bench) -> None:
    form = closure(county)
    approved(county, "closures", form)
    at(county, TOMORROW - HOUR)
    county.do(commands.sign_in, window="1", person=1)
    county.do(commands.sign_in, window="2", person=2)
    first, second = county.do(commands.issue, service="a"), county.do(commands.issue, service="a")
    county.do(commands.call_next, window="2")
    county.do(commands.transfer, window="2", to_window="1")
    assert county.row(Ticket, first.id).for_window == "1"
    called = county.do(commands.call_next, window="1")
    county.do(commands.call_next, window="2")
    county.do(commands.transfer, window="2", to_window="1")
    assert (called.id, county.row(Ticket, second.id).for_window) == (first.id, "1")
    at(county, TOMORROW)
    assert county.picture.windows["1"].state == "serving"
    assert county.row(Ticket, second.id).for_window is None
    county.do(commands.finish, window="1", next=True)
    assert county.picture.windows["1"].clerk is None
    assert county.do(commands.call_next, window="2").id == second.id


def test_b13_a_late_closure_needs_a_leaders_word_and_leaves_a_step_in_the_ledger(county: Bench) -> None:
    """B13, B22, A.3 5."""
    refused = refusal(closure, county, since=START + HOUR)
    assert (refused.code, refused.detail["earliest"], refused.detail["days"]) == ("closure_late", "2024-05-07", 1)
    form = closure(county, since=START + HOUR, lift=LIFT)
    assert (form.lifted, form.lift_name, form.lift_reason) == ("closure_late", "张主任", "系统升级")
    approved(county, "closures", form)
    [missed] = [county.row(MissedStep, row[0]) for row in county.rows("missed_step")]
    assert (missed.kind, missed.form, missed.step, missed.name) == ("closures", form.id, "closure_late", "张主任")


def test_b13_it_counts_as_filed_when_it_is_signed(county: Bench) -> None:
    """A draft of yesterday that is signed today is not filed yesterday; one that was signed in time may wait."""
    form = closure(county)
    county.clock.at = TOMORROW - HOUR
    assert refusal(signed, county, "closures", form).code == "closure_late"
    form = closure(county, since=TOMORROW + DAY, until=TOMORROW + 2 * DAY)
    signed(county, "closures", form)
    county.clock.at += DAY
    county.do(papers.approve, kind="closures", number=form.id, name="林静")
    assert not county.rows("missed_step")


def test_b12_the_second_closure_is_refused_at_the_approval_too(county: Bench) -> None:
    one, other = closure(county, "1"), closure(county, "2", to_window=None)
    approved(county, "closures", one)
    refused = refusal(approved, county, "closures", other)
    assert (refused.code, refused.detail["limit"], refused.detail["closed"]) == ("closure_too_many", 1, 2)


def test_b09_b10_the_last_window_of_a_business_stays_open(county: Bench) -> None:
    assert refusal(closure, county, "4", department="tax", to_window=None).code == "closure_few"
    county.do(lambda tx: tx.insert(model.Window, no="5", department="tax", zone="2F"))
    refused = refusal(closure, county, "4", department="tax", to_window=None)
    assert (refused.code, refused.detail["services"]) == ("closure_alone", "c")


def test_b08_who_could_take_over_is_named(county: Bench) -> None:
    county.do(lambda tx: [tx.update(tx.get(model.Person, 3), department="social")])
    values = {"department": "social", "windows": "1", "since": TOMORROW, "until": TOMORROW + DAY, "reason": "休假",
              "applicant": "赵强", "kind": "close"}  # fmt: skip
    found = papers.standing(county.db, "closures", values)
    assert [(one.code, one.weight, one.detail) for one in found] == [("cover", "warn", {"names": "clerk3"})]


def test_b08_a_spare_person_stands_in_unless_on_leave_j03(county: Bench) -> None:
    county.do(lambda tx: [tx.update(tx.get(model.Person, 3), department="social", window=None),
                          tx.update(tx.get(model.Person, 1), department="social"),
                          tx.insert(model.Skill, person=3, service="a")])  # fmt: skip
    values = {"department": "social", "windows": "1", "since": TOMORROW, "until": TOMORROW + DAY, "reason": "休假",
              "applicant": "赵强", "kind": "close"}  # fmt: skip
    refusal = county.refused(papers.apply, kind="closures", values=values)
    assert (refusal.code, refusal.detail["names"]) == ("closure_cover", "clerk3")
    leave: dict[str, Any] = {"since": "2024-05-07", "until": "2024-05-07", "by": "林静"}
    for person in (1, 3):
        county.do(day_book.record_leave, person=person, kind="annual", **leave)
    found = papers.standing(county.db, "closures", values)
    assert [(one.code, one.weight, one.detail) for one in found] == [("away", "warn", {"names": "clerk1"})]


def test_c04_no_closure_during_a_peak(county: Bench) -> None:
    county.do(lambda tx: tx.insert(HallMode, peak_since=START, peak_until=TOMORROW + DAY))
    assert refusal(closure, county).code == "closure_peak"
    assert closure(county, since=TOMORROW + DAY, until=TOMORROW + 2 * DAY).state == "draft"


def test_c04_no_closure_during_a_planned_peak(county: Bench) -> None:
    values = {"state": "approved", "cause": "高考报名", "since": TOMORROW, "until": TOMORROW + DAY, "filed_at": START,
              "filed_by": "hub"}  # fmt: skip
    county.do(lambda tx: tx.insert(PeakPlan, department="tax", **values) and None)
    assert closure(county).state == "draft"  # another department's
    county.do(lambda tx: tx.insert(PeakPlan, department="social", **values) and None)
    assert refusal(closure, county).code == "closure_peak"


def test_a15_no_cap_holds_while_a_window_is_closed(county: Bench) -> None:
    county.do(lambda tx: tx.update(tx.get(model.Service, "b"), quota=1))
    county.do(lambda tx: tx.update(tx.get(model.Service, "c"), quota=0))
    approved(county, "closures", closure(county))
    at(county, TOMORROW + HOUR)
    for window, person in (("2", 2), ("4", 4)):
        county.do(commands.sign_in, window=window, person=person)
    for _ in range(3):
        county.do(commands.issue, service="b")
    assert (county.picture.queues["b"].open, county.picture.queues["b"].left) == (True, None)
    assert refusal(county.do, commands.issue, service="c").code == "quota_reached"  # another department's holds


def test_b15_the_alarm_when_nobody_is_back(county: Bench) -> None:
    form = closure(county, until=TOMORROW + 2 * HOUR)
    approved(county, "closures", form)
    at(county, TOMORROW)
    at(county, TOMORROW + 2 * HOUR)
    assert notice(county, "reopen/1") is None  # a moment's grace
    at(county, TOMORROW + 2 * HOUR + 6 * MINUTE)
    assert notice(county, "reopen/1").level == "alarm"
    county.do(commands.sign_in, window="1", person=1)
    county.do(apply_due)
    assert notice(county, "reopen/1") is None
    assert not county.row(Closure, form.id).watch


def test_b16_b17_over_a_month_it_may_become_a_spare_window_and_comes_back_by_a_form(county: Bench) -> None:
    form = closure(county, until=TOMORROW + 60 * DAY)
    approved(county, "closures", form)
    at(county, TOMORROW)
    at(county, TOMORROW + 30 * DAY)
    assert refusal(county.do, papers.reserve, kind="closures", number=form.id, name="林静").code == "wrong_state"
    at(county, TOMORROW + 31 * DAY)
    assert notice(county, "reserve/1").audience == "office"
    county.do(papers.reserve, kind="closures", number=form.id, name="林静")
    assert (county.picture.windows["1"].closed, notice(county, "reserve/1")) == ("reserve", None)
    at(county, TOMORROW + 61 * DAY)
    assert county.picture.windows["1"].closed == "reserve"
    soon: dict[str, Any] = {"kind": "reopen", "until": None, "to_window": None}
    assert refusal(closure, county, since=county.now + 4 * DAY, **soon).code == "reopen_late"
    back = closure(county, since=county.now + 9 * DAY, **soon)
    approved(county, "closures", back)
    at(county, back.since)
    assert (county.picture.windows["1"].closed, state(county, back)) == ("", "ended")


def test_b17_b18_a_season_of_the_plan_does_not_lose_its_window(county: Bench) -> None:
    """The plan is filed once a year (M11); its seasons are exempt from losing the window."""
    season: dict[str, Any] = {"kind": "season", "since": TOMORROW, "until": TOMORROW + 60 * DAY}
    assert refusal(closure, county, **season).code == "season_unplanned"
    seasons = [{"windows": ["1"], "from": "05-01", "until": "08-31"}]
    plan: dict[str, Any] = {"department": "social", "year": 2024, "seasons": seasons}
    first, again = county.do(changes.save_plan, **plan), county.do(changes.save_plan, **plan)
    assert first.id == again.id
    form = closure(county, **season)
    approved(county, "closures", form)
    at(county, TOMORROW)
    at(county, TOMORROW + 40 * DAY)
    assert county.picture.windows["1"].closed == "season"
    assert notice(county, "reserve/1") is None
    assert refusal(county.do, papers.reserve, kind="closures", number=form.id, name="林静").code == "wrong_state"


def test_b18_the_office_sees_who_has_not_filed_a_plan(county: Bench) -> None:
    year = 2025
    at(county, 1_739_836_800_000)  # 2025-02-18
    told = notice(county, f"plan/{year}")
    assert (told.audience, json.loads(told.detail)["n"]) == ("office", 2)
    for department in ("social", "tax"):
        county.do(changes.save_plan, department=department, year=year, seasons=[])
    county.do(apply_due)
    assert notice(county, f"plan/{year}") is None
    assert county.row(WindowPlan, 1).seasons == "[]"


def test_b11_on_crowding_the_department_is_told_to_staff_the_window(county: Bench) -> None:
    form = closure(county)
    approved(county, "closures", form)
    at(county, TOMORROW)
    crowd = county.do(lambda tx: tx.insert(model.Notice, kind="alarm", key="crowd/1F", zone="1F", at=tx.now))
    county.do(apply_due)
    assert notice(county, "staff/1").window == "1"
    county.do(papers.end, kind="closures", number=form.id, name="林静", why="群众拥堵")
    assert (county.picture.windows["1"].closed, notice(county, "staff/1")) == ("", None)
    done = county.rows("notice", "key = 'staff/1'")
    assert len(done) == 1 and crowd.id is not None  # from its raising to its end: the time to reopen


def test_a_withdrawn_or_refused_form_does_nothing(county: Bench) -> None:
    one, other = closure(county), closure(county)
    county.do(papers.withdraw, kind="closures", number=one.id, name="赵强")
    signed(county, "closures", other)
    county.do(papers.refuse, kind="closures", number=other.id, name="林静", why="高峰期")
    at(county, TOMORROW)
    assert county.picture.windows["1"].closed == ""
    assert (state(county, one), state(county, other)) == ("withdrawn", "refused")
    assert refusal(signed, county, "closures", other).code == "wrong_state"


# -- a suspension

SOON = START - HOUR + 8 * DAY  # Tuesday 2024-05-14: six working days after, with the make-up Saturday


def test_b19_b20_b21_a_suspension_from_its_notice_to_its_end(county: Bench) -> None:
    form = suspension(county, SOON)
    approved(county, "suspensions", form)
    assert county.row(BusinessSuspension, form.id).public_at == START - 10 * HOUR + 3 * DAY  # B20: D-4, a Thursday
    at(county, START + 2 * DAY)
    assert notice(county, f"suspension/{form.id}") is None
    at(county, START + 3 * DAY)
    told = notice(county, f"suspension/{form.id}")
    assert (told.audience, json.loads(told.detail)["tel"]) == ("public", "7218601、7218602")
    at(county, SOON + HOUR)
    queue = county.picture.queues["a"]
    assert (queue.open, queue.why, queue.suspended and queue.suspended.window) == (False, "suspended", "1")
    refused = refusal(county.do, commands.issue, service="a")
    assert (refused.code, refused.detail["window"]) == ("suspended", "1")
    county.do(commands.sign_in, window="1", person=1)
    assert county.picture.windows["1"].state == "advice_only"
    at(county, form.until)
    assert county.row(BusinessSuspension, form.id).state == "ended"
    assert county.picture.windows["1"].state == "open"
    assert county.picture.queues["a"].suspended is None
    assert not county.rows("suspension")


def test_b19_who_waits_when_it_begins_is_served_first(county: Bench) -> None:
    form = suspension(county, SOON)
    approved(county, "suspensions", form)
    at(county, SOON - DAY)
    at(county, SOON - 1)
    county.clock.at = SOON - 1
    county.do(commands.sign_in, window="1", person=1)
    ticket = county.do(commands.issue, service="a")
    at(county, SOON)
    assert county.picture.windows["1"].state == "open"
    assert county.do(commands.call_next, window="1").id == ticket.id
    county.do(commands.finish, window="1")
    county.do(apply_due)
    assert county.picture.windows["1"].state == "advice_only"


def test_b20_a_late_suspension_needs_a_leaders_word_and_is_public_at_once(county: Bench) -> None:
    """B19, B20, B22: each step that came too late stands in the ledger."""
    assert refusal(suspension, county, SOON - 5 * DAY).code == "suspension_late"
    form = suspension(county, SOON - 5 * DAY, lift=LIFT)
    approved(county, "suspensions", form)
    county.do(apply_due)
    assert notice(county, f"suspension/{form.id}") is not None
    steps = [county.row(MissedStep, row[0]).step for row in county.rows("missed_step")]
    assert steps == ["suspension_late", "suspension_notice_late"]


def test_b21_two_or_three_people_stay(county: Bench) -> None:
    one = json.dumps([{"name": "王芳", "phone": "1"}])
    refused = refusal(suspension, county, SOON, advisers=one)
    assert (refused.code, refused.detail["least"], refused.detail["most"]) == ("suspension_advisers", 2, 3)


def test_a_service_is_suspended_by_one_form_at_a_time(county: Bench) -> None:
    county.do(lambda tx: tx.insert(Suspension, service="a", since=START, until=SOON + DAY, form=99))
    assert refusal(suspension, county, SOON).code == "suspended_already"


# -- a change of windows


def change(hall: Bench, windows: str, kind: str, **more: Any) -> Any:
    values = {"department": "social", "windows": windows, "since": TOMORROW, "reason": "业务增加", "applicant": "赵强",
              "kind": kind} | more  # fmt: skip
    made = hall.do(papers.apply, kind="window-changes", values=values)
    approved(hall, "window-changes", made)
    return made


def test_b06_b07_an_added_window_is_there_from_its_day_on(county: Bench) -> None:
    change(county, "8", "add", zone="1F", services="a,b")
    assert "8" not in county.picture.windows
    at(county, TOMORROW)
    assert county.picture.windows["8"].services == ("a", "b")
    assert "8" in county.picture.services["a"].windows
    assert refusal(change, county, "8", "add", zone="1F").code == "invalid"


def test_b06_a_removed_window_goes_once_nobody_is_served_there(county: Bench) -> None:
    change(county, "1", "remove")
    county.clock.at = TOMORROW - 1
    county.do(commands.sign_in, window="1", person=1)
    county.do(commands.issue, service="a")
    county.do(commands.call_next, window="1")
    at(county, TOMORROW)
    assert "1" in county.picture.windows
    county.do(commands.finish, window="1")
    county.do(apply_due)
    assert "1" not in county.picture.windows
    assert not county.row(Window, "1").active


def test_b06_a_window_that_moved_says_where_to_for_a_while(county: Bench) -> None:
    form = change(county, "1", "remove", to_window="3")
    at(county, TOMORROW)
    window = county.picture.windows["1"]
    assert (window.closed, window.closed_to) == ("moved", "3")
    assert notice(county, f"change/{form.id}").words == "cl.moved"
    at(county, TOMORROW + 31 * DAY)
    assert "1" not in county.picture.windows
    assert notice(county, f"change/{form.id}") is None


def test_b14_nobody_is_sent_to_a_closed_window(county: Bench) -> None:
    approved(county, "closures", closure(county))
    at(county, TOMORROW)
    county.do(commands.sign_in, window="2", person=2)
    county.do(commands.issue, service="a")
    county.do(commands.call_next, window="2")
    assert refusal(county.do, commands.transfer, window="2", to_window="1").code == "window_closed"


def test_b14_the_proof_is_of_the_window_that_shows_it(county: Bench) -> None:
    """B14, B07: the first time counts, and a strip proves only what it can show."""
    form = closure(county)
    first = county.do(commands.mark_shown, what="closure", ref=form.id, device="led-1", window="1")
    county.wait(60)
    again = county.do(commands.mark_shown, what="closure", ref=form.id, device="led-1", window="1")
    assert (first.id, first.at, first.window) == (again.id, START, "1")
    assert county.do(commands.mark_shown, what="closure", ref=form.id, device="voice") is None


def test_b15_what_the_office_has_cleared_is_not_raised_again(county: Bench) -> None:
    form = closure(county, until=TOMORROW + HOUR)
    approved(county, "closures", form)
    at(county, TOMORROW)
    at(county, TOMORROW + HOUR)
    at(county, TOMORROW + HOUR + 10 * MINUTE)
    raised = notice(county, "reopen/1")
    county.do(alarms.take, notice=int(raised.id), person=1)
    county.do(alarms.clear, notice=int(raised.id), why="人员已在路上", actor="person:1")
    at(county, TOMORROW + HOUR + 20 * MINUTE)
    assert notice(county, "reopen/1") is None


def test_a_form_that_will_close_a_window_is_written_on_it_a_day_before(county: Bench) -> None:
    """B14: waits reckon with it; taken back, it is wiped off."""
    form = closure(county)
    county.do(foresee)
    assert county.row(Window, "1").closes_at is None  # nobody has approved it
    approved(county, "closures", form)
    county.do(foresee)
    assert county.row(Window, "1").closes_at == TOMORROW
    county.do(papers.withdraw, kind="closures", number=form.id, name="赵强")
    county.do(foresee)
    assert county.row(Window, "1").closes_at is None


def test_b09_b10_the_volume_by_hour_and_the_load_on_the_windows_that_stay(county: Bench) -> None:
    """Twenty visits of six minutes at ten o'clock: two hours of work for windows 2 and 3 in one hour."""

    def past(tx: Tx) -> None:
        for number in range(20):
            begun = START - 3 * DAY + number * MINUTE
            values = {"ticket": number, "window": "1", "service": "a", "called_at": begun, "started_at": begun}
            tx.insert(model.Visit, day="2024-05-03", ended_at=begun + 6 * MINUTE, end="finished", **values)

    county.do(past)
    assert proofs.volume(county.db, ["1"]) == [{"hour": 10, "visits": 20.0, "percent": 100}]
    assert proofs.busiest(county.db, ["4"]) is None
    values = {"department": "social", "windows": "1,3", "since": TOMORROW, "until": TOMORROW + DAY, "reason": "休假",
              "applicant": "赵强", "kind": "close"}  # fmt: skip
    found = papers.standing(county.db, "closures", values, proofs.busiest(county.db, ["1", "3"]))
    assert ("load", {"hour": "10:00", "percent": 200}) in [(one.code, one.detail) for one in found]
