"""Which ratings look wrong (issue of 好差评: mistaken and malicious ones are excluded, but only after review). Pure.

In a hall that is always open, a demo or a test, nobody is suspected for being quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hallq.kernel import SECOND, Ms

if TYPE_CHECKING:
    from hallq.ticketing.rules import Rules

FAST, RUN, PHONE, ADDRESS, MANUAL = "fast", "run", "phone", "address", "manual"


def too_fast(ended: Ms | None, at: Ms, rules: Rules) -> bool:
    """Nobody reads five keys so soon after the finish. `ended`: when the visit ended; None: it goes on."""
    return not rules.always_open and ended is not None and at - ended < rules.rate_too_fast_s * SECOND


def in_a_run(times: Sequence[Ms], at: Ms, rules: Rules) -> set[Ms]:
    """Of the presses of one channel at one window, those that stand with the one of `at` in a run too close to be
    citizens who come one after the other."""
    size, span = rules.rate_run, rules.rate_run_s * SECOND
    if rules.always_open or size < 2:
        return set()
    ordered, found = sorted(times), set[Ms]()
    for first in range(len(ordered) - size + 1):
        run = ordered[first : first + size]
        if run[-1] - run[0] <= span and run[0] <= at <= run[-1]:
            found.update(run)
    return found


def too_many(tickets: int, rules: Rules) -> bool:
    """Of one phone, in one day."""
    return tickets > rules.rate_phone_tickets
