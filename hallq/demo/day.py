"""A working day as a script: who comes when, for what and for how long is drawn as `hallq simulate` draws it, and then
played on the demo's own clock. It has a time of its own, which stands still while it is paused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib.resources import as_file, files
from typing import Any

from hallq.demo.clock import FastClock
from hallq.kernel import MINUTE, SECOND, Ms
from hallq.simulate.draw import at, draw
from hallq.simulate.plan import Citizen
from hallq.simulate.scenario import Scenario, load_scenario

SIZES = (300, 600, 1200)  # citizens
BEGIN, END = "08:30", "17:30"
STEP_S = 20.0  # of the hall's time
Come = Callable[[str, str, Citizen], Awaitable[None]]


class Day:
    """`come`: somebody has arrived. `open` and `close`: the clerks come, and go when nobody waits any more."""

    def __init__(self, clock: FastClock, come: Come, to_work: Callable[[bool], Awaitable[None]], seed: int) -> None:
        self.size = SIZES[1]
        self.going = asyncio.Event()  # clear: paused, or no day
        self._clock, self._come, self._to_work, self._seed = clock, come, to_work, seed
        self._now: Ms = 0  # since the day's midnight
        self._came, self._total = 0, 0
        self._task: asyncio.Task[None] | None = None

    @property
    def paused(self) -> bool:
        return self._task is not None and not self.going.is_set()

    def view(self) -> dict[str, Any]:
        hour, minute = divmod(self._now // MINUTE, 60)
        state = "off" if self._task is None else "paused" if self.paused else "playing"
        return {"state": state, "at": f"{hour:02}:{minute:02}", "begin": BEGIN, "end": END, "came": self._came,
                "total": self._total, "size": self.size, "sizes": SIZES}  # fmt: skip

    async def play(self, on: bool, size: int) -> None:
        """Begins a day, goes on with it, or stands still. A size counts from the next day on."""
        self.size = size
        if on and self._task is None:
            citizens = await asyncio.to_thread(drawn, size, self._seed)
            self._seed += 1
            self._now, self._came, self._total = _clock_time(BEGIN), 0, len(citizens)
            self._task = asyncio.create_task(self._run(citizens))
        (self.going.set if on else self.going.clear)()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, citizens: list[tuple[Ms, Citizen]]) -> None:
        try:
            await self._to_work(True)
            for when, citizen in citizens:
                await self._until(when)
                self._came += 1
                await self._come(citizen.steps[0].service, citizen.category, citizen)
            await self._until(_clock_time(END))
            await self._to_work(False)
        finally:
            self._task = None
            self.going.clear()

    async def _until(self, when: Ms) -> None:
        while (left := when - self._now) > 0:
            await self.going.wait()
            before = self._clock.monotonic()
            await self._clock.sleep(min(left / SECOND, STEP_S))
            self._now += round((self._clock.monotonic() - before) * SECOND)


def drawn(size: int, seed: int) -> list[tuple[Ms, Citizen]]:
    """Citizens by when they come, since midnight."""
    with as_file(files("hallq") / "demo" / "day.toml") as path:
        scenario = _of_size(load_scenario(path), size).with_seed(seed)
    midnight = at(scenario, "00:00")
    return [(citizen.at - midnight, citizen) for citizen in draw(scenario).citizens]


def _of_size(scenario: Scenario, size: int) -> Scenario:
    total = sum(service.per_day for service in scenario.service)
    services = tuple(
        service.model_copy(update={"per_day": service.per_day * size / total}) for service in scenario.service
    )
    return scenario.model_copy(update={"service": services})


def _clock_time(text: str) -> Ms:
    hour, minute = map(int, text.split(":"))
    return (hour * 60 + minute) * MINUTE
