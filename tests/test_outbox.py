"""The outbox when something on the way fails: what waits is not forgotten, and nothing stays on its way for ever."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from hallq import outbox
from hallq.hall import Hall
from hallq.outbox import Outbox
from hallq.rows import Effect
from hallq.store import StorageError

NOBODY: Any = None  # says anything here


class Stage:
    """A hall whose disk fails at the first claim and takes all that follows."""

    def __init__(self) -> None:
        self.effects_waiting = asyncio.Event()
        self.waiting = [Effect(id=1, kind="print", target="kiosk/k1", payload='{"ticket": 1}', at=0, deadline=9000)]
        self.settled: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.fails = True

    async def do(self, command: Any, **kwargs: Any) -> Any:
        if command is outbox.claim:
            if self.fails:
                self.fails = False
                raise StorageError("disk full")
            claimed, self.waiting = self.waiting, []
            return claimed
        if command is outbox.settle:
            self.settled.set_result(kwargs["state"])
        return None

    async def read(self, look: Any, **kwargs: Any) -> bool:
        return True

    def now(self) -> int:
        return 0


@pytest.mark.parametrize("faulty", [False, True])
async def test_a_failed_claim_is_tried_again_and_a_fault_is_told(monkeypatch: pytest.MonkeyPatch, faulty: bool) -> None:
    async def hand(kind: str, target: str, payload: dict[str, Any], seconds: float) -> tuple[str, str]:
        if faulty:
            raise KeyError(target)
        return "done", "printer"

    monkeypatch.setattr(outbox, "RETRY", 0.0)
    stage = Stage()
    box = Outbox(cast("Hall", stage), hand, say=NOBODY)
    await box.start()
    assert await asyncio.wait_for(stage.settled, 20) == ("unknown" if faulty else "done")
    await box.stop()
