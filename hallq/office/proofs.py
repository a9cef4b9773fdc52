"""When each device showed a form's notice, and who has read it (B14, B20, B07); the volume that a closure rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, func, literal_column
from sqlalchemy import select as select_columns
from sqlmodel import bindparam, col, select

from hallq.kernel import MINUTE, SECOND, Ms, Reads, Refused, Tx
from hallq.office import dates, forms
from hallq.office.closures import OFFERS
from hallq.office.model import BusinessSuspension, Closure, MissedStep, WindowChange
from hallq.ticketing.lookups import WINDOWS
from hallq.ticketing.model import Notice, Shown, Visit
from hallq.ticketing.windows.signals import FORMS, KNOWN_PROOF

LOOK_BACK = 28  # days
HOUR: Ms = 60 * MINUTE
SHOWN = (
    select_columns(col(Shown.device), func.min(col(Shown.at)))
    .where(col(Shown.what) == bindparam("what"), col(Shown.ref) == bindparam("ref"))
    .group_by(col(Shown.device))
)
_HOUR = (col(Visit.called_at) + bindparam("offset", type_=Integer)) // HOUR % 24
BY_HOUR = (
    select_columns(
        _HOUR, func.count(), func.coalesce(func.sum(col(Visit.ended_at) - col(Visit.called_at) - col(Visit.away)), 0)
    )
    .where(
        col(Visit.day) >= bindparam("first"),
        col(Visit.service) == bindparam("service"),
        col(Visit.end) == literal_column("'finished'"),
    )
    .group_by(_HOUR)
)
DAYS = select_columns(func.count(func.distinct(col(Visit.day)))).where(col(Visit.day) >= bindparam("first"))
MISSED = select(MissedStep).order_by(col(MissedStep.at).desc())


def note_shown(tx: Tx, *, notice: int) -> None:
    """A screen, a kiosk or a guide has this notice before them; the first time counts."""
    row = tx.get(Notice, notice)
    what, _, ref = (row.key or "" if row is not None else "").partition("/")
    if row is None or what not in FORMS:
        raise Refused("not_found", what="notice", id=notice)
    if tx.first(KNOWN_PROOF, what=what, ref=int(ref), n=1, device=tx.actor) is None:
        tx.insert(Shown, window=row.window or "", what=what, ref=int(ref), device=tx.actor, at=tx.now)


def shown(db: Reads, what: str, ref: int) -> dict[str, Ms]:
    """device -> when first. A browser or a guide stands as the journal's actor: token:3, person:7."""
    return dict(db.values(SHOWN, what=what, ref=ref))


def in_force(db: Reads) -> list[tuple[str, Any]]:
    """(key of the notice, form) of all that is published or in effect."""
    found: list[tuple[str, Any]] = []
    for what, model in (("closure", Closure), ("suspension", BusinessSuspension), ("change", WindowChange)):
        rows = db.find(_RUNNING[model])
        found += [(f"{what}/{row.id}", row) for row in rows]
    return found


def _running(model: Any) -> Any:
    states: Any = [literal_column(f"'{state}'") for state in (forms.PUBLISHED, forms.ACTIVE)]
    return select(model).where(col(model.state).in_(states)).order_by(col(model.since), col(model.id))


_RUNNING = {model: _running(model) for model in (Closure, BusinessSuspension, WindowChange)}


# -- volume


def volume(db: Reads, windows: Sequence[str]) -> list[dict[str, int | float]]:
    """B09: how many of these windows' business come hour by hour on a working day, and how much of the time of the
    windows that stay they would take (B10), from the last four weeks."""
    offers = db.find(OFFERS)
    business = {offer.service for offer in offers if offer.window in windows}
    closed = {row.no for row in db.find(WINDOWS) if row.closed is not None}
    stay = {offer.window for offer in offers if offer.service in business} - set(windows) - closed
    first = dates.day_of(db.now - LOOK_BACK * forms.DAY, db.rules.timezone)
    [(days,)] = db.values(DAYS, first=first)
    offset = dates.local(db.now, db.rules.timezone).utcoffset()
    shift = 0 if offset is None else int(offset.total_seconds()) * SECOND
    visits: dict[int, list[int]] = {}
    for service in sorted(business):
        for hour, count, spent in db.values(BY_HOUR, first=first, service=service, offset=shift):
            so_far = visits.setdefault(hour, [0, 0])
            visits[hour] = [so_far[0] + count, so_far[1] + (spent or 0)]
    room = max(1, days) * max(1, len(stay)) * HOUR
    return [
        {"hour": hour, "visits": round(count / max(1, days), 1), "percent": round(100 * spent / room)}
        for hour, (count, spent) in sorted(visits.items())
    ]


def busiest(db: Reads, windows: Sequence[str]) -> tuple[int, int] | None:
    rows = volume(db, windows)
    top = max(rows, key=lambda row: row["percent"], default=None)
    return None if top is None else (int(top["hour"]), int(top["percent"]))
