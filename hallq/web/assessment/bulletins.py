"""Bulletins over the API: lists, the editor's steps, files, interviews, and the page for the printer.

The office works on them; leaders and auditors read what is approved, a chief representative what names the own
department or the whole hall.
"""

from __future__ import annotations

import asyncio
from html import escape
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from hallq.assessment.bulletins import commands, interviews, page
from hallq.assessment.bulletins.model import APPROVED, Bulletin
from hallq.assessment.bulletins.render import FORMS
from hallq.bulletin_maker import BulletinMaker, as_json, laid_out
from hallq.kernel import Refused, Tx
from hallq.requests import once
from hallq.texts import ZH, text
from hallq.web.assessment.bulletin_shapes import archived, interview_json, listed, may_see, whole
from hallq.web.bodies import Body, Code, Day, Empty, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.downloads import attached
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.pages import POLICY
from hallq.web.shapes import Json

router = APIRouter(route_class=GuardedRoute)
API = "/api/v1"
READERS = ("bulletins", "records", "department")
Words = Annotated[str, Field(max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Why = Annotated[str, Field(min_length=1, max_length=300)]
NOTHING = Empty()


class Begin(Body):
    kind: Code
    since: Day
    until: Day
    department: Code | None = None
    request_id: RequestId = None


class Section(Body):
    code: Code
    hidden: bool
    paragraphs: Annotated[list[Words], Field(max_length=60)]


class Asked(Body):
    department: Code
    level: Literal["chief", "leader"]
    on: bool


NOBODY: list[Asked] = []


class Edit(Body):
    seen: int
    title: Annotated[str, Field(min_length=1, max_length=120)]
    sections: Annotated[list[Section], Field(max_length=40)]
    interviews: Annotated[list[Asked], Field(max_length=400)] = NOBODY


class Approve(Body):
    seen: int
    name: Name


class Reason(Body):
    why: Why
    request_id: RequestId = None


class Held(Body):
    held_on: Day
    interviewer: Name
    interviewee: Name
    note: Annotated[str, Field(min_length=1, max_length=2000)]


# -- lists and one bulletin


@router.get(f"{API}/bulletins")
@allow(*READERS)
async def get_bulletins(request: Request) -> Response:
    """With the kinds that there are, as the standard has them today."""
    who = caller(request)
    found: Json = await hall_of(request).read(listed, who=who, maker=_maker(request))
    return reply(found | {"next": None})


@router.get(f"{API}/bulletins/{{number}}")
@allow(*READERS)
async def get_bulletin(request: Request, number: int) -> Response:
    return await _answer(request, number)


@router.post(f"{API}/bulletins", status_code=201)
@allow("bulletins")
async def begin(request: Request, body: Begin) -> Response:
    """A draft. Its facts follow by themselves: `job` says how far they are."""
    hall, who = hall_of(request), caller(request)
    wish = body.model_dump(exclude={"request_id"})
    command = once(
        commands.begin, caller=who.actor, route="bulletins", request_id=body.request_id, body=wish, again=_again
    )
    row = await hall.do(command, who.actor, **wish)
    assert row.id is not None
    _maker(request).gather(row.id)
    return await _answer(request, row.id, 201)


@router.post(f"{API}/bulletins/{{number}}/edit")
@allow("bulletins")
async def edit(request: Request, number: int, body: Edit) -> Response:
    values = body.model_dump(exclude={"interviews"}) | {"asked": [one.model_dump() for one in body.interviews]}
    await hall_of(request).do(commands.edit, caller(request).actor, bulletin=number, **values)
    return await _answer(request, number)


@router.post(f"{API}/bulletins/{{number}}/refresh")
@allow("bulletins")
async def refresh(request: Request, number: int, body: Empty = NOTHING) -> Response:
    """The facts as they are now; what the office has written stays."""
    await hall_of(request).do(commands.ask_again, caller(request).actor, bulletin=number)
    _maker(request).gather(number)
    return await _answer(request, number)


@router.post(f"{API}/bulletins/{{number}}/approve")
@allow("bulletins")
async def approve(request: Request, number: int, body: Approve) -> Response:
    """The next step of its way; the last one numbers, freezes and prints it."""
    row = await hall_of(request).do(commands.approve, caller(request).actor, bulletin=number, **body.model_dump())
    if row.state == APPROVED:
        _maker(request).print(number)
    return await _answer(request, number)


@router.post(f"{API}/bulletins/{{number}}/print")
@allow("bulletins")
async def print_files(request: Request, number: int, body: Empty = NOTHING) -> Response:
    """Makes PDF and Word; `job` says how far they are."""
    row = await hall_of(request).read(commands.find, bulletin=number)
    if row.facts_at is None:
        raise Refused("wrong_state", state="gathering")
    _maker(request).print(number)
    return await _answer(request, number)


@router.post(f"{API}/bulletins/{{number}}/drop")
@allow("bulletins")
async def drop(request: Request, number: int, body: Reason) -> Response:
    await hall_of(request).do(commands.drop, caller(request).actor, bulletin=number, why=body.why)
    return await _answer(request, number)


@router.post(f"{API}/bulletins/{{number}}/correct", status_code=201)
@allow("bulletins")
async def correct(request: Request, number: int, body: Reason) -> Response:
    row = await hall_of(request).do(commands.correct, caller(request).actor, bulletin=number, why=body.why)
    assert row.id is not None
    return await _answer(request, row.id, 201)


@router.get(f"{API}/bulletins/{{number}}/files/{{form}}")
@allow(*READERS)
async def get_file(request: Request, number: int, form: Literal["pdf", "docx"]) -> Response:
    """Of an approved one out of the archive, of a draft what was made last of its present text."""
    row = await _seen(request, number)
    name, made = await hall_of(request).read(archived, number=number, form=form)
    version, kept = _maker(request).drafts.get((number, form), (-1, b""))
    if made is None and row.state != APPROVED and version == row.version:
        name, made = f"{text('bf.draftMark', ZH)}.{form}", kept
    if made is None:
        raise Problem(404, "not_found", what="file", id=f"{number}.{form}")
    return attached(made, name=name, media=FORMS[form][0])


@router.get("/office/bulletins/{number}/print", include_in_schema=False)
@allow(*READERS)
async def preview(request: Request, number: int) -> Response:
    """The page for screen and printer: no file has to be made for the morning's oral bulletin."""
    hall = hall_of(request)
    row = await _seen(request, number)
    if row.facts_at is None:
        raise Refused("wrong_state", state="gathering")
    _, sheet = await hall.read(laid_out, number=number, hall=hall.settings.hall.name)
    static = f"/static/{request.app.state.build}/office"
    head = (f'<link rel="icon" href="{static}/../shared/icon.svg"><link rel="stylesheet" href="{static}/bulletin.css">'
            f'<script type="module" src="{static}/print.js"></script>')  # fmt: skip
    tools = f'<p class="tools"><button type="button">{escape(text("bl.printed", ZH))}</button></p>'
    html = await asyncio.to_thread(page.html, as_json(sheet), head=head, tools=tools)
    return HTMLResponse(html, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})


# -- interviews


@router.get(f"{API}/interviews")
@allow(*READERS)
async def get_interviews(request: Request) -> Response:
    hall, who = hall_of(request), caller(request)
    rows = await hall.read(interviews.listed)
    mine = [row for row in rows if who.role != "chief" or row.department == who.department]
    return reply({"items": [interview_json(row, hall.rules.timezone) for row in mine], "next": None})


@router.post(f"{API}/interviews/{{number}}/hold")
@allow("bulletins")
async def hold(request: Request, number: int, body: Held) -> Response:
    hall = hall_of(request)
    row = await hall.do(interviews.hold, caller(request).actor, interview=number, **body.model_dump())
    return reply(interview_json(row, hall.rules.timezone))


# -- parts


def _maker(request: Request) -> BulletinMaker:
    maker: BulletinMaker = request.app.state.bulletins
    return maker


async def _seen(request: Request, number: int) -> Bulletin:
    """Problem 403 for a draft, and for what names other departments alone."""
    row = await hall_of(request).read(commands.find, bulletin=number)
    if not may_see(caller(request), row):
        raise Problem(403, "forbidden")
    return row


async def _answer(request: Request, number: int, status: int = 200) -> Response:
    row = await _seen(request, number)
    return reply(await hall_of(request).read(whole, row=row, maker=_maker(request), who=caller(request)), status)


def _again(tx: Tx, number: str) -> Bulletin:
    return commands.find(tx, int(number))
