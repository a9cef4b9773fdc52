"""Interviews (约谈): tasks from an approved list, reminded of until each is held and written down (F10, F11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import bindparam, col, select

from hallq.assessment.bulletins.model import Bulletin, Interview
from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.ticketing.told import hush

OPEN = select(Interview).where(col(Interview.done_at).is_(None)).order_by(col(Interview.due), col(Interview.id))
RECENT = select(Interview).order_by(col(Interview.id).desc()).limit(200)
OF = select(Interview).where(col(Interview.bulletin) == bindparam("bulletin")).order_by(col(Interview.id))


def chosen(proposed: Sequence[Mapping[str, Any]], asked: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The proposal with the office's own choice. Raises Refused `not_found` for a department that is not in it."""
    wish = {(one["department"], one["level"]): one["on"] for one in asked}
    known = {(one["department"], one["level"]) for one in proposed}
    if wish.keys() - known:
        raise Refused("not_found", what="department", id=min(wish.keys() - known)[0])
    return [{**one, "on": wish.get((one["department"], one["level"]), one["on"])} for one in proposed]


def open_tasks(tx: Tx, row: Bulletin, asked: Sequence[Mapping[str, Any]]) -> None:
    """One for each that is asked in. A corrected list asks nobody twice."""
    before = [] if row.corrects is None else tx.find(OF, bulletin=row.corrects)
    known = {(each.department, each.level) for each in before}
    for one in asked:
        if one["on"] and (one["department"], one["level"]) not in known:
            tx.insert(
                Interview, bulletin=row.id, department=one["department"], level=one["level"], facts=one["facts"],
                due=row.due,
            )  # fmt: skip


def hold(tx: Tx, *, interview: int, held_on: str, interviewer: str, interviewee: str, note: str) -> Interview:
    """It was held: by whom, with whom, what was said and agreed."""
    row = must_exist(tx.get(Interview, interview), "interview", interview)
    if row.done_at is not None:
        raise Refused("wrong_state", state="done")
    if held_on > tx.day:
        raise Refused("invalid", field="held_on")
    values = {"held_on": held_on, "interviewer": interviewer, "interviewee": interviewee, "note": note}
    row = tx.update(row, done_at=tx.now, by=tx.actor, **values)
    if not tx.find(OPEN):
        hush(tx, "interviews")
    return row


def listed(db: Reads) -> list[Interview]:
    """What is open first, the soonest due first; then what was held lately."""
    return [*db.find(OPEN), *(row for row in db.find(RECENT) if row.done_at is not None)]
