"""Clerks who play themselves: through the same keypads, pads and verbs as people, at a human pace.

A robot clerk gives its window up as soon as a visitor takes the seat. Citizens: hallq/demo/citizens.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from random import Random
from typing import Any

import structlog
from fastapi import FastAPI
from sqlmodel import col, select

from hallq.demo.cast import Tokens
from hallq.demo.citizens import Citizens
from hallq.demo.clock import FastClock
from hallq.demo.day import Day
from hallq.demo.hands import Hands
from hallq.demo.house import House
from hallq.demo.papers import NOTICE, ending
from hallq.hall import Hall
from hallq.kernel import SECOND, Refused
from hallq.simulate.plan import NO_SHOW, Citizen
from hallq.store import StorageError
from hallq.ticketing.model import Person, Service
from hallq.ticketing.picture import TicketView, WindowView

HURRY = 6.0  # a visit of the catalogue's minutes takes a sixth of them: visitors of a demo do not wait. Not in a day
STAYS_AWAY = 0.03
PAUSE = 0.05
GOING = 8  # tries to finish, come back or sign out, before a clerk stays
CLERKS = select(Person).where(Person.role == "clerk").order_by(col(Person.id))
log = structlog.get_logger("hallq.demo")


class Robots:
    def __init__(
        self, hall: Hall, house: House, app: FastAPI, tokens: Tokens, random: Random, clock: FastClock
    ) -> None:
        self.hall, self.house = hall, house
        self.working = False
        self.citizens = Citizens(hall, house, app, tokens, random, clock, self._spawn)
        self.day = Day(clock, self.citizens.come, self.clerks, seed=random.getrandbits(32))
        self._hands = Hands(hall, house)
        self._random, self._clock = random, clock
        self._visited: set[str] = set()  # windows where a visitor sits
        self._at: dict[str, tuple[int, asyncio.Task[None]]] = {}  # window -> person, and what it does
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

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
                work = self._spawn(self._clerk(person.window, person.id, person.staff_no or ""))
                self._at[person.window] = (person.id, work)

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

    async def _clerk(self, no: str, person: int, staff_no: str) -> None:
        try:
            await self._wait(0, 10)
            if self.hall.picture.windows[no].clerk is None:
                await self._hands.sign_in(no, person, staff_no)
            while self.working and self._sits(no, person):
                if self.day.paused:
                    await self._stands_still()
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
        if window.ticket is None and window.pause is None and not window.outage and not self._waited_for(window):
            await self._wait(2, 6)
            return
        verb, wish = await self._next(no, window)
        if not self._sits(no, person):
            return
        try:
            await self._hands.do(no, person, verb, wish)
        except (Refused, StorageError):
            await self._wait(3, 6)
            return
        if window.ticket is not None and verb in ("finish", NOTICE):
            self._after(no, window.ticket, verb, wish)

    def _after(self, no: str, ticket: TicketView, verb: str, wish: dict[str, Any]) -> None:
        """What the citizen does then."""
        if verb == "finish":
            self._spawn(self.citizens.rate(no))
        else:
            self._spawn(self.citizens.fetch_papers(ticket.id))
        if ticket.kiosk is not None and wish.get("outcome", "spot" if verb == "finish" else verb) != "spot":
            # papers of windows without a printer come out there
            self._spawn(self.citizens.take_slip(ticket.kiosk))

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
        await self._serve(window.ticket)
        ticket = window.ticket
        return await self.hall.read(ending, ticket=ticket.id, service=ticket.service, back=ticket.priority == "return")

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
        if not self._stays_away(window.ticket):
            await self._wait(4, 10)
            return "start", {}
        await self._wait(15, 25)
        return ("recall" if window.ticket.calls < 3 else "no-show"), {}

    def _stays_away(self, ticket: TicketView) -> bool:
        """The same answer each time it is asked."""
        story = self.citizens.story(ticket.id)
        return story.steps[0].end == NO_SHOW if story else Random(ticket.id).random() < STAYS_AWAY

    async def _serve(self, ticket: TicketView) -> None:
        story = self.citizens.story(ticket.id)
        await self._pause_for(_handling(story) if story else await self._hurried(ticket.service))

    async def _hurried(self, service: str) -> float:
        row = await self.hall.read(lambda db: db.get(Service, service))
        return (row.minutes if row else 8.0) * 60 / HURRY * self._random.lognormvariate(0, 0.35)

    async def _leave(self, no: str, person: int) -> None:
        """Finish what is in hand, then go; what is refused is looked at again."""
        for _ in range(GOING):
            if not self._sits(no, person):
                return
            window = self.hall.picture.windows[no]
            verb = "sign-out" if window.ticket is None else "back" if window.pause else "finish"
            try:
                await self._hands.do(no, person, verb, {})
            except (Refused, StorageError):
                await self._clock.sleep(5)

    # -- time

    async def _wait(self, least: float, most: float) -> None:
        await self._pause_for(self._random.uniform(least, most))

    async def _pause_for(self, seconds: float) -> None:
        """Seconds of the hall's time; shorter when the clerks are told to stop."""
        sleeping = asyncio.create_task(self._clock.sleep(seconds))
        stopped = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait((sleeping, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            stopped.cancel()

    async def _stands_still(self) -> None:
        """Until the day goes on, or the clerks are sent home."""
        while self.day.paused and self.working:
            await self._wait(1, 2)

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
        await self.day.stop()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.citizens.close()


def _handling(story: Citizen) -> float:
    """Seconds at the window, of all its steps."""
    return sum(step.handling for step in story.steps) / SECOND
