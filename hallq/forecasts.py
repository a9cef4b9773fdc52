"""The forecast, kept: learnt once a day and held against the hall every few minutes, beside the writer.

Live: `notice/forecast` for the board, guides and the office, `notice/busy` for the kiosks. A warning that changes is a
command.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import date
from typing import Any

import structlog

from hallq.hall import Hall
from hallq.kernel import MINUTE, Ms, Reads
from hallq.office import capacity, forecast, peaks
from hallq.office.capacity import HallDay

EVERY: Ms = 5 * MINUTE
LOOK = 2.0  # seconds between looks at the clock
log = structlog.get_logger("hallq.forecasts")


class Forecasts:
    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self._learnt: tuple[tuple[str, str], forecast.History] | None = None  # today, and the newest day known
        self._days: dict[str, tuple[dict[str, dict[int, float]], dict[str, forecast.Rate]]] = {}
        self._last: Ms | None = None

    async def look(self, day: str | None = None) -> HallDay:
        """Today, or a later day, as it stands now."""
        return await self.hall.read(self._look, day=day)

    async def keep(self) -> None:
        while True:
            if self._last is None or self.hall.now() - self._last >= EVERY:
                self._last = self.hall.now()
                try:
                    await self.refresh()
                except Exception:
                    log.exception("no forecast")
            await asyncio.sleep(LOOK)

    async def refresh(self) -> None:
        before = self.hall.extra.get("notice/forecast")
        seen = shown(await self.look())
        self.hall.set_extra("notice/forecast", seen | {"id": "forecast", "kind": "forecast"})
        self.hall.set_extra("notice/busy", {"id": "busy", "kind": "busy", "services": seen["short"]})
        if before is None or seen["short"] != before["short"]:  # at the start a warning of before may be over
            windows = sum(each["to_open"] for each in seen["services"])
            await self.hall.do(peaks.warn, services=seen["short"], windows=windows)

    def _look(self, db: Reads, *, day: str | None) -> HallDay:
        wanted = day or db.day
        state = db.day, forecast.newest(db)
        if self._learnt is None or self._learnt[0] != state:
            self._learnt, self._days = (state, forecast.history(db)), {}
        history, least = self._learnt[1], db.rules.forecast_days
        if wanted not in self._days:
            before, on = capacity.last_open(db, wanted), date.fromisoformat(wanted)
            rates = forecast.day_rates(history, on, before, least=least)
            self._days[wanted] = forecast.by_slot(history, on, rates), rates
        expected, rates = self._days[wanted]
        return capacity.look(db, day=wanted, basis=history.basis(least), expected=expected, rates=rates)


def shown(day: HallDay) -> dict[str, Any]:
    """As JSON."""
    return asdict(day) | {"short": list(day.short)}
