"""Whether a peak is in force, and where: its windows pause for a short time only (C04)."""

from __future__ import annotations

from hallq.kernel import Reads, Refused
from hallq.ticketing.model import HallMode, Window, WindowService


def in_force(db: Reads) -> HallMode | None:
    """Its end is the clock's: also before the hub has noticed it."""
    mode = db.get(HallMode, 1)
    if mode is None or mode.peak_since is None or (mode.peak_until is not None and mode.peak_until <= db.now):
        return None
    return mode


def at(db: Reads, window: str) -> bool:
    """A plan that names businesses binds the windows that offer one of them."""
    mode = in_force(db)
    if mode is None or not mode.peak_services:
        return mode is not None
    return any(db.get(WindowService, window, service) is not None for service in mode.peak_services.split(","))


def pause_minutes(db: Reads, window: Window, asked: int | None, usual: int | None) -> int | None:
    """C04: `usual`, the reason's own, is cut to the longest one: a key alone can name no other. Raises
    Refused("peak_limited", minutes) for a longer one that somebody asked for."""
    planned, longest = usual if asked is None else asked, db.rules.peak_pause_min
    if not at(db, window.no):
        return planned
    if asked is not None and asked > longest:
        raise Refused("peak_limited", minutes=longest)
    return longest if planned is None else min(planned, longest)
