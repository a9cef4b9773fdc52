"""日结: whoever holds a number is served, or it is written down what became of them (A07, A08, C06).

A ticket that the day leaves over is settled as served, given up, or rebooked: then its citizen comes back with the same
number and check code and goes through the green channel. Until the last one is settled the office is reminded.
"""

from __future__ import annotations

import hmac

from sqlalchemy import bindparam, func, literal_column, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from hallq.kernel import Ms, Reads, Refused, Tx, must_exist
from hallq.office.peak_model import DaySheet, Settlement
from hallq.texts import ZH, text
from hallq.ticketing.model import (
    CANCELLED,
    FINISHED,
    NO_SHOW,
    PARKED,
    WAITING,
    QueueCount,
    Service,
    Ticket,
    Visit,
    Window,
)
from hallq.ticketing.opening import emergency, hours
from hallq.ticketing.opening.calendar import days_after
from hallq.ticketing.opening.hours import moment
from hallq.ticketing.tickets import caps, issue, returns
from hallq.ticketing.told import hush, tell
from hallq.ticketing.waiting import queue
from hallq.ticketing.windows import desk

SERVED, GAVE_UP, REBOOKED = "served", "gave_up", "rebooked"
HOWS = (SERVED, GAVE_UP, REBOOKED)
EXTENDED = "extended"

LEFT = (
    select(Ticket)
    .outerjoin(Settlement, col(Settlement.ticket) == Ticket.id)
    .where(
        col(Ticket.day) == bindparam("day"),
        or_(
            col(Ticket.state) == WAITING,
            col(Ticket.state) == PARKED,
            col(Ticket.state) == NO_SHOW,
            col(Ticket.ended_by) == "day_end",
        ),
        col(Settlement.ticket).is_(None),
    )
    .order_by(col(Ticket.arrival), col(Ticket.id))
)
CALLS = select_columns(func.coalesce(func.sum(col(Visit.calls)), 0)).where(
    col(Visit.ticket) == bindparam("ticket"), col(Visit.end) != "undone"
)
LAST_DAY = select_columns(func.max(col(Ticket.day))).where(col(Ticket.day) < bindparam("today"))
LATELY_REBOOKED = select_columns(col(Settlement.ticket)).where(
    col(Settlement.how) == REBOOKED, col(Settlement.came_back).is_(None), col(Settlement.day) >= bindparam("since")
)
MAY_COME_BACK = (
    select(Ticket)
    .where(col(Ticket.id).in_(LATELY_REBOOKED), col(Ticket.number) == bindparam("number"))
    .order_by(col(Ticket.id).desc())
)
WAITING_NOW = select_columns(func.coalesce(func.sum(col(QueueCount.waiting)), 0))
PARKED_OF = select_columns(func.count()).where(
    col(Ticket.service) == bindparam("service"), col(Ticket.state) == literal_column("'parked'")
)
STAFFED = select(Window).where(col(Window.shift).is_not(None)).limit(1)


def missing(how: str, *, calls: int, need: int, green: bool, note: str) -> str:
    """What a settlement still has to say: the refusal's code, or nothing. Served needs its proof; who should have been
    served on the day (A08) needs a reason and a name; giving up without `need` calls needs an account."""
    if note.strip():
        return ""
    if how == SERVED:
        return "settle_proof"
    if green:
        return "settle_name"
    return "settle_note" if how == GAVE_UP and calls < need else ""


def left(db: Reads, day: str) -> list[Ticket]:
    """Tickets of the day that are neither done nor settled; without those who fetch papers and may still return."""
    return [
        ticket for ticket in db.find(LEFT, day=day)
        if not (ticket.state == PARKED and ticket.return_by is not None and ticket.return_by >= db.day)
    ]  # fmt: skip


def calls_of(db: Reads, ticket: Ticket) -> int:
    [(calls,)] = db.values(CALLS, ticket=ticket.id)
    return int(calls)


# -- commands


def settle(tx: Tx, *, ticket: int, how: str, note: str = "") -> Settlement:
    row = must_exist(tx.get(Ticket, ticket), "ticket", ticket)
    if how not in HOWS:
        raise Refused("invalid", field="how")
    if tx.get(Settlement, ticket) is not None or row not in left(tx, row.day):
        raise Refused("wrong_state", state=row.state)
    settled = _settle(tx, row, how, note)
    _close_when_done(tx, row.day)
    return settled


def settle_all(tx: Tx, *, day: str, service: str, how: str, note: str = "") -> int:
    """All of one service; refused as a whole where one of them needs more words."""
    if how not in HOWS:
        raise Refused("invalid", field="how")
    rows = [row for row in left(tx, day) if row.service == service]
    for row in rows:
        _settle(tx, row, how, note)
    _close_when_done(tx, day)
    return len(rows)


