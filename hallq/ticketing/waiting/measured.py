"""What the hall measures of itself for its waits: how long visits take, and when windows are staffed.

Sums that fade with each visit and each day: the cost never grows with the history, and a new practice is soon known.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from hallq.kernel import SECOND, Ms, Tx
from hallq.ticketing.model import Habit, HandlingTime, Pause, Shift, Ticket, Visit, Window
from hallq.ticketing.opening.hours import moment
from hallq.ticketing.waiting.presence import QUARTER, QUARTERS

MEMORY = 1000  # visits of a service; an older one counts for less
DAYS = 4  # days of a window
GAP: Ms = 120 * SECOND  # a window that stood free for longer was not just between two citizens
Span = tuple[Ms, Ms]
UNCOUNTED = ("", "undone", "returned")
LAST_DAY = columns(func.max(col(Shift.day))).where(col(Shift.day) < bindparam("day"))
SHIFTS = columns(col(Shift.window), col(Shift.started_at), col(Shift.ended_at)).where(
    col(Shift.day) == bindparam("day")
)
PAUSES = columns(col(Pause.window), col(Pause.since), col(Pause.ended_at)).where(
    col(Pause.day) == bindparam("day"), col(Pause.kind) == "pause"
)
VISITS = columns(col(Visit.window), col(Visit.called_at), col(Visit.ended_at)).where(
    col(Visit.day) == bindparam("day"), col(Visit.ended_at).is_not(None)
)
WINDOWS = select(Window).where(col(Window.active))


def visit_ended(tx: Tx, visit: Visit, ticket: Ticket, *, sign: int = 1) -> None:
    """A visit's window time joins its service's; `sign` -1: the end is taken back."""
    if visit.end in UNCOUNTED or visit.ended_at is None:
        return
    seconds = max(0, visit.ended_at - visit.called_at - visit.outage + (visit.gap or 0)) / SECOND
    cases = visit.cases or ticket.cases
    turn = 0 if visit.end == "parked" else 1
    _add(
        tx, visit.service, sign, turns=turn, cases=turn * cases, seconds=seconds, squares=seconds**2 / cases,
        greens=turn * bool(visit.green),
    )  # fmt: skip


def visit_reopened(tx: Tx, visit: Visit) -> None:
    ticket = tx.get(Ticket, visit.ticket)
    if ticket is not None:
        visit_ended(tx, visit, ticket, sign=-1)


def gave_up(tx: Tx, ticket: Ticket) -> None:
    """Went before the call."""
    _add(tx, ticket.service, 1, gone=1)


def _add(tx: Tx, service: str, sign: int, **sums: float) -> None:
    row = tx.get(HandlingTime, service)
    if row is None:
        tx.insert(HandlingTime, service=service, **sums)
        return
    keep = 1 - 1 / MEMORY if sign > 0 and sums.get("turns") else 1.0
    known = {name: getattr(row, name) for name in ("turns", "cases", "seconds", "squares", "greens", "gone")}
    tx.update(row, **{name: max(0.0, keep * value + sign * sums.get(name, 0)) for name, value in known.items()})


def gap(window: Window, shift: Shift | None, ticket: Ticket, now: Ms) -> Ms | None:
    """How long the window stood free before this call, although its citizen waited all the while."""
    freed = window.freed_at
    if freed is None or shift is None or shift.started_at > freed or ticket.arrival > freed or now - freed > GAP:
        return None
    return now - freed


# -- when windows are staffed


def learn_day(tx: Tx) -> None:
    """At the turn of the day: each window's habit takes in the last day on which anyone worked."""
    [(day,)] = tx.values(LAST_DAY, day=tx.day)
    windows = tx.find(WINDOWS)
    if day is None or any((known := tx.get(Habit, row.no)) is not None and known.day >= day for row in windows):
        return
    midnight = moment(day, 0, tx.rules.timezone)
    worked, paused, visits = (_spans(tx.values(query, day=day), tx.now) for query in (SHIFTS, PAUSES, VISITS))
    for row in windows:
        shifts = [ready(shift, visits.get(row.no, [])) for shift in worked.get(row.no, [])]
        shares = staffed(shifts, paused.get(row.no, []), midnight)
        known = tx.get(Habit, row.no)
        if known is None:
            tx.insert(Habit, window=row.no, day=day, shares=packed(shares))
        else:
            tx.update(known, day=day, days=known.days + 1, shares=packed(blended(known, shares)))


def blended(known: Habit, shares: list[float]) -> list[float]:
    new = 1 / min(DAYS, known.days + 1)
    return [(1 - new) * old + new * share for old, share in zip(unpacked(known.shares), shares, strict=True)]


def ready(shift: Span, visits: Iterable[Span]) -> Span:
    """So long someone would have been called there: who goes home after a visit stopped calling somewhere within it."""
    start, end = shift
    last = max((visit for visit in visits if start <= visit[0] and visit[1] <= end), default=None)
    return (start, (last[0] + last[1]) // 2) if last is not None and end - last[1] < GAP else shift


def staffed(worked: Iterable[Span], paused: Iterable[Span], midnight: Ms) -> list[float]:
    """The share of each quarter of the day in which someone was signed in and did not pause."""
    shares = [0.0] * QUARTERS
    for sign, spans in ((1, worked), (-1, paused)):
        for start, end in spans:
            for slot in range(QUARTERS):
                at = midnight + slot * QUARTER * SECOND
                shares[slot] += sign * max(0, min(end, at + QUARTER * SECOND) - max(start, at)) / (QUARTER * SECOND)
    return [min(1.0, max(0.0, share)) for share in shares]


def packed(shares: Iterable[float]) -> str:
    return bytes(round(255 * share) for share in shares).hex()


def unpacked(shares: str) -> list[float]:
    return [value / 255 for value in bytes.fromhex(shares)]


def _spans(rows: Iterable[tuple[str, Ms, Ms | None]], now: Ms) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for window, start, end in rows:
        found.setdefault(window, []).append((start, end or now))
    return found
