"""The midday break per service (B05, C11): the queue is finished, carried over in order, or a rota goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hallq.displays import pad, strip
from hallq.displays.screens import StripForm
from hallq.kernel import MINUTE, Refused
from hallq.ticketing import commands as do
from hallq.ticketing.drawing.taking import retime
from hallq.ticketing.model import CalendarDay, OpenHours, Service
from hallq.ticketing.opening import hours, noon
from hallq.ticketing.rules import Rules
from tests.commands.conftest import SHANGHAI, START, Bench

NOON = 2 * 3600  # seconds from the bench's 10:00


def set_service(hall: Bench, code: str, **columns: Any) -> None:
    hall.do(lambda tx: tx.update(tx.get(Service, code), **columns))


def at_noon(hall: Bench, mode: str | None) -> None:
    """Two wait since ten, one comes in the break."""
    set_service(hall, "a", at_noon=mode)
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.issue, service="a")
    hall.do(do.issue, service="a")
    hall.wait(NOON + 60)
    hall.do(do.issue, service="a")
    hall.picture, _ = retime(hall.db, hall.picture)


def next_number(hall: Bench) -> str:
    try:
        number = str(hall.do(do.call_next, window="1").number)
    except Refused as refusal:
        return f"{refusal.code} {refusal.detail.get('t', '')}".strip()
    hall.do(do.finish, window="1")
    return number


@pytest.mark.parametrize(
    ("mode", "in_the_break"),
    [
        (None, ["midday 14:30"]),  # the rule's default: carry
        ("carry", ["midday 14:30"]),
        ("finish", ["A001", "A002", "midday 14:30"]),
        ("rota", ["A001", "A002", "A003", "nobody_waiting"]),
    ],
)
def test_c11_who_is_called_at_midday_and_the_rest_in_order_afterwards(
    hall: Bench, mode: str | None, in_the_break: list[str]
) -> None:
    at_noon(hall, mode)
    assert [next_number(hall) for _ in in_the_break] == in_the_break
    hall.wait(2.5 * 3600)
    rest = [f"A00{n}" for n in (1, 2, 3) if f"A00{n}" not in in_the_break]
    assert [next_number(hall) for _ in rest] == rest


def test_finish_and_next_calls_nobody_in_the_break(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.issue, service="a")
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.wait(NOON + 60)
    assert hall.do(do.finish, window="1", next=True).number == "A001"
    assert hall.picture.windows["1"].ticket is None


def test_a_window_of_two_services_goes_on_with_the_one_on_duty(hall: Bench) -> None:
    set_service(hall, "b", at_noon="rota")
    hall.do(do.sign_in, window="2", person=2)
    hall.do(do.issue, service="a")
    hall.wait(1)
    hall.do(do.issue, service="b")
    hall.wait(NOON)
    assert hall.do(do.call_next, window="2").number == "B001"


@pytest.mark.parametrize(
    ("mode", "staffed", "page"),
    [
        ("carry", True, ("午间休息", "14:30恢复")),
        ("finish", True, ("1号窗口", "午间值班")),
        ("rota", True, ("1号窗口", "午间值班")),
        ("carry", False, ("午间休息", "14:30恢复")),
        ("rota", False, ("1号窗口", "暂停服务")),
    ],
)
def test_strips_say_what_midday_does(hall: Bench, mode: str, staffed: bool, page: tuple[str, ...]) -> None:
    at_noon(hall, mode)
    if not staffed:
        hall.do(do.sign_out, window="1")
    assert strip.strip(hall.picture, "1", form=StripForm(20), now=hall.now, zone=SHANGHAI).pages == page
    view = hall.picture.queues["a"]
    assert (view.noon, view.back) == ("rest" if mode == "carry" else "duty", START + (NOON + 9000) * 1000)
    shown = pad.pad(hall.picture, "1", None, now=hall.now).citizen
    if staffed:
        assert (shown.screen, shown.reason) == (("paused", "午间休息") if mode == "carry" else ("idle", ""))


@pytest.mark.parametrize(("mode", "why"), [("carry", ""), ("finish", ""), ("rota", "unstaffed")])
def test_numbers_at_midday_need_a_window_only_with_a_rota(hall: Bench, mode: str, why: str) -> None:
    set_service(hall, "a", at_noon=mode)
    hall.wait(NOON)
    hall.picture, _ = retime(hall.db, hall.picture)
    assert hall.picture.queues["a"].why == why


def test_c11_a_service_has_days_and_hours_of_its_own(hall: Bench) -> None:
    """Window 4's service is on duty on every day, until seven in the evening."""
    set_service(hall, "c", days="1,2,3,4,5,6,7", periods="09:00-19:00")
    hall.clock.at = START + 5 * 24 * 60 * MINUTE + 8 * 60 * MINUTE  # Saturday 2024-05-11, 18:00: a make-up day
    hall.do(do.sign_in, window="4", person=4)
    assert hall.do(do.issue, service="c").number == "C001"
    hall.clock.at += 24 * 60 * MINUTE  # Sunday
    assert hall.do(do.issue, service="c").number == "C001"
    with pytest.raises(Refused) as closed:
        hall.do(do.issue, service="a")
    assert closed.value.detail == {"opens": "2024-05-13T08:00:00+08:00"}


