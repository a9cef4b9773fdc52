"""Bad ratings and complaints over the API: the ledger, one case, its steps, who complained, and files of it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq import exports
from hallq.assessment.cases import commands, looks, registry, rules
from hallq.assessment.cases.model import Case, CasePlan
from hallq.assessment.cases.progress import find
from hallq.hall import Hall
from hallq.kernel import Reads, Refused, Tx, iso
from hallq.limits import Limit
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.ticketing.model import Kiosk
from hallq.web import files
from hallq.web.assessment import case_bodies as bodies
from hallq.web.assessment import case_export
from hallq.web.bodies import Empty
from hallq.web.common import hall_of, period, reply
from hallq.web.downloads import attached
from hallq.web.errors import Problem, language
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
NOTHING = Empty()
MOST_DAYS = 400
TIMES = ("at", "closed_at", "heard_at", "blanked_at", "made_at", "struck_at", "until")
KIOSK = frozenset({"topic", "window", "contact", "come", "request_id"})
GUIDE = KIOSK | {"matter", "zone", "number", "name", "urgent", "kind"}
FILTERS = ("kind", "channel", "state", "window")
READERS = ("cases", "findings", "records")


# -- the ledger


@router.get("/cases")
@allow(*READERS)
async def list_cases(request: Request) -> Response:
    """`from`, `to`; `kind`, `channel`, `state`, `window`, `department`, `overdue=1`; `open=1`: all that are open."""
    return reply({"items": [timed(hall_of(request), row) for row in await listed(request)], "next": None})


@router.get("/cases/figures")
@allow(*READERS)
async def figures(request: Request) -> Response:
    """How many, and the rates with what each is a share of; D26: days since the last case of each window."""
    hall, who = hall_of(request), caller(request)
    since, until = period(request, MOST_DAYS)
    department = _department(request, who)
    found = await hall.read(looks.counts, since=since, until=until, department=department)
    quiet = await hall.read(looks.quiet_days)
    return reply(found | {"quiet": [row for row in quiet if department in (None, row["department"])]})


@router.get("/export/cases.{kind}")
@allow(*READERS)
async def export(request: Request, kind: str) -> Response:
    if kind not in ("csv", "xlsx"):
        raise Problem(404, "not_found", what="export", id=kind)
    hall, lang = hall_of(request), language(request)
    names = await hall.read(case_export.names, lang=lang)
    content = case_export.ledger(await listed(request), names, kind, lang, hall.rules.timezone)
    since, until = period(request, MOST_DAYS)
    return attached(content, name=f"cases-{since}-{until}.{kind}", media=exports.MEDIA[kind])


async def listed(request: Request) -> list[Json]:
    who, query = caller(request), request.query_params
    since, until = period(request, MOST_DAYS)
    return await hall_of(request).read(
        looks.listing, since=since, until=until, department=_department(request, who),
        overdue=query.get("overdue") == "1", open_only=query.get("open") == "1",
        **{name: query.get(name) for name in FILTERS},
    )  # fmt: skip


# -- one case


@router.get("/cases/own")
@allow("record.own")
async def own(request: Request) -> Response:
    """The cases about oneself that the office has opened to one: without who complained."""
    hall, who = hall_of(request), caller(request)
    rows = await hall.read(looks.own, person=who.id or 0)
    return reply({"items": [timed(hall, row) for row in rows], "next": None})


@router.get("/cases/{number}")
@allow(*READERS)
async def get_case(request: Request, number: int) -> Response:
    return await answer(request, number)


@router.get("/cases/{number}/identity")
@allow("cases", "findings", "personal")
async def identity(request: Request, number: int) -> Response:
    """E15: who complained, to the people of the case; the look is recorded before the answer."""
    row = await look_at(request, number)
    shown = {name: getattr(row, name) for name in ("name", "contact", "demand")}
    return reply(shown | {"secret": bool(row.secret)})


@router.get("/cases/{number}/files/{file}")
@allow(*READERS)
async def get_file(request: Request, number: int, file: int) -> Response:
    await hall_of(request).read(mine, number=number, who=caller(request))
    if caller(request).role == "leader":  # a scan may say who complained
        raise Problem(403, "forbidden")
    return await files.answer(request, file, f"case/{number}")


# -- registering


@router.post("/cases", status_code=201)
@allow("cases", "complain")
async def register(request: Request, body: bodies.Register) -> Response:
    """A kiosk and a guide only register; the office, whatever channel it came by (E01-E03, E22)."""
    hall, who = hall_of(request), caller(request)
    values = body.model_dump(exclude={"request_id"}) | await _only(request, who, body)
    values["by_name"] = who.name if who.kind == "person" else ""
    command = once(
        registry.register, caller=who.actor, route="cases", request_id=body.request_id, body=values, again=_again
    )
    row = await hall.do(command, who.actor, **values)
    return reply({"id": row.id, "no": row.no, "due_day": row.due_day}, 201)


async def _only(request: Request, who: Identity, body: bodies.Register) -> Json:
    """What a kiosk and a guide may say, and what follows from their place."""
    if who.may("cases"):
        return {}
    extra = body.model_fields_set - (KIOSK if who.role == "kiosk" else GUIDE)
    if extra:
        raise Refused("invalid", field=min(extra))
    if who.role == "guide":
        return {"channel": "guide"}
    limit: Limit = request.app.state.complaint_limit
    limit.check(who.place)
    limit.count(who.place)
    kiosk = await hall_of(request).read(lambda db: db.get(Kiosk, who.place))
    return {"channel": "kiosk", "kiosk": who.place, "zone": kiosk.zone if kiosk else None,
            "kind": "suggestion" if body.topic == "idea" else "ordinary"}  # fmt: skip


def _again(tx: Tx, number: str) -> Case:
    return find(tx, int(number))


# -- working it off


@router.post("/cases/{number}/assign")
@allow("cases")
async def assign(request: Request, number: int, body: bodies.Assign) -> Response:
    who, values = caller(request), body.model_dump(exclude={"owners"})
    owners = None if body.owners is None else {owner.department: owner.person for owner in body.owners}
    await hall_of(request).do(commands.assign, who.actor, case=number, name=who.name, owners=owners, **values)
    return await answer(request, number)


@router.post("/cases/{number}/identity")
@allow("cases")
async def identify(request: Request, number: int, body: bodies.Identify) -> Response:
    who = caller(request)
    await hall_of(request).do(commands.identify, who.actor, case=number, by_name=who.name, **body.model_dump())
    return await answer(request, number)


@router.post("/cases/{number}/hear")
@allow("cases")
async def hear(request: Request, number: int, body: Empty = NOTHING) -> Response:
    who = caller(request)
    await hall_of(request).do(commands.hear, who.actor, case=number, name=who.name)
    return await answer(request, number)


@router.post("/cases/{number}/explain")
@allow("cases", "findings", "appeal")
async def explain(request: Request, number: int, body: bodies.Note) -> Response:
    """举证解释: by the person it is about once heard, or entered for them."""
    hall, who = hall_of(request), caller(request)
    if who.may("findings") or who.may("cases"):
        await _add(request, number, "explain", body)
        return await answer(request, number)
    row = await hall.read(lambda db: db.get(Case, number))
    if row is None or row.person != who.id or row.heard_at is None:
        raise Problem(403, "forbidden")
    await hall.do(commands.add, who.actor, case=number, step="explain", name=who.name, note=body.note, files=body.files)
    return reply({"id": number})


@router.post("/cases/{number}/note")
@allow("cases", "findings")
async def note(request: Request, number: int, body: bodies.Note) -> Response:
    await _add(request, number, "note", body)
    return await answer(request, number)


@router.post("/cases/{number}/plans", status_code=201)
@allow("cases", "findings")
async def plan(request: Request, number: int, body: bodies.Plan) -> Response:
    hall, who, values = hall_of(request), caller(request), body.model_dump(exclude={"request_id"})
    await hall.read(mine, number=number, who=who)
    command = once(
        commands.plan, caller=who.actor, route=f"cases/{number}/plans", request_id=body.request_id, body=values,
        again=lambda tx, made: tx.get(CasePlan, int(made)),
    )  # fmt: skip
    await hall.do(command, who.actor, case=number, name=who.name, **values)
    return await answer(request, number, 201)


@router.post("/cases/{number}/plans/{plan}")
@allow("cases", "findings")
async def move_plan(request: Request, number: int, plan: int, body: bodies.MovePlan) -> Response:
    """Progress; with a result it is struck off (整改销号), by the office alone."""
    hall, who = hall_of(request), caller(request)
    await hall.read(mine, number=number, who=who)
    if body.result and not who.may("cases"):
        raise Problem(403, "forbidden")
    await hall.do(commands.move_plan, who.actor, case=number, plan=plan, name=who.name, **body.model_dump())
    return await answer(request, number)


@router.post("/cases/{number}/{step}")
@allow("cases", "findings")
async def take_step(request: Request, number: int, step: str, body: bodies.Step) -> Response:
    """The next step; a department's chief representative takes the department's own."""
    hall, who = hall_of(request), caller(request)
    if step not in rules.STEPS:
        raise Problem(404, "not_found", what="step", id=step)
    row = await hall.read(mine, number=number, who=who)
    if not who.may("cases") and rules.may(step, row.kind) != "department":
        raise Problem(403, "forbidden")
    values = body.model_dump()
    if step not in ("approve", "confirm"):
        values["name"] = who.name
    await hall.do(commands.take_step, who.actor, case=number, step=step, **values)
    return await answer(request, number)


# -- parts


async def look_at(request: Request, number: int) -> Case:
    """Who complained, to who may know it, once the look is written down."""
    hall, who = hall_of(request), caller(request)
    row = await hall.read(mine, number=number, who=who)
    if not await hall.read(_sees, number=number, who=who):
        raise Refused("case_people")
    await hall.do(commands.looked, who.actor, case=number, name=who.name)
    return row


async def _add(request: Request, number: int, step: str, body: bodies.Note) -> None:
    hall, who = hall_of(request), caller(request)
    await hall.read(mine, number=number, who=who)
    await hall.do(commands.add, who.actor, case=number, step=step, name=who.name, note=body.note, files=body.files)


async def answer(request: Request, number: int, status: int = 200) -> Response:
    hall, who = hall_of(request), caller(request)
    await hall.read(mine, number=number, who=who)
    shape = timed(hall, await hall.read(looks.detail, case=number, who=who))
    shape["next"] = [step for step in shape["next"] if _may_take(who, step, shape["kind"])]
    if who.role == "leader":  # reads all but personal data
        shape["complainant"] = None
        shape["rating_is"] = shape["rating_is"] and shape["rating_is"] | {"comment": ""}
    return reply(shape, status)


def _may_take(who: Identity, step: str, kind: str) -> bool:
    return who.may("cases") or (who.may("findings") and rules.may(step, kind) == "department")


def mine(db: Reads, *, number: int, who: Identity) -> Case:
    """A chief representative sees the cases of the own department, and those that it shares."""
    row = find(db, number)
    if who.role == "chief" and row.department != who.department:
        owners = db.find(commands.OWNERS, case=number)
        if who.department not in {owner.department for owner in owners}:
            raise Problem(403, "forbidden")
    return row


def _sees(db: Reads, *, number: int, who: Identity) -> bool:
    return looks.sees(find(db, number), db.find(commands.OWNERS, case=number), who)


def _department(request: Request, who: Identity) -> str | None:
    return who.department or "-" if who.role == "chief" else request.query_params.get("department") or None


def timed(hall: Hall, shape: Any) -> Any:
    """Times with the hall's offset, wherever they stand."""
    if isinstance(shape, list):
        return [timed(hall, one) for one in shape]
    if not isinstance(shape, dict):
        return shape
    zone = hall.rules.timezone
    return {
        name: iso(value, zone) if name in TIMES and value is not None else timed(hall, value)
        for name, value in shape.items()
    }
