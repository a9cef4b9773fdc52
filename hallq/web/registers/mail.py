"""The mail ledger over HTTP (L01-L06): sent from the guide desk, checked by the centre; the window: `window_mail`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from hallq.hall import Hall
from hallq.people.looked import looked
from hallq.registers import ledger, mail
from hallq.registers.model import Mail
from hallq.requests import once
from hallq.texts import EN, text
from hallq.web import common
from hallq.web.bodies import Body, Day, RequestId
from hallq.web.common import Next, hall_of, page, period, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.registers.parts import MOST_DAYS, Given, Line, Note, Printer, Word, exported, print_at

Json = dict[str, Any]
router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
MOST_DRAWN = 200
TIMES = frozenset({"at", "checked_at", "form_until"})
COLUMNS = ("no", "direction", "day", "number", "window", "service", "what", "name", "phone", "carrier", "waybill",
           "payer", "state", "sent_day", "checked_by", "check_note")  # fmt: skip
Phone = Annotated[str, Field(min_length=5, max_length=20, pattern=r"^[0-9+() -]+$")]
PhoneOrNone = Annotated[str, Field(max_length=20, pattern=r"^([0-9+() -]{5,})?$")]
Carrier = Annotated[str, Field(max_length=40)]
Payer = Literal["hall", "citizen"]


class Where(Body):
    """收件人、联系电话、地址 (L04)."""

    name: Word
    phone: Phone
    address: Given


class Register(Body):
    direction: Literal["out", "in"] = "out"
    what: Line = ""
    number: Annotated[str, Field(max_length=8)] = ""
    number_day: Day | None = None
    name: Word
    phone: PhoneOrNone = ""
    address: Annotated[str, Field(max_length=200)] = ""
    carrier: Carrier = ""
    waybill: Annotated[str, Field(max_length=40)] = ""
    payer: Payer = "hall"
    request_id: RequestId = None


class Correct(Body):
    to: Where | None = None
    what: Line | None = None
    payer: Payer | None = None


class Send(Body):
    waybill: Annotated[str, Field(min_length=4, max_length=40, pattern=r"^[A-Za-z0-9-]+$")]
    carrier: Carrier = ""


class Check(Body):
    note: Line = ""


# -- the ledger


@router.get("/mail")
@allow("registers", "records")
async def list_mail(
    request: Request, state: Literal["", "open", "asked", "ready", "sent", "received", "cancelled"] = "",
    direction: Literal["", "out", "in"] = "", next: Next = None,
) -> Response:  # fmt: skip
    """`open`: what is still to be sent, from whatever day; else of the days `from` to `to`."""
    hall = hall_of(request)
    if state == "open":
        rows = await hall.read(ledger.open_ones, after=next)
    else:
        since, until = period(request, MOST_DAYS)
        wish = {"state": state or None, "direction": direction or None}
        rows = await hall.read(ledger.page, since=since, until=until, after=next, **wish)
    return reply(page([timed(hall, row) for row in rows]))


@router.get("/mail/sample")
@allow("records")
async def sample(
    request: Request, seed: Annotated[str, Query(min_length=1, max_length=64)],
    n: Annotated[int, Query(ge=1, le=MOST_DRAWN)] = 10,
) -> Response:  # fmt: skip
    """L06: of what was sent from `from` to `to`; the same seed draws the same for everyone."""
    hall, (since, until) = hall_of(request), period(request, MOST_DAYS)
    rows = await hall.read(ledger.sample, seed=seed, n=n, since=since, until=until)
    return reply({"items": [timed(hall, row) for row in rows], "seed": seed, "next": None})


@router.get("/mail/fees")
@allow("records")
async def fees(request: Request) -> Response:
    """L06: how many each carrier took, and who pays."""
    since, until = period(request, MOST_DAYS)
    rows = await hall_of(request).read(ledger.fees, since=since, until=until)
    return reply({"items": rows, "from": since, "to": until, "next": None})


@router.get("/mail/{number}/identity")
@allow("registers", "personal")
async def identity(request: Request, number: int) -> Response:
    """Where it goes, to who sends it; the look is journaled."""
    return reply(await look_at(request, number))


async def look_at(request: Request, number: int) -> Json:
    hall = hall_of(request)
    row = await hall.read(mail.find, mail=number)
    await hall.do(looked, caller(request).actor, what="mail address", ref=f"mail/{number}")
    return {name: getattr(row, name) for name in ("name", "phone", "address")}


@router.post("/mail", status_code=201)
@allow("registers")
async def register(request: Request, body: Register) -> Response:
    hall, who = hall_of(request), caller(request)
    wish = body.model_dump(exclude={"request_id"})
    values = {name: value for name, value in wish.items() if value != ""}
    command = once(
        mail.register, caller=who.actor, route="/mail", request_id=body.request_id, body=wish, again=again
    )
    row = await hall.do(command, who.actor, **values)
    return await answer(request, row.id, 201)


@router.post("/mail/{number}/correct")
@allow("registers")
async def correct(request: Request, number: int, body: Correct) -> Response:
    wish = body.model_dump(exclude={"to"}, exclude_none=True) | (body.to.model_dump() if body.to else {})
    if not wish:
        raise Problem(422, "invalid", field="to")
    row = await hall_of(request).do(mail.correct, caller(request).actor, mail=number, **wish)
    return await answer(request, row.id)


@router.post("/mail/{number}/ready")
@allow("registers")
async def ready(request: Request, number: int) -> Response:
    row = await hall_of(request).do(mail.ready, caller(request).actor, mail=number)
    return await answer(request, row.id)


@router.post("/mail/{number}/send")
@allow("registers")
async def send(request: Request, number: int, body: Send) -> Response:
    row = await hall_of(request).do(mail.send, caller(request).actor, mail=number, **body.model_dump())
    return await answer(request, row.id)


@router.post("/mail/{number}/cancel")
@allow("registers")
async def cancel(request: Request, number: int, body: Note) -> Response:
    row = await hall_of(request).do(mail.cancel, caller(request).actor, mail=number, why=body.note)
    return await answer(request, row.id)


@router.post("/mail/{number}/check")
@allow("registers")
async def check(request: Request, number: int, body: Check) -> Response:
    """L06: one that was drawn; by the office, not by who sent it."""
    who = caller(request)
    if who.role == "guide":
        raise Problem(403, "forbidden")
    row = await hall_of(request).do(mail.check, who.actor, mail=number, name=who.name, note=body.note)
    return await answer(request, row.id)


@router.post("/mail/{number}/print")
@allow("registers")
async def print_receipt(request: Request, number: int, body: Printer) -> Response:
    return await print_at(request, mail.print_receipt, body, mail=number)


@router.get("/export/mail.{kind}")
@allow("registers", "export")
async def export(request: Request, kind: str) -> Response:
    """The ledger of the days `from` to `to` (M8), masked."""
    return await exported(request, "mail", kind, ledger.listing, columns=COLUMNS, head="m", cell=cell, times=())


def cell(row: Json, name: str, lang: str) -> str:
    worded = {"direction": "dir", "state": "ms", "payer": "payer"}
    if name in worded:
        return text(f"rg.{worded[name]}_{row[name]}", lang)
    if name == "service":
        return str((row["service_name_en"] if lang == EN else "") or row["service_name"])
    return str(row[name] or "")


# -- parts


def again(tx: Any, made: str) -> Mail:
    return mail.find(tx, int(made))


async def answer(request: Request, number: int | None, status: int = 200) -> Response:
    hall = hall_of(request)
    row = await hall.read(lambda db: ledger.line(db, mail.find(db, number or 0)))
    return reply(timed(hall, row), status)


def timed(hall: Hall, row: Json) -> Json:
    return common.timed(hall, row, TIMES)
