"""Over random days: the kept picture is the taken one, the counts are the counted ones, an undo leaves no trace."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hallq.assessment.ratings import commands as assessment
from hallq.assessment.ratings import taking as invitations
from hallq.kernel import Refused
from hallq.ticketing import commands as do
from hallq.ticketing.drawing import taking
from hallq.ticketing.model import Ticket
from hallq.ticketing.rules import Rules
from hallq.ticketing.waiting.queue import ahead, next_at
from hallq.ticketing.windows import transfers
from tests.commands.conftest import SHANGHAI, Bench, open_bench

RULES = Rules(timezone=SHANGHAI, green_bound=2, no_show_calls=1, no_show_wait_s=0)
WINDOWS = st.sampled_from(["1", "2", "3"])
ISSUE = st.tuples(
    st.just("issue"), st.sampled_from("abc"), st.sampled_from(["ordinary", "elderly"]), st.sampled_from([None, "k1"])
)
VERB = st.tuples(
    st.sampled_from(["call_next", "call_next", "finish", "finish_next", "start", "recall", "park", "undo", "undo",
                     "no_show", "to_b", "to_2", "to_front", "to_end", "pause", "resume", "away", "back", "unpark",
                     "choose", "verified", "unproved", "sign_out", "sign_in", "shown", "to_clerk", "finish_then",
                     "park_any", "park_papers", "walk_in"]),
    WINDOWS,
)  # fmt: skip
OTHER = st.tuples(
    st.sampled_from(["wait", "cancel", "rate", "printed", "help", "outage", "continue", "return", "midnight",
                     "emergency", "calm", "restore", "settle"])
)  # fmt: skip
DAYS = st.lists(st.one_of(ISSUE, ISSUE, VERB, VERB, VERB, OTHER), max_size=60)
TRANSFERS: dict[str, dict[str, Any]] = {
    "to_b": {"service": "b"},
    "to_2": {"to_window": "2"},
    "to_front": {"service": "a", "position": "front", "allowed": True, "reason": "事由"},
    "to_end": {"service": "a", "position": "end"},
    "to_clerk": {"clerk": 3},
}
PARKS: dict[str, dict[str, Any]] = {
    "park_any": {"kind": "step", "any_window": True},
    "park_papers": {"kind": "papers"},
}
PLAIN = {
    "call_next", "finish", "start", "recall", "park", "undo", "no_show", "resume", "back", "sign_out", "verified",
    "unproved",
}  # fmt: skip
slow = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def perform(hall: Bench, step: tuple[Any, ...]) -> None:
    """One step of a day; what the rules refuse is refused, and must change nothing."""
    hall.changes = []
    try:
        _perform(hall, *step)
    except Refused:
        assert not hall.changes


def _perform(hall: Bench, what: str, *args: Any) -> None:
    hall.wait(1)
    if what == "issue":
        service, category, kiosk = args
        hall.do(do.issue, service=service, category=category, kiosk=kiosk, printer=kiosk is not None)
    elif args:
        _press(hall, what, args[0])
    else:
        _happen(hall, what)


def _press(hall: Bench, what: str, window: str) -> None:
    view = hall.picture.windows[window]
    if what in PLAIN:
        hall.do(getattr(do, what), window=window)
    elif what in TRANSFERS:
        hall.do(do.transfer, window=window, **TRANSFERS[what])
    elif what == "finish_next":
        hall.do(do.finish, window=window, next=True)
    elif what == "finish_then":
        hall.do(do.finish, window=window, then=["b"])
    elif what in PARKS:
        hall.do(do.park, window=window, **PARKS[what])
    elif what == "walk_in":
        hall.do(do.walk_in, window=window, service="b", reason="事由")
    elif what in ("pause", "away"):
        hall.do(getattr(do, what), window=window, reason="meal")
    elif what == "sign_in":
        hall.do(do.sign_in, window=window, person=int(window))
    elif what == "unpark" and view.parked:
        hall.do(do.call, window=window, ticket=view.parked[0].id)
    elif what == "choose" and (last := hall.rows("ticket", "state = 'waiting'")):
        hall.do(do.call, window=window, ticket=last[-1][0], reason="事由", allowed=True)
    elif what == "shown" and view.visit is not None:
        hall.do(do.mark_shown, what="call", ref=view.visit, n=1, device="strip")


def _happen(hall: Bench, what: str) -> None:
    if what == "wait":
        hall.wait(20)
        hall.do(assessment.close_due)
    elif what == "cancel" and (found := hall.rows("ticket", "state IN ('waiting', 'parked')")):
        hall.do(do.cancel, ticket=found[0][0])
    elif what == "printed" and (found := hall.rows("ticket")):
        hall.do(do.set_print, ticket=found[-1][0], state="printed")
    elif what == "rate" and (found := hall.rows("invitation", "screen <> ''")):
        view = next(iter(invitations.take(hall.db).values()))
        hall.do(assessment.rate, token=view.token, window=view.window, level=1)
    elif what == "restore" and (found := hall.rows("ticket", "state IN ('no_show', 'parked')")):
        ticket = hall.row(Ticket, found[-1][0])
        hall.do(do.restore, number=ticket.number, check_code=ticket.check_code)
    elif what == "settle":
        hall.do(transfers.settle_addressed)
    elif what == "help":
        notice = hall.do(do.help_call, window="1")
        if hall.now % 2:
            hall.do(do.notice_done, notice=notice.id)
    elif what == "outage":
        hall.do(do.recover, since=hall.now - 5000, until=hall.now)
    elif what in ("continue", "return"):
        hall.do(do.continue_visit if what == "continue" else do.return_visit, window="2")
    elif what in ("emergency", "calm"):
        hall.do(do.begin_emergency if what == "emergency" else do.end_emergency)
    elif what == "midnight":
        hall.wait(24 * 3600)
        hall.do(do.day_change)


def begin(hall: Bench) -> None:
    """Three windows with clerks, some people waiting, two at a window."""
    for window in "123":
        hall.do(do.sign_in, window=window, person=int(window))
    for service, category in (
        ("a", "ordinary"),
        ("b", "elderly"),
        ("a", "ordinary"),
        ("b", "ordinary"),
        ("a", "elderly"),
    ):
        hall.wait(1)
        hall.do(do.issue, service=service, category=category, kiosk="k1")
    for window in "12":
        hall.do(do.call_next, window=window)


@slow
@given(DAYS)
def test_the_kept_picture_is_the_taken_one(day: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder) / "hall.db", RULES) as hall:
        begin(hall)
        views = invitations.take(hall.db)
        for step in day:
            before, versions = hall.picture, {no: view.version for no, view in hall.picture.windows.items()}
            perform(hall, step)
            views, _ = invitations.retake(hall.db, views, hall.changes)
            assert views == invitations.take(hall.db)
            kept, _ = taking.retime(hall.db, hall.picture)
            assert kept == taking.take(hall.db)
            check_counts(hall)
            if hall.changes and step[0] not in ("midnight", "emergency", "calm"):  # these draw every window anew
                changed = taking.differences(before, hall.picture)
                assert hall.keys == changed
            assert all(hall.picture.windows[no].version in (old, old + 1) for no, old in versions.items())


def check_counts(hall: Bench) -> None:
    counted: dict[str, list[int]] = {}
    waiting = "SELECT service, green, cases - coalesce(cases_done, 0) FROM ticket WHERE state = 'waiting'"
    for service, green, cases in hall.db._connection.execute(waiting):
        count = counted.setdefault(service, [0, 0, 0])
        for place, more in enumerate((1, green, cases)):
            count[place] += more
    kept = {row[0]: list(row[1:4]) for row in hall.rows("queue_count") if row[1] or row[2]}
    assert kept == counted


UNDOABLE = st.sampled_from(
    ["call_next", "finish", "finish_next", "finish_then", "no_show", "unproved", "to_b", "to_2", "to_front", "to_end",
     "to_clerk"]
)


@slow
@given(DAYS, UNDOABLE, WINDOWS)
def test_an_undo_puts_every_row_back(day: list[tuple[Any, ...]], press: str, window: str) -> None:
    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder) / "hall.db", RULES) as hall:
        begin(hall)
        for step in day:
            perform(hall, step)
        before = state(hall)
        away = hall.picture.windows[window].state == "away"
        perform(hall, (press, window))
        ended = hall.picture.windows[window].state == "closed"  # yesterday's shift ended with its last visit
        if not hall.changes or away or ended:  # a press ends the clerk's absence, and that stays
            return
        hall.do(do.undo, window=window)
        assert state(hall) == before


def state(hall: Bench) -> Any:
    """All that an undo must restore: tickets, visits that count, counts, and what windows hold."""
    tickets = hall.rows("ticket")
    visits = hall.rows("visit", "end <> 'undone'")
    counts = [row for row in hall.rows("queue_count") if row[1] or row[2]]
    windows = [(view.no, view.state, view.ticket, view.visit) for view in hall.picture.windows.values()]
    return tickets, visits, counts, windows, hall.rows("overtake")


@slow
@given(st.lists(st.sampled_from(["ordinary", "elderly", "call"]), max_size=40), st.integers(0, 4))
def test_ahead_is_what_the_rule_would_call_before(day: list[str], bound: int) -> None:
    rules = replace(RULES, green_bound=bound, always_open=True)
    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder) / "hall.db", rules) as hall:
        hall.do(do.sign_in, window="4", person=4)
        for step in day:
            perform(hall, ("finish_next", "4") if step == "call" else ("issue", "c", step, None))
            perform(hall, ("call_next", "4") if step == "call" else ("wait",))
        said = {key: ahead(hall.db, hall.row(Ticket, key)) for (key, *_) in hall.rows("ticket", "state = 'waiting'")}
        order = []
        if hall.picture.windows["4"].ticket:
            hall.do(do.finish, window="4")
        while (key := next_at(hall.db, "4")) is not None:
            order.append(key)
            hall.do(do.call_next, window="4")
            hall.do(do.finish, window="4")
        assert [said[key] for key in order] == list(range(len(order)))
