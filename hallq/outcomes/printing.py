"""Papers of a case go to the window's printer; where it has none, to that of the kiosk that gave the number."""

from __future__ import annotations

from hallq.kernel import Tx
from hallq.outcomes.model import Extension, Outcome
from hallq.ticketing.model import Ticket
from hallq.ticketing.tickets.slips import print_paper


def slip(tx: Tx, row: Outcome) -> bool:
    """False: the kind has no slip, or no printer stands there; then the office prints it on A4."""
    return bool(row.slip) and at_hand(tx, row.slip, row.id, window=row.window, ticket=row.ticket)


def extension(tx: Tx, row: Outcome, made: Extension) -> bool:
    return at_hand(tx, "extension", made.id, window=row.window, ticket=row.ticket)


def at_hand(tx: Tx, paper: str, key: int | None, *, window: str, ticket: int) -> bool:
    number = tx.get(Ticket, ticket)
    kiosk = [f"kiosk/{number.kiosk}"] if number is not None and number.kiosk else []
    return print_paper(tx, paper, key, f"window/{window}", *kiosk)
