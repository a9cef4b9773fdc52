"""The office's edits of the catalogue: one entry at a time is made, changed, switched off or on; nothing is deleted.

An entry's code never changes. What is refused changes nothing; what changes reaches every page as any command does.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, literal_column, select
from sqlmodel import SQLModel, col
from sqlmodel import select as rows_of

from hallq import catalog
from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.ticketing.lookups import name_of, numbers_in_hand
from hallq.ticketing.model import (
    ORDINARY,
    Category,
    Department,
    Kiosk,
    OpenHours,
    PauseReason,
    Person,
    Service,
    Ticket,
    Window,
    WindowService,
    Zone,
)
from hallq.ticketing.windows import desk, peak
from hallq.toml_file import Section

Json = dict[str, Any]


class Kind(NamedTuple):
    table: type[SQLModel]
    entry: type[Section]
    key: str = "code"

    def has(self, column: str) -> bool:
        return column in self.table.model_fields


KINDS = {
    "departments": Kind(Department, catalog.Department),
    "zones": Kind(Zone, catalog.Zone),
    "services": Kind(Service, catalog.Service),
    "windows": Kind(Window, catalog.Window, "no"),
    "kiosks": Kind(Kiosk, catalog.Kiosk, "id"),
    "categories": Kind(Category, catalog.Category),
    "pause-reasons": Kind(PauseReason, catalog.PauseReason),
}
SWITCHED = tuple(name for name, kind in KINDS.items() if kind.has("active"))  # the others are names of places only
ROWS: dict[str, Any] = {
    name: rows_of(kind.table).order_by(*(getattr(kind.table, key) for key in ("ord", kind.key) if kind.has(key)))
    for name, kind in KINDS.items()
}
OFFERS = rows_of(WindowService).order_by(col(WindowService.rank))
OFFERS_OF = rows_of(WindowService).where(col(WindowService.window) == bindparam("window"))
PEOPLE_OF = rows_of(Person).where(col(Person.window) == bindparam("window"))
PARKED_AT = select(func.count()).where(
    col(Ticket.state) == literal_column("'parked'"), col(Ticket.window) == bindparam("window")
)
MEANT_FOR = (  # waiting tickets that were transferred to this window: no other may call them
    select(col(Ticket.service), func.count())
    .where(col(Ticket.state) == literal_column("'waiting'"), col(Ticket.for_window) == bindparam("window"))
    .group_by(col(Ticket.service))
)


class Saved(NamedTuple):
    id: str
    new: bool


# -- looking


def entries(db: Reads, *, kind: str) -> list[Json]:
    """All rows of a kind, also those that are off, in the order of the screens; with the fields that `save` takes."""
    known = KINDS[kind]
    rows = [_shape(known, row) for row in db.find(ROWS[kind])]
    if known.table is Window:
        offers = db.find(OFFERS)
        rows = [row | {"services": [offer.service for offer in offers if offer.window == row["no"]]} for row in rows]
        rows = [row | {"partner": name_of(db, row["partner"]) or None} for row in rows]
    return rows


def hours(db: Reads) -> Json:
    row = db.get(OpenHours, 1) or OpenHours()
    return {
        "days": [int(day) for day in row.days.split(",") if day],
        "open": row.periods.split(","),
        "issue_from": row.issue_from,
        "issue_until": row.issue_until,
    } | ({"holidays": row.holidays} if row.holidays else {})


def _shape(known: Kind, row: Any) -> Json:
    names = [name for name in (*known.entry.model_fields, "ord", "active") if known.has(name)]
    shape = {name: getattr(row, name) for name in names}
    for name in names:
        if known.table.model_fields[name].annotation is bool:
            shape[name] = bool(shape[name])
    for name in ("issue_from", "issue_until"):  # a service without times of its own
        if name in shape:
            shape[name] = shape[name] or None
    if known.table is Service:
        days, periods = row.days or "", row.periods or ""
        shape["days"] = [int(day) for day in days.split(",") if day] or None
        shape["periods"] = [period for period in periods.split(",") if period] or None
        shape["groups"] = None if row.groups is None else bool(row.groups)
    if known.table is Kiosk:
        shape["query"] = bool(row.query)
    return shape


# -- changing


def save(tx: Tx, *, kind: str, entry: Section, new: bool = False) -> Saved:
    """The entry as it shall be, as a whole; without an `ord` it keeps its place, or is the last. `new`: only where
    there is none of its code, else refused `code_taken`."""
    known = KINDS[kind]
    key = getattr(entry, known.key)
    row: Any = tx.get(known.table, key)
    if row is not None and new:
        raise Refused("code_taken", key=key)
    _check(tx, entry)
    values = catalog.columns(known.table, entry)
    if isinstance(entry, catalog.Window):
        values["partner"] = catalog.partner_of(tx, entry)
    if known.has("ord") and values.get("ord") is None:
        last = max((one.ord for one in tx.find(ROWS[kind])), default=-1)
        values["ord"] = last + 1 if row is None else row.ord
    if row is None:
        tx.insert(known.table, **values)
    else:
        _must_keep_green(tx, row, values)
        _change(tx, row, values, entry)
    if isinstance(entry, catalog.Window):
        _offer(tx, entry)
    tx.log(kind=kind, key=key)
    return Saved(key, row is None)


def switch(tx: Tx, *, kind: str, key: str, active: bool) -> None:
    """Off: it is offered no more, and its past stays. On: as it was."""
    table = KINDS[kind].table
    row: Any = must_exist(tx.get(table, key), kind, key)
    if bool(row.active) == active:
        return
    if not active:
        _must_be_unused(tx, table, row)
        _must_keep_green(tx, row)
    if table is Window:
        desk.changed(tx, row, active=active, undo="")
    else:
        tx.update(row, active=active)
    tx.log(kind=kind, key=key)


def _must_keep_green(tx: Tx, row: Any, after: Json | None = None) -> None:
    """A09: at a peak, too, the green channel stays open, its categories and its windows."""
    was_green = getattr(row, "green", False) or getattr(row, "channel", None) == "green"
    stays = after is not None and (after.get("green") or after.get("channel") == "green")
    if was_green and not stays and peak.in_force(tx) is not None:
        raise Refused("peak_green")


def save_hours(tx: Tx, *, hours: catalog.Hours) -> None:
    for _ in catalog.bad_hours(hours):
        raise Refused("invalid", field="open")
    values = catalog.hours_columns(hours)
    if not values["issue_from"] < values["issue_until"]:
        raise Refused("invalid", field="issue_until")
    row = tx.get(OpenHours, 1)
    if row is None:
        tx.insert(OpenHours, **values)
    else:
        tx.update(row, **values)
    tx.log(kind="hours")


def _change(tx: Tx, row: Any, values: Json, entry: Section) -> None:
    if not isinstance(entry, catalog.Window):
        tx.update(row, **values)
        return
    for service, waiting in tx.values(MEANT_FOR, window=entry.no):
        if service not in entry.services:
            raise Refused("in_use", tickets=waiting)
    desk.changed(tx, row, **values)
    if row.department != entry.department:
        for person in tx.find(PEOPLE_OF, window=entry.no):
            tx.update(person, department=entry.department)


def _offer(tx: Tx, window: catalog.Window) -> None:
    """These services and no other, in this order."""
    known = {offer.service: offer for offer in tx.find(OFFERS_OF, window=window.no)}
    for service, offer in known.items():
        if service not in window.services:
            tx.delete(offer)
    for rank, service in enumerate(window.services):
        if service not in known:
            tx.insert(WindowService, window=window.no, service=service, rank=rank)
        elif known[service].rank != rank:
            tx.update(known[service], rank=rank)


# -- refusing


def _check(tx: Tx, entry: Section) -> None:
    """What no single entry can know. Raises Refused("invalid") with the field."""
    for field, table in (("department", Department), ("zone", Zone)):
        if hasattr(entry, field) and tx.get(table, getattr(entry, field)) is None:
            raise Refused("invalid", field=field)
    if isinstance(entry, catalog.Window):
        unknown = any(tx.get(Service, code) is None for code in entry.services)
        if unknown or len(set(entry.services)) < len(entry.services):
            raise Refused("invalid", field="services")
        if entry.partner is not None and catalog.partner_of(tx, entry) is None:
            raise Refused("invalid", field="partner")
    if isinstance(entry, catalog.Service):
        _check_service(tx, entry)
    if isinstance(entry, catalog.Category) and entry.code == ORDINARY and entry.green:
        raise Refused("invalid", field="green")


def _check_service(tx: Tx, entry: catalog.Service) -> None:
    if entry.guide is not None:  # its versions have a page, and requests, of their own
        raise Refused("invalid", field="guide")
    if entry.issue_from and entry.issue_until and entry.issue_until <= entry.issue_from:
        raise Refused("invalid", field="issue_until")
    for _ in catalog.bad_periods("periods", entry.periods or ()):
        raise Refused("invalid", field="periods")
    others = {row.prefix for row in tx.find(ROWS["services"]) if row.code != entry.code}
    if any(_confusable(entry.prefix, other) for other in others):
        raise Refused("invalid", field="prefix")


def _confusable(prefix: str, other: str) -> bool:
    """`A` and `A1`: number 1001 of the one would be number 001 of the other."""
    longer, shorter = sorted((prefix, other), key=len, reverse=True)
    return longer != shorter and longer.startswith(shorter) and longer[len(shorter) :].isdigit()


def _must_be_unused(tx: Tx, table: type[SQLModel], row: Any) -> None:
    """Nobody may be left with a number that no one can call, nor a clerk at a window that is not there."""
    tickets = 0
    if table is Category and row.code == ORDINARY:
        raise Refused("invalid", field="code")
    if table is Window:
        if row.shift is not None:
            raise Refused("window_staffed", window=row.no)
        [(tickets,)] = tx.values(PARKED_AT, window=row.no)
        tickets += sum(waiting for _, waiting in tx.values(MEANT_FOR, window=row.no))
    if table is Service:
        tickets = numbers_in_hand(tx, row.code)
    if tickets:
        raise Refused("in_use", tickets=tickets)
