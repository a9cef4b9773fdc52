"""After the call the window looks at the document that the green channel asks for: 已核验 or 未出示 (A10, A22).

Nobody is sent away: who cannot show it goes back to the place of arrival, as an ordinary citizen.
"""

from __future__ import annotations

from hallq.kernel import Refused, Tx
from hallq.ticketing import rules
from hallq.ticketing.model import ORDINARY, Ticket, Window
from hallq.ticketing.windows import desk
from hallq.ticketing.windows.transfers import UNCALLED

PROVED, UNPROVED = "proved", "unproved"


def verified(tx: Tx, *, window: str, seen: int | None = None) -> Ticket:
    row = desk.at(tx, window, seen)
    ticket = _its_green(tx, row)
    if ticket.verified != PROVED:
        ticket = tx.update(ticket, verified=PROVED)
        desk.changed(tx, row)
    return ticket


def unproved(tx: Tx, *, window: str, seen: int | None = None) -> Ticket:
    """It can be undone as a call can. Those who were overtaken by this call stay counted: it took their time."""
    row = desk.at(tx, window, seen)
    desk.must_not_pause(tx, row)
    ticket = _its_green(tx, row)
    visit = row.visit
    ticket = desk.close_visit(
        tx, row, ticket, "returned", state=rules.after("return", ticket.state), green=False, category=ORDINARY,
        verified=UNPROVED, **UNCALLED,
    )  # fmt: skip
    desk.announce(tx, "v.undo", ticket, row, ref=f"unproved/{visit}")
    desk.changed(tx, row, **desk.freed(tx, row) | {"undo": desk.memo(tx, "return", row)})
    return ticket


def _its_green(tx: Tx, window: Window) -> Ticket:
    """Called or serving here by a class that can be shown. Raises Refused: wrong_state, not_green."""
    ticket = desk.its_ticket(tx, window)
    if not ticket.green or ticket.category == ORDINARY:
        raise Refused("not_green", no=ticket.number)
    return ticket
