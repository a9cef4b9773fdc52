"""A hub per test, with a few callers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.hub import Caller, Hub, hub, write_hall


@pytest.fixture
async def hall_hub(tmp_path: Path) -> AsyncIterator[Hub]:
    async with hub(write_hall(tmp_path)) as running:
        yield running


@pytest.fixture
async def kiosk(hall_hub: Hub) -> Caller:
    return await hall_hub.device("kiosk", "k1")
