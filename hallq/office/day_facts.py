"""What a person's day at the windows came to, from the rows: kept once the day is over (`day_book`), or as it is now.

What was kept is found again by computing anew: `day_figures` is pure.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, bindparam, literal_column
from sqlalchemy import select as columns
from sqlmodel import col, select

from hallq.kernel import Reads
from hallq.office import leaves, settle
from hallq.office.day_figures import Frame, Kept, Met, figure
from hallq.office.day_model import DayCorrection, DayFacts
from hallq.office.post_model import Spell
from hallq.ticketing.model import HallMode, Pause, PauseReason, Person, Shift, Ticket, Visit, Window
from hallq.ticketing.opening import calendar, hours, outages
from hallq.ticketing.opening.hours import moment
from hallq.ticketing.windows.shifts import in_term

SEEN_LATELY = 14  # days: who has not signed in for so long is not missed
_BETWEEN: tuple[BindParameter[str], BindParameter[str]] = (bindparam("since"), bindparam("until"))

OF = (
    select(DayFacts)
    .where(col(DayFacts.person) == bindparam("person"), col(DayFacts.day).between(*_BETWEEN))
    .order_by(col(DayFacts.day))
)
ON = select(DayFacts).where(col(DayFacts.day) == bindparam("day"))
CORRECTED = select(DayCorrection).where(
    col(DayCorrection.person) == bindparam("person"), col(DayCorrection.day).between(*_BETWEEN)
)
SHIFTS = select(Shift).where(col(Shift.day) == bindparam("day"))
PAUSES = select(Pause).where(col(Pause.day) == bindparam("day"))
IDLE = select(Spell).where(
    col(Spell.day) == bindparam("day"), col(Spell.kind) == literal_column("'idle'"), col(Spell.notice).is_not(None)
)
VISITS: Any = (
    columns(
        col(Visit.person), col(Visit.called_at), col(Visit.started_at), col(Visit.ended_at), col(Visit.end),
        col(Visit.outage), col(Visit.cases), col(Ticket.cases), col(Visit.gap),
    )
    .join(Ticket, col(Ticket.id) == Visit.ticket)
    .where(col(Visit.day) == bindparam("day"), col(Visit.end) != literal_column("'undone'"))
)  # fmt: skip
LATELY = columns(col(Shift.person)).where(col(Shift.day).between(*_BETWEEN)).distinct()
CLERKS = select(Person).where(
    col(Person.active),
    col(Person.window).is_not(None),
    col(Person.role).in_([literal_column("'clerk'"), literal_column("'chief'")]),
)
REASONS = select(PauseReason)


def of(db: Reads, person: int, since: str, until: str) -> list[DayFacts]:
    """A person's days that are over and kept, both ends included."""
    return db.find(OF, person=person, since=since, until=until)


def corrected(db: Reads, person: int, since: str, until: str) -> dict[tuple[str, str], DayCorrection]:
    """(day, mark) -> the office's word that it does not count."""
    return {(row.day, row.mark): row for row in db.find(CORRECTED, person=person, since=since, until=until)}


def compute_day(db: Reads, day: str) -> list[DayFacts]:
    """Everybody who was at a window that day, and who should have been."""
    frame = frame_of(db, day)
    return [figure(kept, frame) for _, kept in sorted(_kept(db, frame).items())]


def frame_of(db: Reads, day: str) -> Frame:
    begin, end = moment(day, 0, db.rules.timezone), moment(day, 24 * 60, db.rules.timezone)
    known = [(since, until) for since, until in db.values(outages.KNOWN, since=begin) if since < end]
    mode = db.get(HallMode, 1)
    if mode is not None and mode.emergency_since is not None and mode.emergency_since < end:
        known.append((mode.emergency_since, max(db.now, mode.emergency_since)))
    hall = hours.hall(db)
    works = calendar.is_working(db, day)
    work = [(begin, end)] if db.rules.always_open else hall.spans(begin, end) if works else []
    limits = {row.code: (row.minutes or 0) * 60 for row in db.find(REASONS)}
    return Frame(day, db.now, db.rules, known, work, hall.hours.periods, settle.closes_at(db, day), limits)


def _kept(db: Reads, frame: Frame) -> dict[int, Kept]:
    day, found = frame.day, dict[int, Kept]()

    def of_person(person: int) -> Kept:
        return found.setdefault(person, Kept(person))

    for shift in db.find(SHIFTS, day=day):
        of_person(shift.person).shifts.append(shift)
    for person, called, started, ended, end, outage, cases, of_ticket, gap in db.values(VISITS, day=day):
        if person is not None:
            handled = of_ticket if cases is None else cases
            of_person(person).visits.append(Met(called, started, ended, end, outage, handled, gap or 0))
    for pause in db.find(PAUSES, day=day):
        if pause.person is not None:
            of_person(pause.person).pauses.append(pause)
    for spell in db.find(IDLE, day=day):
        if spell.person is not None:
            of_person(spell.person).idle.append(spell)
    on_leave = leaves.away_on(db, day)
    for missed in _missed(db, frame, found):
        if len(on_leave.get(missed, ())) < len(leaves.HALVES):
            of_person(missed)
    for person, kept in found.items():
        _describe(db, kept, day, on_leave.get(person, frozenset()))
    return found


def _describe(db: Reads, kept: Kept, day: str, leave: frozenset[str]) -> None:
    row = db.get(Person, kept.person)
    kept.leave = leave
    if row is not None:
        kept.department = row.department
        kept.marked = row.window is not None and row.until_day != day


def _missed(db: Reads, frame: Frame, found: dict[int, Kept]) -> list[int]:
    """Whose home window is open, who came lately, and who neither signed in nor is on leave. Not before closing."""
    if not frame.work or frame.rules.always_open or frame.closing is None or frame.now < frame.closing:
        return []
    first = calendar.days_after(frame.day, -SEEN_LATELY)
    lately = {person for (person,) in db.values(LATELY, since=first, until=frame.day)}
    return [
        row.id or 0 for row in db.find(CLERKS)
        if row.id in lately and row.id not in found and in_term(row, frame.day) and _stands_open(db, row.window)
    ]  # fmt: skip


def _stands_open(db: Reads, window: str | None) -> bool:
    row = None if window is None else db.get(Window, window)
    return row is not None and bool(row.active) and row.closed is None
