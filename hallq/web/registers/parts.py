"""What lost property and mail share over HTTP: bodies, a slip at a kiosk's printer, the register as a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Annotated, Any

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from hallq.texts import text
from hallq.web.bodies import Body, Code, Free
from hallq.web.common import hall_of, period, reply, timed
from hallq.web.downloads import table
from hallq.web.errors import language
from hallq.web.guard import caller

Json = dict[str, Any]
MOST_DAYS = 800
Word = Annotated[str, Field(min_length=1, max_length=60, pattern=r"\S")]
Given = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
Told = Annotated[Given, Free]
Line = Annotated[str, Field(max_length=200), Free]


class Note(Body):
    note: Told


class Printer(Body):
    kiosk: Code


async def print_at(request: Request, command: Callable[..., bool], body: Printer, **key: int) -> Response:
    printed = await hall_of(request).do(command, caller(request).actor, target=f"kiosk/{body.kiosk}", **key)
    return reply({"printing": printed})


async def exported(
    request: Request, name: str, kind: str, look: Callable[..., list[Json]], *, columns: Sequence[str], head: str,
    cell: Callable[[Json, str, str], str | int], times: Collection[str],
) -> Response:  # fmt: skip
    """What `look` has of the days `from` to `to`; `head`: what the keys of the columns' words begin with."""
    hall, lang, (since, until) = hall_of(request), language(request), period(request, MOST_DAYS)
    rows = [timed(hall, row, times) for row in await hall.read(look, since=since, until=until)]
    lines = [[cell(row, column, lang) for column in columns] for row in rows]
    return table(name, f"{since}-{until}", kind, [text(f"rg.{head}_{column}", lang) for column in columns], lines)
