"""Time that does not pass while the machine lets a test stand still: a test's patience and a simulated device's answer
limit are then spent on what is tested, not on what else the machine does.
"""

from __future__ import annotations

import asyncio
import selectors
import time
import weakref
from typing import Any, ClassVar

NAP = 0.02  # seconds; who waits looks at the clock at least so often
STEP = 0.03  # more than this between two looks, and it was kept from running


class FairTime:
    def __init__(self) -> None:
        self._seen, self._stood = time.monotonic(), 0.0

    def monotonic(self) -> float:
        now = time.monotonic()
        self._stood += max(0.0, now - self._seen - STEP)
        self._seen = now
        return now - self._stood


class FairLoop(asyncio.SelectorEventLoop):
    living: ClassVar[weakref.WeakSet[FairLoop]] = weakref.WeakSet()

    def __init__(self) -> None:
        self.living.add(self)
        self._time = FairTime()
        super().__init__(_Napping())

    def time(self) -> float:
        return self._time.monotonic()


class _Napping(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(NAP if timeout is None else min(timeout, NAP))


def awaited(task: asyncio.Task[Any]) -> str:
    """Where a task stands, from its beginning to what it waits for."""
    at: Any = task.get_coro()
    lines = [task.get_name()]
    while at is not None:
        frame = getattr(at, "cr_frame", None) or getattr(at, "ag_frame", None) or getattr(at, "gi_frame", None)
        lines.append(f"  {frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}" if frame else f"  {at!r}")
        at = getattr(at, "cr_await", None) or getattr(at, "ag_await", None) or getattr(at, "gi_yieldfrom", None)
    return "\n".join(lines)
