"""One rating per visit whichever way it comes (D03, D22), and invitations that no finish brings (D01)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firmware_protocols.eval_pad import CitizenKind, CitizenSide, Screen
from hallq.assessment.ratings import commands as assess
from hallq.assessment.ratings import coverage, elsewhere, late, reasons, taking
from hallq.assessment.ratings.model import Invitation, Rating
from hallq.assessment.standards import commands as standards
from hallq.devices.drivers.eval_pad_screen import sides
from hallq.displays.pad import pad
from hallq.office import settle
from hallq.ticketing import commands as do
from hallq.ticketing.model import Ticket
from hallq.ticketing.rules import Rules
from tests.commands.conftest import SHANGHAI, Bench


@pytest.fixture
def rules() -> Rules:
    return Rules(timezone=SHANGHAI, rate_too_fast_s=0, rate_run=0)


@pytest.fixture
def desk(hall: Bench) -> Bench:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.sign_in, window="3", person=3)
    return hall


def serve(hall: Bench, window: str = "1", service: str = "a") -> Ticket:
    ticket: Ticket = hall.do(do.issue, service=service)
    hall.do(do.call_next, window=window)
    hall.do(do.finish, window=window)
    return ticket


def by_code(hall: Bench, ticket: Ticket, level: int, **more: Any) -> Rating:
    wish = {"number": ticket.number, "check_code": ticket.check_code, "level": level, "channel": "kiosk", **more}
    return hall.do(elsewhere.rate_by_code, **wish).rating  # type: ignore[no-any-return]


def facts(hall: Bench) -> dict[str, Any]:
    [(found,)] = hall.store._connection.execute("SELECT facts FROM journal ORDER BY seq DESC LIMIT 1").fetchall()
    return json.loads(found)  # type: ignore[no-any-return]


def test_kiosk_desk_and_phone_correct_for_the_rest_of_the_day_d22(desk: Bench) -> None:
    """One counts, the journal keeps each with its channel; the pad's own eight seconds are over by then."""
    ticket = serve(desk)
    token = taking.take(desk.db)["1"].token
    first = desk.do(assess.rate, token=token, window="1", level=1, reasons=["att.cold"]).rating
    assert facts(desk) == {"level": 1, "channel": "pad"}
    desk.wait(3600)
    assert by_code(desk, ticket, 4).reasons == ""  # another level: the reasons of the first are no more
    assert facts(desk) == {"was": 1, "level": 4, "was_channel": "pad", "channel": "kiosk"}
    corrected = by_code(desk, ticket, 2, channel="desk", assisted=True, comment=" 慢 ", actor="person:9")
    assert (corrected.id, corrected.at, corrected.level, corrected.comment) == (first.id, first.at, 2, "慢")
    assert (corrected.assisted, corrected.by, corrected.channel) == (True, "person:9", "desk")
    phone = desk.do(elsewhere.rate_by_phone, token=ticket.phone_token, level=5).rating
    assert (phone.level, phone.channel, phone.assisted, phone.by) == (5, "phone", None, None)
    assert desk.do(assess.rate, token=token, window="1", level=1).rating == phone  # the contract of the pad's token
    assert len(desk.rows("rating")) == 1
    desk.wait(24 * 3600)
    assert desk.refused(elsewhere.rate_by_phone, token=ticket.phone_token, level=1).code == "not_found"
    assert desk.row(Rating, phone.id).level == 5


def test_a_pad_that_was_away_does_not_undo_a_correction(desk: Bench) -> None:
    ticket = serve(desk)
    token = taking.take(desk.db)["1"].token
    desk.wait(60)
    by_code(desk, ticket, 2)
    desk.wait(5)
    late_press = desk.do(assess.rate, token=token, window="1", level=5, age_s=30).rating
    assert (late_press.level, late_press.channel) == (2, "kiosk")


