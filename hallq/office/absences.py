"""What the office reads of posts: pauses and their proofs, guides' leaves, empty posts, sign-ins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam
from sqlmodel import col, select

from hallq.kernel import MINUTE, SECOND, Ms, Reads
from hallq.office.alarms import without_outages
from hallq.office.post_model import GuideLeave, Spell
from hallq.ticketing.lookups import name_of, name_of_actor
from hallq.ticketing.model import Notice, Pause, PauseReason, Person, Service, Shift, Shown, Window
from hallq.ticketing.opening import outages
from hallq.ticketing.rules import Rules

Json = dict[str, Any]
_DAYS: tuple[BindParameter[str], BindParameter[str]] = (bindparam("since"), bindparam("until"))
PAUSES = select(Pause).where(col(Pause.day).between(*_DAYS)).order_by(col(Pause.id).desc())
PROOFS = (
    select(col(Shown.ref), col(Shown.device), col(Shown.at))
    .join(Pause, col(Pause.id) == Shown.ref)
    .where(col(Shown.what) == "pause", col(Pause.day).between(*_DAYS))
    .order_by(col(Shown.at))
)
LEAVES = (
    select(GuideLeave)
    .where(
        col(GuideLeave.day).between(*_DAYS),
        col(GuideLeave.asked_at).is_(None) | col(GuideLeave.confirmed_at).is_not(None),
    )
    .order_by(col(GuideLeave.id).desc())
)
SPELLS = select(Spell).where(col(Spell.day).between(*_DAYS)).order_by(col(Spell.id).desc())
SHIFTS = select(Shift).where(col(Shift.day).between(*_DAYS)).order_by(col(Shift.id))
ALARMS = (
    select(Notice)
    .where(col(Notice.kind) == "alarm", col(Notice.at) >= bindparam("since"), col(Notice.at) < bindparam("until"))
    .order_by(col(Notice.id).desc())
    .limit(500)
)
REASONS = select(PauseReason)


def away(db: Reads, *, since: str, until: str) -> list[Json]:
    """Each pause and stepping away, outages left out; off-post from the limit on (B02); who proved it when (B01)."""
    proofs: dict[int, list[Json]] = {}
    for ref, device, at in db.values(PROOFS, since=since, until=until):
        proofs.setdefault(ref, []).append({"device": device, "at": at})
    reasons = {row.code: row.name for row in db.find(REASONS)}
    return [
        {
            "id": row.id, "day": row.day, "window": row.window, "kind": row.kind, "reason": reasons.get(row.reason, ""),
            "since": row.since, "until": row.until, "ended_at": row.ended_at, "seconds": _length(db, row),
            "off_post": _length(db, row) >= db.rules.pause_limit_s, "proofs": proofs.get(row.id or 0, []),
            **_who(db, row.person, row.window),
        }
        for row in db.find(PAUSES, since=since, until=until)
    ]  # fmt: skip


def totals(rows: list[Json]) -> list[Json]:
    """Per person and day: how often, how long, how often off post."""
    sums: dict[tuple[str, Any], Json] = {}
    for row in rows:
        known = sums.setdefault((row["day"], row["person"]), {
            "day": row["day"], "person": row["person"], "name": row["name"], "department": row["department"],
            "times": 0, "seconds": 0, "off_post": 0,
        })  # fmt: skip
        known["times"] += 1
        known["seconds"] += row["seconds"]
        known["off_post"] += row["off_post"]
    return sorted(sums.values(), key=lambda row: (row["day"], row["seconds"]), reverse=True)


def leaves(db: Reads, *, since: str, until: str) -> list[Json]:
    """G02: guides' short leaves; `nth` of that day, since frequent ones show."""
    rows, counts = [], dict[tuple[str, int], int]()
    for row in reversed(db.find(LEAVES, since=since, until=until)):
        nth = counts[row.day, row.person] = counts.get((row.day, row.person), 0) + 1
        seconds = ((row.ended_at or db.now) - row.since) // SECOND
        rows.append({
            "id": row.id, "day": row.day, "since": row.since, "ended_at": row.ended_at, "seconds": seconds, "nth": nth,
            "over": seconds > db.rules.guide_leave_s, "replacement": name_of(db, row.replacement),
            **_who(db, row.person, None),
        })  # fmt: skip
    return rows[::-1]


