"""What the desk's registers share: a number by year, a slip that is asked for."""

from __future__ import annotations

from hallq.kernel import SECOND, Tx


def following(last: str | None, day: str) -> str:
    """After `last`, the register's newest number: 2026-0007 -> 2026-0008, and 2027-0001 with the new year."""
    year = day[:4]
    serial = int(last[5:]) + 1 if last is not None and last.startswith(year) else 1
    return f"{year}-{serial:04d}"


def print_paper(tx: Tx, paper: str, key: int | None, target: str) -> bool:
    """False: nothing prints there."""
    ref = f"paper/{paper}/{key}"
    return tx.effect("print", target, {"paper": paper, "id": key}, lasts=tx.rules.print_s * SECOND, ref=ref)
