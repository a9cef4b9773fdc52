"""What is read once and kept: read anew by who asks first after the hall told of a change, or on another day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from hallq.hall import Hall
from hallq.kernel import Reads
from hallq.office.dates import day_of

T = TypeVar("T")
DAY, MONTH = len("2026-01-31"), len("2026-01")


class Kept(Generic[T]):
    """`key`: what the hall's listeners hear of a change. `span`: so much of the day's date stays the same."""

    def __init__(self, hall: Hall, key: str, look: Callable[[Reads], T], span: int = DAY) -> None:
        self._hall, self._key, self.look, self._span = hall, key, look, span
        self._kept: tuple[tuple[str, int], T] | None = None
        self._changes = 0
        self._one = asyncio.Lock()
        hall.listeners.append(self._forget)

    def _forget(self, keys: set[str]) -> None:
        if self._key in keys:
            self._changes += 1

    async def get(self) -> T:
        async with self._one:
            now = (day_of(self._hall.now(), self._hall.rules.timezone)[: self._span], self._changes)
            if self._kept is None or self._kept[0] != now:
                self._kept = (now, await self._hall.read(self.look))
            return self._kept[1]
