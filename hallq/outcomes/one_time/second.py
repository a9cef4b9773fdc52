"""A second request for papers in one case: a leader's word, in the department or the office (H07).

Approved, it is given like any other and stands in the ledger as `notice_again`: by the shipped standard listed, without
points. What was not told at once (`second_notice`) the office enters by hand, with its proof.
"""

from __future__ import annotations

from hallq.assessment.ledger.commands import enter
from hallq.kernel import Refused, Tx
from hallq.office import messages
from hallq.outcomes.model import OneTimeNotice
from hallq.outcomes.one_time.commands import ASKED, REFUSED, find, hand_over
from hallq.ticketing.model import Ticket
from hallq.ticketing.told import hush

CLAUSE = "一次性告知制度 第八条、第十条"


def approve(tx: Tx, *, notice: int, leader: str, said: str, person: int | None = None) -> OneTimeNotice:
    """Given, printed, and its visit set aside if it is still open. Raises Refused: wrong_state, own_matter."""
    row = hand_over(tx, _decided(tx, notice, leader=leader, said=said, person=person))
    enter(
        tx, kind="notice_again", ref=f"onetime/{row.id}", person=row.person, department=row.department,
        window=row.window, day=row.day, clause=CLAUSE, note=row.no or "",
    )  # fmt: skip
    messages.tell(tx, row.person, "ot.didApprove", no=_number(tx, row), leader=leader)
    return row


def refuse(tx: Tx, *, notice: int, leader: str, said: str, person: int | None = None) -> OneTimeNotice:
    """The clerk goes on with the papers that are there."""
    row = tx.update(_decided(tx, notice, leader=leader, said=said, person=person), state=REFUSED)
    messages.tell(tx, row.person, "ot.didRefuse", no=_number(tx, row), leader=leader)
    return row


def _decided(tx: Tx, notice: int, *, leader: str, said: str, person: int | None) -> OneTimeNotice:
    row = find(tx, notice)
    if row.state != ASKED:
        raise Refused("wrong_state", state=row.state)
    if person is not None and person == row.person:
        raise Refused("own_matter")
    hush(tx, f"onetime/{row.id}")
    return tx.update(row, leader=leader, said=said, decided_by=tx.actor, decided_at=tx.now)


def _number(tx: Tx, notice: OneTimeNotice) -> str:
    ticket = tx.get(Ticket, notice.ticket)
    return ticket.number if ticket else ""
