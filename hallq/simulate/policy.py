"""The ways to choose who is called next that a scenario may compare. Only the bound is for production."""

from __future__ import annotations

from dataclasses import replace

from hallq.ticketing.rules import Rules

FORMS = '"bound:5", "strict", "ratio:3" or "fifo"'


def policy_name(text: str) -> str:
    """Raises ValueError."""
    _changes(text)
    return text


def apply(rules: Rules, policy: str) -> Rules:
    return replace(rules, **_changes(policy))  # type: ignore[arg-type]  # names and types are those of Rules


def _changes(policy: str) -> dict[str, str | int]:
    kind, _, number = policy.partition(":")
    count = int(number) if number.isdecimal() and len(number) <= 3 else None
    match kind:
        case "bound" if count is not None:
            return {"policy": "bound", "green_bound": count}
        case "ratio" if count:
            return {"policy": policy}
        case "strict" if not number:
            return {"policy": "strict"}
        case "fifo" if not number:  # nobody may be overtaken
            return {"policy": "bound", "green_bound": 0}
    raise ValueError(f'"{policy}" is no policy; write {FORMS}')
