"""Tickets come and go: taken at a kiosk or a desk, cancelled by their citizens, printed or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from hallq.kernel import SECOND, Reads, Refused, Tx, must_exist
from hallq.ticketing import rules
from hallq.ticketing.model import (
    ORDINARY,
    PARKED,
    WAITING,
    Category,
    Kiosk,
    OutOfOrder,
    Service,
    Suspension,
    Ticket,
    Window,
)
from hallq.ticketing.opening import emergency, hours
from hallq.ticketing.tickets import caps, holders
from hallq.ticketing.waiting import measured, queue
from hallq.ticketing.windows import desk, transfers

NEEDS = frozenset({"escort", "deaf", "blind", "wheelchair", "interpreter"})
MOST = 99  # people or cases on one ticket
LATELY_AT_KIOSK = (
    select(col(Ticket.service), col(Ticket.issued_at))
    .where(col(Ticket.kiosk) == bindparam("kiosk"))
    .order_by(col(Ticket.id).desc())
    .limit(64)
)


def issue(
    tx: Tx,
    *,
    service: str,
    category: str = ORDINARY,
    people: int = 1,
    cases: int = 1,
    needs: Sequence[str] = (),
    kiosk: str | None = None,
    printer: bool = False,
    beyond: str = "",
    then: Sequence[str] = (),
    holder: str = "",
    self_service: bool = False,
) -> Ticket:
    """Give a number. Raises Refused: closed (detail.opens), stopped, quota_reached, kiosk_off, invalid (detail.field);
    already_waiting; and of `self_service`, where no guide stands by, ask_guide and identity_needed.

    `beyond`: why staff give one although the numbers are stopped or all given. `then`: the services that follow in
    this visit. `holder`: the keyed hash of an ID number."""
    wanted = service_of(tx, service)
    green = _is_green(tx, category)
    _check_fields(tx, people, cases, needs, kiosk)
    _must_be_open(tx, wanted)
    _must_be_single(wanted, people, cases)
    if self_service:
        _must_identify(wanted, holder)
        _must_not_burst(tx, wanted, kiosk)
    if holder:
        holders.must_have_none(tx, wanted, holder)
    past = _past_cap(tx, wanted, beyond.strip())
    ticket = give(
        tx, wanted, kiosk=kiosk, printer=printer, category=category, green=green, people=people, cases=cases,
        needs=",".join(sorted(set(needs))), then=transfers.joined(transfers.checked_stops(tx, then)),
    )  # fmt: skip
    if holder:
        holders.hold(tx, ticket, holder)
    if past:
        assert ticket.id is not None
        reason = beyond.strip()
        tx.insert(
            OutOfOrder, day=tx.day, at=tx.now, kind="beyond_cap", actor=tx.actor, ticket=ticket.id, reason=reason
        )  # fmt: skip
    return ticket


def give(tx: Tx, service: Service, *, kiosk: str | None, printer: bool, **columns: Any) -> Ticket:
    """A new waiting ticket, whoever allowed it; its slip is printed where there is a printer.
    Raises Refused `no_numbers_here` at a query machine."""
    machine = None if kiosk is None else tx.get(Kiosk, kiosk)
    if machine is not None and machine.query:
        raise Refused("no_numbers_here", kiosk=kiosk)
    day = tx.day
    ticket = tx.insert(Ticket, **{
        "day": day, "number": columns.get("number") or queue.next_number(tx, service.prefix, day),
        "service": service.code, "arrival": tx.now,
        "kiosk": kiosk, "issuer": tx.actor, "check_code": tx.digits(4), "phone_token": tx.token(),
        "print": "pending" if printer else "none", "issued_at": tx.now,
    } | columns)  # fmt: skip
    queue.count(tx, ticket, +1)
    if printer:
        lasts = tx.rules.print_s * SECOND
        tx.effect("print", f"kiosk/{kiosk}", {"ticket": ticket.id}, lasts=lasts, ref=f"ticket/{ticket.id}")
    return ticket


def cancel(tx: Tx, *, ticket: int, why: str = "citizen") -> Ticket:
    row = _ticket(tx, ticket)
    window = tx.get(Window, row.window) if row.state == PARKED else None
    cancelled = queue.move(tx, row, state=rules.after("cancel", row.state), ended_by=why, finished_at=tx.now)
    if row.state == WAITING:
        measured.gave_up(tx, row)
    if window is not None:
        desk.changed(tx, window)
    return cancelled


def why_closed(db: Reads, service: Service, staffed: int | None = None) -> dict[str, Any] | None:
    """None when a number can be taken by the clock and the staff; else what stands against it. `staffed`: windows of
    the service with someone there, where that is known already."""
    if db.rules.always_open:
        return None
    times = hours.of_service(db, service)
    if not times.can_issue(db.now):
        return {"opens": hours.iso(times.issues_next(db.now), db.rules.timezone)}
    if times.is_open(db.now):
        if staffed is None:
            staffed, _ = queue.staff(db, service.code)
        return None if staffed else {"opens": None, "reason": "unstaffed"}
    return None


def _past_cap(tx: Tx, service: Service, beyond: str) -> bool:
    """Whether this number goes beyond a cap or a stop (A05): staff may, with a reason."""
    try:
        caps.must_be_left(tx, service)
    except Refused:
        if not beyond:
            raise
        return True
    return False


def _must_be_open(tx: Tx, service: Service) -> None:
    emergency.must_be_off(tx)
    held = tx.get(Suspension, service.code)
    if held is not None:  # B19: the business itself stops; who holds a number is served
        until = hours.iso(held.until, tx.rules.timezone)
        raise Refused("suspended", service=service.name, until=until, window=held.window or "–")
    closed = why_closed(tx, service)
    if closed is not None:
        raise Refused("closed", **closed)


def _must_be_single(service: Service, people: int, cases: int) -> None:
    if service.groups is not None and not service.groups and (people > 1 or cases > 1):
        raise Refused("invalid", field="people" if people > 1 else "cases")


def _must_identify(service: Service, holder: str) -> None:
    """A guide always may give a number without a card."""
    if service.identity == "required" and not holder:
        raise Refused("identity_needed", service=service.name)


def _must_not_burst(tx: Tx, service: Service, kiosk: str | None) -> None:
    """Who takes one number after the other takes them for others: a guide gives those. Not in a trial."""
    if kiosk is None or tx.rules.always_open:
        return
    since = tx.now - tx.rules.burst_s * SECOND
    lately = tx.values(LATELY_AT_KIOSK, kiosk=kiosk)
    if sum(1 for code, at in lately if code == service.code and at > since) >= tx.rules.burst_numbers:
        raise Refused("ask_guide", service=service.name, n=tx.rules.burst_numbers)


def service_of(tx: Tx, code: str) -> Service:
    service = tx.get(Service, code)
    if service is None or not service.active:
        raise Refused("invalid", field="service")
    return service


def _is_green(tx: Tx, code: str) -> bool:
    category = tx.get(Category, code)
    if code == ORDINARY and category is None:
        return False
    if category is None or not category.active:
        raise Refused("invalid", field="category")
    return bool(category.green)


def _check_fields(tx: Tx, people: int, cases: int, needs: Sequence[str], kiosk: str | None) -> None:
    for field, value in (("people", people), ("cases", cases)):
        if not 1 <= value <= MOST:
            raise Refused("invalid", field=field)
    if not NEEDS.issuperset(needs):
        raise Refused("invalid", field="needs")
    machine = None if kiosk is None else tx.get(Kiosk, kiosk)
    if machine is not None and not machine.active:
        raise Refused("kiosk_off", kiosk=kiosk)
    if kiosk is not None and machine is None:
        raise Refused("invalid", field="kiosk")


def _ticket(tx: Tx, key: int) -> Ticket:
    return must_exist(tx.get(Ticket, key), "ticket", key)
