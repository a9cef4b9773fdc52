"""Appointments from slot to call (A21, issue's point 8): free places, arrival by code, late, early, nobody came."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hallq.kernel import MINUTE, Refused, Tx
from hallq.office import alarms
from hallq.ticketing import commands
from hallq.ticketing.model import Appointment, Notice, Service, SlotPlan
from hallq.ticketing.opening import hours
from hallq.ticketing.rules import Rules
from hallq.ticketing.tickets import appointments, slots
from tests.commands.conftest import START, Bench, open_bench

TODAY, TEN_THIRTY, ELEVEN = "2024-05-06", START + 30 * MINUTE, START + 60 * MINUTE


@pytest.fixture
def booked(hall: Bench) -> Bench:
    hall.do(appointments.save_plan, plan=None, service="a", days="1,2,3,4,5", start="10:30", until="11:30", minutes=30,
            capacity=2, outside=False, active=True)  # fmt: skip
    hall.do(commands.sign_in, window="1", person=1)
    return hall


def code_of(row: Any) -> str:
    assert isinstance(row.code, str)
    return row.code


def test_slots_of_a_day() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    plan = SlotPlan(service="a", days="1,6", start="09:00", until="10:10", minutes=30, capacity=2)
    more = plan.model_copy(update={"start": "09:30", "until": "10:00", "capacity": 3, "outside": True})
    monday, saturday = "2024-05-06", "2024-05-11"
    found = slots.of_day([plan, more], monday, working=True, zone=zone)
    assert [(hours.minute_of(one.at, zone), one.capacity) for one in found] == [(540, 2), (570, 5)]
    assert [one.capacity for one in slots.of_day([plan, more], saturday, working=False, zone=zone)] == [3]
    assert slots.of_day([plan, more], "2024-05-07", working=True, zone=zone) == []


@pytest.mark.parametrize(
    ("minutes", "word"), [(-31, "early"), (-30, "in_time"), (0, "in_time"), (15, "in_time"), (16, "late")]
)
def test_early_in_time_late(minutes: int, word: str) -> None:
    assert slots.punctual(0, minutes * MINUTE, early_s=1800, late_s=900) == word


def test_a_slot_holds_as_many_as_it_says(booked: Bench) -> None:
    for _ in range(2):
        booked.do(appointments.book, service="a", at=TEN_THIRTY)
    with pytest.raises(Refused) as refused:
        booked.do(appointments.book, service="a", at=TEN_THIRTY)
    assert refused.value.code == "slot_full"
    free = appointments.free_slots(booked.db, service="a", day=TODAY)
    assert [(one.slot.at, one.slot.capacity - one.taken) for one in free] == [(TEN_THIRTY, 0), (ELEVEN, 2)]


@pytest.mark.parametrize("at", [START, TEN_THIRTY + MINUTE, START + 60 * 24 * 60 * MINUTE])
def test_no_slot(booked: Bench, at: int) -> None:
    """Past, between two slots, too far ahead."""
    with pytest.raises(Refused, match="no_slot"):
        booked.do(appointments.book, service="a", at=at)
    assert booked.rows("appointment") == []


def test_the_same_person_books_once(booked: Bench) -> None:
    booked.do(appointments.book, service="a", at=TEN_THIRTY, person_key="k")
    with pytest.raises(Refused, match="already_booked"):
        booked.do(appointments.book, service="a", at=ELEVEN, person_key="k")


def test_who_comes_in_time_stands_before_those_who_came_later(booked: Bench) -> None:
    row = booked.do(appointments.book, service="a", at=TEN_THIRTY, cases=3, needs=["deaf"])
    booked.wait(1200)
    booked.do(commands.issue, service="a")
    _, ticket = booked.do(appointments.arrive, code=code_of(row), kiosk="k1")
    assert (ticket.priority, ticket.arrival, ticket.cases, ticket.needs) == ("appointment", TEN_THIRTY, 3, "deaf")
    assert booked.do(commands.call_next, window="1").id == ticket.id
    assert booked.row(Appointment, row.id).state == "arrived"


def test_too_early_and_with_a_wrong_code(booked: Bench) -> None:
    row = booked.do(appointments.book, service="a", at=ELEVEN)
    booked.wait(29 * 60)
    with pytest.raises(Refused) as refused:
        booked.do(appointments.arrive, code=code_of(row))
    assert (refused.value.code, refused.value.detail) == ("appointment_early", {"opens": "10:30"})
    booked.wait(60)
    other = f"{(int(row.code) + 1) % 1_000_000:06d}"
    with pytest.raises(Refused, match="no_appointment"):
        booked.do(appointments.arrive, code=other)
    booked.do(appointments.arrive, code=code_of(row))
    with pytest.raises(Refused, match="no_appointment"):
        booked.do(appointments.arrive, code=code_of(row))


def test_nobody_came_frees_the_slot_and_late_is_an_ordinary_number(booked: Bench) -> None:
    row = booked.do(appointments.book, service="a", at=TEN_THIRTY)
    booked.wait(45 * 60)
    booked.do(appointments.watch_appointments)
    assert booked.row(Appointment, row.id).state == "booked"
    booked.wait(1)
    booked.do(appointments.watch_appointments)
    assert booked.row(Appointment, row.id).state == "missed"
    _, ticket = booked.do(appointments.arrive, code=code_of(row))
    assert (ticket.priority, bool(ticket.green), ticket.arrival) == (None, False, booked.now)


def test_a_booking_counts_in_the_cap_until_nobody_came(booked: Bench) -> None:
    booked.do(_cap, service="a", quota=1)
    booked.do(appointments.book, service="a", at=TEN_THIRTY)
    with pytest.raises(Refused, match="quota_reached"):
        booked.do(commands.issue, service="a")
    booked.wait(46 * 60)
    booked.do(appointments.watch_appointments)
    booked.do(commands.issue, service="a")


def _cap(tx: Tx, *, service: str, quota: int) -> None:
    row = tx.get(Service, service)
    assert row is not None
    tx.update(row, quota=quota)


@pytest.mark.parametrize("why", ["unstaffed", "paused", "busy", "bound"])
def test_the_board_says_why_nobody_has_called_it(tmp_path: Path, rules: Rules, why: str) -> None:
    with open_bench(tmp_path / "hall.db", replace(rules, green_bound=0 if why == "bound" else 5)) as hall:
        hall.do(appointments.save_plan, plan=None, service="a", days="1", start="10:30", until="11:30", minutes=30,
                capacity=2, outside=False, active=True)  # fmt: skip
        row = hall.do(appointments.book, service="a", at=TEN_THIRTY)
        if why != "unstaffed":
            hall.do(commands.sign_in, window="1", person=1)
        if why == "paused":
            hall.do(commands.pause, window="1", reason="meal")
        if why == "bound":
            hall.do(commands.issue, service="a")
        hall.wait(1800)
        hall.do(appointments.arrive, code=code_of(row))
        hall.wait(601)
        for _ in range(2):
            hall.do(appointments.watch_appointments)
        [notice] = [hall.row(Notice, found[0]) for found in hall.rows("notice", "key LIKE 'appointment-late/%'")]
        assert (notice.words, notice.done_at) == (f"ap.late{why.capitalize()}", None)
        if why == "paused":
            hall.do(commands.resume, window="1")
        if why == "unstaffed":
            hall.do(commands.sign_in, window="1", person=1)
        while hall.do(commands.call_next, window="1").priority != "appointment":
            hall.do(commands.finish, window="1")
        hall.do(appointments.watch_appointments)
        assert hall.row(Notice, notice.id).why == "alw.called"


def test_what_somebody_has_seen_to_is_not_said_again(booked: Bench) -> None:
    """The duty runs every few seconds; a cleared alarm stays cleared while the same citizen waits."""
    row = booked.do(appointments.book, service="a", at=TEN_THIRTY)
    booked.wait(1800)
    booked.do(appointments.arrive, code=code_of(row))
    booked.wait(601)
    booked.do(appointments.watch_appointments)
    [(told, *_)] = booked.rows("notice", "key LIKE 'appointment-late/%'")
    booked.do(alarms.clear, notice=told, why="马上叫号", actor="person:1")
    booked.do(appointments.watch_appointments)
    assert len(booked.rows("notice", "key LIKE 'appointment-late/%'")) == 1


def test_who_did_not_come_outside_hours_is_waited_for_no_more(booked: Bench) -> None:
    sunday = START + 6 * 24 * 60 * MINUTE
    booked.do(appointments.book, service="a", at=sunday, agreed=True)
    booked.wait(6 * 24 * 3600 + 3600)
    booked.do(appointments.watch_appointments)
    assert not booked.rows("notice", "key LIKE 'appointment-outside/%' AND done_at IS NULL")


def test_outside_working_hours_the_office_is_told(booked: Bench) -> None:
    """A21: agreed on for a rest day; the notice ends when the citizen comes."""
    sunday = START + 6 * 24 * 60 * MINUTE
    with pytest.raises(Refused, match="no_slot"):
        booked.do(appointments.book, service="a", at=sunday)
    row = booked.do(appointments.book, service="a", at=sunday, agreed=True)
    assert row.outside
    [(told, *_)] = booked.rows("notice", f"key = 'appointment-outside/{row.id}' AND done_at IS NULL")
    booked.wait(6 * 24 * 3600)
    booked.do(appointments.arrive, code=code_of(row))
    assert booked.row(Notice, told).done_at == booked.now


def test_the_day_after_nobody_knows_who_came(booked: Bench) -> None:
    row = booked.do(appointments.book, service="a", at=TEN_THIRTY, name="王先生", phone="13800000000", person_key="k")
    booked.do(appointments.forget_people)
    assert booked.row(Appointment, row.id).phone == "13800000000"
    booked.wait(24 * 3600)
    booked.do(appointments.forget_people)
    after = booked.row(Appointment, row.id)
    assert (after.name, after.phone, after.person_key, after.salt) == ("", "", "", "")


def test_cancelled_frees_the_slot(booked: Bench) -> None:
    row = booked.do(appointments.book, service="a", at=TEN_THIRTY)
    booked.do(appointments.cancel_appointment, appointment=row.id)
    assert appointments.free_slots(booked.db, service="a", day=TODAY)[0].taken == 0
    with pytest.raises(Refused, match="wrong_state"):
        booked.do(appointments.cancel_appointment, appointment=row.id)
