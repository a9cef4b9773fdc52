"""Guides: where each stands, a short leave with a stand-in who confirms it, whom they help, what they report.

A leave is asked, confirmed by who stands in, and only then begins; the ten minutes of it are watched by `alarms`.
"""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import bindparam, func
from sqlmodel import col, select

from hallq.kernel import SECOND, Reads, Refused, Tx, must_exist
from hallq.office import alarms
from hallq.office.post_model import GuideLeave, GuidePost
from hallq.ticketing.lookups import name_of
from hallq.ticketing.model import HallMode, Notice, Person, Ticket, Zone
from hallq.ticketing.told import hush, tell

POSTS = ("desk", "moving")  # G05: 导询台, 流动岗
INCIDENTS = ("dispute", "ill", "lost", "fault", "order", "other")  # G06, G08

GUIDES = select(Person).where(col(Person.role) == "guide", col(Person.active)).order_by(col(Person.id))
ON_POST = select(GuidePost).where(col(GuidePost.ended_at).is_(None))
OWN_POST = select(GuidePost).where(col(GuidePost.ended_at).is_(None), col(GuidePost.person) == bindparam("person"))
OPEN_LEAVES = select(GuideLeave).where(col(GuideLeave.ended_at).is_(None))
OPEN_LEAVE = select(GuideLeave).where(col(GuideLeave.person) == bindparam("person"), col(GuideLeave.ended_at).is_(None))
TODAYS = select(GuideLeave).where(col(GuideLeave.day) == bindparam("day"))
ESCORTED = (
    select(col(Ticket.helper), func.count())
    .where(col(Ticket.day) == bindparam("day"), col(Ticket.helper).is_not(None))
    .group_by(col(Ticket.helper))
)
ISSUED = (
    select(col(Ticket.issuer), func.count())
    .where(col(Ticket.day) == bindparam("day"), col(Ticket.issuer).startswith("person:"))
    .group_by(col(Ticket.issuer))
)


# -- posts


def post(tx: Tx, *, person: int, kind: str, zone: str | None = None) -> GuidePost:
    """G01, G05, G08: where this guide is from now on: at a desk, or moving about an area."""
    if kind not in POSTS:
        raise Refused("invalid", field="kind")
    if zone is not None and tx.get(Zone, zone) is None:
        raise Refused("invalid", field="zone")
    now = tx.first(OWN_POST, person=person)
    if now is not None and (now.kind, now.zone, now.day) == (kind, zone, tx.day):
        return now
    if now is not None:
        tx.update(now, ended_at=tx.now)
    return tx.insert(GuidePost, day=tx.day, person=person, kind=kind, zone=zone, since=tx.now)


def end_post(tx: Tx, *, person: int) -> None:
    _must_stand_in_for_nobody(tx, person)
    now = tx.first(OWN_POST, person=person)
    if now is not None:
        tx.update(now, ended_at=tx.now)


# -- short leaves


def leave(tx: Tx, *, person: int, replacement: int | None = None) -> GuideLeave:
    """G02, G03: none in a peak, none while standing in for somebody. Asked of the stand-in; alone where nobody else is
    on post, and then the office is told."""
    known = tx.first(OPEN_LEAVE, person=person)
    if known is not None:
        raise Refused("wrong_state", state="asked" if is_asked(known) else "away")
    _must_not_be_peak(tx)
    _must_stand_in_for_nobody(tx, person)
    others = _others(tx, person)
    if replacement is None and others:
        raise Refused("needs_replacement", names="、".join(name_of(tx, other) for other in others))
    if replacement is not None and (replacement not in others or _stands_in_for(tx, replacement) is not None):
        raise Refused("invalid", field="replacement")
    asked = None if replacement is None else tx.now
    row = tx.insert(GuideLeave, day=tx.day, person=person, replacement=replacement, since=tx.now, asked_at=asked)
    _tell(tx, row)
    if replacement is None:
        _tell_office(tx, row)
    return row


def confirm(tx: Tx, *, leave: int, person: int) -> GuideLeave:
    """G03: who stands in has come and taken over. Only now the ten minutes begin."""
    row = _asked_of(tx, leave, person)
    _must_not_be_peak(tx)
    _must_not_be_away(tx, person)
    for one in (person, row.person):
        _must_stand_in_for_nobody(tx, one)
    row = tx.update(row, confirmed_at=tx.now, since=tx.now)
    _tell(tx, row)
    return row


def decline(tx: Tx, *, leave: int, person: int) -> GuideLeave:
    return _ended(tx, _asked_of(tx, leave, person), "declined")


def back(tx: Tx, *, person: int) -> GuideLeave:
    """Back on post; a leave that was only asked for is taken back."""
    row = tx.first(OPEN_LEAVE, person=person)
    if row is None:
        raise Refused("wrong_state", state="present")
    return _ended(tx, row, "back")


def evening(tx: Tx) -> None:
    """Posts and leaves of a day that is over, which nobody ended."""
    for row in tx.find(ON_POST):
        if row.day < tx.day:
            tx.update(row, ended_at=tx.now)
    for leave in tx.find(OPEN_LEAVES):
        if leave.day < tx.day:
            _ended(tx, leave, "evening")


def is_asked(row: GuideLeave) -> bool:
    return row.asked_at is not None and row.confirmed_at is None


# -- help and reports


