"""Messages to people at windows, with who has read them when."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.hall import Hall
from hallq.kernel import Tx
from hallq.office import messages
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.web import bodies
from hallq.web.common import hall_of, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.alarms import Words, day_of, of_department, times, worded

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
NOTHING = bodies.Empty()


class Message(bodies.Body):
    text: Words
    person: int | None = None
    window: bodies.Code | None = None
    all: bool = False
    request_id: bodies.RequestId = None


@router.post("/messages", status_code=201)
@allow("posts", "department")
async def send_message(request: Request, body: Message) -> Response:
    """To one person, who is at a window, or everyone on duty: exactly one of the three."""
    hall, who = hall_of(request), caller(request)
    if (body.person is not None) + (body.window is not None) + body.all != 1:
        raise Problem(422, "invalid", field="person, window, all")
    if who.role == "chief" and (body.window is None or not of_department(hall, who, body.window)):
        raise Problem(403, "forbidden")
    wish = {"text": body.text, "person": body.person, "window": body.window, "everyone": body.all}
    command = once(
        _send, caller=who.actor, route="/messages", request_id=body.request_id, body=wish, again=_sent_again
    )
    sent = await hall.do(command, who.actor, **wish)
    return reply({"ids": [int(number) for number in sent.id.split(",") if number], "seq": hall.seq}, 201)


class _Sent:
    def __init__(self, numbers: str) -> None:
        self.id = numbers


def _send(tx: Tx, **wish: Any) -> _Sent:
    return _Sent(",".join(str(notice.id) for notice in messages.send(tx, **wish)))


def _sent_again(_: Tx, numbers: str) -> _Sent:
    return _Sent(numbers)


@router.get("/messages")
@allow("records", "posts", "department")
async def list_messages(request: Request) -> Response:
    """Today's, with who has read them when."""
    hall, who = hall_of(request), caller(request)
    since, _ = day_of(request)
    rows = await hall.read(messages.sent, since=since)
    items = [
        worded(row) | {"id": str(row.id), "person": row.person, "name": name}
        | times(hall, at=row.at, read_at=row.done_at)
        for row, name in rows
        if who.role != "chief" or _same_department(hall, who, row.person)
    ]  # fmt: skip
    return reply({"items": items, "next": None})


@router.post("/notices/{number}/read")
@allow("verbs", "record.own", "notices")
async def read_message(request: Request, number: int, body: bodies.Empty = NOTHING) -> Response:
    """收到: by its reader, or on the pad of the window where the reader is signed in."""
    hall, who = hall_of(request), caller(request)
    notice = hall.picture.notices.get(str(number))
    reader = None if notice is None else notice.person
    if who.kind == "token":
        window = hall.picture.windows.get(who.place)
        mine = window is not None and window.clerk is not None and window.clerk.id == reader
    else:
        mine = who.id == reader
    if notice is None or not mine:
        raise Problem(403, "forbidden")
    await hall.do(messages.read, who.actor, notice=number)
    return reply({"seq": hall.seq})


def _same_department(hall: Hall, who: Identity, person: int | None) -> bool:
    at = (window for window in hall.picture.windows.values() if window.clerk and window.clerk.id == person)
    return any(window.department == who.department for window in at)
