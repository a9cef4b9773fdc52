"""The verbs of a window. Each is one command; `seen` keeps a double press from calling two people."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from hallq.hall import Hall
from hallq.kernel import Refused, Tx, iso
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.ticketing import commands
from hallq.ticketing.looks import REASONS
from hallq.ticketing.model import Notice
from hallq.ticketing.waiting import out_of_order
from hallq.verbs import VERBS, check_clerk, help_words, perform
from hallq.web import bodies
from hallq.web.common import hall_of, reply, shapes_of
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.ticketing.tickets import Placed, again, placed, ticket_json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)

NOTHING, NO_WISH = bodies.Empty(), bodies.Verb()
BODIES: dict[str, type[bodies.Verb]] = {
    "call": bodies.Call,
    "finish": bodies.Finish,
    "walk-in": bodies.WalkIn,
    "park": bodies.Park,
    "transfer": bodies.Transfer,
    "pause": bodies.Pause,
    "away": bodies.Pause,
}


def add(verb: str, body_type: type[bodies.Verb]) -> None:
    needed = any(field.is_required() for field in body_type.model_fields.values())
    default: Any = Body() if needed else body_type.model_construct()

    @router.post(f"/windows/{{no}}/{verb}", name=verb)
    @allow("verbs", "department")
    async def endpoint(request: Request, no: str, body: body_type = default) -> Response:  # type: ignore[valid-type]
        wish = body.model_dump(exclude={"request_id"})  # type: ignore[attr-defined]
        who, key = caller(request), body.request_id  # type: ignore[attr-defined]

        def wrap(command: Callable[..., Any]) -> Callable[..., Any]:
            if verb != "walk-in":  # the one verb that makes something; the others are kept apart by `seen`
                return placed(command)
            route = request.url.path
            return once(placed(command), caller=who.actor, route=route, request_id=key, body=wish, again=again)

        value = await perform(hall_of(request), who, no, verb, wish, wrap=wrap)
        return answer(request, no, value)


for _verb in VERBS:
    add(_verb, BODIES.get(_verb, bodies.Verb))


@router.post("/windows/{no}/sign-in")
@allow("verbs", "department")
async def sign_in(request: Request, no: str, body: bodies.Verb = NO_WISH) -> Response:
    hall, who = hall_of(request), caller(request)
    if who.id is None or who.kind != "person":
        raise Problem(403, "forbidden", window=no)
    await hall.do(commands.sign_in, who.actor, window=no, person=who.id, seen=body.seen)
    return answer(request, no)


@router.post("/windows/{no}/help", status_code=201)
@allow("help", "verbs", "department")
async def ask_help(request: Request, no: str, body: bodies.Empty = NOTHING) -> Response:
    hall, who = hall_of(request), caller(request)
    if no not in hall.picture.windows:
        raise Refused("not_found", what="window", id=no)
    if who.kind == "token" and who.place != no:
        raise Problem(403, "forbidden", window=no)
    return await help_notice(request, body, window=no)


@router.post("/kiosks/{kiosk}/help", status_code=201)
@allow("help")
async def ask_help_at_kiosk(request: Request, kiosk: str, body: bodies.Empty = NOTHING) -> Response:
    if caller(request).place != kiosk:
        raise Problem(403, "forbidden", kiosk=kiosk)
    return await help_notice(request, body, kiosk=kiosk)


async def help_notice(request: Request, body: bodies.Empty, **place: str) -> Response:
    hall, who = hall_of(request), caller(request)
    route, wish = request.url.path, help_words(**place)
    command = once(
        commands.help_call, caller=who.actor, route=route, request_id=body.request_id, body=place, again=_notice
    )
    notice = await hall.do(command, who.actor, **wish)
    return reply({"id": notice.id, "seq": hall.seq}, 201)


def _notice(tx: Tx, number: str) -> Any:
    return tx.get(Notice, int(number))


@router.get("/windows/{no}/waiting")
@allow("verbs", "department")
async def waiting(request: Request, no: str) -> Response:
    """Whom a clerk with the right may choose (A22): numbers in order of arrival, for who is signed in there."""
    hall, who = hall_of(request), caller(request)
    check_clerk(hall, who, no)
    if not (who.may("choose") or who.may_choose):
        raise Refused("forbidden_order")
    rows = await hall.read(out_of_order.choosable, window=no)
    items = [row | {"since": iso(row["since"], hall.rules.timezone)} for row in rows]
    return reply({"items": items, "next": None})


@router.post("/notices/{number}/done")
@allow("notices", "verbs")
async def notice_done(request: Request, number: int, body: bodies.Empty = NOTHING) -> Response:
    hall, who = hall_of(request), caller(request)
    notice = hall.picture.notices.get(str(number))
    if who.role in ("clerk", "pad-clerk") and not (notice and notice.window and _works_at(hall, who, notice.window)):
        raise Problem(403, "forbidden")
    await hall.do(commands.notice_done, who.actor, notice=number)
    return reply({"seq": hall.seq})


def _works_at(hall: Hall, who: Identity, no: str) -> bool:
    window = hall.picture.windows.get(no)
    clerk = window.clerk if window is not None else None
    return who.place == no if who.kind == "token" else clerk is not None and clerk.id == who.id


@router.get("/pause-reasons")
@allow("public")
async def pause_reasons(request: Request) -> Response:
    """Inner wording for those who work here; the public one for everyone."""
    rows = await hall_of(request).read(lambda db: db.find(REASONS, active=True))
    inner = caller(request).kind != "anonymous"
    items = [
        {"code": row.code, "public": row.public, "public_en": row.public_en, "minutes": row.minutes}
        | ({"name": row.name} if inner else {})
        for row in rows
    ]
    return reply({"items": items, "next": None})


def answer(request: Request, no: str, about: Placed | None = None) -> Response:
    """`{window, ticket, seq}`: the window as it is now and the ticket that the verb was about."""
    hall, shapes = hall_of(request), shapes_of(request)
    ticket = None if about is None else ticket_json(hall, about, secret=False)
    window = shapes.window(hall.picture.windows[no], "staff")
    return reply({"window": window, "ticket": ticket, "seq": hall.seq})
