"""A guide on a slip: what stands on it (H02, H22), and the command that asks for it."""

from __future__ import annotations

from typing import Any

from hallq.items import guides
from hallq.items.wording import words
from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.texts.wording import Value
from hallq.ticketing.model import Service
from hallq.ticketing.tickets.slips import print_paper

NAMES = ("name", "materials", "steps", "promised", "fee", "fee_basis", "place", "opening", "phone", "supervision",
         "online")  # fmt: skip


def print_guide(tx: Tx, *, service: str, target: str) -> None:
    """`target`: window/NO or kiosk/ID. Raises Refused: not_found, no_paper."""
    guides.offered(tx, service)
    if not print_paper(tx, "guide", service, target):
        raise Refused("no_paper")
    tx.log(service=service, target=target)


def values(db: Reads, *, key: Any, lang: str) -> dict[str, Value]:
    row = must_exist(db.get(Service, key), "service", key)
    known = words(guides.shape(db, row, guides.current(db, row.code)), lang)
    return {name: known[name] for name in NAMES} | {"code": row.code}