def test_each_of_a_tickets_windows_is_rated_the_latest_first(desk: Bench) -> None:
    ticket = desk.do(do.issue, service="a")
    desk.do(do.call_next, window="1")
    desk.do(do.start, window="1")
    desk.do(do.transfer, window="1", service="b")
    desk.do(do.call_next, window="3")
    desk.wait(60)
    desk.do(do.finish, window="3")
    found = elsewhere.choices(desk.db, ticket)
    assert [(each.invitation.window, each.rating) for each in found] == [("3", None), ("1", None)]
    assert by_code(desk, ticket, 5).person == 3
    assert by_code(desk, ticket, 2, visit=found[1].invitation.visit).person == 1
    assert desk.refused(
        elsewhere.rate_by_code, number=ticket.number, check_code=ticket.check_code, level=5, visit=99, channel="kiosk"
    ).code == "nothing_to_rate"  # fmt: skip
    assert len(desk.rows("rating")) == 2


def test_a_wrong_code_and_a_visit_to_come(desk: Bench) -> None:
    ticket = desk.do(do.issue, service="a")
    wish = {"number": ticket.number, "level": 5, "channel": "kiosk"}
    wrong = f"{(int(ticket.check_code) + 1) % 10000:04}"
    assert desk.refused(elsewhere.rate_by_code, check_code=wrong, **wish).code == "wrong_code"
    assert desk.refused(elsewhere.rate_by_code, check_code=ticket.check_code, **wish).code == "nothing_to_rate"


def test_a_press_elsewhere_clears_the_pad_and_tells_it_no_level(desk: Bench) -> None:
    ticket = serve(desk)
    by_code(desk, ticket, 1)
    assert "1" not in taking.take(desk.db)


def test_a_button_rates_what_the_pad_shows(desk: Bench) -> None:
    assert desk.refused(elsewhere.press_button, window="1", level=5).code == "rating_closed"
    serve(desk)
    assert desk.do(elsewhere.press_button, window="1", level=2).rating.channel == "button"
    desk.wait(5)
    assert desk.do(elsewhere.press_button, window="1", level=4).rating.level == 4


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_the_hardware_pads_clerk_side_has_the_same_bytes_for_every_level_and_for_none(desk: Bench, level: int) -> None:
    serve(desk)
    none = clerk_side(desk)
    token = taking.take(desk.db)["1"].token
    for reasons_given in ([], ["eff.wait"]):
        desk.do(assess.rate, token=token, window="1", level=level, reasons=reasons_given)
        assert clerk_side(desk) == none


def clerk_side(hall: Bench) -> bytes:
    """As it goes over the wire beside an empty citizen's side."""
    shown = pad(hall.picture, "1", taking.take(hall.db).get("1"), now=hall.now)
    _, clerk = sides(shown, hall.now, SHANGHAI)
    return Screen(1, CitizenSide(CitizenKind.IDLE), clerk).encode()


# -- invitations that no finish brings


def test_a_forgotten_visit_invites_by_itself_once_d01(desk: Bench) -> None:
    ticket = desk.do(do.issue, service="a")
    desk.do(do.call_next, window="1")
    desk.wait(1799)
    desk.do(late.invite_forgotten)
    assert not desk.rows("invitation")
    desk.wait(1)
    desk.do(late.invite_forgotten)
    desk.do(late.invite_forgotten)
    view = taking.take(desk.db)["1"]
    assert view.screen == "rate" and len(desk.rows("invitation")) == 1
    desk.do(assess.rate, token=view.token, window="1", level=3)
    desk.wait(60)
    desk.do(do.finish, window="1")
    assert by_code(desk, ticket, 4).level == 4 and len(desk.rows("rating")) == 1


def test_a_service_that_takes_long_is_not_hurried(desk: Bench) -> None:
    desk.store._connection.execute("UPDATE service SET minutes = 60")
    desk.do(do.issue, service="a")
    desk.do(do.call_next, window="1")
    desk.wait(3 * 3600 - 1)
    desk.do(late.invite_forgotten)
    assert not desk.rows("invitation")


