"""Entry and exit forms (M4, M5): each step is one call.

What they say of a person is for the department's chief representative, the office and the auditor; looks are journaled.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Request
from sqlmodel import col, select
from starlette.responses import Response

from hallq import files
from hallq.kernel import Reads, Refused, Tx, iso, must_exist
from hallq.office import forms
from hallq.people import posting_rules, postings
from hallq.people.identity import Identity
from hallq.people.looked import looked
from hallq.people.posting_model import Posting
from hallq.people.posting_rules import ENTRY, EXIT, HANDED, OPEN, STEPS
from hallq.requests import once
from hallq.ticketing.model import Person
from hallq.web import files as web_files
from hallq.web.common import codes, hall_of, reply
from hallq.web.errors import Problem, language
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.form_bodies import Reason, Why, lift_of
from hallq.web.office.form_shapes import finding_json
from hallq.web.people.posting_bodies import Approve, Filed, FileEntry, FileExit, Handed, Sign, masked
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
ALL = select(Posting).order_by(col(Posting.id).desc()).limit(500)
TIMES = ("made_at", "signed_at", "approved_at", "ended_at", "cleared_at")
PLAIN = (
    "id", "kind", "state", "department", "person", "name", "staff_no", "title", "window", "employer", "work",
    "window_kind", "services", "since", "until", "reason", "trained_on", "trained_until", "remark", "applicant",
    "signed_by", "opinion", "approved_by", "answer", "ended_by", "why", "lift_reason", "lift_name",
)  # fmt: skip
ROUGH = ("employer", "window_kind", "services")  # of an exit, where they stand as at the entry
NO_WHY = Why()


@router.get("/postings")
@allow("forms", "records")
async def list_postings(request: Request) -> Response:
    hall, who = hall_of(request), caller(request)
    rows = [row for row in await hall.read(lambda db: db.find(ALL)) if _sees(who, row)]
    return reply({"items": [_shape(hall, row, who) for row in rows], "next": None})


@router.post("/postings", status_code=201)
@allow("forms")
async def file_posting(request: Request, body: Filed) -> Response:
    hall, who = hall_of(request), caller(request)
    values = await hall.read(_values, body=body, who=who)
    entry = body if isinstance(body, FileEntry) else None
    wish: Json = {"values": values, "proofs": entry.proofs if entry else [], "photo": entry.photo if entry else None}
    command = once(
        postings.apply, caller=who.actor, route="/postings", request_id=body.request_id, body=wish, again=_again
    )
    form = await hall.do(command, who.actor, **wish, lift=lift_of(body.lift))
    return await _answer(request, form.id, 201)


@router.post("/postings/check")
@allow("forms")
async def check_posting(request: Request, body: Filed) -> Response:
    """What the rules say while the form is being filled in."""
    hall, who, lang = hall_of(request), caller(request), language(request)
    proofs = len(body.proofs) if isinstance(body, FileEntry) else 0

    def look(db: Reads) -> list[forms.Finding]:
        draft = Posting(**_values(db, body=body, who=who), made_at=db.now, made_by="")
        posting_rules.must_be_sound(db, draft)
        return posting_rules.findings(db, draft, proofs=proofs)

    found = await hall.read(look)
    return reply({"items": [finding_json(finding, lang) for finding in found], "next": None})


@router.get("/postings/{number}")
@allow("forms", "records")
async def get_posting(request: Request, number: int) -> Response:
    return await _answer(request, number)


@router.post("/postings/{number}/sign")
@allow("forms")
async def sign(request: Request, number: int, body: Sign) -> Response:
    """A chief representative signs in person; what the office enters stands on paper."""
    who = caller(request)
    name = who.name if who.role == "chief" else body.name
    if name is None:
        raise Refused("invalid", field="name")
    return await _take(request, number, postings.sign, name=name, opinion=body.opinion, lift=lift_of(body.lift))


@router.post("/postings/{number}/approve")
@allow("approve")
async def approve(request: Request, number: int, body: Approve) -> Response:
    name = caller(request).name
    return await _take(request, number, postings.approve, name=name, answer=body.answer, lift=lift_of(body.lift))


@router.post("/postings/{number}/refuse")
@allow("approve")
async def refuse(request: Request, number: int, body: Reason) -> Response:
    return await _take(request, number, postings.refuse, name=caller(request).name, why=body.why)


@router.post("/postings/{number}/withdraw")
@allow("forms")
async def withdraw(request: Request, number: int, body: Why = NO_WHY) -> Response:
    return await _take(request, number, postings.withdraw, name=caller(request).name, why=body.why)


@router.post("/postings/{number}/handed")
@allow("forms")
async def hand_over(request: Request, number: int, body: Handed) -> Response:
    """J08: one item of the exit's checklist."""
    return await _take(request, number, postings.hand_over, name=caller(request).name, **body.model_dump())


