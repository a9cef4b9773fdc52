"""Who is in the house and what each window does: the engine's own state, beside the rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hallq.kernel import Ms
from hallq.simulate.plan import Citizen, Duty, Rest, Step


@dataclass(slots=True)
class Guest:
    """A citizen in the house."""

    citizen: Citizen
    ticket: int
    called: int = 0  # steps that were begun

    @property
    def step(self) -> Step:
        """The present one."""
        return self.citizen.steps[self.called - 1]

    @property
    def to_come(self) -> list[str]:
        """The services of the further steps."""
        return [step.service for step in self.citizen.steps[self.called :]]


@dataclass(slots=True)
class Desk:
    """A window with its clerk, and how its time went."""

    no: str
    services: frozenset[str]
    open: bool = False  # signed in
    closed: bool = False
    duty: Duty | None = None
    guest: Guest | None = None
    rest: Rest | None = None  # due, or under way
    resting: bool = False
    settling: bool = False  # between two visits
    refused: str = ""  # why the last call was
    since: Ms = 0  # when it was opened, called or paused
    opened: Ms = 0
    used: Counter[str] = field(default_factory=Counter)  # ms open, busy, paused

    @property
    def free(self) -> bool:
        """Its clerk is there and has nothing else to do than to call."""
        return self.open and self.guest is None and not self.resting and not self.settling

    def over(self, now: Ms) -> bool:
        return self.duty is None or now >= self.duty.until
