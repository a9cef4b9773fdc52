"""Facts of posts: off post, paused, empty, late, steps that came too late, windows that were closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import bindparam, func, select
from sqlmodel import col

from hallq.assessment.bulletins.content import Facts, Row, Table
from hallq.assessment.bulletins.period import Period, clock, here, minutes, total, within
from hallq.assessment.bulletins.words import say, titles
from hallq.kernel import SECOND, Reads
from hallq.office import absences
from hallq.office.model import Closure, MissedStep
from hallq.texts import ZH, refusal
from hallq.ticketing.model import Department, Pause, PauseReason, Person, Window

_LENGTH = func.coalesce(col(Pause.ended_at), bindparam("now")) - col(Pause.since) - col(Pause.outage)
_PAUSES = within(col(Pause.day)) & here(col(Window.department))
OFF_POST = (
    select(
        col(Pause.id), col(Pause.since), col(Pause.window), col(Pause.person), col(Person.name), col(PauseReason.name),
        col(Window.department), _LENGTH,
    )
    .join(Window, col(Window.no) == Pause.window)
    .outerjoin(Person, col(Person.id) == Pause.person)
    .outerjoin(PauseReason, col(PauseReason.code) == Pause.reason)
    .where(_PAUSES, bindparam("limit") <= _LENGTH)
    .order_by(col(Pause.since))
)  # fmt: skip
OFF_POST_BY_DEPARTMENT = (
    select(col(Window.department), func.count(), func.sum(_LENGTH), func.max(_LENGTH))
    .select_from(Pause)
    .join(Window, col(Window.no) == Pause.window)
    .where(_PAUSES, bindparam("limit") <= _LENGTH)
    .group_by(col(Window.department))
    .order_by(func.count().desc())
)
DEPARTMENTS = select(col(Department.code), col(Department.name)).order_by(col(Department.ord), col(Department.code))
MISSED = (
    select(
        col(MissedStep.id),
        col(MissedStep.at),
        col(MissedStep.kind),
        col(MissedStep.step),
        col(MissedStep.facts),
        col(MissedStep.department),
    )
    .where(
        col(MissedStep.at) >= bindparam("begin"),
        col(MissedStep.at) < bindparam("end"),
        here(col(MissedStep.department)),
    )
    .order_by(col(MissedStep.at))
)
_CLOSED_UNTIL = func.coalesce(col(Closure.ended_at), bindparam("now"))
CLOSED = (
    select(col(Closure.department), func.count(), func.sum(_CLOSED_UNTIL - col(Closure.began_at)))
    .where(
        col(Closure.began_at) < bindparam("end"),
        bindparam("begin") <= _CLOSED_UNTIL,
        here(col(Closure.department)),
    )
    .group_by(col(Closure.department))
)


def departments(db: Reads) -> dict[str | None, str]:
    return dict(db.values(DEPARTMENTS))


def off_post(db: Reads, period: Period) -> Facts:
    """B02: longer than the limit, each with window and minute (F04: so that the camera can be checked)."""
    found = db.values(OFF_POST, now=db.now, limit=db.rules.pause_limit_s * SECOND, **period.place)
    limit = db.rules.pause_limit_s // 60
    if not found:
        return Facts([say("offPostNone", m=limit)])
    line = say("offPost", n=len(found), m=limit, minutes=minutes(sum(row[-1] for row in found)))
    return Facts([line], [_each(db, found) if period.names else _by_department(db, period)])


def _each(db: Reads, found: Sequence[Any]) -> Table:
    rows = [
        Row([clock(db, since), window, name or "", minutes(length), reason or ""], f"pause/{key}", person, department)
        for key, since, window, person, name, reason, department, length in found
    ]
    return Table(say("offPostTitle"), titles("since", "window", "person", "minutes", "reason"), rows)


def _by_department(db: Reads, period: Period) -> Table:
    names = departments(db)
    found = db.values(OFF_POST_BY_DEPARTMENT, now=db.now, limit=db.rules.pause_limit_s * SECOND, **period.place)
    rows = [Row([names[code], times, minutes(length), minutes(longest)], department=code)
            for code, times, length, longest in found]  # fmt: skip
    return Table(say("offPostTitle"), titles("department", "times", "minutes", "longest"), total(rows, 4, 1, 2))


def spells(db: Reads, period: Period) -> Facts:
    """B03, I19: single-person windows left empty, services without anybody on post, windows idle while people wait."""
    names = departments(db)
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for each in absences.empty(db, **period.days):
        code = each["department"]
        if each["kind"] in ("vacant", "empty", "idle") and code and period.department in (None, code):
            times, seconds = sums.get((code, each["kind"]), (0, 0))
            sums[code, each["kind"]] = times + each["times"], seconds + each["seconds"]
    rows = [Row([names[code], say(f"spell.{kind}"), times, round(seconds / 60)], department=code)
            for (code, kind), (times, seconds) in sorted(sums.items(), key=lambda item: -item[1][1])]  # fmt: skip
    return Facts(tables=[Table(say("spellsTitle"), titles("department", "what", "times", "minutes"), rows)])


def attendance(db: Reads, period: Period) -> Facts:
    """J02: sign-ins after, and sign-outs before, the hour that the rules set."""
    found = [row for row in absences.attendance(db, **period.days) if {"late", "early"} & set(row["marks"])]
    found = [row for row in found if period.department in (None, row["department"])]
    if not found:
        return Facts([say("attendanceNone")])
    names = departments(db)
    if period.names:
        rows = [Row([row["day"], row["name"], names.get(row["department"], ""), _marks(row)], person=row["person"],
                    department=row["department"]) for row in found]  # fmt: skip
        return Facts(tables=[Table(say("attendanceTitle"), titles("day", "person", "department", "what"), rows)])
    rows = [Row([name, *(sum(row["department"] == code and mark in row["marks"] for row in found)
                         for mark in ("late", "early"))], department=code) for code, name in names.items()]  # fmt: skip
    rows = [row for row in rows if any(row.cells[1:])]
    return Facts(tables=[Table(say("attendanceTitle"), titles("department", "late", "early"), total(rows, 3, 1, 2))])


def _marks(row: dict[str, Any]) -> str:
    return say("and").join(say(f"mark.{mark}") for mark in row["marks"] if mark in ("late", "early"))


def missed_steps(db: Reads, period: Period) -> Facts:
    """B22: steps of closures and suspensions that came too late."""
    begin, end = period.span(db)
    names = departments(db)
    found = db.values(MISSED, begin=begin, end=end, department=period.department)
    rows = [Row([clock(db, at), names.get(code, code), say(f"form.{kind}"), refusal(step, ZH, orjson.loads(facts))],
                f"missed_step/{key}", department=code) for key, at, kind, step, facts, code in found]  # fmt: skip
    return Facts(tables=[Table(say("missedTitle"), titles("at", "department", "form", "what"), rows)])


def closures(db: Reads, period: Period) -> Facts:
    begin, end = period.span(db)
    names = departments(db)
    found = db.values(CLOSED, begin=begin, end=end, now=db.now, department=period.department)
    rows = [Row([names.get(code, code), times, round((length or 0) / SECOND / 3600)], department=code)
            for code, times, length in found]  # fmt: skip
    return Facts(tables=[Table(say("closuresTitle"), titles("department", "closures", "hours"), total(rows, 3, 1, 2))])
