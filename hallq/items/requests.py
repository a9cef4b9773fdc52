"""A department asks for a change of its items (H14); in a leader's name it is granted, and on its day it is so (H15).

What the office enters itself is a request that is granted at once: every version has its reason and its leader.
"""

from __future__ import annotations

from string import ascii_uppercase
from typing import Any, Literal

from sqlalchemy import literal_column
from sqlmodel import bindparam, col, select

from hallq import files
from hallq.items import guides
from hallq.items.content import Guide
from hallq.items.model import GuideRequest, GuideVersion
from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.texts import ZH, text
from hallq.ticketing.lookups import numbers_in_hand
from hallq.ticketing.model import Department, Service
from hallq.ticketing.tickets import caps
from hallq.ticketing.told import hush, tell

Kind = Literal["add", "change", "cancel"]
# a law; a decision of those above; a department's duties; the guide's own fields; items joined or parted; other
Trigger = Literal["law", "decision", "duty", "elements", "merge", "other"]
FILED, APPROVED, REFUSED, WITHDRAWN, DONE = "filed", "approved", "refused", "withdrawn", "done"
AFTER = {  # step -> state before -> state after
    "approve": {FILED: APPROVED},
    "refuse": {FILED: REFUSED},
    "withdraw": {FILED: WITHDRAWN, APPROVED: WITHDRAWN},
    "finish": {APPROVED: DONE},
}
NAMED = 3  # items in one notice
CANCELLED = text("gn.cancelled", ZH)  # why there are no more numbers

OPEN = (
    select(GuideRequest)
    .where(col(GuideRequest.state).in_([literal_column(f"'{state}'") for state in (FILED, APPROVED)]))
    .order_by(col(GuideRequest.id))
)
OPEN_OF = select(GuideRequest).where(
    col(GuideRequest.service) == bindparam("service"),
    col(GuideRequest.state).in_([literal_column(f"'{state}'") for state in (FILED, APPROVED)]),
)
OF_SERVICE = (
    select(GuideRequest).where(col(GuideRequest.service) == bindparam("service")).order_by(col(GuideRequest.id).desc())
)
DECIDED = (
    select(GuideRequest)
    .where(col(GuideRequest.state).not_in([literal_column(f"'{state}'") for state in (FILED, APPROVED)]))
    .order_by(col(GuideRequest.id).desc())
    .limit(500)
)
SERVICES = select(Service).order_by(col(Service.ord), col(Service.code))


def file(
    tx: Tx, *, kind: Kind, service: str, department: str, trigger: Trigger, reason: str, approver: str, from_day: str,
    guide: Guide | None = None, document: str = "", name: str = "",
) -> GuideRequest:  # fmt: skip
    """H14. `approver`: who decides the item's cases; `name`: of an item that is not in the catalogue yet."""
    wanted = None if guide is None else guide.model_copy(update={"approver": approver})
    _must_be_sound(tx, kind, service, department, name, from_day, wanted)
    row = _ask(
        tx, wanted, kind=kind, service=service, department=department, trigger=trigger, reason=reason, name=name,
        document=document, approver=approver, from_day=from_day,
    )  # fmt: skip
    _tell_asked(tx)
    return row


def approve(tx: Tx, *, number: int, leader: str) -> GuideRequest:
    row = _grant(tx, find(tx, number), leader)
    _tell_asked(tx)
    return row


def refuse(tx: Tx, *, number: int, leader: str, why: str) -> GuideRequest:
    row = find(tx, number)
    row = tx.update(
        row, state=after("refuse", row), decided_at=tx.now, decided_by=tx.actor, leader=leader, why=why
    )
    _tell_asked(tx)
    return row


def withdraw(tx: Tx, *, number: int, why: str = "") -> GuideRequest:
    """Until its day: what is done is undone by another request."""
    row = find(tx, number)
    row = tx.update(row, state=after("withdraw", row), why=why or None)
    _tell_asked(tx)
    if row.kind == "cancel":
        hush(tx, _waiting(row))
        _give_again(tx, row.service)
    return row


def enter(
    tx: Tx, *, service: str, guide: Guide, reason: str, leader: str, from_day: str = "", trigger: Trigger = "elements",
    document: str = "",
) -> GuideRequest:  # fmt: skip
    """The office's own edit of a guide, from today on where no day is named."""
    department, day = must_exist(tx.get(Service, service), "service", service).department, from_day or tx.day
    _must_be_sound(tx, "change", service, department, "", day, guide)
    row = _ask(
        tx, guide, kind="change", service=service, department=department, trigger=trigger, reason=reason,
        document=document, approver=guide.approver, from_day=day,
    )  # fmt: skip
    return _grant(tx, row, leader)


def apply_due(tx: Tx) -> None:
    """Once its day has come; an item is cancelled when nobody holds a number of it any more."""
    done = []
    for row in tx.find(OPEN):
        if row.state == APPROVED and row.from_day <= tx.day and _apply(tx, row).state == DONE:
            done.append(row)
    if done:
        names = "、".join(name_of(tx, row) for row in done[:NAMED])
        tell(tx, f"items/{tx.day}", "gn.done", {"names": names, "n": len(done)}, kind="alert", audience="office")


def listed(db: Reads) -> list[GuideRequest]:
    """All that are open, however many were entered since (a workbook makes one for each item), then the latest."""
    return db.find(OPEN)[::-1] + db.find(DECIDED)


def find(db: Reads, number: int) -> GuideRequest:
    return must_exist(db.get(GuideRequest, number), "guide_request", number)


