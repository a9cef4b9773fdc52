"""Reading cases: the list with its filters, one case with its extensions, and what a window has open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, literal_column
from sqlmodel import col, select

from hallq.items import guides
from hallq.kernel import SECOND, Reads
from hallq.outcomes import clock, kinds, rates
from hallq.outcomes.kinds import WORKING
from hallq.outcomes.model import Extension, Outcome
from hallq.outcomes.one_time.content import PERMIT
from hallq.outcomes.progress import EXTENSIONS
from hallq.outcomes.recorded import NOT_VOID, case_no_wanted, find
from hallq.ticketing.lookups import AFTER, name_of, name_of_actor, paged, wished
from hallq.ticketing.model import Service, Ticket, Visit, Window

Json = dict[str, Any]
VOID = "void"
STATES = ("open", "late", "untold", "unnumbered", VOID)
MOST = 50  # of a window, on its terminal
COLUMNS = (
    "id", "day", "at", "service", "department", "window", "kind", "clock", "slip", "no", "case_no", "reason",
    "accepted_at", "clock_from", "days", "due_day", "done_at", "done_day", "told_at", "system_at",
)  # fmt: skip
_DAYS: tuple[Any, ...] = (
    col(Outcome.day).between(bindparam("since"), bindparam("until")), wished("department", col(Outcome.department)),
)  # fmt: skip
_OF_DAYS = (*_DAYS, NOT_VOID)
BETWEEN = paged(
    select(Outcome)
    .where(*_OF_DAYS, wished("kind", col(Outcome.kind)))
    .order_by(col(Outcome.day).desc(), col(Outcome.id).desc()),  # as the index has them: only a page of them is read
    col(Outcome.id) < AFTER,
)
UNNUMBERED = (
    select(Outcome).where(*_OF_DAYS, col(Outcome.case_no).is_(None), col(Outcome.accepts))
    .order_by(col(Outcome.id).desc())
)  # fmt: skip
TAKEN_BACK = (
    select(Outcome).where(*_DAYS, col(Outcome.void_at).is_not(None)).order_by(col(Outcome.id).desc())
)  # fmt: skip
RUNNING = select(Outcome).where(col(Outcome.done_at).is_(None), NOT_VOID).order_by(col(Outcome.due_day))
UNTOLD = (
    select(Outcome).where(col(Outcome.told_at).is_(None), col(Outcome.done_at).is_not(None), NOT_VOID)
    .order_by(col(Outcome.done_at))
)  # fmt: skip
PENDING_AT = (  # running, or still to be told
    select(Outcome).where(col(Outcome.window) == bindparam("window"), col(Outcome.told_at).is_(None), NOT_VOID)
    .order_by(col(Outcome.due_day))
)  # fmt: skip
LAST_AT = (
    select(Outcome).where(col(Outcome.window) == bindparam("window"), NOT_VOID)
    .order_by(col(Outcome.id).desc()).limit(1)
)  # fmt: skip
NO_KIND = (
    select(Visit)
    .where(
        col(Visit.day).between(bindparam("since"), bindparam("until")), col(Visit.end) == literal_column("'finished'"),
        col(Visit.outcome).is_(None),
    )
    .order_by(col(Visit.id).desc())
)  # fmt: skip


def page(
    db: Reads, *, since: str, until: str, kind: str | None, department: str | None, after: int | None
) -> list[Json]:
    """Of these days, the newest first."""
    return _shapes(db, db.find(BETWEEN, since=since, until=until, kind=kind, department=department, after=after))


def listing(
    db: Reads, *, state: str, since: str, until: str, kind: str | None = None, department: str | None = None
) -> list[Json]:
    """`open` and `untold`: all of them, from whatever day; `late`: of the period's promises; `unnumbered`: of its
    days; `void`: of its days, finishes that were taken back, with the numbers that are not given again."""
    if state == "late":
        rows = rates.late(db, since=since, until=until)
    elif state == "unnumbered":
        permits, found = _permits(db), db.find(UNNUMBERED, since=since, until=until, department=department)
        rows = [row for row in found if row.service in permits]
    elif state == VOID:
        rows = db.find(TAKEN_BACK, since=since, until=until, department=department)
    else:
        rows = db.find(RUNNING if state == "open" else UNTOLD)
    return _shapes(db, [row for row in rows if kind in (None, row.kind) and department in (None, row.department)])


def without_kind(db: Reads, *, since: str, until: str, department: str | None = None) -> list[Json]:
    """I09: visits of permit items that were finished without a word of what they were."""
    items, permits = [], _permits(db)
    for visit in db.find(NO_KIND, since=since, until=until):
        service = db.get(Service, visit.service) if visit.service in permits else None
        if service is None or department not in (None, service.department):
            continue
        ticket = db.get(Ticket, visit.ticket)
        items.append({
            "visit": visit.id, "day": visit.day, "number": ticket.number if ticket else "", "service": visit.service,
            "department": service.department, "window": visit.window, "clerk": name_of(db, visit.person),
            "ended_at": visit.ended_at,
        })  # fmt: skip
    return items


def detail(db: Reads, *, number: int) -> Json:
    row = find(db, number)
    return shape(db, row) | {
        "extensions": [_extension(db, made) for made in db.find(EXTENSIONS, outcome=number)],
        "done_by": name_of_actor(db, row.done_by) if row.done_by else "",
    }


def shape(db: Reads, row: Outcome) -> Json:
    [one] = _shapes(db, [row])
    return one


def _shapes(db: Reads, rows: Iterable[Outcome]) -> list[Json]:
    known = kinds.known(db)
    return [_shape(db, row, known.get(row.kind)) for row in rows]


def _shape(db: Reads, row: Outcome, known: kinds.Kind | None) -> Json:
    ticket = db.get(Ticket, row.ticket)
    apart = None if row.system_at is None else round((row.system_at - row.at) / SECOND)
    return {name: getattr(row, name) for name in COLUMNS} | {
        "number": ticket.number if ticket else "", "clerk": name_of(db, row.person),
        "kind_name": known.zh if known else row.kind, "kind_name_en": known.en if known else row.kind,
        "state": state_of(db, row), "apart_s": apart,
    }  # fmt: skip


def state_of(db: Reads, row: Outcome) -> str:
    if row.void_at is not None:
        return VOID
    late = row.due_day is not None and (row.done_day or db.day) > row.due_day
    if row.done_at is None:
        return "late" if late else "open"
    if late:
        return "done_late"
    return "done" if row.told_at is not None else "untold"


def at_window(db: Reads, *, window: str) -> Json:
    """What the terminal's keys need: the kinds as they would be now, the last case, and what is still to be done."""
    row = db.get(Window, window)
    ticket = db.get(Ticket, row.ticket) if row is not None and row.ticket is not None else None
    last = db.first(LAST_AT, window=window)
    pending = sorted(db.find(PENDING_AT, window=window), key=lambda one: one.done_at is None)  # to be told first
    return {
        "kinds": [_choice(db, kind, ticket) for kind in kinds.offered(db)],
        "reasons": kinds.reasons(db),
        "last": shape(db, last) if last is not None else None,
        "items": _shapes(db, pending[:MOST]),
    }


def _choice(db: Reads, kind: kinds.Kind, ticket: Ticket | None) -> Json:
    due = None
    if ticket is not None and ticket.id is not None and kind.clock == WORKING:
        due = clock.promise(db, service=ticket.service, ticket=ticket.id).due_day
    wanted = ticket is not None and case_no_wanted(db, ticket.service, kind)
    return kind._asdict() | {"due_day": due, "case_no": wanted}


def _permits(db: Reads) -> set[str]:
    """Items that are permits today."""
    return {service for service, found in guides.everything(db).items() if found.guide.kind == PERMIT}


def _extension(db: Reads, made: Extension) -> Json:
    names = ("id", "no", "at", "from_day", "to_day", "reason", "leader")
    return {name: getattr(made, name) for name in names} | {"by": name_of_actor(db, made.by)}
