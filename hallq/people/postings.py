"""Entry and exit forms: filed by the department, signed by its chief representative, answered by the office.

An approved entry makes the person, without a password; an approved exit ends the login with its last day (D08).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlmodel import bindparam, col, select

from hallq import files
from hallq.kernel import Refused, Tx
from hallq.office import day_book, forms, papers, posts
from hallq.office.day_model import Training
from hallq.office.model import MissedStep
from hallq.office.papers import Lift
from hallq.people import commands as people
from hallq.people.looks import PERSON
from hallq.people.posting_model import Posting
from hallq.people.posting_rules import (
    ENTRY,
    EXIT,
    HANDED,
    OF_PERSON,
    OPEN,
    STEPS,
    find,
    findings,
    must_be_sound,
    proofs_of,
    ref_of,
)
from hallq.people.standing import set_photo
from hallq.ticketing.model import Person
from hallq.ticketing.opening.calendar import days_after

PERSONAL = tuple(sorted(Posting.__personal__))
LEFT = select(Posting).where(
    col(Posting.state) == bindparam("state"),
    col(Posting.kind) == bindparam("kind"),
    col(Posting.until) < bindparam("day"),
)
TO_CLEAR = select(Posting).where(col(Posting.clear_on) <= bindparam("day"), col(Posting.cleared_at).is_(None))


def apply(
    tx: Tx, *, values: dict[str, Any], proofs: Iterable[int] = (), photo: int | None = None, lift: Lift | None = None
) -> Posting:
    """A draft, if nothing stands against it. `proofs`: of the training (J05)."""
    draft = Posting(**values, made_at=tx.now, made_by=tx.actor)
    must_be_sound(tx, draft)
    held = [*proofs]
    lifted = papers.must_stand(findings(tx, draft, proofs=len(held)), "", lift)
    form = tx.insert(Posting, **values, **lifted, salt=tx.token(), made_at=tx.now, made_by=tx.actor)
    files.attach(tx, [*held, *([photo] if photo else [])], ref_of(form))
    tx.log(posting=form.id, kind=form.kind)
    return tx.update(form, photo=photo) if photo else form


def sign(tx: Tx, *, number: int, name: str, opinion: str = "", lift: Lift | None = None) -> Posting:
    """The department's word; from here it counts as filed."""
    form = find(tx, number)
    return _step(tx, form, "sign", lift, signed_at=tx.now, signed_by=name, opinion=opinion)


def approve(tx: Tx, *, number: int, name: str, answer: str = "", lift: Lift | None = None) -> Posting:
    """The office's word; what was let pass is kept for the assessment (B22)."""
    form = _step(tx, find(tx, number), "approve", lift, approved_at=tx.now, approved_by=name, answer=answer)
    for finding in findings(tx, form):
        if finding.weight == "lift":
            tx.insert(
                MissedStep, at=tx.now, kind="postings", form=form.id, department=form.department, step=finding.code,
                facts=orjson.dumps(finding.detail).decode(), reason=form.lift_reason, name=form.lift_name,
            )  # fmt: skip
    return _enter(tx, form) if form.kind == ENTRY else _leave(tx, form)


def refuse(tx: Tx, *, number: int, name: str, why: str) -> Posting:
    return _end(tx, number, "refuse", name, why)


def withdraw(tx: Tx, *, number: int, name: str, why: str = "") -> Posting:
    return _end(tx, number, "withdraw", name, why)


def hand_over(tx: Tx, *, number: int, item: str, name: str, note: str = "", done: bool = True) -> Posting:
    """J08: an item of the exit's checklist is back, or is not after all."""
    form = find(tx, number)
    if form.kind != EXIT or form.state not in (*OPEN, "ended"):
        raise Refused("wrong_state", state=form.state)
    if item not in HANDED:
        raise Refused("invalid", field="item")
    handed = orjson.loads(form.handed)
    handed.pop(item, None)
    if done:
        handed[item] = {"by": name, "at": tx.now, "note": note.strip()}
    return tx.update(form, handed=orjson.dumps(handed).decode())


# -- by the clock


def watch(tx: Tx) -> None:
    """D08: after the last day nobody signs in, and the pad's page goes; the history stays. Later the personal columns
    are emptied."""
    for form in tx.find(LEFT, state="approved", kind=EXIT, day=tx.day):
        person = tx.get(Person, form.person)
        if person is not None and person.until_day == form.until:
            people.disable(tx, person=form.person or 0)
            set_photo(tx, person=form.person or 0, file=None)
        tx.update(form, state=forms.after(STEPS, "start", form.state), ended_at=tx.now, ended_by="hub")
        for other in tx.find(OF_PERSON, person=form.person):
            tx.update(other, clear_on=_clears(tx))
    for form in tx.find(TO_CLEAR, day=tx.day):
        tx.update(form, **dict.fromkeys(PERSONAL, ""), salt=tx.token(), photo=None, cleared_at=tx.now)
        for row in tx.find(files.OF, ref=ref_of(form)):
            files.remove(tx, row)
        if form.kind == EXIT and form.person is not None and form.approved_at is not None:
            day_book.forget_reasons(tx, form.person)


# -- parts


def _step(tx: Tx, form: Posting, verb: str, lift: Lift | None, **changes: Any) -> Posting:
    state = forms.after(STEPS, verb, form.state)
    must_be_sound(tx, form)
    lifted = papers.must_stand(findings(tx, form), form.lift_name, lift)
    tx.log(posting=form.id, kind=form.kind)
    return tx.update(form, state=state, **lifted, **changes)


def _end(tx: Tx, number: int, verb: str, name: str, why: str) -> Posting:
    form = find(tx, number)
    state = forms.after(STEPS, verb, form.state)
    return tx.update(form, state=state, ended_at=tx.now, ended_by=name, why=why, clear_on=_clears(tx))


def _clears(tx: Tx) -> str:
    return days_after(tx.day, tx.rules.personal_keep_days)


def _enter(tx: Tx, form: Posting) -> Posting:
    """J04, J06: the person, from the first day on; somebody who comes back has the old account."""
    known = tx.first(PERSON, name=form.name)
    number = (known and known.id) or people.add_person(
        tx, name=form.name, role="clerk", window=form.window, title=form.title, staff_no=form.staff_no
    )
    person = tx.get(Person, number)
    assert person is not None
    tx.update(
        person, active=True, role="clerk", window=form.window, department=form.department, title=form.title,
        staff_no=form.staff_no or person.staff_no, from_day=form.since, until_day=None, leaving=None,
        trained_until=form.trained_until, photo=_photo(tx, form, number),
    )  # fmt: skip
    if form.skills:
        posts.set_skills(tx, person=number, services=form.skills.split(","))
    if proofs_of(tx, form):
        tx.insert(
            Training, person=number, what="", day=form.trained_on or tx.day, until=form.trained_until, at=tx.now,
            by=form.approved_by, posting=form.id,
        )  # fmt: skip
    return tx.update(form, person=number)


def _photo(tx: Tx, form: Posting, person: int) -> str | None:
    """D07: the picture goes over to the person with the approval."""
    row = None if form.photo is None else tx.get(files.Attachment, form.photo)
    if row is None:
        return None
    tx.update(row, ref=f"person/{person}")
    return str(row.id)


def _leave(tx: Tx, form: Posting) -> Posting:
    person = tx.get(Person, form.person)
    assert person is not None
    tx.update(person, until_day=form.until, leaving=True)
    return form
