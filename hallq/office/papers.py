"""A form's way from desk to desk: applied for, signed by the department, answered by the office, put before the public.

Each verb asks the pure tables of `forms` what may follow; what a rule forbids stands in the way until a leader's word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import orjson

from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.office import changes, closures, dates, forms, suspensions
from hallq.office.forms import Finding, Steps
from hallq.office.model import BusinessSuspension, Closure, MissedStep, Paper, WindowChange
from hallq.ticketing.told import hush


class Kind(NamedTuple):
    model: type[Any]
    steps: Steps
    must_be_sound: Callable[[Reads, Any], None]
    findings: Callable[[Reads, Any], list[Finding]]
    announce: Callable[[Tx, Any], None]
    key: str  # of its public notice


KINDS = {
    "closures": Kind(
        Closure, forms.CLOSING, closures.must_be_sound, closures.findings, closures.announce, "closure"
    ),
    "suspensions": Kind(
        BusinessSuspension, forms.SUSPENDING, suspensions.must_be_sound, suspensions.findings, suspensions.announce,
        "suspension",
    ),
    "window-changes": Kind(
        WindowChange, forms.CHANGING, changes.must_be_sound, changes.findings, changes.announce, "change"
    ),
}  # fmt: skip


class Lift(NamedTuple):
    """A leader's word (原则上): the rules that it may set aside are set aside."""

    reason: str
    name: str


def find(db: Reads, kind: str, number: int) -> Any:
    return must_exist(db.get(KINDS[kind].model, number), kind, number)


def apply(tx: Tx, *, kind: str, values: dict[str, Any], lift: Lift | None = None) -> Any:
    """A draft, if nothing stands against it."""
    draft = KINDS[kind].model(**values, made_at=tx.now, made_by=tx.actor)
    KINDS[kind].must_be_sound(tx, draft)
    lifted = _must_stand(tx, kind, draft, lift)
    return tx.insert(KINDS[kind].model, **values, **lifted, made_at=tx.now, made_by=tx.actor)


def sign(
    tx: Tx, *, kind: str, number: int, name: str, rank: str, opinion: str = "", lift: Lift | None = None
) -> Any:  # fmt: skip
    """B13: by the chief representative, or the leader in charge (M3). From here it counts as filed."""
    form = find(tx, kind, number)
    state = forms.after(KINDS[kind].steps, "sign", form.state)
    KINDS[kind].must_be_sound(tx, form)
    lifted = _must_stand(tx, kind, form, lift)
    return tx.update(
        form, state=state, signed_at=tx.now, signed_by=name, signed_as=rank, opinion=opinion, **lifted
    )  # fmt: skip


def approve(
    tx: Tx, *, kind: str, number: int, name: str, answer: str = "", head: str = "", lift: Lift | None = None
) -> Any:  # fmt: skip
    """The office's word; what was let pass is kept for the assessment (B22)."""
    form = find(tx, kind, number)
    state = forms.after(KINDS[kind].steps, "approve", form.state)
    KINDS[kind].must_be_sound(tx, form)
    lifted = _must_stand(tx, kind, form, lift)
    values: dict[str, Any] = {"state": state, "approved_at": tx.now, "approved_by": name, "answer": answer}
    if kind == "suspensions":
        values["public_at"] = dates.days_before(tx, form.since, tx.rules.suspension_notice_days)
    form = tx.update(form, **values, head=head, **lifted)
    for finding in KINDS[kind].findings(tx, form):
        if finding.weight == "lift":
            _note_missed(tx, kind, form, finding)
    return form


def refuse(tx: Tx, *, kind: str, number: int, name: str, why: str) -> Any:
    return _end(tx, kind, number, "refuse", name, why)


def withdraw(tx: Tx, *, kind: str, number: int, name: str, why: str = "") -> Any:
    return _end(tx, kind, number, "withdraw", name, why)


def publish(tx: Tx, *, kind: str, number: int) -> Any:
    """The notice goes live: on screens, kiosks, and with the guides."""
    form = find(tx, kind, number)
    state = forms.after(KINDS[kind].steps, "publish", form.state)
    form = tx.update(form, state=state, published_at=tx.now)
    KINDS[kind].announce(tx, form)
    return form


def end(tx: Tx, *, kind: str, number: int, name: str, why: str = "") -> Any:
    """Before its time: the windows are staffed again, the business goes on (B11)."""
    form = find(tx, kind, number)
    forms.after(KINDS[kind].steps, "end", form.state)
    if kind == "closures":
        return closures.end(tx, form, by=name, why=why)
    return suspensions.end(tx, form, by=name, why=why)


def reserve(tx: Tx, *, kind: str, number: int, name: str) -> Any:
    form = find(tx, kind, number)
    forms.after(KINDS[kind].steps, "reserve", form.state)
    return closures.reserve(tx, form, by=name)


def standing(db: Reads, kind: str, values: dict[str, Any], load: tuple[int, int] | None = None) -> list[Finding]:
    """What the rules say of a form that is being filled in."""
    draft = KINDS[kind].model(**values, made_at=db.now, made_by="")
    KINDS[kind].must_be_sound(db, draft)
    return closures.findings(db, draft, load) if kind == "closures" else KINDS[kind].findings(db, draft)


def _must_stand(tx: Tx, kind: str, form: Paper, lift: Lift | None) -> dict[str, str]:
    return must_stand(KINDS[kind].findings(tx, form), form.lift_name, lift)


def must_stand(found: list[Finding], lift_name: str, lift: Lift | None) -> dict[str, str]:
    """The columns of what a leader has set aside, now or (`lift_name`) before. Raises Refused with the first finding
    that nobody has."""
    against = forms.stands(found, lifted=lift is not None or bool(lift_name))
    if against:
        raise Refused(against[0].code, **against[0].detail, liftable=against[0].weight == "lift")
    codes = [one.code for one in found if one.weight == "lift"]
    if not codes or lift is None:
        return {}
    return {"lifted": ",".join(codes), "lift_reason": lift.reason, "lift_name": lift.name}


def _note_missed(tx: Tx, kind: str, form: Any, finding: Finding) -> None:
    tx.insert(
        MissedStep, at=tx.now, kind=kind, form=form.id, department=form.department, step=finding.code,
        facts=orjson.dumps(finding.detail).decode(), reason=form.lift_reason, name=form.lift_name,
    )  # fmt: skip


def _end(tx: Tx, kind: str, number: int, verb: str, name: str, why: str) -> Any:
    form = find(tx, kind, number)
    state = forms.after(KINDS[kind].steps, verb, form.state)
    hush(tx, f"{KINDS[kind].key}/{form.id}")
    return tx.update(form, state=state, ended_at=tx.now, ended_by=name, why=why)
