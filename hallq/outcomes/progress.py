"""What becomes of a case: its number in the approval system, the extension, the result, the word to the citizen.

Done and accepted may be reported by the approval system itself, so that nobody types them twice (I07).
"""

from __future__ import annotations

from sqlalchemy import bindparam, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from hallq.assessment.ledger import commands as ledger
from hallq.assessment.ledger.model import Entry
from hallq.kernel import MINUTE, Ms, Refused, Tx, must_exist
from hallq.office import dates, messages
from hallq.outcomes import numbers, printing
from hallq.outcomes.model import Extension, Outcome
from hallq.outcomes.recorded import NOT_VOID, find
from hallq.ticketing.lookups import department_facts
from hallq.ticketing.model import Ticket
from hallq.ticketing.opening import calendar
from hallq.ticketing.told import hush, tell

CLAUSE = "限时办结制度 第十条"  # D11
LEDGER = "promise_late"
OF_CASE = (  # a later visit may be about the same case: what runs is meant, else what was accepted
    select(Outcome).where(col(Outcome.case_no) == bindparam("case_no"), NOT_VOID)
    .order_by(col(Outcome.done_at).is_not(None), ~col(Outcome.accepts), col(Outcome.id).desc())
)  # fmt: skip
OF_TICKET = (
    select(Outcome)
    .join(Ticket, col(Ticket.id) == Outcome.ticket)
    .where(
        col(Ticket.day) == bindparam("day"), col(Ticket.number) == bindparam("number"),
        col(Outcome.case_no).is_(None), NOT_VOID,
    )
    .order_by(~col(Outcome.accepts), col(Outcome.id).desc())
)
EXTENSIONS = select(Extension).where(col(Extension.outcome) == bindparam("outcome")).order_by(col(Extension.id))
LAST_EXTENSION = select(Extension).order_by(col(Extension.id).desc()).limit(1)
UNTOLD = columns(func.count()).where(
    col(Outcome.department) == bindparam("department"), col(Outcome.told_at).is_(None),
    col(Outcome.done_at).is_not(None), NOT_VOID,
)  # fmt: skip
OVERDUE = select(Outcome).where(
    col(Outcome.due_day) < bindparam("day"), col(Outcome.done_at).is_(None), NOT_VOID, ~col(Outcome.late)
)
ENTERED = select(Entry).where(
    Entry.kind == bindparam("kind"), Entry.ref == bindparam("ref"), col(Entry.cancels).is_(None)
)


def number(tx: Tx, *, outcome: int, case_no: str) -> Outcome:
    """The number in the approval system, entered later or set right (I09)."""
    return tx.update(find(tx, outcome), case_no=case_no)


def of_system(tx: Tx, *, case_no: str, number: str = "", day: str | None = None) -> Outcome:
    """The case that the approval system means. `number`: of its ticket, where nobody has typed the case's yet."""
    row = tx.first(OF_CASE, case_no=case_no)
    if row is None and number:
        row = tx.first(OF_TICKET, day=day or tx.day, number=number.strip().upper())
        row = row and tx.update(row, case_no=case_no)
    return must_exist(row, "outcome", case_no)


def accepted(tx: Tx, *, case_no: str, number: str = "", day: str | None = None, at: Ms | None = None) -> Outcome:
    """I07: when the approval system accepted it; the difference to the finish is reported. The first word stands."""
    row = of_system(tx, case_no=case_no, number=number, day=day)
    return row if row.system_at is not None else tx.update(row, system_at=min(at or tx.now, tx.now))


def done_there(tx: Tx, *, case_no: str, at: Ms | None = None) -> Outcome:
    row = of_system(tx, case_no=case_no)
    return row if row.done_at is not None else _done(tx, row, at)


def done(tx: Tx, *, outcome: int, at: Ms | None = None) -> Outcome:
    """By hand, where no approval system says so. `at`: when it really was."""
    row = find(tx, outcome)
    if row.done_at is not None:
        raise Refused("outcome_done", day=row.done_day)
    if at is not None and at > tx.now + MINUTE:
        raise Refused("invalid", field="at")
    return _done(tx, row, at)


