"""Slips of cases go to the window's printer; where it has none, to that of the kiosk that gave the number."""

from __future__ import annotations

from hallq.kernel import SECOND, Tx
from hallq.outcomes.model import Extension, Outcome
from hallq.ticketing.model import Ticket

EXTENSION = "extension"


def slip(tx: Tx, row: Outcome) -> bool:
    """False: the kind has no slip, or no printer stands there; then the office prints it on A4."""
    return bool(row.slip) and _paper(tx, row, row.slip, row.id)


def extension(tx: Tx, row: Outcome, made: Extension) -> bool:
    return _paper(tx, row, EXTENSION, made.id)


def _paper(tx: Tx, row: Outcome, paper: str, key: int | None) -> bool:
    ticket = tx.get(Ticket, row.ticket)
    places = [f"window/{row.window}", *([f"kiosk/{ticket.kiosk}"] if ticket is not None and ticket.kiosk else [])]
    wish, lasts = {"paper": paper, "id": key}, tx.rules.print_s * SECOND
    return any(tx.effect("print", place, wish, lasts=lasts, ref=f"paper/{paper}/{key}") for place in places)
