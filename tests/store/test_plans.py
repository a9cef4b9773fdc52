"""What the hall asks of its database goes through indices: its tables grow by thousands of rows a day, for years."""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select

import hallq
from hallq import schema
from hallq.rows import _Query

GROWING = (
    "ticket", "visit", "notice", "appointment", "spell", "shift", "pause", "shown", "overtake", "rating",
    "invitation", "delivery", "ledger_entry", "day_facts", "case_step", "one_time_notice", "outcome",
    "referral", "refusal_record", "extension", "found_item", "found_step", "mail", "handover", "guide_version",
)  # fmt: skip
ROOMS = (
    "hallq.ticketing", "hallq.office", "hallq.assessment", "hallq.people", "hallq.web", "hallq.hooks", "hallq.items",
    "hallq.outcomes", "hallq.registers", "hallq.public", "hallq.privacy",
)  # fmt: skip
SEEN_WHOLE = {  # of simulations alone, or once a day
    "hallq.ticketing.waiting.queue.LAST_CALLS",
    "hallq.hooks.commands.LATEST",  # of a page, from the end, to the fiftieth
}


def selects() -> Iterator[tuple[str, Any]]:
    for found in pkgutil.walk_packages(hallq.__path__, "hallq."):
        if found.name.startswith(ROOMS):
            module = importlib.import_module(found.name)
            yield from ((f"{found.name}.{name}", one) for name, one in vars(module).items() if isinstance(one, Select))


def from_the_end(select: Any, steps: list[Any]) -> bool:
    """The newest rows alone, as they lie: no condition, no sorting, and a limit."""
    unsorted = not any("TEMP B-TREE" in step[3] for step in steps)
    return select.whereclause is None and select._limit_clause is not None and unsorted


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("plans") / "hall.db"
    schema.prepare(path)
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


def test_no_look_reads_a_growing_table_as_a_whole(database: sqlite3.Connection) -> None:
    """A scan of a partial index (open ones, waiting ones) is short; a scan of the table is not."""
    whole = []
    for name, select in selects():
        query = _Query(select)
        steps = database.execute(f"EXPLAIN QUERY PLAN {query.sql}", [None] * len(query.names)).fetchall()
        scanned = {step[3] for step in steps} & {f"SCAN {table}" for table in GROWING}
        if scanned and name not in SEEN_WHOLE and not from_the_end(select, steps):
            whole.append((name, scanned))
    assert not whole
