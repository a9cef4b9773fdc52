"""What the system knows of today, so that a patrol need not count: each with numerator, denominator and places.

The patroller confirms it or turns it into a finding. Keys are those of the checklist's column `system`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlmodel import col
from sqlmodel import select as rows_of

from hallq.assessment.cases.model import Case
from hallq.assessment.patrols.rules import Risk, first
from hallq.assessment.ratings.model import Invitation
from hallq.kernel import Reads
from hallq.office import absences
from hallq.ticketing import lookups
from hallq.ticketing.lookups import how_many
from hallq.ticketing.model import Cover, OutOfOrder, QueueCount, Shift, Ticket, Visit, Window, WindowService
from hallq.ticketing.opening import hours
from hallq.ticketing.opening.calendar import days_after

Json = dict[str, Any]
COMPLAINT_DAYS = 30  # F20: complaints so recent count


class Place(NamedTuple):
    """Where, how often, for how many seconds in all."""

    window: str | None
    name: str
    times: int
    seconds: int = 0
    name_en: str = ""


class Fact(NamedTuple):
    """`num` of `den`; without a denominator a plain count, of which none is well."""

    num: int
    den: int | None
    places: tuple[Place, ...] = ()

    @property
    def ok(self) -> bool:
        return self.num == (0 if self.den is None else self.den)


_INVITED = col(Invitation.visit).is_not(None) & (col(Invitation.closed_why) != "withdrawn")
TODAYS = (
    select(
        col(Visit.window), func.count(), how_many(col(Ticket.source) == "walk_in"),
        how_many(col(Visit.end) == "finished"), how_many((col(Visit.end) == "finished") & _INVITED),
    )
    .join(Ticket, col(Ticket.id) == Visit.ticket)
    .outerjoin(Invitation, col(Invitation.visit) == Visit.id)
    .where(col(Visit.day) == bindparam("day"), col(Visit.end) != "undone")
    .group_by(col(Visit.window))
)  # fmt: skip
CHOSEN = (
    select(col(OutOfOrder.window), func.count())
    .where(
        col(OutOfOrder.day) == bindparam("day"), (col(OutOfOrder.kind) == "chosen") | (col(OutOfOrder.kind) == "front")
    )
    .group_by(col(OutOfOrder.window))
)
COVERED = rows_of(Cover).where(col(Cover.person) == bindparam("person"), col(Cover.window) == bindparam("window"))
WAITING_AT = (
    select(col(WindowService.window), func.sum(col(QueueCount.waiting)))
    .join(QueueCount, col(QueueCount.service) == WindowService.service)
    .where(col(QueueCount.waiting) > 0)
    .group_by(col(WindowService.window))
)
COMPLAINTS_AT = (  # a bad rating opens a case, too
    select(col(Case.window), func.count())
    .where(col(Case.day) >= bindparam("since"), col(Case.window).is_not(None), col(Case.verdict) != "unfounded")
    .group_by(col(Case.window))
)


def facts(db: Reads, *, devices: Iterable[tuple[str, str | None, bool]] = ()) -> dict[str, Fact]:
    """`devices`: (name, window, whether it is up) of each that the hub is wired to."""
    return {
        **_visits(db), **_spells(db), "off_post": _off_post(db), "unsigned": _unsigned(db),
        "late": _late(db), "elsewhere": _elsewhere(db), "alarms": _alarms(db),
        "devices": _devices(list(devices)),
    }  # fmt: skip


def _visits(db: Reads) -> dict[str, Fact]:
    """A02, A22, D02."""
    rows = db.values(TODAYS, day=db.day)
    chosen = dict(db.values(CHOSEN, day=db.day))
    total, finished = sum(row[1] for row in rows), sum(row[3] for row in rows)
    return {
        "called": _share(total, [Place(window, "", walked) for window, _, walked, _, _ in rows]),
        "order": _share(total, [Place(window, "", count) for window, count in chosen.items()]),
        "invited": _share(finished, [Place(window, "", done - asked) for window, _, _, done, asked in rows]),
    }


def _share(total: int, wrong: Iterable[Place]) -> Fact:
    places = _sorted(wrong)
    return Fact(max(0, total - sum(place.times for place in places)), total, places)


def _spells(db: Reads) -> dict[str, Fact]:
    """B03, B30: empty posts; I19: idle windows; A04: crowds; A09: the green channel; G02: guides' leaves."""
    found: dict[str, list[Place]] = {kind: [] for kind in ("empty", "idle", "crowd", "green", "guide")}
    for row in absences.empty(db, since=db.day, until=db.day):
        kind = "empty" if row["kind"] == "vacant" else row["kind"]
        if kind in found:
            window = row["subject"] if row["kind"] in ("vacant", "idle") else None
            name = row["name"] or ("" if window else row["subject"])
            found[kind].append(Place(window, name, row["times"], row["seconds"], row.get("name_en") or name))
    return {kind: Fact(sum(p.times for p in places), None, _sorted(places)) for kind, places in found.items()}


