"""Leave (J03), and the facts of the day: a day that is over as it was kept, today as it is now."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from hallq.hall import Hall
from hallq.kernel import Reads, Refused, iso
from hallq.office import day_book, day_facts, leaves
from hallq.office.day_model import DayFacts, Leave
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.ticketing.model import Person
from hallq.web.bodies import Body, Day, RequestId
from hallq.web.common import codes, hall_of, period, reply
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.form_bodies import Given, Line
from hallq.web.people.staff import keeps, must_look_after, sees
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
Half = Literal["am", "pm"]
FACTS = tuple(name for name in DayFacts.model_fields if name not in ("id", "sign_in", "sign_out", "marks", "windows"))


class AskLeave(Body):
    person: int
    kind: Literal["annual", "sick", "personal", "marriage", "maternity", "bereavement", "trip", "training", "other"]
    since: Day
    since_half: Half = "am"
    until: Day
    until_half: Half = "pm"
    reason: Line = ""
    stand_in: int | None = None
    request_id: RequestId = None


class Correct(Body):
    person: int
    day: Day
    mark: Literal["late", "early", "missing_in", "missing_out", "off_post", "idle"]
    reason: Given


# -- leave


@router.get("/leaves")
@allow("records", "people", "department")
async def list_leaves(request: Request) -> Response:
    """`from`, `to`: days; left out the month so far. The reason is for the office and the own chief representative."""
    hall, who = hall_of(request), caller(request)
    since, until = period(request)
    rows = await hall.read(_leaves, since=since, until=max(until, since), who=who)
    items = [_leave_json(hall, row, who) | {"name": person.name, "window": person.window} for row, person in rows]
    return reply({"items": items, "next": None})


@router.post("/leaves", status_code=201)
@allow("people", "department")
async def record_leave(request: Request, body: AskLeave) -> Response:
    hall, who = hall_of(request), caller(request)
    await hall.read(must_look_after, person=body.person, who=who)
    wish = body.model_dump(exclude={"request_id"})
    command = once(
        day_book.record_leave, caller=who.actor, route="/leaves", request_id=body.request_id, body=wish,
        again=lambda tx, number: tx.get(Leave, int(number)),
    )  # fmt: skip
    row = await hall.do(command, who.actor, **wish, by=who.name)
    assert row is not None
    return reply(_leave_json(hall, row, who), 201)


@router.post("/leaves/{number}/cancel")
@allow("people", "department")
async def cancel_leave(request: Request, number: int) -> Response:
    hall, who = hall_of(request), caller(request)
    row = await hall.read(lambda db: db.get(Leave, number))
    if row is None:
        raise Refused("not_found", what="leave", id=number)
    await hall.read(must_look_after, person=row.person, who=who)
    await hall.do(day_book.cancel_leave, who.actor, leave=number, by=who.name)
    return reply({"seq": hall.seq})


def _leaves(db: Reads, *, since: str, until: str, who: Identity) -> list[tuple[Leave, Person]]:
    found = [(row, db.get(Person, row.person)) for row in leaves.standing(db, since, until)]
    return [(row, person) for row, person in found if person is not None and sees(who, person)]


def _leave_json(hall: Hall, row: Leave, who: Identity) -> Json:
    """What kind of leave it is, and why, is personal."""
    names = ("id", "person", "since", "since_half", "until", "until_half", "late", "approved_by", "stand_in")
    told = iso(row.told_at, hall.rules.timezone)
    shape = {each: getattr(row, each) for each in names} | {"told_at": told}
    return shape | ({"kind": row.kind, "reason": row.reason} if keeps(who) else {})


# -- the facts of the day


@router.get("/day-facts")
@allow("records", "department")
async def list_day_facts(request: Request, day: Annotated[Day | None, Query()] = None) -> Response:
    """A day that is over as it was kept; today as it is now."""
    hall, who = hall_of(request), caller(request)
    rows, on = await hall.read(_facts, day=day, who=who)
    return reply({"day": on, "items": [_facts_json(hall, *row) for row in rows], "next": None})


@router.post("/day-facts/corrections", status_code=201)
@allow("people")
async def correct(request: Request, body: Correct) -> Response:
    """The office's word that a mark does not count: beside the facts, never over them."""
    hall, who = hall_of(request), caller(request)
    await hall.do(day_book.correct, who.actor, **body.model_dump(), by=who.name)
    return reply({"seq": hall.seq}, 201)


def _facts(db: Reads, *, day: str | None, who: Identity) -> tuple[list[tuple[Any, Person, Json]], str]:
    on = day or db.day
    kept = db.find(day_facts.ON, day=on) or day_facts.compute_day(db, on)
    found = []
    for facts in kept:
        person = db.get(Person, facts.person)
        if person is not None and sees(who, person):
            said = day_facts.corrected(db, facts.person, on, on)
            words = {mark: {"reason": row.reason, "by": row.by} for (_, mark), row in said.items()}
            found.append((facts, person, words))
    return found, on


def _facts_json(hall: Hall, facts: Any, person: Person, corrected: Json) -> Json:
    zone = hall.rules.timezone
    times = {name: iso(getattr(facts, name), zone) for name in ("sign_in", "sign_out")}
    return {
        **{name: getattr(facts, name) for name in FACTS}, **times, "name": person.name, "home": person.window,
        "windows": codes(facts.windows), "marks": codes(facts.marks), "corrected": corrected,
    }  # fmt: skip
