"""A past for a hall: days of shifts, pauses, visits, ratings, each written at its own time under the journal's chain.

The demo begins with one, and the bench fills months of any size. Only a few visits went through the queue; what the
hub does by the clock, and what follows from a rating or a case, is the hub's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice
from random import Random

from sqlalchemy import select as values_of
from sqlmodel import bindparam, col, select

from hallq import schema
from hallq.audit import cover
from hallq.catalog import import_catalog, imported, load_catalog
from hallq.config import Settings
from hallq.demo.clock import PastClock
from hallq.demo.guides import with_guides
from hallq.demo.past import bulletins, cases, desk, handing, notices, outcomes, patrols, screens
from hallq.demo.past.visits import Clerk, at, numbered, past_shifts, past_visits, turns
from hallq.duties import DUTIES
from hallq.hall import FOLLOWERS
from hallq.kernel import Reads
from hallq.store import Store
from hallq.ticketing import commands
from hallq.ticketing.model import Person, Service, Ticket, WindowService
from hallq.ticketing.opening import calendar

CHUNK = 100  # visits to a command
MORNING, EVENING = (8, 10), (19, 45)
ON_POST, ROUND, DESK, NOON, OFF_POST = (8, 22), (10, 0), (10, 40), (11, 20), (17, 38)
OPENS, CLOSES = (8, 30), (17, 30)
CLERKS = (
    select(Person)
    .where(col(Person.window).is_not(None), col(Person.role).in_(("clerk", "chief")))
    .order_by(col(Person.id))
)
OFFERED = select(WindowService).where(WindowService.window == bindparam("window"))
SERVICES = select(Service)
NUMBERS = values_of(col(Ticket.number)).where(col(Ticket.day) == bindparam("day"))


def fill(settings: Settings, *, until: date, days: int, each: int, seed: int = 1) -> int:
    """The working days among the `days` before `until`, with about `each` visits a clerk and day. Returns the visits.

    The hall must be new, and no hub may run in it."""
    clock, chance = PastClock(), Random(seed)
    first = until - timedelta(days=days)
    clock.at = at(first, (6, 0), settings.rules().timezone)
    schema.prepare(settings.database_path)
    store = Store(settings.database_path, clock, settings.rules(), FOLLOWERS)
    try:
        store.load()
        cover.bring_in(store)
        if not imported(store.reader()):
            store.run(import_catalog, catalog=with_guides(load_catalog(settings.catalog_path)))
        clerks = _clerks(store.reader(), chance)
        every = [first + timedelta(days=number) for number in range(days)]
        store.run(screens.hang, today=until)
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
    wanted = {*notices.windows(left), *handing.windows(left)}
    there = [clerk for clerk in clerks if clerk.window in wanted]
    clock.at = at(day, MORNING, zone)
    _keep(store)
    cases.work_off(store, Random(name))
    bulletins.issue(store)
    store.run(handing.morning)
    clock.at = at(day, ON_POST, zone)
    for clerk in there:
        store.run(commands.sign_in, actor=f"person:{clerk.person}", window=clerk.window, person=clerk.person)
    clock.at = at(day, ROUND, zone)
    patrols.go_round(store, Random(f"{name}/patrol"))
    clock.at = at(day, DESK, zone)
    store.run(patrols.come_back)
    store.run(desk.keep, left=left)
    store.run(handing.pass_on, left=left)
    clock.at = at(day, NOON, zone)
    played = notices.play(store, clock, left)
    for clerk in there:
        if clerk.window in handing.windows(left):
            store.run(handing.relieve, window=clerk.window)
    clock.at = at(day, OFF_POST, zone)
    for clerk in there:
        store.run(commands.sign_out, window=clerk.window)
    served = _visits(store, day, clerks, there, each, chance)
    store.run(outcomes.name_kinds, day=name)
    store.run(outcomes.work_off, day=name)
    clock.at = at(day, EVENING, zone)
    _keep(store)
    return served + played


def _visits(
    store: Store, day: date, clerks: Sequence[Clerk], there: Sequence[Clerk], each: int, chance: Random
) -> int:
    """How many. `there`: who signed in by a command; everybody's shift is written here but theirs."""
    name, zone = day.isoformat(), store.rules.timezone
    others = [clerk for clerk in clerks if clerk not in there]
    opens, closes = at(day, OPENS, zone), at(day, CLOSES, zone)
    store.run(past_shifts, day=name, clerks=others, opens=opens, closes=closes, seed=chance.random())
    drawn = [turn for clerk in clerks for turn in turns(clerk, day, zone, each, chance)]
    rest = numbered(drawn, {number for (number,) in store.reader().values(NUMBERS, day=name)})
    while chunk := list(islice(rest, CHUNK)):
        store.run(past_visits, day=name, visits=chunk)
    return len(drawn)


def _keep(store: Store) -> None:
    for duty in DUTIES:
        store.run(duty)


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
