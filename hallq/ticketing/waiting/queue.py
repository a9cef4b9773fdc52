"""The queue as rows: who is next at a window, who stands before a ticket, and the counts of who waits.

Every look goes through an index and reads a few rows, however many wait; only `ahead` of an old ticket counts.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel import select as rows_of

from hallq.kernel import Ms, Reads, Tx
from hallq.ticketing import rules
from hallq.ticketing.model import (
    CANCELLED,
    FINISHED,
    NO_SHOW,
    WAITING,
    Counter,
    Holder,
    Overtake,
    QueueCount,
    Ticket,
    Visit,
    Window,
    WindowService,
)
from hallq.ticketing.opening import noon
from hallq.ticketing.rules import Place
from hallq.ticketing.waiting import priority

ENDED = (FINISHED, NO_SHOW, CANCELLED)
IS_WAITING: ColumnElement[str] = literal_column(
    "'waiting'"
)  # as text: a parameter would hide the partial index from the planner


def _head(green: bool) -> ColumnElement[int | None]:
    """The oldest waiting ticket of a window's service that this window may call."""
    ticket = aliased(Ticket)
    return (
        select(col(ticket.id))
        .where(
            col(ticket.service) == WindowService.service,
            col(ticket.state) == IS_WAITING,
            col(ticket.green) == (true() if green else false()),
            or_(col(ticket.for_window).is_(None), col(ticket.for_window) == WindowService.window),
        )
        .order_by(col(ticket.arrival), col(ticket.id))
        .limit(1)
        .correlate(WindowService)
        .scalar_subquery()
    )


_PLACE = (col(Ticket.arrival), col(Ticket.id), col(Ticket.service), col(Ticket.green))
HEADS = (
    select(*_PLACE, col(WindowService.rank))
    .select_from(WindowService)
    .join(Ticket, col(Ticket.id).in_([_head(True), _head(False)]))
    .where(col(WindowService.window) == bindparam("window"))
)
OVERTAKEN = select(func.count()).select_from(
    select(col(Overtake.id))
    .where(
        col(Overtake.service) == bindparam("service"),
        col(Overtake.arrival) >= bindparam("arrival"),
        or_(col(Overtake.arrival) > bindparam("arrival"), col(Overtake.ticket) > bindparam("ticket")),
    )
    .limit(bindparam("bound"))  # more is not asked: who has reached the bound is called
    .subquery()
)
LAST_CALLS = (
    select(col(Visit.green))
    .where(col(Visit.window) == bindparam("window"), col(Visit.end) != "undone")
    .order_by(col(Visit.id).desc())
    .limit(bindparam("most"))
)
OVERTAKES_BY = rows_of(Overtake).where(col(Overtake.visit) == bindparam("visit"))
UPCOMING = (
    select(*_PLACE, col(Ticket.number), col(Ticket.issued_at))
    .where(
        col(Ticket.service) == bindparam("service"),
        col(Ticket.state) == IS_WAITING,
        col(Ticket.green) == bindparam("green"),
    )
    .order_by(col(Ticket.arrival), col(Ticket.id))
    .limit(2)
)
TAKEN_TODAY = select(col(Ticket.id)).where(
    col(Ticket.number) == bindparam("number"), col(Ticket.day) == bindparam("day")
)
HELD_EARLIER = select(col(Ticket.id)).where(
    col(Ticket.number) == bindparam("number"),
    col(Ticket.state) == literal_column("'parked'"),  # its citizen may still come back with it
    col(Ticket.day) < bindparam("day"),
)
_first, _second = aliased(WindowService), aliased(WindowService)
POOL = (  # the services that share a window with this one, and itself
    select(col(_second.service))
    .join(_first, col(_first.window) == _second.window)
    .where(col(_first.service) == bindparam("service"))
    .union(select(bindparam("service", type_=String)))
)
POOL_COUNT = select(
    func.coalesce(func.sum(col(QueueCount.waiting)), 0), func.coalesce(func.sum(col(QueueCount.green)), 0)
).where(col(QueueCount.service).in_(POOL))
_WORKING = or_(col(Window.pause).is_(None), col(Window.ticket).is_not(None))  # stepping away is no pause
STAFF = (
    select(func.count(), func.coalesce(func.sum(case((_WORKING, 1), else_=0)), 0))
    .select_from(WindowService)
    .join(Window, col(Window.no) == WindowService.window)
    .where(col(WindowService.service) == bindparam("service"), col(Window.shift).is_not(None))
)


class Choice(NamedTuple):
    """Who is called next, and what that was decided from: it stands in the journal (audit.order)."""

    ticket: int | None
    heads: list[Place]
    callable: list[Place]  # of the heads, without those that rest at midday
    overtaken: dict[int, int]  # of those that the rule asked about

    def facts(self, db: Reads) -> dict[str, Any]:
        now = {place.id for place in self.callable}
        heads = [[one.id, one.service, int(one.green), one.arrival, one.rank, int(one.id in now)] for one in self.heads]
        return {
            "heads": heads,
            "overtaken": list(self.overtaken.items()), "bound": db.rules.green_bound, "step": db.rules.skill_step_s,
        }  # fmt: skip


