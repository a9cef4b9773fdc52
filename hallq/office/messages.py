"""Messages to people at windows, each with a read receipt: open until its reader presses 收到."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import Reads, Refused, Tx
from hallq.ticketing.model import Notice, Person, Shift, Window

ON_DUTY = select(Shift).where(col(Shift.ended_at).is_(None))
SENT = (
    select(Notice)
    .where(col(Notice.kind) == "message", col(Notice.at) >= bindparam("since"))
    .order_by(col(Notice.at).desc(), col(Notice.id).desc())
    .limit(500)
)
LONGEST = 200


def send(
    tx: Tx, *, text: str, person: int | None = None, window: str | None = None, everyone: bool = False
) -> list[Notice]:
    """One row for each reader. Raises not_signed_in where nobody is at the window, invalid for an empty one."""
    if not text.strip() or len(text) > LONGEST:
        raise Refused("invalid", field="text")
    sent = [_send(tx, reader, text=text.strip()) for reader in _readers(tx, person, window, everyone)]
    tx.log(messages=[notice.id for notice in sent])
    return sent


def tell(tx: Tx, person: int | None, words: str, **facts: Any) -> Notice | None:
    """The hub's own words to a clerk: what the office did at the clerk's window."""
    if person is None:
        return None
    return _send(tx, person, words=words, detail=orjson.dumps(facts).decode())


def read(tx: Tx, *, notice: int) -> Notice:
    """收到."""
    row = tx.get(Notice, notice)
    if row is None or row.kind != "message":
        raise Refused("not_found", what="notice", id=notice)
    return row if row.done_at is not None else tx.update(row, done_at=tx.now, done_by=tx.actor)


def sent(db: Reads, *, since: int) -> list[tuple[Notice, str]]:
    """The messages since then with their readers' names, the newest first."""
    found = db.find(SENT, since=since)
    return [(row, (db.get(Person, row.person) or _NOBODY).name) for row in found]


_NOBODY = Person(name="")


def _readers(tx: Tx, person: int | None, window: str | None, everyone: bool) -> list[int]:
    if everyone:
        return [shift.person for shift in tx.find(ON_DUTY)]
    if person is not None:
        if tx.get(Person, person) is None:
            raise Refused("unknown_person")
        return [person]
    row = None if window is None else tx.get(Window, window)
    if row is None:
        raise Refused("not_found", what="window", id=window)
    shift = None if row.shift is None else tx.get(Shift, row.shift)
    if shift is None:
        raise Refused("not_signed_in", window=window)
    return [shift.person]


def _send(tx: Tx, person: int, **content: Any) -> Notice:
    return tx.insert(Notice, kind="message", person=person, at=tx.now, **content)
