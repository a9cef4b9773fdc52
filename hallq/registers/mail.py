"""政务专递 (L01-L06): results that go out by post, papers that come in, and what the carrier is paid for."""

from __future__ import annotations

from typing import Any

from sqlmodel import bindparam, col, select

from hallq.kernel import MINUTE, Reads, Refused, Tx, must_exist
from hallq.registers.model import Mail
from hallq.registers.numbers import following
from hallq.ticketing.model import Ticket, Visit

DAY = 24 * 60 * MINUTE
ASKED, READY, SENT, RECEIVED, CANCELLED = "asked", "ready", "sent", "received", "cancelled"
OPEN = (ASKED, READY)
HALL, CITIZEN = "hall", "citizen"  # who pays
OUT, IN = "out", "in"
LAST = select(Mail).order_by(col(Mail.id).desc()).limit(1)
SENT_IN = (
    select(Mail).where(col(Mail.sent_day).between(bindparam("since"), bindparam("until"))).order_by(col(Mail.id))
)
LAST_VISIT = (
    select(Visit)
    .where(col(Visit.person) == bindparam("person"), col(Visit.day) == bindparam("day"))
    .order_by(col(Visit.id).desc())
    .limit(1)
)
NUMBER = select(Ticket).where(col(Ticket.day) == bindparam("day"), col(Ticket.number) == bindparam("number"))


def register(tx: Tx, *, number: str = "", number_day: str | None = None, **columns: Any) -> Mail:
    """A line of the ledger (L04), or papers that came in (L03: `direction` in)."""
    ticket = _ticket(tx, number, number_day or tx.day) if number else None
    known = {} if ticket is None else {"ticket": ticket.id, "service": ticket.service, "window": ticket.window}
    last = tx.first(LAST)
    values = {"carrier": tx.rules.mail_carrier} | known | {k: v for k, v in columns.items() if v is not None}
    if values.get("direction") == IN:
        values |= {"state": RECEIVED, "closed_at": tx.now}
    return tx.insert(
        Mail, no=following(last.no if last else None, tx.day), day=tx.day, at=tx.now, by=tx.actor, salt=tx.token(),
        **values,
    )  # fmt: skip


def find(db: Reads, number: int) -> Mail:
    return must_exist(db.get(Mail, number), "mail", number)


def _ticket(tx: Tx, number: str, day: str) -> Ticket:
    ticket = tx.first(NUMBER, day=day, number=number.strip().upper())
    if ticket is None:
        raise Refused("invalid", field="number")
    return ticket
