"""Numbers of the desk's registers: by year, without gaps."""

from __future__ import annotations


def following(last: str | None, day: str) -> str:
    """After `last`, the register's newest number: 2026-0007 -> 2026-0008, and 2027-0001 with the new year."""
    year = day[:4]
    serial = int(last[5:]) + 1 if last is not None and last.startswith(year) else 1
    return f"{year}-{serial:04d}"