def take(tx: Tx, *, notice: int, person: int) -> Notice:
    """Somebody acts on it. A12, A14: who goes along with a citizen stands on the ticket."""
    row = alarms.take(tx, notice=notice, person=person)
    ticket = None if row.kind != "escort" or row.ticket is None else tx.get(Ticket, row.ticket)
    if ticket is not None and ticket.helper != person:
        tx.update(ticket, helper=person)
    return row


def arrived(tx: Tx, *, notice: int, person: int) -> Notice:
    """A12: the guide is with the citizen; whoever comes has taken it on."""
    row = take(tx, notice=notice, person=person)
    return row if row.arrived_at is not None else tx.update(row, arrived_at=tx.now)


def report(tx: Tx, *, person: int, kind: str, text: str = "", zone: str | None = None) -> Notice:
    """G06, G08: what happened in the hall, to the office at once; it stays until somebody clears it."""
    place = None if zone is None else tx.get(Zone, zone)
    if kind not in INCIDENTS or (zone is not None and place is None):
        raise Refused("invalid", field="zone" if kind in INCIDENTS else "kind")
    facts = {
        "name": name_of(tx, person), "text": text.strip(), "where": place.name if place else "",
        "where_en": (place.name_en or place.name) if place else "",
    }  # fmt: skip
    return tx.insert(
        Notice, kind="alarm", words=f"gi.{kind}", detail=orjson.dumps(facts).decode(), rank=alarms.OFFICE,
        level="alarm", person=person, zone=zone, at=tx.now,
    )  # fmt: skip


# -- looks


def look(db: Reads) -> list[dict[str, Any]]:
    """Every guide: post, leave, how often today away (G02), how many escorted and given numbers (A14)."""
    posts = {row.person: row for row in db.find(ON_POST) if row.day == db.day}
    leaves = {row.person: row for row in db.find(OPEN_LEAVES)}
    times: dict[int, int] = {}
    for row in db.find(TODAYS, day=db.day):
        times[row.person] = times.get(row.person, 0) + (not is_asked(row))
    escorted = dict(db.values(ESCORTED, day=db.day))
    issued = dict(db.values(ISSUED, day=db.day))
    return [
        {
            "id": guide.id, "name": guide.name, "post": posts.get(guide.id or 0), "leave": leaves.get(guide.id or 0),
            "leaves": times.get(guide.id or 0, 0), "escorted": escorted.get(guide.id, 0),
            "issued": issued.get(f"person:{guide.id}", 0),
        }
        for guide in db.find(GUIDES)
    ]  # fmt: skip


# -- parts


def _must_not_be_peak(tx: Tx) -> None:
    mode = tx.get(HallMode, 1)
    if mode is not None and mode.peak_since is not None:
        raise Refused("peak_locked")


def _must_not_be_away(tx: Tx, person: int) -> None:
    own = tx.first(OPEN_LEAVE, person=person)
    if own is not None and not is_asked(own):
        raise Refused("wrong_state", state="away")


def _must_stand_in_for_nobody(tx: Tx, person: int) -> None:
    whom = _stands_in_for(tx, person)
    if whom is not None:
        raise Refused("standing_in", name=name_of(tx, whom))


def _stands_in_for(tx: Tx, person: int) -> int | None:
    return next((row.person for row in tx.find(OPEN_LEAVES) if row.replacement == person and not is_asked(row)), None)


def _others(tx: Tx, person: int) -> list[int]:
    """Who else is on post today and not away."""
    away = {person, *(row.person for row in tx.find(OPEN_LEAVES) if not is_asked(row))}
    return [row.person for row in tx.find(ON_POST) if row.day == tx.day and row.person not in away]


def _asked_of(tx: Tx, leave: int, person: int) -> GuideLeave:
    row = must_exist(tx.get(GuideLeave, leave), "leave", leave)
    if row.replacement != person:
        raise Refused("forbidden")
    if row.ended_at is not None or not is_asked(row):
        raise Refused("wrong_state", state="away" if row.ended_at is None else "over")
    return row


def _ended(tx: Tx, row: GuideLeave, why: str) -> GuideLeave:
    for key in (f"leave/{row.id}", f"alone/{row.id}"):
        hush(tx, key, f"gd.why_{why}")
    return tx.update(row, ended_at=tx.now)


def _tell(tx: Tx, row: GuideLeave) -> None:
    """To guides and the office, live: who wants to go, who is away until when, who stands in."""
    name, other = name_of(tx, row.person), name_of(tx, row.replacement)
    words = "gd.asks" if is_asked(row) else "gd.isAway" if row.replacement is None else "gd.isAwayFor"
    detail = {"leave": row.id, "asked": is_asked(row), "name": name, "other": other, "by": row.replacement}
    until = None if is_asked(row) else row.since + tx.rules.guide_leave_s * SECOND
    columns: dict[str, Any] = {"kind": "leave", "audience": "guide", "level": "info", "person": row.person}
    tell(tx, f"leave/{row.id}", words, detail, at=row.since, until=until, **columns)


def _tell_office(tx: Tx, row: GuideLeave) -> None:
    tell(
        tx, f"alone/{row.id}", "gd.alone", {"name": name_of(tx, row.person)}, kind="alarm", audience="office",
        level="warn", rank=alarms.OFFICE, person=row.person,
    )  # fmt: skip


