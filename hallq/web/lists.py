"""What the endpoints of lists share: whose rows a caller reads, and times as they are read outside."""

from __future__ import annotations

from collections.abc import Collection

from fastapi import Request

from hallq.hall import Hall
from hallq.kernel import iso
from hallq.web.guard import caller
from hallq.web.shapes import Json


def department_of(request: Request) -> str | None:
    """A chief representative's own, whatever was asked for; else the query's. None: all."""
    who = caller(request)
    return who.department or "-" if who.role == "chief" else request.query_params.get("department") or None


def timed(hall: Hall, row: Json, names: Collection[str]) -> Json:
    """The row with its times, those of `names`, in ISO 8601."""
    zone = hall.rules.timezone
    return {name: iso(value, zone) if name in names else value for name, value in row.items()}