def empty(db: Reads, *, since: str, until: str) -> list[Json]:
    """Minutes per day: services without anybody on post, single windows that were left, idle windows, crowds."""
    spells = db.find(SPELLS, since=since, until=until)
    gaps = db.find(outages.SINCE, since=min((row.since for row in spells), default=db.now))
    sums: dict[tuple[str, str, str], Json] = {}
    for row in spells:
        known = sums.setdefault((row.day, row.kind, row.subject), {
            "day": row.day, "kind": row.kind, "subject": row.subject, "times": 0, "seconds": 0,
            **_subject(db, row),
        })  # fmt: skip
        known["times"] += 1
        known["seconds"] += without_outages(row.since, row.ended_at or db.now, gaps) // SECOND
    return list(sums.values())


def attendance(db: Reads, *, since: str, until: str) -> list[Json]:
    """J01, J02: first sign-in and last sign-out of each day, beside the attendance machine. B05: if not at home."""
    days: dict[tuple[str, int], list[Shift]] = {}
    for shift in db.find(SHIFTS, since=since, until=until):
        days.setdefault((shift.day, shift.person), []).append(shift)
    rows = [_attended(db, day, person, shifts) for (day, person), shifts in days.items()]
    return sorted(rows, key=lambda row: (row["day"], row["name"]), reverse=True)


def marks(first: Ms, last: Ms | None, rules: Rules) -> list[str]:
    """J02: what stands out of a day's first sign-in and last sign-out. None: still on duty."""
    began, ended = _clock(first, rules), None if last is None else _clock(last, rules)
    found = [("before", began < rules.sign_in_from), ("late", began > rules.sign_in_until)]
    if ended is not None:
        found += [("early", ended < rules.sign_out_from), ("after", ended > rules.sign_out_until)]
    return [name for name, true in found if true]


def alarms(db: Reads, *, since: Ms, until: Ms) -> list[tuple[Notice, str, str]]:
    """The alarms of a day with who took and who cleared them."""
    return [
        (row, name_of(db, row.owner), name_of_actor(db, row.done_by))
        for row in db.find(ALARMS, since=since, until=until)
    ]


def _attended(db: Reads, day: str, person: int, shifts: list[Shift]) -> Json:
    last = None if any(shift.ended_at is None for shift in shifts) else max(shift.ended_at or 0 for shift in shifts)
    row = db.get(Person, person)
    home = row.window if row else None
    return {
        "day": day, "first": shifts[0].started_at, "last": last, "marks": marks(shifts[0].started_at, last, db.rules),
        "minutes": sum((shift.ended_at or db.now) - shift.started_at for shift in shifts) // MINUTE,
        "windows": sorted({shift.window for shift in shifts}), "home": home,
        "elsewhere": sorted({shift.window for shift in shifts} - {home}) if home else [],
        **_who(db, person, None),
    }  # fmt: skip


def _length(db: Reads, pause: Pause) -> int:
    return max(0, (pause.ended_at or db.now) - pause.since - pause.outage) // SECOND


def _who(db: Reads, person: int | None, window: str | None) -> Json:
    row = None if person is None else db.get(Person, person)
    at = None if window is None else db.get(Window, window)
    department = at.department if at else row.department if row else None
    return {"person": person, "name": row.name if row else "", "department": department}


def _subject(db: Reads, spell: Spell) -> Json:
    if spell.kind in ("empty", "green"):
        service = db.get(Service, spell.subject)
        return {"name": service.name if service else "", "name_en": service.name_en if service else "",
                "department": service.department if service else None}  # fmt: skip
    window = db.get(Window, spell.subject) if spell.kind in ("pause", "idle", "vacant") else None
    person = name_of(db, int(spell.subject)) if spell.kind == "guide" else ""
    return {"name": person, "name_en": person, "department": window.department if window else None}




def _clock(at: Ms, rules: Rules) -> str:
    return f"{datetime.fromtimestamp(at / 1000, rules.timezone):%H:%M}"
