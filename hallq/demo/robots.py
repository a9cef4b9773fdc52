"""Citizens and clerks who play themselves: through the same commands and the same pads as people, at a human pace.

A robot clerk gives its window up as soon as a visitor takes the seat.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from random import Random
from typing import Any

import structlog
from sqlmodel import col, select

from hallq.demo.house import House
from hallq.hall import Hall
from hallq.kernel import Refused
from hallq.people.identity import Identity
from hallq.store import StorageError
from hallq.ticketing import commands
from hallq.ticketing.model import ORDINARY, Category, Kiosk, Person, Service
from hallq.ticketing.picture import WindowView
from hallq.verbs import perform

HURRY = 6.0  # a visit of the catalogue's minutes takes a sixth of them: visitors of a demo do not wait
ARRIVAL_S = 0.6  # from one citizen of a crowd to the next
GREEN = 0.12
NO_SHOW = 0.03
PAUSE = 0.05
LEVELS = {5: 52, 4: 24, 3: 8, 2: 3, 1: 2, 0: 11}  # 0: walks away without rating
WHY = ("eff.wait", "eff.slow", "lvl.once", "lvl.explain", "att.cold")
CLERKS = select(Person).where(Person.role == "clerk").order_by(col(Person.id))
SERVICES = select(Service).order_by(col(Service.ord))
KIOSKS = select(Kiosk).order_by(col(Kiosk.id))
CATEGORIES = select(Category).order_by(col(Category.ord))
log = structlog.get_logger("hallq.demo")


class Robots:
    def __init__(self, hall: Hall, house: House, random: Random, *, speed: float = 1.0) -> None:
        self.hall, self.house = hall, house
        self.arriving = 0
        self.working = False
        self._random, self._speed = random, speed
        self._visited: set[str] = set()  # windows where a visitor sits
        self._at: dict[str, tuple[int, asyncio.Task[None]]] = {}  # window -> person, and what it does
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    # -- citizens

    async def crowd(self, count: int) -> None:
        self.arriving += count
        self._spawn(self._arrive(count))

    async def _arrive(self, count: int) -> None:
        services = await self.hall.read(lambda db: db.find(SERVICES))
        kiosks = {kiosk.zone: kiosk.id for kiosk in await self.hall.read(lambda db: db.find(KIOSKS))}
        green = [row.code for row in await self.hall.read(lambda db: db.find(CATEGORIES)) if row.green]
        weights = [4 if service.common else 1 for service in services]
        for _ in range(count):
            await asyncio.sleep(self._random.expovariate(self._speed / ARRIVAL_S))
            [service] = self._random.choices(services, weights)
            category = self._random.choice(green) if self._random.random() < GREEN else ORDINARY
            await self._take(service.code, category, kiosks)
            self.arriving -= 1

    async def _take(self, service: str, category: str, kiosks: dict[str, str]) -> None:
        picture = self.hall.picture  # the office may have edited the catalogue meanwhile
        windows = picture.services[service].windows if service in picture.services else ()
        kiosk = next((kiosks[picture.windows[no].zone] for no in windows if picture.windows[no].zone in kiosks), None)
        if kiosk is None:
            return
        printer = self.hall.serves("print", f"kiosk/{kiosk}")
        try:
            await self.hall.do(commands.issue, "demo", service=service, category=category, kiosk=kiosk, printer=printer)
        except Refused as refusal:
            log.debug("a citizen got no number", service=service, code=refusal.code)
            return
        if printer:
            self._spawn(self._take_slip(kiosk))

    async def _take_slip(self, kiosk: str) -> None:
        """They tear their paper off after a while."""
        await asyncio.sleep(self._random.uniform(4, 7) / self._speed)
        self.house.tear(kiosk)

    async def _rate(self, no: str) -> None:
        """What the citizen does at the pad after the visit; many tell why they were dissatisfied."""
        await self._wait(2, 7)
        [level] = self._random.choices(list(LEVELS), list(LEVELS.values()))
        if level and self.house.asks_for_rating(no):
            self.house.rate(no, level)
            if level < 3:
                await self._wait(2, 4)
                self.house.give_reasons(no, self._random.sample(WHY, self._random.randint(1, 2)))

    # -- clerks

    async def clerks(self, on: bool) -> None:
        """Clerks come to every window where nobody sits; or they finish what they have in hand and go."""
        if on == self.working:
            return
        self.working = on
        if not on:
            self._stop.set()
            return
        self._stop.clear()
        windows = self.hall.picture.windows
        self._visited = {no for no in self._visited if no in windows and windows[no].clerk}
        for person in await self.hall.read(lambda db: db.find(CLERKS)):
            if person.window in windows and person.window not in self._visited and person.window not in self._at:
                assert person.id is not None
                self._seat(person.window, person.id)

    def _seat(self, no: str, person: int) -> None:
        self._at[no] = (person, self._spawn(self._clerk(no, person)))

    async def take_over(self, no: str | None, person: int | None) -> None:
        """A visitor sits down there: as the same clerk, and the visit goes on; or as another, and the robot leaves."""
        if no is None:
            return
        self._visited.add(no)
        if no not in self._at:
            return
        sitting, work = self._at.pop(no)
        work.cancel()
        if person is not None and person != sitting:
            await self._leave(no, sitting)

    async def _clerk(self, no: str, person: int) -> None:
        try:
            await self._wait(0, 10)
            if self.hall.picture.windows[no].clerk is None:
                await self.hall.do(commands.sign_in, f"person:{person}", window=no, person=person)
            while self.working and self._sits(no, person):
                await self._step(no, person, self.hall.picture.windows[no])
            await self._leave(no, person)
        except Refused as refusal:
            log.debug("a clerk could not", window=no, code=refusal.code)
        finally:
            self._at.pop(no, None)

    def _sits(self, no: str, person: int) -> bool:
        window = self.hall.picture.windows.get(no)
        return window is not None and window.clerk is not None and window.clerk.id == person

    async def _step(self, no: str, person: int, window: WindowView) -> None:
        """The next thing that a clerk does, from how the window stands; a refusal is looked at again."""
        if window.ticket is None and window.pause is None and not self._waited_for(window):
            await self._wait(2, 6)
            return
        verb, wish = await self._next(no, window)
        if not self._sits(no, person):
            return
        try:
            await perform(self.hall, _clerk(person), no, verb, wish)
        except (Refused, StorageError):
            await self._wait(3, 6)
            return
        if verb == "finish" and self.house.has_pad(no):
            self._spawn(self._rate(no))

    async def _next(self, no: str, window: WindowView) -> tuple[str, dict[str, Any]]:
        if window.outage:
            return "continue", {}
        if window.pause is not None:
            await self._wait(30, 80)
            return ("back" if window.pause.kind == "away" else "resume"), {}
        if window.ticket is None:
            return await self._free(no)
        if window.ticket.state == "called":
            return await self._called(window)
        await self._serve(window.ticket.service)
        return "finish", {}

    def _waited_for(self, window: WindowView) -> bool:
        return any(queue.waiting for code, queue in self.hall.picture.queues.items() if code in window.services)

    async def _free(self, no: str) -> tuple[str, dict[str, Any]]:
        await self._wait(2, 6)
        if self._random.random() < PAUSE and not self.house.asks_for_rating(no):
            return "pause", {"reason": self._random.choice(("leave", "paper")), "minutes": 5}
        return "call-next", {}

    async def _called(self, window: WindowView) -> tuple[str, dict[str, Any]]:
        """The citizen walks up; a few have gone home, and are called again before they are given up."""
        assert window.ticket is not None
        if Random(window.ticket.id).random() > NO_SHOW:  # the same answer each time it is asked
            await self._wait(4, 10)
            return "start", {}
        await self._wait(15, 25)
        return ("recall" if window.ticket.calls < 3 else "no-show"), {}

    async def _serve(self, service: str) -> None:
        row = await self.hall.read(lambda db: db.get(Service, service))
        minutes = row.minutes if row else 8.0
        await self._pause_for(minutes * 60 / HURRY * self._random.lognormvariate(0, 0.35))

    async def _leave(self, no: str, person: int) -> None:
        """Finish what is in hand, then go."""
        if not self._sits(no, person):
            return
        window = self.hall.picture.windows[no]
        if window.ticket is not None:
            verb = "back" if window.pause else "finish"
            await perform(self.hall, _clerk(person), no, verb, {})
            await self._leave(no, person)
            return
        await perform(self.hall, _clerk(person), no, "sign-out", {})

    # -- time

    async def _wait(self, least: float, most: float) -> None:
        await self._pause_for(self._random.uniform(least, most))

    async def _pause_for(self, seconds: float) -> None:
        """Seconds of the hall's time; shorter when the clerks are told to stop."""
        try:
            await asyncio.wait_for(self._stop.wait(), seconds / self._speed)
        except TimeoutError:
            return

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a robot fell over", exc_info=error)

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _clerk(person: int) -> Identity:
    return Identity("person", "clerk", id=person)
