"""How a robot clerk works: by the keys of the keypad or pad that stands at the window, else by the page's verbs.

Whoever presses looks whether something happened; a keypad that does nothing sends its clerk to the page.
"""

from __future__ import annotations

import asyncio
from typing import Any

from hallq.demo import papers
from hallq.demo.cast import PIN
from hallq.demo.house import House
from hallq.devices.simulators.ff68 import SimKeypad
from hallq.devices.simulators.pad import SimPad
from hallq.hall import Hall
from hallq.outcomes.one_time import commands as one_time
from hallq.people.identity import Identity
from hallq.ticketing import commands
from hallq.verbs import perform

LOOK_S, LOOKS = 0.02, 100  # real seconds, times
KEYS = {
    "start": ("1", "confirm"),
    "finish": ("evaluate",),
    "call-next": ("call_next",),
    "recall": ("recall",),
    "no-show": ("6", "confirm"),
    "pause": ("pause",),
    "resume": ("pause",),
    "back": ("pause",),
    "continue": ("4", "confirm"),
    "sign-out": ("7", "0", "confirm"),
}  # on a keypad, as its card for the desk has them


class Hands:
    def __init__(self, hall: Hall, house: House) -> None:
        self._hall, self._house = hall, house

    async def sign_in(self, no: str, person: int, staff_no: str) -> None:
        if not await self._pressed(no, "sign-in", {"staff_no": staff_no}):
            await self._hall.do(commands.sign_in, f"person:{person}", window=no, person=person)

    async def do(self, no: str, person: int, verb: str, wish: dict[str, Any]) -> None:
        """Raises what the page's verb raises."""
        if verb == papers.NOTICE:
            await self._hall.do(one_time.give, f"person:{person}", window=no, **wish)
        elif not await self._pressed(no, verb, wish | await self._digit(wish)):
            await perform(self._hall, Identity("person", "clerk", id=person), no, verb, wish)

    async def _digit(self, wish: dict[str, Any]) -> dict[str, str]:
        known = "outcome" in wish
        return {"digit": await self._hall.read(papers.digit_of, code=wish["outcome"])} if known else {}

    async def _pressed(self, no: str, verb: str, wish: dict[str, Any]) -> bool:
        """Whether the window's keys did it."""
        if verb == "finish" and wish.keys() & {"reason", "case_no"}:
            return False  # no keys for words
        before = self._stands(no)
        if not self._press(no, verb, wish):
            return False
        for _ in range(LOOKS):
            await asyncio.sleep(LOOK_S)
            if self._stands(no) != before:
                return True
        return False

    def _press(self, no: str, verb: str, wish: dict[str, Any]) -> bool:
        keypad, pad = self._house.find("ff68-keypad", no), self._house.find("eval-pad", no)
        if keypad is not None and isinstance(keypad.simulator, SimKeypad):
            return _by_keypad(keypad.simulator, verb, wish)
        if pad is not None and isinstance(pad.simulator, SimPad):
            return _by_pad(pad.simulator, verb, wish)
        return False

    def _stands(self, no: str) -> tuple[Any, ...]:
        window = self._hall.picture.windows.get(no)
        if window is None:
            return ()
        ticket = window.ticket and (window.ticket.id, window.ticket.state, window.ticket.calls)
        return window.clerk and window.clerk.id, ticket, window.pause, window.state


def _by_keypad(keypad: SimKeypad, verb: str, wish: dict[str, Any]) -> bool:
    if keypad.busy:
        return False
    if verb == "sign-in":
        for digits in (wish["staff_no"], PIN):
            keypad.type(digits)
        return True
    if wish.get("digit"):
        keypad.press(wish["digit"])
    for key in KEYS.get(verb, ()):
        keypad.press(key)
    return verb in KEYS


def _by_pad(pad: SimPad, verb: str, wish: dict[str, Any]) -> bool:
    if verb == "sign-in":
        return pad.sign_in(wish["staff_no"], PIN)
    argument = wish.get("outcome") or wish.get("reason", "")
    return pad.press(verb.replace("-", "_"), argument, minutes=wish.get("minutes", 0))
