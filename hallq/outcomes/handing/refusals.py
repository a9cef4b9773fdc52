"""否定报备 (I18): whoever was told no is put on record, and the leader in charge hears of each and says a word to it.

A case that was refused or given back makes its record by itself; a no that was only said is written down by the clerk.
"""

from __future__ import annotations

from sqlmodel import bindparam, col, select

from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.outcomes import numbers
from hallq.outcomes.kinds import NO
from hallq.outcomes.model import Outcome, RefusalRecord
from hallq.ticketing.lookups import department_facts
from hallq.ticketing.model import Department, Service, Ticket, Window
from hallq.ticketing.told import hush, tell

CHIEF = 2  # the rank of an alarm
LAST = select(RefusalRecord).order_by(col(RefusalRecord.id).desc()).limit(1)
OF_OUTCOME = select(RefusalRecord).where(
    col(RefusalRecord.outcome) == bindparam("outcome"), col(RefusalRecord.outcome).is_not(None)
)
UNSEEN = (
    select(RefusalRecord)
    .where(
        col(RefusalRecord.department) == bindparam("department"),
        col(RefusalRecord.seen_at).is_(None),
        col(RefusalRecord.void_at).is_(None),
    )
    .order_by(col(RefusalRecord.id))
)


def follow(tx: Tx) -> None:
    """In the transaction of the finish that refused; taken back with it."""
    for change in [change for change in tx.changes if change.model is Outcome and change.after is not None]:
        outcome: Outcome = change.after
        known = tx.first(OF_OUTCOME, outcome=outcome.id)
        if known is None and outcome.slip in NO and outcome.void_at is None:
            _of_outcome(tx, outcome)
        elif known is not None and known.void_at is None and outcome.void_at is not None:
            tx.update(known, void_at=tx.now)
            _tell(tx, known.department)


def record(
    tx: Tx, *, department: str, what: str, reason: str, basis: str = "", person: int | None = None,
    window: str | None = None, ticket: int | None = None, service: str | None = None,
) -> RefusalRecord:  # fmt: skip
    """Raises Refused: not_found, invalid (without what or why)."""
    must_exist(tx.get(Department, department), "department", department)
    for field, words in (("what", what), ("reason", reason)):
        if not words.strip():
            raise Refused("invalid", field=field)
    if window is not None:
        must_exist(tx.get(Window, window), "window", window)
    if ticket is not None:
        must_exist(tx.get(Ticket, ticket), "ticket", ticket)
    if service is not None:
        must_exist(tx.get(Service, service), "service", service)
    return _insert(
        tx, department=department, what=what.strip(), reason=reason.strip(), basis=basis.strip(), person=person,
        window=window, ticket=ticket, service=service,
    )  # fmt: skip


def note(tx: Tx, *, refusal: int, leader: str, opinion: str) -> RefusalRecord:
    """The leader in charge has seen it. Raises Refused: not_found, wrong_state (seen already), invalid."""
    row = find(tx, refusal)
    if row.seen_at is not None:
        raise Refused("wrong_state", state="seen")
    if not leader.strip():
        raise Refused("invalid", field="leader")
    row = tx.update(row, leader=leader.strip(), opinion=opinion.strip(), seen_at=tx.now, seen_by=tx.actor)
    _tell(tx, row.department)
    return row


def find(db: Reads, refusal: int) -> RefusalRecord:
    """Raises Refused `not_found`; also for one that was taken back."""
    row = db.get(RefusalRecord, refusal)
    return must_exist(row if row is not None and row.void_at is None else None, "refusal", refusal)


def _of_outcome(tx: Tx, outcome: Outcome) -> None:
    service = tx.get(Service, outcome.service)
    _insert(
        tx, department=outcome.department, what=service.name if service else outcome.service, reason=outcome.reason,
        person=outcome.person, window=outcome.window, ticket=outcome.ticket, visit=outcome.visit,
        service=outcome.service, outcome=outcome.id,
    )  # fmt: skip


def _insert(tx: Tx, **columns: object) -> RefusalRecord:
    row = tx.insert(RefusalRecord, no=numbers.following(tx, LAST), day=tx.day, at=tx.now, by=tx.actor, **columns)
    _tell(tx, row.department)
    return row


def _tell(tx: Tx, department: str) -> None:
    """One notice per department, for its chief and the office, until each record has been seen."""
    unseen = len(tx.find(UNSEEN, department=department))
    if not unseen:
        hush(tx, f"refusals/{department}")
        return
    facts = {"n": unseen} | department_facts(tx, department)
    tell(tx, f"refusals/{department}", "hg.unseen", facts, kind="alarm", audience="office", rank=CHIEF, level="warn")
