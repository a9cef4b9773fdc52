"""What may be done to a case: its ordered steps, and beside them assigning, hearing the clerk, plans and looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import bindparam, col, select

from hallq import files as attachments
from hallq.assessment.cases import rules
from hallq.assessment.cases.model import Case, CaseOwner, CasePlan, CaseStep
from hallq.assessment.cases.progress import CLAUSE, STEPS_OF, enter_late, find, is_late, keep_due, note_step
from hallq.assessment.cases.registry import call_office
from hallq.assessment.ledger import commands as ledger
from hallq.kernel import Refused, Tx
from hallq.office import messages
from hallq.people import looked as looks
from hallq.ticketing.model import Department, Person
from hallq.ticketing.told import hush

OWNERS = select(CaseOwner).where(col(CaseOwner.case) == bindparam("case"))


def take_step(
    tx: Tx,
    *,
    case: int,
    step: str,
    name: str,
    note: str = "",
    other_side: str = "",
    result: str = "",
    files: Sequence[int] = (),
) -> Case:
    """Raises Refused: case_step (what may come now), case_scan, case_second_approver, invalid (detail.field)."""
    row = find(tx, case)
    becomes = rules.moves(row.kind, row.state, row.named, row.verdict).get(step)
    if becomes is None:
        raise _not_now(row)
    _check(tx, row, step, name, note, other_side, result)
    attachments.attach(tx, files, f"case/{case}")
    if step == "handle" and row.kind == rules.SERIOUS and not attachments.of(tx, f"case/{case}"):
        raise Refused("case_scan")  # E11
    if is_late(tx, row) and row.due_step == step:
        enter_late(tx, row)
    note_step(tx, row, step, name=name, note=note, other_side=other_side, result=result)
    for key in (f"case/{case}", f"case/{case}/late", f"case/{case}/urgent"):
        hush(tx, key)
    row = tx.update(find(tx, case), state=becomes, **_columns(tx, step, becomes, result))
    _enter_verdict(tx, row, step)
    return keep_due(tx, row)


def assign(
    tx: Tx,
    /,
    *,
    case: int,
    name: str,
    officer: int | None = None,
    owners: Mapping[str, int | None] | None = None,
    **columns: Any,
) -> Case:
    """Who decides and who handles it (E12: several departments), whom it is about, its kind, whether it is urgent or
    secret, and the year's awards (D17). What is left out stays."""
    row = find(tx, case)
    wished = columns | {"officer": officer}
    values = {column: value for column, value in wished.items() if value is not None}
    _check_assigned(tx, row, values, owners or {})
    if owners is not None:
        _share(tx, row, owners)
        values["department"] = next(iter(owners), None)
    row = tx.update(row, **values) if values else row
    note_step(tx, row, "assign", name=name, result=_told(values, owners))
    if columns.get("urgent"):
        call_office(tx, row)
    return keep_due(tx, row)


def hear(tx: Tx, *, case: int, name: str) -> Case:
    """E20: opens the case, without who complained, to the person it is about."""
    row = find(tx, case)
    if row.person is None:
        raise Refused("invalid", field="person")
    if row.heard_at is None:
        row = tx.update(row, heard_at=tx.now)
        note_step(tx, row, "hear", name=name)
        messages.tell(tx, row.person, "cs.heardMessage", no=row.no)
    return row


def add(tx: Tx, *, case: int, step: str, name: str, note: str, files: Sequence[int] = ()) -> Case:
    """`explain` (举证解释、申诉申辩) or `note`: beside the steps, also with evidence."""
    row = find(tx, case)
    if not note.strip():
        raise Refused("invalid", field="note")
    attachments.attach(tx, files, f"case/{case}")
    note_step(tx, row, step, name=name, note=note.strip())
    return row


def plan(tx: Tx, *, case: int, name: str, content: str, measures: str, due_day: str, responsible: str) -> CasePlan:
    """M12, E20."""
    row = find(tx, case)
    made = tx.insert(
        CasePlan, case=case, content=content, measures=measures, due_day=due_day, responsible=responsible,
        made_at=tx.now, made_by=tx.actor,
    )  # fmt: skip
    note_step(tx, row, "plan", name=name, note=content)
    return made


def move_plan(tx: Tx, *, case: int, plan: int, name: str, progress: str = "", result: str = "") -> CasePlan:
    """Progress, or with a result struck off (整改销号)."""
    known = tx.get(CasePlan, plan)
    if known is None or known.case != case:
        raise Refused("not_found", what="case_plan", id=plan)
    if known.struck_at is not None:
        raise Refused("wrong_state", state="done")
    row = find(tx, case)
    if not result.strip():
        note_step(tx, row, "progress", name=name, note=progress)
        return tx.update(known, progress=progress)
    note_step(tx, row, "strike", name=name, note=result)
    return tx.update(known, result=result, progress=progress or known.progress, struck_at=tx.now, struck_by=tx.actor)


