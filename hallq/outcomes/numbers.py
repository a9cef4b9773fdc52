"""Numbers of papers and registers run by year without gaps: "2026-00012"."""

from __future__ import annotations

from typing import Any

from hallq.kernel import Tx


def following(tx: Tx, newest: Any, *, digits: int = 5, **values: Any) -> str:
    """The number after that of the row which `newest` selects with `values`; the first one of a new year."""
    year, last = tx.day[:4], tx.first(newest, **values)
    serial = int(last.no[5:]) + 1 if last is not None and last.no.startswith(year) else 1
    return f"{year}-{serial:0{digits}d}"
