"""How robot clerks end a visit: with a kind mostly, with a one-time notice now and then; the same for one ticket."""

from __future__ import annotations

from random import Random
from typing import Any

from hallq.demo.past import outcomes
from hallq.demo.past.notices import lacking
from hallq.kernel import Reads
from hallq.outcomes import kinds, recorded
from hallq.outcomes.clock import guide_of
from hallq.outcomes.one_time.content import Content

NOTICE = "notice"  # beside the verbs of a window
LACKING = 0.05  # of the visits: papers are missing
TYPED = 0.3  # of the cases: the clerk types the number in the approval system


def ending(db: Reads, *, ticket: int, service: str, back: bool) -> tuple[str, dict[str, Any]]:
    """Verb and wish. `back`: who has fetched the papers already."""
    chance = Random(ticket)
    if not back and chance.random() < LACKING and (content := _missing(db, service, chance)) is not None:
        return NOTICE, {"content": content, "aside": True}
    if chance.random() >= outcomes.NAMED:
        return "finish", {}
    kind = kinds.known(db)[outcomes.kind_of(db, service, chance)]
    wish = {"outcome": kind.code}
    if (reason := outcomes.reason_of(kind.code, chance)) is not None:
        wish["reason"] = reason
    if recorded.case_no_wanted(db, service, kind) or chance.random() < TYPED:
        wish["case_no"] = f"SP{db.day.replace('-', '')}{ticket:05d}"
    return "finish", wish


def digit_of(db: Reads, *, code: str) -> str:
    """What is typed for it at a keypad."""
    return kinds.known(db)[code].digit


def _missing(db: Reads, service: str, chance: Random) -> Content | None:
    guide = guide_of(db, service)
    if not guide.materials:
        return None
    return lacking(guide, chance.sample(guide.materials, chance.randint(1, min(2, len(guide.materials)))))
