"""Personal data as those read it who need not know it: enough to tell two people apart, not enough to find one."""

from __future__ import annotations


def name(full: str) -> str:
    """张建国 -> 张**."""
    return f"{full[:1]}**" if full else ""


def contact(full: str) -> str:
    """13812345678 -> 138****5678."""
    if not full:
        return ""
    return f"{full[:3]}****{full[-4:]}" if len(full) > 7 else "****"


def id_number(full: str) -> str:
    """K07: 150627199001011234 -> 1506************34; what is too short for that keeps its last two."""
    kept = 4 if len(full) >= 12 else 0
    return f"{full[:kept]}{'*' * max(0, len(full) - kept - 2)}{full[-2:]}" if len(full) > 2 else "*" * len(full)
