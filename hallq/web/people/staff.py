"""The people who work here, as the office keeps them: postings, trainings, the picture on the pad, the chief
representative, and who may stand in.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq import files
from hallq.kernel import Reads, Refused, iso, must_exist
from hallq.office import leaves, stand_ins
from hallq.office.day_model import Leave, Training
from hallq.people import posting_rules, standing
from hallq.people.identity import Identity
from hallq.people.looked import looked
from hallq.requests import once
from hallq.ticketing.model import Person, Window
from hallq.web import files as web_files
from hallq.web.bodies import Body, Day, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.form_bodies import Given
from hallq.web.shapes import Json, photo_path

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
STANDING = (
    "id", "name", "title", "staff_no", "role", "window", "department", "from_day", "until_day", "leaving",
    "trained_until",
)  # fmt: skip


class AddTraining(Body):
    what: Given
    day: Day
    until: Day | None = None
    proofs: Annotated[list[int], Field(max_length=8, default_factory=list)]
    request_id: RequestId = None


class Photo(Body):
    file: int | None


class Chief(Body):
    hand_over: bool = False


# -- one person's page


@router.get("/staff/{number}/standing")
@allow("records", "people", "department", "record.own")
async def get_standing(request: Request, number: int) -> Response:
    """Postings, trainings, leave of the year, who stands in: what the office keeps of one person."""
    hall, who = hall_of(request), caller(request)
    shape = await hall.read(_standing, number=number, who=who)
    if keeps(who) and who.id != number:
        await hall.do(looked, who.actor, what="leave", ref=f"person/{number}")
    for row in shape["leaves"]:
        row["told_at"] = iso(row["told_at"], hall.rules.timezone)
    return reply(shape)


def _standing(db: Reads, *, number: int, who: Identity) -> Json:
    person = must_exist(db.get(Person, number), "staff", number)
    if not (sees(who, person) or who.id == number):
        raise Problem(403, "forbidden")
    chiefs = [] if person.department is None else standing.chiefs(db, person.department)
    year = f"{db.day[:4]}-01-01"
    mine = [row for row in leaves.standing(db, year, f"{int(db.day[:4]) + 1}-12-31") if row.person == number]
    return {
        **{name: getattr(person, name) for name in STANDING},
        "active": bool(person.active), "photo": photo_path(number, person.photo),
        "chief": next(({"id": row.id, "name": row.name} for row in chiefs), None),
        "postings": [_posting(row) for row in db.find(posting_rules.OF_PERSON, person=number)],
        "trainings": [_training(db, row) for row in db.find(stand_ins.TRAINED, person=number)],
        "leaves": [_leave(row, shows=keeps(who) or who.id == number) for row in mine],
    }  # fmt: skip


def _posting(row: Any) -> Json:
    names = ("id", "kind", "state", "since", "until", "window", "reason", "approved_by")
    return {name: getattr(row, name) for name in names}


def _training(db: Reads, row: Training) -> Json:
    names = ("id", "what", "day", "until", "by", "posting")
    return {name: getattr(row, name) for name in names} | {"files": files.of(db, f"training/{row.id}")}


def _leave(row: Leave, *, shows: bool) -> Json:
    names = ("id", "since", "since_half", "until", "until_half", "late", "approved_by", "told_at")
    own = {"kind": row.kind, "reason": row.reason} if shows else {}
    return {name: getattr(row, name) for name in names} | own


@router.post("/people/{number}/trainings", status_code=201)
@allow("people")
async def add_training(request: Request, number: int, body: AddTraining) -> Response:
    hall, who = hall_of(request), caller(request)
    wish = body.model_dump(exclude={"request_id"})
    command = once(
        standing.add_training, caller=who.actor, route=f"/people/{number}/trainings", request_id=body.request_id,
        body=wish, again=lambda tx, made: tx.get(Training, int(made)),
    )  # fmt: skip
    row = await hall.do(command, who.actor, person=number, by=who.name, **wish)
    return reply({"id": row.id if row else None}, 201)


@router.get("/trainings/{number}/files/{file}")
@allow("people", "personal", "department")
async def training_file(request: Request, number: int, file: int) -> Response:
    hall, who = hall_of(request), caller(request)
    row = await hall.read(lambda db: db.get(Training, number))
    if row is None:
        raise Refused("not_found", what="training", id=number)
    await hall.read(must_look_after, person=row.person, who=who)
    await hall.do(looked, who.actor, what="training file", ref=f"training/{number}")
    return await web_files.answer(request, file, f"training/{number}")


@router.post("/people/{number}/photo")
@allow("people")
async def set_photo(request: Request, number: int, body: Photo) -> Response:
    hall = hall_of(request)
    row = await hall.do(standing.set_photo, caller(request).actor, person=number, file=body.file)
    return reply({"photo": photo_path(number, row.photo), "seq": hall.seq})


@router.get("/people/{number}/photo")
@allow("view.pad-citizen", "people", "records", "department", "record.own", "public")
async def get_photo(request: Request, number: int) -> Response:
    """D07: of who is on duty it is public, as it stands on the pad; of others for those who look after them."""
    hall, who = hall_of(request), caller(request)
    person = await hall.read(lambda db: db.get(Person, number))
    on_duty = any(view.clerk is not None and view.clerk.id == number for view in hall.picture.windows.values())
    if not on_duty and who.kind == "anonymous":
        raise Problem(401, "unauthorized")
    may = person is not None and (on_duty or who.id == number or sees(who, person))
    if person is None or not may or not (person.photo or "").isdecimal():
        raise Refused("not_found", what="photo", id=number)
    answer = await web_files.answer(request, int(person.photo or 0), f"person/{number}")
    answer.headers["Cache-Control"] = "private, max-age=86400"  # another picture has another address
    return answer


@router.post("/people/{number}/chief")
@allow("people")
async def name_chief(request: Request, number: int, body: Chief) -> Response:
    hall = hall_of(request)
    await hall.do(standing.name_chief, caller(request).actor, person=number, hand_over=body.hand_over)
    return reply({"seq": hall.seq})


# -- standing in


@router.get("/stand-ins")
@allow("posts", "department", "records")
async def list_stand_ins(request: Request, window: str) -> Response:
    """Who could serve at this window, the qualified and free first, and what the others lack."""
    hall = hall_of(request)

    def look(db: Reads) -> list[Json]:
        row = must_exist(db.get(Window, window), "window", window)
        return [stand_ins.figures(one) for one in stand_ins.propose(db, row)]

    return reply({"items": await hall.read(look), "next": None})


# -- parts


def sees(who: Identity, person: Person) -> bool:
    """The office and who reads all; a chief representative the own department."""
    return who.may("records") or who.may("people") or (who.role == "chief" and person.department == who.department)


def keeps(who: Identity) -> bool:
    return who.may("personal") or who.role == "chief"


def must_look_after(db: Reads, *, person: int, who: Identity) -> None:
    row = must_exist(db.get(Person, person), "person", person)
    if who.role == "chief" and row.department != who.department:
        raise Problem(403, "forbidden", department=row.department)


