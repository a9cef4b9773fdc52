"""What a press on the pad changes, and how long the pad shows it. Pure; the two lowest levels are bad ratings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from hallq.kernel import SECOND, Ms

if TYPE_CHECKING:
    from hallq.ticketing.rules import Rules

BAD = 2  # this level and below


class Press(Protocol):
    """A stored rating."""

    @property
    def level(self) -> int: ...

    @property
    def reasons(self) -> str: ...

    @property
    def comment(self) -> str: ...

    @property
    def at(self) -> Ms: ...


def joined(reasons: Iterable[str]) -> str:
    return ",".join(dict.fromkeys(reasons))


def change_of(
    known: Press, at: Ms, level: int, reasons: Sequence[str], comment: str, rules: Rules
) -> dict[str, Any]:
    """What a repeated press changes of the stored rating: another level soon replaces it, reasons and the first comment
    may join a little longer, and nothing else counts."""
    other = level != known.level
    if at - known.at > (rules.rate_change_s if other else rules.rate_reasons_s) * SECOND:
        return {}
    old = [reason for reason in known.reasons.split(",") if reason and not other]
    wished = {"level": level, "reasons": joined([*old, *reasons]), "comment": known.comment or comment}
    return {name: value for name, value in wished.items() if value != getattr(known, name)}


def correction_of(known: Press, level: int, reasons: Sequence[str] | None, comment: str | None) -> dict[str, Any]:
    """What the citizen corrects beside the pad, on the day: the level, and with it or later its reasons and words."""
    kept = known.reasons if level == known.level else ""
    wished = {
        "level": level,
        "reasons": kept if reasons is None else joined(reasons),
        "comment": known.comment if comment is None else comment.strip(),
    }
    return {name: value for name, value in wished.items() if value != getattr(known, name)}


def screen_after(known: Press, rules: Rules) -> tuple[str, int]:
    """What the pad shows after a press, and for how many seconds: it asks why after a bad level, else it thanks while
    the level may still be changed."""
    if known.level > BAD:
        return "thanks", rules.rate_change_s
    return ("thanks", rules.rate_thanks_s) if known.reasons or known.comment else ("reasons", rules.rate_reasons_s)
