"""Call keypads and button evaluators on an FF 68 line. A keypad's frame comes back to it as its acknowledgement, once
the hall has taken the key; a refusal beeps. An evaluator is answered once its rating is stored, and only then.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

import structlog
from pydantic import Field

from firmware_protocols import ff68_bus as bus
from hallq.devices import driver, inputs
from hallq.devices.call_keys import CallKeys
from hallq.devices.driver import Desk, Driver
from hallq.devices.drivers.presses import Press, Presses
from hallq.devices.entry import Entry, Report
from hallq.devices.links import LinkLost
from hallq.devices.wire import Sendable, Wire
from hallq.displays.screens import EvaluatorScreen, KeypadScreen
from hallq.kernel import SECOND, Clock

# When a device repeats what was not answered is not published. Nobody presses a key twice so fast and means it.
DIGIT_AGAIN_S = 0.1
KEY_AGAIN_S = 0.7
BUTTON_AGAIN_S = 1.0
TEST_S = 3.0
NAMES = {"evaluate": "finish", "call_next": "call-next"}  # of ff68_bus.KEYS, where a call key has another name
ENDLESS = "sends one press for ever: a stuck key, or an adapter that hears itself; for that add echo=1 to the link"
Address = Annotated[int, Field(ge=1, le=255)]
Value = Annotated[str, Field(pattern=r"^\d{1,3}$")]
Level = Annotated[int, Field(ge=1, le=5)]
LEVELS = {"0": 4, "1": 5, "2": 2, "3": 1}  # what button means what is not published: press each and see
log = structlog.get_logger("hallq.devices")


class _OnLine(Driver):
    """What both kinds are. Neither can be asked anything: `up` means that its line is open."""

    protocol = "ff68"
    places = frozenset({"window"})
    listens = True
    quiet_s = 0.02

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0) -> None:
        super().__init__(entry, clock, tempo)
        self.address: int = entry.options.address  # type: ignore[attr-defined]
        self._presses = Presses(clock.wall())
        self._heard = ""  # when, as hours and minutes

    async def listen(self, wire: Wire, desk: Desk) -> None:
        while True:
            message = await wire.receive()
            self._heard = f"{datetime.fromtimestamp(self.clock.wall() / SECOND, self.entry.timezone):%H:%M}"
            self._hear(message, wire, desk)

    async def poll(self, wire: Wire) -> Report:
        return Report({"pressed": self._heard} if self._heard else {}, self._error())

    def _error(self) -> str:
        last = self._presses.last
        return ENDLESS if last is not None and last.is_endless else ""

    def _hear(self, message: Any, wire: Wire, desk: Desk) -> None:
        raise NotImplementedError

    async def _answer(self, press: Press, wire: Wire, *messages: Sendable) -> None:
        if press.is_endless:
            return
        with suppress(LinkLost):  # it sends the same again on its next line
            for message in messages:
                await wire.send(message)
                press.has_answer(_now())


class Ff68Keypad(_OnLine):
    name = "ff68-keypad"
    shows = KeypadScreen
    refresh_s = 30.0  # its digits may have lost their power for a moment

    class Options(driver.Options):
        address: Address = 1

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0) -> None:
        super().__init__(entry, clock, tempo)
        self._keys = CallKeys()
        self._closed = True
        self._order = asyncio.Lock()  # one key after the other

    def mine(self, message: Any) -> bool:
        return isinstance(message, bus.Key | bus.Digits) and message.address == self.address

    async def show(self, wire: Wire, screen: KeypadScreen) -> bool:
        self._closed = screen.state == "closed"
        for message in drawn(self.address, screen):
            await wire.send(message)
        return True

    async def test(self, wire: Wire) -> str:
        """A beep and 888 888, to be heard and seen: it tells nothing of either."""
        await wire.send(bus.Beep(self.address))
        await wire.send(bus.Show(self.address, waiting=888))
        await wire.send(bus.Show(self.address, ticket=888))
        await asyncio.sleep(TEST_S * self.tempo)
        return "unknown"

    def _hear(self, message: bus.Key | bus.Digits, wire: Wire, desk: Desk) -> None:
        moment = DIGIT_AGAIN_S if isinstance(message, bus.Digits) else KEY_AGAIN_S
        press, new = self._presses.heard(message, _now(), moment * self.tempo)
        if new:
            press.wish = self._keys.press(names(message.keys), press.id, now=_now(), closed=self._closed)
        if new or press.state == "again":
            press.state = "busy"
            desk.finish(self._carry_out(press, wire, desk))
        elif press.state != "busy":
            desk.finish(self._answer(press, wire, message))

    async def _carry_out(self, press: Press, wire: Wire, desk: Desk) -> None:
        async with self._order:
            answer = press.wish if isinstance(press.wish, inputs.Answer) else await desk.input(press.wish)
        press.state = "again" if answer.code == "unavailable" else "taken"
        echo = [press.what] if press.state == "taken" else []
        await self._answer(press, wire, *echo, *([] if answer.code == "ok" else [bus.Beep(self.address)]))


class Ff68Evaluator(_OnLine):
    name = "ff68-evaluator"
    shows = EvaluatorScreen

    class Options(driver.Options):
        address: Address = 1
        levels: dict[Value, Level] = Field(default_factory=lambda: dict(LEVELS))

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0) -> None:
        super().__init__(entry, clock, tempo)
        self._levels: dict[str, int] = entry.options.levels  # type: ignore[attr-defined]
        self._token = ""  # of the newest invitation
        self._unknown = ""

    def mine(self, message: Any) -> bool:
        return isinstance(message, bus.Rated) and message.address == self.address

    async def show(self, wire: Wire, screen: EvaluatorScreen) -> bool:
        """No frame is known that ends the asking: what is pressed later does not count."""
        if screen.token:
            self._token = screen.token
            await wire.send(bus.Evaluate(self.address))
        return True

    async def test(self, wire: Wire) -> str:
        """It asks as it asks citizens; what is pressed then does not count."""
        await wire.send(bus.Evaluate(self.address))
        return "unknown"

    def _error(self) -> str:
        return f"button {self._unknown} has no level: set options.levels" if self._unknown else super()._error()

    def _hear(self, message: bus.Rated, wire: Wire, desk: Desk) -> None:
        """The same button for another invitation is another press."""
        press, new = self._presses.heard((message.value, self._token), _now(), BUTTON_AGAIN_S * self.tempo)
        if new or press.state == "again":
            press.state = "busy"
            desk.finish(self._carry_out(press, message, wire, desk))
        elif press.state == "taken":
            desk.finish(self._answer(press, wire, bus.Answer(self.address, message.value)))

    async def _carry_out(self, press: Press, message: bus.Rated, wire: Wire, desk: Desk) -> None:
        level = self._levels.get(str(message.value))
        self._unknown = "" if level else str(message.value)
        if level is None:
            press.state = "refused"
            log.warning("button without a level", device=self.entry.id, value=message.value)
            return
        answer = await desk.input(inputs.Button(level))
        press.state = {"ok": "taken", "unavailable": "again"}.get(answer.code, "refused")
        if press.state == "taken":
            await self._answer(press, wire, bus.Answer(self.address, message.value))


def names(keys: bytes) -> list[str]:
    """Of one frame's keys, as CallKeys names them."""
    return [str(key) if key <= 9 else NAMES.get(bus.KEYS[key], bus.KEYS[key]) for key in keys]


def drawn(address: int, screen: KeypadScreen) -> tuple[bus.Show, bus.Show]:
    """One field a frame, as the known program sends them. What matters more comes last: should a keypad blank the other
    field instead of leaving it, that one stays. Without a visit the ticket is 000: no frame is known that blanks it."""
    digits = re.search(r"(\d{1,3})\D*$", screen.number)
    ticket = bus.Show(address, ticket=int(digits[1]) if digits else 0)
    waiting = bus.Show(address, waiting=screen.waiting)
    return (waiting, ticket) if screen.number else (ticket, waiting)


def _now() -> float:
    return asyncio.get_running_loop().time()
