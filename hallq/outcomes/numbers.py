"""Numbers of papers run by year without gaps: "2026-00012"."""

from __future__ import annotations


def following(day: str, last: str | None) -> str:
    """The number after `last`, the first one of a new year."""
    year = day[:4]
    serial = int(last[5:]) + 1 if last is not None and last.startswith(year) else 1
    return f"{year}-{serial:05d}"
