"""A finished visit whose kind was named becomes a case (办件): its clock begins, its slip is printed (I02-I11).

`follow` runs in the transaction of each command: taken back with the finish, the case is void; its number stays used.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import Ms, Reads, Refused, Tx, must_exist
from hallq.office import dates
from hallq.outcomes import clock, kinds, numbers, printing
from hallq.outcomes.kinds import SPOT, SUPPLEMENT, WORKING, Kind
from hallq.outcomes.model import OneTimeNotice, Outcome
from hallq.outcomes.one_time.commands import OF_TICKET, earlier
from hallq.outcomes.one_time.content import PERMIT
from hallq.ticketing.model import Service, Ticket, Visit

NOT_VOID = col(Outcome.void_at).is_(None)
OF_VISIT = select(Outcome).where(col(Outcome.visit) == bindparam("visit"), NOT_VOID)
LAST = (  # each kind of slip counts by itself
    select(Outcome).where(col(Outcome.slip) == bindparam("slip"), col(Outcome.no).is_not(None))
    .order_by(col(Outcome.id).desc()).limit(1)
)  # fmt: skip


def follow(tx: Tx) -> None:
    """What a command's visits mean. Raises Refused: outcome_unknown, outcome_reason, notice_again, case_no_needed."""
    for change in [change for change in tx.changes if change.model is Visit and change.after is not None]:
        was, visit = change.before, change.after
        if not visit.outcome and not (was is not None and was.outcome):
            continue
        known = tx.first(OF_VISIT, visit=visit.id)
        is_case = visit.end == "finished" and bool(visit.outcome)
        if is_case and known is None:
            _open(tx, visit)
        elif known is not None and not is_case:
            tx.update(known, void_at=tx.now)


def case_no_wanted(db: Reads, service: str, kind: Kind) -> bool:
    """I09: what a permit item accepts stands in the approval system, and says under which number."""
    return db.rules.permit_case_no and kind.accepts and clock.guide_of(db, service).kind == PERMIT


def notice_of(db: Reads, *, ticket: int, service: str) -> OneTimeNotice | None:
    """The item's last one-time notice, which says what is missing: then nothing need be typed again."""
    rows = [row for row in db.find(OF_TICKET, ticket=ticket) if row.service == service and row.no and row.papers]
    return max(rows, key=lambda row: row.id or 0, default=None)


def find(db: Reads, number: int) -> Outcome:
    """Raises Refused `not_found`; also for one that was taken back."""
    row = db.get(Outcome, number)
    return must_exist(row if row is not None and row.void_at is None else None, "outcome", number)


def _open(tx: Tx, visit: Visit) -> Outcome:
    kind, reason = kinds.find(tx, visit.outcome or ""), (visit.reason or "").strip()
    if kind.slip == SUPPLEMENT:
        _must_not_ask_again(tx, visit)
    listed = kind.slip == SUPPLEMENT and notice_of(tx, ticket=visit.ticket, service=visit.service) is not None
    if kind.reason and not reason and not listed:
        raise Refused("outcome_reason", kind=kind.code, name=kind.zh, name_en=kind.en)
    if not visit.case_no and case_no_wanted(tx, visit.service, kind):
        raise Refused("case_no_needed", service=visit.service)
    service, at = tx.get(Service, visit.service), visit.ended_at or tx.now
    row = tx.insert(
        Outcome, day=dates.day_of(at, tx.rules.timezone), at=at, ticket=visit.ticket, visit=visit.id,
        service=visit.service, department=service.department if service else "", window=visit.window,
        person=visit.person, kind=kind.code, clock=kind.clock, accepts=kind.accepts,
        handling=clock.guide_of(tx, visit.service).handling, slip=kind.slip,
        no=numbers.following(tx, LAST, slip=kind.slip) if kind.slip else None, case_no=visit.case_no or None,
        reason=reason, accepted_at=at if kind.accepts else None, **_begun(tx, visit, kind, at),
    )  # fmt: skip
    tx.log(kind=kind.code, no=row.no)
    printing.slip(tx, row)
    return row


def _must_not_ask_again(tx: Tx, visit: Visit) -> None:
    """H07: papers are asked for once more by a notice that a leader has approved, not by the kind of the case."""
    ticket = must_exist(tx.get(Ticket, visit.ticket), "ticket", visit.ticket)
    asked = earlier(tx, ticket=ticket, case_no=visit.case_no)
    if asked and not any(notice.visit == visit.id and notice.no for notice in asked):
        raise Refused("notice_again")


def _begun(tx: Tx, visit: Visit, kind: Kind, at: Ms) -> dict[str, Any]:
    """A promise runs; everything else is done, and told, with the visit itself."""
    if kind.clock == WORKING:
        return clock.promise(tx, service=visit.service, ticket=visit.ticket)._asdict()
    days = {"days": 0} if kind.clock == SPOT else {}
    done = dates.day_of(at, tx.rules.timezone)
    return days | {"done_at": at, "done_day": done, "done_by": tx.actor, "told_at": at}