def next_at(db: Reads, window: str) -> int | None:
    """The ticket that this window calls next."""
    return choice(db, window).ticket


def choice(db: Reads, window: str) -> Choice:
    asked: dict[int, int] = {}

    def so_often(place: Place) -> int:
        asked[place.id] = overtaken(db, place)
        return asked[place.id]

    def greens_in_a_row(most: int) -> int:
        calls = [bool(green) for (green,) in db.values(LAST_CALLS, window=window, most=most)]
        return len(calls) if all(calls) else calls.index(False)

    heads = _heads(db, window)
    now = noon.callable_now(db, heads)
    chosen = priority.choose(db.rules, now, priority.Look(so_often, greens_in_a_row))
    return Choice(None if chosen is None else chosen.id, heads, now, asked)


def _heads(db: Reads, window: str) -> list[Place]:
    return [Place._make(head) for head in db.values(HEADS, window=window)]


def overtaken(db: Reads, place: Place) -> int:
    """How often the green channel went past this place, as far as the bound asks (rules.choose says why it holds)."""
    [(count,)] = db.values(
        OVERTAKEN, service=place.service, arrival=place.arrival, ticket=place.id, bound=db.rules.green_bound
    )
    return count


def passing(db: Reads, window: str, ticket: Ticket) -> list[str]:
    """The services whose ordinary citizens a call of this green ticket goes past: those whose head stands before it.
    Where a service rests at midday nobody of it can be called here, so nobody of it is passed."""
    assert ticket.id is not None
    heads = noon.callable_now(db, _heads(db, window))
    return [head.service for head in heads if not head.green and head[:2] < (ticket.arrival, ticket.id)]


def overtake(tx: Tx, services: list[str], ticket: Ticket, visit: int) -> None:
    for service in services:
        tx.insert(Overtake, service=service, arrival=ticket.arrival, ticket=ticket.id, visit=visit)


def not_overtaken(tx: Tx, visit: int) -> None:
    """The call is undone."""
    for row in tx.find(OVERTAKES_BY, visit=visit):
        tx.delete(row)


class Next(NamedTuple):
    """What may be told of someone before the call: nothing of who it is."""

    green: bool
    number: str
    issued_at: Ms


def next_of(db: Reads, service: str, waiting: int, green: int) -> list[Next]:
    """The next two of a service's queue, by the rule; so many wait in it, so many of them in the green channel."""
    known: dict[Place, Next] = {}
    lines: list[list[Place]] = []
    for anyone, is_green in ((green > 0, True), (waiting > green, False)):
        rows = db.values(UPCOMING, service=service, green=is_green) if anyone else []
        line = [Place._make((*row[:4], 0)) for row in rows]
        lines.append(line)
        known.update(zip(line, (Next._make(row[3:]) for row in rows), strict=True))
    order = rules.sequence(lines[0], lines[1], lambda place: overtaken(db, place), db.rules.green_bound, 2)
    return [known[place] for place in order]


def staff(db: Reads, service: str) -> tuple[int, int]:
    """Windows of the service where someone is signed in, and those of them that are not paused."""
    [(staffed, working)] = db.values(STAFF, service=service)
    return staffed, working


# -- who stands before a ticket


def _before(arrival: str, ticket: str) -> ColumnElement[bool]:
    return and_(
        col(Ticket.arrival) <= bindparam(arrival),
        or_(col(Ticket.arrival) < bindparam(arrival), col(Ticket.id) < bindparam(ticket)),
    )


_IN_POOL = col(Ticket.service).in_(POOL)
COUNT_BEFORE = select(func.count()).where(
    col(Ticket.state) == IS_WAITING, _IN_POOL, col(Ticket.green) == bindparam("green"), _before("arrival", "ticket")
)
FIRST_BEFORE = select(func.count()).select_from(
    select(col(Ticket.id))
    .where(
        col(Ticket.state) == IS_WAITING, _IN_POOL, col(Ticket.green) == bindparam("green"), _before("arrival", "ticket")
    )
    .limit(bindparam("most"))
    .subquery()
)
GREEN_CALLED = (
    select(col(Overtake.arrival), col(Overtake.ticket))
    .where(col(Overtake.service) == bindparam("service"))
    .order_by(col(Overtake.arrival).desc(), col(Overtake.ticket).desc())
    .limit(bindparam("bound"))
)
GREEN_BEFORE = (
    select(col(Ticket.arrival), col(Ticket.id))
    .where(col(Ticket.state) == IS_WAITING, _IN_POOL, col(Ticket.green) == true(), _before("arrival", "ticket"))
    .order_by(col(Ticket.arrival).desc(), col(Ticket.id).desc())
    .limit(bindparam("bound"))
)


