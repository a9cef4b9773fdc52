"""Whose lists these are: an office's and a reader's all, a chief's and a clerk's of the own department."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from hallq.hall import Hall
from hallq.people.identity import Identity
from hallq.verbs import check_clerk
from hallq.web import common
from hallq.web.common import hall_of
from hallq.web.errors import Problem
from hallq.web.guard import caller

Json = dict[str, Any]
ALL = ("outcomes", "records")  # of the whole hall, unless it is a chief
TIMES = ("at", "taken_at", "closed_at", "blanked_at", "seen_at", "signed_at", "taken_over_at", "paused_since")


def department_of(hall: Hall, who: Identity) -> str | None:
    """Where one works: one's own, else the home window's."""
    window = hall.picture.windows.get(who.window or "")
    return who.department or (window.department if window else None)


def limited(request: Request) -> dict[str, str | None]:
    """`department` and `by` of what the caller may see; empty: everything."""
    hall, who = hall_of(request), caller(request)
    if who.role != "chief" and any(who.may(permission) for permission in ALL):
        return {}
    return {"department": department_of(hall, who) or "-", "by": who.actor}


def person(request: Request) -> Identity:
    """Somebody by name, no device: what is written here has a writer."""
    who = caller(request)
    if who.kind != "person":
        raise Problem(403, "forbidden")
    return who


def must_be_of(request: Request, department: str) -> Identity:
    """The office, or somebody of this department."""
    who = person(request)
    if limited(request) and department_of(hall_of(request), who) != department:
        raise Problem(403, "forbidden", department=department)
    return who


def must_be_at(request: Request, window: str | None) -> None:
    """A clerk writes and prints at the own window."""
    if window is not None and caller(request).role == "clerk":
        check_clerk(hall_of(request), caller(request), window)


def must_print_at(request: Request, window: str | None, kiosk: str | None) -> None:
    """The office anywhere; a guide at a kiosk; everybody else at a window that is signed in: one's own, a chief's."""
    who = person(request)
    if who.may("people"):
        return
    if (window if who.role == "guide" else kiosk) is not None:
        raise Problem(403, "forbidden", window=window, kiosk=kiosk)
    if window is not None:
        check_clerk(hall_of(request), who, window)


def timed(hall: Hall, row: Json) -> Json:
    return common.timed(hall, row, TIMES)