def open_of(db: Reads, service: str) -> GuideRequest | None:
    """Filed, or approved and waiting for its day: one at a time for an item."""
    return db.first(OPEN_OF, service=service)


def after(step: str, row: GuideRequest) -> str:
    """The state after the step. Raises Refused `wrong_state`."""
    state = AFTER[step].get(row.state)
    if state is None:
        raise Refused("wrong_state", state=row.state)
    return state


def name_of(db: Reads, row: GuideRequest) -> str:
    service = db.get(Service, row.service)
    return service.name if service else row.name


def content_of(guide: Guide) -> str:
    return guide.model_dump_json(exclude_defaults=True)


# -- what it does


def _ask(tx: Tx, guide: Guide | None, **columns: Any) -> GuideRequest:
    if guide is not None:
        _keep_samples(tx, columns["service"], guide)
    content = "" if guide is None else content_of(guide)
    return tx.insert(GuideRequest, content=content, at=tx.now, by=tx.actor, **columns)


def _grant(tx: Tx, row: GuideRequest, leader: str) -> GuideRequest:
    state, day = after("approve", row), max(row.from_day, tx.day)
    row = tx.update(row, state=state, decided_at=tx.now, decided_by=tx.actor, leader=leader, from_day=day)
    if row.kind == "add" and tx.get(Service, row.service) is None:
        _prepare(tx, row)
    return _apply(tx, row) if day <= tx.day else row


def _apply(tx: Tx, row: GuideRequest) -> GuideRequest:
    service = must_exist(tx.get(Service, row.service), "service", row.service)
    if row.kind == "cancel" and service.active:
        held = numbers_in_hand(tx, service.code)
        if held:  # nobody is sent away with a number that no window may call; nobody gets a new one
            if caps.stopped(tx, service.code) is None:
                caps.stop(tx, service=service.code, reason=CANCELLED)
            detail = {"name": service.name, "n": held}
            tell(tx, _waiting(row), "gn.waits", detail, kind="alert", audience="office", level="warn")
            return row
        hush(tx, _waiting(row))
        tx.update(service, active=False)
    if row.kind == "add" and not service.active:
        tx.update(service, active=True)
        _give_again(tx, service.code)
    if row.content:
        _new_version(tx, row)
    return tx.update(row, state=after("finish", row), done_at=tx.now)


def _give_again(tx: Tx, service: str) -> None:
    """Numbers that a cancellation has stopped; what a person has stopped stays so."""
    stop = caps.stopped(tx, service)
    if stop is not None and stop.reason == CANCELLED:
        caps.resume(tx, service=service)


def _new_version(tx: Tx, row: GuideRequest) -> None:
    known = guides.versions(tx, row.service)
    tx.insert(
        GuideVersion, service=row.service, version=known[0].version + 1 if known else 1, from_day=tx.day,
        content=row.content, request=row.id, note=row.reason, made_at=tx.now, made_by=row.decided_by or tx.actor,
    )  # fmt: skip


def _prepare(tx: Tx, row: GuideRequest) -> None:
    """The new item in the catalogue, off until its day: the office gives it windows meanwhile."""
    services = tx.find(SERVICES)
    prefix = next((one.prefix for one in services if one.department == row.department), _free_letter(services))
    last = max((one.ord for one in services), default=-1)
    tx.insert(
        Service, code=row.service, name=row.name, department=row.department, prefix=prefix, ord=last + 1, active=False
    )


def _free_letter(services: list[Service]) -> str:
    taken = {one.prefix[0] for one in services}
    return next((letter for letter in ascii_uppercase if letter not in taken), "Z")


def _keep_samples(tx: Tx, service: str, guide: Guide) -> None:
    """Forms and their samples (H24) belong to the item from now on."""
    ref, wanted = f"guide/{service}", {number for material in guide.materials for number in material.samples}
    files.attach(tx, ids=sorted(wanted - {row.id for row in tx.find(files.OF, ref=ref)}), ref=ref)


# -- what stands against it


def _must_be_sound(
    tx: Tx, kind: Kind, service: str, department: str, name: str, from_day: str, guide: Guide | None
) -> None:
    row, asked = tx.get(Service, service), open_of(tx, service)
    if from_day < tx.day:
        raise Refused("guide_reaches_back", day=tx.day)
    if tx.get(Department, department) is None or (row is not None and row.department != department):
        raise Refused("invalid", field="department")
    if (guide is None) != (kind == "cancel"):
        raise Refused("invalid", field="guide")
    if kind == "add":
        _must_be_new(row, name)
    elif row is None or (kind == "cancel" and not row.active):
        raise Refused("not_found", what="service", id=service)
    if asked is not None:
        raise Refused("item_asked", number=asked.id, day=asked.from_day)
    if kind == "change" and _is_in_force(tx, service, guide):
        raise Refused("guide_same", service=service)


def _must_be_new(row: Service | None, name: str) -> None:
    if row is not None and row.active:
        raise Refused("item_listed", service=row.name)
    if row is None and not name:
        raise Refused("invalid", field="name")


def _is_in_force(db: Reads, service: str, guide: Guide | None) -> bool:
    found = guides.current(db, service)
    return found is not None and found.guide == guide


# -- who hears of it


def _tell_asked(tx: Tx) -> None:
    filed = [row for row in tx.find(OPEN) if row.state == FILED]
    if not filed:
        hush(tx, "items/asked")
        return
    detail = {"n": len(filed), "name": name_of(tx, filed[-1])}
    tell(tx, "items/asked", "gn.asked", detail, since=filed[-1].at, kind="alert", audience="office", level="warn")


def _waiting(row: GuideRequest) -> str:
    return f"item/{row.id}/waits"
