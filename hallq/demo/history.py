"""A past for a hall: days of shifts, pauses, visits, ratings, each written at its own time under the journal's chain.

The demo begins with one, and the bench fills months of any size. Only a few visits went through the queue; what the
hub does by the clock, and what follows from a rating or a case, is the hub's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select as values_of
from sqlmodel import bindparam, col, select

from hallq import schema
from hallq.assessment.ratings.model import Invitation, Rating
from hallq.audit import cover
from hallq.catalog import import_catalog, imported, load_catalog
from hallq.config import Settings
from hallq.demo import past_desk, past_handing, past_notices, past_outcomes
from hallq.demo.clock import PastClock
from hallq.demo.guides import with_guides
from hallq.demo.past_bulletins import issue
from hallq.demo.past_cases import work_off
from hallq.demo.past_patrols import come_back, go_round
from hallq.demo.past_screens import hang
from hallq.duties import DUTIES
from hallq.hall import FOLLOWERS
from hallq.kernel import MINUTE, SECOND, Ms, Reads, Tx
from hallq.office.post_model import Spell
from hallq.store import Store
from hallq.ticketing import commands, rules
from hallq.ticketing.model import Pause, Person, Service, Shift, Ticket, Visit, WindowService
from hallq.ticketing.opening import calendar

CHUNK = 100  # visits to a command
MORNING, EVENING = (8, 10), (19, 45)
ON_POST, NOON, OFF_POST = (8, 22), (11, 20), (17, 38)
CLERKS = (
    select(Person)
    .where(col(Person.window).is_not(None), col(Person.role).in_(("clerk", "chief")))
    .order_by(col(Person.id))
)
OFFERED = select(WindowService).where(WindowService.window == bindparam("window"))
SERVICES = select(Service)
NUMBERS = values_of(col(Ticket.number)).where(col(Ticket.day) == bindparam("day"))
ENDS = ("time_out", "skipped", "next_visit")
CHANNELS = ("pad", "pad", "pad", "pad", "page", "kiosk", "phone")
BAD_REASONS = ("eff.wait", "eff.slow", "lvl.explain", "att.cold")
GOOD_REASONS = ("good.quick", "good.clear", "good.kind")


class Clerk(NamedTuple):
    person: int
    window: str
    services: tuple[tuple[str, str, float], ...]  # code, prefix, minutes
    kindness: float  # how much better than others, 0..1


class Turn(NamedTuple):
    """One visit from number to rating; `level` None: not rated."""

    clerk: Clerk
    service: str
    prefix: str
    issued: Ms
    called: Ms
    started: Ms
    ended: Ms
    cases: int
    green: bool
    level: int | None
    channel: str
    closed: str


def fill(settings: Settings, *, until: date, days: int, each: int, seed: int = 1) -> int:
    """The working days among the `days` before `until`, with about `each` visits a clerk and day. Returns the visits.

    The hall must be new, and no hub may run in it."""
    clock, chance = PastClock(), Random(seed)
    first = until - timedelta(days=days)
    clock.at = _at(first, (6, 0), settings.rules().timezone)
    schema.prepare(settings.database_path)
    store = Store(settings.database_path, clock, settings.rules(), FOLLOWERS)
    try:
        store.load()
        cover.bring_in(store)
        if not imported(store.reader()):
            store.run(import_catalog, catalog=with_guides(load_catalog(settings.catalog_path)))
        clerks = _clerks(store.reader(), chance)
        every = [first + timedelta(days=number) for number in range(days)]
        store.run(hang, today=until)
        working = [day for day in every if calendar.is_working(store.reader(), day.isoformat())]
        lefts = range(len(working), 0, -1)
        return sum(
            _day(store, clock, day, left, clerks, each, chance) for day, left in zip(working, lefts, strict=True)
        )
    finally:
        store.close()


def _day(
    store: Store, clock: PastClock, day: date, left: int, clerks: Sequence[Clerk], each: int, chance: Random
) -> int:
    """The hub's morning, what happened, the hub's evening. `left`: working days until the past is over."""
    name, zone = day.isoformat(), store.rules.timezone
    clock.at = _at(day, MORNING, zone)
    _keep(store)
    work_off(store, Random(name))
    issue(store)
    store.run(past_handing.morning)
    clock.at = _at(day, ON_POST, zone)
    there = [clerk for clerk in clerks if clerk.window in (*past_notices.windows(left), *past_handing.windows(left))]
    for clerk in there:
        store.run(commands.sign_in, actor=f"person:{clerk.person}", window=clerk.window, person=clerk.person)
    clock.at = _at(day, (10, 0), zone)
    go_round(store, Random(f"{name}/patrol"))
    clock.at = _at(day, (10, 40), zone)
    store.run(come_back)
    store.run(past_desk.keep, left=left)
    store.run(past_handing.pass_on, left=left)
    clock.at = _at(day, NOON, zone)
    played = past_notices.play(store, clock, left)
    for clerk in there:
        if clerk.window in past_handing.windows(left):
            store.run(past_handing.relieve, window=clerk.window)
    clock.at = _at(day, OFF_POST, zone)
    for clerk in there:
        store.run(commands.sign_out, window=clerk.window)
    opens, closes = _at(day, (8, 30), zone), _at(day, (17, 30), zone)
    others = [clerk for clerk in clerks if clerk not in there]
    store.run(past_shifts, day=name, clerks=others, opens=opens, closes=closes, seed=chance.random())
    turns = [turn for clerk in clerks for turn in _turns(clerk, day, zone, each, chance)]
    rest = _numbered(turns, {number for (number,) in store.reader().values(NUMBERS, day=name)})
    while chunk := list(islice(rest, CHUNK)):
        store.run(past_visits, day=name, visits=chunk)
    store.run(past_outcomes.name_kinds, day=name)
    store.run(past_outcomes.work_off, day=name)
    clock.at = _at(day, EVENING, zone)
    _keep(store)
    return len(turns) + played


def _numbered(turns: Sequence[Turn], given: set[str]) -> Iterator[tuple[str, Turn]]:
    """In the order of arrival, numbers run per prefix, past those that the queue has given."""
    last: Counter[str] = Counter()
    for turn in sorted(turns, key=lambda turn: turn.issued):
        last[turn.prefix] += 1
        while (number := rules.number(turn.prefix, last[turn.prefix])) in given:
            last[turn.prefix] += 1
        yield number, turn


def _keep(store: Store) -> None:
    for duty in DUTIES:
        store.run(duty)


def past_shifts(tx: Tx, *, day: str, clerks: Sequence[Clerk], opens: Ms, closes: Ms, seed: float) -> None:
    """Who was on post, and the pauses: now and then a late one, now and then a long one."""
    chance = Random(seed)
    for clerk in clerks:
        late = chance.random() < 0.02
        start = opens + chance.randrange(2 * MINUTE, 15 * MINUTE) * (1 if late else -1)
        tx.insert(
            Shift, day=day, window=clerk.window, person=clerk.person, started_at=start,
            ended_at=closes + chance.randrange(MINUTE, 20 * MINUTE), ended_by=f"person:{clerk.person}",
        )  # fmt: skip
        since = opens + chance.randrange(60, 180) * MINUTE
        lasted = chance.randrange(16, 30) if chance.random() < 0.02 else chance.randrange(4, 11)
        pause = tx.insert(
            Pause, day=day, window=clerk.window, person=clerk.person, reason="away", since=since,
            until=since + 10 * MINUTE, ended_at=since + lasted * MINUTE,
        )  # fmt: skip
        if pause.ended_at is not None and pause.ended_at - since > tx.rules.pause_limit_s * SECOND:
            tx.insert(
                Spell, day=day, kind="pause", subject=clerk.window, mark=str(pause.id), since=since,
                ended_at=pause.ended_at, person=clerk.person,
            )  # fmt: skip


def past_visits(tx: Tx, *, day: str, visits: Sequence[tuple[str, Turn]]) -> None:
    for number, turn in visits:
        _visit(tx, day, number, turn)


def _visit(tx: Tx, day: str, number: str, turn: Turn) -> None:
    clerk, rated = turn.clerk, turn.level is not None
    ticket = tx.insert(
        Ticket, day=day, number=number, service=turn.service, category="elderly" if turn.green else "ordinary",
        green=turn.green, state="finished", window=clerk.window, arrival=turn.issued, cases=turn.cases, kiosk="k1",
        issuer="device:k1", check_code=tx.digits(4), print="printed", calls=1, issued_at=turn.issued,
        called_at=turn.called, last_called_at=turn.called, started_at=turn.started, finished_at=turn.ended,
    )  # fmt: skip
    visit = tx.insert(
        Visit, day=day, ticket=ticket.id, window=clerk.window, person=clerk.person, service=turn.service,
        green=turn.green, arrival=turn.issued, called_at=turn.called, started_at=turn.started, ended_at=turn.ended,
        end="finished", cases=turn.cases,
    )  # fmt: skip
    common = {
        "token": tx.token(), "visit": visit.id, "ticket": ticket.id, "window": clerk.window, "person": clerk.person,
        "service": turn.service, "day": day,
    }  # fmt: skip
    tx.insert(
        Invitation, **common, opened_at=turn.ended, screen="", closes_at=turn.ended + 30 * SECOND,
        closed_at=turn.ended + (6 if rated else 30) * SECOND, closed_why="rated" if rated else turn.closed,
    )  # fmt: skip
    if turn.level is not None:
        reasons = BAD_REASONS if turn.level <= 2 else GOOD_REASONS
        tx.insert(
            Rating, **common, level=turn.level, reasons=reasons[turn.issued % len(reasons)] if turn.issued % 3 else "",
            salt=tx.token(), at=turn.ended + 6 * SECOND, channel=turn.channel,
        )  # fmt: skip


def _turns(clerk: Clerk, day: date, zone: ZoneInfo, each: int, chance: Random) -> Iterator[Turn]:
    """A clerk's visits, one after the other, spread over morning and afternoon."""
    spans = ((_at(day, (8, 32), zone), _at(day, (11, 55), zone)), (_at(day, (14, 32), zone), _at(day, (17, 25), zone)))
    total = max(1, round(chance.gauss(each, each / 6)))
    for (begin, end), share in zip(spans, (total - total // 2, total // 2), strict=True):
        step = (end - begin) // max(1, share)
        for place in range(share):
            yield _turn(clerk, begin + place * step, step, chance)


def _turn(clerk: Clerk, at: Ms, step: Ms, chance: Random) -> Turn:
    service, prefix, minutes = chance.choice(clerk.services)
    cases = 1 if chance.random() < 0.93 else chance.randrange(2, 6)
    green = chance.random() < 0.1
    called = at + chance.randrange(0, max(1, step // 8))
    started = called + chance.randrange(8, 45) * SECOND
    room = at + step - started - 20 * SECOND
    handled = min(max(40 * SECOND, room), round(minutes * MINUTE * chance.lognormvariate(-0.1, 0.4)))
    wait = round(chance.expovariate(1 / (4 if green else 11)) * MINUTE)
    rated = chance.random() < 0.55 + 0.3 * clerk.kindness
    return Turn(
        clerk, service, prefix, called - wait, called, started, started + handled, cases, green,
        _level(clerk, chance) if rated else None, chance.choice(CHANNELS), chance.choice(ENDS),
    )  # fmt: skip


def _level(clerk: Clerk, chance: Random) -> int:
    good = 0.7 + 0.25 * clerk.kindness
    return chance.choices((5, 4, 3, 2, 1), (good, 0.2, 0.04, 0.008, 0.004))[0]


def _clerks(db: Reads, chance: Random) -> list[Clerk]:
    """The first person of each window that offers something."""
    services = {service.code: service for service in db.find(SERVICES)}
    found: dict[str, Clerk] = {}
    for person in db.find(CLERKS):
        offered = [services[row.service] for row in db.find(OFFERED, window=person.window)]
        if offered and person.window and person.window not in found and person.id is not None:
            known = tuple((service.code, service.prefix, service.minutes) for service in offered)
            found[person.window] = Clerk(person.id, person.window, known, chance.random())
    return list(found.values())


def _at(day: date, clock: tuple[int, int], zone: ZoneInfo) -> Ms:
    return round(datetime(day.year, day.month, day.day, *clock, tzinfo=zone).timestamp() * 1000)
