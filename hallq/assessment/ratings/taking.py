"""From invitations to what pads show of them: `take` from nothing, `retake` where rows changed, and what is `due`."""

from __future__ import annotations

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from hallq.assessment.ratings.commands import IS_SHOWN, ON_PAD, RATING_OF
from hallq.assessment.ratings.model import Invitation, Rating
from hallq.assessment.ratings.picture import InvitationView
from hallq.kernel import Change, Ms, Reads

ALL_ON_PADS = select(Invitation).where(IS_SHOWN)
NEXT_DUE = select_columns(func.min(col(Invitation.closes_at))).where(IS_SHOWN)
Views = dict[str, InvitationView]


def take(db: Reads) -> Views:
    return {invitation.window: _view(db, invitation) for invitation in db.find(ALL_ON_PADS)}


def retake(db: Reads, views: Views, changes: list[Change]) -> tuple[Views, set[str]]:
    """The views after the changes, and the windows whose view is another one."""
    windows = {change.after.window for change in changes if change.model in (Invitation, Rating)}
    if not windows:
        return views, windows
    new = {no: view for no, view in views.items() if no not in windows}
    for window in windows:
        for invitation in db.find(ON_PAD, window=window):
            new[window] = _view(db, invitation)
    return new, {window for window in windows if views.get(window) != new.get(window)}


def due(db: Reads) -> Ms | None:
    """When `close_due` has something to do next."""
    [(moment,)] = db.values(NEXT_DUE)
    return moment


def _view(db: Reads, invitation: Invitation) -> InvitationView:
    rating = None if invitation.screen == "rate" else db.first(RATING_OF, token=invitation.token)
    level = rating.level if rating else None
    return InvitationView(
        invitation.window, invitation.token, invitation.screen, level, invitation.closes_at, invitation.service
    )
