"""How numbers are read: ticket digits one by one, windows and floors as numbers, clock times as people say them.

A reading's characters are words of a closed vocabulary, so that a voice made of clips has them all.
"""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from hallq.kernel import SECOND, Ms
from hallq.texts import ZH, text

_DIGITS = "零一二三四五六七八九"
_ENGLISH = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def ticket(number: str, ones: str = "一") -> str:
    """A001 -> A零零一. Letters stay letters; `ones` is 一 or 幺."""
    return digits(number.upper()).replace("一", ones)


def digits(number: str) -> str:
    return re.sub(r"[0-9]", lambda digit: _DIGITS[int(digit[0])], number)


def window(no: str) -> str:
    """3 -> 三, 12 -> 十二, 20 -> 二十; from 100 on, and with leading zeros, digit by digit."""
    read = re.sub(r"[0-9]+", lambda run: cardinal(int(run[0])) if _is_short(run[0]) else digits(run[0]), no)
    return read.upper()


def cardinal(n: int) -> str:
    """-9 .. 99."""
    if n < 0:
        return "负" + cardinal(-n)
    tens, rest = divmod(n, 10)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[rest] if rest or not tens else "")


def clock(at: Ms, zone: ZoneInfo) -> str:
    """14:30, on the hall's clock."""
    return datetime.fromtimestamp(at / SECOND, zone).strftime("%H:%M")


def spoken_clock(hhmm: str) -> tuple[str, str]:
    """14:30 -> 下午, 两点三十分."""
    hour, minute = (int(part) for part in hhmm.split(":"))
    hours = hour - 12 if hour > 12 else hour
    spoken = ("两" if hours == 2 else cardinal(hours)) + "点"
    minutes = ("零" if 0 < minute < 10 else "") + cardinal(minute) + "分" if minute else ""
    return text(f"v.clock.{_part(hour)}", ZH), spoken + minutes


# -- English


def english_ticket(number: str) -> str:
    """A001 -> A zero zero one."""
    return " ".join(_ENGLISH[int(char)] if char in "0123456789" else char for char in number.upper())


def english_window(no: str) -> str:
    """3 -> three, 21 -> twenty-one; from 100 on, and with leading zeros, digit by digit."""
    runs = re.findall(r"[0-9]+|[^0-9]", no.upper())
    return " ".join(english_cardinal(int(run)) if _is_short(run) else english_ticket(run) for run in runs)


def english_cardinal(n: int) -> str:
    """-9 .. 99."""
    if n < 0:
        return "minus " + english_cardinal(-n)
    if n < 20:
        return _ENGLISH[n]
    return _TENS[n // 10 - 2] + (f"-{_ENGLISH[n % 10]}" if n % 10 else "")


def english_clock(hhmm: str) -> str:
    """14:30 -> two thirty in the afternoon; 09:00 -> nine o'clock in the morning."""
    hour, minute = (int(part) for part in hhmm.split(":"))
    minutes = "o'clock" if not minute else ("oh " if minute < 10 else "") + english_cardinal(minute)
    return f"{english_cardinal(hour - 12 if hour > 12 else hour)} {minutes} {_PARTS_EN[_part(hour)]}"


_PARTS_EN = {"morning": "in the morning", "noon": "noon", "afternoon": "in the afternoon", "evening": "in the evening"}


def _part(hour: int) -> str:
    return "morning" if hour < 12 else "noon" if hour == 12 else "afternoon" if hour < 18 else "evening"


def _is_short(run: str) -> bool:
    return run.isdigit() and len(run) < 3 and not (len(run) > 1 and run.startswith("0"))
