"""A press tests one device (B28): kept with who, when and what came of it. A browser pad shows a grid to touch.

The grid stands in the live key padtest/NO for the pad and the office while it runs, 90 s at the most; a citizen who is
called to the window ends it.
"""

from __future__ import annotations

import asyncio

import structlog

from hallq.kernel import Refused
from hallq.office import device_marks
from hallq.office.device_check import BUSY, DONE, DOWN, FAILED, UNKNOWN
from hallq.office.device_model import DeviceTest
from hallq.wiring import self_test
from hallq.wiring.device_care import PAD
from hallq.wiring.device_register import register
from hallq.wiring.wiring import Wiring

PARTIAL = "partial"  # cells of the grid that never answered
ROWS, COLUMNS = 5, 8
LONGEST_S = 90.0
TOUCH = "padtest/"
log = structlog.get_logger("hallq.devices")


class DeviceTests:
    """Those that run now; one per device."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring, self._hall = wiring, wiring.hall
        self._running: dict[str, asyncio.Task[str]] = {}
        self._grids: dict[str, Grid] = {}
        self._hall.listeners.append(self._hear)

    def is_running(self, subject: str) -> bool:
        return subject in self._running

    async def known(self, subject: str) -> None:
        """Raises Refused: not_found."""
        if not any(each["id"] == subject for each in await register(self._wiring)):
            raise Refused("not_found", what="device", id=subject)

    def start(self, test: DeviceTest) -> asyncio.Task[str]:
        """Its end is kept by itself."""
        if test.subject not in self._running:
            self._running[test.subject] = asyncio.create_task(self._run(test))
        return self._running[test.subject]

    async def _run(self, test: DeviceTest) -> str:
        assert test.id is not None
        result, cells = FAILED, ""
        try:
            result, cells = await self._test(test.subject)
        except Exception:
            log.exception("a device's test broke off", device=test.subject)
        finally:
            del self._running[test.subject]
        await self._hall.do(device_marks.keep_test, test=test.id, result=result, cells=cells)
        return result

    async def _test(self, subject: str) -> tuple[str, str]:
        role, _, place = subject.partition(":")
        if subject in self._wiring.fleet.health():
            return await self_test.one(self._wiring, subject), ""
        page = self._wiring.care.pages.get(subject)
        if page is None or not page.open:
            return DOWN, ""
        return await self._touched(place) if role == PAD else (DONE, "")

    async def through(self, actor: str, subject: str) -> str:
        """For the command line: what came of it."""
        if subject not in self._wiring.fleet.health():
            raise Refused("not_found", what="device", id=subject)
        made = await self._hall.do(device_marks.begin_test, actor, subject=subject, running=self.is_running(subject))
        return await self.start(made)

    # -- the grid

    async def _touched(self, no: str) -> tuple[str, str]:
        if self._is_busy(no):
            return BUSY, ""
        grid = self._grids[no] = Grid()
        try:
            self._show(no)
            async with asyncio.timeout(LONGEST_S):
                await grid.ended.wait()
        except TimeoutError:
            pass
        finally:
            del self._grids[no]
            self._hall.set_extra(TOUCH + no, None)
        if grid.left and grid.interrupted:
            return BUSY, ""
        return grid.result(), ",".join(sorted(grid.left)) if grid.left != ALL else ""

    def touch(self, no: str, cells: list[str], *, end: bool) -> int:
        """The pad tells which cells were touched; how many are left. Raises Refused `not_found`: no test runs there."""
        grid = self._grids.get(no)
        if grid is None:
            raise Refused("not_found", what="test", id=no)
        grid.left -= set(cells)
        if end or not grid.left:
            grid.ended.set()
        self._show(no)
        return len(grid.left)

    def _show(self, no: str) -> None:
        left = sorted(self._grids[no].left)
        self._hall.set_extra(TOUCH + no, {"window": no, "rows": ROWS, "columns": COLUMNS, "left": left})

    def _is_busy(self, no: str) -> bool:
        window = self._hall.picture.windows.get(no)
        return (window is not None and window.ticket is not None) or no in self._hall.invitations

    def _hear(self, keys: set[str]) -> None:
        for no, grid in self._grids.items():
            if f"pad/{no}" in keys and self._is_busy(no):
                grid.interrupted = True
                grid.ended.set()


ALL = frozenset(f"{row}-{column}" for row in range(ROWS) for column in range(COLUMNS))


class Grid:
    def __init__(self) -> None:
        self.left = set(ALL)
        self.interrupted = False
        self.ended = asyncio.Event()

    def result(self) -> str:
        if not self.left:
            return DONE
        return UNKNOWN if self.left == ALL else PARTIAL


