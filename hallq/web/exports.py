"""Tables as files, for who may export: made beside the event loop, whatever their length."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq import exports
from hallq.admin import reading
from hallq.config import Settings
from hallq.export_tables import RATINGS, TABLES, Table
from hallq.people.looked import looked
from hallq.web.common import hall_of, period
from hallq.web.downloads import download
from hallq.web.guard import GuardedRoute, allow, caller

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
Form = Literal["csv", "xlsx", "dictionary.csv"]


def _door(table: Table) -> Callable[[Request, Form], Awaitable[Response]]:
    @allow("export")
    async def door(request: Request, form: Form) -> Response:
        """`from` and `to`, the month so far when left out; `dictionary.csv`: what each column means."""
        hall = hall_of(request)
        since, until = period(request)
        if table is RATINGS and form != "dictionary.csv":  # what citizens wrote
            await hall.do(looked, caller(request).actor, what="ratings export", ref=f"{since}/{until}")
        return await download(
            lambda path: _write(hall.settings, table, form, path, since, until),
            name=f"{table.kind}-{since}-{until}.{form}", media=exports.MEDIA[form],
        )  # fmt: skip

    return door


def _write(settings: Settings, table: Table, form: str, path: Path, since: str, until: str) -> None:
    with reading(settings) as db:
        exports.write(db, table, form, path, since=since, until=until)


for _one in TABLES.values():
    router.add_api_route(f"/export/{_one.kind}.{{form}}", _door(_one), methods=["GET"])
