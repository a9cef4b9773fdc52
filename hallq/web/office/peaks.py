"""Peaks over the API: plans, peak mode, the forecast, and what stops a service's numbers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq import forecasts
from hallq.kernel import Ms, Reads, Tx, iso
from hallq.office import peaks
from hallq.office.peak_model import PeakPlan
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.ticketing.tickets import caps
from hallq.web.bodies import Body, Code, Day, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.shapes import Json

Words = Annotated[str, Field(min_length=1, max_length=200)]
Note = Annotated[str, Field(max_length=400)]
Codes = Annotated[tuple[Code, ...], Field(max_length=60, strict=False)]
router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)


class FilePlan(Body):
    """Form M10."""

    cause: Words
    since_day: Day
    until_day: Day
    order: Words
    services: Codes = ()
    guiding: Note = ""
    advice: Note = ""
    staff: Note = ""
    diversion: Note = ""
    risks: Note = ""
    extended: Note = ""
    early: Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")] = ""
    request_id: RequestId = None


class StartPeak(Body):
    reason: Words
    until_day: Day | None = None
    order: Note = ""
    services: Codes = ()
    request_id: RequestId = None


class Why(Body):
    why: Words


class Stop(Body):
    reason: Words


class Cap(Body):
    day: Day
    cap: Annotated[int, Field(ge=0, le=99999)] | None = None


class TurnedAway(Body):
    why: Literal["full", "stopped", "diverted"]
    kiosk: Code | None = None
    request_id: RequestId = None


# -- the forecast


@router.get("/forecast")
@allow("view.office", "view.board", "department")
async def get_forecast(request: Request, day: Day | None = None) -> Response:
    """Today, or a day to come."""
    hall = hall_of(request)
    if day is not None and day < hall.picture.day:
        raise Problem(422, "invalid", field="day")
    seen = forecasts.shown(await request.app.state.forecasts.look(day))
    return reply(seen | {"turned_away": await hall.read(caps.turned_away, day=seen["day"])})


# -- what stops numbers


def own_service(request: Request, code: str) -> str:
    """A chief's hand reaches the department's own services."""
    service = hall_of(request).picture.services.get(code)
    if service is None:
        raise Problem(404, "not_found", what="service", id=code)
    who = caller(request)
    if not who.may("peak") and service.department != who.department:
        raise Problem(403, "forbidden")
    return code


@router.post("/services/{code}/stop")
@allow("peak", "department")
async def stop_numbers(request: Request, code: str, body: Stop) -> Response:
    service = own_service(request, code)
    stop = await hall_of(request).do(caps.stop, caller(request).actor, service=service, reason=body.reason)
    return reply({"service": service, "stopped": stop.reason})


@router.post("/services/{code}/resume")
@allow("peak", "department")
async def resume_numbers(request: Request, code: str) -> Response:
    service = own_service(request, code)
    await hall_of(request).do(caps.resume, caller(request).actor, service=service)
    return reply({"service": service, "stopped": None})


@router.post("/services/{code}/cap")
@allow("peak", "department")
async def set_cap(request: Request, code: str, body: Cap) -> Response:
    service = own_service(request, code)
    row = await hall_of(request).do(caps.set_cap, caller(request).actor, service=service, day=body.day, cap=body.cap)
    return reply({"service": service, "day": row.day, "cap": row.cap})


@router.post("/services/{code}/turned-away", status_code=201)
@allow("tickets.take")
async def turned_away(request: Request, code: str, body: TurnedAway) -> Response:
    """Somebody at a kiosk saw that there is no number, or took another way."""
    who = caller(request)
    kiosk = who.place if who.role == "kiosk" else body.kiosk
    wish = {"service": code, "why": body.why, "kiosk": kiosk}
    route, key = "/services/turned-away", body.request_id
    command = once(caps.turn_away, caller=who.actor, route=route, request_id=key, body=wish, again=_counted)
    row = await hall_of(request).do(command, who.actor, **wish)
    return reply({"id": row.id}, 201)


def _counted(tx: Tx, key: str) -> Any:
    return tx.get(caps.TurnedAway, int(key))


@router.get("/services/{code}/instead")
@allow("tickets.take", "verbs", "department", "records", "view.kiosk")
async def instead(request: Request, code: str) -> Response:
    """For who gets no number now."""
    return reply(await hall_of(request).read(caps.instead, code=code))


# -- plans and the mode


@router.get("/peaks")
@allow("view.office", "department")
async def get_plans(request: Request) -> Response:
    who, hall = caller(request), hall_of(request)
    found = await hall.read(_plans)
    mine = who.department if who.role == "chief" else None
    items = [_shape(request, plan, names) for plan, names in found if mine is None or plan.department in (None, mine)]
    return reply({"items": items, "next": None, "first_call": await hall.read(peaks.first_call, day=hall.picture.day)})


@router.post("/peaks", status_code=201)
@allow("forms", "peak")
async def file_plan(request: Request, body: FilePlan) -> Response:
    who = caller(request)
    wish = body.model_dump(exclude={"request_id"}) | {"department": who.department if who.role == "chief" else None}
    return await _made(request, peaks.file, "/peaks", body.request_id, wish)


@router.post("/peaks/{plan}/approve")
@allow("peak")
async def approve_plan(request: Request, plan: int) -> Response:
    return await _told(request, peaks.approve, plan=plan)


@router.post("/peaks/{plan}/refuse")
@allow("peak")
async def refuse_plan(request: Request, plan: int, body: Why) -> Response:
    return await _told(request, peaks.refuse, plan=plan, why=body.why)


@router.post("/peaks/{plan}/checked")
@allow("forms", "peak")
async def plan_checked(request: Request, plan: int) -> Response:
    who = caller(request)
    own = None if who.may("peak") else who.department or ""
    return await _told(request, peaks.checked, plan=plan, department=own)


@router.post("/peak/start", status_code=201)
@allow("peak")
async def start_peak(request: Request, body: StartPeak) -> Response:
    wish = body.model_dump(exclude={"request_id"})
    return await _made(request, peaks.start_now, "/peak/start", body.request_id, wish)


@router.post("/peak/end")
@allow("peak")
async def end_peak(request: Request, body: Why) -> Response:
    await hall_of(request).do(peaks.end, caller(request).actor, why=body.why)
    return reply({"peak": None})


def _plans(db: Reads) -> list[tuple[PeakPlan, Json]]:
    return [(plan, _more(db, plan)) for plan in peaks.plans(db)]


def _more(db: Reads, plan: PeakPlan) -> Json:
    began = plan.began_at is not None
    return {**peaks.names_of(db, plan), "report": peaks.report(db, plan) if began else None}


async def _made(request: Request, command: Any, route: str, key: str | None, wish: Json) -> Response:
    who = caller(request)
    made = once(command, caller=who.actor, route=route, request_id=key, body=wish, again=_again)
    return reply(_shape(request, await hall_of(request).do(made, who.actor, **wish), {}), 201)


async def _told(request: Request, command: Any, **wish: Any) -> Response:
    who: Identity = caller(request)
    return reply(_shape(request, await hall_of(request).do(command, who.actor, **wish), {}))


def _again(tx: Tx, plan: str) -> PeakPlan:
    row = tx.get(PeakPlan, int(plan))
    assert row is not None
    return row


def _shape(request: Request, plan: PeakPlan, more: Json) -> Json:
    zone = hall_of(request).rules.timezone

    def time(at: Ms | None) -> str | None:
        return iso(at, zone)

    texts = ("order", "guiding", "advice", "staff", "diversion", "risks", "extended", "early", "why")
    return {
        "id": plan.id,
        "state": plan.state,
        "department": plan.department,
        "cause": plan.cause,
        "since": time(plan.since),
        "until": time(plan.until),
        "services": peaks.services_of(plan),
        "filed_at": time(plan.filed_at),
        "decided_at": time(plan.decided_at),
        "checked_at": time(plan.checked_at),
        "began_at": time(plan.began_at),
        "ended_at": time(plan.ended_at),
        **{name: getattr(plan, name) for name in texts},
        **more,
    }
