"""What endpoints share: the hall behind a request, answers, a list's period and pages, whose rows, times in ISO."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import Query, Request
from starlette.responses import Response

from hallq.hall import Hall
from hallq.kernel import iso
from hallq.ticketing.lookups import PAGE
from hallq.web.errors import Problem
from hallq.web.guard import caller
from hallq.web.shapes import Json, Shapes

Next = Annotated[int | None, Query(ge=1)]  # the `next` of the page before


def hall_of(request: Request) -> Hall:
    hall: Hall = request.app.state.hall
    return hall


def shapes_of(request: Request) -> Shapes:
    shapes: Shapes = request.app.state.shapes
    return shapes


def reply(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


def tagged(request: Request, answer: Response) -> Response:
    """Known by what it says: 304 to who has it already. A proxy may have made the tag weak."""
    tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Language"}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    answer.headers.update(headers)
    return answer


def period(request: Request, most: int | None = None) -> tuple[str, str]:
    """`from` and `to`, days, both included; the month so far when left out. `most`: so many days and no more."""
    today = date.fromisoformat(hall_of(request).store.reader().day)
    try:
        until = date.fromisoformat(request.query_params.get("to", today.isoformat()))
        since = date.fromisoformat(request.query_params.get("from", until.replace(day=1).isoformat()))
    except ValueError:
        raise Problem(422, "invalid", field="from, to", reason="2026-01-31") from None
    days = (until - since).days
    if days < 0 or (most is not None and days >= most):
        raise Problem(422, "invalid", field="from, to", most_days=most)
    return since.isoformat(), until.isoformat()


def page(rows: list[Json]) -> Json:
    """A list that is read a page at a time (lookups.paged): `next` is given back for the following one."""
    return {"items": rows, "next": rows[-1]["id"] if len(rows) == PAGE else None}


def wished_department(request: Request) -> str | None:
    """A chief representative's own, whatever was asked for; else the query's. None: all."""
    who = caller(request)
    return who.department or "-" if who.role == "chief" else request.query_params.get("department") or None


def timed(hall: Hall, row: Json, names: Collection[str]) -> Json:
    """The row with its times, those of `names`, in ISO 8601."""
    zone = hall.rules.timezone
    return {name: iso(value, zone) if name in names else value for name, value in row.items()}


def codes(joined: str) -> list[str]:
    return joined.split(",") if joined else []
