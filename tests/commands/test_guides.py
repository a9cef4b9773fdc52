"""Guides: posts of the day, the leave that a stand-in confirms, whom they help, what they report."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlmodel import select

from hallq.office import absences, alarms, guides
from hallq.office.post_model import GuideLeave, GuidePost
from hallq.ticketing import commands as do
from hallq.ticketing import model
from hallq.ticketing.picture import NoticeView
from hallq.ticketing.waiting import needs
from tests.commands.conftest import Bench

LUO, SUN, HE = 11, 12, 13


@pytest.fixture
def hall(hall: Bench) -> Bench:
    for number, name in ((LUO, "罗小燕"), (SUN, "孙导"), (HE, "何导")):
        hall.do(add, kind=model.Person, id=number, name=name, role="guide")
    return hall


def add(tx: Any, *, kind: Any, **values: Any) -> Any:
    return tx.insert(kind, **values)


def told(hall: Bench, kind: str) -> list[NoticeView]:
    return [view for view in hall.picture.notices.values() if view.kind == kind]


def on_post(hall: Bench, *people: int) -> None:
    for person in people:
        hall.do(guides.post, person=person, kind="desk", zone="1F")


# -- posts


def test_a_guide_says_where_g01_g05_g08(hall: Bench) -> None:
    """G01, G05, G08: one post at a time; another ends the one before; the evening ends the last."""
    hall.do(guides.post, person=LUO, kind="desk", zone="1F")
    hall.do(guides.post, person=LUO, kind="desk", zone="1F")
    hall.wait(600)
    hall.do(guides.post, person=LUO, kind="moving")
    first, second = hall.db.find(select(GuidePost))
    assert (first.zone, first.ended_at) == ("1F", hall.now)
    assert (second.kind, second.zone, second.ended_at) == ("moving", None, None)
    [row] = [row for row in guides.look(hall.db) if row["id"] == LUO]
    assert row["post"].kind == "moving"
    hall.wait(24 * 3600)
    hall.do(guides.evening)
    assert hall.row(GuidePost, second.id).ended_at == hall.now


@pytest.mark.parametrize(("kind", "zone", "field"), [("roof", None, "kind"), ("desk", "9F", "zone")])
def test_no_such_post_g05(hall: Bench, kind: str, zone: str | None, field: str) -> None:
    assert hall.refused(guides.post, person=LUO, kind=kind, zone=zone).detail == {"field": field}


# -- short leaves


def test_a_leave_begins_once_the_stand_in_confirms_g02_g03(hall: Bench) -> None:
    """G02, G03: the ten minutes run from the confirmation; nothing counts before it."""
    on_post(hall, LUO, SUN)
    leave = hall.do(guides.leave, person=LUO, replacement=SUN)
    [asked] = told(hall, "leave")
    assert (asked.words, asked.audience, json.loads(asked.detail)["by"]) == ("gd.asks", "guide", SUN)
    hall.wait(900)
    hall.do(alarms.watch)
    assert not told(hall, "alarm")  # still on post
    assert absences.leaves(hall.db, since=hall.db.day, until=hall.db.day) == []
    assert hall.refused(guides.confirm, leave=leave.id, person=LUO).code == "forbidden"
    hall.do(guides.confirm, leave=leave.id, person=SUN)
    [away] = told(hall, "leave")
    assert (away.words, away.until) == ("gd.isAwayFor", hall.now + 600_000)
    hall.wait(601)
    hall.do(alarms.watch)
    [alarm] = told(hall, "alarm")
    assert (alarm.key, alarm.rank) == (f"guide/{LUO}", alarms.OFFICE)
    hall.do(guides.back, person=LUO)
    assert not told(hall, "leave")
    [row] = absences.leaves(hall.db, since=hall.db.day, until=hall.db.day)
    assert (row["seconds"], row["over"], row["replacement"], row["nth"]) == (601, True, "孙导", 1)
    assert hall.refused(guides.back, person=LUO).code == "wrong_state"


def test_who_must_stand_in_g03(hall: Bench) -> None:
    """G03: nobody goes without a stand-in while another guide is on post; a stand-in stays."""
    on_post(hall, LUO, SUN)
    assert hall.refused(guides.leave, person=LUO).detail == {"names": "孙导"}
    assert hall.refused(guides.leave, person=LUO, replacement=HE).detail == {"field": "replacement"}  # not on post
    assert hall.refused(guides.leave, person=LUO, replacement=LUO).code == "invalid"
    leave = hall.do(guides.leave, person=LUO, replacement=SUN)
    assert hall.refused(guides.leave, person=LUO, replacement=SUN).detail == {"state": "asked"}
    hall.do(guides.confirm, leave=leave.id, person=SUN)
    assert hall.refused(guides.leave, person=SUN).detail == {"name": "罗小燕"}
    assert hall.refused(guides.confirm, leave=leave.id, person=SUN).code == "wrong_state"
    assert hall.refused(guides.end_post, person=SUN).code == "standing_in"
    on_post(hall, HE)
    assert hall.refused(guides.leave, person=HE).detail == {"names": "孙导"}  # nobody is alone beside a stand-in
    assert hall.refused(guides.leave, person=HE, replacement=SUN).detail == {"field": "replacement"}


def test_two_who_ask_each_other_do_not_both_go_g03(hall: Bench) -> None:
    on_post(hall, LUO, SUN)
    first = hall.do(guides.leave, person=LUO, replacement=SUN)
    second = hall.do(guides.leave, person=SUN, replacement=LUO)
    hall.do(guides.confirm, leave=first.id, person=SUN)
    assert hall.refused(guides.confirm, leave=second.id, person=LUO).detail == {"state": "away"}
    hall.do(guides.back, person=LUO)
    assert hall.do(guides.confirm, leave=second.id, person=LUO).since == hall.now


def test_a_stand_in_may_decline_and_who_asks_may_take_it_back_g03(hall: Bench) -> None:
    on_post(hall, LUO, SUN)
    leave = hall.do(guides.leave, person=LUO, replacement=SUN)
    hall.do(guides.decline, leave=leave.id, person=SUN)
    again = hall.do(guides.leave, person=LUO, replacement=SUN)
    hall.do(guides.back, person=LUO)
    assert not told(hall, "leave")
    assert [hall.row(GuideLeave, row.id).confirmed_at for row in (leave, again)] == [None, None]
    [row] = [row for row in guides.look(hall.db) if row["id"] == LUO]
    assert row["leaves"] == 0  # neither began


def test_a_guide_who_is_alone_leaves_and_the_office_is_told_g03(hall: Bench) -> None:
    on_post(hall, LUO)
    hall.do(guides.leave, person=LUO)
    [alarm] = told(hall, "alarm")
    assert (alarm.words, alarm.audience, alarm.rank) == ("gd.alone", "office", alarms.OFFICE)
    hall.do(guides.back, person=LUO)
    assert not told(hall, "alarm")


def test_no_guide_leaves_in_a_peak_g02(hall: Bench) -> None:
    """G02: neither when it is asked for nor when it is confirmed."""
    on_post(hall, LUO, SUN)
    leave = hall.do(guides.leave, person=LUO, replacement=SUN)
    hall.do(add, kind=model.HallMode, peak_since=hall.now)
    assert hall.refused(guides.confirm, leave=leave.id, person=SUN).code == "peak_locked"
    assert hall.refused(guides.leave, person=HE).code == "peak_locked"


# -- help


def test_who_helped_stands_on_the_ticket_a12_a13_a14(hall: Bench) -> None:
    """A12, A14: taken, arrived, kept; A13: told again when the service ends, for a while."""
    hall.do(do.sign_in, window="1", person=1)
    ticket = hall.do(do.issue, service="a", needs=["wheelchair"], kiosk="k1")
    hall.do(needs.watch)
    [escort] = told(hall, "escort")
    assert json.loads(escort.detail)["from"] == "1F"
    hall.do(guides.take, notice=int(escort.id), person=LUO)
    hall.wait(60)
    hall.do(guides.arrived, notice=int(escort.id), person=LUO)
    assert hall.row(model.Ticket, ticket.id).helper == LUO
    [escort] = told(hall, "escort")
    assert (escort.owner, escort.arrived_at) == (LUO, hall.now)
    hall.do(do.call_next, window="1")
    [escort] = told(hall, "escort")
    assert (escort.words, escort.owner, escort.arrived_at) == ("nd.called", LUO, hall.now)
    hall.do(do.finish, window="1")
    [out] = told(hall, "escort")
    assert (out.words, out.owner, out.window) == ("gd.out", LUO, "1")
    hall.do(needs.watch)
    assert told(hall, "escort") == [out]
    [row] = [row for row in guides.look(hall.db) if row["id"] == LUO]
    assert row["escorted"] == 1
    hall.wait(900)
    hall.do(needs.watch)
    assert not told(hall, "escort")


def test_a_finish_that_is_undone_asks_nobody_to_the_door_a13(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.issue, service="a", needs=["blind"])
    hall.do(needs.watch)
    [escort] = told(hall, "escort")
    hall.do(guides.take, notice=int(escort.id), person=LUO)
    hall.do(do.call_next, window="1")
    hall.do(do.finish, window="1")
    hall.do(do.undo, window="1")
    hall.do(do.finish, window="1")
    assert [view.words for view in told(hall, "escort")] == ["gd.out"]
    hall.do(do.undo, window="1")
    hall.do(needs.watch)
    assert not told(hall, "escort")


def test_nobody_is_seen_out_whom_nobody_helped_a13(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.issue, service="a", needs=["deaf"])
    hall.do(do.call_next, window="1")
    hall.do(do.finish, window="1")
    assert not told(hall, "escort")


# -- reports


def test_an_incident_reaches_the_office_and_stays_g06_g08(hall: Bench) -> None:
    """G06: at once and at the highest rank; G08: with the area. No watch clears it."""
    hall.do(guides.report, person=LUO, kind="dispute", text=" 两人争执 ", zone="1F")
    hall.do(guides.report, person=LUO, kind="dispute")
    hall.do(alarms.watch)
    first, _ = told(hall, "alarm")
    assert (first.words, first.rank, first.zone, first.person) == ("gi.dispute", alarms.OFFICE, "1F", LUO)
    assert json.loads(first.detail) == {"name": "罗小燕", "text": "两人争执", "where": "1F", "where_en": "1F"}
    hall.do(alarms.clear, notice=int(first.id), why="已劝解")
    assert len(told(hall, "alarm")) == 1
    assert hall.refused(guides.report, person=LUO, kind="party").detail == {"field": "kind"}
    assert hall.refused(guides.report, person=LUO, kind="ill", zone="9F").detail == {"field": "zone"}
