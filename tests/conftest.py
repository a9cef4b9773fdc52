"""For all layers: what is true is judged, not how fast a busy machine is; and no hall waits for its disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from hallq.store import connect
from tests.fair_loop import FairLoop, awaited

settings.register_profile("hall", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hall")


def pytest_asyncio_loop_factories() -> dict[str, type[FairLoop]]:
    return {"fair": FairLoop}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that hung says what it awaited, which the threads' stacks do not."""
    report = yield
    if call.excinfo is not None and "pytest-timeout" in str(call.excinfo.value):
        tasks = [task for loop in FairLoop.living for task in asyncio.all_tasks(loop)]
        report.sections.append(("Awaited", "\n".join(map(awaited, tasks))))
    return report


@pytest.fixture(scope="session", autouse=True)
def _no_power_is_cut() -> Iterator[None]:
    """What the kernel has is enough here; hubs that are killed or traced are processes of their own (tests/chaos)."""

    def connect_in_haste(path: Path, *, query_only: bool = False) -> sqlite3.Connection:
        connection = connect(path, query_only=query_only)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hallq.store.connect", connect_in_haste)
        patch.setattr("hallq.schema.connect", connect_in_haste)
        yield
