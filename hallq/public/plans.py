"""What the public screens show in turn: pages of the hall's own words, results made public, plans by zone, weekday and
hour. A hall without a plan shows calls alone. Names are masked before they are stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypedDict

import orjson
from sqlmodel import bindparam, col, select

from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.office import dates
from hallq.public.model import ContentPage, PublicResult, ScreenPlan
from hallq.ticketing.model import Service, Zone

KINDS = ("windows", "promises", "suspended", "lost", "ratings", "phones", "results")
OWN = "content/"  # and the number of a page of the hall's own words
MOST = 20  # pages in turn
SHORTEST, LONGEST = 5, 120  # seconds that a page stays
CONTENT = select(ContentPage).order_by(col(ContentPage.ord), col(ContentPage.id))
PLANS = select(ScreenPlan).order_by(col(ScreenPlan.zone), col(ScreenPlan.id))
ACTIVE = select(ScreenPlan).where(col(ScreenPlan.active))
RESULTS = select(PublicResult).order_by(col(PublicResult.id).desc()).limit(200)
PUBLIC = (
    select(PublicResult)
    .where(
        col(PublicResult.until_day) >= bindparam("day"),
        col(PublicResult.from_day) <= bindparam("day"),
        col(PublicResult.ended_at).is_(None),
    )
    .order_by(col(PublicResult.from_day).desc(), col(PublicResult.id).desc())
)
BETWEEN = re.compile(r"([、，,;；/]+|\s+和\s+|\s{2,})")
LONG_NUMBER = re.compile(r"(?:[0-9][ -]?){11}")  # of an identity card or a telephone: nobody's belongs on a wall


class Turn(TypedDict):
    page: str
    seconds: int


# -- pages of the hall's own words (H18, H19, H23, L07)


def save_page(tx: Tx, *, page: int | None = None, **values: Any) -> ContentPage:
    """A new one, or one as it is from now on. `active` = False takes it off the screens."""
    _must_be_in_order(values["from_day"], values["until_day"])
    if page is None:
        return tx.insert(ContentPage, at=tx.now, by=tx.actor, **values)
    row = must_exist(tx.get(ContentPage, page), "content", page)
    return tx.update(row, at=tx.now, by=tx.actor, **values)


# -- results made public (H21)


def publish(tx: Tx, *, who: str, company: bool, matter: str, result: str, service: str | None, from_day: str,
            until_day: str) -> PublicResult:  # fmt: skip
    _must_be_in_order(from_day, until_day)
    for field, words in (("who", who), ("matter", matter), ("result", result)):
        if not words.strip() or LONG_NUMBER.search(words):
            raise Refused("invalid", field=field)
    if not company and (told := _named_in(who, matter=matter, result=result)):
        raise Refused("invalid", field=told)
    if service is not None and tx.get(Service, service) is None:
        raise Refused("invalid", field="service")
    shown = who.strip() if company else masked(who)
    return tx.insert(
        PublicResult, who=shown, matter=matter.strip(), result=result.strip(), service=service, from_day=from_day,
        until_day=until_day, at=tx.now, by=tx.actor,
    )  # fmt: skip


def end_result(tx: Tx, *, result: int) -> PublicResult:
    row = must_exist(tx.get(PublicResult, result), "result", result)
    return row if row.ended_at is not None else tx.update(row, ended_at=tx.now)


def masked(names: str) -> str:
    """张三、李小红 -> 张*、李**: the first character of each."""
    parts = BETWEEN.split(names.strip())
    return "".join(part if BETWEEN.fullmatch(part) else part[:1] + "*" * len(part[1:]) for part in parts)


def _named_in(who: str, **told: str) -> str | None:
    """The field that says in full whom `who` masks."""
    names = [part for part in BETWEEN.split(who.strip()) if len(part) > 1 and not BETWEEN.fullmatch(part)]
    return next((field for field, words in told.items() if any(name in words for name in names)), None)


# -- plans


def save_plan(tx: Tx, *, plan: int | None = None, zone: str, pages: Sequence[Turn], days: Iterable[int], start: str,
              until: str, active: bool) -> ScreenPlan:  # fmt: skip
    if zone and tx.get(Zone, zone) is None:
        raise Refused("invalid", field="zone")
    if not start < until:
        raise Refused("invalid", field="until")
    chosen = sorted(set(days))
    if not chosen:
        raise Refused("invalid", field="days")
    _must_be_known(tx, pages)
    values = {
        "zone": zone, "pages": orjson.dumps(list(pages)).decode(), "days": ",".join(map(str, chosen)),
        "start": start, "until": until, "active": active, "at": tx.now, "by": tx.actor,
    }  # fmt: skip
    if plan is None:
        return tx.insert(ScreenPlan, **values)
    return tx.update(must_exist(tx.get(ScreenPlan, plan), "plan", plan), **values)


def in_force(db: Reads, zone: str) -> list[Turn]:
    """What a screen of the zone shows now: its own plan, else the one for every screen; of several the one that began
    last. A screen of the whole hall has no zone."""
    when = dates.local(db.now, db.rules.timezone)
    weekday, clock = str(when.isoweekday()), f"{when:%H:%M}"
    now = [plan for plan in db.find(ACTIVE) if weekday in plan.days.split(",") and plan.start <= clock < plan.until]
    own = [plan for plan in now if plan.zone == zone] or [plan for plan in now if plan.zone == ""]
    return turns(max(own, key=lambda plan: (plan.start, plan.id))) if own else []


def turns(plan: ScreenPlan) -> list[Turn]:
    pages: list[Turn] = orjson.loads(plan.pages)
    return pages


def _must_be_known(tx: Tx, pages: Sequence[Turn]) -> None:
    own = {f"{OWN}{row.id}" for row in tx.find(CONTENT)}
    fits = all(turn["page"] in own or turn["page"] in KINDS for turn in pages)
    timely = all(SHORTEST <= turn["seconds"] <= LONGEST for turn in pages)
    if not pages or len(pages) > MOST or not fits or not timely:
        raise Refused("invalid", field="pages")


def _must_be_in_order(first: str | None, last: str | None) -> None:
    if first and last and date.fromisoformat(last) < date.fromisoformat(first):
        raise Refused("invalid", field="until_day")
