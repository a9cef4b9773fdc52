"""What stands under the chain from when on, and what the hub was started with. Run at each start, before any command.

A table that an older version kept outside the chain is taken in once, row by row, by entries of the verb `adopt`; the
last one names it. After that a row that the journal does not know has been inserted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from itertools import islice
from typing import Any, Protocol

import orjson
from sqlmodel import SQLModel, bindparam, col, select

from hallq import __version__
from hallq.audit.check import ADOPT
from hallq.audit.model import RuleInForce
from hallq.journal import Journal
from hallq.kernel import Ms, Tx
from hallq.rows import Reader, RowType, Transaction
from hallq.ticketing.rules import Rules

CHUNK = 1000  # rows to an entry
# covered before there were entries that say so
SINCE_0_2 = frozenset({
    "appointment", "business_suspension", "calendar_day", "calendar_year", "category", "closure", "cover",
    "day_cap", "day_sheet", "department", "device_check", "guide_leave", "guide_post", "hall_mode", "handover",
    "invitation", "kiosk", "manual_number", "missed_step", "open_hours", "out_of_order", "outage", "pause",
    "pause_reason", "peak_plan", "person", "rating", "service", "settlement", "shift", "skill", "slot_plan",
    "stop", "suspension", "ticket", "visit", "window", "window_change", "window_plan", "window_service", "zone",
})  # fmt: skip

# what is left out, and why; docs/audit.md has the same table
OUTSIDE = {
    "journal": "it is the chain itself",
    "file_content": "its SHA-256 stands in the covered row of `attachment`, and verify compares them",
    "queue_count": "counted from the covered tickets; it can be counted again",
    "arrivals": "counted from the covered tickets of past days",
    "handling_time": "learnt from the covered visits, for the expected waits alone",
    "habit": "learnt from the covered shifts and pauses, for the expected waits alone",
    "counter": "the last number given; the covered tickets hold the numbers",
    "holder": "a keyed hash of an ID number, erased when its ticket ends",
    "said": "what the voice has said today, so that it says it once",
    "effect": "the outbox: what is on its way to a printer or a loudspeaker",
    "rating_phone": "which of today's ratings one telephone gave, erased next day; the flag that follows is covered",
    "delivery": "the outbox to other systems: what it tells is a covered row",
    "score_day": "up to which day the ledger has been filled; its entries are covered",
    "request": "the answers to repeated requests, erased with the next working day",
    "hub_state": "the heartbeat and the day",
    "session": "sign-ins of browsers, erased when they end",
    "pairing": "a browser's wish; the token that it gets is covered",
}

ADOPTED = select(col(Journal.facts)).where(col(Journal.verb) == bindparam("verb")).order_by(col(Journal.seq))
IN_FORCE = select(RuleInForce)


class Store(Protocol):
    """What of hallq.store is needed."""

    path: Any
    rules: Rules

    def reader(self) -> Reader: ...

    def run(self, command: Any, *, actor: str = "hub", **kwargs: Any) -> Any: ...


def kinds() -> dict[str, RowType]:
    """Every table of the hall."""
    return {kind.name: kind for kind in (RowType.of(mapper.class_) for mapper in SQLModel._sa_registry.mappers)}


def bring_in(store: Store) -> None:
    """Every covered table is under the chain from here on."""
    known = {name for (facts,) in store.reader().values(ADOPTED, verb=ADOPT) for name in orjson.loads(facts)["covered"]}
    every = kinds()
    new = sorted(name for name, kind in every.items() if kind.covered and name not in known | SINCE_0_2)
    if not new:
        return
    connection = sqlite3.connect(store.path)
    try:
        for name in new:
            for chunk in _chunks(connection, every[name]):
                store.run(adopt, rows=chunk, covered=[])
    finally:
        connection.close()
    store.run(adopt, rows=[], covered=new)


def adopt(tx: Transaction, *, rows: list[Any], covered: list[str]) -> None:
    """These rows as they are; `covered`: tables of which there are no others."""
    for row in rows:
        tx.attest(row)
    tx.log(covered=covered)


def _chunks(connection: sqlite3.Connection, kind: RowType) -> Iterator[list[Any]]:
    names = ", ".join(f'"{column}"' for column in kind.columns)
    found = map(kind.row._make, connection.execute(f'SELECT {names} FROM "{kind.name}"'))
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def started(tx: Tx, *, behind: Ms = 0) -> None:
    """The hub starts: the rules that differ from those before, the version. `behind`: how far the clock stands before
    the last entry, which somebody has accepted."""
    before = {row.key: row for row in tx.find(IN_FORCE)}
    changed = {}
    for key, value in in_force(tx.rules).items():
        row = before.get(key)
        if row is None:
            tx.insert(RuleInForce, key=key, value=value, since=tx.now)
        elif row.value != value:
            tx.update(row, value=value, since=tx.now)
        if row is None or row.value != value:
            changed[key] = [row.value if row is not None else None, value]
    facts: dict[str, Any] = {"version": __version__}
    if before and changed:
        facts["rules"] = changed
    if behind > 0:
        facts["clock_back_s"] = behind // 1000
    tx.log(**facts)


def in_force(rules: Rules) -> dict[str, str]:
    values = {field.name: str(getattr(rules, field.name)) for field in fields(rules)}
    return values | {"version": __version__}
