"""交接班 (B32): what stands open at a window, signed by who leaves and by who takes over. Names and times are kept."""

from __future__ import annotations

import json
from typing import Any

from sqlmodel import bindparam, col, select

from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.office import posts
from hallq.office.closures import PARKED_HERE
from hallq.office.post_model import Handover
from hallq.outcomes.looks import PENDING_AT
from hallq.outcomes.model import OneTimeNotice, Outcome
from hallq.outcomes.one_time.commands import GIVEN, OF_TICKET
from hallq.ticketing.lookups import AFTER, name_of, paged, wished
from hallq.ticketing.model import Pause, PauseReason, Service, Shift, Ticket, Window
from hallq.ticketing.windows.transfers import ADDRESSED

Json = dict[str, Any]
MOST = 100  # cases
PAUSES = (
    select(Pause)
    .where(col(Pause.day) == bindparam("day"), col(Pause.window) == bindparam("window"))
    .order_by(col(Pause.id))
)
BETWEEN = paged(
    select(Handover)
    .join(Window, col(Window.no) == Handover.window)
    .where(
        col(Handover.day).between(bindparam("since"), bindparam("until")),
        wished("department", col(Window.department)),
    )
    .order_by(col(Handover.id).desc()),
    col(Handover.id) < AFTER,
)


def sign(tx: Tx, *, window: str, person: int, faults: str = "", remark: str = "") -> Handover:
    """Who leaves, while signed in there. Signed again before anybody has taken over, it is as things stand then."""
    _must_be_there(tx, window, person)
    content = facts(tx, window)
    values: Json = {
        "day": tx.day, "at": tx.now, "giver": person, "parked": ",".join(row["number"] for row in content["parked"]),
        "faults": faults, "content": _json(content), "signed_at": tx.now, "remark": remark.strip() or None,
    }  # fmt: skip
    known = posts.signed(tx, window)
    if known is None or known.giver != person:
        return tx.insert(Handover, window=window, **values)
    return tx.update(known, **values)


def take_over(
    tx: Tx, *, window: str, person: int, faults: str = "", remark: str = "", seen: int | None = None
) -> Shift:
    content = _json(facts(tx, window))
    return posts.take_over(
        tx, window=window, person=person, faults=faults, content=content, remark=remark, seen=seen
    )


def confirm(tx: Tx, *, window: str, person: int, remark: str = "") -> Handover:
    """Who has signed in at a window that somebody handed over before: the second signature."""
    _must_be_there(tx, window, person)
    row = must_exist(signed_by_another(tx, window, person), "handover", window)
    return tx.update(row, taker=person, taken_over_at=tx.now, taken_remark=remark.strip() or None)


def signed_by_another(db: Reads, window: str, person: int | None) -> Handover | None:
    """What waits for the second signature; nobody takes over from oneself."""
    row = posts.signed(db, window)
    return row if row is not None and row.giver != person else None


def facts(db: Reads, window: str) -> Json:
    """As things stand; times in ms."""
    row = must_exist(db.get(Window, window), "window", window)
    ticket = db.get(Ticket, row.ticket) if row.ticket is not None else None
    parked = db.find(PARKED_HERE, window=window)
    return {
        "ticket": ticket.number if ticket else None,
        "waiting": [each.number for each in db.find(ADDRESSED) if each.for_window == window],
        "parked": [{"number": each.number, "kind": each.park_kind, "return_by": each.return_by} for each in parked],
        "notices": [_notice(notice, each) for each in parked for notice in db.find(OF_TICKET, ticket=each.id)
                    if notice.state == GIVEN],
        "outcomes": _outcomes(db, window),
        "pauses": [_pause(db, each) for each in db.find(PAUSES, day=db.day, window=window)],
    }  # fmt: skip


def listing(
    db: Reads, *, since: str, until: str, department: str | None = None, after: int | None = None
) -> list[Json]:
    """A page of them, the newest first."""
    return [shape(db, row) for row in db.find(BETWEEN, since=since, until=until, department=department, after=after)]


def shape(db: Reads, row: Handover) -> Json:
    names = ("id", "day", "at", "window", "giver", "taker", "signed_at", "remark", "taken_over_at", "taken_remark")
    window = db.get(Window, row.window)
    return {name: getattr(row, name) for name in names} | {
        "department": window.department if window else None,
        "giver_name": name_of(db, row.giver), "taker_name": name_of(db, row.taker),
        "content": json.loads(row.content) if row.content else {"parked": [
            {"number": number, "kind": "", "return_by": None} for number in row.parked.split(",") if number
        ]},
        "faults": [device for device in row.faults.split(",") if device],
    }  # fmt: skip


def _must_be_there(tx: Tx, window: str, person: int) -> None:
    row = must_exist(tx.get(Window, window), "window", window)
    shift = tx.get(Shift, row.shift) if row.shift is not None else None
    if shift is None:
        raise Refused("not_signed_in", window=window)
    if shift.person != person:
        raise Refused("window_taken", window=window)


def _notice(notice: OneTimeNotice, ticket: Ticket) -> Json:
    return {"no": notice.no, "number": ticket.number, "return_by": notice.return_by}


def _outcomes(db: Reads, window: str) -> list[Json]:
    running = [row for row in db.find(PENDING_AT, window=window) if row.done_at is None]
    return [_outcome(db, row) for row in running[:MOST]]


def _outcome(db: Reads, row: Outcome) -> Json:
    service = db.get(Service, row.service)
    return {
        "no": row.no, "case_no": row.case_no, "service": service.name if service else row.service,
        "due_day": row.due_day, "late": row.due_day is not None and row.due_day < db.day,
    }  # fmt: skip


def _pause(db: Reads, row: Pause) -> Json:
    reason = db.get(PauseReason, row.reason)
    return {"reason": (reason.name or reason.public) if reason else row.reason, "kind": row.kind, "since": row.since,
            "ended_at": row.ended_at}  # fmt: skip


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
