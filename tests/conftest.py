"""For all layers: what is true is judged, not how fast a busy machine is; and no hall waits for its disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from hallq.store import connect
from tests.fair_loop import FairLoop

settings.register_profile("hall", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hall")


def pytest_asyncio_loop_factories() -> dict[str, type[FairLoop]]:
    return {"fair": FairLoop}


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
