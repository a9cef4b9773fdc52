"""What the whole hall is in, as a window's displays tell it: an emergency, or the midday break."""

from __future__ import annotations

from hallq.kernel import Ms
from hallq.texts import EN, ZH, text
from hallq.ticketing.picture import Picture, WindowView

EMERGENCY = {"evacuate": "v.fire", "hold": "em.hold"}
CALLING = frozenset({"call_next", "call", "recall", "no_show", "finish_and_next"})  # stand still in an emergency


def emergency(picture: Picture) -> tuple[str, str] | None:
    """Its words in Chinese and English."""
    if picture.mode.emergency is None:
        return None
    key = EMERGENCY[picture.mode.emergency_kind or "evacuate"]
    return text(key, ZH), text(key, EN)


def noon(picture: Picture, window: WindowView) -> tuple[str, Ms | None]:
    """`duty` where one of its services goes on through the break, `rest` and until when where none does; else empty."""
    queues = [picture.queues[code] for code in window.services if code in picture.queues]
    if any(queue.noon == "duty" for queue in queues):
        return "duty", None
    if not queues or any(queue.noon != "rest" for queue in queues):
        return "", None
    return "rest", min((queue.back for queue in queues if queue.back is not None), default=None)
