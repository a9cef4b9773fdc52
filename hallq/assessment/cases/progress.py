"""A case's steps as rows, and the deadline that runs after each: what every command of a case shares."""

from __future__ import annotations

from sqlmodel import bindparam, col, select

from hallq.assessment.cases import rules
from hallq.assessment.cases.model import Case, CaseStep
from hallq.assessment.ledger import commands as ledger
from hallq.assessment.standards import commands as standards
from hallq.assessment.standards.commands import Content
from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.ticketing.opening import calendar

KIND = "deadlines"
CLAUSE = "投诉处理 五(一)"  # D16
STEPS_OF = select(CaseStep).where(col(CaseStep.case) == bindparam("case")).order_by(col(CaseStep.id))


def find(db: Reads, case: int) -> Case:
    return must_exist(db.get(Case, case), "case", case)


def note_step(
    tx: Tx, case: Case, step: str, *, name: str = "", note: str = "", other_side: str = "", result: str = ""
) -> CaseStep:
    due = case.due_day if case.due_step == step else None
    return tx.insert(
        CaseStep, case=case.id, step=step, at=tx.now, day=tx.day, by=tx.actor, name=name, note=note,
        other_side=other_side, result=result, due_day=due, late=due is not None and tx.day > due,
        salt=tx.token(),
    )  # fmt: skip


def keep_due(tx: Tx, case: Case) -> Case:
    """The next step with a deadline; the soonest where several run."""
    step, day, duty = _soonest(tx, case)
    if (step, day) == (case.due_step, case.due_day):
        return case
    return tx.update(case, due_step=step, due_day=day, due_duty=duty)


def is_late(db: Reads, case: Case) -> bool:
    return case.closed_at is None and case.due_day is not None and db.day > case.due_day


def enter_late(tx: Tx, case: Case) -> None:
    """A department's lateness is entered once; the hall office's own is on nobody's account but shows in the rates."""
    if case.due_duty != "department" or case.done_late:
        return
    kind = "bad_rating_rectified_late" if case.kind == rules.BAD_RATING else "case_late"
    ledger.enter(
        tx, kind=kind, ref=f"case/{case.id}", department=case.department, window=case.window, clause=CLAUSE,
        note=case.no,
    )  # fmt: skip
    tx.update(case, done_late=True)


def _soonest(tx: Tx, case: Case) -> tuple[str, str | None, str]:
    if case.state in rules.ENDED:
        return "", None, ""
    steps = tx.find(STEPS_OF, case=case.id)
    known = rules.limits(standards.current(tx, KIND).content)
    running = rules.running(known, case.kind, [step.step for step in steps])
    began = {step.step: step.day for step in steps}
    ahead = rules.ahead(case.kind, case.state, case.named, case.verdict)
    due = [
        (_day(tx, began[limit.after], limit), step, limit.duty) for step, limit in running.items() if step in ahead
    ]
    if not due:
        return "", None, ""
    day, step, duty = min(due)
    return step, day, duty


def _day(db: Reads, began: str, limit: rules.Limit) -> str:
    """E18: calendar days where the standard says so."""
    if limit.unit == "calendar":
        return calendar.days_after(began, limit.days)
    return calendar.add_working_days(db, began, limit.days)


def _check(content: Content) -> None:
    for number, row in enumerate(content["deadlines"], start=1):
        column = rules.fault(row)
        if column:
            raise Refused("invalid", field=f"deadlines {number} {column}")


standards.CHECKS[KIND] = _check
