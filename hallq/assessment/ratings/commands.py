"""Invitations follow visits; ratings are stored at the press, once per visit, whatever is pressed afterwards.

`follow` runs in the transaction of each command, after it: the queue knows nothing of ratings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, literal_column
from sqlmodel import col, select

from hallq.assessment.ratings import flags, late
from hallq.assessment.ratings import reasons as listed
from hallq.assessment.ratings.model import Invitation, Rating
from hallq.assessment.ratings.rules import change_of, joined, screen_after
from hallq.kernel import SECOND, Ms, Refused, Tx, must_exist
from hallq.office.device_marks import has_no_pad
from hallq.ticketing.model import HallMode, Ticket, Visit
from hallq.ticketing.opening import emergency

LONGEST_COMMENT = 500
AT_WINDOW = ("pad", "page", "button")
NO_PAD = "no_pad"  # the window's pads are out of order: counted apart
OF_VISIT = select(Invitation).where(col(Invitation.visit) == bindparam("visit"))
RATING_OF = select(Rating).where(col(Rating.token) == bindparam("token"))
IS_SHOWN = col(Invitation.screen) != literal_column("''")
ON_PAD = select(Invitation).where(col(Invitation.window) == bindparam("window"), IS_SHOWN)
SHOWN = select(Invitation).where(IS_SHOWN)
DUE = select(Invitation).where(IS_SHOWN, col(Invitation.closes_at) <= bindparam("now"))


class Rated(NamedTuple):
    rating: Rating
    new: bool


def follow(tx: Tx) -> None:
    """What a command's visits mean for invitations: those who were served invite, the next ones shorten and close."""
    for change in list(tx.changes):
        if change.model is HallMode and change.before is not None and change.after is not None:
            _go_on(tx, change.before.emergency_since, change.after.emergency_since)
        if change.model is Ticket and change.before is not None and change.after is not None:
            late.ended_without_a_finish(tx, change.before, change.after)
        if change.model is not Visit or change.after is None:
            continue
        before, visit = change.before, change.after
        if before is None:
            _shorten(tx, visit)
            continue
        if visit.started_at is not None and before.started_at is None:
            _close_others(tx, visit)
        if late.is_served(visit) and not late.is_served(before):
            _invite(tx, visit)
        elif late.is_served(before) and not late.is_served(visit):
            _withdraw(tx, visit)


def rate(
    tx: Tx,
    *,
    token: str,
    window: str,
    level: int,
    reasons: Sequence[str] = (),
    comment: str = "",
    channel: str = "pad",
    age_s: int = 0,
    answered: bool = False,
) -> Rated:
    """Store a press of the citizen. `age_s`: how long ago it was, as a pad says that could not reach the hub.
    `answered`: the question why was sent off, also without any reason; the pad need not ask on.

    Raises Refused: not_found, forbidden (another window's), invalid (detail.field), rating_closed."""
    invitation = _invitation(tx, token, window)
    version = check(tx, level, reasons, comment)
    must_be_open(tx, invitation)
    at = max(invitation.opened_at, tx.now - max(0, age_s) * SECOND)
    known = tx.first(RATING_OF, token=token)
    if known is None:
        return Rated(store(tx, invitation, version, at, level, reasons, comment, channel), True)
    older = at < (known.changed_at or known.at) and channel != known.channel  # a pad's that was away meanwhile
    change = {} if older else change_of(known, at, level, reasons, comment.strip(), tx.rules)
    rating = replace(tx, invitation, known, change, at, channel, version)
    if answered:
        _thank(tx, token)
    return Rated(rating, False)


def touch(tx: Tx, *, token: str, window: str) -> Invitation:
    """Someone's finger is on it: it stays longer."""
    invitation = _invitation(tx, token, window)
    if invitation.closed_at is not None or invitation.touched_at is not None:
        return invitation
    closes = max(invitation.closes_at, invitation.opened_at + tx.rules.rate_touched_s * SECOND)
    return tx.update(invitation, touched_at=tx.now, closes_at=closes)


def skip(tx: Tx, *, token: str, window: str) -> Invitation:
    """Not now: the pad goes back; the token stays good."""
    invitation = _invitation(tx, token, window)
    return invitation if invitation.closed_at is not None else _close(tx, invitation, "skipped")


def close_due(tx: Tx) -> int:
    """Screens whose time is over: the question why gives way to thanks, everything else to the window's own state."""
    due = [] if emergency.on(tx) else tx.find(DUE, now=tx.now)
    for invitation in due:
        if invitation.screen == "reasons":
            tx.update(invitation, screen="thanks", closes_at=tx.now + tx.rules.rate_thanks_s * SECOND)
        else:
            _close(tx, invitation, "time_out")
    return len(due)


# -- invitations


def _go_on(tx: Tx, since: int | None, still: int | None) -> None:
    """After an emergency an invitation has the time that it had before."""
    for invitation in tx.find(SHOWN) if since is not None and still is None else ():
        tx.update(invitation, closes_at=invitation.closes_at + tx.now - max(since or 0, invitation.opened_at))


