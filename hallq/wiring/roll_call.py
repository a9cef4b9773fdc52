"""Roll call: every strip shows its own window at once: whoever walks by sees which one hangs where it should not.

A window with a citizen keeps its call, and so does a hall in an emergency. It ends by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from hallq.hall import Hall
from hallq.kernel import SECOND, Refused, iso
from hallq.ticketing.picture import Picture

LASTS_S = 600.0
NOTICE = "notice/roll-call"


class RollCall:
    """`show` draws a window's displays anew."""

    def __init__(self, hall: Hall, show: Callable[[str], None]) -> None:
        self._hall, self._show = hall, show
        self._windows: frozenset[str] = frozenset()
        self._end: asyncio.TimerHandle | None = None
        self.until: str | None = None  # ISO 8601; None: there is none

    def covers(self, no: str) -> bool:
        picture = self._hall.picture
        return no in self._windows and picture.mode.emergency is None and not _busy(picture, no)

    def turn(self, on: bool, zone: str | None) -> dict[str, Any]:
        """As somebody asks for it. Raises Refused `not_found`: no window is in such a zone."""
        if zone is not None and zone not in {window.zone for window in self._hall.picture.windows.values()}:
            raise Refused("not_found", what="zone", id=zone)
        if on:
            self.begin(zone)
        else:
            self.end()
        return {"on": on, "zone": zone, "until": self.until}

    def begin(self, zone: str | None = None) -> None:
        """Of one zone, or of the whole hall."""
        self.end()
        windows = self._hall.picture.windows
        self._windows = frozenset(no for no, window in windows.items() if zone in (None, window.zone))
        self._end = asyncio.get_running_loop().call_later(LASTS_S, self.end)
        self.until = iso(self._hall.now() + int(LASTS_S) * SECOND, self._hall.rules.timezone)
        self._hall.set_extra(NOTICE, {"id": "roll-call", "kind": "roll-call", "zone": zone, "until": self.until})
        self._redraw(self._windows)

    def end(self) -> None:
        if self._end is not None:
            self._end.cancel()
        windows, self._windows, self._end, self.until = self._windows, frozenset(), None, None
        if NOTICE in self._hall.extra:
            self._hall.set_extra(NOTICE, None)
        self._redraw(windows)

    def _redraw(self, windows: frozenset[str]) -> None:
        for no in windows:
            self._show(no)


def _busy(picture: Picture, no: str) -> bool:
    window = picture.windows.get(no)  # None: the office has just removed it
    return window is not None and window.ticket is not None
