"""Patrols over HTTP: what a round begins with, its items, the month's calendar, the summary of a period."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq import exports
from hallq.assessment.patrols import commands, due, looks, prefill, rules
from hallq.assessment.patrols.model import Patrol, PatrolCheck
from hallq.assessment.standards.commands import current
from hallq.hall import Hall
from hallq.kernel import Reads, Refused
from hallq.texts import ZH, text
from hallq.ticketing import lookups
from hallq.web import bodies
from hallq.web.assessment.findings import Area, Count, Source, Words, finding_json, once_for
from hallq.web.common import hall_of, period, reply
from hallq.web.downloads import attached
from hallq.web.errors import language
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.alarms import times
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
MONTH = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
CSV = (
    "id", "day", "source", "department", "window", "area", "name", "group_name", "what", "severity", "clause", "note",
    "nth", "state", "due_day", "fixed_day",
)  # fmt: skip


class Start(bodies.Body):
    kind: Source
    areas: Annotated[list[Area], Field(min_length=1, max_length=60)]
    people: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=30)] = Field(default_factory=list)
    note: Words = ""
    request_id: bodies.RequestId = None


class Check(bodies.Body):
    area: Area
    item: bodies.Code
    result: Literal["ok", "problem"] = "ok"
    num: Count = None
    den: Count = None
    request_id: bodies.RequestId = None


class End(bodies.Body):
    note: Words = ""
    request_id: bodies.RequestId = None


NO_NOTE = End()


# -- what a patrol begins with


@router.get("/patrols/checklist")
@allow("patrol", "findings", "records")
async def checklist(request: Request) -> Response:
    """F05: the standard in force, and the hall's areas with their windows."""
    known, areas, people = await hall_of(request).read(
        lambda db: (current(db, commands.CHECKLIST), _areas(db), due.joint_people(db))
    )
    return reply({"version": known.version, "content": known.content, "areas": areas, "chiefs": people})


def _areas(db: Reads) -> list[Json]:
    floors = {zone.code: zone.floor for zone in db.find(lookups.ZONES)}
    windows = db.find(lookups.WINDOWS)
    return [
        {"area": f"{floor}/{kind}", "floor": floor, "kind": kind,
         "windows": [row.no for row in windows if floors.get(row.zone) == floor] if kind == "front" else []}
        for floor in sorted(set(floors.values())) or [1]
        for kind in rules.AREAS
    ]  # fmt: skip


@router.get("/patrols/facts")
@allow("patrol", "records")
async def facts(request: Request) -> Response:
    """What the system knows of today, which windows to look at first (F20), and what the camera can show (F04)."""
    hall = hall_of(request)
    devices = [
        (_named(device), device["place"].get("window"), device["state"] == "up" and not device["mark"])
        for device in hall.extras("device")
    ]  # fmt: skip
    known, order, moments = await hall.read(
        lambda db: (prefill.facts(db, devices=devices), prefill.order(db), prefill.moments(db, day=db.day))
    )
    return reply({
        "facts": {key: fact._asdict() | {"ok": fact.ok, "places": [place._asdict() for place in fact.places]}
                  for key, fact in known.items()},
        "order": [risk._asdict() for risk in order],
        "moments": [row | times(hall, since=row["since"], ended_at=row["ended_at"]) for row in moments],
    })  # fmt: skip


def _named(device: Json) -> str:
    """B27: of a marked one also what is broken."""
    return f"{device['id']}（{text('cm.mark', ZH)}：{device['mark']['note']}）" if device["mark"] else str(device["id"])


@router.get("/patrols/month")
@allow("patrol", "records")
async def month(request: Request, month: MONTH | None = None) -> Response:
    """F01-F03: the calendar of a month, this one if none is named."""
    return reply(await hall_of(request).read(lambda db: due.days(db, month or db.day[:7])))


# -- the summary


@router.get("/patrols/summary")
@allow("records")
async def summary(request: Request) -> Response:
    """F08."""
    hall, who, (since, until) = hall_of(request), caller(request), period(request)
    row = await hall.read(looks.summary, since=since, until=until)
    shown = {name: [finding_json(hall, who, each) for each in row[name]] for name in ("items", "praise")}
    return reply(row | shown)


@router.get("/export/findings.csv")
@allow("export")
async def export(request: Request) -> Response:
    hall, lang, (since, until) = hall_of(request), language(request), period(request)
    rows = await hall.read(looks.findings, since=since, until=until)
    head = [text(f"pl.c_{name}", lang) for name in CSV]
    content = exports.sheet(head, ([_cell(row, name, lang) for name in CSV] for row in reversed(rows)))
    return attached(content, name=f"findings-{since}-{until}.csv", media=exports.CSV)


def _cell(row: Json, name: str, lang: str) -> str | int:
    value = row[name] if lang == "zh-CN" else row.get(f"{name}_en", row[name])
    if name == "what" and row["kind"] == rules.PRAISE:
        return text("pl.praise", lang)
    worded = {"source": "k_", "severity": "sev_", "state": "st_"}
    if name in worded and value:
        return text(f"pl.{worded[name]}{value}", lang)
    return value if isinstance(value, int) else str(value or "")


# -- the round itself


@router.get("/patrols")
@allow("patrol", "records")
async def list_patrols(request: Request) -> Response:
    hall, (since, until) = hall_of(request), period(request)
    rows = await hall.read(looks.patrols, since=since, until=until)
    return reply({"items": [_patrol_json(hall, row) for row in rows], "next": None})


@router.get("/patrols/{number}")
@allow("patrol", "records")
async def get_patrol(request: Request, number: int) -> Response:
    hall = hall_of(request)
    row = await hall.read(looks.patrol, number=number)
    if row is None:
        raise Refused("not_found", what="patrol", id=number)
    checks = [check | times(hall, at=check["at"]) for check in row["checks"]]
    items = [finding_json(hall, caller(request), each) for each in row["items"]]
    return reply(_patrol_json(hall, row) | {"checks": checks, "items": items})


@router.post("/patrols", status_code=201)
@allow("patrol")
async def start(request: Request, body: Start) -> Response:
    row = await once_for(request, commands.start, body, "/patrols", Patrol, **body.model_dump(exclude={"request_id"}))
    return reply({"id": row.id, "day": row.day, "kind": row.kind, "version": row.version}, 201)


@router.post("/patrols/{number}/checks", status_code=201)
@allow("patrol")
async def check(request: Request, number: int, body: Check) -> Response:
    wish = body.model_dump(exclude={"request_id"}) | {"patrol": number}
    row = await once_for(request, commands.check, body, "/patrols/checks", PatrolCheck, **wish)
    return reply({"id": row.id, "area": row.area, "item": row.item, "result": row.result}, 201)


@router.post("/patrols/{number}/end")
@allow("patrol")
async def end(request: Request, number: int, body: End = NO_NOTE) -> Response:
    wish = {"patrol": number, "note": body.note}
    row = await once_for(request, commands.end, body, "/patrols/end", Patrol, **wish)
    return reply({"id": row.id, "day": row.day} | times(hall_of(request), ended_at=row.ended_at))


# -- parts


def _patrol_json(hall: Hall, row: Json) -> Json:
    return row | times(hall, started_at=row["started_at"], ended_at=row["ended_at"])
