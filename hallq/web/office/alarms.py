"""What the pages of posts read: alarms and their history, pauses, empty posts, sign-ins; and who acts on an alarm."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

import orjson
from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq.hall import Hall
from hallq.kernel import Ms, iso
from hallq.office import absences, alarms, guides
from hallq.people.identity import Identity
from hallq.texts import EN, ZH, text
from hallq.ticketing.model import Notice
from hallq.web import bodies
from hallq.web.common import hall_of, period, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
Words = Annotated[str, Field(min_length=1, max_length=200)]
NOTHING = bodies.Empty()
TIMES = ("since", "until", "ended_at", "first", "last")


class Why(bodies.Body):
    why: Words


@router.post("/notices/{number}/take")
@allow("posts", "notices", "department")
async def take(request: Request, number: int, body: bodies.Empty = NOTHING) -> Response:
    hall, who = hall_of(request), caller(request)
    _concerns(hall, who, number)
    if who.id is None or who.kind != "person":
        raise Problem(403, "forbidden")
    await hall.do(guides.take, who.actor, notice=number, person=who.id)
    return reply({"seq": hall.seq})


@router.post("/notices/{number}/clear")
@allow("posts", "notices", "department")
async def clear(request: Request, number: int, body: Why) -> Response:
    hall, who = hall_of(request), caller(request)
    _concerns(hall, who, number)
    await hall.do(alarms.clear, who.actor, notice=number, why=body.why)
    return reply({"seq": hall.seq})


@router.get("/alarms")
@allow("records", "posts", "department")
async def list_alarms(request: Request) -> Response:
    """The alarms of a day (`day`, else today), also those that are over and why."""
    hall, who = hall_of(request), caller(request)
    since, until = day_of(request)
    rows = await hall.read(absences.alarms, since=since, until=until)
    items = [_alarm(hall, *row) for row in rows if of_department(hall, who, row[0].window)]
    return reply({"items": items, "next": None})


def _alarm(hall: Hall, row: Notice, owner: str, cleared_by: str) -> Json:
    return worded(row) | {
        "id": str(row.id), "key": row.key, "rank": row.rank, "level": row.level, "window": row.window, "zone": row.zone,
        "owner": owner or None, "open": row.done_at is None, "done_by": cleared_by or None,
        "why": _why(row, ZH), "why_en": _why(row, EN),
        **times(hall, at=row.at, owned_at=row.owned_at, done_at=row.done_at),
    }  # fmt: skip


def _why(row: Notice, lang: str) -> str | None:
    """The hub's own reason is a text's key, a person's are their words."""
    try:
        return text(row.why or "", lang)
    except KeyError:
        return row.why


def worded(row: Notice) -> Json:
    facts = orjson.loads(row.detail) if row.detail else {}
    if not row.words:
        return {"text": row.text, "text_en": row.text_en}
    return {"text": text(row.words, ZH, **facts), "text_en": text(row.words, EN, **facts)}


@router.get("/posts/away")
@allow("records", "posts", "department")
async def list_away(request: Request) -> Response:
    hall, who = hall_of(request), caller(request)
    since, until = _days(request)
    rows = await hall.read(absences.away, since=since, until=until)
    rows = [row for row in rows if _same_place(who, row)]
    leaves = [] if who.role == "chief" else await hall.read(absences.leaves, since=since, until=until)
    return reply({
        "items": [timed(hall, row) for row in rows], "totals": absences.totals(rows),
        "guides": [timed(hall, row) for row in leaves], "next": None,
    })  # fmt: skip


@router.get("/posts/empty")
@allow("records", "posts", "department")
async def list_empty(request: Request) -> Response:
    hall, who = hall_of(request), caller(request)
    since, until = _days(request)
    rows = await hall.read(absences.empty, since=since, until=until)
    return reply({"items": [row for row in rows if _same_place(who, row)], "next": None})


@router.get("/posts/attendance")
@allow("records", "posts", "department")
async def list_attendance(request: Request) -> Response:
    hall, who = hall_of(request), caller(request)
    since, until = _days(request)
    rows = await hall.read(absences.attendance, since=since, until=until)
    return reply({"items": [timed(hall, row) for row in rows if _same_place(who, row)], "next": None})


# -- parts


def _same_place(who: Identity, row: Json) -> bool:
    return who.role != "chief" or row["department"] == who.department


def of_department(hall: Hall, who: Identity, no: str | None) -> bool:
    """A chief acts in the own department alone."""
    if who.role != "chief":
        return True
    window = hall.picture.windows.get(no or "")
    return window is not None and window.department == who.department


def day_of(request: Request) -> tuple[Ms, Ms]:
    hall = hall_of(request)
    try:
        day = date.fromisoformat(request.query_params.get("day", hall.store.reader().day))
    except ValueError:
        raise Problem(422, "invalid", field="day", reason="2026-01-31") from None
    midnight = datetime(day.year, day.month, day.day, tzinfo=hall.rules.timezone)
    return int(midnight.timestamp() * 1000), int((midnight + timedelta(days=1)).timestamp() * 1000)


def times(hall: Hall, **times: Ms | None) -> Json:
    return {name: iso(at, hall.rules.timezone) for name, at in times.items()}


def _concerns(hall: Hall, who: Identity, number: int) -> None:
    notice = hall.picture.notices.get(str(number))
    if notice is not None and not of_department(hall, who, notice.window):
        raise Problem(403, "forbidden")


def _days(request: Request) -> tuple[str, str]:
    """`from` and `to`; today when left out."""
    if "from" in request.query_params or "to" in request.query_params:
        return period(request)
    today = hall_of(request).store.reader().day
    return today, today


def timed(hall: Hall, row: Json) -> Json:
    proofs = [proof | times(hall, at=proof["at"]) for proof in row.get("proofs", ())]
    worded = row | times(hall, **{name: row[name] for name in TIMES if name in row})
    return worded | {"proofs": proofs} if proofs else worded
