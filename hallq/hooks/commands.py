"""A delivery's life: it waits until it is taken, refused, or given up after a week; in order per hook."""

from __future__ import annotations

from sqlmodel import bindparam, col, literal_column, select

from hallq.hooks.model import Delivery
from hallq.kernel import MINUTE, SECOND, Ms, Reads, Refused, Tx, must_exist
from hallq.ticketing.told import tell

DAY: Ms = 24 * 60 * MINUTE
GIVE_UP: Ms = 7 * DAY
KEEP: Ms = 30 * DAY  # settled ones, to look into
LONGEST: Ms = 60 * MINUTE  # between two tries
IS_WAITING = col(Delivery.state) == literal_column("'waiting'")  # as its index says it, which grows with no past
FIRST = (
    select(Delivery)
    .where(Delivery.hook == bindparam("hook"), IS_WAITING)
    .order_by(col(Delivery.id))
    .limit(1)
)
LATEST = select(Delivery).where(Delivery.hook == bindparam("hook")).order_by(col(Delivery.id).desc()).limit(50)
OLD = select(Delivery).where(col(Delivery.settled_at).is_not(None), col(Delivery.settled_at) < bindparam("before"))
TROUBLE = ("refused", "given_up")


def pause_after(tries: int) -> Ms:
    """1 s, 2 s, 4 s ... an hour."""
    return min(LONGEST, SECOND << min(tries - 1, 20))


def first(db: Reads, *, hook: str) -> Delivery | None:
    """The oldest that waits; those behind it wait for it."""
    return db.first(FIRST, hook=hook)


def taken(tx: Tx, *, delivery: int, answer: str) -> None:
    _settle(tx, _row(tx, delivery), "done", answer)


def refused(tx: Tx, *, delivery: int, answer: str) -> None:
    """The platform says that the record is wrong: a person must look."""
    _settle(tx, _row(tx, delivery), "refused", answer)


def failed(tx: Tx, *, delivery: int, answer: str) -> None:
    row = _row(tx, delivery)
    if tx.now - row.at >= GIVE_UP:
        _settle(tx, row, "given_up", answer)
    else:
        tx.update(row, tries=row.tries + 1, next_at=tx.now + pause_after(row.tries + 1), answer=answer)


def send_again(tx: Tx, *, delivery: int) -> Delivery:
    row = _row(tx, delivery)
    if row.state not in TROUBLE:
        raise Refused("wrong_state", state=row.state)
    return tx.update(row, state="waiting", tries=0, at=tx.now, next_at=tx.now, settled_at=None)


def forget_old(tx: Tx) -> None:
    for row in tx.find(OLD, before=tx.now - KEEP):
        tx.delete(row)


def _row(tx: Tx, number: int) -> Delivery:
    return must_exist(tx.get(Delivery, number), "delivery", number)


def _settle(tx: Tx, row: Delivery, state: str, answer: str) -> None:
    tx.update(row, state=state, tries=row.tries + 1, answer=answer, settled_at=tx.now)
    if state in TROUBLE:
        detail = {"hook": row.hook}
        tell(tx, f"hook/{row.hook}", "hk.trouble", detail, kind="alarm", audience="office", level="warn")
