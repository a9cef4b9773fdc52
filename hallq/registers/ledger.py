"""Reading the mail ledger (M8): masked lines, the centre's sample, what the carrier claims for a month."""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from typing import Any

from sqlmodel import bindparam, col, select

from hallq import masking
from hallq.kernel import Reads
from hallq.registers.mail import CITIZEN, HALL, OPEN_ONES
from hallq.registers.model import Mail
from hallq.ticketing.lookups import AFTER, name_of_actor, paged, wished
from hallq.ticketing.model import Service, Ticket

BETWEEN = (
    select(Mail)
    .where(
        col(Mail.day).between(bindparam("since"), bindparam("until")), wished("state", col(Mail.state)),
        wished("direction", col(Mail.direction)), wished("window", col(Mail.window)),
    )
    .order_by(col(Mail.day).desc(), col(Mail.id).desc())  # as the index has them
)  # fmt: skip
PAGE_BETWEEN = paged(BETWEEN, col(Mail.id) < AFTER)
OPEN_PAGE = paged(OPEN_ONES, col(Mail.id) > AFTER)
SENT_IN = (
    select(Mail).where(col(Mail.sent_day).between(bindparam("since"), bindparam("until"))).order_by(col(Mail.id))
)
NAMES = ("id", "no", "direction", "day", "at", "service", "window", "what", "carrier", "waybill", "payer", "state",
         "sent_day", "why", "checked_at", "checked_by", "check_note", "form_until")  # fmt: skip


def listing(db: Reads, *, since: str, until: str, window: str | None = None) -> list[dict[str, Any]]:
    """Of the days on which they were asked for or came in, the newest first."""
    wish = {"state": None, "direction": None, "window": window}
    return [line(db, row) for row in db.find(BETWEEN, since=since, until=until, **wish)]


def page(
    db: Reads, *, since: str, until: str, state: str | None = None, direction: str | None = None, after: int | None
) -> list[dict[str, Any]]:
    wish = {"state": state, "direction": direction, "window": None}
    return [line(db, row) for row in db.find(PAGE_BETWEEN, since=since, until=until, after=after, **wish)]


def open_ones(db: Reads, *, after: int | None = None) -> list[dict[str, Any]]:
    """A page of what the desk has still to send, the oldest first."""
    return [line(db, row) for row in db.find(OPEN_PAGE, after=after)]


def line(db: Reads, row: Mail) -> dict[str, Any]:
    """`addressed`: whether it is known where it goes; the address itself is a look of its own."""
    service = db.get(Service, row.service) if row.service else None
    ticket = db.get(Ticket, row.ticket) if row.ticket else None
    return {name: getattr(row, name) for name in NAMES} | {
        "name": masking.name(row.name), "phone": masking.contact(row.phone), "addressed": bool(row.address),
        "number": ticket.number if ticket else None, "by": name_of_actor(db, row.by),
        "service_name": service.name if service else "", "service_name_en": service.name_en if service else "",
        "blanked": row.blanked_at is not None,
    }  # fmt: skip


def sample(db: Reads, *, seed: str, n: int, since: str, until: str) -> list[dict[str, Any]]:
    """L06: of what was sent on these days, those with the smallest SHA-256 of "seed/number": anyone draws the same."""
    rows = db.find(SENT_IN, since=since, until=until)
    drawn = heapq.nsmallest(n, rows, key=lambda row: hashlib.sha256(f"{seed}/{row.no}".encode()).hexdigest())
    return [line(db, row) for row in drawn]


def fees(db: Reads, *, since: str, until: str) -> list[dict[str, Any]]:
    """L06: how many each carrier took on these days, by who pays. The centre pays for `hall` alone."""
    counts = Counter((row.carrier, row.payer) for row in db.find(SENT_IN, since=since, until=until))
    carriers = sorted({carrier for carrier, _ in counts})
    return [
        {"carrier": name, "hall": counts[name, HALL], "citizen": counts[name, CITIZEN]} for name in carriers
    ]  # fmt: skip
