"""报修 and tests: a marked device raises no alarm, and a window without a usable pad is held against nobody.

`subject`: a device's id, or role:place of a paired page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import Ms, Reads, Refused, Tx
from hallq.office.device_model import DeviceMark, DeviceTest, PadGap
from hallq.ticketing.lookups import name_of_actor

Json = dict[str, Any]
LONGEST_NOTE = 200
STANDING = select(DeviceMark).where(col(DeviceMark.ended_at).is_(None))
MARK_OF = STANDING.where(col(DeviceMark.subject) == bindparam("subject"))
MARKS_OF = (
    select(DeviceMark)
    .where(col(DeviceMark.subject) == bindparam("subject"))
    .order_by(col(DeviceMark.id).desc())
    .limit(20)
)
TESTS_OF = (
    select(DeviceTest)
    .where(col(DeviceTest.subject) == bindparam("subject"))
    .order_by(col(DeviceTest.id).desc())
    .limit(10)
)
GAPS = select(PadGap).where(col(PadGap.ended_at).is_(None))
GAP_AT = GAPS.where(col(PadGap.window) == bindparam("window"))


# -- commands


def mark(tx: Tx, *, subject: str, note: str) -> DeviceMark:
    """Raises Refused: invalid (a note is needed), wrong_state (marked already)."""
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise Refused("invalid", field="note")
    if tx.first(MARK_OF, subject=subject) is not None:
        raise Refused("wrong_state", state="marked")
    tx.log(subject=subject)
    return tx.insert(DeviceMark, day=tx.day, subject=subject, note=note.strip(), at=tx.now, by=tx.actor)


def unmark(tx: Tx, *, subject: str) -> DeviceMark:
    row = tx.first(MARK_OF, subject=subject)
    if row is None:
        raise Refused("not_found", what="mark", id=subject)
    tx.log(subject=subject)
    return tx.update(row, ended_at=tx.now, ended_by=tx.actor)


def report_gaps(tx: Tx, *, gaps: Mapping[str, Ms]) -> None:
    """Window -> since when it has had no usable pad, of all that there are."""
    known = {row.window: row for row in tx.find(GAPS)}
    for window, row in known.items():
        if window not in gaps:
            tx.update(row, ended_at=tx.now)
    for window, since in gaps.items():
        if window not in known:
            tx.insert(PadGap, day=tx.day, window=window, since=since)


def begin_test(tx: Tx, *, subject: str, running: bool) -> DeviceTest:
    """One at a time of each device. Raises Refused `wrong_state`."""
    if running:
        raise Refused("wrong_state", state="testing")
    tx.log(subject=subject)
    return tx.insert(DeviceTest, day=tx.day, subject=subject, at=tx.now, by=tx.actor)


def keep_test(tx: Tx, *, test: int, result: str, cells: str = "") -> None:
    row = tx.get(DeviceTest, test)
    assert row is not None
    tx.update(row, ended_at=tx.now, result=result, cells=cells)


# -- looks


def standing(db: Reads) -> dict[str, Json]:
    """The marks that stand, by subject."""
    return {row.subject: mark_json(db, row) for row in db.find(STANDING)}


def history(db: Reads, *, subject: str) -> Json:
    tests = [
        {"id": row.id, "at": row.at, "by": name_of_actor(db, row.by), "ended_at": row.ended_at,
         "result": row.result, "cells": row.cells.split(",") if row.cells else []}
        for row in db.find(TESTS_OF, subject=subject)
    ]  # fmt: skip
    return {"marks": [mark_json(db, row) for row in db.find(MARKS_OF, subject=subject)], "tests": tests}


def mark_json(db: Reads, row: DeviceMark) -> Json:
    return {
        "note": row.note, "at": row.at, "by": name_of_actor(db, row.by), "ended_at": row.ended_at,
        "ended_by": name_of_actor(db, row.ended_by) if row.ended_by else None,
    }  # fmt: skip


def has_no_pad(db: Reads, window: str, at: Ms) -> bool:
    """Whether nobody could rate at the window, at that moment and up to now."""
    gap = db.first(GAP_AT, window=window)
    return gap is not None and gap.since <= at
