"""The life of a slip: pending, then printed, failed or unknown. Nothing is printed a second time by itself.

A number is valid without its slip: its citizen may have it printed at a kiosk nearby, and a guide is told.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import SECOND, Reads, Refused, Tx, must_exist
from hallq.ticketing.model import CANCELLED, FINISHED, Kiosk, Ticket
from hallq.ticketing.told import hush, tell

PRINT_STATES = frozenset({"none", "pending", "printed", "failed", "unknown"})
WITHOUT = frozenset({"failed", "unknown"})
OFFICE = 3
GIVES = col(Kiosk.query).is_not(True)  # no query machine
KIOSKS = select(Kiosk).where(col(Kiosk.active), GIVES).order_by(col(Kiosk.id))
OF_ZONE = (
    select(Kiosk)
    .where(col(Kiosk.zone) == bindparam("zone"), col(Kiosk.active), GIVES)
    .order_by(col(Kiosk.id))
)


def set_print(tx: Tx, *, ticket: int, state: str, kiosk: str | None = None) -> Ticket:
    """What became of the slip, at the ticket's own kiosk or another. It is no part of a window's view, so a clerk's
    next press is not stale for it."""
    if state not in PRINT_STATES:
        raise Refused("invalid", field="state")
    row = tx.update(must_exist(tx.get(Ticket, ticket), "ticket", ticket), print=state)
    _tell(tx, row, kiosk or row.kiosk)
    return row


def print_at(tx: Tx, *, ticket: int, kiosk: str, printers: Collection[str]) -> Ticket:
    """The slip that did not come out, at a kiosk that has paper (`printers`). The same code: no slip is void.
    Raises Refused: no_printer, wrong_state."""
    row = must_exist(tx.get(Ticket, ticket), "ticket", ticket)
    if kiosk not in printers:
        raise Refused("no_printer", kiosk=kiosk)
    if row.print not in WITHOUT or row.state in (FINISHED, CANCELLED):
        raise Refused("wrong_state", state=row.print)
    lasts = tx.rules.print_s * SECOND
    tx.effect("print", f"kiosk/{kiosk}", {"ticket": row.id}, lasts=lasts, ref=f"ticket/{row.id}")
    return tx.update(row, print="pending")


def print_paper(tx: Tx, paper: str, key: Any, *places: str) -> bool:
    """A paper beside the ticket's slip (wiring/papers.py), at the first of these printers (`window/3`, `kiosk/k1`) that
    there is. False: none is there."""
    wish, lasts = {"paper": paper, "id": key}, tx.rules.print_s * SECOND
    return any(tx.effect("print", place, wish, lasts=lasts, ref=f"paper/{paper}/{key}") for place in places)


def beside(db: Reads, *, kiosk: str) -> list[str]:
    """The other kiosks of its zone."""
    row = db.get(Kiosk, kiosk)
    return [] if row is None else [other.id for other in db.find(OF_ZONE, zone=row.zone) if other.id != kiosk]


def kiosks(db: Reads) -> list[str]:
    return [row.id for row in db.find(KIOSKS)]


def _tell(tx: Tx, row: Ticket, kiosk: str | None) -> None:
    """One notice per kiosk: of the last number without a slip, until one comes out there."""
    place = None if kiosk is None else tx.get(Kiosk, kiosk)
    if place is None:
        return
    if row.print == "printed":
        hush(tx, f"slip/{kiosk}", "alw.slipBack")
    elif row.print == "failed" or (row.print == "unknown" and tx.rules.slip_unknown_told):
        detail = {"no": row.number, "kiosk": kiosk}
        tell(
            tx, f"slip/{kiosk}", f"sp.{row.print}", detail, kind="alarm", rank=OFFICE, level="warn", kiosk=kiosk,
            zone=place.zone,
        )  # fmt: skip
