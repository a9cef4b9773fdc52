"""What the clock does to cases: a word before a deadline and after it, the ledger's entry, forgetting who it was."""

from __future__ import annotations

from sqlmodel import bindparam, col, literal_column, select

from hallq.assessment.cases import rules
from hallq.assessment.cases.model import Case
from hallq.assessment.cases.progress import enter_late, is_late
from hallq.kernel import MINUTE, Ms, Tx
from hallq.office import dates
from hallq.ticketing.model import Department
from hallq.ticketing.opening import calendar
from hallq.ticketing.told import hush, tell

HOUR = 60 * MINUTE
SOON = select(Case).where(col(Case.closed_at).is_(None), col(Case.due_day) <= bindparam("day"))
NEW = select(Case).where(col(Case.state) == literal_column("'open'"))
CHIEF, OFFICE = 2, 3
WARN_DAYS = 1  # working days before the deadline


def watch(tx: Tx) -> None:
    """E07-E14, D05: the department's chief a working day before; the office too once it is over."""
    for case in tx.find(SOON, day=calendar.add_working_days(tx, tx.day, WARN_DAYS)):
        if is_late(tx, case):
            enter_late(tx, case)
            hush(tx, f"case/{case.id}")
            _remind(tx, case, "late", dates.begin_of(str(case.due_day), tx.rules.timezone), OFFICE)
        else:
            first = dates.days_before(tx, dates.begin_of(str(case.due_day), tx.rules.timezone), WARN_DAYS)
            _remind(tx, case, "soon", first, OFFICE if case.due_duty == "office" else CHIEF)
    _tell_new(tx)


def _remind(tx: Tx, case: Case, words: str, since: Ms, rank: int) -> None:
    """Without the window: a window's alarm stands on its terminal. Cleared by hand since then it is not told anew."""
    key = f"case/{case.id}" if words == "soon" else f"case/{case.id}/late"
    level = "warn" if words == "soon" else "alarm"
    tell(tx, key, f"cs.{words}", _facts(tx, case), since=since, kind="alarm", audience="office", rank=rank, level=level)


def _facts(tx: Tx, case: Case) -> dict[str, object]:
    department = tx.get(Department, case.department) if case.department else None
    name = department.name if department else ""
    return {"no": case.no, "case": case.id, "day": case.due_day, "department": case.department, "dept": name,
            "dept_en": (department.name_en if department else "") or name}  # fmt: skip


def _tell_new(tx: Tx) -> None:
    """One notice for all that nobody has begun. Bad ratings join it at the full hour: nobody who watches the hall's
    counters can tell from it whose citizen it was."""
    hour = tx.now - tx.now % HOUR
    fresh = [case for case in tx.find(NEW) if case.kind != rules.BAD_RATING or case.at < hour]
    if not fresh:
        hush(tx, "cases/new")
        return
    bad = sum(case.kind == rules.BAD_RATING for case in fresh)
    facts = {"n": len(fresh), "bad": bad, "other": len(fresh) - bad}
    newest = max(case.at for case in fresh)
    tell(tx, "cases/new", "cs.new", facts, since=newest, kind="alert", audience="office", level="warn")