def test_who_was_served_and_settled_may_rate_without_a_pad(desk: Bench) -> None:
    ticket = desk.do(do.issue, service="a")
    desk.do(do.call_next, window="1")
    desk.do(do.start, window="1")
    desk.do(do.park, window="1", kind="kept")
    desk.do(settle.settle, ticket=ticket.id, how="served", note="材料已收齐")
    assert "1" not in taking.take(desk.db)
    assert by_code(desk, ticket, 4).person == 1


# -- coverage


def test_coverage_keeps_what_became_of_each_invitation_apart_d02(desk: Bench) -> None:
    day = desk.db.day
    serve(desk)
    desk.do(assess.skip, token=taking.take(desk.db)["1"].token, window="1")
    rated = serve(desk)
    by_code(desk, rated, 1)
    serve(desk)
    desk.wait(31)
    desk.do(assess.close_due)
    serve(desk)
    desk.do(do.undo, window="1")
    desk.do(do.finish, window="1")
    serve(desk, "3", "b")
    found = coverage.coverage(desk.db, since=day, until=day)
    assert found == {
        1: coverage.Coverage(rated=1, timed_out=1, skipped=1, open=1), 3: coverage.Coverage(open=1),
    }  # fmt: skip
    assert (found[1].invited, found[1].unrated, found[1].share) == (4, 3, 0.25)
    assert coverage.total(list(found.values())).invited == 5
    assert coverage.coverage(desk.db, since=day, until=day, by="window")["1"] == found[1]


# -- reasons


def content(*, drop: str = "", **changed: Any) -> dict[str, Any]:
    rows = [dict(row) for row in standards.shipped(reasons.KIND).content["reason"] if row["code"] != drop]
    for row in rows:
        if row["code"] == "att.cold":
            row |= changed
    return {"reason": rows}


def enact(hall: Bench, new: dict[str, Any]) -> None:
    hall.do(standards.enact, kind=reasons.KIND, content=new, from_day=hall.db.day, source="本厅规定")


def test_a_code_is_switched_off_and_another_added_and_the_rating_says_which_list_it_is_from(desk: Bench) -> None:
    ticket = serve(desk)
    assert by_code(desk, ticket, 1, reasons=["att.cold"]).reasons_version == 0
    new = content(active=False)
    noise = {"code": "env.noise", "group": "other", "of": "bad", "zh": "太吵", "en": "Noise", "active": True}
    new["reason"].append(noise)
    enact(desk, new)
    wish = {"number": ticket.number, "check_code": ticket.check_code, "level": 1, "channel": "kiosk"}
    assert desk.refused(elsewhere.rate_by_code, reasons=["att.cold"], **wish).detail["field"] == "reasons"
    assert by_code(desk, ticket, 1, reasons=["env.noise"]).reasons_version == 1
    assert "att.cold" not in {row["code"] for row in reasons.offered(desk.db)}


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (content(drop="att.cold"), "reason_meaning"),
        (content(group="eff"), "reason_meaning"),
        (content(of="good"), "reason_meaning"),
        (content(zh="态度生硬"), "reason_meaning"),
        (content(code="a,b"), "invalid"),
        (content(code="att.rude"), "invalid"),
        (content(en=" "), "invalid"),
        (content(en="Unfriendly"), None),
    ],
)
def test_a_reasons_code_is_never_given_another_meaning(desk: Bench, new: dict[str, Any], code: str | None) -> None:
    if code is None:
        enact(desk, new)
    else:
        wish = {"kind": reasons.KIND, "content": new, "from_day": desk.db.day, "source": "本厅规定"}
        assert desk.refused(standards.enact, **wish).code == code


def test_an_invitation_of_a_withdrawn_finish_is_no_choice(desk: Bench) -> None:
    ticket = serve(desk)
    desk.do(do.undo, window="1")
    assert elsewhere.choices(desk.db, ticket) == []
    assert desk.db.find(elsewhere.OF_TICKET, ticket=ticket.id, day=desk.db.day) == []
    [invitation] = desk.rows("invitation")
    assert desk.row(Invitation, invitation[0]).closed_why == "withdrawn"
