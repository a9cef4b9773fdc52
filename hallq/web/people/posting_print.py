"""The filled entry or exit form as in the annexes M4 and M5, field by field in their order, for signature and seal.

Of the ID number the masked form alone is known: the number itself is written by hand where it is needed.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.kernel import Reads
from hallq.people import posting_rules
from hallq.people.looked import looked
from hallq.people.posting_model import Posting
from hallq.people.posting_rules import ENTRY
from hallq.texts import ZH, text
from hallq.ticketing.model import Person
from hallq.web.common import hall_of
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.paper import Signed, printed, written, written_day
from hallq.web.people.postings import may_read_personal
from hallq.web.shapes import photo_path

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)


class Cell(NamedTuple):
    label: str
    lines: list[str]
    span: int = 1
    signed: Signed | None = None


@router.get("/office/postings/{number}/print")
@allow("forms", "records")
async def print_posting(request: Request, number: int) -> Response:
    hall, who = hall_of(request), caller(request)
    form, photo = await hall.read(_look, number=number)
    if who.role == "chief" and form.department != who.department:
        raise Problem(403, "forbidden")
    personal = may_read_personal(who)
    if personal:
        await hall.do(looked, who.actor, what="posting", ref=posting_rules.ref_of(form))
    return printed(
        request, "posting.html", title=_say(f"title.{form.kind}", hall=hall.settings.hall.name),
        rows=_rows(form, hall.rules.timezone, personal),
        photo=photo if personal else None, copies=_say("copies"), number=_say("number", no=f"{form.id:04d}"),
        made=written(form.made_at, hall.rules.timezone),
    )  # fmt: skip


def _look(db: Reads, *, number: int) -> tuple[Posting, str | None]:
    form = posting_rules.find(db, number)
    person = None if form.person is None else db.get(Person, form.person)
    if person is not None and person.photo is not None:
        return form, photo_path(person.id or 0, person.photo)
    return form, f"/api/v1/postings/{form.id}/files/{form.photo}" if form.photo else None


def _rows(form: Posting, zone: ZoneInfo, personal: bool) -> list[list[Cell]]:
    def one(key: str, value: str | None, span: int = 1) -> Cell:
        return Cell(_say(key), [value] if value else [], span)

    def own(key: str, span: int = 1) -> Cell:
        return one(key, getattr(form, key) if personal else "", span)

    entry = form.kind == ENTRY
    rows = [
        [one("name", form.name), own("gender"), own("ethnicity")],
        [own("born"), own("politics"), own("education")],
        [own("phone", 2), own("school", 2)],
        [own("id_number", 3), own("standing")],
        [one("employer", form.employer, 6)],
        *([[one("work", form.work, 6)]] if entry else []),
        [one("window_kind", _window(form), 2), one("services", form.services, 3)],
        _when(form, one),
    ]
    if not entry:
        rows.append([one("reason", form.reason, 6)])
        rows.append([Cell(_say("self"), [], 6, Signed("", "", written(None, zone), seal=False))])
    rows += [[_unit(form, zone)], [_centre(form, zone)], [Cell(_say("remark"), _remarks(form), 6)]]
    return rows


def _when(form: Posting, one: Any) -> list[Cell]:
    since = one("since", written_day(form.since), 6 if form.kind == ENTRY else 2)
    return [since] if form.kind == ENTRY else [since, one("until", written_day(form.until), 3)]


def _unit(form: Posting, zone: ZoneInfo) -> Cell:
    signed = Signed(_say("signed"), form.signed_by, written(form.signed_at, zone), seal=True)
    return Cell(_say("unit"), [form.opinion] if form.opinion else [], 6, signed)


def _centre(form: Posting, zone: ZoneInfo) -> Cell:
    refused = form.state == "refused"
    name, at = (form.ended_by, form.ended_at) if refused else (form.approved_by, form.approved_at)
    answer = form.why if refused else form.answer
    signed = Signed(_say("signed"), name, written(at, zone), seal=True)
    return Cell(_say("centre"), [answer] if answer else [], 6, signed)


def _remarks(form: Posting) -> list[str]:
    """原则上: an exception stands on the form with reason and name."""
    lifted = [_say("lifted", reason=form.lift_reason, name=form.lift_name)] if form.lifted else []
    return [line for line in (form.remark, *lifted) if line]


def _window(form: Posting) -> str:
    return "　".join(part for part in (form.window_kind, form.window and text("fp.window", ZH, no=form.window)) if part)


def _say(key: str, **values: object) -> str:
    return text(f"pf.{key}", ZH, **values)
