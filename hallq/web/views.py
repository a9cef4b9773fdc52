"""The views of /live: who may look, and which keys each view holds."""

from __future__ import annotations

from collections.abc import Callable

from hallq.hall import Hall
from hallq.live import View
from hallq.ticketing.picture import NoticeView
from hallq.web.errors import Problem

EVERYTHING = ("window/", "queue/", "ticket/", "device/", "notice/")


def parse(name: str) -> tuple[str, str | None]:
    """`pad/3/citizen` -> ("pad-citizen", "3"). Problem 404 for what is no view."""
    match name.split("/"):
        case ["board" | "screen" | "kiosk" | "guide" | "office" as kind]:
            return kind, None
        case ["window", no]:
            return "window", no
        case ["pad", no, "citizen" | "clerk" as side]:
            return f"pad-{side}", no
        case _:
            raise Problem(404, "not_found", what="view", id=name)


def view(hall: Hall, kind: str, place: str | None) -> View:
    match kind:
        case "board":
            return View("board", lambda key: key.startswith(EVERYTHING) and _heard(hall, key, "board"))
        case "guest":
            return View("guest", lambda key: key.startswith("window/") or _before_guests(hall, key))
        case "screen":
            return View("public", lambda key: key.startswith(("window/", "queue/", "ticket/")) or _public(hall, key))
        case "kiosk":
            return View("kiosk", lambda key: key.startswith("queue/") or _of_kiosk(hall, key, place or ""))
        case "pad-citizen":
            return View("pad", lambda key: key in (f"pad/{place}", f"padtest/{place}", f"padmail/{place}"))
        case "window" | "pad-clerk":
            return View("staff", _of_window(hall, place or ""))
        case "guide":
            return View("staff", lambda key: key.startswith(EVERYTHING) and _heard(hall, key, "guide"))
        case _:
            return View("office", lambda key: key.startswith((*EVERYTHING, "padtest/", "relay/")))


def _public(hall: Hall, key: str) -> bool:
    """Captions, hours, and what is meant for everybody; never a call for help."""
    if key == "notice/hours" or key.startswith("notice/voice-"):
        return True
    notice = hall.picture.notices.get(key.removeprefix("notice/"))
    return _gone(hall, key) or (notice is not None and is_public(notice))


def _gone(hall: Hall, key: str) -> bool:
    """A notice that is over: everyone is told so, since nobody can tell any more who had it."""
    name = key.removeprefix("notice/")
    return name.isdecimal() and name not in hall.picture.notices


def is_public(notice: NoticeView) -> bool:
    return notice.kind == "info" or notice.audience == "public"


def _heard(hall: Hall, key: str, by: str) -> bool:
    """Whether the wall (`board`) or a guide may see a notice; every other key they may."""
    if key == "notice/figures":
        return by == "board"
    notice = hall.picture.notices.get(key.removeprefix("notice/"))
    if notice is None or not key.startswith("notice/"):
        return True
    return notice.kind != "message" and notice.audience in ("", "public", by)


def _before_guests(hall: Hall, key: str) -> bool:
    """What the wall shows while visitors stand before it: figures, and what is being dealt with, without names."""
    if key in ("notice/figures", "notice/forecast", "notice/hours"):
        return True
    notice = hall.picture.notices.get(key.removeprefix("notice/"))
    if notice is None:
        return _gone(hall, key)
    return notice.kind in ("alert", "help", "alarm", "peak", "emergency") and _heard(hall, key, "board")


def _of_kiosk(hall: Hall, key: str, kiosk: str) -> bool:
    if key in ("notice/hours", "notice/busy", f"card/{kiosk}"):
        return True
    if key.startswith("notice/"):
        notice = hall.picture.notices.get(key.removeprefix("notice/"))
        return _gone(hall, key) or (notice is not None and is_public(notice))
    kind, _, name = key.partition("/")
    if kind == "device":
        device = hall.extra.get(key)
        return device is not None and device["place"].get("kiosk") == kiosk
    if kind == "ticket" and name.isdecimal():
        ticket = hall.picture.tickets.get(int(name))
        return ticket is None or ticket.kiosk == kiosk
    return False


def _at_window(hall: Hall, notice: NoticeView, no: str) -> bool:
    """What concerns everyone, this window, or who is signed in there; never what is for the office or guides alone."""
    if notice.kind == "message":
        return _reads(hall, notice, no)
    if notice.kind == "alarm":  # a terminal shows its own window's, and what asks its clerk to take over elsewhere
        return notice.window == no or _reads(hall, notice, no)
    return notice.window in (None, no) and notice.audience in ("", "public", "window")


def _reads(hall: Hall, notice: NoticeView, no: str) -> bool:
    window = hall.picture.windows.get(no)
    return window is not None and window.clerk is not None and window.clerk.id == notice.person


def _of_window(hall: Hall, no: str) -> Callable[[str], bool]:
    def wants(key: str) -> bool:
        kind, _, name = key.partition("/")
        if kind == "window":
            return name == no
        if kind == "queue":
            window = hall.picture.windows.get(no)
            return window is not None and name in window.services
        notice = hall.picture.notices.get(name) if kind == "notice" else None
        return _gone(hall, key) if notice is None else _at_window(hall, notice, no)

    return wants
