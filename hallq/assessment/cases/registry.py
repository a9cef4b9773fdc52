"""Where cases come from: a bad rating opens its own in the rating's transaction, everything else is registered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import bindparam, col, select

from hallq import files as attachments
from hallq.assessment.cases import rules
from hallq.assessment.cases.model import Case, CaseOwner
from hallq.assessment.cases.progress import keep_due, note_step
from hallq.assessment.ratings.model import Rating
from hallq.assessment.ratings.rules import BAD
from hallq.kernel import Refused, Tx
from hallq.ticketing.lookups import of_number
from hallq.ticketing.model import Kiosk, Person, Service, Visit, Window, Zone
from hallq.ticketing.told import tell
from hallq.ticketing.windows.signals import help_call

LAST = select(Case).order_by(col(Case.id).desc()).limit(1)
OF_RATING = select(Case).where(col(Case.rating) == bindparam("rating"))
RATING_OF_VISIT = select(Rating).where(col(Rating.visit) == bindparam("visit"))
VISITS = select(Visit).where(col(Visit.ticket) == bindparam("ticket")).order_by(col(Visit.id).desc())
RATING_CHANNELS = {"page": "pad", "button": "pad", "desk": "guide"}  # a rating's channel -> the register's


def follow(tx: Tx) -> None:
    """D04: the two lowest levels open a case; a later change of the rating is noted on it, and the case stays."""
    for change in [change for change in tx.changes if change.model is Rating and change.after is not None]:
        known = tx.first(OF_RATING, rating=change.after.id)
        if known is not None:
            _follow_rating(tx, known, change.before, change.after)
        elif change.after.level <= BAD:
            _open_for(tx, change.after)


def register(
    tx: Tx,
    *,
    kind: str = "ordinary",
    channel: str,
    number: str = "",
    number_day: str | None = None,
    come: bool = False,
    files: Sequence[int] = (),
    by_name: str = "",
    **columns: Any,
) -> Case:
    """E01-E03, E22. `number`: of the ticket that it is about, today's unless `number_day` says otherwise. Where its bad
    rating is an open case, the complaint is that case: one number in both ledgers.

    Raises Refused: invalid, not_found."""
    if kind not in rules.KINDS or kind == rules.BAD_RATING:
        raise Refused("invalid", field="kind")
    if channel not in rules.CHANNELS:
        raise Refused("invalid", field="channel")
    values = columns | (_of_ticket(tx, number, number_day or tx.day) if number else {})
    known = _bad_rating_of(tx, values["ticket"]) if "ticket" in values else None
    if known is not None:
        case = _join(tx, known, values)
    else:
        case = _open(tx, kind=kind, channel=channel, named=bool(values.get("name") or values.get("contact")), **values)
    attachments.attach(tx, files, f"case/{case.id}")
    note_step(tx, case, "open" if known is None else "joined", name=by_name)
    if come and case.kiosk is not None:
        help_call(tx, kiosk=case.kiosk)  # the usual words: nobody beside it reads what it is about
    if case.urgent or come:
        call_office(tx, case)
    elif channel == "guide":
        _tell(tx, case, "cs.noted", kind="alert", level="warn")
    return keep_due(tx, case)


def leave_contact(tx: Tx, *, rating: int, contact: str) -> None:
    """The citizen wishes an answer to a bad rating (实名): from now on its case ends in an answer and a visit."""
    case = tx.first(OF_RATING, rating=rating)
    if case is not None and case.closed_at is None and contact.strip():
        tx.update(case, contact=contact.strip(), named=True)


def call_office(tx: Tx, case: Case) -> None:
    """E21."""
    _tell(tx, case, "cs.urgent", kind="alarm", level="alarm", rank=3)


def _tell(tx: Tx, case: Case, words: str, **columns: Any) -> None:
    """With the area, for whoever leads it (E22)."""
    zone = tx.get(Zone, case.zone) if case.zone else None
    detail = {"no": case.no, "case": case.id, "where": zone.name if zone else "",
              "where_en": (zone.name_en or zone.name) if zone else ""}  # fmt: skip
    tell(tx, f"case/{case.id}/urgent", words, detail, audience="office", zone=case.zone, **columns)


def department_of(tx: Tx, person: int | None, window: str | None, service: str | None) -> str | None:
    for model, key in ((Window, window), (Person, person), (Service, service)):
        row: Any = tx.get(model, key) if key is not None else None
        if row is not None and row.department:
            department: str = row.department
            return department
    return None


def _of_ticket(tx: Tx, number: str, day: str) -> dict[str, Any]:
    ticket = of_number(tx, number, day)
    visit = tx.first(VISITS, ticket=ticket.id)
    known = {"ticket": ticket.id, "service": ticket.service}
    return known if visit is None else known | {"visit": visit.id, "window": visit.window, "person": visit.person}


def _bad_rating_of(tx: Tx, ticket: int) -> Case | None:
    """The open case of a bad rating of this ticket."""
    for visit in tx.find(VISITS, ticket=ticket):
        rating = tx.first(RATING_OF_VISIT, visit=visit.id)
        case = tx.first(OF_RATING, rating=rating.id) if rating is not None else None
        if case is not None and case.closed_at is None:
            return case
    return None


def _join(tx: Tx, case: Case, values: dict[str, Any]) -> Case:
    """What the complaint adds: the citizen's words, and the wish for an answer."""
    words = {name: values.get(name) or getattr(case, name) for name in ("topic", "matter", "name", "contact", "demand")}
    wishes = {name: bool(values.get(name) or getattr(case, name)) for name in ("urgent", "secret")}
    return tx.update(case, **words, **wishes, named=bool(case.named or words["name"] or words["contact"]))


def _open_for(tx: Tx, rating: Rating) -> Case:
    case = _open(
        tx, kind=rules.BAD_RATING, channel=RATING_CHANNELS.get(rating.channel, rating.channel), rating=rating.id,
        ticket=rating.ticket, visit=rating.visit, window=rating.window, person=rating.person, service=rating.service,
    )  # fmt: skip
    note_step(tx, case, "open")
    return keep_due(tx, case)


def _follow_rating(tx: Tx, case: Case, before: Rating | None, after: Rating) -> None:
    if before is not None and before.level != after.level:
        note_step(tx, case, "corrected", note=f"{before.level} → {after.level}")


def _open(tx: Tx, **columns: Any) -> Case:
    for model, column in ((Window, "window"), (Person, "person"), (Service, "service"), (Kiosk, "kiosk")):
        if columns.get(column) is not None and tx.get(model, columns[column]) is None:
            raise Refused("invalid", field=column)
    window = columns.get("window")
    place: Any = tx.get(Window, window) if window else tx.get(Kiosk, columns["kiosk"]) if columns.get("kiosk") else None
    department = columns.pop("department", None) or department_of(
        tx, columns.get("person"), window, columns.get("service")
    )
    zone = columns.pop("zone", None) or (place.zone if place is not None else None)
    case = tx.insert(
        Case, no=_next_number(tx), day=tx.day, at=tx.now, by=tx.actor, salt=tx.token(), department=department,
        zone=zone, **columns,
    )  # fmt: skip
    if department is not None:
        tx.insert(CaseOwner, case=case.id, department=department)
    return case


def _next_number(tx: Tx) -> str:
    """Without gaps within a year, for bad ratings and complaints together."""
    year, last = tx.day[:4], tx.first(LAST)
    serial = int(last.no[5:]) + 1 if last is not None and last.no.startswith(year) else 1
    return f"{year}-{serial:04d}"
