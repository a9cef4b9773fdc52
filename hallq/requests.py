"""Idempotency: a creating request that succeeded is remembered, and the same `request_id` gets the same thing again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

import orjson
from sqlmodel import bindparam, col, select

from hallq.kernel import SECOND, Refused, Tx
from hallq.rows import Effect
from hallq.store import Request

V = TypeVar("V")


def once(
    command: Callable[..., V],
    *,
    caller: str,
    route: str,
    request_id: str | None,
    body: Any,
    again: Callable[[Tx, str], V],
) -> Callable[..., V]:
    """`command`, made idempotent for this caller, route and request id. `again` finds what was made by its id."""
    if request_id is None:
        return command
    digest = hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def run(tx: Tx, **kwargs: Any) -> V:
        known = tx.get(Request, caller, route, request_id)
        if known is not None:
            if known.body != digest:
                raise Refused("request_id_reused")
            return again(tx, known.result)
        made: Any = command(tx, **kwargs)
        result = str(made.id)
        tx.insert(Request, caller=caller, route=route, request_id=request_id, body=digest, result=result, day=tx.day)
        return made  # type: ignore[no-any-return]

    run.__name__ = command.__name__
    return run


KEEP = timedelta(days=14)
OLD = select(Request).where(col(Request.day) < bindparam("day"))
SETTLED = select(Effect).where(Effect.state != "pending", col(Effect.at) < bindparam("before"))


def forget(tx: Tx) -> None:
    """Once a day. Requests are remembered until the end of the next working day: fourteen days cover any row of
    holidays. Effects that are settled stay as long, to look into."""
    for row in tx.find(OLD, day=(date.fromisoformat(tx.day) - KEEP).isoformat()):
        tx.delete(row)
    for effect in tx.find(SETTLED, before=tx.now - int(KEEP.total_seconds() * SECOND)):
        tx.delete(effect)
