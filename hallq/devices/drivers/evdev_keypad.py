"""A USB keypad: at a window a call keypad with the codes of all call keypads, at a kiosk a push-button dispenser, where
one key is one service, one number, one slip. It cannot beep: what is refused changes nothing.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from pydantic import AfterValidator

from firmware_protocols import evdev_events as evdev
from hallq.devices import driver, inputs, links
from hallq.devices.call_keys import DIGITS, FUNCTIONS, CallKeys
from hallq.devices.driver import Desk, Driver
from hallq.devices.entry import Entry
from hallq.devices.wire import Wire
from hallq.displays.screens import KeypadScreen
from hallq.kernel import Clock

AGAIN_S = 2.0  # a citizen who presses twice means one number
CALL_KEYS = {f"KP{digit}": digit for digit in "0123456789"} | {digit: digit for digit in "0123456789"} | {
    "KPENTER": "enter", "ENTER": "enter", "KPPLUS": "finish", "KPMINUS": "recall", "KPDOT": "no-show",
    "KPASTERISK": "pause", "KPSLASH": "transfer", "BACKSPACE": "cancel",
}  # fmt: skip


def _key(name: str) -> str:
    if name in evdev.NAMES.values() or (name.isdecimal() and int(name) < evdev.CODES):
        return name
    raise ValueError(f'"{name}" is no key; write a name such as KP1 or F1, or the number of another key')


class EvdevKeypad(Driver):
    name = "evdev-keypad"
    schemes = links.KEYS
    places = frozenset({"window", "kiosk"})
    shows = KeypadScreen  # which nobody sees: it only tells whether somebody is signed in
    listens = True

    class Options(driver.Options):
        keys: dict[Annotated[str, AfterValidator(_key)], str] = {}  # noqa: RUF012

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0) -> None:
        super().__init__(entry, clock, tempo)
        keys: dict[str, str] = entry.options.keys  # type: ignore[attr-defined]
        self._services = keys if "kiosk" in entry.place else None
        self._names = CALL_KEYS | keys
        self._keys = CallKeys()
        self._closed = True
        self._order = asyncio.Lock()  # one key after the other
        self._run, self._count = clock.wall(), 0
        self._last = ("", 0.0)  # the service whose key was pressed, and when

    @classmethod
    def misfit(cls, options: Any, place: str) -> str:
        if place == "kiosk":
            return "" if options.keys else 'options.keys: write which key is which service, { KP1 = "service code" }'
        unknown = sorted(set(options.keys.values()) - FUNCTIONS - DIGITS)
        return f'options.keys: "{unknown[0]}" is no function; known: {", ".join(sorted(FUNCTIONS))}' if unknown else ""

    async def show(self, wire: Wire, screen: KeypadScreen) -> bool:
        self._closed = screen.state == "closed"
        return True

    async def listen(self, wire: Wire, desk: Desk) -> None:
        while True:
            event = await wire.receive()
            if event.type == evdev.KEY and event.value == evdev.PRESSED:
                name = evdev.NAMES.get(event.code, "")
                self._pressed(name if name in self._names else str(event.code), desk)

    def _pressed(self, name: str, desk: Desk) -> None:
        self._count += 1
        key_id = f"{self._run:x}-{self._count}"
        wish = self._call(name, key_id) if self._services is None else self._take(self._services.get(name), key_id)
        if wish is not None:
            desk.finish(self._carry_out(wish, desk))

    def _call(self, name: str, key_id: str) -> inputs.Input | None:
        if name not in self._names:
            return None
        wish = self._keys.press([self._names[name]], key_id, now=_now(), closed=self._closed)
        return None if isinstance(wish, inputs.Answer) else wish

    def _take(self, service: str | None, key_id: str) -> inputs.Input | None:
        last, at = self._last
        if service is None or (service == last and _now() - at < AGAIN_S * self.tempo):
            return None
        self._last = (service, _now())
        return inputs.TakeTicket(key_id, service)

    async def _carry_out(self, wish: inputs.Input, desk: Desk) -> None:
        async with self._order:
            await desk.input(wish)


def _now() -> float:
    return asyncio.get_running_loop().time()
