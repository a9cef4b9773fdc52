"""What the hall itself knows of an item: the windows that serve it, its hours, the telephone for complaints."""

from __future__ import annotations

from itertools import pairwise

from sqlmodel import bindparam, col, select

from hallq.kernel import Reads
from hallq.texts import EN, ZH, text
from hallq.ticketing.model import OpenHours, Service, Window, WindowService, Zone
from hallq.ticketing.opening import calendar, hours

SERVED_AT = (
    select(Window)
    .join(WindowService, col(WindowService.window) == Window.no)
    .where(
        col(WindowService.service) == bindparam("service"), col(WindowService.until_day).is_(None), col(Window.active)
    )
    .order_by(col(Window.ord), col(Window.no))
)


def facts(db: Reads, service: Service) -> dict[str, str]:
    """Fields of a guide that may be left empty, in words."""
    windows = db.find(SERVED_AT, service=service.code)
    return {
        "place": _place(db, windows, ZH), "place_en": _place(db, windows, EN),
        "hours": _hours(db, service, ZH), "hours_en": _hours(db, service, EN),
        "supervision_phone": db.rules.complaint_phones,
    }  # fmt: skip


def _place(db: Reads, windows: list[Window], lang: str) -> str:
    """`2楼大厅 5、6号窗口`, zone by zone."""
    zones = dict.fromkeys(window.zone for window in windows)
    parts = []
    for code in zones:
        numbers = text("gi.and", lang).join(window.no for window in windows if window.zone == code)
        parts.append(text("gi.at", lang, zone=_zone(db, code, lang), windows=numbers))
    return text("gi.semicolon", lang).join(parts)


def _zone(db: Reads, code: str, lang: str) -> str:
    zone = db.get(Zone, code)
    if zone is None:
        return code
    name = zone.name_en or zone.name if lang == EN else zone.name
    says_floor = ("floor" in name.lower()) if lang == EN else ("楼" in name)
    return name if says_floor else text("gi.onFloor", lang, floor=zone.floor, zone=name)


def _hours(db: Reads, service: Service, lang: str) -> str:
    """`周一至周五 08:30—12:00、14:30—17:30，法定节假日除外`."""
    if db.rules.always_open:
        return text("gi.always", lang)
    row = db.get(OpenHours, 1) or OpenHours()
    periods = (hours.own_periods(service.periods) if service.periods else hours.of(row)).periods
    spans = text("gi.and", lang).join(f"{_clock(start)}{text('gi.until', lang)}{_clock(end)}" for start, end in periods)
    days = sorted(int(day) for day in (service.days or row.days).split(",") if day)
    closed = text("gi.holidays", lang) if calendar.hall_observes(db) else ""
    return text("gi.hours", lang, days=_days(days, lang), periods=spans) + closed


def _days(days: list[int], lang: str) -> str:
    names = [text(f"gi.day{day}", lang) for day in days]
    if len(days) > 2 and all(after == before + 1 for before, after in pairwise(days)):
        return text("gi.daysFromTo", lang, first=names[0], last=names[-1])
    return text("gi.and", lang).join(names)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
