"""Figures for those who lead the hall: waits of a period (A27), today at each window (C10)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq import exports
from hallq.assessment import reports, waiting
from hallq.texts import EN, text
from hallq.web.common import hall_of, period, reply
from hallq.web.downloads import attached
from hallq.web.errors import language
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.alarms import of_department
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
MOST_DAYS = 92


@router.get("/figures/waits")
@allow("records", "department")
async def get_waits(request: Request) -> Response:
    """`from` and `to`, the month so far when left out, 92 days at the most; a chief gets the department's."""
    since, until, rows = await _waits(request)
    return reply({"items": rows, "from": since, "to": until, "next": None})


@router.get("/export/waits.csv")
@allow("records", "department")
async def export_waits(request: Request) -> Response:
    since, until, rows = await _waits(request)
    lang = language(request)
    head = [text(f"wf.{name}", lang) for name in waiting.COLUMNS]
    content = exports.sheet(head, [[_cell(value) for value in _line(row, lang)] for row in rows])
    return attached(content, name=f"waits-{since}-{until}.csv", media=exports.CSV)


@router.get("/figures/windows")
@allow("records", "posts", "department", "view.board")
async def get_windows(request: Request) -> Response:
    """Today at each window (C10); a window without a visit today is left out."""
    hall, who = hall_of(request), caller(request)
    rows = await hall.read(reports.windows, held=not who.may("records"))
    items = [row for row in rows if of_department(hall, who, row["window"])]
    return reply({"items": items, "next": None})


async def _waits(request: Request) -> tuple[str, str, list[Json]]:
    hall, who = hall_of(request), caller(request)
    since, until = period(request, MOST_DAYS)
    department = None if who.may("records") else who.department
    return since, until, await hall.read(waiting.waits, since=since, until=until, department=department)


def _line(row: Json, lang: str) -> list[Any]:
    named = row["name_en"] if lang == EN and row["name_en"] else row["name"]
    labels = {"name": named or text("wf.hall", lang), "class": text(f"wf.c_{row['class']}", lang)}
    return [(row | labels)[name] for name in waiting.COLUMNS]


def _cell(value: Any) -> str | int:
    return value if isinstance(value, int) else "" if value is None else str(value)
