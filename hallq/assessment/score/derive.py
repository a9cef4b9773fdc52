"""What the hub knows of a day goes into the ledger, once per cause, and is taken back when the day is set right.

Off post, sign-ins, empty posts, idle windows, numbers sent about, steps missed, guides away (A18, B02, B22, D09-D12).
Outages and emergencies count nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, literal_column
from sqlalchemy import select as columns
from sqlmodel import col, select

from hallq.assessment.ledger import commands as ledger
from hallq.assessment.ledger.model import Entry
from hallq.assessment.patrols import overlap
from hallq.assessment.score import check, commands, formula, later
from hallq.assessment.score.model import ScoreDay
from hallq.assessment.standards import commands as standards
from hallq.kernel import MINUTE, SECOND, Ms, Reads, Tx
from hallq.office import dates, day_facts, leaves, sign_marks
from hallq.office.alarms import without_outages
from hallq.office.day_figures import Frame
from hallq.office.day_model import DayFacts
from hallq.office.model import MissedStep
from hallq.office.post_model import Spell
from hallq.ticketing.model import Pause, Said, Service, Ticket, Visit, Window
from hallq.ticketing.opening import outages
from hallq.ticketing.opening.calendar import days_after

BACK = 40  # days: leave and corrections told so late still take entries back
KINDS = (
    "off_post", "late", "early", "missing_sign", "empty_post", "idle", "transfer_pingpong", "missed_step",
    "guide_absent", "extended",
)  # fmt: skip
SIGNS = {"late": "late", "early": "early", "missing_in": "missing_sign", "missing_out": "missing_sign"}
LAST = select(ScoreDay).order_by(col(ScoreDay.day).desc()).limit(1)
STALE = (
    select(ScoreDay)
    .where(col(ScoreDay.looked) < bindparam("today"), col(ScoreDay.day) >= bindparam("since"))
    .order_by(col(ScoreDay.day).desc())
    .limit(1)
)
ENTERED = select(Entry).where(col(Entry.day) == bindparam("day"), col(Entry.by) == bindparam("by"))
SPELLS = select(Spell).where(col(Spell.day) == bindparam("day"), col(Spell.notice).is_not(None))
SENT_ON = (
    columns(col(Visit.id), col(Visit.ticket), col(Visit.person), col(Visit.window))
    .join(Ticket, col(Ticket.id) == Visit.ticket)
    .where(
        col(Visit.day) == bindparam("day"), col(Visit.end) == literal_column("'transferred'"),
        col(Ticket.moves) >= bindparam("moves"),
    )
    .order_by(col(Visit.id))
)  # fmt: skip
MISSED = select(MissedStep).where(col(MissedStep.at) >= bindparam("since"), col(MissedStep.at) < bindparam("until"))


class Cause(NamedTuple):
    kind: str
    ref: str
    person: int | None = None
    department: str | None = None
    window: str | None = None
    amount: int = 1  # minutes, or times
    note: str = ""


def daily(tx: Tx) -> None:
    """A duty: each day that is over, once its facts are kept, and every later day again, one to a turn."""
    row = _due(tx)
    if row is None:
        return
    settle(tx, day=row.day)
    tx.update(row, looked=tx.day)
    later.book(tx)
    commands.remind(tx, month=days_after(f"{tx.day[:7]}-01", -1)[:7])


def settle(tx: Tx, *, day: str) -> None:
    """The ledger tells of this day what the rows tell now. What was decided on stays decided."""
    wanted = {(cause.kind, cause.ref, cause.person): cause for cause in causes(tx, day)}
    rules = standards.current(tx, check.KIND, f"{day[:7]}-01").content
    entered = [row for row in tx.find(ENTERED, day=day, by=tx.actor) if row.kind in KINDS]
    for row in entered:
        gone = row.cancels is None and (row.kind, row.ref, row.person) not in wanted
        if gone and tx.first(ledger.CANCELLING, entry=row.id) is None:
            ledger.cancel(tx, entry=row.id or 0, note="当天情况已更正")
    for cause in wanted.values():
        more = {} if cause.department is None else {"department": cause.department}
        ledger.enter(
            tx, kind=cause.kind, ref=cause.ref, person=cause.person, window=cause.window, amount=cause.amount,
            clause=_clause(rules, cause), note=cause.note, day=day, **more,
        )  # fmt: skip
    overlap.take_back(tx, day=day)


def causes(db: Reads, day: str) -> Iterator[Cause]:
    """Everything that a day holds for or against somebody, from its rows."""
    excused = frozenset(standards.current(db, check.KIND, f"{day[:7]}-01").content["excused"].split())
    frame = day_facts.frame_of(db, day)
    yield from _of_facts(db, frame)
    yield from _off_post(db, frame, excused)
    yield from _spells(db, day)
    yield from _sent_about(db, day)
    yield from _missed_steps(db, day)


def _due(tx: Tx) -> ScoreDay | None:
    yesterday = days_after(tx.day, -1)
    if tx.get(Said, f"facts/{yesterday}") is None:
        return None
    last = tx.first(LAST)
    if last is None or last.day < yesterday:
        day = yesterday if last is None else max(days_after(last.day, 1), days_after(tx.day, -BACK))
        return tx.insert(ScoreDay, day=day, looked="")
    return tx.first(STALE, today=tx.day, since=days_after(tx.day, -BACK))


# -- of the day's facts


def _of_facts(db: Reads, frame: Frame) -> Iterator[Cause]:
    """J01, J02: sign-ins that stand out; C07: service after closing, to the credit."""
    away = leaves.away_on(db, frame.day)
    for facts in db.find(day_facts.ON, day=frame.day):
        excused = day_facts.corrected(db, facts.person, frame.day, frame.day)
        for mark in facts.marks.split(",") if facts.marks else []:
            if (frame.day, mark) not in excused:
                minutes, ref = _minutes_off(frame, facts, mark, away), f"day_facts/{facts.id}/{mark}"
                yield Cause(SIGNS[mark], ref, facts.person, window=facts.window, amount=minutes)
        if (extended := facts.extended_s // 60) > 0:
            yield Cause("extended", f"day_facts/{facts.id}", facts.person, window=facts.window, amount=extended)


def _minutes_off(frame: Frame, facts: DayFacts, mark: str, away: Mapping[int, frozenset[str]]) -> int:
    leave = away.get(facts.person, frozenset())
    good = sign_marks.times(frame.day, frame.periods, leave, frame.outages, frame.rules)
    if mark == sign_marks.LATE and facts.sign_in is not None:
        return (facts.sign_in - good.in_until) // MINUTE
    if mark == sign_marks.EARLY and facts.sign_out is not None:
        return -((facts.sign_out - good.out_from) // MINUTE)
    return 1


def _off_post(db: Reads, frame: Frame, excused: frozenset[str]) -> Iterator[Cause]:
    """B02: beyond the limit within working hours; a reason has the time that the office gives it, as for a meal."""
    for pause in db.find(day_facts.PAUSES, day=frame.day):
        limit = max(frame.rules.pause_limit_s, frame.limits.get(pause.reason, 0))
        seconds = _worked(frame, pause)
        if pause.person is None or pause.reason in excused or seconds < limit:
            continue
        if (frame.day, "off_post") not in day_facts.corrected(db, pause.person, frame.day, frame.day):
            yield Cause("off_post", f"pause/{pause.id}", pause.person, window=pause.window, amount=seconds // 60)


def _worked(frame: Frame, pause: Pause) -> int:
    """Seconds of it that lie in working hours, outages left out."""
    until = frame.now if pause.ended_at is None else pause.ended_at
    there = [piece for begin, end in frame.work for piece in _met((pause.since, until), (begin, end))]
    kept = (piece for since, end in there for piece in outages.pieces(since, end, frame.outages))
    return sum(end - since for since, end in kept) // SECOND


def _met(one: tuple[Ms, Ms], other: tuple[Ms, Ms]) -> list[tuple[Ms, Ms]]:
    since, until = max(one[0], other[0]), min(one[1], other[1])
    return [(since, until)] if since < until else []


# -- of what was told as alarms


def _spells(db: Reads, day: str) -> Iterator[Cause]:
    """B03, B30: posts left empty, on the department's account; I19: idle so long that the chief was told; G02."""
    spells = db.find(SPELLS, day=day)
    gaps = db.find(outages.SINCE, since=min((spell.since for spell in spells), default=db.now))
    for spell in spells:
        seconds = without_outages(spell.since, spell.ended_at or db.now, gaps) // SECOND
        facts: Mapping[str, Any] = {"ref": f"spell/{spell.id}", "amount": max(1, seconds // 60)}
        if spell.kind == "empty" and (service := db.get(Service, spell.subject)) is not None:
            yield Cause("empty_post", department=service.department, note=service.name, **facts)
        elif spell.kind == "vacant" and (window := db.get(Window, spell.subject)) is not None:
            yield Cause("empty_post", department=window.department, window=window.no, **facts)
        elif spell.kind == "guide":
            yield Cause("guide_absent", person=int(spell.subject), **facts)
        elif spell.kind == "idle" and spell.person is not None and _idles(db, day, spell.person, seconds):
            yield Cause("idle", person=spell.person, window=spell.subject, **facts)


def _idles(db: Reads, day: str, person: int, seconds: int) -> bool:
    return seconds >= db.rules.idle_chief_s and (day, "idle") not in day_facts.corrected(db, person, day, day)


def _sent_about(db: Reads, day: str) -> Iterator[Cause]:
    """A18, D09: who sent a number on once too often; who first sent it on to the right place is not one of them."""
    sent: dict[int, int] = {}
    for visit, ticket, person, window in db.values(SENT_ON, day=day, moves=db.rules.pingpong_moves):
        sent[ticket] = sent.get(ticket, 0) + 1
        if sent[ticket] >= db.rules.pingpong_moves and person is not None:
            yield Cause("transfer_pingpong", f"visit/{visit}", person, window=window)


def _missed_steps(db: Reads, day: str) -> Iterator[Cause]:
    """B22: the department's."""
    since, until = (dates.begin_of(each, db.rules.timezone) for each in (day, days_after(day, 1)))
    for row in db.find(MISSED, since=since, until=until):
        yield Cause("missed_step", f"missed_step/{row.id}", department=row.department, note=row.reason)


def _clause(rules: Mapping[str, Any], cause: Cause) -> str:
    fits = [row for row in rules["points"] if row["kind"] == cause.kind and formula.exact(row["least"]) <= cause.amount]
    return str(max(fits, key=lambda row: formula.exact(row["least"]))["clause"]) if fits else ""
