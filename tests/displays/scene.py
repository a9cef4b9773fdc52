"""A small hall for the displays' tests: one window 3 of the social insurance department."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hallq.kernel import Ms
from hallq.ticketing.picture import (
    ClerkView,
    PauseView,
    Picture,
    QueueView,
    ServiceView,
    TicketView,
    WindowView,
)

ZONE = ZoneInfo("Asia/Shanghai")
MIN = 60_000


def at(clock: str) -> Ms:
    """On a Monday, by the hall's clock."""
    return int(datetime.fromisoformat(f"2026-03-02T{clock}").replace(tzinfo=ZONE).timestamp() * 1000)


NOW = at("10:05")
CLERK = ClerkView(id=7, name="王秀兰", title="首席代表", staff_no="0312", photo=None)
SERVICE = ServiceView("pension", "领养老金认证", "Pension check", "sb", "C", ("3",), 0, True, "养老", "Pension")


def ticket(**changes: Any) -> TicketView:
    values: dict[str, Any] = {
        "id": 17, "number": "A012", "service": "pension", "category": "ordinary", "green": False, "state": "called",
        "window": "3", "people": 1, "cases": 1, "needs": (), "kiosk": "k1", "print": "printed", "park_kind": "",
        "arrival": NOW, "issued_at": NOW, "calls": 1, "called_at": NOW, "last_called_at": NOW, "started_at": None,
        "finished_at": None,
    }  # fmt: skip
    return TicketView(**(values | changes))


def pause(**changes: Any) -> PauseView:
    values: dict[str, Any] = {
        "id": 9, "kind": "pause", "code": "leave", "reason": "工作人员暂时离开", "reason_en": "Away for a moment",
        "since": NOW, "until": at("10:20"),
    }  # fmt: skip
    return PauseView(**(values | changes))


def window(**changes: Any) -> WindowView:
    values: dict[str, Any] = {
        "no": "3", "department": "sb", "department_name": "社保", "department_name_en": "Social insurance",
        "zone": "1F", "floor": 1, "services": ("pension",), "state": "open", "clerk": CLERK, "ticket": None,
        "visit": None, "pause": None, "parked": (), "undo": None, "shown_calls": 0, "no_show_at": None,
        "outage": False, "version": 118,
    }  # fmt: skip
    return WindowView(**(values | changes))


def queue(**changes: Any) -> QueueView:
    values: dict[str, Any] = {
        "code": "pension", "waiting": 4, "green": 1, "next": ("A013", "A014"), "head_green": True,
        "head_since": NOW, "wait": (360, 600, 900), "open": True,
    }  # fmt: skip
    return QueueView(**(values | changes))


def picture(*windows: WindowView, queues: tuple[QueueView, ...] = (), **changes: Any) -> Picture:
    return Picture(
        windows={each.no: each for each in windows},
        queues={each.code: each for each in queues or (queue(),)},
        services={"pension": SERVICE},
        **changes,
    )
