"""Reading cases: the ledger (台账), one case with its evidence, the rates, and what scores and bulletins ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import bindparam, col, select

from hallq import files, masking
from hallq.assessment.cases import rules
from hallq.assessment.cases.commands import OWNERS
from hallq.assessment.cases.model import Case, CaseOwner, CasePlan
from hallq.assessment.cases.progress import STEPS_OF, find, is_late
from hallq.assessment.cases.registry import VISITS
from hallq.assessment.ratings import reasons
from hallq.assessment.ratings.model import Rating
from hallq.kernel import Reads
from hallq.people.identity import Identity
from hallq.ticketing.lookups import WINDOWS, name_of, name_of_actor
from hallq.ticketing.model import Pause, Person, Shown, Ticket, Visit

_IN = col(Case.day).between(bindparam("since"), bindparam("until"))
BETWEEN = select(Case).where(_IN).order_by(col(Case.id).desc())
OPEN_ONES = select(Case).where(col(Case.closed_at).is_(None)).order_by(col(Case.id).desc())
SHARED = select(CaseOwner).where(col(CaseOwner.department) == bindparam("department"))
BY_PERSON = select(Case).where(col(Case.person) == bindparam("person"), _IN).order_by(col(Case.id))
OWN = (
    select(Case)
    .where(col(Case.person) == bindparam("person"), col(Case.heard_at).is_not(None))
    .order_by(col(Case.id).desc())
    .limit(100)
)
PLANS = select(CasePlan).where(col(CasePlan.case) == bindparam("case")).order_by(col(CasePlan.id))
NEWEST = select_columns(func.max(col(Case.day))).where(col(Case.window) == bindparam("window"))
PROOFS = select(Shown).where(col(Shown.ref) == bindparam("visit"), col(Shown.what) == "call").order_by(col(Shown.at))
RATING_OF = select(Rating).where(col(Rating.visit) == bindparam("visit"))
AWAYS = select(Pause).where(
    col(Pause.day) == bindparam("day"), col(Pause.window) == bindparam("window"),
    col(Pause.since) >= bindparam("since"), col(Pause.since) <= bindparam("until"),
).order_by(col(Pause.since))  # fmt: skip
NUMBER_END = {"no_show": "noShow", "parked": "parked", "transferred": "transferred", "finished": "finished",
              "returned": "returned"}  # fmt: skip


# -- for scores, records and bulletins


def by_person(db: Reads, *, person: int, since: str, until: str) -> list[Case]:
    """Cases about somebody that were registered on these days, both included; the oldest first."""
    return db.find(BY_PERSON, person=person, since=since, until=until)


def counts(db: Reads, *, since: str, until: str, department: str | None = None) -> dict[str, Any]:
    """Of these days' cases: how many of each kind, how many upheld, open and overdue, and the three rates."""
    rows = [row for row in db.find(BETWEEN, since=since, until=until) if department in (None, row.department)]
    kinds = {kind: sum(row.kind == kind for row in rows) for kind in rules.KINDS}
    complaints = [row for row in rows if row.kind != rules.BAD_RATING and row.state not in ("rejected", "withdrawn")]
    return {
        "kinds": kinds,
        "bad_ratings": kinds[rules.BAD_RATING],
        "complaints": len(complaints),
        "upheld": sum(row.verdict in ("upheld", "partly") for row in complaints),
        "open": sum(row.closed_at is None for row in rows),
        "overdue": sum(is_late(db, row) for row in rows),
        "rates": {name: rate._asdict() for name, rate in rules.rates(_outcomes(db, rows)).items()},
    }


def quiet_days(db: Reads) -> list[dict[str, Any]]:
    """D26: days since the last case about each window; None: never one."""
    today = date.fromisoformat(db.day)
    found = []
    for window in db.find(WINDOWS):
        [(last,)] = db.values(NEWEST, window=window.no)
        days = (today - date.fromisoformat(last)).days if last else None
        found.append({"window": window.no, "department": window.department, "last": last, "days": days})
    return found


def _outcomes(db: Reads, rows: Iterable[Case]) -> Iterator[rules.Outcome]:
    for row in rows:
        if row.kind == rules.BAD_RATING and row.state != "terminated":
            yield rules.Outcome(
                named=bool(row.named), done=row.done_day is not None, late=bool(row.done_late) or is_late(db, row),
                visited=row.visited_day is not None, founded=row.verdict != "unfounded",
            )  # fmt: skip


# -- the ledger


def listing(
    db: Reads,
    /,
    *,
    since: str,
    until: str,
    department: str | None = None,
    overdue: bool = False,
    open_only: bool = False,
    **columns: str | None,
) -> list[dict[str, Any]]:
    """`department`: its own and those that it shares; `open_only`: all that are open, from whatever day."""
    shared = {row.case for row in db.find(SHARED, department=department)} if department else set()
    rows = db.find(OPEN_ONES) if open_only else db.find(BETWEEN, since=since, until=until)
    wished = {name: value for name, value in columns.items() if value}
    return [
        line(db, row)
        for row in rows
        if (department is None or row.department == department or row.id in shared)
        and (not overdue or is_late(db, row))
        and all(getattr(row, name) == value for name, value in wished.items())
    ]


