"""What becomes of a finding: objection and answer (F07), rectification with its plan (E20), and what the clock does.

It counts once it stands; what is withdrawn never counts, nor does a repeat of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import literal_column
from sqlmodel import bindparam, col, select

from hallq import files
from hallq.assessment.ledger import commands as ledger
from hallq.assessment.ledger.model import Entry
from hallq.assessment.patrols import commands, due, notices, rules
from hallq.assessment.patrols.model import Finding, FindingReply
from hallq.assessment.standards.commands import current
from hallq.kernel import Refused, Tx, must_exist
from hallq.office.dates import local
from hallq.ticketing.opening import calendar, hours
from hallq.ticketing.told import hush

LAPSED = select(Finding).where(
    col(Finding.state) == literal_column("'told'"), col(Finding.object_until) < bindparam("day")
)
OVERDUE = select(Finding).where(col(Finding.fix) == literal_column("'due'"), col(Finding.due_day) < bindparam("day"))
ENTERED = select(Entry).where(
    col(Entry.kind) == bindparam("kind"), col(Entry.ref) == bindparam("ref"), col(Entry.cancels).is_(None)
)


def answer(
    tx: Tx, *, finding: int, step: str, text: str = "", measures: str = "", until_day: str = "", owner: str = "",
    change: dict[str, Any] | None = None, photos: Sequence[int] = (),
) -> FindingReply:  # fmt: skip
    """One step of the thread. `change`: code, window, person or department, as the office sees it after an objection;
    `measures`, `until_day`, `owner`: of a plan."""
    row = _finding(tx, finding)
    state, fix = rules.after(step, row.state, row.fix)
    if step == "object" and tx.day > row.object_until:
        raise Refused("objection_over", until=row.object_until)
    _must_say(step, text, measures, until_day, owner)
    reply = tx.insert(
        FindingReply, finding=finding, at=tx.now, by=tx.actor, step=step, text=text.strip(), measures=measures.strip(),
        until_day=until_day, owner=owner.strip(),
    )  # fmt: skip
    files.attach(tx, photos, f"finding_reply/{reply.id}")
    if step == "change":
        row = _changed(tx, row, change or {})
    was = row.state
    row = tx.update(row, state=state, fix=fix, **({"fixed_day": tx.day} if step == "report" else {}))
    _settle(tx, row, was, text)
    notices.tell_chief(tx, row.department)
    return reply


def _must_say(step: str, text: str, measures: str, until_day: str, owner: str) -> None:
    """A word to each step but a nod; a plan has its four fields (E20)."""
    if step not in ("accept", "confirm", "lapse") and not text.strip():
        raise Refused("invalid", field="text")
    if step == "plan":
        for name, value in (("measures", measures), ("until_day", until_day), ("owner", owner)):
            if not value.strip():
                raise Refused("invalid", field=name)


def _changed(tx: Tx, row: Finding, change: dict[str, Any]) -> Finding:
    content = current(tx, commands.CHECKLIST, row.day).content
    its = rules.row(content, "code", change.get("code") or row.code)
    weight = rules.row(content, "severity", change.get("severity") or its["severity"])
    where = {name: change[name] for name in ("window", "person", "department") if name in change}
    old: dict[str, Any] = {"window": row.window, "person": row.person, "department": row.department}
    row = tx.update(
        row, code=its["code"], clause=its["clause"], severity=weight["code"], amount=weight["amount"],
        **commands.place(tx, own=False, **(old | where)),
    )  # fmt: skip
    return tx.update(row, nth=commands.nth(tx, row))


def _settle(tx: Tx, row: Finding, was: str, text: str) -> None:
    """What follows from the step for the ledger, for repeats and for who has to hear of it."""
    if row.state == rules.STANDS != was:
        row = tx.update(row, nth=commands.nth(tx, row), settled_at=tx.now)
        commands.enter(tx, row)
    elif row.state == rules.WITHDRAWN:
        tx.update(row, settled_at=tx.now)
        _take_back(tx, row, ("finding", "finding_repeat", "praise"), text)
        for each in commands.later(tx, row):
            _recount(tx, each)
    if row.state == rules.WITHDRAWN or row.fix == rules.CONFIRMED:
        hush(tx, f"finding/{row.id}")


def _recount(tx: Tx, row: Finding) -> None:
    row = tx.update(row, nth=commands.nth(tx, row))
    if row.nth < 2:
        _take_back(tx, row, ("finding_repeat",), "")


def _take_back(tx: Tx, row: Finding, kinds: Sequence[str], why: str) -> None:
    for kind in kinds:
        for entry in tx.find(ENTERED, kind=kind, ref=f"finding/{row.id}"):
            ledger.cancel(tx, entry=entry.id or 0, note=why.strip())


def _finding(tx: Tx, finding: int) -> Finding:
    return must_exist(tx.get(Finding, finding), "finding", finding)


# -- by the clock


def keep(tx: Tx) -> None:
    """By the clock. F07: what nobody objected to in time stands; F01-F03: patrols that are due; late rectification."""
    for row in tx.find(LAPSED, day=tx.day):
        answer(tx, finding=row.id or 0, step="lapse")
    notices.count(tx, "rectify", "pn.overdue", len(tx.find(OVERDUE, day=tx.day)))
    if tx.first(due.FIRST) is not None:  # a hall that keeps no patrols is not reminded of them
        _remind(tx)


def _remind(tx: Tx) -> None:
    """F01: from an hour of each working day on; F02, F03: from the month's fourth week on."""
    known = due.month(tx, tx.day[:7])
    from_ = hours.minute(current(tx, commands.CHECKLIST).content["remind_at"])
    now = local(tx.now, tx.rules.timezone)
    late = now.hour * 60 + now.minute >= from_ and not known["today"] and calendar.is_working(tx, tx.day)
    notices.count(tx, "patrol/daily", "pn.daily", int(late))
    for kind in due.PER_MONTH:
        notices.count(tx, f"patrol/{kind}", f"pn.{kind}", due.to_do(tx, known, kind))
