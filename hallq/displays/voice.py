"""What loudspeakers say: a payload {"key": "v.call", "no": "A001", "win": "3"} in words for voice and caption.

The first letters of a value's name tell how it is read: no* ticket, win* window, floor* floor, t* clock time.
"""

from __future__ import annotations

from collections.abc import Mapping

from hallq.displays import numbers
from hallq.displays.layout import plain
from hallq.displays.screens import Speech
from hallq.texts import EN, ZH, text


def speech(zone: str, payload: Mapping[str, object], *, ones: str = "一") -> Speech:
    key = str(payload["key"])
    values = {name: plain(str(value)) for name, value in payload.items() if name != "key"}
    spoken = {name: _spoken(name, value, ones) for name, value in values.items()}
    caption = {name: _floor(value) if name.startswith("floor") else value for name, value in values.items()}
    return Speech(zone, text(key, ZH, **spoken), text(key, ZH, **caption), text(key, EN, **values))


def _spoken(name: str, value: str, ones: str) -> str:
    if name.startswith("no"):
        return numbers.ticket(value, ones)
    if name.startswith("win"):
        return numbers.window(value)
    if name.startswith("floor"):
        return _floor(value)
    return numbers.spoken_clock(value) if name.startswith("t") else value


def _floor(value: str) -> str:
    return text("s.floor", ZH, n=numbers.cardinal(int(value)))
