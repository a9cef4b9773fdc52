"""How numbers are read: ticket digits one by one, windows and floors as numbers, clock times as people say them."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from hallq.kernel import SECOND, Ms
from hallq.texts import ZH, text

_DIGITS = "零一二三四五六七八九"


def ticket(number: str, ones: str = "一") -> str:
    """A001 -> A零零一. Letters stay letters, apart from each other so that they are spelled; `ones` is 一 or 幺."""
    letters_apart = re.sub(r"(?<=[A-Za-z])(?=[A-Za-z])", " ", number.upper())
    return digits(letters_apart).replace("一", ones)


def digits(number: str) -> str:
    return re.sub(r"[0-9]", lambda digit: _DIGITS[int(digit[0])], number)


def window(no: str) -> str:
    """3 -> 三, 12 -> 十二, 20 -> 二十; from 100 on, and with leading zeros, digit by digit."""
    return re.sub(r"[0-9]+", lambda run: cardinal(int(run[0])) if _is_short(run[0]) else digits(run[0]), no)


def cardinal(n: int) -> str:
    """-9 .. 99."""
    if n < 0:
        return "负" + cardinal(-n)
    tens, rest = divmod(n, 10)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[rest] if rest or not tens else "")


def clock(at: Ms, zone: ZoneInfo) -> str:
    """14:30, on the hall's clock."""
    return datetime.fromtimestamp(at / SECOND, zone).strftime("%H:%M")


def spoken_clock(hhmm: str) -> str:
    """14:30 -> 下午两点三十分."""
    hour, minute = (int(part) for part in hhmm.split(":"))
    part = "morning" if hour < 12 else "noon" if hour == 12 else "afternoon" if hour < 18 else "evening"
    hours = hour - 12 if hour > 12 else hour
    spoken = text(f"v.clock.{part}", ZH) + ("两" if hours == 2 else cardinal(hours)) + "点"
    return spoken + (("零" if 0 < minute < 10 else "") + cardinal(minute) + "分" if minute else "")


def _is_short(run: str) -> bool:
    return len(run) < 3 and not (len(run) > 1 and run.startswith("0"))
