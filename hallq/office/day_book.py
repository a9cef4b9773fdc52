"""The office's book of days: a day's facts are kept once it is over, set right beside them, and leave is entered.

Facts are computed anew where leave is told later; what the office sets right is a row of its own.
"""

from __future__ import annotations

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import col

from hallq.kernel import MINUTE, Ms, Reads, Refused, Tx, must_exist
from hallq.office import dates, day_facts, leaves
from hallq.office.day_model import DayCorrection, DayFacts, Leave
from hallq.ticketing.model import Person, Said, Shift
from hallq.ticketing.opening.calendar import days_after
from hallq.ticketing.opening.hours import moment

AFTER: Ms = 60 * MINUTE  # past midnight: the last visits are over
BACK = 40  # days that are still made up for after a long silence
NOT_KEPT = (
    columns(col(Shift.day)).where(col(Shift.day).between(bindparam("since"), bindparam("until"))).distinct()
    .order_by(col(Shift.day))
)  # fmt: skip
EXCUSABLE = ("late", "early", "missing_in", "missing_out", "off_post", "idle")


# -- the day's facts


def keep(tx: Tx) -> None:
    """One day to a turn, so that nobody waits for it."""
    yesterday = days_after(tx.day, -1)
    if tx.get(Said, _said(yesterday)) is not None or tx.now < moment(tx.day, 0, tx.rules.timezone) + AFTER:
        return
    day = next((day for day in _worked(tx, yesterday) if tx.get(Said, _said(day)) is None), yesterday)
    renew(tx, day=day)
    tx.insert(Said, what=_said(day), at=tx.now)


def renew(tx: Tx, *, day: str, person: int | None = None) -> None:
    """The facts as the rows tell them now; what is kept already changes only where they differ."""
    known = {row.person: row for row in tx.find(day_facts.ON, day=day)}
    for facts in day_facts.compute_day(tx, day):
        if person in (None, facts.person):
            _put(tx, facts, known.get(facts.person))


def correct(tx: Tx, *, person: int, day: str, mark: str, reason: str, by: str) -> DayCorrection:
    """The office's word that a mark does not count, with its reason. Said twice it stands once."""
    if mark not in EXCUSABLE:
        raise Refused("invalid", field="mark")
    if not reason.strip() or tx.get(Person, person) is None or day > tx.day:
        raise Refused("invalid", field="reason" if not reason.strip() else "day")
    known = day_facts.corrected(tx, person, day, day).get((day, mark))
    if known is not None:
        return known
    return tx.insert(DayCorrection, person=person, day=day, mark=mark, reason=reason.strip(), at=tx.now, by=by)


# -- leave


def record_leave(
    tx: Tx, *, person: int, kind: str, since: str, until: str, reason: str = "", since_half: str = "am",
    until_half: str = "pm", by: str, stand_in: int | None = None,
) -> Leave:  # fmt: skip
    """J03: told to the office before it begins; one that is told later is kept, and says so."""
    must_exist(tx.get(Person, person), "person", person)
    if kind not in leaves.KINDS:
        raise Refused("invalid", field="kind")
    begins, ends = (since, since_half), (until, until_half)
    if begins > ends or not {since_half, until_half} <= set(leaves.HALVES):
        raise Refused("invalid", field="until")
    _must_be_free(tx, person, begins, ends)
    leave = tx.insert(
        Leave, person=person, kind=kind, since=since, since_half=since_half, until=until, until_half=until_half,
        reason=reason.strip(), salt=tx.token(), told_at=tx.now, late=tx.now >= _begins(tx, since, since_half),
        made_by=tx.actor, approved_by=by, stand_in=stand_in,
    )  # fmt: skip
    _renew_past(tx, leave)
    return leave


def cancel_leave(tx: Tx, *, leave: int, by: str) -> Leave:
    row = must_exist(tx.get(Leave, leave), "leave", leave)
    if row.cancelled_at is not None:
        raise Refused("wrong_state", state="cancelled")
    row = tx.update(row, cancelled_at=tx.now, cancelled_by=by)
    _renew_past(tx, row)
    return row


def forget_reasons(tx: Tx, person: int) -> None:
    """Why somebody was on leave is nobody's business once the person has gone."""
    for row in tx.find(leaves.OF_PERSON, person=person):
        if row.reason:
            tx.update(row, reason="", salt=tx.token())


# -- parts


def _said(day: str) -> str:
    return f"facts/{day}"


def _worked(tx: Tx, yesterday: str) -> list[str]:
    """Days with anybody at a window, oldest first."""
    since = days_after(yesterday, -BACK)
    return [day for (day,) in tx.values(NOT_KEPT, since=since, until=yesterday)]


def _put(tx: Tx, facts: DayFacts, known: DayFacts | None) -> None:
    values = facts.model_dump(exclude={"id"})
    if known is None:
        tx.insert(DayFacts, **values)
    elif any(getattr(known, name) != value for name, value in values.items()):
        tx.update(known, **values)


def _must_be_free(tx: Tx, person: int, begins: tuple[str, str], ends: tuple[str, str]) -> None:
    for other in leaves.standing(tx, begins[0], ends[0]):
        clear = (other.until, other.until_half) < begins or ends < (other.since, other.since_half)
        if other.person == person and not clear:
            raise Refused("leave_overlaps", since=other.since, until=other.until)


def _begins(db: Reads, day: str, half: str) -> Ms:
    """The first moment of work that it takes: the morning's or the afternoon's sign-in."""
    begin = dates.begin_of(day, db.rules.timezone)
    return begin + (12 * 60 * MINUTE if half == leaves.PM else 8 * 60 * MINUTE)


def _renew_past(tx: Tx, leave: Leave) -> None:
    for ahead in range(BACK):
        each = days_after(leave.since, ahead)
        if each >= tx.day or each > leave.until:
            return
        if tx.get(Said, _said(each)) is not None:
            renew(tx, day=each, person=leave.person)
