"""The looks that several ask for: whole tables of the catalogue, what is open, the few tickets that screens show."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, case, func, literal_column, or_
from sqlalchemy import select as values_of
from sqlmodel import col, select

from hallq.kernel import Reads, Refused
from hallq.ticketing.model import (
    Department,
    Kiosk,
    Notice,
    Person,
    QueueCount,
    Service,
    Shift,
    Ticket,
    Window,
    WindowService,
    Zone,
)

PAGE = 200  # rows of a list at a time
AFTER = bindparam("after", type_=Integer)
DEPARTMENTS = select(Department).order_by(col(Department.ord), col(Department.code))
ZONES = select(Zone).order_by(col(Zone.floor), col(Zone.code))
SERVICES = select(Service).where(col(Service.active)).order_by(col(Service.ord), col(Service.code))
WINDOWS = select(Window).where(col(Window.active)).order_by(col(Window.ord), col(Window.no))
OFFERS_AT = select(WindowService).where(col(WindowService.window) == bindparam("window"))
KIOSKS = select(Kiosk).order_by(col(Kiosk.id))
QUERY_MACHINES = select(Kiosk).where(col(Kiosk.query).is_(True), col(Kiosk.active)).order_by(col(Kiosk.id))
OFFERS = (
    select(WindowService)
    .join(Service, col(Service.code) == WindowService.service)
    .where(col(Service.active))
    .order_by(col(WindowService.rank), col(WindowService.service))
)
OPEN_NOTICE = select(Notice).where(col(Notice.key) == bindparam("key"), col(Notice.done_at).is_(None))  # one per key
NOTICES = select(Notice).where(col(Notice.done_at).is_(None)).order_by(col(Notice.at), col(Notice.id))
OPEN_TICKETS = select(Ticket).where(
    col(Ticket.state).in_([literal_column("'called'"), literal_column("'serving'"), literal_column("'parked'")])
)
CALLED_IN_ZONE = (
    select(Ticket)
    .join(Window, col(Window.no) == Ticket.window)
    .where(
        col(Ticket.day) == bindparam("day"),
        col(Ticket.last_called_at).is_not(None),
        col(Window.zone) == bindparam("zone"),
    )
    .order_by(col(Ticket.last_called_at).desc(), col(Ticket.id).desc())
    .limit(bindparam("count"))
)
TAKEN_AT_KIOSK = (
    select(Ticket)
    .where(col(Ticket.kiosk) == bindparam("kiosk"), col(Ticket.issued_at) > bindparam("since"))
    .order_by(col(Ticket.id).desc())
    .limit(bindparam("count"))
)
OF_NUMBER = select(Ticket).where(col(Ticket.day) == bindparam("day"), col(Ticket.number) == bindparam("number"))
CLERK = select(Person).join(Shift, col(Shift.person) == Person.id).where(col(Shift.id) == bindparam("shift"))

IN_HAND = values_of(func.count()).where(
    col(Ticket.state).in_([literal_column(f"'{state}'") for state in ("called", "serving", "parked")]),
    col(Ticket.service) == bindparam("service"),
)


def wished(name: str, column: Any) -> ColumnElement[bool]:
    """A condition of a list: the column's value is the wish `name`. None wishes for everything."""
    wish = bindparam(name, type_=column.type)
    return or_(wish.is_(None), column == wish)


def paged(rows: Any, follows: ColumnElement[bool]) -> Any:
    """A page of a list. `follows`: a row comes after the one whose id is AFTER, with which the page before ended."""
    return rows.where(or_(AFTER.is_(None), follows)).limit(PAGE)


def how_many(condition: Any) -> Any:
    """Of the rows of a group: so many meet it."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0).cast(Integer)


def numbers_in_hand(db: Reads, service: str) -> int:
    """Of a service: who waits, is at a window or may come back. It cannot be switched off before they are served."""
    [(tickets,)] = db.values(IN_HAND, service=service)
    count = db.get(QueueCount, service)
    return int(tickets) + (count.waiting if count else 0)


def of_number(db: Reads, number: str, day: str | None = None) -> Ticket:
    """The ticket of that day, today's if none is named. Raises Refused `invalid` with the field `number`."""
    ticket = db.first(OF_NUMBER, day=day or db.day, number=number.strip().upper())
    if ticket is None:
        raise Refused("invalid", field="number")
    return ticket


def department_facts(db: Reads, code: str) -> dict[str, str]:
    """A department as notices name it."""
    row = db.get(Department, code)
    name = row.name if row else code
    return {"department": code, "dept": name, "dept_en": (row.name_en if row else "") or name}


def name_of(db: Reads, person: int | None) -> str:
    """Of a person; empty where there is none."""
    row = None if person is None else db.get(Person, person)
    return row.name if row is not None else ""


def name_of_actor(db: Reads, actor: str) -> str:
    """Of a person who acted; empty for a device, a token and the hub itself."""
    kind, _, number = actor.partition(":")
    return name_of(db, int(number)) if kind == "person" and number.isdecimal() else ""
