"""A window pauses between visits; a clerk steps away during one. The same clock runs for both."""

from __future__ import annotations

from typing import Any

from hallq.kernel import MINUTE, Refused, Tx
from hallq.ticketing.model import Pause, PauseReason, Shift, Window
from hallq.ticketing.windows import desk, peak

LONGEST = 480  # minutes


def pause(tx: Tx, *, window: str, reason: str, minutes: int | None = None, seen: int | None = None) -> Window:
    row = desk.at(tx, window, seen)
    desk.must_be_free(tx, row)
    if row.pause is not None:
        raise Refused("wrong_state", state="paused")
    return desk.changed(tx, row, pause=_begin(tx, row, "pause", reason, minutes).id, undo="")


def resume(tx: Tx, *, window: str, seen: int | None = None) -> Window:
    row = desk.at(tx, window, seen)
    if row.pause is None or row.ticket is not None:
        raise Refused("wrong_state", state="open")
    desk.end_pause(tx, row)
    return desk.changed(tx, row, pause=None)


def away(tx: Tx, *, window: str, reason: str, minutes: int | None = None, seen: int | None = None) -> Window:
    """The visit stays; pad and strip say that the clerk is checking something."""
    row = desk.at(tx, window, seen)
    if row.ticket is None or row.pause is not None:
        raise Refused("wrong_state", state="away" if row.pause is not None else None)
    return desk.changed(tx, row, pause=_begin(tx, row, "away", reason, minutes).id, undo="")


def back(tx: Tx, *, window: str, seen: int | None = None) -> Window:
    row = desk.at(tx, window, seen)
    if row.pause is None or row.ticket is None:
        raise Refused("wrong_state", state=None)
    visit = desk.its_visit(tx, row)
    tx.update(visit, away=visit.away + desk.end_pause(tx, row))
    return desk.changed(tx, row, pause=None)


def _begin(tx: Tx, window: Window, kind: str, reason: str, minutes: int | None) -> Pause:
    known = tx.get(PauseReason, reason)
    if known is None or not known.active:
        raise Refused("invalid", field="reason")
    planned = known.minutes if minutes is None else minutes
    if planned is not None and not 1 <= planned <= LONGEST:
        raise Refused("invalid", field="minutes")
    if kind == "pause":
        planned = peak.pause_minutes(tx, window, minutes, known.minutes)
    shift = tx.get(Shift, window.shift)
    values: dict[str, Any] = {"day": tx.day, "window": window.no, "person": shift.person if shift else None}
    until = None if planned is None else tx.now + planned * MINUTE
    return tx.insert(Pause, **values, kind=kind, reason=reason, since=tx.now, until=until)
