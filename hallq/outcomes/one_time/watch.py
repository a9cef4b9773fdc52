"""What becomes of a notice: met when its citizen has come back and the visit is finished, lapsed when the day passed.
A finish whose kind gives the case back, refuses it or asks for papers again meets nothing.

A follower of visits, and a duty of the clock. An undo of the finish puts back what it met.
"""

from __future__ import annotations

from sqlmodel import bindparam, col, literal_column, select

from hallq.kernel import Reads, Tx
from hallq.outcomes import kinds
from hallq.outcomes.model import OneTimeNotice
from hallq.outcomes.one_time.commands import ASKED, GIVEN, LAPSED, MET, OF_TICKET, ask, drop
from hallq.ticketing.model import CALLED, PARKED, SERVING, WAITING, Ticket, Visit

WAIT_FOR_WORD = select(OneTimeNotice).where(col(OneTimeNotice.state) == literal_column("'asked'"))
PAST = select(OneTimeNotice).where(
    col(OneTimeNotice.state) == literal_column("'given'"),
    col(OneTimeNotice.return_by).is_not(None),
    col(OneTimeNotice.return_by) < bindparam("day"),
)


def follow(tx: Tx) -> None:
    for change in tx.changes:
        if change.model is Visit and change.before is not None and change.after is not None:
            if not change.before.end and change.after.end:
                _ended(tx, change.after)
            elif change.before.end == "finished" and not change.after.end:
                _reopened(tx, change.before)


def keep(tx: Tx) -> None:
    for notice in tx.find(WAIT_FOR_WORD):
        if notice.day < tx.day:
            drop(tx, notice)
        else:
            ask(tx, notice)
    for notice in tx.find(PAST, day=tx.day):
        if not _may_be_met(tx, notice):
            tx.update(notice, state=LAPSED)


def _ended(tx: Tx, visit: Visit) -> None:
    for notice in tx.find(OF_TICKET, ticket=visit.ticket):
        if notice.state == ASKED and notice.visit == visit.id and visit.end != "parked":
            drop(tx, notice)
        elif _brings_back(notice, visit) and notice.state == GIVEN and _complete(tx, visit):
            tx.update(notice, state=MET, met_at=visit.ended_at)


def _complete(db: Reads, visit: Visit) -> bool:
    """Finished, and not as a case that asks for more papers, is given back or refused: then they are not all there."""
    kind = kinds.known(db).get(visit.outcome or "")
    return visit.end == "finished" and (kind is None or kind.completes)


def _reopened(tx: Tx, visit: Visit) -> None:
    """`visit`: as it was when it had been finished."""
    for notice in tx.find(OF_TICKET, ticket=visit.ticket):
        if notice.state == MET and notice.met_at == visit.ended_at and _brings_back(notice, visit):
            tx.update(notice, state=GIVEN, met_at=None)


def _brings_back(notice: OneTimeNotice, visit: Visit) -> bool:
    return bool(notice.papers) and notice.service == visit.service and notice.visit != visit.id


def _may_be_met(db: Reads, notice: OneTimeNotice) -> bool:
    """The citizen has come back and is not done yet, or was sent for papers once more and has time left."""
    ticket = db.get(Ticket, notice.ticket)
    if ticket is None:
        return False
    sent_again = ticket.state == PARKED and (ticket.return_by or "") >= db.day
    return sent_again or ticket.state in (WAITING, CALLED, SERVING)
