"""The two-sided evaluation pad: screens converge, a key is carried out once, a rating is answered when it is durable.

Nothing is answered before the pad has greeted. What the hub must remember of a pad lives here, over reconnections.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from firmware_protocols import eval_pad as pad
from firmware_protocols.eval_pad import (
    AskChoices,
    AskHello,
    Code,
    HubBeat,
    HubHello,
    HubRefuse,
    Key,
    KeyResult,
    PadBeat,
    PadHello,
    Rating,
    RatingStored,
    Refusal,
    Screen,
    Shown,
    SignIn,
    Skipped,
    Stored,
    Touched,
)
from firmware_protocols.eval_pad_memory import HubMemory
from hallq.devices import inputs
from hallq.devices.driver import Desk, Driver
from hallq.devices.drivers import eval_pad_screen as drawn
from hallq.devices.entry import Entry, Report
from hallq.devices.links import LinkLost
from hallq.devices.wire import Sendable, Wire
from hallq.displays.screens import PadScreen
from hallq.kernel import Clock

HELLO_TRIES = 3
TICK_S = 0.5
MOST_AT_ONCE = 8  # ratings; a pad sends one after the other, and again what was not answered


class EvalPad(Driver):
    name = "eval-pad"
    places = frozenset({"window"})
    shows = PadScreen
    listens = True

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0) -> None:
        super().__init__(entry, clock, tempo)
        self._memory = HubMemory()
        self._version = clock.wall() // 1000 & 0x7FFF_FFFF  # never one that an earlier run of the hub has used
        self._screen: PadScreen | None = None
        self._proved = True
        self._sent_at = 0.0
        self._boot_id = 0
        self._about: dict[str, str] = {}  # what it said of itself when it greeted; another pad on the line is seen here
        self._storing: set[int] = set()  # ratings that the hall is at work on
        self._lists = drawn.Lists()

    async def greet(self, wire: Wire, desk: Desk) -> None:
        self._screen = None
        await self._lists.fill(desk)
        for _ in range(HELLO_TRIES):
            await wire.send(AskHello())
            with suppress(TimeoutError):
                await self._welcome(wire, await self._hello(wire))
                return
        raise LinkLost("does not greet")

    async def show(self, wire: Wire, screen: PadScreen) -> bool:
        self._version += 1
        self._screen, self._proved = screen, False
        await self._send_screen(wire)
        return False

    async def poll(self, wire: Wire) -> Report:
        return Report(self._about)

    async def listen(self, wire: Wire, desk: Desk) -> None:
        beats = asyncio.create_task(self._beat(wire))
        try:
            while True:
                message = await wire.receive(pad.SILENCE_MS / 1000 * self.tempo)
                await self._hear(message, wire, desk)
        except TimeoutError:
            raise LinkLost("silent") from None
        finally:
            beats.cancel()

    # -- greeting

    async def _hello(self, wire: Wire) -> PadHello:
        async with asyncio.timeout(pad.HELLO_MS / 1000 * self.tempo):
            while not isinstance(message := await wire.receive(), PadHello):
                pass
        return message

    async def _welcome(self, wire: Wire, hello: PadHello) -> None:
        if not hello.oldest <= pad.VERSION <= hello.newest:
            await wire.send(HubRefuse(Refusal.VERSION, pad.VERSION, pad.VERSION, drawn.WRONG_VERSION))
            raise LinkLost(f"speaks versions {hello.oldest} to {hello.newest} of the pad protocol")
        self._boot_id = hello.boot_id
        about = {"serial": hello.serial, "model": hello.model, "firmware": hello.firmware}
        self._about = {name: value for name, value in about.items() if value}
        self._memory.greeted(hello.boot_id)
        window = pad.fit(self.entry.place["window"], 8)
        hall = pad.fit(self.entry.hall, 96)
        await wire.send(HubHello(pad.VERSION, hello.boot_id, window, hall, "", "zh-CN,en", self._lists.version))

    # -- screens

    async def _send_screen(self, wire: Wire) -> None:
        if self._screen is not None:
            self._sent_at = _now()
            sides = drawn.sides(self._screen, self.clock.wall(), self.entry.timezone)
            await wire.send(Screen(self._version, *sides))

    async def _beat(self, wire: Wire) -> None:
        """The newest screen again until it is shown, and a beat, whatever else is sent."""
        last_beat = _now()
        with suppress(LinkLost):
            while True:
                await asyncio.sleep(TICK_S * self.tempo)
                now = _now()
                if not self._proved and now - self._sent_at >= pad.SCREEN_RESEND_MS / 1000 * self.tempo:
                    await self._send_screen(wire)
                if now - last_beat >= pad.HEARTBEAT_MS / 1000 * self.tempo:
                    last_beat = now
                    await wire.send(HubBeat(self._version if self._screen else 0))

    def _prove(self, version: int, desk: Desk) -> None:
        if self._screen is not None and version == self._version and not self._proved:
            self._proved = True
            desk.shown(self._screen)

    # -- what the pad says

    async def _hear(self, message: Any, wire: Wire, desk: Desk) -> None:
        match message:
            case PadHello():  # it was reset, or has not heard the answer
                await self._welcome(wire, message)
                self._proved = False
                await self._send_screen(wire)
            case Shown(version=version):
                self._prove(version, desk)
            case PadBeat(shown=shown) if self._screen and shown != self._version and self._proved:
                self._proved = False
                await self._send_screen(wire)
            case Key() | SignIn():
                await self._key(message, wire, desk)
            case Rating() if message.rating_id not in self._storing and len(self._storing) < MOST_AT_ONCE:
                self._storing.add(message.rating_id)
                desk.finish(self._rating(message, wire, desk))
            case Touched(token=token, age_ms=age):
                await desk.input(inputs.Touched(token, age))
            case Skipped(token=token, age_ms=age):
                await desk.input(inputs.Skipped(token, age))
            case AskChoices(which=which):
                for part in await self._lists.choices(which, desk):
                    await wire.send(part)

    async def _key(self, message: Key | SignIn, wire: Wire, desk: Desk) -> None:
        judged = self._memory.judge(message)
        if isinstance(judged, KeyResult):
            await wire.send(judged)
        elif judged is not None:
            desk.finish(self._carry_out(judged, f"{self._boot_id:08x}-{judged.key_id}", wire, desk))

    async def _carry_out(self, key: Key | SignIn, key_id: str, wire: Wire, desk: Desk) -> None:
        """Remembered before it is answered: a pad that lost the link asks again and gets the same answer."""
        answer = await desk.input(drawn.pressed(key, key_id))
        result = KeyResult(key.key_id, Code.of(answer.code), answer.seconds, pad.fit(answer.text, 120))
        await _send(wire, self._memory.answered(result))

    async def _rating(self, rating: Rating, wire: Wire, desk: Desk) -> None:
        """No answer unless the hall has it for good: the pad sends it again."""
        try:
            rated = inputs.Rated(rating.token, rating.level, rating.reasons, rating.comment, rating.age_ms)
            answer = await desk.input(rated)
        finally:
            self._storing.discard(rating.rating_id)
        if answer.code != "unavailable":
            await _send(wire, RatingStored(rating.rating_id, drawn.STORED.get(answer.code, Stored.INVALID)))


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _send(wire: Wire, message: Sendable) -> None:
    with suppress(LinkLost):  # the pad asks again on its next connection
        await wire.send(message)
