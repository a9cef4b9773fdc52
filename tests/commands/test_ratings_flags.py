"""Suspicious ratings are flagged at the press and count nowhere until they are reviewed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from hallq.assessment.ratings import commands as assess
from hallq.assessment.ratings import elsewhere, flags, listing, suspicion, taking
from hallq.assessment.ratings.model import Rating, RatingFlag
from hallq.kernel import SECOND
from hallq.ticketing import commands as do
from hallq.ticketing.model import Ticket
from hallq.ticketing.rules import Rules
from tests.commands.conftest import SHANGHAI, Bench

COUNTED = select(Rating).where(flags.counts()).order_by(col(Rating.id))
ALL = select(RatingFlag).order_by(col(RatingFlag.id))


@pytest.fixture
def desk(hall: Bench) -> Bench:
    hall.do(do.sign_in, window="1", person=1)
    return hall


def serve(hall: Bench) -> Ticket:
    ticket: Ticket = hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(do.finish, window="1")
    return ticket


def press(hall: Bench, after: float, level: int = 5, channel: str = "page") -> Rating:
    serve(hall)
    hall.wait(after)
    token = taking.take(hall.db)["1"].token
    return hall.do(assess.rate, token=token, window="1", level=level, channel=channel).rating  # type: ignore[no-any-return]


def whys(hall: Bench) -> list[tuple[int, str]]:
    return [(flag.rating, flag.why) for flag in hall.db.find(ALL)]


def counted(hall: Bench) -> list[int]:
    return [row.id for row in hall.db.find(COUNTED) if row.id is not None]


@pytest.mark.parametrize(("after", "found"), [(0, ["fast"]), (1.999, ["fast"]), (2, [])])
def test_nobody_rates_in_under_two_seconds(desk: Bench, after: float, found: list[str]) -> None:
    rating = press(desk, after)
    assert [why for _, why in whys(desk)] == found
    assert counted(desk) == ([] if found else [rating.id])


def test_a_hall_that_is_always_open_suspects_no_haste() -> None:
    rules = Rules(timezone=SHANGHAI, always_open=True)
    assert not suspicion.too_fast(0, 0, rules) and not suspicion.in_a_run([0, 1, 2], 1, rules)


def test_a_run_at_one_window_and_channel_is_flagged_as_a_whole(desk: Bench) -> None:
    first, second = press(desk, 20), press(desk, 20)
    other = press(desk, 10, channel="pad")
    assert whys(desk) == []
    third = press(desk, 10)
    assert whys(desk) == [(row.id, "run") for row in (first, second, third)]
    assert counted(desk) == [other.id]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12), st.data())
@settings(max_examples=60, deadline=None)
def test_a_run_holds_its_press_and_no_gap_longer_than_its_span(seconds: list[int], data: st.DataObject) -> None:
    rules = Rules(timezone=SHANGHAI)
    times = [second * SECOND for second in seconds]
    at = data.draw(st.sampled_from(times))
    found = sorted(suspicion.in_a_run(times, at, rules))
    near = sum(abs(each - at) <= rules.rate_run_s * SECOND for each in times)
    assert not found or (at in found and near >= rules.rate_run)
    assert all(after - before <= rules.rate_run_s * SECOND for before, after in pairwise(found))


def by_phone(hall: Bench, **more: Any) -> Rating:
    ticket = serve(hall)
    hall.wait(120)
    return hall.do(elsewhere.rate_by_phone, token=ticket.phone_token, level=5, **more).rating  # type: ignore[no-any-return]


def test_one_phone_for_more_than_three_tickets_is_flagged_and_forgotten_next_day(desk: Bench) -> None:
    mine = [by_phone(desk, phone="p1").id for _ in range(3)]
    other = by_phone(desk, phone="p2")
    assert whys(desk) == []
    mine.append(by_phone(desk, phone="p1").id)
    assert whys(desk) == [(number, "phone") for number in mine]
    assert counted(desk) == [other.id]
    desk.wait(24 * 3600)
    desk.do(flags.forget_phones)
    assert desk.rows("rating_phone") == []


def test_a_phone_that_only_corrects_is_counted_too(desk: Bench) -> None:
    rated = [press(desk, 90, level=1, channel="pad") for _ in range(4)]
    tickets = [desk.row(Ticket, rating.ticket) for rating in rated]
    for ticket in tickets:
        desk.do(elsewhere.rate_by_phone, token=ticket.phone_token, level=5, phone="p1")
    assert {number for number, why in whys(desk) if why == "phone"} == {rating.id for rating in rated}


def test_a_phone_at_a_staff_address_is_flagged(desk: Bench) -> None:
    assert by_phone(desk, from_staff=True).id not in counted(desk)
    assert [why for _, why in whys(desk)] == ["address"]


def test_a_review_decides_once_with_its_reason_and_a_person_may_ask_anew(desk: Bench) -> None:
    rating = press(desk, 0)
    [flag] = desk.db.find(ALL)
    wish = {"flag": flag.id, "verdict": "keep"}
    assert desk.refused(flags.review, note=" ", **wish).detail["field"] == "note"
    assert desk.refused(flags.review, note="x", flag=flag.id, verdict="perhaps").detail["field"] == "verdict"
    done = desk.do(flags.review, note="老人由导服帮按", actor="person:7", **wish)
    assert (done.verdict, done.reviewed_by, done.reviewed_at) == ("keep", "person:7", desk.now)
    assert counted(desk) == [rating.id]
    assert desk.refused(flags.review, note="又想", **wish).code == "flag_reviewed"
    again = desk.do(flags.flag, rating=rating.id, note="窗口说是误按")
    assert desk.do(flags.flag, rating=rating.id, note="再说一次") == again and counted(desk) == []
    desk.do(flags.review, flag=again.id, verdict="exclude", note="本人确认误按")
    assert counted(desk) == []
    assert desk.do(flags.flag, rating=rating.id, note="新情况").id != again.id
    assert desk.refused(flags.flag, rating=99, note="x").code == "not_found"


def test_the_offices_list_pages_filters_and_says_what_counts(desk: Bench) -> None:
    fast, good = press(desk, 0, level=1), press(desk, 90, level=4, channel="pad")
    wish = listing.Wish(desk.db.day, desk.db.day)

    def listed(limit: int = 10, **more: Any) -> list[int]:
        return [row["id"] for row in listing.ratings(desk.db, wish=wish._replace(**more), limit=limit)]

    assert listed() == [good.id, fast.id] and listed(1) == [good.id] and listed(before=good.id) == [fast.id]
    assert listed(flagged="open") == [fast.id] and listed(bad=True) == [fast.id] and listed(level=4) == [good.id]
    assert listed(channel="pad") == [good.id] and listed(window="2") == [] and listed(clerk=1, service="a") == listed()
    row = listing.ratings(desk.db, wish=wish, limit=10)[1]
    assert (row["counts"], row["channel"], [flag["why"] for flag in row["flags"]]) == (False, "page", ["fast"])
