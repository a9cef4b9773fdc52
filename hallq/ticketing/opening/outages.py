"""Time that counts nowhere: the hub was down, or the hall was in an emergency. All clocks stand still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import Ms, Reads, Tx
from hallq.ticketing.model import HallMode, Outage, Pause, Visit, Window

BUSY = select(Window).where(col(Window.visit).is_not(None))
PAUSED = select(Window).where(col(Window.pause).is_not(None))
SINCE = select(Outage).where(col(Outage.until) > bindparam("since"))
KNOWN = select(col(Outage.since), col(Outage.until)).where(col(Outage.until) > bindparam("since"))


def stand_still(tx: Tx, *, since: Ms, until: Ms) -> Outage:
    """Take this time out of the open pauses and visits, and out of every figure."""
    for window in tx.find(PAUSED):
        pause = tx.get(Pause, window.pause)
        if pause is not None:
            tx.update(pause, outage=pause.outage + max(0, until - max(since, pause.since)))
    for window in tx.find(BUSY):
        visit = tx.get(Visit, window.visit)
        if visit is not None:
            began = visit.called_at if visit.started_at is None else visit.started_at
            tx.update(visit, outage=visit.outage + max(0, until - max(since, began)))
    return tx.insert(Outage, since=since, until=until)


def pieces(since: Ms, until: Ms, known: Iterable[tuple[Ms, Ms]]) -> Iterator[tuple[Ms, Ms]]:
    """What of a span no known outage covers: nothing is taken out twice when the hub was down in an emergency."""
    for begin, end in sorted(known):
        if since < min(begin, until):
            yield since, min(begin, until)
        since = max(since, end)
    if since < until:
        yield since, until


def running(db: Reads, since: Ms) -> Ms:
    """How much of the time from `since` until now lies in the emergency that is on, where no outage covers it."""
    mode = db.get(HallMode, 1)
    if mode is None or mode.emergency_since is None:
        return 0
    begin = max(since, mode.emergency_since)
    return sum(end - start for start, end in pieces(begin, db.now, db.values(KNOWN, since=begin)))
