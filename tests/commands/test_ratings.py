"""Ratings: one per visit, stored at the press, whatever happens to pad, clerk and window around it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hallq.assessment import reports
from hallq.assessment.ratings import commands as assess
from hallq.assessment.ratings import flags, taking
from hallq.assessment.ratings.model import Invitation, Rating
from hallq.assessment.ratings.picture import InvitationView
from hallq.kernel import SECOND, Refused
from hallq.ticketing import commands as do
from hallq.ticketing.rules import Rules
from tests.commands.conftest import SHANGHAI, Bench


@pytest.fixture
def rules() -> Rules:
    """Presses here follow the finish at once: nobody is suspected of haste."""
    return Rules(timezone=SHANGHAI, rate_too_fast_s=0, rate_run=0)


@pytest.fixture
def desk(hall: Bench) -> Bench:
    hall.do(do.sign_in, window="1", person=1)
    return hall


def serve(hall: Bench, window: str = "1") -> str:
    """A finished visit; the token of its invitation."""
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window=window)
    hall.do(do.start, window=window)
    hall.do(do.finish, window=window)
    view = pad(hall, window)
    assert view is not None
    return view.token


def pad(hall: Bench, window: str = "1") -> InvitationView | None:
    return taking.take(hall.db).get(window)


def rate(hall: Bench, token: str, level: int, **more: Any) -> Rating:
    rated: assess.Rated = hall.do(assess.rate, token=token, window="1", level=level, **more)
    return rated.rating


def refused(hall: Bench, command: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as error:
        hall.do(command, **kwargs)
    return error.value.code


def tick(hall: Bench, seconds: float) -> None:
    hall.wait(seconds)
    hall.do(assess.close_due)


# -- the invitation


def test_an_invitation_stands_half_a_minute(desk: Bench) -> None:
    serve(desk)
    view = pad(desk)
    assert view is not None and (view.screen, view.until) == ("rate", desk.now + 30 * SECOND)
    assert taking.due(desk.db) == view.until
    tick(desk, 29.9)
    assert pad(desk) == view
    tick(desk, 0.1)
    assert pad(desk) is None and taking.due(desk.db) is None
    assert desk.row(Invitation, view.token).closed_why == "time_out"


def test_a_call_leaves_at_least_fifteen_seconds(desk: Bench) -> None:
    serve(desk)
    until = desk.now + 15 * SECOND
    desk.wait(3)
    desk.do(do.issue, service="a")
    desk.do(do.call_next, window="1")
    view = pad(desk)
    assert view is not None and view.until == until


def test_a_touched_one_stays_a_minute_and_no_call_shortens_it(desk: Bench) -> None:
    token = serve(desk)
    until = desk.now + 60 * SECOND
    desk.wait(5)
    desk.do(assess.touch, token=token, window="1")
    desk.do(do.issue, service="a")
    desk.do(do.call_next, window="1")
    view = pad(desk)
    assert view is not None and view.until == until


@pytest.mark.parametrize("rated", [None, 5, 1])
def test_the_next_visit_clears_the_pad(desk: Bench, rated: int | None) -> None:
    token = serve(desk)
    if rated:
        rate(desk, token, rated)
    desk.do(do.issue, service="a")
    desk.do(do.call_next, window="1")
    assert pad(desk) is not None
    desk.do(do.start, window="1")
    assert pad(desk) is None
    assert desk.row(Invitation, token).closed_why == ("rated" if rated else "next_visit")


def test_finishing_at_once_hands_the_pad_to_the_new_invitation(desk: Bench) -> None:
    first = serve(desk)
    desk.do(do.issue, service="a")
    desk.do(do.call_next, window="1")
    desk.do(do.finish, window="1")
    view = pad(desk)
    assert view is not None and view.token != first
    assert desk.row(Invitation, first).closed_why == "next_visit"


def test_not_now_clears_the_pad_but_the_token_stays_good(desk: Bench) -> None:
    token = serve(desk)
    desk.do(assess.skip, token=token, window="1")
    assert pad(desk) is None
    assert rate(desk, token, 4).level == 4


def test_an_undone_finish_withdraws_and_a_new_one_invites_again(desk: Bench) -> None:
    token = serve(desk)
    desk.do(do.undo, window="1")
    assert pad(desk) is None
    assert refused(desk, assess.rate, token=token, window="1", level=5) == "rating_closed"
    desk.wait(10)
    desk.do(do.finish, window="1")
    view = pad(desk)
    assert view is not None and (view.token, view.until) == (token, desk.now + 30 * SECOND)


def test_a_rating_survives_the_undo(desk: Bench) -> None:
    token = serve(desk)
    rate(desk, token, 2)
    desk.do(do.undo, window="1")
    desk.do(do.finish, window="1")
    assert pad(desk) is None
    assert len(desk.rows("rating")) == 1


@pytest.mark.parametrize("end", ["no_show", "park", "transfer"])
def test_only_finished_visits_invite(desk: Bench, end: str) -> None:
    desk.do(do.issue, service="a")
    desk.do(do.call_next, window="1")
    desk.do(do.recall, window="1")
    desk.wait(60)
    more: dict[str, dict[str, Any]] = {"no_show": {"unproved": True}, "park": {}, "transfer": {"service": "b"}}
    desk.do(getattr(do, end), window="1", **more[end])
    assert pad(desk) is None


# -- the rating


def test_a_good_rating_is_thanked(desk: Bench) -> None:
    token = serve(desk)
    rating = rate(desk, token, 3)
    assert (rating.person, rating.service, rating.at) == (1, "a", desk.now)
    view = pad(desk)
    assert view is not None and (view.screen, view.level, view.until) == ("thanks", 3, desk.now + 8 * SECOND)
    tick(desk, 8)
    assert pad(desk) is None


def test_a_bad_one_is_stored_first_and_asked_why_then(desk: Bench) -> None:
    token = serve(desk)
    rate(desk, token, 2)
    assert len(desk.rows("rating")) == 1
    view = pad(desk)
    assert view is not None and (view.screen, view.until) == ("reasons", desk.now + 30 * SECOND)
    desk.wait(20)
    assert rate(desk, token, 2, reasons=["eff.wait", "clean"]).reasons == "eff.wait,clean"
    view = pad(desk)
    assert view is not None and (view.screen, view.until) == ("thanks", desk.now + 5 * SECOND)


def test_who_gives_no_reason_is_thanked_too(desk: Bench) -> None:
    rate(desk, serve(desk), 1)
    tick(desk, 30)
    view = pad(desk)
    assert view is not None and view.screen == "thanks"
    tick(desk, 5)
    assert pad(desk) is None


def test_a_comment_alone_joins_as_a_reason_does(desk: Bench) -> None:
    token = serve(desk)
    rate(desk, token, 2)
    assert rate(desk, token, 2, comment=" 等了很久 ").comment == "等了很久"
    view = pad(desk)
    assert view is not None and view.screen == "thanks"
    assert rate(desk, token, 2, comment="别的话").comment == "等了很久"


def test_another_level_replaces_within_eight_seconds(desk: Bench) -> None:
    token = serve(desk)
    rate(desk, token, 1)
    desk.wait(8)
    assert rate(desk, token, 5).level == 5
    facts = desk.store._connection.execute("SELECT facts FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    assert facts == ('{"channel":"pad","level":5,"was":1,"was_channel":"pad"}',)
    desk.wait(0.001)
    again = desk.do(assess.rate, token=token, window="1", level=1)
    assert (again.rating.level, again.new) == (5, False) and not desk.changes


def test_the_same_press_again_changes_nothing(desk: Bench) -> None:
    token = serve(desk)
    first = desk.do(assess.rate, token=token, window="1", level=4)
    again = desk.do(assess.rate, token=token, window="1", level=4)
    assert (first.new, again.new, again.rating) == (True, False, first.rating)
    assert not desk.changes


def test_reasons_join_for_thirty_seconds(desk: Bench) -> None:
    token = serve(desk)
    rate(desk, token, 1, reasons=["att.cold"])
    desk.wait(30)
    assert rate(desk, token, 1, reasons=["att.rude", "att.cold"]).reasons == "att.cold,att.rude"
    desk.wait(0.001)
    assert rate(desk, token, 1, reasons=["att.shift"]).reasons == "att.cold,att.rude"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"token": "nope"}, "not_found"),
        ({"window": "2"}, "forbidden"),
        ({"level": 0}, "invalid"),
        ({"level": 6}, "invalid"),
        ({"reasons": ["because"]}, "invalid"),
        ({"comment": "长" * 501}, "invalid"),
    ],
)
def test_what_is_no_rating(desk: Bench, wrong: dict[str, Any], code: str) -> None:
    token = serve(desk)
    assert refused(desk, assess.rate, **{"token": token, "window": "1", "level": 5, **wrong}) == code
    assert not desk.rows("rating")


def test_a_late_press_counts_until_the_day_ends(desk: Bench) -> None:
    token, other = serve(desk), serve(desk)
    tick(desk, 3600)
    rating = rate(desk, token, 4, age_s=3500)
    assert rating.at == desk.now - 3500 * SECOND
    desk.wait(24 * 3600)
    assert refused(desk, assess.rate, token=other, window="1", level=4) == "rating_closed"


def test_a_pad_cannot_date_a_press_before_its_invitation(desk: Bench) -> None:
    token = serve(desk)
    opened = desk.now
    desk.wait(10)
    assert rate(desk, token, 4, age_s=99_999).at == opened


def test_the_rating_belongs_to_the_clerk_of_that_visit(desk: Bench) -> None:
    token = serve(desk)
    desk.do(do.sign_out, window="1")
    desk.do(do.sign_in, window="1", person=2)
    assert rate(desk, token, 1).person == 1


def test_a_retaken_view_is_the_taken_one(desk: Bench) -> None:
    token = serve(desk)
    views = taking.take(desk.db)
    rate(desk, token, 1)
    assert taking.retake(desk.db, views, desk.changes) == (taking.take(desk.db), {"1"})


# -- the export and the wall


def test_the_export(desk: Bench) -> None:
    rate(desk, serve(desk), 2, reasons=["eff.slow"], comment=" 慢 ", channel="page")
    today = desk.db.day
    row = {
        "ticket": "A001", "service": "a", "window": "1", "clerk": "clerk1", "level": 2, "reasons": "eff.slow",
        "comment": "慢", "at": desk.now, "channel": "page",
    }  # fmt: skip
    assert reports.ratings(desk.db, since=today, until=today) == [row]
    assert reports.ratings(desk.db, clerk=1, since=today, until=today) == [row]
    assert reports.ratings(desk.db, clerk=2, since=today, until=today) == []


def test_the_walls_figures(desk: Bench) -> None:
    rate(desk, serve(desk), 5)
    rate(desk, serve(desk), 2)
    serve(desk)
    desk.do(do.issue, service="a", category="elderly")
    desk.wait(90)
    desk.do(do.sign_in, window="2", person=2)
    desk.do(do.issue, service="b")
    desk.wait(10)
    desk.do(do.pause, window="2", reason="meal")
    found = reports.figures(desk.db)
    expected = {
        "waiting": 2, "longest_wait": 100, "green_waiting": 1, "green_longest": 100, "ordinary_longest": 10,
        "staffed": 2, "due": 4, "paused": 1, "paused_long": 0, "empty": 0, "issued": 5, "done": 3,
        "no_show_rate": 0.0, "bound": 5,
    }  # fmt: skip
    assert found == expected
    desk.do(do.recover, since=desk.now - 8_000, until=desk.now)
    assert reports.figures(desk.db)["longest_wait"] == 92  # an outage is no waiting
    desk.wait(16 * 60)
    assert reports.figures(desk.db)["paused_long"] == 1


def test_the_walls_ratings_move_at_the_full_quarter_hour_d02(desk: Bench) -> None:
    wall, at_once = reports.HeldRatings(), reports.HeldRatings()
    desk.wait(900 - desk.now // 1000 % 900)
    nobody = {"satisfied": None, "raters": 0, "coverage": None, "bad_open": 0, "bad_late": 0}
    assert wall.take(desk.db) == nobody  # no share of nobody
    rate(desk, serve(desk), 5)
    bad = rate(desk, serve(desk), 2)
    serve(desk)
    desk.wait(890 - desk.now // 1000 % 900)
    assert wall.take(desk.db) == nobody
    desk.wait(10)
    told = {"satisfied": 0.5, "raters": 2, "coverage": 0.6667, "bad_open": 1, "bad_late": 0}
    assert wall.take(desk.db) == told
    desk.do(flags.flag, rating=bad.id, note="误按")
    assert wall.take(desk.db) == told  # nor does a review tell whose it was
    desk.store.rules = replace(desk.store.rules, board_ratings_s=0)
    assert at_once.take(desk.db) == {**told, "satisfied": 1.0, "raters": 1, "coverage": 0.3333}
