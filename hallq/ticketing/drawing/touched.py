"""Which parts of the picture some changes of rows reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hallq.kernel import Change
from hallq.ticketing.model import (
    CALLED,
    PARKED,
    SERVING,
    WAITING,
    CalendarDay,
    Category,
    Department,
    HallMode,
    Kiosk,
    Notice,
    OpenHours,
    Overtake,
    Pause,
    PauseReason,
    Person,
    Service,
    Shown,
    Suspension,
    Ticket,
    Visit,
    Window,
    WindowService,
    Zone,
)
from hallq.ticketing.picture import Picture
from hallq.ticketing.tickets.caps import DayCap, Stop

OPEN = (CALLED, SERVING, PARKED)
CATALOGUE = (
    Department, Zone, Service, WindowService, Kiosk, Category, PauseReason, Person, OpenHours, CalendarDay, HallMode,
    Suspension,
)  # fmt: skip


@dataclass(slots=True)
class Touched:
    """What to take again; `catalogue`: everything."""

    catalogue: bool = False
    tickets: dict[int, Ticket] = field(default_factory=dict)
    windows: dict[str, Window | None] = field(default_factory=dict)  # its row, where that changed
    queues: set[str] = field(default_factory=set)
    notices: dict[int, Notice] = field(default_factory=dict)

    @staticmethod
    def by(changes: list[Change], picture: Picture) -> Touched:
        touched = Touched()
        for change in changes:
            see = _SEEN_BY.get(change.model)
            if see is not None:
                see(touched, change.before, change.after, picture)
            elif change.model in CATALOGUE:
                touched.catalogue = True
        return touched

    def see_ticket(self, before: Any, after: Any, picture: Picture) -> None:
        self.tickets[after.id] = after
        for row in (before, after):
            if row is None:
                continue
            if row.state == WAITING:
                self.queues.add(row.service)
            if row.state in OPEN and row.window in picture.windows:
                self.windows.setdefault(row.window)
            if row.any_window:
                for window in picture.windows.values():
                    if row.service in window.services:
                        self.windows.setdefault(window.no)

    def see_window(self, before: Any, after: Any, picture: Picture) -> None:
        if before is None or after is None or _fixed(before) != _fixed(after):
            self.catalogue = True
            return
        self.windows[after.no] = after
        if after.no in picture.windows and _staffing(before) != _staffing(after):
            self.queues |= set(picture.windows[after.no].services)

    def see_overtake(self, before: Any, after: Any, picture: Picture) -> None:
        """Who was overtaken once more, or once less after an undo, may now be next."""
        self.queues.add((after or before).service)

    def see_cap(self, before: Any, after: Any, picture: Picture) -> None:
        self.queues.add((after or before).service)

    def see_part(self, before: Any, after: Any, picture: Picture) -> None:
        if after.window in picture.windows:
            self.windows.setdefault(after.window)

    def see_notice(self, before: Any, after: Any, picture: Picture) -> None:
        self.notices[after.id] = after


_SEEN_BY: dict[type[Any], Callable[[Touched, Any, Any, Picture], None]] = {
    Ticket: Touched.see_ticket,
    Window: Touched.see_window,
    Visit: Touched.see_part,
    Overtake: Touched.see_overtake,
    DayCap: Touched.see_cap,
    Stop: Touched.see_cap,
    Pause: Touched.see_part,
    Shown: Touched.see_part,
    Notice: Touched.see_notice,
}


def _fixed(row: Any) -> tuple[Any, ...]:
    return (row.department, row.zone, row.ord, row.active, row.advice_only, row.channel, row.partner, row.closed)


def _staffing(row: Any) -> tuple[bool, bool]:
    return row.shift is not None, row.pause is not None