def told(tx: Tx, *, outcome: int) -> Outcome:
    """I21: the citizen knows the result."""
    row = find(tx, outcome)
    if row.done_at is None:
        raise Refused("outcome_open", day=row.due_day)
    if row.told_at is None:
        row = tx.update(row, told_at=tx.now)
        _keep_task(tx, row.department)
    return row


def reprint(tx: Tx, *, outcome: int) -> bool:
    return printing.slip(tx, find(tx, outcome))


def extend(tx: Tx, *, outcome: int, to_day: str, reason: str, leader: str) -> Extension:
    """I05, art. 42: before the day has passed, once, by so many working days, with reason and leader; in writing. Who
    has promised the day hears of it, and tells the citizen."""
    row = find(tx, outcome)
    _must_be_extensible(tx, row, to_day)
    made = tx.insert(
        Extension, no=numbers.following(tx, LAST_EXTENSION), outcome=outcome, at=tx.now, from_day=row.due_day,
        to_day=to_day, reason=reason.strip(), leader=leader.strip(), by=tx.actor,
    )  # fmt: skip
    tx.update(row, due_day=to_day)
    printing.extension(tx, row, made)
    messages.tell(tx, row.person, "oc.extended", no=row.case_no or row.no or "", day=to_day, leader=made.leader)
    return made


def watch(tx: Tx) -> None:
    """D11: a promise that was not kept is entered once, on the department's account."""
    for row in tx.find(OVERDUE, day=tx.day):
        _enter_late(tx, row)


def _must_be_extensible(tx: Tx, row: Outcome, to_day: str) -> None:
    if row.done_at is not None or row.due_day is None:
        raise Refused("outcome_done", day=row.done_day)
    if tx.day > row.due_day:
        raise Refused("extension_late", day=row.due_day)
    used = len(tx.find(EXTENSIONS, outcome=row.id)) >= tx.rules.extension_times
    until = row.due_day if used else calendar.add_working_days(tx, row.due_day, tx.rules.extension_days)
    if used or to_day > until:
        raise Refused("extension_limit", times=tx.rules.extension_times, days=tx.rules.extension_days, until=until)
    if to_day <= row.due_day or not calendar.is_working(tx, to_day):
        raise Refused("invalid", field="to_day")


def _done(tx: Tx, row: Outcome, at: Ms | None) -> Outcome:
    at = min(at or tx.now, tx.now)
    if row.accepted_at is not None and at < row.accepted_at:
        raise Refused("invalid", field="at")
    day = dates.day_of(at, tx.rules.timezone)
    row = tx.update(row, done_at=at, done_day=day, done_by=tx.actor)
    if row.due_day is not None and day > row.due_day and not row.late:
        _enter_late(tx, row)
    elif row.late and row.due_day is not None and day <= row.due_day:
        row = _take_back(tx, row)
    _keep_task(tx, row.department)
    return row


def _enter_late(tx: Tx, row: Outcome) -> None:
    ledger.enter(
        tx, kind=LEDGER, ref=f"outcome/{row.id}", department=row.department, window=row.window, clause=CLAUSE,
        note=row.case_no or row.no or "",
    )  # fmt: skip
    tx.update(row, late=True)


def _take_back(tx: Tx, row: Outcome) -> Outcome:
    """It was done in time and reported later."""
    entry = tx.first(ENTERED, kind=LEDGER, ref=f"outcome/{row.id}")
    if entry is not None and entry.id is not None:
        ledger.cancel(tx, entry=entry.id, note=row.done_day or "", ref=f"outcome/{row.id}")
    return tx.update(row, late=False)


def _keep_task(tx: Tx, department: str) -> None:
    """告知办理结果: one open word to the department while anybody is still to be told; no alarm."""
    [(n,)] = tx.values(UNTOLD, department=department)
    if not n:
        hush(tx, f"outcomes/{department}")
        return
    facts = {"n": n} | department_facts(tx, department)
    tell(tx, f"outcomes/{department}", "oc.tellThem", facts, kind="alert", audience="office", level="info")
