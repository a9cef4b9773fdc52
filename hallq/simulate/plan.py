"""What a day brings, drawn before it begins: who comes when and for what, who sits where, who rests, what closes.

Nothing in it depends on the queue's rules, so every policy meets the same day (common random numbers).
"""

from __future__ import annotations

from typing import NamedTuple

from hallq.kernel import Ms

FINISHED, NO_SHOW, PARKED, TRANSFERRED = "finished", "no_show", "parked", "transferred"


class Step(NamedTuple):
    """One visit at a window, from the call to its end."""

    service: str
    handling: Ms  # from the start, all cases of the ticket
    walk: Ms = 0  # from the call to the start; 0: the clerk presses no start
    end: str = FINISHED
    after: Ms = 0  # the clerk's own, before the next call
    back: Ms | None = None  # parked or missed: so long until the citizen is there again


class Citizen(NamedTuple):
    at: Ms
    steps: tuple[Step, ...]
    category: str = "ordinary"
    people: int = 1
    cases: int = 1
    patience: Ms | None = None  # gives up when not called by then


class Duty(NamedTuple):
    """Someone sits at a window."""

    window: str
    since: Ms
    until: Ms
    stays: str = ""  # beyond `until`, while someone waits (queue), or may still need this window (house)


class Rest(NamedTuple):
    """A pause: after the visit that is open then."""

    window: str
    at: Ms
    lasts: Ms
    reason: str


class Closing(NamedTuple):
    window: str
    since: Ms
    until: Ms


class Plan(NamedTuple):
    citizens: tuple[Citizen, ...]
    duties: tuple[Duty, ...]
    rests: tuple[Rest, ...] = ()
    closings: tuple[Closing, ...] = ()
