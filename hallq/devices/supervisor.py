"""A device's life: open, greet, converge / perform / poll, lost, back off, open. One task per device; none waits for
another. A driver's own bug is a loss with a traceback: one bad driver cannot stop the hall.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import structlog

from hallq.devices import inputs
from hallq.devices.driver import Driver, Shown
from hallq.devices.entry import Health, Report
from hallq.devices.links import LinkLost
from hallq.devices.traffic import Traffic
from hallq.devices.wire import Wire
from hallq.kernel import Clock

BACK_OFF = (0.1, 1.0)  # the first pause and the longest, in seconds
TEST = object()  # a job: the driver's own test
OTHERS_SHARE = 19  # a mute device takes a twentieth of the time of a line that others use too
BRIEF_S = 3.0  # a device that is lost so soon again answers, and refuses: as good as mute
log = structlog.get_logger("hallq.devices")


class Events(Protocol):
    async def on_input(self, device: str, what: inputs.Input) -> inputs.Answer: ...

    def on_health(self, device: str, health: Health) -> None: ...

    def on_shown(self, device: str, screen: Shown) -> None: ...


@dataclass(eq=False)
class Job:
    what: Any
    deadline: float  # of its beginning, in the loop's time
    outcome: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    begun: bool = False

    def end(self, outcome: str) -> None:
        if not self.outcome.done():
            self.outcome.set_result(outcome)


class Supervisor:
    """`borrow` opens the device's line, or joins the one that is open; closing the wire leaves it. `shares`:
    others on that line are up, and it is their time that a mute device takes."""

    def __init__(
        self,
        driver: Driver,
        borrow: Callable[[Driver, Traffic], Awaitable[Wire]],
        events: Events,
        shares: Callable[[], bool] = lambda: False,
    ) -> None:
        self.id = driver.entry.id
        self.traffic = Traffic(driver.clock)
        self._health = Health("starting", driver.clock.wall())
        self._driver = driver
        self._borrow, self._shares = borrow, shares
        self._clock: Clock = driver.clock
        self._events = events
        self._jobs: deque[Job] = deque()
        self._wanted: Shown | None = None
        self._shown: Shown | None = None
        self._shown_at = 0.0
        self._wake = asyncio.Event()
        self._work_of_hall: set[asyncio.Task[None]] = set()
        self._gone_at: float | None = None
        self._was_up = False
        self._held_s = 0.0  # the line's time that the last connection has taken

    @property
    def health(self) -> Health:
        seen = self.traffic
        return replace(self._health, round_trip_ms=seen.round_trip_ms, bad_frames=seen.bad_frames, losses=seen.losses,
                       heard_at=seen.heard_at)  # fmt: skip

    @property
    def is_up(self) -> bool:
        return self._health.state in ("up", "fault")

    async def run(self) -> None:
        pause = BACK_OFF[0]
        while True:
            begun = self._now()
            self._gone(await self._connection())
            served = self._was_up and self._now() - begun > BRIEF_S * self._driver.tempo
            if served:
                pause = BACK_OFF[0]
            spent = 0.0 if served or not self._shares() else self._held_s
            await asyncio.sleep(max(pause * self._driver.tempo, spent * OTHERS_SHARE))
            pause = min(pause * 2, BACK_OFF[1])

    async def stop(self) -> None:
        """What the hall has begun for the device ends with it."""
        for task in self._work_of_hall:
            task.cancel()
        await asyncio.gather(*self._work_of_hall, return_exceptions=True)
        for job in self._jobs:
            job.end("failed")

    def pace(self, tempo: float) -> None:
        self._driver.tempo = tempo

    def show(self, screen: Shown) -> None:
        if screen != self._wanted:
            self._wanted = screen
            self._wake.set()

    async def perform(self, what: Any, seconds: float) -> str:
        job = Job(what, self._now() + seconds)
        self._jobs.append(job)
        self._wake.set()
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(job.outcome)
        except TimeoutError:
            if not job.begun:
                return "failed"
            return await asyncio.shield(job.outcome)  # begun: it has its own limit
        finally:
            with suppress(ValueError):
                self._jobs.remove(job)

    # -- the desk: what drivers report

    async def input(self, what: inputs.Input) -> inputs.Answer:
        return await self._events.on_input(self.id, what)

    def shown(self, screen: Shown) -> None:
        self._events.on_shown(self.id, screen)

    def finish(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._finished(work))
        self._work_of_hall.add(task)
        task.add_done_callback(self._work_of_hall.discard)

    async def _finished(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("input failed", device=self.id)

    # -- one connection

    async def _connection(self) -> str:
        """From open to lost. Why it was lost."""
        self._was_up = False
        wire: Wire | None = None
        try:
            wire = await self._borrow(self._driver, self.traffic)
            wire.on_lost(self._wake.set)
            wire.knocks = self._shares()
            with _patient(wire):
                await self._driver.greet(wire, self)
                report = await self._driver.poll(wire)
            wire.knocks = False
            self._arrived(report)
            await _first_of(self._serve(wire), *([self._driver.listen(wire, self)] if self._driver.listens else []))
        except LinkLost as lost:
            return str(lost)
        except Exception as error:
            log.exception("driver failed", device=self.id)
            return f"{type(error).__name__} in the driver"
        finally:
            if wire is not None:
                self._held_s = 0.0 if wire.lost else wire.held_s
                wire.close()
        return "ended"

    async def _serve(self, wire: Wire) -> None:
        """Jobs, then the screen, then a look at the device when it was quiet."""
        self._shown = None
        while True:
            if wire.lost:
                raise LinkLost(wire.lost)
            self._wake.clear()
            if self._jobs:
                await self._next_job(wire)
            elif self._wanted is not None and self._wanted is not self._shown:
                await self._show(wire, self._wanted)
            elif not await self._woken():
                await self._look(wire)

    async def _show(self, wire: Wire, screen: Shown) -> None:
        """A screen that changed meanwhile is shown next: only the latest, never what was between."""
        proved = await self._driver.show(wire, screen)
        self._shown, self._shown_at = screen, self._now()
        if proved:
            self._events.on_shown(self.id, screen)

    async def _next_job(self, wire: Wire) -> None:
        job = self._jobs.popleft()
        left = job.deadline - self._now()
        if left <= 0:
            job.end("failed")
            return
        job.begun = True
        try:
            job.end(await self._perform(wire, job.what, left))
        except LinkLost:  # nothing of it has gone out
            job.begun = False
            if self._now() < job.deadline:
                self._jobs.appendleft(job)
            else:
                job.end("failed")
            raise
        finally:
            if job.begun:
                job.end("unknown")
        await self._look(wire)

    async def _perform(self, wire: Wire, what: Any, seconds: float) -> str:
        if what is not TEST:
            return await self._driver.perform(wire, what, seconds)
        self._shown = None  # it may leave anything on its display
        return await self._driver.test(wire)

    async def _look(self, wire: Wire) -> None:
        with _patient(wire):
            self._report(await self._driver.poll(wire))
        refresh = self._driver.refresh_s
        if refresh is not None and self._now() - self._shown_at >= refresh * self._driver.tempo:
            self._shown = None

    async def _woken(self) -> bool:
        try:
            async with asyncio.timeout(self._driver.poll_s * self._driver.tempo):
                await self._wake.wait()
        except TimeoutError:
            return False
        return True

    def _now(self) -> float:
        """Intervals run on the loop's time, like all waiting here."""
        return asyncio.get_running_loop().time()

    # -- health

    def _arrived(self, report: Report) -> None:
        self._was_up = True
        if self._gone_at is not None:
            log.info(f"{self.id} back after {self._now() - self._gone_at:.0f} s", device=self.id)
            self._gone_at = None
        self._report(report)

    def _gone(self, why: str) -> None:
        if self._gone_at is None:
            log.warning(f"{self.id} lost", device=self.id, link=self._driver.entry.link, error=why)
            self._gone_at = self._now()
            self.traffic.losses += 1
        self._set(Health("down", self._clock.wall(), why))

    def _report(self, report: Report) -> None:
        state = "fault" if report.error else "up"
        self._set(Health(state, self._clock.wall(), report.error, report.detail))

    def _set(self, health: Health) -> None:
        """Told to the hall when something of it changed; times and counts alone are no news."""
        before = self._health
        self._health = replace(health, since=before.since) if health.state == before.state else health
        if (health.state, health.error, health.detail) != (before.state, before.error, before.detail):
            self._events.on_health(self.id, self.health)


@contextmanager
def _patient(wire: Wire) -> Iterator[None]:
    """On a shared line whoever has something to show goes before those who only ask how things are."""
    wire.patient = True
    try:
        yield
    finally:
        wire.patient = False


async def _first_of(*work: Coroutine[Any, Any, None]) -> None:
    """Until one of them ends, which raises what it raised; the others end with it."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
