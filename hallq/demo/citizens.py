"""Citizens who play themselves: they take numbers at the kiosks' own door, some with a card, tear their slips off, and
press on the pad or the button after their visit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

import httpx
import structlog
from fastapi import FastAPI
from sqlmodel import col, select

from hallq.demo.cast import Tokens
from hallq.demo.clock import FastClock
from hallq.demo.house import House
from hallq.hall import Hall
from hallq.simulate.plan import Citizen
from hallq.ticketing.model import ORDINARY, Category, Kiosk, Service

ARRIVAL_S = 0.6  # from one citizen of a crowd to the next
GREEN = 0.12
WITH_CARD = 0.25  # of those who take their number where a reader is
READ_S = 2.0  # real ones; a reader that is slower is left alone
ASKED_S = 20.0  # then the pad asks nobody any more
LEVELS = {5: 52, 4: 24, 3: 8, 2: 3, 1: 2, 0: 11}  # 0: walks away without rating
WHY = ("eff.wait", "eff.slow", "lvl.once", "lvl.explain", "att.cold")
SERVICES = select(Service).order_by(col(Service.ord))
KIOSKS = select(Kiosk).where(col(Kiosk.query).is_not(True)).order_by(col(Kiosk.id))
CATEGORIES = select(Category).order_by(col(Category.ord))
MARKED = 4000  # tickets whose story and slip are remembered
ANOTHER_DAY = 0.3  # of those who were sent for papers
FETCH = 300, 1500  # seconds
log = structlog.get_logger("hallq.demo")


class Citizens:
    """`spawn` lets something happen beside."""

    def __init__(
        self, hall: Hall, house: House, app: FastAPI, tokens: Tokens, random: Random, clock: FastClock,
        spawn: Callable[[Any], Any],
    ) -> None:  # fmt: skip
        self.hall, self.house, self.arriving = hall, house, 0
        self._tokens, self._random, self._clock, self._spawn = tokens, random, clock, spawn
        self._door = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")
        self._stories: dict[int, Citizen] = {}  # by ticket
        self._slips: dict[int, dict[str, str]] = {}  # what stands on them
        self._at_reader = asyncio.Lock()

    async def crowd(self, count: int) -> None:
        self.arriving += count
        self._spawn(self._arrive(count))

    async def come(self, service: str, category: str, story: Citizen | None = None) -> None:
        """To the kiosk of the floor where the service is; the office may have edited the catalogue meanwhile."""
        kiosk = await self._kiosk(service)
        if kiosk is None:
            return
        wish = {"service": service, "category": category, "kiosk": kiosk}
        reader = self.house.find("idcard-sam", kiosk)
        free = reader is not None and reader.id not in self.house.lying and not self._at_reader.locked()
        if free and self._random.random() < WITH_CARD:
            async with self._at_reader:
                ticket = await self._take_with_card(kiosk, wish)
        else:
            ticket = await self._take(kiosk, wish)
        if ticket is not None and story is not None:
            _remember(self._stories, ticket, story)

    def story(self, ticket: int) -> Citizen | None:
        return self._stories.get(ticket)

    async def rate(self, no: str) -> None:
        """What the citizen does at the pad after the visit; many tell why they were dissatisfied."""
        await self._wait(2, 7)
        until = self._clock.monotonic() + ASKED_S
        while not self.house.asks_for_rating(no) and self._clock.monotonic() < until:
            await self._wait(1, 2)
        [level] = self._random.choices(list(LEVELS), list(LEVELS.values()))
        if level and self.house.asks_for_rating(no):
            self.house.rate(no, level)
            if level < 3:
                await self._wait(2, 4)
                self.house.give_reasons(no, self._random.sample(WHY, self._random.randint(1, 2)))

    async def fetch_papers(self, ticket: int) -> None:
        """Home for what is missing, and back to the kiosk with the same slip; some come another day."""
        slip = self._slips.pop(ticket, None)
        if slip is None or self._random.random() < ANOTHER_DAY:
            return
        await self._wait(*FETCH)
        kiosk = slip.pop("kiosk")
        headers = {"authorization": f"Bearer {await self._tokens.of('kiosk', kiosk)}"}
        answer = await self._door.post("/api/v1/tickets/restore", json=slip, headers=headers)
        if not answer.is_success:
            log.debug("a citizen could not come back", answer=answer.text)

    async def close(self) -> None:
        await self._door.aclose()

    # -- at the kiosk

    async def _arrive(self, count: int) -> None:
        services = await self.hall.read(lambda db: db.find(SERVICES))
        green = [row.code for row in await self.hall.read(lambda db: db.find(CATEGORIES)) if row.green]
        weights = [4 if service.common else 1 for service in services]
        for _ in range(count):
            await self._clock.sleep(self._random.expovariate(1 / ARRIVAL_S))
            [service] = self._random.choices(services, weights)
            await self.come(service.code, self._random.choice(green) if self._random.random() < GREEN else ORDINARY)
            self.arriving -= 1

    async def _kiosk(self, service: str) -> str | None:
        picture = self.hall.picture
        windows = picture.services[service].windows if service in picture.services else ()
        kiosks = {kiosk.zone: kiosk.id for kiosk in await self.hall.read(lambda db: db.find(KIOSKS))}
        return next((kiosks[picture.windows[no].zone] for no in windows if picture.windows[no].zone in kiosks), None)

    async def _take(self, kiosk: str, wish: dict[str, Any]) -> int | None:
        token = await self._tokens.of("kiosk", kiosk)
        headers = {"authorization": f"Bearer {token}"}
        answer = await self._door.post("/api/v1/tickets", json=wish, headers=headers)
        if not answer.is_success:
            log.debug("a citizen got no number", service=wish["service"], answer=answer.text)
            return None
        self._spawn(self.take_slip(kiosk))
        ticket = answer.json()
        slip = {"number": ticket["number"], "check_code": ticket["check_code"], "kiosk": kiosk}
        _remember(self._slips, ticket["id"], slip)
        return int(ticket["id"])

    async def _take_with_card(self, kiosk: str, wish: dict[str, Any]) -> int | None:
        """Somebody whose card is not read takes the number without it."""
        reader = self.house.find("idcard-sam", kiosk)
        assert reader is not None
        self.house.put_card(reader, self._random.choice(list(self.house.cards)))
        try:
            known = await self._read(kiosk)
            if known is None:
                return await self._take(kiosk, wish)
            if known.get("elderly"):
                wish = wish | {"category": "elderly"}
            return await self._take(kiosk, wish | {"card": known["handle"]})
        finally:
            await self._wait(1, 2)
            self.house.put_card(reader, "")

    async def _read(self, kiosk: str) -> dict[str, Any] | None:
        for _ in range(int(READ_S / 0.05)):
            known: dict[str, Any] | None = self.hall.extra.get(f"card/{kiosk}")
            if known is not None and not known.get("unread"):
                return known
            await asyncio.sleep(0.05)
        return None

    async def take_slip(self, kiosk: str) -> None:
        """They tear their paper off after a while."""
        await self._wait(4, 7)
        self.house.tear(kiosk)

    async def _wait(self, least: float, most: float) -> None:
        await self._clock.sleep(self._random.uniform(least, most))


def _remember(kept: dict[int, Any], ticket: int, what: Any) -> None:
    kept[ticket] = what
    if len(kept) > MARKED:
        del kept[next(iter(kept))]
