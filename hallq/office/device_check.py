"""B28: the kept report of a full check of all devices: who, when, and what each device did."""

from __future__ import annotations

from typing import Any

import orjson
from sqlmodel import col, select

from hallq.kernel import MINUTE, Ms, Reads, Refused, Tx
from hallq.office.post_model import DeviceCheck
from hallq.ticketing.lookups import name_of_actor

DONE, FAILED, UNKNOWN, DOWN, BUSY = "done", "failed", "unknown", "down", "busy"
LONGEST: Ms = 2 * MINUTE
NEWEST = select(DeviceCheck).order_by(col(DeviceCheck.id).desc()).limit(20)


def begin(tx: Tx, *, devices: int) -> DeviceCheck:
    """One at a time; one that a restart has cut off blocks nobody."""
    last = tx.first(NEWEST)
    if last is not None and last.ended_at is None and tx.now - last.at < LONGEST:
        raise Refused("wrong_state", state="testing")
    return tx.insert(DeviceCheck, day=tx.day, at=tx.now, actor=tx.actor, devices=devices)


def keep(tx: Tx, *, check: int, results: dict[str, str]) -> None:
    row = tx.get(DeviceCheck, check)
    assert row is not None
    failed = sum(result != DONE for result in results.values())
    kept = orjson.dumps(results, option=orjson.OPT_SORT_KEYS).decode()
    tx.log(check=check, devices=row.devices, failed=failed)
    tx.update(row, ended_at=tx.now, failed=failed, results=kept)


def newest(db: Reads) -> list[dict[str, Any]]:
    return [report(db, row) for row in db.find(NEWEST)]


def report(db: Reads, row: DeviceCheck) -> dict[str, Any]:
    return {
        "id": row.id, "at": row.at, "by": name_of_actor(db, row.actor), "devices": row.devices, "failed": row.failed,
        "ended": row.ended_at is not None, "running": row.ended_at is None and db.now - row.at < LONGEST,
        "results": orjson.loads(row.results),
    }  # fmt: skip
