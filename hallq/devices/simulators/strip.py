"""A BX-K card with its strip: shows what a real card would show of the text areas it was sent, page by page."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from firmware_protocols.onbon_bxk import (
    LOGO_AT_TIMEOUT,
    STOP_AT_TIMEOUT,
    Ack,
    Brightness,
    ClearScreen,
    Message,
    Nack,
    Ping,
    Screen,
    SetClock,
    TextArea,
    TextAreas,
    answer,
)
from hallq.devices.simulators.base import Simulator

MEMORY_FULL = 4
EVERYBODY, NO_ANSWER = 0xFFFE, 0xFFFF
COLOURS = {"1": "red", "2": "green", "3": "yellow"}
COLUMN = 8  # dots of an ASCII character; a hanzi takes two
MARKS = re.compile(r"\\C(\d)|\\F[OE]\d{3}")


class SimStrip(Simulator):
    """Faults: refuse (its memory is full), power (dark and silent; it comes back empty)."""

    protocol = "onbon-bxk"

    def __init__(self, tempo: float = 1.0, *, width: int = 96, address: int = 1) -> None:
        super().__init__(tempo)
        self._width, self._address = width, address
        self._areas: tuple[TextArea, ...] = ()
        self._lit = True
        self._left_alone = False  # the text's timeout is over
        self._lease: asyncio.TimerHandle | None = None
        self._faults: set[str] = set()
        self.frames = 0  # text frames taken

    def state(self) -> dict[str, Any]:
        area = self._areas[0] if self._areas and self._lit else None
        words = self._words(area) if area else ""
        marks = MARKS.finditer(area.text if area else "")
        colour = next((COLOURS.get(mark[1], "red") for mark in marks if mark[1]), "red")
        scrolls = bool(area and area.display in (3, 4))
        pages = MARKS.sub("", words).split(r"\n") if words else []
        return {
            "kind": "strip",
            "pages": [page if scrolls else self._fitting(page) for page in pages],
            "page_s": area.stay / 2 if area else 0,
            "scrolls": scrolls,
            "colour": colour,
            "width": self._width,
            "address": self._address,
            "frames": self.frames,
            "lease_s": area.timeout if area else 0,
        }

    def fault(self, name: str, on: bool) -> None:
        if name not in ("refuse", "power"):
            super().fault(name, on)
        (self._faults.add if on else self._faults.discard)(name)
        if name == "power":
            self._areas = ()

    def _words(self, area: TextArea) -> str:
        """Of an area with a logo the last page is shown at its timeout, and then alone."""
        *pages, last = area.text.split(r"\n")
        if area.run_mode == LOGO_AT_TIMEOUT and pages:
            return last if self._left_alone else r"\n".join(pages)
        return "" if area.run_mode == STOP_AT_TIMEOUT and self._left_alone else area.text

    def heard(self, message: Message) -> None:
        to = message.header.destination
        if to not in (self._address, EVERYBODY, NO_ANSWER) or "power" in self._faults:
            return
        reply = self._obey(message)
        if to != NO_ANSWER and message.response == 1:
            self.say(answer(message, reply, self._address))

    def _obey(self, message: Message) -> Ack | Nack:
        match message:
            case TextAreas() if "refuse" in self._faults:
                return Nack(MEMORY_FULL)
            case TextAreas() if all(isinstance(area, TextArea) for area in message.areas):
                self._show(message)
            case ClearScreen():
                self._areas = ()
            case Screen(value=value):
                self._lit = value == 1
            case Ping() | SetClock() | Brightness():
                pass
            case _:
                return Nack(2)
        return Ack()

    def _show(self, message: TextAreas) -> None:
        self.frames += 1
        gone = message.delete
        kept = () if gone is None else tuple(area for area in self._areas if area.id not in gone)
        self._areas = kept + tuple(area for area in message.areas if isinstance(area, TextArea))
        self._left_alone = False
        if self._lease is not None:
            self._lease.cancel()
        times = [area.timeout for area in self._areas if area.run_mode in (STOP_AT_TIMEOUT, LOGO_AT_TIMEOUT)]
        self._lease = self.later(min(times), self._time_out) if times else None

    def _time_out(self) -> None:
        self._left_alone = True

    def _fitting(self, page: str) -> str:
        """What does not fit the strip's width is not seen."""
        room, seen = self._width // COLUMN, ""
        for character in page:
            room -= 1 if " " <= character <= "~" else 2
            if room < 0:
                break
            seen += character
        return seen
