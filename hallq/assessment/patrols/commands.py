"""Going round (F01-F06): a patrol begins, each item is confirmed or becomes a finding, the patrol ends.

A finding is told to the department's chief representative at once; it counts when it stands (`answers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import bindparam, col, select

from hallq import files
from hallq.assessment.ledger import commands as ledger
from hallq.assessment.patrols import notices, overlap, rules
from hallq.assessment.patrols.model import Finding, Patrol, PatrolCheck
from hallq.assessment.standards.commands import CHECKS as EXTRA_CHECKS
from hallq.assessment.standards.commands import Content, current, version
from hallq.kernel import Ms, Reads, Refused, Tx, must_exist
from hallq.ticketing.model import Department, Person, Shift, Window
from hallq.ticketing.opening.calendar import add_working_days, days_after

LONGEST = 500
CHECKLIST = "checklist"
EXTRA_CHECKS[CHECKLIST] = rules.check
CHECKED = select(PatrolCheck).where(
    col(PatrolCheck.patrol) == bindparam("patrol"), col(PatrolCheck.area) == bindparam("area"),
    col(PatrolCheck.item) == bindparam("item"),
)  # fmt: skip
CHECKS = select(PatrolCheck).where(col(PatrolCheck.patrol) == bindparam("patrol")).order_by(col(PatrolCheck.id))
FOUND = select(Finding).where(col(Finding.patrol) == bindparam("patrol")).order_by(col(Finding.id))
SAME = select(Finding).where(
    col(Finding.code) == bindparam("code"), col(Finding.day).between(bindparam("since"), bindparam("until"))
)


# -- a patrol


def start(tx: Tx, *, kind: str, areas: Sequence[str], people: Sequence[str] = (), note: str = "") -> Patrol:
    """F01-F05, F16. Whoever begins one is its keeper; a leader's and a joint one name who takes part."""
    names = [name.strip().replace(",", "，") for name in people if name.strip()]
    if kind not in rules.SOURCES:
        raise Refused("invalid", field="kind")
    if not areas or any(area.partition("/")[2] not in rules.AREAS for area in areas):
        raise Refused("invalid", field="areas")
    if kind in ("joint", "leader") and not names:
        raise Refused("invalid", field="people")
    return tx.insert(
        Patrol, day=tx.day, kind=kind, started_at=tx.now, by=tx.actor, people=",".join(names),
        areas=",".join(dict.fromkeys(areas)), version=current(tx, CHECKLIST).version, note=note.strip(),
    )  # fmt: skip


def check(
    tx: Tx, *, patrol: int, area: str, item: str, result: str = "ok", num: int | None = None, den: int | None = None
) -> PatrolCheck:
    """One item of one area, confirmed or not; the last word counts, the journal keeps all."""
    row = _running(tx, patrol)
    rules.row(current(tx, CHECKLIST, row.day).content, "item", item)
    if area not in rules.listed(row.areas) or result not in ("ok", "problem"):
        raise Refused("invalid", field="area, result")
    values = {"result": result, "num": num, "den": den, "at": tx.now, "by": tx.actor}
    known = tx.first(CHECKED, patrol=patrol, area=area, item=item)
    if known is not None:
        return tx.update(known, **values)
    return tx.insert(PatrolCheck, patrol=patrol, area=area, item=item, **values)


def end(tx: Tx, *, patrol: int, note: str = "") -> Patrol:
    """F06: a patrol of which nothing was recorded is none."""
    row = _running(tx, patrol)
    if not tx.find(CHECKS, patrol=patrol) and not tx.find(FOUND, patrol=patrol):
        raise Refused("patrol_empty")
    return tx.update(row, ended_at=tx.now, note=note.strip() or row.note)


def _running(tx: Tx, patrol: int) -> Patrol:
    row = must_exist(tx.get(Patrol, patrol), "patrol", patrol)
    if row.ended_at is not None:
        raise Refused("wrong_state", state="ended")
    return row


# -- a finding


def record(
    tx: Tx, *, code: str, kind: str = "problem", source: str = "spot", patrol: int | None = None, item: str = "",
    area: str = "", note: str = "", camera_at: Ms | None = None, photos: Sequence[int] = (),
    num: int | None = None, den: int | None = None, **whom: Any,
) -> Finding:  # fmt: skip
    """F06. `whom`: `window`, `person`, `department`; who is signed in at the window is known."""
    standard = current(tx, CHECKLIST)
    round_ = None if patrol is None else _running(tx, patrol)
    its = {"whose": "person"} if kind == rules.PRAISE else rules.row(standard.content, "code", code)
    where = place(tx, own=its["whose"] == "person", **whom)
    if source not in rules.SOURCES:
        raise Refused("invalid", field="source")
    values = {
        "day": tx.day, "at": tx.now, "by": tx.actor, "kind": kind, "source": round_.kind if round_ else source,
        "patrol": patrol, "item": item, "area": area, "note": note.strip()[:LONGEST], "camera_at": camera_at,
        "version": standard.version, **where,
    }  # fmt: skip
    row = _praised(tx, values) if kind == rules.PRAISE else _found(tx, code, standard.content, values)
    files.attach(tx, photos, f"finding/{row.id}")
    if round_ is not None and item and kind != rules.PRAISE:
        check(tx, patrol=round_.id or 0, area=area, item=item, result="problem", num=num, den=den)
    return row


