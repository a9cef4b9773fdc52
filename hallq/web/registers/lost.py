"""Lost property over HTTP (K01-K09): the register at the guide desk, what is due, and the ways out of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq import masking
from hallq.kernel import Reads
from hallq.people.looked import looked
from hallq.registers import found, found_looks
from hallq.registers.model import FoundItem
from hallq.requests import once
from hallq.texts import EN, text
from hallq.web import common, files
from hallq.web.bodies import Body, Code, Day, RequestId
from hallq.web.common import Next, hall_of, page, period, reply
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.form_bodies import When, moment
from hallq.web.registers.parts import MOST_DAYS, Given, Line, Printer, Told, Word, exported, print_at

Json = dict[str, Any]
router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
TIMES = frozenset({"at", "found_at", "closed_at", "blanked_at"})
COLUMNS = ("no", "day", "name", "count", "features", "found_at", "place", "finder", "state", "due_day", "claimant",
           "receipt", "closed_at")  # fmt: skip
File = Annotated[int, Field(ge=1)]


class Register(Body):
    name: Word
    count: Annotated[int, Field(ge=1, le=999)] = 1
    features: Told
    found_at: When
    place: Given
    zone: Code | None = None
    finder: Literal["", "citizen", "guard", "cleaner", "staff"] = ""
    valuable: bool = False
    perishable: bool = False
    number: Annotated[str, Field(max_length=8)] = ""
    number_day: Day | None = None
    owner: Annotated[str, Field(max_length=60)] = ""
    photos: Annotated[list[File], Field(max_length=6, default_factory=list)]
    request_id: RequestId = None


class Contact(Body):
    note: Given  # whom one rang: a personal column


class ToOwner(Body):
    claimant: Word
    id_number: Annotated[str, Field(min_length=4, max_length=40, repr=False)]
    phone: Annotated[str, Field(max_length=40)] = ""
    checked: bool
    signature: File


class Claim(ToOwner):
    note: Annotated[str, Field(max_length=200)] = ""  # a personal column


class SendHome(ToOwner):
    address: Given


class HandOver(Body):
    items: Annotated[list[File], Field(min_length=1, max_length=200)]
    receipt: Word
    note: Line = ""


class Destroy(Body):
    note: Told
    witness: Word


# -- the register


@router.get("/found")
@allow("registers", "records")
async def list_found(
    request: Request, state: Literal["open", "due", "closed", "all"] = "open", next: Next = None
) -> Response:
    """`open` and `due`: what is here, whenever it came; `closed` and `all`: of the days `from` to `to`."""
    rows = await _page(request, state, next)
    return reply(page([_timed(request, row) for row in rows]) | {"today": hall_of(request).store.reader().day})


@router.get("/found/{number}")
@allow("registers", "personal")
async def get_found(request: Request, number: int) -> Response:
    return await _answer(request, number)


@router.get("/found/{number}/identity")
@allow("registers", "personal")
async def identity(request: Request, number: int) -> Response:
    """Who claimed it, or may be the owner; the look is journaled. The document's number is not kept."""
    row = await look_at(request, number)
    return reply({name: getattr(row, name) for name in ("claimant", "id_masked", "phone", "owner")})


@router.get("/found/{number}/files/{file}")
@allow("registers", "personal")
async def get_file(request: Request, number: int, file: int) -> Response:
    """A picture; the signature is a look at who claimed it."""
    row = await hall_of(request).read(found.find, item=number)
    if file == row.signature:
        await look_at(request, number)
    return await files.answer(request, file, found.ref_of(row))


@router.post("/found", status_code=201)
@allow("registers")
async def register(request: Request, body: Register) -> Response:
    hall, who = hall_of(request), caller(request)
    values = body.model_dump(exclude={"request_id"}) | {"found_at": moment(body.found_at, "found_at",
                                                                           hall.rules.timezone)}  # fmt: skip
    command = once(
        found.register, caller=who.actor, route="/found", request_id=body.request_id, body=values,
        again=lambda tx, made: found.find(tx, int(made)),
    )  # fmt: skip
    row: FoundItem = await hall.do(command, who.actor, **values)
    return await _answer(request, row.id or 0, 201)


