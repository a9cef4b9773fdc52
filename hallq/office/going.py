"""What is going on in the hall that somebody may have to know of: read from the rows, judged in `alarms`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlmodel import col, select

from hallq.kernel import SECOND, Ms, Reads
from hallq.office.post_model import GuideLeave
from hallq.ticketing import lookups
from hallq.ticketing.model import (
    HallMode,
    Pause,
    QueueCount,
    Service,
    Shift,
    Ticket,
    Window,
    Zone,
)
from hallq.ticketing.opening import hours, outages
from hallq.ticketing.waiting import queue

WAITING = select(col(QueueCount.service), col(QueueCount.waiting), col(QueueCount.green)).where(
    col(QueueCount.waiting) > 0
)
OLDEST_GREEN = (
    select(col(Ticket.service), func.min(col(Ticket.issued_at)))
    .where(col(Ticket.state) == queue.IS_WAITING, col(Ticket.green))
    .group_by(col(Ticket.service))
)
LEAVES = select(GuideLeave).where(
    col(GuideLeave.ended_at).is_(None), col(GuideLeave.asked_at).is_(None) | col(GuideLeave.confirmed_at).is_not(None)
)


class Going(NamedTuple):
    kind: str
    subject: str
    words: str
    facts: dict[str, Any]
    since: Ms | None = None  # None: since it was first seen
    outage: Ms | None = None  # of it; None: the hub's outages are looked up
    mark: str = ""
    window: str | None = None
    zone: str | None = None
    person: int | None = None


class Post(NamedTuple):
    """A window with what it offers."""

    row: Window
    services: tuple[str, ...]

    @property
    def on(self) -> bool:
        """Somebody is there for who comes; stepping away during a visit is no pause."""
        row = self.row
        return row.shift is not None and not row.advice_only and (row.pause is None or row.ticket is not None)


def going(db: Reads) -> list[Going]:
    posts = _posts(db)
    found = [*_pauses(db, posts), *_leaves(db)]
    mode = db.get(HallMode, 1)
    if mode is not None and mode.emergency_since is not None:
        return found
    waiting = {service: (count, green) for service, count, green in db.values(WAITING)}
    found += _idle(db, posts, waiting)
    if any(green for _, green in waiting.values()):
        found += _green(db)
    counts = {service: count for service, (count, _) in waiting.items()}
    found += _empty(db, posts, counts)
    if hours.hall(db).is_open(db.now):
        found += [*_vacant(db, posts), *_crowds(db, posts, counts)]
    return found


def single(posts: Iterable[Post]) -> set[str]:
    """B03: windows with one person: they have a partner, or one of their services is offered nowhere else."""
    offered: dict[str, list[str]] = {}
    known = [post for post in posts if post.row.closed is None]
    for post in known:
        for service in post.services:
            offered.setdefault(service, []).append(post.row.no)
    alone = {windows[0] for windows in offered.values() if len(windows) == 1}
    return alone | {post.row.no for post in known if post.row.partner is not None}


def crowded(waiting: Mapping[str, int], posts: Iterable[Post], per_window: int) -> dict[str, tuple[int, int]]:
    """A04: the zones where more people wait than `per_window` for each open window: (people, open windows).

    Who waits for a service waits at its open windows, shared evenly; at all its windows while none is open."""
    people: dict[str, float] = {}
    opened: dict[str, int] = {}
    known = list(posts)
    for post in known:
        opened[post.row.zone] = opened.get(post.row.zone, 0) + post.on
    for service, count in waiting.items():
        offering = [post for post in known if service in post.services]
        share = [post for post in offering if post.on] or offering
        for post in share:
            people[post.row.zone] = people.get(post.row.zone, 0) + count / len(share)
    full = (zone for zone, count in people.items() if count > per_window * max(1, opened[zone]))
    return {zone: (round(people[zone]), opened[zone]) for zone in full}


def _posts(db: Reads) -> list[Post]:
    services: dict[str, list[str]] = {}
    for offer in db.find(lookups.OFFERS):
        services.setdefault(offer.window, []).append(offer.service)
    return [Post(row, tuple(services.get(row.no, ()))) for row in db.find(lookups.WINDOWS)]


def _pauses(db: Reads, posts: list[Post]) -> Iterator[Going]:
    """B02; also stepping away during a visit, on the same clock."""
    for post in posts:
        pause = None if post.row.pause is None else db.get(Pause, post.row.pause)
        if pause is not None:
            outage = pause.outage + outages.running(db, pause.since)
            yield Going(
                "pause", pause.window, "al.pause", {"win": pause.window}, pause.since, outage, str(pause.id),
                pause.window, post.row.zone, pause.person,
            )  # fmt: skip


def _leaves(db: Reads) -> Iterator[Going]:
    for leave in db.find(LEAVES):
        name = lookups.name_of(db, leave.person)
        yield Going("guide", str(leave.person), "al.guide", {"name": name}, leave.since, mark=str(leave.id))


def _idle(db: Reads, posts: list[Post], waiting: Mapping[str, Any]) -> Iterator[Going]:
    """I19: somebody waits whom this free window may call."""
    for row, services in posts:
        free = row.shift is not None and row.pause is None and row.ticket is None and not row.advice_only
        if not free or waiting.keys().isdisjoint(services) or queue.next_at(db, row.no) is None:
            continue
        shift = db.get(Shift, row.shift)
        yield Going(
            "idle", row.no, "al.idle", {"win": row.no}, mark=str(row.version), window=row.no, zone=row.zone,
            person=shift.person if shift else None,
        )  # fmt: skip


def _green(db: Reads) -> Iterator[Going]:
    """A09: in working time; nobody is called in a break."""
    limit = db.rules.green_wait_s * SECOND
    for code, since in db.values(OLDEST_GREEN):
        service = db.get(Service, code)
        if service is None or since is None or db.now - since < limit:
            continue
        worked = sum(end - start for start, end in hours.work_spans(db, service, since, db.now))
        if worked >= limit:
            yield Going("green", code, "al.green", _service(db, code), db.now - worked)


def _empty(db: Reads, posts: list[Post], waiting: Mapping[str, int]) -> Iterator[Going]:
    """B30: people wait for it in its hours and nobody is on post for it."""
    on_post = {service for post in posts if post.on for service in post.services}
    for code in waiting.keys() - on_post:
        service = db.get(Service, code)
        if service is not None and hours.of_service(db, service).is_open(db.now):
            yield Going("empty", code, "al.empty", _service(db, code))


def _vacant(db: Reads, posts: list[Post]) -> Iterator[Going]:
    """B03: a window with one person is left: paused, or with a partner and nobody signed in."""
    alone = single(posts)
    for row, _ in posts:
        left = row.partner is not None if row.shift is None else row.pause is not None and row.ticket is None
        if row.no not in alone or not left or row.closed is not None:
            continue
        facts = {"win": row.no, "name": lookups.name_of(db, row.partner)}
        words = "al.vacant" if row.partner is None else "al.vacantPartner"
        yield Going("vacant", row.no, words, facts, window=row.no, zone=row.zone, person=row.partner)


def _crowds(db: Reads, posts: list[Post], waiting: Mapping[str, int]) -> Iterator[Going]:
    for code, (people, windows) in crowded(waiting, posts, db.rules.crowd_per_window).items():
        zone = db.get(Zone, code)
        names = {"name": zone.name, "name_en": zone.name_en or zone.name} if zone else {"name": code, "name_en": code}
        yield Going("crowd", code, "al.crowd", names | {"n": people, "k": windows}, zone=code)


def _service(db: Reads, code: str) -> dict[str, str]:
    row = db.get(Service, code)
    return {"name": row.name if row else code, "name_en": (row.name_en or row.name) if row else code}


