"""What a call keypad shows its clerk: the number at the window, and how many wait."""

from __future__ import annotations

from hallq.displays.screens import KeypadScreen
from hallq.ticketing.picture import Picture


def keypad(picture: Picture, no: str) -> KeypadScreen:
    window = picture.windows.get(no)
    if window is None:
        return KeypadScreen(0, "closed")
    waiting = sum(picture.queues[code].waiting for code in window.services if code in picture.queues)
    number = window.ticket.number if window.ticket else ""
    return KeypadScreen(window.version, window.state, number, waiting, window.pause is not None)
