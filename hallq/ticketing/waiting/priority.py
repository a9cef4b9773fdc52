"""Between the green channel and the others: one rule in production, and two that a simulation compares it with.

`Rules.policy` names it: "bound", "strict", or "ratio:3" for three green calls and then an ordinary one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hallq.kernel import SECOND
from hallq.ticketing import rules
from hallq.ticketing.rules import Place, Rules


class Look(NamedTuple):
    """What a policy may ask about the past."""

    overtaken: Callable[[Place], int]
    greens_in_a_row: Callable[[int], int]  # the window's last calls, at most so many of them


def choose(known: Rules, heads: Sequence[Place], look: Look) -> Place | None:
    name, _, number = known.policy.partition(":")
    return POLICIES[name](known, heads, look, int(number or 0))


def _bound(known: Rules, heads: Sequence[Place], look: Look, _: int) -> Place | None:
    return rules.choose(heads, look.overtaken, known.green_bound, known.skill_step_s * SECOND)


def _strict(known: Rules, heads: Sequence[Place], look: Look, _: int) -> Place | None:
    return rules.choose(heads, lambda place: 0, 1, known.skill_step_s * SECOND)


def _ratio(known: Rules, heads: Sequence[Place], look: Look, greens: int) -> Place | None:
    others = [head for head in heads if not head.green]
    turn = others and look.greens_in_a_row(greens) >= greens
    return _strict(known, others if turn else heads, look, 0)


POLICIES: dict[str, Callable[[Rules, Sequence[Place], Look, int], Place | None]] = {
    "bound": _bound,
    "strict": _strict,
    "ratio": _ratio,
}
