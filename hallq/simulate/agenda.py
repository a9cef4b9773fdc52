"""What is to happen when: events in order of time, and of being put down where the time is the same."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from typing import Any

from hallq.kernel import MINUTE, Ms


class Agenda:
    def __init__(self) -> None:
        self.now: Ms = 0
        self._heap: list[tuple[Ms, int, Callable[..., None], tuple[Any, ...]]] = []
        self._count = 0

    def at(self, at: Ms, event: Callable[..., None], *details: Any) -> None:
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, event, details))

    def run(self, minutely: Callable[[], None]) -> Iterator[Ms]:
        """Everything, to the last event. Once a minute `minutely` runs, and the minute is yielded."""
        minute = self._heap[0][0] if self._heap else 0
        while self._heap:
            if self._heap[0][0] > minute:
                self.now = minute
                minutely()
                yield minute
                minute += MINUTE
                continue
            self.now, _, event, details = heapq.heappop(self._heap)
            event(*details)
