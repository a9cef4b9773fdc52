"""What all window strips have in common: place and screen, and that a character which the font lacks is told of.

Once per character and device in the log; the devices' page names all of them since the start.
"""

from __future__ import annotations

from typing import ClassVar

import structlog

from hallq.devices.driver import Driver
from hallq.displays.screens import StripScreen

log = structlog.get_logger("hallq.devices")


class StripDriver(Driver):
    places = frozenset({"window"})
    shows: ClassVar[type[StripScreen]] = StripScreen
    _replaced = ""

    def note_replaced(self, screen: StripScreen) -> None:
        for char in screen.replaced:
            if char not in self._replaced:
                self._replaced += char
                code = f"U+{ord(char):04X}"
                log.warning("the strip's font lacks a character", device=self.entry.id, character=char, code=code)

    def detail(self) -> dict[str, str]:
        return {"replaced": self._replaced} if self._replaced else {}