def _invite(tx: Tx, visit: Visit) -> None:
    closes = tx.now + tx.rules.rate_s * SECOND
    known = tx.first(OF_VISIT, visit=visit.id)
    if known is None:
        late.invite(tx, visit, closes_at=closes)
    elif tx.first(RATING_OF, token=known.token) is None:  # finished again after an undo: the same right to rate
        tx.update(
            known, day=tx.day, opened_at=tx.now, screen="rate", closes_at=closes, touched_at=None, closed_at=None,
            closed_why="",
        )  # fmt: skip
    else:
        tx.update(known, closed_why="rated")


def _shorten(tx: Tx, visit: Visit) -> None:
    """The next one is called: who has not begun to rate gets the least time."""
    for invitation in _on_pad(tx, visit):
        if invitation.screen == "rate" and invitation.touched_at is None:
            least = max(tx.now, invitation.opened_at + tx.rules.rate_min_s * SECOND)
            if least < invitation.closes_at:
                tx.update(invitation, closes_at=least)


def _close_others(tx: Tx, visit: Visit) -> None:
    """The next visit begins: the pad belongs to it."""
    for invitation in _on_pad(tx, visit):
        if invitation.visit != visit.id:
            _close(tx, invitation, "next_visit")


def _thank(tx: Tx, token: str) -> None:
    invitation = tx.get(Invitation, token)
    if invitation is not None and invitation.screen == "reasons":
        tx.update(invitation, screen="thanks", closes_at=tx.now + tx.rules.rate_thanks_s * SECOND)


def _withdraw(tx: Tx, visit: Visit) -> None:
    invitation = tx.first(OF_VISIT, visit=visit.id)
    if invitation is not None:
        tx.update(invitation, screen="", closed_at=tx.now, closed_why="withdrawn")


def _close(tx: Tx, invitation: Invitation, why: str) -> Invitation:
    """Off the pad; what closed it first stays its reason. On no pad it never was: that is nobody's fault."""
    changes: dict[str, Any] = {"screen": ""}
    if invitation.closed_at is None:
        unseen = why != "skipped" and has_no_pad(tx, invitation.window, invitation.opened_at)
        changes |= {"closed_at": tx.now, "closed_why": NO_PAD if unseen else why}
    return tx.update(invitation, **changes)


def _on_pad(tx: Tx, visit: Visit) -> list[Invitation]:
    return tx.find(ON_PAD, window=visit.window)


def _invitation(tx: Tx, token: str, window: str) -> Invitation:
    invitation = must_exist(tx.get(Invitation, token), "invitation", token)
    if invitation.window != window:
        raise Refused("forbidden")
    return invitation


# -- ratings


def check(tx: Tx, level: int, reasons: Sequence[str], comment: str) -> int:
    """The version of the reasons. Raises Refused `invalid`."""
    if not 1 <= level <= 5:
        raise Refused("invalid", field="level")
    if len(comment) > LONGEST_COMMENT:
        raise Refused("invalid", field="comment")
    return listed.accepted(tx, reasons)


def must_be_open(tx: Tx, invitation: Invitation) -> None:
    if invitation.day != tx.day or invitation.closed_why == "withdrawn":
        raise Refused("rating_closed")


def store(
    tx: Tx, invitation: Invitation, version: int, at: Ms, level: int, reasons: Sequence[str], comment: str,
    channel: str, *, phone: str = "", from_staff: bool = False, **more: Any,
) -> Rating:  # fmt: skip
    """The first press of a visit, whichever way it came."""
    rating = tx.insert(
        Rating, token=invitation.token, visit=invitation.visit, ticket=invitation.ticket, window=invitation.window,
        person=invitation.person, service=invitation.service, day=invitation.day, level=level,
        reasons=joined(reasons), comment=comment.strip(), salt=tx.token(), at=at, channel=channel,
        reasons_version=version, **more,
    )  # fmt: skip
    tx.log(level=level, channel=channel)
    _rated(tx, invitation, rating)
    flags.judge(tx, rating, phone=phone, from_staff=from_staff)
    return rating


def replace(
    tx: Tx, invitation: Invitation, known: Rating, change: dict[str, Any], at: Ms, channel: str, version: int,
    **more: Any,
) -> Rating:  # fmt: skip
    """The journal keeps both, with their channels; one counts. Nothing to change: what is stored."""
    if not change:
        return known
    if "level" in change:
        tx.log(was=known.level, level=change["level"], was_channel=known.channel, channel=channel)
    stored = change | more | {"channel": channel, "reasons_version": version}
    rating = tx.update(known, **stored, changed_at=at)
    _rated(tx, invitation, rating)
    return rating


def _rated(tx: Tx, invitation: Invitation, rating: Rating) -> None:
    """The pad thanks, or asks why; unless it shows something else by now, or the press came from elsewhere."""
    changes: dict[str, Any] = {"closed_at": invitation.closed_at or tx.now, "closed_why": "rated"}
    if invitation.screen:
        screen, seconds = screen_after(rating, tx.rules) if rating.channel in AT_WINDOW else ("", 0)
        changes |= {"screen": screen, "closes_at": tx.now + seconds * SECOND}
    tx.update(invitation, **changes)
