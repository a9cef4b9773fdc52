"""Signing in at a pad: staff number and PIN. Shared by browser pads and hardware pads."""

from __future__ import annotations

import asyncio

from hallq.hall import Hall
from hallq.kernel import Refused
from hallq.limits import Limit
from hallq.outcomes.handing import handovers
from hallq.people import looks
from hallq.people.secrets import matches
from hallq.ticketing import commands


async def pin_sign_in(hall: Hall, limit: Limit, no: str, staff_no: str, pin: str) -> None:
    """At a window whose clerk has paused this takes over (B03).

    Refused wrong_pin after the same time whether or not the number exists or may work here; too_many after ten."""
    limit.check(no)
    door = await hall.read(looks.pin_door, staff_no=staff_no)
    good = await asyncio.to_thread(matches, door.stored, pin)
    limit.check(no)  # again: many may have been tried at the same time
    if not good or door.person is None:
        limit.count(no)
        raise Refused("wrong_pin")
    try:
        window = hall.picture.windows.get(no)
        relieved = window is not None and window.pause is not None and window.clerk is not None
        command = handovers.take_over if relieved else commands.sign_in
        await hall.do(command, f"person:{door.person}", window=no, person=door.person)
    except Refused as refused:
        if refused.code not in ("forbidden", "not_qualified"):
            raise
        limit.count(no)
        raise Refused("wrong_pin") from None