@router.post("/found/police")
@allow("registers")
async def hand_over(request: Request, body: HandOver) -> Response:
    rows = await hall_of(request).do(
        found.hand_over, caller(request).actor, items=body.items, receipt=body.receipt, words=body.note
    )
    return reply({"items": [{"id": row.id, "no": row.no, "state": row.state} for row in rows]})


@router.post("/found/{number}/contact")
@allow("registers")
async def contact(request: Request, number: int, body: Contact) -> Response:
    await hall_of(request).do(found.contact, caller(request).actor, item=number, words=body.note)
    return await _answer(request, number)


@router.post("/found/{number}/claim")
@allow("registers")
async def claim(request: Request, number: int, body: Claim) -> Response:
    wish = _masked(body)
    await hall_of(request).do(found.claim, caller(request).actor, item=number, words=wish.pop("note"), **wish)
    return await _answer(request, number)


@router.post("/found/{number}/mail")
@allow("registers")
async def send_home(request: Request, number: int, body: SendHome) -> Response:
    await hall_of(request).do(found.send_home, caller(request).actor, item=number, **_masked(body))
    return await _answer(request, number)


@router.post("/found/{number}/destroy")
@allow("registers")
async def destroy(request: Request, number: int, body: Destroy) -> Response:
    await hall_of(request).do(
        found.destroy, caller(request).actor, item=number, words=body.note, witness=body.witness
    )  # fmt: skip
    return await _answer(request, number)


@router.post("/found/{number}/print")
@allow("registers")
async def print_label(request: Request, number: int, body: Printer) -> Response:
    """The label that goes onto it, at a kiosk's printer."""
    return await print_at(request, found.print_label, body, item=number)


@router.get("/export/found.{kind}")
@allow("registers", "export")
async def export(request: Request, kind: str) -> Response:
    """The register of the days `from` to `to` (M7); claimants masked."""
    return await exported(
        request, "found", kind, found_looks.listing, columns=COLUMNS, head="f", cell=_cell, times=TIMES
    )


# -- parts


async def look_at(request: Request, number: int) -> FoundItem:
    """The row with its personal data, once the look is journaled."""
    hall = hall_of(request)
    row = await hall.read(found.find, item=number)
    await hall.do(looked, caller(request).actor, what="found identity", ref=found.ref_of(row))
    return row


async def _page(request: Request, state: str, after: int | None) -> list[Json]:
    hall = hall_of(request)
    if state in ("open", "due"):
        return await hall.read(found_looks.kept, due=state == "due", after=after)
    since, until = period(request, MOST_DAYS)
    return await hall.read(found_looks.page, since=since, until=until, closed=state == "closed", after=after)


async def _answer(request: Request, number: int, status: int = 200) -> Response:
    def look(db: Reads) -> Json:
        return found_looks.detail(db, item=number)

    shape = _timed(request, await hall_of(request).read(look))
    shape["steps"] = [_timed(request, step) for step in shape["steps"]]
    return reply(shape, status)


def _masked(body: ToOwner) -> Json:
    """K07: the document's number goes no further than here."""
    return body.model_dump(exclude={"id_number"}) | {"id_masked": masking.id_number(body.id_number.strip())}


def _timed(request: Request, row: Json) -> Json:
    return common.timed(hall_of(request), row, TIMES)


def _cell(row: Json, name: str, lang: str) -> str | int:
    if name == "state":
        return text(f"rg.st_{row['state']}", lang)
    if name == "finder":
        return text(f"rg.finder_{row['finder']}", lang) if row["finder"] else ""
    if name == "place":
        area = (row["zone_name_en"] if lang == EN else "") or row["zone_name"]
        return f"{area} {row['place']}".strip()
    value = row[name]
    if name in TIMES:
        return value[:16].replace("T", " ") if value else ""
    return value if isinstance(value, int) else str(value or "")