def identify(tx: Tx, *, case: int, by_name: str, name: str, contact: str, demand: str = "") -> Case:
    """The citizen wishes an answer and says who and where: from now on the case is a named one."""
    row = find(tx, case)
    if row.closed_at is not None:
        raise _not_now(row)
    if not contact.strip():
        raise Refused("invalid", field="contact")
    note_step(tx, row, "identify", name=by_name)
    salt = row.salt or tx.token()
    row = tx.update(row, named=True, name=name, contact=contact.strip(), demand=demand or row.demand, salt=salt)
    return keep_due(tx, row)


def looked(tx: Tx, *, case: int, name: str) -> Case:
    """E15: who reads the complainant's name stands in the journal and in the case."""
    row = find(tx, case)
    looks.looked(tx, what="case identity", ref=f"case/{case}")
    note_step(tx, row, "look", name=name)
    return row


# -- parts


def _not_now(row: Case) -> Refused:
    allowed = list(rules.moves(row.kind, row.state, row.named, row.verdict))
    return Refused("case_step", state=row.state, allowed=allowed)


def _check(tx: Tx, row: Case, step: str, name: str, note: str, other_side: str, result: str) -> None:
    if step in rules.NEEDS_NOTE and not note.strip():
        raise Refused("invalid", field="note")
    if step == "investigate" and not other_side.strip():
        raise Refused("invalid", field="other_side")  # E08
    if result not in rules.NEEDS_RESULT.get(step, (result,)):
        raise Refused("invalid", field="result")
    if step in ("approve", "confirm") and not name.strip():
        raise Refused("invalid", field="name")
    if step == "confirm" and any(one.step == "approve" and one.name == name for one in _last_approval(tx, row)):
        raise Refused("case_second_approver", name=name)


def _check_assigned(tx: Tx, row: Case, values: Mapping[str, Any], owners: Mapping[str, int | None]) -> None:
    kind = values.get("kind", row.kind)
    if kind != row.kind and (rules.BAD_RATING in (row.kind, kind) or row.state != "open"):
        raise Refused("invalid", field="kind")  # the kind is settled when it is accepted
    if "person" in values and (row.rating is not None or row.verdict):
        raise Refused("invalid", field="person")  # a rating's is known; once decided it stands in the ledger
    for person in [values.get("officer"), values.get("person"), *owners.values()]:
        if person is not None and tx.get(Person, person) is None:
            raise Refused("invalid", field="person")
    if values.get("no_award") in ("person", "both") and values.get("person", row.person) is None:
        raise Refused("invalid", field="person")


def _last_approval(tx: Tx, row: Case) -> list[CaseStep]:
    return [step for step in tx.find(STEPS_OF, case=row.id) if step.step == "approve"][-1:]


def _columns(tx: Tx, step: str, becomes: str, result: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if step in ("verify", "decide"):
        values["verdict"] = result
    if step in ("rectify", "handle"):
        values["done_day"] = tx.day
    if step == "visit":
        values["visited_day"] = tx.day
    if becomes in rules.ENDED:
        values["closed_at"] = tx.now
    return values


def _enter_verdict(tx: Tx, row: Case, step: str) -> None:
    """D16: an upheld complaint enters the ledger with clause and evidence. Bad ratings are counted as ratings."""
    serious = row.kind == rules.SERIOUS
    if step != ("confirm" if serious else "decide") or row.kind == rules.SUGGESTION or row.verdict == "unfounded":
        return
    ledger.enter(
        tx, kind="complaint_serious" if serious else "complaint_upheld", ref=f"case/{row.id}", person=row.person,
        department=row.department, window=row.window, clause=CLAUSE, note=row.no,
    )  # fmt: skip


def _share(tx: Tx, row: Case, owners: Mapping[str, int | None]) -> None:
    for department in owners:
        if tx.get(Department, department) is None:
            raise Refused("invalid", field="department")
    for known in tx.find(OWNERS, case=row.id):
        if known.department not in owners:
            tx.delete(known)
    for department, person in owners.items():
        shared = tx.get(CaseOwner, row.id, department)
        if shared is None:
            tx.insert(CaseOwner, case=row.id, department=department, person=person)
        elif shared.person != person:
            tx.update(shared, person=person)


def _told(values: Mapping[str, Any], owners: Mapping[str, int | None] | None) -> str:
    """What was changed, for the step's row: codes, never personal data."""
    told = [f"{column}={value}" for column, value in values.items() if column not in ("name", "contact", "demand")]
    shared = [f"{department}:{person or '-'}" for department, person in (owners or {}).items()]
    return ", ".join([*told, *shared])
