"""What is told, and how: an event per change that matters outside. No citizen's words, names or numbers are in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import orjson

from hallq.assessment.ratings.model import Rating
from hallq.hooks.model import Delivery
from hallq.kernel import Change, Ms, Reads, Tx, iso
from hallq.outcomes.model import Outcome
from hallq.ticketing.model import Person, Service, Ticket, Visit

Json = dict[str, Any]
RATING, VISIT, OUTCOME = "rating", "visit.finished", "outcome.recorded"


class Hook(NamedTuple):
    name: str
    events: frozenset[str]


def follower(hooks: Iterable[Hook]) -> Callable[[Tx], None]:
    """Runs after each command, in its transaction: what happened and its telling are committed together."""
    known = tuple(hooks)

    def tell(tx: Tx) -> None:
        for change in list(tx.changes) if known else ():
            event = EVENTS.get(change.model)
            if event is None or not event.happened(change):
                continue
            body = orjson.dumps({"event": event.name, "at": _iso(tx, tx.now), "data": event.data(tx, change)}).decode()
            for hook in known:
                if event.name in hook.events:
                    tx.insert(Delivery, hook=hook.name, event=event.name, body=body, at=tx.now, next_at=tx.now)

    return tell


class Event(NamedTuple):
    name: str
    happened: Callable[[Change], bool]
    data: Callable[[Reads, Change], Json]


def _rated(change: Change) -> bool:
    """Given, or given anew by the citizen."""
    before, after = change.before, change.after
    return after is not None and (before is None or (before.level, before.reasons) != (after.level, after.reasons))


def _rating(db: Reads, change: Change) -> Json:
    row = change.after
    return _of_visit(db, row) | {
        "rating": row.id, "level": row.level, "reasons": row.reasons.split(",") if row.reasons else [],
        "channel": row.channel, "rated_at": _iso(db, row.at), "corrected": change.before is not None,
    }  # fmt: skip


def _finished(change: Change) -> bool:
    before, after = change.before, change.after
    return before is not None and after is not None and before.end != after.end == "finished"


def _visit(db: Reads, change: Change) -> Json:
    row = change.after
    times = {name: _iso(db, getattr(row, name)) for name in ("called_at", "started_at", "ended_at")}
    return _of_visit(db, row) | times | {"visit": row.id, "cases": row.cases or 1}


def _recorded(change: Change) -> bool:
    return change.before is None and change.after is not None


def _outcome(db: Reads, change: Change) -> Json:
    row = change.after
    names = ("visit", "kind", "no", "case_no", "due_day", "done_day")
    told = {name: getattr(row, name) for name in names}
    return _of_visit(db, row) | told | {"outcome": row.id, "accepted_at": _iso(db, row.accepted_at)}


def _of_visit(db: Reads, row: Any) -> Json:
    """`row` names ticket, window, person and service."""
    ticket, service = db.get(Ticket, row.ticket), db.get(Service, row.service)
    person = db.get(Person, row.person) if row.person is not None else None
    return {
        "day": row.day, "ticket": ticket.number if ticket else None, "window": row.window, "service": row.service,
        "service_name": service.name if service else None, "department": service.department if service else None,
        "staff_no": person.staff_no if person else None,
    }  # fmt: skip


def _iso(db: Reads, at: Ms | None) -> str | None:
    return iso(at, db.rules.timezone)


EVENTS: dict[type[Any], Event] = {
    Rating: Event(RATING, _rated, _rating),
    Visit: Event(VISIT, _finished, _visit),
    Outcome: Event(OUTCOME, _recorded, _outcome),
}
NAMES = tuple(event.name for event in EVENTS.values())
