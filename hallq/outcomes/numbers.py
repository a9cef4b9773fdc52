"""Numbers of papers and registers run by year without gaps: "2026-00012". After a restore they go on at the next
hundred: what was given after the copy was made is on paper.
"""

from __future__ import annotations

from typing import Any

from hallq.kernel import Tx
from hallq.ticketing.model import Counter

RESTORED = "restored"  # a counter's prefix: of a year, when its hall was last restored


def following(tx: Tx, newest: Any, *, digits: int = 5, **values: Any) -> str:
    """The number after that of the row which `newest` selects with `values`; the first one of a new year."""
    year, last = tx.day[:4], tx.first(newest, **values)
    given = int(last.no[5:]) if last is not None and last.no.startswith(year) else 0
    restored = tx.get(Counter, RESTORED, year)
    if restored is not None and (last is None or last.at < restored.last):
        given = (given // 100 + 1) * 100
    return f"{year}-{given + 1:0{digits}d}"


def skip(tx: Tx) -> None:
    """Each kind of number makes its step when it is next given."""
    year = tx.day[:4]
    known = tx.get(Counter, RESTORED, year)
    if known is None:
        tx.insert(Counter, prefix=RESTORED, day=year, last=tx.now)
    else:
        tx.update(known, last=tx.now)
