"""The ID card that lies before a kiosk: in memory, for its own page alone, until its number is given or time is up.

The number becomes its keyed hash at once; the page gets a handle, a masked name, and whether this person is elderly.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from hallq import masking
from hallq.devices.inputs import CardRead
from hallq.hall import Hall
from hallq.id_hash import IdHash
from hallq.kernel import Reads, iso
from hallq.people.looked import looked
from hallq.ticketing.opening import hours
from hallq.ticketing.opening.hours import day_of
from hallq.ticketing.tickets.appointments import BY_PERSON

KEPT_S = 120.0
SWEEP_S = 0.5
UNREAD_S = 10.0  # a card that could not be read is spoken of so long


@dataclass(frozen=True, slots=True)
class Held:
    handle: str
    key: str  # the keyed hash, as `id_number` becomes one; "" where the card could not be read
    until: float  # by the hall's monotonic clock


class Cards:
    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._hashes = IdHash(hall.settings.database_path)
        self._held: dict[str, Held] = {}  # kiosk -> what lay there last
        self._sweeping: asyncio.TimerHandle | None = None

    async def read(self, kiosk: str, device: str, card: CardRead) -> None:
        key = self._hashes.of(card.number)
        booked = await self._hall.read(_booked, key=key)
        await self._hall.do(looked, f"device:{device}", what="id card", ref=f"kiosk/{kiosk}")
        same = self._held.get(kiosk)
        handle = same.handle if same is not None and same.key == key else secrets.token_urlsafe(16)
        elderly = _age(card.birth, self._today()) >= self._hall.rules.elder_age
        held = Held(handle, key, self._now() + KEPT_S)
        self._hold(kiosk, held, name=masking.name(card.name), elderly=elderly, booked=booked)

    def unread(self, kiosk: str) -> None:
        self._hold(kiosk, Held(secrets.token_urlsafe(16), "", self._now() + UNREAD_S), unread=True)

    def holder(self, kiosk: str | None, handle: str) -> str | None:
        """The keyed hash behind a handle of this kiosk; None: it is gone."""
        held = self._held.get(kiosk or "")
        if held is None or held.until <= self._now() or not held.key:
            return None
        return held.key if secrets.compare_digest(held.handle.encode(), handle.encode()) else None

    def forget(self, kiosk: str | None, handle: str) -> None:
        """A number was given, or the citizen left."""
        held = self._held.get(kiosk or "")
        if kiosk is not None and held is not None and held.handle == handle:
            self._drop(kiosk)

    def _hold(self, kiosk: str, held: Held, **told: Any) -> None:
        self._held[kiosk] = held
        left_s = held.until - self._now()
        until = iso(self._hall.now() + int(left_s * 1000), self._hall.rules.timezone)
        self._hall.set_extra(f"card/{kiosk}", {"id": kiosk, "handle": held.handle, "until": until} | told)
        if self._sweeping is None:
            self._sweep()

    def _sweep(self) -> None:
        for kiosk in [kiosk for kiosk, held in self._held.items() if held.until <= self._now()]:
            self._drop(kiosk)
        again = asyncio.get_running_loop().call_later
        self._sweeping = again(SWEEP_S, self._sweep) if self._held else None

    def _drop(self, kiosk: str) -> None:
        del self._held[kiosk]
        self._hall.set_extra(f"card/{kiosk}", None)

    def stop(self) -> None:
        """The hub ends, and with it what it held."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        self._held.clear()

    def _now(self) -> float:
        return self._hall.clock.monotonic()

    def _today(self) -> date:
        return date.fromisoformat(day_of(self._hall.now(), self._hall.rules.timezone))


def _age(birth: str, today: date) -> int:
    """In full years; 0 for what is no day."""
    try:
        born = date(int(birth[:4]), int(birth[4:6]), int(birth[6:8]))
    except ValueError:
        return 0
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _booked(db: Reads, *, key: str) -> dict[str, str | None] | None:
    """Today's appointment of this person that is still to come."""
    row = db.first(BY_PERSON, day=db.day, key=key)
    return None if row is None else {"service": row.service, "time": hours.clock(row.at, db.rules.timezone)}
