"""手工号: numbers given on paper while the system was down become tickets, in their order of arrival.

Their letter belongs to no service, so they collide with no number of the hall. Wrong lines are all named, and then
nothing of the batch is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import Ms, Reads, Refused, Tx
from hallq.office.peak_model import ManualNumber
from hallq.ticketing.lookups import OF_NUMBER
from hallq.ticketing.model import ORDINARY, Category, Service, Ticket
from hallq.ticketing.opening.hours import minute, moment
from hallq.ticketing.tickets import issue

SOURCE = "manual"
PAD = 200  # blank numbers made at once, at most
PREFIXES = select(Service).where(col(Service.prefix) == bindparam("prefix"))
BLANK = select(ManualNumber).where(col(ManualNumber.number) == bindparam("number"))
UNUSED = select(ManualNumber).where(col(ManualNumber.ticket).is_(None)).order_by(col(ManualNumber.id))


class Line(NamedTuple):
    number: str
    service: str
    arrival: str  # "09:20" of today, or an ISO time
    check_code: str
    category: str = ORDINARY


class Wrong(NamedTuple):
    line: int  # from 1
    field: str
    why: str


def time_of(text: str, db: Reads) -> Ms | None:
    """Of `09:20` on the hall's day, or of an ISO time; None: no time at all."""
    try:
        if re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", text):
            return moment(db.day, minute(text), db.rules.timezone)
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    local = local if local.tzinfo is not None else local.replace(tzinfo=db.rules.timezone)
    return int(local.timestamp() * 1000)


def wrong(db: Reads, lines: Sequence[Line]) -> list[Wrong]:
    """Everything that is wrong with the lines, so that all can be corrected at once."""
    found: list[Wrong] = []
    seen: set[str] = set()
    for n, line in enumerate(lines, 1):
        found += [Wrong(n, field, why) for field, why in _wrong(db, line)]
        if line.number in seen:
            found.append(Wrong(n, "number", "twice"))
        seen.add(line.number)
    return found


def enter(tx: Tx, *, lines: Sequence[Line]) -> list[Ticket]:
    """The tickets, oldest first. Raises Refused("manual_lines", lines, wrong), prefix_taken."""
    must_be_free(tx)
    lines = [line._replace(number=line.number.strip().upper(), arrival=line.arrival.strip()) for line in lines]
    faults = wrong(tx, lines)
    if faults:
        which = "、".join(str(n) for n in sorted({fault.line for fault in faults}))
        raise Refused("manual_lines", lines=which, wrong=[fault._asdict() for fault in faults])
    timed = sorted((time_of(line.arrival, tx) or 0, n, line) for n, line in enumerate(lines))
    return [_enter(tx, line, at) for at, _, line in timed]


def make_pad(tx: Tx, *, count: int) -> list[ManualNumber]:
    """Blank numbers to print, each with its check code."""
    must_be_free(tx)
    if not 1 <= count <= PAD:
        raise Refused("invalid", field="count")
    return [_blank(tx) for _ in range(count)]


def unused(db: Reads) -> list[ManualNumber]:
    return db.find(UNUSED)


def must_be_free(db: Reads) -> None:
    prefix = db.rules.manual_prefix
    if db.first(PREFIXES, prefix=prefix) is not None:
        raise Refused("prefix_taken", prefix=prefix)


def _wrong(db: Reads, line: Line) -> Iterable[tuple[str, str]]:
    yield from _number_wrong(db, line)
    service = db.get(Service, line.service)
    if service is None or not service.active:
        yield "service", "unknown"
    category = db.get(Category, line.category)
    if line.category != ORDINARY and (category is None or not category.active):
        yield "category", "unknown"
    at = time_of(line.arrival, db)
    if at is None:
        yield "arrival", "format"
    elif at > db.now:
        yield "arrival", "future"
    elif at < moment(db.day, 0, db.rules.timezone):
        yield "arrival", "past_day"


def _number_wrong(db: Reads, line: Line) -> Iterable[tuple[str, str]]:
    """A printed blank counts once and with its own code; one written by hand needs a code of four digits."""
    blank = db.first(BLANK, number=line.number)
    if not re.fullmatch(rf"{re.escape(db.rules.manual_prefix)}\d{{3,5}}", line.number):
        yield "number", "format"
    elif db.first(OF_NUMBER, day=db.day, number=line.number) is not None or (
        blank is not None and blank.ticket is not None
    ):
        yield "number", "used"
    if not re.fullmatch(r"\d{4}", line.check_code) or (blank is not None and blank.check_code != line.check_code):
        yield "check_code", "code"


def _enter(tx: Tx, line: Line, at: Ms) -> Ticket:
    service = tx.get(Service, line.service)
    assert service is not None
    category = tx.get(Category, line.category)
    columns: dict[str, Any] = {"number": line.number, "check_code": line.check_code, "category": line.category}
    ticket = issue.give(
        tx, service, kiosk=None, printer=False, green=bool(category and category.green), source=SOURCE, arrival=at,
        issued_at=at, **columns,
    )  # fmt: skip
    blank = tx.first(BLANK, number=line.number)
    if blank is not None:
        tx.update(blank, ticket=ticket.id)
    return ticket


def _blank(tx: Tx) -> ManualNumber:
    row = tx.insert(ManualNumber, number=tx.token(), check_code=tx.digits(4), at=tx.now, actor=tx.actor)
    assert row.id is not None
    return tx.update(row, number=f"{tx.rules.manual_prefix}{row.id:03d}")