def place(
    db: Reads, *, window: str | None = None, person: int | None = None, department: str | None = None, own: bool = True
) -> dict[str, Any]:
    """What is not said is taken from what is: the window's department, the person's; and where it is a person's `own`
    doing, who is signed in at the window."""
    at = None if window is None else db.get(Window, window)
    if window is not None and at is None:
        raise Refused("not_found", what="window", id=window)
    if own and at is not None and person is None and at.shift is not None:
        shift = db.get(Shift, at.shift)
        person = shift.person if shift else None
    who = None if person is None else db.get(Person, person)
    if person is not None and who is None:
        raise Refused("unknown_person")
    if department is not None and db.get(Department, department) is None:
        raise Refused("not_found", what="department", id=department)
    known = department or (at.department if at else None) or (who.department if who else None)
    return {"window": window, "person": person, "department": known}


def _praised(tx: Tx, values: dict[str, Any]) -> Finding:
    """Nobody objects to praise: it stands at once."""
    if not values["note"] or (values["person"] is None and values["department"] is None):
        raise Refused("invalid", field="note" if not values["note"] else "person")
    row = tx.insert(Finding, code=rules.PRAISE, state=rules.STANDS, settled_at=tx.now, **values)
    ledger.enter(
        tx, kind="praise", ref=f"finding/{row.id}", person=row.person, department=row.department, window=row.window,
        note=row.note, day=row.day,
    )  # fmt: skip
    return row


def _found(tx: Tx, code: str, content: Content, values: dict[str, Any]) -> Finding:
    """F07: the chief representative may object; what belongs to no department is the office's own and stands."""
    its = rules.row(content, "code", code)
    weight = rules.row(content, "severity", its["severity"])
    own = values["department"] is None
    row = tx.insert(
        Finding, code=code, clause=its["clause"], severity=its["severity"], amount=weight["amount"], fix=rules.DUE,
        due_day=add_working_days(tx, tx.day, weight["days"]), state=rules.STANDS if own else rules.TOLD,
        object_until="" if own else add_working_days(tx, tx.day, content["objection_days"]),
        settled_at=tx.now if own else None, **values,
    )  # fmt: skip
    row = tx.update(row, nth=nth(tx, row))
    if own:
        enter(tx, row)
    notices.escalate(tx, row, its)
    notices.tell_chief(tx, row.department)
    return row


# -- repeats and the ledger


def nth(db: Reads, row: Finding) -> int:
    """F06: the how manyth of this code at the same person, window or department within the repeat days."""
    earlier = [each for each in _same(db, row, -1) if (each.at, each.id or 0) < (row.at, row.id or 0)]
    return 1 + len(earlier)


def later(db: Reads, row: Finding) -> list[Finding]:
    """Those that counted this one before them."""
    return [each for each in _same(db, row, 1) if (each.at, each.id or 0) > (row.at, row.id or 0)]


def _same(db: Reads, row: Finding, ahead: int) -> list[Finding]:
    days = current(db, CHECKLIST, row.day).content["repeat_days"] * ahead
    since, until = sorted([row.day, days_after(row.day, days)])
    key = rules.subject(row.person, row.window, row.department)
    return [
        each for each in db.find(SAME, code=row.code, since=since, until=until)
        if each.id != row.id and each.state != rules.WITHDRAWN
        and rules.subject(each.person, each.window, each.department) == key
    ]  # fmt: skip


def enter(tx: Tx, row: Finding) -> None:
    """D13: a finding that stands counts; a repeat counts as such beside it. Not what the hub has counted itself."""
    if overlap.counted(tx, row) is not None:
        return
    words = rules.row(version(tx, CHECKLIST, row.version).content, "code", row.code)["zh"]
    kinds = [("finding", row.amount)] + [("finding_repeat", 1)] * (row.nth > 1)
    for kind, amount in kinds:
        ledger.enter(
            tx, kind=kind, ref=f"finding/{row.id}", person=row.person, department=row.department, window=row.window,
            clause=row.clause, amount=amount, day=row.day, note=words,
        )  # fmt: skip