def ahead(db: Reads, ticket: Ticket) -> int:
    """How many would be called before it as things stand, by the windows' shared rule over its pool: the services
    that share a window with its own."""
    if ticket.state != WAITING:
        return 0
    assert ticket.id is not None
    place = Place(ticket.arrival, ticket.id, ticket.service, bool(ticket.green))
    [(waiting, green)] = db.values(POOL_COUNT, service=ticket.service)
    before = _ahead_green if place.green else _ahead_ordinary
    return before(db, place, waiting, green)


def near(db: Reads, ticket: Ticket, places: int) -> int | None:
    """How many are ahead, where no more than so many are; looking at so few, wherever it stands."""
    [(same,)] = db.values(
        FIRST_BEFORE, service=ticket.service, green=ticket.green, arrival=ticket.arrival, ticket=ticket.id,
        most=places + 1,
    )  # fmt: skip
    count = ahead(db, ticket) if same <= places else same
    return count if count <= places else None


def ahead_of_new(db: Reads, ticket: Ticket) -> int:
    """The same for a ticket just taken, without counting: an ordinary one is the last of all."""
    if ticket.green:
        return ahead(db, ticket)
    return max(0, waiting_in_pool(db, ticket.service) - 1)


def waiting_in_pool(db: Reads, service: str) -> int:
    [(waiting, _)] = db.values(POOL_COUNT, service=service)
    return waiting


def _ahead_ordinary(db: Reads, place: Place, waiting: int, green: int) -> int:
    """Everyone before it, and of the green channel behind it as many as may still overtake it."""
    ordinary_before = _count_before(db, place, green=False)
    if not green:
        return ordinary_before
    green_before = _count_before(db, place, green=True)
    may_overtake = max(0, db.rules.green_bound - overtaken(db, place))
    return ordinary_before + green_before + min(green - green_before, may_overtake)


def _ahead_green(db: Reads, place: Place, waiting: int, green: int) -> int:
    """The green channel before it, and the ordinary tickets that reach the bound before it is called: those with at
    least `bound` green tickets behind them, of the called ones and of the waiting ones before this."""
    before = _count_before(db, place, green=True)
    bound = db.rules.green_bound
    called = db.values(GREEN_CALLED, service=place.service, bound=bound)
    waiting_before = db.values(GREEN_BEFORE, service=place.service, arrival=place.arrival, ticket=place.id, bound=bound)
    behind = sorted([*called, *((arrival, ticket or 0) for arrival, ticket in waiting_before)], reverse=True)
    if bound and len(behind) < bound:
        return before
    arrival, ticket = min(place[:2], behind[bound - 1]) if bound else place[:2]
    return before + _count_before(db, Place(arrival, ticket, place.service, False), green=False)


def _count_before(db: Reads, place: Place, *, green: bool) -> int:
    [(count,)] = db.values(COUNT_BEFORE, service=place.service, green=green, arrival=place.arrival, ticket=place.id)
    return count


# -- counts


def move(tx: Tx, ticket: Ticket, **changes: Any) -> Ticket:
    """Change a ticket and keep its queue's count: the only way a ticket enters or leaves waiting."""
    moved = tx.update(ticket, **changes)
    if ticket.state == WAITING:
        count(tx, ticket, -1)
    if moved.state == WAITING:
        count(tx, moved, +1)
    elif moved.state in ENDED:
        holder = tx.get(Holder, moved.id)
        if holder is not None:
            tx.delete(holder)
    return moved


def count(tx: Tx, ticket: Ticket, one: int) -> None:
    green = one if ticket.green else 0
    cases = one * (ticket.cases - (ticket.cases_done or 0))
    row = tx.get(QueueCount, ticket.service)
    if row is None:
        tx.insert(QueueCount, service=ticket.service, waiting=one, green=green, cases=cases)
    else:
        tx.update(row, waiting=row.waiting + one, green=row.green + green, cases=(row.cases or 0) + cases)


def _is_held(db: Reads, number: str, day: str) -> bool:
    """By someone who may still come back, or who came back today."""
    return any(db.values(held, number=number, day=day) for held in (HELD_EARLIER, TAKEN_TODAY))


def next_number(tx: Tx, prefix: str, day: str) -> str:
    """From 001 each day, without those whose tickets of an earlier day may still come back. The writer is alone, so
    reading and then writing gives no number twice."""
    row = tx.get(Counter, prefix, day)
    last = 1 if row is None else row.last + 1
    while _is_held(tx, rules.number(prefix, last), day):
        last += 1
    if row is None:
        tx.insert(Counter, prefix=prefix, day=day, last=last)
    else:
        tx.update(row, last=last)
    return rules.number(prefix, last)
