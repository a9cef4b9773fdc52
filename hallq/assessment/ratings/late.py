"""Invitations that no finish brings: the clerk forgot it, or the ticket ended another way (D01, D02).

A forgotten visit invites on its pad, once. What ended elsewhere invites nowhere: phone, kiosk and desk may rate it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, literal_column
from sqlmodel import col, select

from hallq.assessment.ratings.model import Invitation
from hallq.kernel import MINUTE, SECOND, Tx
from hallq.ticketing.model import CANCELLED, FINISHED, PARKED, Service, Ticket, Visit, Window
from hallq.ticketing.opening import emergency

LATE = "late"
USUAL = 3  # of the service's minutes
SERVED_LAST = (
    select(Visit)
    .where(
        col(Visit.ticket) == bindparam("ticket"),
        col(Visit.started_at).is_not(None),
        col(Visit.end) != literal_column("'undone'"),
    )
    .order_by(col(Visit.id).desc())
    .limit(1)
)
GOING_ON = (
    select(Visit)
    .join(Window, col(Window.visit) == Visit.id)
    .outerjoin(Invitation, col(Invitation.visit) == Visit.id)
    .where(
        func.coalesce(col(Visit.started_at), col(Visit.called_at)) <= bindparam("before"),
        col(Window.pause).is_(None),
        col(Window.outage).is_(False),
        col(Invitation.token).is_(None),
    )
)


def is_served(visit: Visit) -> bool:
    """Each clerk who has served: the one who finished, and the one who began and sent the citizen on."""
    return visit.end == "finished" or (visit.end == "transferred" and visit.started_at is not None)


def invite(tx: Tx, visit: Visit, **columns: Any) -> Invitation:
    return tx.insert(
        Invitation, token=tx.token(), visit=visit.id, ticket=visit.ticket, window=visit.window, person=visit.person,
        service=visit.service, day=tx.day, opened_at=tx.now, **columns,
    )  # fmt: skip


def ended_without_a_finish(tx: Tx, before: Ticket, ticket: Ticket) -> None:
    """Set aside and then settled as served, or given up: who was served may say how it was."""
    over = before.state == PARKED and ticket.state in (FINISHED, CANCELLED)
    visit = tx.first(SERVED_LAST, ticket=ticket.id) if over and ticket.day == tx.day else None
    if visit is not None and not is_served(visit):
        invite(tx, visit, screen="", closes_at=tx.now, closed_at=tx.now, closed_why=LATE)


def invite_forgotten(tx: Tx) -> None:
    """A duty: a visit that lasts far longer than its service takes has probably been forgotten to be finished."""
    least = tx.rules.rate_forgotten_s * SECOND
    for visit in tx.find(GOING_ON, before=tx.now - least) if least and not emergency.on(tx) else ():
        service = tx.get(Service, visit.service)
        usual = USUAL * round((service.minutes if service else 0) * MINUTE)
        if (visit.started_at or visit.called_at) + usual <= tx.now:
            invite(tx, visit, closes_at=tx.now + tx.rules.rate_s * SECOND)