@router.get("/postings/{number}/files/{file}")
@allow("forms", "personal")
async def get_file(request: Request, number: int, file: int) -> Response:
    hall, who = hall_of(request), caller(request)
    form = await hall.read(_find, number=number, who=who)
    await hall.do(looked, who.actor, what="posting file", ref=posting_rules.ref_of(form))
    return await web_files.answer(request, file, posting_rules.ref_of(form))


# -- parts


def _sees(who: Identity, form: Posting) -> bool:
    return who.role != "chief" or form.department == who.department


def _find(db: Reads, *, number: int, who: Identity) -> Posting:
    form = posting_rules.find(db, number)
    if not _sees(who, form):
        raise Problem(403, "forbidden", department=form.department)
    return form


def may_read_personal(who: Identity) -> bool:
    return who.may("personal") or who.role == "chief"


def _values(db: Reads, *, body: FileEntry | FileExit, who: Identity) -> Json:
    """The form's row, without its way."""
    values = body.model_dump(exclude={"request_id", "lift", "proofs", "photo", "skills", "department", "applicant"})
    department = body.department or who.department
    if who.role == "chief" and department != who.department:
        raise Problem(403, "forbidden", department=department)
    if who.role != "chief" and body.applicant is None:
        raise Refused("invalid", field="applicant")
    if department is None:
        raise Refused("invalid", field="department")
    values |= {"department": department, "applicant": body.applicant if who.role != "chief" else who.name}
    values["id_number"] = masked(body.id_number)
    if isinstance(body, FileEntry):
        return values | {"skills": ",".join(body.skills)}
    return values | _of_person(db, body)


def _of_person(db: Reads, body: FileExit) -> Json:
    """An exit begins with what the hall knows of the person."""
    person = must_exist(db.get(Person, body.person), "person", body.person)
    entry = next((row for row in db.find(posting_rules.OF_PERSON, person=body.person) if row.kind == ENTRY), None)
    known = {name: getattr(entry, name) for name in (*postings.PERSONAL, *ROUGH) if entry and not getattr(body, name)}
    since = person.from_day or (entry.since if entry else body.since or "")
    return known | {
        "name": person.name, "staff_no": person.staff_no, "title": person.title, "window": person.window, "since": since
    }  # fmt: skip


def _again(tx: Tx, number: str) -> Any:
    return tx.get(Posting, int(number))


async def _take(request: Request, number: int, command: Any, **wish: Any) -> Response:
    hall, who = hall_of(request), caller(request)
    await hall.read(_find, number=number, who=who)
    await hall.do(command, who.actor, number=number, **wish)
    return await _answer(request, number)


async def _answer(request: Request, number: int, status: int = 200) -> Response:
    hall, who, lang = hall_of(request), caller(request), language(request)
    form = await hall.read(_find, number=number, who=who)
    shape = _shape(hall, form, who)
    if form.state in OPEN:
        found = await hall.read(lambda db: posting_rules.findings(db, form))
        shape["findings"] = [finding_json(finding, lang, lifted=bool(form.lift_name)) for finding in found]
    if may_read_personal(who):
        await hall.do(looked, who.actor, what="posting", ref=posting_rules.ref_of(form))
        shape["personal"] = {name: getattr(form, name) for name in postings.PERSONAL}
        shape["files"] = await hall.read(files.of, ref=posting_rules.ref_of(form))
    return reply(shape, status)


def _shape(hall: Any, form: Posting, who: Identity) -> Json:
    zone = hall.rules.timezone
    handed = orjson.loads(form.handed)
    return {
        **{name: getattr(form, name) for name in PLAIN},
        **{name: iso(getattr(form, name), zone) for name in TIMES},
        "skills": codes(form.skills), "lifted": codes(form.lifted), "photo": form.photo, "next": _next(form, who),
        "handed": [{"item": item, **_handed(handed.get(item), zone)} for item in HANDED] if form.kind == EXIT else [],
    }  # fmt: skip


def _handed(known: Json | None, zone: ZoneInfo) -> Json:
    return {"by": "", "at": None, "note": ""} if known is None else known | {"at": iso(known["at"], zone)}


def _next(form: Posting, who: Identity) -> list[str]:
    needs = {"sign": "forms", "withdraw": "forms", "approve": "approve", "refuse": "approve"}
    return [verb for verb in forms.verbs(STEPS, form.state) if who.may(needs[verb])]
