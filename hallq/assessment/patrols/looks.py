"""What pages, bulletins and records read of patrols and findings (F06, F08, D13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import bindparam, col, select

from hallq import files
from hallq.assessment.patrols import due, rules
from hallq.assessment.patrols.commands import CHECKLIST, CHECKS, FOUND
from hallq.assessment.patrols.model import Finding, FindingReply, Patrol
from hallq.assessment.standards.commands import version
from hallq.kernel import Reads
from hallq.ticketing.lookups import DEPARTMENTS, name_of_actor
from hallq.ticketing.model import Person

Json = dict[str, Any]
FINDINGS = (
    select(Finding)
    .where(col(Finding.day).between(bindparam("since"), bindparam("until")))
    .order_by(col(Finding.day).desc(), col(Finding.id).desc())
)
OF_PERSON = (
    select(Finding)
    .where(col(Finding.person) == bindparam("person"), col(Finding.day).between(bindparam("since"), bindparam("until")))
    .order_by(col(Finding.id))
)
REPLIES = select(FindingReply).where(col(FindingReply.finding) == bindparam("finding")).order_by(col(FindingReply.id))
COLUMNS = (
    "id", "day", "at", "kind", "source", "patrol", "item", "code", "clause", "severity", "area", "window", "person",
    "department", "note", "camera_at", "nth", "state", "object_until", "fix", "due_day", "fixed_day",
)  # fmt: skip


def findings(db: Reads, *, since: str, until: str, department: str | None = None) -> list[Json]:
    """The newest first; a chief names the own department."""
    rows = db.find(FINDINGS, since=since, until=until)
    return [shown(db, row) for row in rows if department in (None, row.department)]


def by_person(db: Reads, person: int, since: str, until: str) -> list[Json]:
    """Problems and praise of one person, also those that are open or withdrawn: `state` says which count."""
    return [shown(db, row) for row in db.find(OF_PERSON, person=person, since=since, until=until)]


def finding(db: Reads, *, number: int) -> Json | None:
    """With its thread and its photos."""
    row = db.get(Finding, number)
    if row is None:
        return None
    replies = [
        {name: getattr(each, name) for name in ("id", "at", "step", "text", "measures", "until_day", "owner")}
        | {"by": name_of_actor(db, each.by), "files": files.of(db, f"finding_reply/{each.id}")}
        for each in db.find(REPLIES, finding=number)
    ]
    return shown(db, row) | {"replies": replies, "files": files.of(db, f"finding/{number}")}


def shown(db: Reads, row: Finding) -> Json:
    """The row with the words of its code, its group and its people."""
    who = None if row.person is None else db.get(Person, row.person)
    return {name: getattr(row, name) for name in COLUMNS} | {
        **worded(db, row), "name": who.name if who else "", "by": name_of_actor(db, row.by), "amount": row.amount,
    }  # fmt: skip


def worded(db: Reads, row: Finding) -> Json:
    """`what`, `group` in both languages, by the version of the checklist that the finding was made under."""
    content = version(db, CHECKLIST, row.version).content
    code = _named(content["code"], row.code)
    item = _named(content["item"], row.item)
    group = _named(content["group"], item.get("group", "")) or _group_of(content, row.code)
    return {
        "what": code.get("zh", ""), "what_en": code.get("en", ""), "group": group.get("code", ""),
        "group_name": group.get("zh", ""), "group_name_en": group.get("en", ""),
    }  # fmt: skip


def _named(rows: Iterable[Json], code: str) -> Json:
    return next((row for row in rows if row["code"] == code), {})


def _group_of(content: Any, code: str) -> Json:
    """Of a code that was found outside an item: the group of the first item that knows it."""
    item = next((each for each in content["item"] if code in rules.listed(each["codes"])), None)
    return {} if item is None else _named(content["group"], item["group"])


# -- patrols


def patrols(db: Reads, *, since: str, until: str) -> list[Json]:
    return [_patrol(db, row) for row in reversed(db.find(due.PATROLS, since=since, until=until))]


def patrol(db: Reads, *, number: int) -> Json | None:
    row = db.get(Patrol, number)
    if row is None:
        return None
    checks = [
        {name: getattr(each, name) for name in ("area", "item", "result", "num", "den", "at")}
        for each in db.find(CHECKS, patrol=number)
    ]
    return _patrol(db, row) | {"checks": checks, "items": [shown(db, each) for each in db.find(FOUND, patrol=number)]}


def _patrol(db: Reads, row: Patrol) -> Json:
    found = db.find(FOUND, patrol=row.id)
    return {
        "id": row.id, "day": row.day, "kind": row.kind, "started_at": row.started_at, "ended_at": row.ended_at,
        "by": name_of_actor(db, row.by), "people": rules.listed(row.people), "areas": rules.listed(row.areas),
        "version": row.version, "note": row.note, "findings": sum(each.kind == "problem" for each in found),
        "praise": sum(each.kind == rules.PRAISE for each in found), "checks": len(db.find(CHECKS, patrol=row.id)),
    }  # fmt: skip


# -- the summary of a period (F08)


def summary(db: Reads, since: str, until: str) -> Json:
    """Findings that stand are counted; open and withdrawn ones are told apart. Shares as numerator and denominator."""
    rows = [shown(db, row) for row in db.find(FINDINGS, since=since, until=until)]
    problems = [row for row in rows if row["kind"] == "problem"]
    standing = [row for row in problems if row["state"] == rules.STANDS]
    walked = due.ended(db, since=since, until=until)
    return {
        "since": since, "until": until,
        "patrols": {kind: sum(row.kind == kind for row in walked) for kind in rules.SOURCES},
        "missing_days": due.missing_days(db, since, until),
        "open": sum(row["state"] in (rules.TOLD, rules.OBJECTED) for row in problems),
        "withdrawn": sum(row["state"] == rules.WITHDRAWN for row in problems),
        "total": _tally(db, standing), "praise": [row for row in rows if row["kind"] == rules.PRAISE],
        "groups": _groups(db, standing), "departments": _departments(db, standing), "items": standing,
    }  # fmt: skip


def _groups(db: Reads, rows: list[Json]) -> list[Json]:
    names = {row["group"]: row for row in rows}
    return [
        {"group": code, "name": names[code]["group_name"], "name_en": names[code]["group_name_en"]}
        | _tally(db, [row for row in rows if row["group"] == code])
        for code in sorted(names, key=lambda code: int(code) if code.isdecimal() else 99)
    ]


def _departments(db: Reads, rows: list[Json]) -> list[Json]:
    known = [(unit.code, unit.name, unit.name_en) for unit in db.find(DEPARTMENTS)]
    tallies = [
        {"department": code, "name": name, "name_en": english}
        | _tally(db, [row for row in rows if row["department"] == code])
        for code, name, english in [*known, (None, "", "")]
    ]
    return sorted((row for row in tallies if row["found"]), key=lambda row: -row["found"])


def _tally(db: Reads, rows: list[Json]) -> Json:
    """`rectified` of `due`: put right in time, of those whose time is over or that are put right."""
    times = [rules.on_time(row["due_day"], row["fixed_day"], row["fix"], db.day) for row in rows]
    return {
        "found": len(rows), "serious": sum(row["severity"] == "serious" for row in rows),
        "repeats": sum(row["nth"] > 1 for row in rows), "rectified": times.count(True),
        "due": sum(each is not None for each in times),
    }  # fmt: skip
