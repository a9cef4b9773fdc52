"""A BX-K card with its strip: shows what a real card would show of the text areas it was sent, page by page."""

from __future__ import annotations

import re
from typing import Any

from firmware_protocols.onbon_bxk import (
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

EVERYBODY, NO_ANSWER = 0xFFFE, 0xFFFF
COLOURS = {"1": "red", "2": "green", "3": "yellow"}
COLUMN = 8  # dots of an ASCII character; a hanzi takes two
MARKS = re.compile(r"\\C(\d)|\\F[OE]\d{3}")


class SimStrip(Simulator):
    protocol = "onbon-bxk"

    def __init__(self, tempo: float = 1.0, *, width: int = 96, address: int = 1) -> None:
        super().__init__(tempo)
        self._width, self._address = width, address
        self._areas: tuple[TextArea, ...] = ()
        self._lit = True
        self.frames = 0  # text frames taken

    def state(self) -> dict[str, Any]:
        area = self._areas[0] if self._areas and self._lit else None
        words = area.text if area else ""
        colour = next((COLOURS.get(mark[1], "red") for mark in MARKS.finditer(words) if mark[1]), "red")
        return {
            "kind": "strip",
            "pages": [self._fitting(page) for page in MARKS.sub("", words).split(r"\n")] if area else [],
            "page_s": area.stay / 2 if area else 0,
            "scrolls": bool(area and area.display in (3, 4)),
            "colour": colour,
            "width": self._width,
            "address": self._address,
            "frames": self.frames,
        }

    def heard(self, message: Message) -> None:
        to = message.header.destination
        if to not in (self._address, EVERYBODY, NO_ANSWER):
            return
        reply = self._obey(message)
        if to != NO_ANSWER and message.response == 1:
            self.say(answer(message, reply, self._address))

    def _obey(self, message: Message) -> Ack | Nack:
        match message:
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

    def _fitting(self, page: str) -> str:
        """What does not fit the strip's width is not seen, unless the text runs."""
        room, seen = self._width // COLUMN, ""
        for character in page:
            room -= 1 if " " <= character <= "~" else 2
            if room < 0:
                break
            seen += character
        return seen
