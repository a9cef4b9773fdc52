"""Reading the found items' register (M7): who claimed one stands masked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select as values_of
from sqlalchemy.orm import aliased
from sqlmodel import and_, bindparam, col, or_, select

from hallq import files, masking
from hallq.kernel import Reads
from hallq.registers.found import DUE, HERE, IS_KEPT, KEPT, STEPS_OF, find, ref_of, why_due
from hallq.registers.model import FoundItem
from hallq.ticketing.lookups import AFTER, name_of_actor, paged
from hallq.ticketing.model import Service, Ticket, Visit, Zone

BETWEEN = (
    select(FoundItem)
    .where(col(FoundItem.day).between(bindparam("since"), bindparam("until")))
    .order_by(col(FoundItem.day).desc(), col(FoundItem.id).desc())  # as the index has them
)
PAGE_BETWEEN = paged(BETWEEN, col(FoundItem.id) < AFTER)
CLOSED_PAGE = PAGE_BETWEEN.where(~IS_KEPT)
_LAST = aliased(FoundItem)
_DAY = values_of(col(_LAST.due_day)).where(col(_LAST.id) == AFTER).scalar_subquery()
FOLLOWS = or_(col(FoundItem.due_day) > _DAY, and_(col(FoundItem.due_day) == _DAY, col(FoundItem.id) > AFTER))
HERE_PAGE, DUE_PAGE = paged(HERE, FOLLOWS), paged(DUE, FOLLOWS)
VISIT_OF = select(Visit).where(col(Visit.ticket) == bindparam("ticket")).order_by(col(Visit.id).desc()).limit(1)
NAMES = ("id", "no", "day", "due_day", "at", "name", "count", "features", "found_at", "place", "zone", "finder",
         "valuable", "perishable", "state", "receipt", "closed_at")  # fmt: skip


def kept(db: Reads, *, due: bool = False, after: int | None = None) -> list[dict[str, Any]]:
    """A page of what is here, the first to go before; `due`: only what may not stay longer."""
    rows = db.find(DUE_PAGE, day=db.day, after=after) if due else db.find(HERE_PAGE, after=after)
    return [line(db, row) for row in rows]


def page(db: Reads, *, since: str, until: str, closed: bool = False, after: int | None) -> list[dict[str, Any]]:
    """Registered on these days, the newest first."""
    rows = db.find(CLOSED_PAGE if closed else PAGE_BETWEEN, since=since, until=until, after=after)
    return [line(db, row) for row in rows]


def listing(db: Reads, *, since: str, until: str) -> list[dict[str, Any]]:
    """All of these days, for the file."""
    return [line(db, row) for row in db.find(BETWEEN, since=since, until=until)]


def line(db: Reads, row: FoundItem) -> dict[str, Any]:
    zone = db.get(Zone, row.zone) if row.zone else None
    shape = {name: getattr(row, name) for name in NAMES}
    return shape | {
        "valuable": bool(row.valuable), "perishable": bool(row.perishable), "why_due": why_due(row),
        "due": row.state == KEPT and row.due_day <= db.day, "by": name_of_actor(db, row.by),
        "closed_by": name_of_actor(db, row.closed_by or ""), "claimant": masking.name(row.claimant),
        "zone_name": zone.name if zone else "", "zone_name_en": zone.name_en if zone else "",
    }  # fmt: skip


def detail(db: Reads, *, item: int) -> dict[str, Any]:
    """With its steps and pictures, and what the hub knows of the ticket that lay with it."""
    row = find(db, item)
    kept_files = [file["id"] for file in files.of(db, ref_of(row))]
    steps = [{"at": step.at, "by": name_of_actor(db, step.by), "step": step.step, "note": step.note}
             for step in db.find(STEPS_OF, item=item)]  # fmt: skip
    return line(db, row) | {
        "id_masked": row.id_masked, "phone": masking.contact(row.phone), "owner": masking.name(row.owner),
        "photos": [file for file in kept_files if file != row.signature],
        "signature": row.signature if row.signature in kept_files else None,
        "ticket": _ticket(db, row.ticket), "steps": steps, "blanked_at": row.blanked_at,
    }  # fmt: skip


def _ticket(db: Reads, ticket: int | None) -> dict[str, Any] | None:
    """K06: where its owner was served, and for what."""
    row = db.get(Ticket, ticket) if ticket is not None else None
    if row is None:
        return None
    visit, service = db.first(VISIT_OF, ticket=ticket), db.get(Service, row.service)
    return {"number": row.number, "day": row.day, "state": row.state, "window": visit.window if visit else None,
            "service": service.name if service else row.service,
            "service_en": (service.name_en if service else "") or row.service}  # fmt: skip
