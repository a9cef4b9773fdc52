"""How loud the voice is at a time of day, and when it says only calls: the rules `volume_by_hour`, `quiet_hours`.

Times are the hall's own, HH:MM; a span may go past midnight.
"""

from __future__ import annotations

import re

NONE = "none"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_STEP = rf"({_TIME}) (100|[1-9]?[0-9])"
_SPAN = rf"({_TIME})-({_TIME})"


def volumes(setting: str) -> dict[str, int]:
    """ "07:00 60, 09:00 100": per cent from each time on. ValueError."""
    if not re.fullmatch(rf"{_STEP}(, {_STEP})*", setting):
        raise ValueError('write times with per cent: "07:00 60, 09:00 100"')
    return {time: int(percent) for time, percent in re.findall(_STEP, setting)}


def spans(setting: str) -> list[tuple[str, str]]:
    """ "12:00-14:30, 18:00-08:00" or "none". ValueError."""
    if setting == NONE:
        return []
    if not re.fullmatch(rf"{_SPAN}(, {_SPAN})*", setting):
        raise ValueError('write spans of time: "12:00-14:30, 18:00-08:00", or "none"')
    return re.findall(_SPAN, setting)


def volume(setting: str, at: str) -> int:
    """Per cent at HH:MM: the last step before it; before the day's first step, yesterday's last."""
    steps = volumes(setting)
    return steps[max((time for time in steps if time <= at), default=max(steps))]


def is_quiet(setting: str, at: str) -> bool:
    return any(begin <= at < end if begin <= end else at >= begin or at < end for begin, end in spans(setting))
