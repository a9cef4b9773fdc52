"""The office's forms: closures, suspensions, changes of windows, the year's plan; each step is one call."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi import Body as FromBody
from sqlmodel import col, select
from starlette.responses import Response

from hallq.kernel import Reads, Refused, Tx
from hallq.office import changes, papers, proofs
from hallq.office.papers import KINDS
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.web.bodies import Empty
from hallq.web.common import hall_of, reply
from hallq.web.errors import Problem, language
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office import form_bodies as bodies
from hallq.web.office.form_shapes import finding_json, form_json, proof_json, proof_rows

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
NOTHING = Empty()
STEPS: dict[str, tuple[Any, type[Any], str]] = {  # command, body, permission
    "sign": (papers.sign, bodies.Sign, "forms"),
    "approve": (papers.approve, bodies.Approve, "approve"),
    "refuse": (papers.refuse, bodies.Reason, "approve"),
    "withdraw": (papers.withdraw, bodies.Why, "forms"),
    "publish": (papers.publish, Empty, "approve"),
    "end": (papers.end, bodies.Why, "forms"),
    "reserve": (papers.reserve, Empty, "approve"),
}
ROWS: dict[str, Any] = {
    kind: select(known.model).order_by(col(known.model.id).desc()).limit(500) for kind, known in KINDS.items()
}


def _department(who: Identity, wanted: str | None) -> str:
    """A chief representative speaks for the own department alone."""
    if who.role == "chief" and wanted not in (None, who.department):
        raise Problem(403, "forbidden", department=wanted)
    department = wanted or who.department
    if department is None:
        raise Refused("invalid", field="department")
    return department


def _applicant(who: Identity, body: bodies.Apply) -> str:
    """The office names whom it fills the form in for."""
    if who.role != "chief" and body.applicant is None:
        raise Refused("invalid", field="applicant")
    return body.applicant if who.role != "chief" and body.applicant else who.name


def _find(db: Reads, kind: str, number: int, who: Identity) -> Any:
    form = papers.find(db, kind, number)
    if who.role == "chief" and form.department != who.department:
        raise Problem(403, "forbidden", department=form.department)
    return form


def _add_kind(kind: str) -> None:
    async def listed(request: Request) -> Response:
        hall, who = hall_of(request), caller(request)
        rows = await hall.read(lambda db: db.find(ROWS[kind]))
        shown = [row for row in rows if who.role != "chief" or row.department == who.department]
        return reply({"items": [form_json(hall, kind, row, who) for row in shown], "next": None})

    async def one(request: Request, number: int) -> Response:
        return await _answer(request, kind, number)

    async def apply(request: Request, body: Any) -> Response:
        return await _apply(request, kind, body)

    async def check(request: Request, body: Any) -> Response:
        return await _check(request, kind, body)

    apply.__annotations__["body"] = check.__annotations__["body"] = bodies.BODIES[kind]
    looks, writes = allow("forms", "records"), allow("forms")
    router.add_api_route(f"/{kind}", looks(listed), methods=["GET"], name=f"list {kind}")
    router.add_api_route(f"/{kind}", writes(apply), methods=["POST"], status_code=201, name=f"apply {kind}")
    router.add_api_route(f"/{kind}/check", writes(check), methods=["POST"], name=f"check {kind}")
    router.add_api_route(f"/{kind}/{{number}}", looks(one), methods=["GET"], name=f"get {kind}")


def _add_step(kind: str, step: str) -> None:
    command, body_type, permission = STEPS[step]
    needed = any(field.is_required() for field in body_type.model_fields.values())
    default: Any = FromBody() if needed else body_type()

    async def take_step(request: Request, number: int, body: Any = default) -> Response:
        hall, who = hall_of(request), caller(request)
        await hall.read(_find, kind=kind, number=number, who=who)
        await hall.do(command, who.actor, kind=kind, number=number, **_wish(step, body, who))
        return await _answer(request, kind, number)

    take_step.__annotations__["body"] = body_type
    path = f"/{kind}/{{number}}/{step}"
    router.add_api_route(path, allow(permission)(take_step), methods=["POST"], name=f"{step} {kind}")


def _wish(step: str, body: Any, who: Identity) -> dict[str, Any]:
    wish: dict[str, Any] = body.model_dump(exclude={"lift", "request_id"})
    if step in ("sign", "approve"):
        wish["lift"] = bodies.lift_of(body.lift)
    if step == "sign":
        wish["name"] = _signer(body, who)
    elif step != "publish":
        wish["name"] = who.name
    return wish


def _signer(body: bodies.Sign, who: Identity) -> str:
    """A chief representative signs in person; a leader's signature, and what the office enters, stands on paper."""
    if who.role == "chief" and body.rank == "chief":
        return who.name
    if body.name is None:
        raise Refused("invalid", field="name")
    return body.name


