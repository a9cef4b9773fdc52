"""Set aside, missed, lost: how a citizen keeps the number. By number and check code it is found again (s.missed).

Who fetches papers keeps a right to come back for some working days, in the green channel and so within its bound.
"""

from __future__ import annotations

import hmac

from sqlalchemy import bindparam, literal_column, select
from sqlmodel import col
from sqlmodel import select as rows_of

from hallq.kernel import SECOND, Reads, Refused, Tx
from hallq.ticketing import rules
from hallq.ticketing.model import CANCELLED, FINISHED, NO_SHOW, PARKED, WAITING, Ticket, Window
from hallq.ticketing.opening import calendar
from hallq.ticketing.waiting import queue
from hallq.ticketing.windows import desk
from hallq.ticketing.windows.transfers import UNCALLED

PARK_KINDS = frozenset({"", "papers", "kept", "step"})
PAPERS = "papers"
TODAYS = rows_of(Ticket).where(col(Ticket.day) == bindparam("day"), col(Ticket.number) == bindparam("number"))
HELD = rows_of(Ticket).where(
    col(Ticket.number) == bindparam("number"),
    col(Ticket.state) == literal_column(f"'{PARKED}'"),
)
TOLD_LATE = 60  # days: who comes later than that is told what everybody is told
LATE = rows_of(Ticket).where(
    col(Ticket.day).between(bindparam("since"), bindparam("day")), col(Ticket.number) == bindparam("number"),
    col(Ticket.state) == literal_column(f"'{CANCELLED}'"), col(Ticket.return_by) < bindparam("day"),
)  # fmt: skip
NTH_WAITING = (
    select(col(Ticket.arrival))
    .where(
        col(Ticket.service) == bindparam("service"),
        col(Ticket.state) == queue.IS_WAITING,
        col(Ticket.green) == bindparam("green"),
    )
    .order_by(col(Ticket.arrival), col(Ticket.id))
    .limit(1)
    .offset(bindparam("before"))
)


def park(
    tx: Tx, *, window: str, kind: str = "", any_window: bool = False, slip: bool = True, seen: int | None = None
) -> Ticket:
    """Set the visit aside: it stays with this window, or with every window of its service, and keeps its place.
    `slip` False: the citizen has another paper that says how to come back."""
    row = desk.at(tx, window, seen)
    ticket = desk.its_ticket(tx, row)
    state = rules.after("park", ticket.state)
    if kind not in PARK_KINDS:
        raise Refused("invalid", field="kind")
    until = return_day(tx) if kind == PAPERS else None
    tx.update(desk.its_visit(tx, row), park_kind=kind or None)
    ticket = desk.close_visit(
        tx, row, ticket, "parked", state=state, park_kind=kind, any_window=any_window or None, return_by=until
    )
    desk.changed(tx, row, **desk.freed(tx, row) | {"sent_for_papers": ticket.id if until is not None else None})
    if until is not None and slip:
        _print_notice(tx, ticket, window)
    return ticket


def return_day(db: Reads) -> str:
    """The last day on which who goes to fetch papers now may come back."""
    return calendar.add_working_days(db, db.day, db.rules.return_days)


def restore(tx: Tx, *, number: str, check_code: str) -> Ticket:
    """The ticket waits again: found once after a no-show, or back with its papers; one that waits is told its place.

    Raises Refused: wrong_code (whatever is wrong), found_before, go_to_window, return_over."""
    ticket = _by_code(tx, number, check_code)
    if ticket.state == WAITING:
        return ticket
    if ticket.state == NO_SHOW:
        return _find_again(tx, ticket)
    if ticket.state == PARKED and ticket.return_by is not None:
        return _come_back(tx, ticket)
    raise Refused("go_to_window", window=ticket.window)


def reissue(
    tx: Tx, *, ticket: int, check_code: str | None = None, kiosk: str | None = None, printer: bool = False,
    reason: str | None = None,
) -> Ticket:  # fmt: skip
    """A new slip for a lost one: same number, same arrival; the older code is void. Without a code: a guide's word."""
    row = tx.get(Ticket, ticket)
    if row is None or (check_code is not None and not _same(row.check_code, check_code)):
        raise Refused("wrong_code")
    if row.state in (FINISHED, CANCELLED):
        raise Refused("wrong_state", state=row.state)
    if reason is not None:
        tx.log(reason=reason)
    code = row.check_code
    while code == row.check_code:
        code = tx.digits(4)
    row = tx.update(
        row, check_code=code, phone_token=tx.token(), reissued=(row.reissued or 0) + 1,
        print="pending" if printer else "none",
    )  # fmt: skip
    if printer:
        lasts = tx.rules.print_s * SECOND
        tx.effect("print", f"kiosk/{kiosk}", {"ticket": row.id}, lasts=lasts, ref=f"ticket/{row.id}")
    return row


def by_number(db: Reads, *, number: str) -> list[Ticket]:
    """Today's ticket of this number, or one of an earlier day that is still open."""
    return db.find(TODAYS, day=db.day, number=number) or db.find(HELD, number=number)


def _by_code(db: Reads, number: str, check_code: str) -> Ticket:
    for ticket in by_number(db, number=number):
        if _same(ticket.check_code, check_code) and ticket.state not in (FINISHED, CANCELLED):
            return ticket
    for late in db.find(LATE, since=calendar.days_after(db.day, -TOLD_LATE), day=db.day, number=number):
        if _same(late.check_code, check_code):
            raise Refused("return_over", day=late.return_by)
    raise Refused("wrong_code")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _find_again(tx: Tx, ticket: Ticket) -> Ticket:
    times = ticket.restored or 0
    if times >= tx.rules.find_times:
        raise Refused("found_before", times=times)
    return queue.move(
        tx, ticket, state=rules.after("restore", ticket.state), arrival=_behind(tx, ticket), restored=times + 1,
        finished_at=None, **UNCALLED,
    )  # fmt: skip


def _behind(db: Reads, ticket: Ticket) -> int:
    """Just behind the n-th who waits for its service in its channel; nobody gains a place by being away."""
    if db.rules.found_behind == 0:
        return ticket.arrival
    nth = db.values(NTH_WAITING, service=ticket.service, green=ticket.green, before=db.rules.found_behind - 1)
    return max(ticket.arrival, nth[0][0] + 1) if nth else db.now


def _come_back(tx: Tx, ticket: Ticket) -> Ticket:
    window = tx.get(Window, ticket.window)
    back = queue.move(
        tx, ticket, day=tx.day, state=rules.after("restore", ticket.state), green=True, priority="return",
        arrival=tx.now, park_kind="", any_window=None, return_by=None, **UNCALLED,
    )  # fmt: skip
    if window is not None:
        desk.changed(tx, window)
    return back


def _print_notice(tx: Tx, ticket: Ticket, window: str) -> None:
    """What the citizen takes along: at the window's printer, else at the kiosk's."""
    what, lasts = {"ticket": ticket.id, "kind": "return"}, tx.rules.print_s * SECOND
    for target in (f"window/{window}", f"kiosk/{ticket.kiosk}"):
        if tx.effect("print", target, what, lasts=lasts, ref=f"return/{ticket.id}"):
            return
