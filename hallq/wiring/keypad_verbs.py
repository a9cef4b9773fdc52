"""What a call keypad's key means as its window stands: it has one key where a page has several, and no lists."""

from __future__ import annotations

from dataclasses import replace

from hallq.choices import choices
from hallq.devices.inputs import Key
from hallq.hall import Hall
from hallq.kernel import Refused
from hallq.outcomes import kinds

USUAL_REASON = "leave"  # of a pause, where the clerk types none


async def meant(hall: Hall, no: str, key: Key) -> Key:
    """The key with a verb of the pages. Refused: nothing is parked, no such reason, no such kind of case."""
    match key.verb:
        case "pause-or-resume":
            return await _paused(hall, no, key)
        case "finish" | "finish-and-next" if key.argument:
            return replace(key, argument=await hall.read(kinds.of_digit, typed=key.argument))
        case "call-back":
            parked = (await choices(hall, no, "parked")).choices  # the longest first
            if not parked:
                raise Refused("nobody_waiting")
            return replace(key, verb="call", argument=parked[0][0])
        case _:
            return key


async def _paused(hall: Hall, no: str, key: Key) -> Key:
    """Between visits a pause, during one a step away; and the end of either. A digit before it is the reason's place
    in the list."""
    window = hall.picture.windows.get(no)
    open_visit = window is not None and window.ticket is not None
    if window is not None and window.pause is not None:
        return replace(key, verb="back" if open_visit else "resume", argument="")
    reasons = [code for code, _ in (await choices(hall, no, "pause-reasons")).choices]
    return replace(key, verb="away" if open_visit else "pause", argument=_reason(reasons, key.argument))


def _reason(reasons: list[str], typed: str) -> str:
    if not typed and (USUAL_REASON in reasons or not reasons):
        return USUAL_REASON
    place = int(typed or "1")
    if not 1 <= place <= len(reasons):
        raise Refused("invalid", field="reason")
    return reasons[place - 1]
