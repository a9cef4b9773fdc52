"""Notices by key: one is open per key, and says what is so now."""

from __future__ import annotations

import json
from typing import Any

from sqlmodel import bindparam, col, select

from hallq.kernel import Ms, Tx
from hallq.ticketing.lookups import OPEN_NOTICE
from hallq.ticketing.model import Notice

CLEARED = select(Notice).where(
    col(Notice.key) == bindparam("key"), col(Notice.at) >= bindparam("since"), col(Notice.done_by) != "hub"
)

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # once: duties tell what stands already


def tell(tx: Tx, key: str, words: str, detail: dict[str, Any], *, since: Ms | None = None, **columns: Any) -> None:
    """Nothing is written where it stands so already; what somebody has cleared since `since` is not told again."""
    values = {"words": words, "detail": _json(detail), **columns}
    known = tx.first(OPEN_NOTICE, key=key)
    if known is None and since is not None and tx.first(CLEARED, key=key, since=since) is not None:
        return
    if known is None:
        tx.insert(Notice, key=key, **{"at": tx.now} | values)
    elif any(getattr(known, name) != value for name, value in values.items()):
        tx.update(known, **values)


def hush(tx: Tx, key: str, why: str = "") -> None:
    known = tx.first(OPEN_NOTICE, key=key)
    if known is not None:
        tx.update(known, done_at=tx.now, done_by=tx.actor, why=why or None)