def test_the_office_closes_and_opens_days(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(lambda tx: tx.insert(CalendarDay, day="2024-05-06", working=False, name="停电检修"))
    assert not hall.picture.hall_open and hall.picture.opens == "08:30"
    with pytest.raises(Refused) as closed:
        hall.do(do.issue, service="a")
    assert closed.value.detail == {"opens": "2024-05-07T08:00:00+08:00"}
    hall.do(lambda tx: tx.update(tx.get(CalendarDay, "2024-05-06"), working=True))
    assert hall.do(do.issue, service="a").number == "A001"


def test_waits_are_asked_for_in_working_time(hall: Bench) -> None:
    service = hall.row(Service, "a")
    [before, after] = hours.work_spans(hall.db, service, hall.now, hall.now + 5 * 60 * MINUTE)
    assert before == (START, START + NOON * 1000) and after[0] == START + (NOON + 9000) * 1000


# -- the voice


def said(hall: Bench) -> list[tuple[str, str]]:
    return [(json.loads(payload)["key"], json.loads(payload).get("t", "")) for payload, _ in hall.effects()]


def test_the_voice_tells_of_the_break_the_end_of_numbers_and_of_the_day_once(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.issue, service="a")
    for _ in range(9 * 60):
        hall.do(noon.say_hours)
        hall.wait(60)
    zones = 2
    assert said(hall) == [("v.noon", "14:30")] * zones + [("v.closing", "17:30")] * zones
    hall.do(do.call_next, window="1")
    hall.do(noon.say_hours)
    hall.do(do.finish, window="1")
    hall.do(noon.say_hours)
    hall.do(noon.say_hours)
    assert said(hall)[4:] == [("v.call", ""), ("v.closed", ""), ("v.closed", "")]


def test_the_voice_is_silent_on_a_day_off_in_a_rota_and_where_the_rules_say_so(hall: Bench) -> None:
    hall.do(lambda tx: tx.insert(CalendarDay, day="2024-05-06", working=False))
    hall.wait(NOON)
    hall.do(noon.say_hours)
    assert not said(hall)
    hall.do(lambda tx: tx.delete(tx.get(CalendarDay, "2024-05-06")))
    for code in "abd":
        set_service(hall, code, at_noon="rota")
    hall.do(noon.say_hours)
    assert [ref for _, ref in hall.effects()] == ["noon/2024-05-06/2F"]  # only where service c rests
    hall.store.rules = Rules(timezone=SHANGHAI, say_noon=False, say_closing_s=0, say_closed=False)
    for _ in range(10 * 12):
        hall.wait(300)
        hall.do(noon.say_hours)
    assert len(said(hall)) == 1


def test_no_opening_hours_in_a_trial(hall: Bench) -> None:
    hall.store.rules = Rules(timezone=SHANGHAI, always_open=True)
    hall.wait(NOON)
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.issue, service="a")
    assert hall.do(do.call_next, window="1").number == "A001"
    assert hall.row(OpenHours, 1) and noon.state(hall.db, hall.row(Service, "a"), None) == ("", None)