def _off_post(db: Reads) -> Fact:
    """B02: pauses beyond the limit."""
    rows = [row for row in absences.away(db, since=db.day, until=db.day) if row["off_post"]]
    places = [Place(row["window"], row["name"], 1, row["seconds"]) for row in rows]
    return Fact(len(rows), None, _sorted(places))


def _due(db: Reads) -> list[Window]:
    return [row for row in db.find(lookups.WINDOWS) if row.closed is None]


def _unsigned(db: Reads) -> Fact:
    """J01: open windows where nobody is signed in; outside working hours nobody need be."""
    if not (db.rules.always_open or hours.hall(db).is_open(db.now)):
        return Fact(0, 0)
    due = _due(db)
    return _share(len(due), [Place(row.no, "", 1) for row in due if row.shift is None])


def _late(db: Reads) -> Fact:
    """J02: who signed in late today, or out early."""
    rows = absences.attendance(db, since=db.day, until=db.day)
    late = [row for row in rows if {"late", "early"} & set(row["marks"])]
    return _share(len(rows), [Place(row["windows"][0], row["name"], 1) for row in late])


def _elsewhere(db: Reads) -> Fact:
    """B05 串岗: signed in at a window not one's own, without the office's cover."""
    staffed = [row for row in _due(db) if row.shift is not None]
    return _share(len(staffed), [place for row in staffed for place in _stranger(db, row)])


def _stranger(db: Reads, window: Window) -> list[Place]:
    shift = db.get(Shift, window.shift)
    clerk = None if shift is None else db.first(lookups.CLERK, shift=shift.id)
    if clerk is None or clerk.window in (None, window.no):
        return []
    cover = db.first(COVERED, person=clerk.id, window=window.no)
    return [] if cover is not None and cover.until_day >= db.day else [Place(window.no, clerk.name, 1)]


def _alarms(db: Reads) -> Fact:
    """Alarms that nobody acts on."""
    rows = [row for row in db.find(lookups.NOTICES) if row.kind == "alarm" and row.owner is None]
    return Fact(len(rows), None, tuple(Place(row.window, "", 1) for row in rows if row.window is not None))


def _devices(devices: list[tuple[str, str | None, bool]]) -> Fact:
    """B27."""
    return _share(len(devices), [Place(window, name, 1, name_en=name) for name, window, up in devices if not up])


def _sorted(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted((each for each in places if each.times), key=lambda each: (-each.times, each.window or "")))


# -- where to look


def order(db: Reads) -> list[Risk]:
    """F20: windows with many people, much work and complaints first."""
    waiting = dict(db.values(WAITING_AT))
    complaints = dict(db.values(COMPLAINTS_AT, since=days_after(db.day, -COMPLAINT_DAYS)))
    served = {window: count for window, count, *_ in db.values(TODAYS, day=db.day)}
    return first([
        Risk(row.no, waiting.get(row.no) or 0, served.get(row.no, 0), complaints.get(row.no, 0)) for row in _due(db)
    ])  # fmt: skip


def moments(db: Reads, *, day: str) -> list[Json]:
    """F04: which window at which minute, so that the camera's record can be looked at; no picture is taken here."""
    rows = [row for row in db.find(absences.SPELLS, since=day, until=day) if row.kind in ("pause", "idle", "vacant")]
    return [
        {"kind": row.kind, "window": row.subject, "since": row.since, "ended_at": row.ended_at, "person": row.person}
        for row in rows
    ]
