"""The past's visits, from number to rating: drawn clerk by clerk, and written as rows, for they passed no queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hallq.assessment.ratings.model import Invitation, Rating
from hallq.kernel import MINUTE, SECOND, Ms, Tx
from hallq.office.post_model import Spell
from hallq.ticketing import rules
from hallq.ticketing.model import Pause, Shift, Ticket, Visit

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


def numbered(turns: Sequence[Turn], given: set[str]) -> Iterator[tuple[str, Turn]]:
    """In the order of arrival, numbers run per prefix, past those that the queue has given."""
    last: Counter[str] = Counter()
    for turn in sorted(turns, key=lambda turn: turn.issued):
        last[turn.prefix] += 1
        while (number := rules.number(turn.prefix, last[turn.prefix])) in given:
            last[turn.prefix] += 1
        yield number, turn


def turns(clerk: Clerk, day: date, zone: ZoneInfo, each: int, chance: Random) -> Iterator[Turn]:
    """A clerk's visits, one after the other, spread over morning and afternoon."""
    spans = ((at(day, (8, 32), zone), at(day, (11, 55), zone)), (at(day, (14, 32), zone), at(day, (17, 25), zone)))
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


def at(day: date, clock: tuple[int, int], zone: ZoneInfo) -> Ms:
    return round(datetime(day.year, day.month, day.day, *clock, tzinfo=zone).timestamp() * 1000)
