"""The wall's two rates (I01): the whole hall's in this month so far, never one department's; counted once a minute."""

from __future__ import annotations

from typing import Any

from hallq.kernel import MINUTE, Reads
from hallq.outcomes import rates

SHOWN = ("spot", "promise")


class Wall:
    def __init__(self) -> None:
        self._minute = -1
        self._held: dict[str, Any] = {}

    def take(self, db: Reads) -> dict[str, Any]:
        if db.now // MINUTE != self._minute:
            self._minute = db.now // MINUTE
            found = rates.of_period(db, since=f"{db.day[:7]}-01", until=db.day)["hall"]["rates"]
            self._held = {"cases": {name: found[name] for name in SHOWN}}
        return self._held