for _kind in KINDS:
    _add_kind(_kind)
    for _step in ("sign", "approve", "refuse", "withdraw", "publish"):
        _add_step(_kind, _step)
for _kind, _step in (("closures", "end"), ("suspensions", "end"), ("closures", "reserve")):
    _add_step(_kind, _step)


async def _apply(request: Request, kind: str, body: bodies.Apply) -> Response:
    hall, who = hall_of(request), caller(request)
    values = bodies.columns(body, _department(who, body.department), _applicant(who, body), hall.rules.timezone)
    route, key = f"/{kind}", body.request_id
    command = once(papers.apply, caller=who.actor, route=route, request_id=key, body=values, again=_again(kind))
    form = await hall.do(command, who.actor, kind=kind, values=values, lift=bodies.lift_of(body.lift))
    return await _answer(request, kind, form.id, 201)


def _again(kind: str) -> Any:
    def again(tx: Tx, number: str) -> Any:
        return tx.get(KINDS[kind].model, int(number))

    return again


async def _check(request: Request, kind: str, body: bodies.Apply) -> Response:
    """What the rules say while the form is being filled in: refused, to be lifted by a leader, or worth knowing."""
    hall, who, lang = hall_of(request), caller(request), language(request)
    values = bodies.columns(body, _department(who, body.department), who.name, hall.rules.timezone)

    def look(db: Reads) -> list[Any]:
        load = proofs.busiest(db, body.windows) if kind == "closures" else None
        return papers.standing(db, kind, values, load)

    found = await hall.read(look)
    return reply({"items": [finding_json(finding, lang) for finding in found], "next": None})


async def _answer(request: Request, kind: str, number: int, status: int = 200) -> Response:
    hall, who, lang = hall_of(request), caller(request), language(request)
    row = await hall.read(_find, kind=kind, number=number, who=who)
    seen = await hall.read(proof_rows, what=KINDS[kind].key, ref=number)
    shape = form_json(hall, kind, row, who)
    if row.state in ("draft", "signed"):
        found = await hall.read(lambda db: KINDS[kind].findings(db, row))
        shape["findings"] = [finding_json(finding, lang, lifted=bool(row.lift_name)) for finding in found]
    shape["shown"] = proof_json(hall, seen, shape["windows"]) if row.published_at or row.began_at else []
    return reply(shape, status)


@router.get("/forms/volume")
@allow("forms", "records")
async def get_volume(request: Request, windows: str) -> Response:
    return reply({"items": await hall_of(request).read(proofs.volume, windows=windows.split(",")), "next": None})


@router.get("/forms/missed")
@allow("forms", "records")
async def get_missed(request: Request) -> Response:
    """B22: steps that came too late and were let pass, for the assessment's ledger."""
    who = caller(request)
    rows = await hall_of(request).read(lambda db: db.find(proofs.MISSED))
    items = [
        {name: getattr(row, name) for name in ("id", "kind", "form", "department", "step", "reason", "name")}
        | {"at": row.at, "facts": orjson.loads(row.facts)}
        for row in rows
        if who.role != "chief" or row.department == who.department
    ]
    return reply({"items": items, "next": None})


@router.get("/window-plans")
@allow("forms", "records")
async def get_plans(request: Request) -> Response:
    rows = await hall_of(request).read(lambda db: db.find(changes.PLANS))
    who = caller(request)
    shown = [row for row in rows if who.role != "chief" or row.department == who.department]
    return reply({"items": [_plan(row) for row in shown], "next": None})


@router.post("/window-plans")
@allow("forms")
async def save_plan(request: Request, body: bodies.Plan) -> Response:
    who = caller(request)
    seasons = [season.model_dump(by_alias=True) for season in body.seasons]
    department = _department(who, body.department)
    plan = await hall_of(request).do(
        changes.save_plan, who.actor, department=department, year=body.year, seasons=seasons, remark=body.remark
    )
    return reply(_plan(plan))


def _plan(row: Any) -> dict[str, Any]:
    return {"id": row.id, "department": row.department, "year": row.year, "remark": row.remark,
            "seasons": orjson.loads(row.seasons), "made_at": row.made_at}  # fmt: skip


@router.post("/notices/{number}/shown")
@allow("view.screen", "view.kiosk", "view.guide")
async def notice_shown(request: Request, number: int, body: Empty = NOTHING) -> Response:
    """A screen, a kiosk or a guide's page has drawn it: the proof of when (B20). Anybody else's page proves nothing."""
    who = caller(request)
    if who.role in ("screen", "kiosk", "guide"):
        await hall_of(request).do(proofs.note_shown, who.actor, notice=number)
    return reply({"seq": hall_of(request).seq})
