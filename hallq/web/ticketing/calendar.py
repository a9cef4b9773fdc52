"""The year as the hall works it: every day with its kind, and what the office sets."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from hallq.kernel import Reads
from hallq.ticketing.lookups import name_of_actor
from hallq.ticketing.model import CalendarYear
from hallq.ticketing.opening import calendar, calendar_edits
from hallq.web.bodies import Body, Empty, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.guard import GuardedRoute, allow, caller

router = APIRouter(prefix="/api/v1/calendar", route_class=GuardedRoute)
Name = Annotated[str, Field(max_length=40)]
Year = Annotated[int, Query(ge=2004, le=2100)]


class SetDay(Body):
    day: Annotated[str, Field(min_length=10, max_length=10)]
    working: bool
    name: Name = ""
    name_en: Name = ""
    request_id: RequestId = None  # a day is set as a whole: a repeat changes nothing


class ConfirmYear(Body):
    year: Annotated[int, Field(ge=2004, le=2100)]
    request_id: RequestId = None


@router.get("")
@allow("calendar", "records", "department")
async def get_year(request: Request, year: Year | None = None) -> Response:
    hall = hall_of(request)
    return reply(await hall.read(_year, year=year or int(hall.picture.day[:4])))


@router.post("/days")
@allow("calendar")
async def set_day(request: Request, body: SetDay) -> Response:
    wish = body.model_dump(exclude={"request_id"})
    await hall_of(request).do(calendar_edits.set_day, caller(request).actor, **wish)
    return await _answer(request, body.day)


@router.post("/days/{day}/clear")
@allow("calendar")
async def clear_day(request: Request, day: str, body: Empty | None = None) -> Response:
    await hall_of(request).do(calendar_edits.clear_day, caller(request).actor, day=day)
    return await _answer(request, day)


@router.post("/years")
@allow("calendar")
async def confirm_year(request: Request, body: ConfirmYear) -> Response:
    await hall_of(request).do(calendar_edits.confirm_year, caller(request).actor, year=body.year)
    return reply(await hall_of(request).read(_year, year=body.year))


async def _answer(request: Request, day: str) -> Response:
    year = await hall_of(request).read(_year, year=int(day[:4]))
    return reply(next(one for one in year["days"] if one["day"] == day))


def _year(db: Reads, *, year: int) -> dict[str, Any]:
    days = list(calendar.year(db, year))
    row = db.get(CalendarYear, year)
    return {
        "year": year,
        "announced": calendar.known(year),
        "confirmed": calendar_edits.confirmed(db, year),
        "confirmed_by": name_of_actor(db, row.by) or row.by if row is not None else None,
        "observes": calendar.hall_observes(db),
        "working": sum(day.working for day in days),
        "days": [
            {"day": day.day.isoformat(), "kind": day.kind, "working": day.working, "name": day.name,
             "name_en": day.name_en, "own": day.overridden}
            for day in days
        ],
    }  # fmt: skip