def close_service(tx: Tx, *, service: str) -> caps.Stop:
    """The day's business of a service ends: not while someone waits for it (A07)."""
    count, [(parked,)] = tx.get(QueueCount, service), tx.values(PARKED_OF, service=service)
    waiting = (count.waiting if count else 0) + parked
    if waiting:
        raise Refused("still_waiting", waiting=waiting)
    return caps.stop(tx, service=service, reason=text("sl.closedReason", ZH))


def restore(tx: Tx, *, number: str, check_code: str, kiosk: str | None = None, printer: bool = False) -> Ticket:
    """As returns.restore; and who was rebooked gets a new number in the green channel, once."""
    try:
        return returns.restore(tx, number=number, check_code=check_code)
    except Refused as refused:
        old = _rebooked(tx, number, check_code) if refused.code == "wrong_code" else None
        if old is None:
            raise
    return _come_back(tx, old, kiosk, printer=printer)


# -- duties


def open_sheet(tx: Tx) -> DaySheet | None:
    """After midnight: how many the last day left over; the office is greeted with it until all are settled."""
    [(day,)] = tx.values(LAST_DAY, today=tx.day)
    if not day or tx.get(DaySheet, day) is not None:
        return None
    count = len(left(tx, day))
    closed = None if count else tx.now
    if count:
        facts = {"day": day, "left": count}
        tell(tx, f"settle/{day}", "sl.left", facts, kind="alarm", audience="office", rank=3, level="warn")
    return tx.insert(DaySheet, day=day, left=count, at=tx.now, closed_at=closed, closed_by="" if count else tx.actor)


def keep_extended(tx: Tx) -> None:
    """延时服务 (C06): after closing, while people wait and somebody serves them, everyone is told."""
    if is_extended(tx):
        tell(tx, EXTENDED, "sl.extended", {}, since=closes_at(tx, tx.day), kind="info", audience="public")
    else:
        hush(tx, EXTENDED)


def is_extended(db: Reads) -> bool:
    closing = closes_at(db, db.day)
    if closing is None or db.now < closing:
        return False
    [(waiting,)] = db.values(WAITING_NOW)
    return bool(waiting) and db.first(STAFFED) is not None


def closes_at(db: Reads, day: str) -> Ms | None:
    """The end of the day's working hours; None on a day off, and for a hall that never closes."""
    if db.rules.always_open:
        return None
    zone = db.rules.timezone
    spans = hours.hall(db).spans(moment(day, 0, zone), moment(day, 24 * 60, zone))
    return spans[-1][1] if spans else None


# -- parts


def _settle(tx: Tx, row: Ticket, how: str, note: str) -> Settlement:
    assert row.id is not None
    calls, need = calls_of(tx, row), tx.rules.settle_calls
    code = missing(how, calls=calls, need=need, green=bool(row.green), note=note)
    if code:
        raise Refused(code, ticket=row.id, number=row.number, calls=calls, need=need)
    ended = FINISHED if how == SERVED else row.state if row.state == NO_SHOW else CANCELLED
    window = tx.get(Window, row.window) if row.state == PARKED else None
    queue.move(tx, row, state=ended, ended_by=how, finished_at=row.finished_at or tx.now)
    if window is not None:
        desk.changed(tx, window)
    return tx.insert(
        Settlement, ticket=row.id, day=row.day, how=how, note=note.strip(), at=tx.now, actor=tx.actor
    )  # fmt: skip


def _close_when_done(tx: Tx, day: str) -> None:
    sheet = tx.get(DaySheet, day)
    if sheet is None or left(tx, day):
        return
    tx.update(sheet, closed_at=tx.now, closed_by=tx.actor)
    hush(tx, f"settle/{day}", "settled")


def _rebooked(tx: Tx, number: str, check_code: str) -> Ticket | None:
    since = days_after(tx.day, -tx.rules.rebook_days)
    for row in tx.find(MAY_COME_BACK, number=number, since=since):
        if hmac.compare_digest(row.check_code.encode(), check_code.encode()):
            return row
    return None


def _come_back(tx: Tx, old: Ticket, kiosk: str | None, *, printer: bool) -> Ticket:
    service = tx.get(Service, old.service)
    if service is None or not service.active:
        raise Refused("invalid", field="service")
    emergency.must_be_off(tx)
    closed = issue.why_closed(tx, service)
    if closed is not None:
        raise Refused("closed", **closed)
    new = issue.give(
        tx, service, kiosk=kiosk, printer=printer, category=old.category, green=True, priority=REBOOKED,
        people=old.people, cases=old.cases, needs=old.needs, then=old.then,
    )  # fmt: skip
    settled = tx.get(Settlement, old.id)
    assert settled is not None
    tx.update(settled, came_back=new.id)
    return new
