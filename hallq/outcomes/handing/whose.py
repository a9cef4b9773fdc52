"""Who reads what was passed on or refused: a department its own, a writer the own. Neither named: everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from hallq.outcomes.model import Referral, RefusalRecord

Row = TypeVar("Row", Referral, RefusalRecord)


def of(rows: Iterable[Row], *, department: str | None, by: str | None) -> Iterator[Row]:
    """`by`: an actor."""
    everyone = department is None and by is None
    return (row for row in rows if everyone or row.department == department or row.by == by)
