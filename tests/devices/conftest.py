"""Every test here leaves nothing behind: no task, no thread, no descriptor. Every log line is really formatted."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.devices.rig import Rig, until


def descriptors() -> dict[str, str]:
    found = {}
    for fd in os.listdir("/proc/self/fd"):
        try:
            found[fd] = os.readlink(f"/proc/self/fd/{fd}")
        except FileNotFoundError:
            continue  # the listing's own
    return found


@pytest.fixture(autouse=True)
async def _leaves_nothing(caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    caplog.set_level(logging.DEBUG, "hallq.wire")
    before, threads = descriptors(), set(threading.enumerate())
    yield
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    assert not tasks, f"tasks left: {tasks}"
    hands = {thread for thread in threading.enumerate() if thread.name.startswith("hallq-port")}  # a pool's
    assert set(threading.enumerate()) - hands <= threads, "threads left"
    with suppress(TimeoutError):  # ports are closed beside the loop
        await until(lambda: not descriptors().keys() - before.keys(), seconds=2)
    left = {fd: what for fd, what in descriptors().items() if fd not in before}
    assert not left, f"descriptors left: {left}"


@pytest.fixture
async def rig(_leaves_nothing: None, tmp_path: Path) -> AsyncIterator[Rig]:
    made = Rig(tmp_path)
    yield made
    await made.stop()


@pytest.fixture(params=["pty", "tcp"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)
