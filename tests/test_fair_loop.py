"""The tests' own time: what the machine takes away does not count, what is waited for does."""

from __future__ import annotations

import asyncio
import time

from tests.fair_loop import STEP, awaited


async def test_no_patience_is_spent_while_the_machine_stands_still() -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with asyncio.timeout(0.1):
        time.sleep(0.15)  # that is the machine
        await asyncio.sleep(0.01)
    assert loop.time() - begun < 0.01 + 3 * STEP


async def test_a_wait_is_a_wait() -> None:
    begun = time.monotonic()
    await asyncio.sleep(0.1)
    assert time.monotonic() - begun >= 0.1


async def test_a_task_that_hangs_says_where() -> None:
    async def hangs() -> None:
        await asyncio.Event().wait()

    task = asyncio.create_task(hangs(), name="the test")
    await asyncio.sleep(0)
    assert [line.split()[-1] for line in awaited(task).splitlines()[:3]] == ["test", "hangs", "wait"]
    task.cancel()
