"""Rating beside the pad: by number and check code (kiosk, guide, office), on the phone, with a button evaluator.

The same right to rate, the same one rating per visit. A ticket that several windows served has several; the latest is
first. Until the day ends, kiosk, desk and phone may correct it as often as the citizen likes (D03, D22).
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, literal_column
from sqlmodel import col, select

from hallq.assessment.ratings import commands, flags
from hallq.assessment.ratings.commands import RATING_OF, Rated
from hallq.assessment.ratings.model import Invitation, Rating
from hallq.assessment.ratings.rules import correction_of
from hallq.kernel import Reads, Refused, Tx
from hallq.ticketing.model import Ticket
from hallq.ticketing.tickets import returns

OF_TICKET = (
    select(Invitation)
    .where(
        col(Invitation.ticket) == bindparam("ticket"),
        col(Invitation.day) == bindparam("day"),
        col(Invitation.closed_why) != literal_column("'withdrawn'"),
    )
    .order_by(col(Invitation.opened_at).desc(), col(Invitation.visit).desc())
)
BY_PHONE = select(Ticket).where(
    col(Ticket.phone_token) == bindparam("token"),
    col(Ticket.phone_token) != literal_column("''"),  # the words of its index
    col(Ticket.day) == bindparam("day"),
)


class Choice(NamedTuple):
    """A visit that may be rated, with what is stored of it."""

    invitation: Invitation
    rating: Rating | None


def choices(db: Reads, ticket: Ticket) -> list[Choice]:
    invitations = db.find(OF_TICKET, ticket=ticket.id, day=db.day)
    return [Choice(each, db.first(RATING_OF, token=each.token)) for each in invitations]


def by_code(db: Reads, *, number: str, check_code: str) -> Ticket:
    """Raises Refused `wrong_code`, whatever is wrong."""
    for ticket in returns.by_number(db, number=number):
        if hmac.compare_digest(ticket.check_code.encode(), check_code.encode()):
            return ticket
    raise Refused("wrong_code")


def by_phone(db: Reads, *, token: str) -> Ticket:
    ticket = db.first(BY_PHONE, token=token, day=db.day)
    if ticket is None:
        raise Refused("not_found", what="ticket")
    return ticket


# -- commands


def rate_by_code(tx: Tx, /, *, number: str, check_code: str, visit: int | None = None, **press: Any) -> Rated:
    """Raises Refused: wrong_code, nothing_to_rate, invalid."""
    return _rate(tx, by_code(tx, number=number, check_code=check_code), visit, **press)


def rate_by_phone(tx: Tx, /, *, token: str, visit: int | None = None, **press: Any) -> Rated:
    """Raises Refused: not_found, nothing_to_rate, invalid."""
    return _rate(tx, by_phone(tx, token=token), visit, channel="phone", **press)


def press_button(tx: Tx, *, window: str, level: int) -> Rated:
    """A button evaluator rates what its window's pad shows now, by the pad's own rules of repeating."""
    [shown, *_] = [*tx.find(commands.ON_PAD, window=window), None]
    if shown is None:
        raise Refused("rating_closed")
    return commands.rate(tx, token=shown.token, window=window, level=level, channel="button")


def _rate(
    tx: Tx, ticket: Ticket, visit: int | None, *, level: int, reasons: Sequence[str] | None = None,
    comment: str | None = None, channel: str, assisted: bool = False, phone: str = "", from_staff: bool = False,
) -> Rated:  # fmt: skip
    chosen = _chosen(choices(tx, ticket), visit)
    version = commands.check(tx, level, reasons or (), comment or "")
    commands.must_be_open(tx, chosen.invitation)
    marks: dict[str, Any] = {"assisted": True if assisted else None, "by": tx.actor if assisted else None}
    if chosen.rating is not None:
        change = correction_of(chosen.rating, level, reasons, comment)
        corrected = commands.replace(tx, chosen.invitation, chosen.rating, change, tx.now, channel, version, **marks)
        if change:
            flags.judge(tx, corrected, phone=phone, from_staff=from_staff)
        return Rated(corrected, False)
    rating = commands.store(
        tx, chosen.invitation, version, tx.now, level, reasons or (), comment or "", channel, phone=phone,
        from_staff=from_staff, **marks,
    )  # fmt: skip
    return Rated(rating, True)


def _chosen(known: list[Choice], visit: int | None) -> Choice:
    for each in known:
        if visit in (None, each.invitation.visit):
            return each
    raise Refused("nothing_to_rate")


def rating_refused(tx: Tx, *, code: str, window: str) -> None:
    """Somebody tried to rate who may not, or what is no more: only that it was tried stands in the journal."""
    tx.log(code=code, window=window)