def line(db: Reads, row: Case) -> dict[str, Any]:
    """A line of the ledger: without who complained."""
    names = ("id", "no", "day", "at", "kind", "channel", "state", "window", "service", "department", "zone", "topic",
             "matter", "urgent", "secret", "named", "verdict", "no_award", "due_step", "due_day", "due_duty",
             "done_day", "done_late", "visited_day", "closed_at", "heard_at", "person",
             "ticket", "rating", "officer")  # fmt: skip
    person, ticket = _get(db, Person, row.person), _get(db, Ticket, row.ticket)
    shape = {name: getattr(row, name) for name in names}
    for name in ("urgent", "secret", "named", "done_late"):
        shape[name] = bool(shape[name])
    return shape | {
        "number": ticket.number if ticket else None, "clerk": person.name if person else None,
        "overdue": is_late(db, row),
    }  # fmt: skip


def detail(db: Reads, *, case: int, who: Identity) -> dict[str, Any]:
    """The whole case; who complained stands masked, and is read apart (`sees`)."""
    row = find(db, case)
    owners = db.find(OWNERS, case=case)
    steps = [_step(step) for step in db.find(STEPS_OF, case=case)]
    rating = _get(db, Rating, row.rating)
    return line(db, row) | {
        "registrar": name_of_actor(db, row.by),
        "officer_name": name_of(db, row.officer),
        "complainant": {"name": masking.name(row.name), "contact": masking.contact(row.contact),
                        "blanked_at": row.blanked_at},
        "sees_identity": sees(row, owners, who),
        "owners": [{"department": one.department, "person": one.person,
                    "name": name_of(db, one.person)} for one in owners],
        "steps": [step for step in steps if step["step"] != "look"],
        "looks": [step for step in steps if step["step"] == "look"],
        "next": list(rules.moves(row.kind, row.state, bool(row.named), row.verdict)),
        "plans": [_plan(plan) for plan in db.find(PLANS, case=case)],
        "files": files.of(db, f"case/{case}"),
        "rating_is": None if rating is None else _rating(db, rating) | {"comment": rating.comment, "at": rating.at},
        "timeline": [] if row.ticket is None else timeline(db, row.ticket),
    }  # fmt: skip


def own(db: Reads, *, person: int) -> list[dict[str, Any]]:
    """The heard cases about oneself: what it is about and what was said of it, never by whom."""
    names = ("id", "no", "day", "kind", "state", "window", "service", "number", "verdict", "due_day", "matter")
    found = []
    for row in db.find(OWN, person=person):
        steps = [_step(step) for step in db.find(STEPS_OF, case=row.id) if step.step in ("explain", "hear", "visit")]
        rating = _get(db, Rating, row.rating)
        shape = line(db, row)
        found.append({name: shape[name] for name in names} | {
            "steps": steps, "timeline": [] if row.ticket is None else timeline(db, row.ticket),
            "rating_is": None if rating is None else _rating(db, rating),
        })  # fmt: skip
    return found


def sees(row: Case, owners: Iterable[CaseOwner], who: Identity) -> bool:
    return rules.sees_identity(
        person=who.id if who.kind == "person" else None, role=who.role, registrar=row.by, officer=row.officer,
        handlers=[one.person for one in owners], secret=bool(row.secret),
    )  # fmt: skip


# -- evidence (E08)


def timeline(db: Reads, ticket: int) -> list[dict[str, Any]]:
    """What the rows say of a number, in order: issued, called, shown, started, away, ended, rated."""
    row = db.get(Ticket, ticket)
    if row is None:
        return []
    events = [_event("issued", row.issued_at, where=row.kiosk, by=name_of_actor(db, row.issuer))]
    for visit in db.find(VISITS, ticket=ticket):
        events += _visit_events(db, visit)
    return sorted(events, key=lambda event: event["at"])


def _visit_events(db: Reads, visit: Visit) -> Iterator[dict[str, Any]]:
    person, place = _get(db, Person, visit.person), {"window": visit.window}
    yield _event("called", visit.called_at, clerk=person.name if person else "", **place)
    for proof in db.find(PROOFS, visit=visit.id):
        yield _event("shown", proof.at, where=proof.device, n=proof.n, **place)
    if visit.started_at is not None:
        yield _event("started", visit.started_at, **place)
    until = visit.ended_at or db.now
    for away in db.find(AWAYS, day=visit.day, window=visit.window, since=visit.called_at, until=until):
        yield _event("away", away.since, until=away.ended_at, where=away.reason, **place)
    if visit.ended_at is not None and visit.end in NUMBER_END:
        yield _event(NUMBER_END[visit.end], visit.ended_at, **place)
    rating = db.first(RATING_OF, visit=visit.id)
    if rating is not None:
        yield _event("rated", rating.at, level=rating.level, **place)


def _event(what: str, at: int, **facts: Any) -> dict[str, Any]:
    return {"what": what, "at": at, **facts}


# -- parts


def _get(db: Reads, model: type[Any], key: Any) -> Any:
    return None if key is None else db.get(model, key)


def _step(step: Any) -> dict[str, Any]:
    names = ("step", "at", "day", "name", "note", "other_side", "result", "due_day")
    return {name: getattr(step, name) for name in names} | {"late": bool(step.late)}


def _rating(db: Reads, rating: Rating) -> dict[str, Any]:
    words = {row["code"]: {"zh": row["zh"], "en": row["en"]} for row in reasons.known(db)}
    codes = [code for code in rating.reasons.split(",") if code]
    return {"level": rating.level, "reasons": [words.get(code, {"zh": code, "en": code}) for code in codes]}


def _plan(plan: CasePlan) -> dict[str, Any]:
    names = ("id", "content", "measures", "due_day", "responsible", "progress", "result", "made_at", "struck_at")
    return {name: getattr(plan, name) for name in names}
