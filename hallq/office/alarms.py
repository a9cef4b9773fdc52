"""Alarms: what goes on that should not, how long already, and who must know of it by now.

`rank_due` is the rule. `watch` holds it against the hall every few seconds: an alarm is raised, climbs from the clerk
to the chief representative to the office, and is cleared with its reason when its cause is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlmodel import col, select

from hallq.kernel import SECOND, Ms, Refused, Tx
from hallq.office.device_marks import MARK_OF
from hallq.office.going import Going, going
from hallq.office.post_model import Spell
from hallq.ticketing.lookups import OPEN_NOTICE
from hallq.ticketing.model import Notice, Outage, Window
from hallq.ticketing.opening import outages
from hallq.ticketing.rules import Rules

WATCHED = ("pause", "idle", "empty", "vacant", "crowd", "green", "guide")
WIRED = ("device", "segment")
BRIEF = ("idle", "kind")  # worth nothing without its alarm
ACTED_ON = ("alarm", "help")  # kinds; every other notice ends with what it tells of
CLERK, CHIEF, OFFICE = 1, 2, 3

OPEN_SPELLS = select(Spell).where(col(Spell.ended_at).is_(None))

# why an alarm is over when the hub sees it by itself; of a window's, see _why
CLEARED = {"empty": "staffed", "vacant": "staffed", "crowd": "eased", "green": "called", "guide": "back",
           "device": "deviceBack", "segment": "deviceBack", "kind": "kindBack",
           "paper": "paperBack"}  # fmt: skip


def steps(kind: str, rules: Rules) -> tuple[tuple[int, int], ...]:
    """(rank, seconds after which it must know). B02, I19, B03, B30, A04, A09, G02."""
    step = rules.alarm_step_s
    return {
        "pause": tuple((rank, rules.pause_limit_s + (rank - 1) * step) for rank in (CLERK, CHIEF, OFFICE)),
        "idle": ((CLERK, rules.idle_clerk_s), (CHIEF, rules.idle_chief_s), (OFFICE, rules.idle_office_s)),
        "empty": ((CHIEF, rules.empty_post_s), (OFFICE, rules.empty_post_s + step)),
        "vacant": ((CHIEF, 0), (OFFICE, step)),
        "green": ((OFFICE, rules.green_wait_s),),
        "guide": ((OFFICE, rules.guide_leave_s),),
        "kind": ((OFFICE, rules.device_quiet_s),),
    }.get(kind, ((OFFICE, 0),))


def rank_due(kind: str, seconds: float, rules: Rules) -> int:
    """Who must know of what has gone on for so long: 0 nobody, 1 the clerk, 2 the chief too, 3 the office too."""
    return max((rank for rank, after in steps(kind, rules) if seconds >= after), default=0)


def watch(tx: Tx) -> None:
    settle(tx, WATCHED, going(tx))


def settle(
    tx: Tx, kinds: tuple[str, ...], goings: Iterable[Going], keep: frozenset[tuple[str, str]] = frozenset()
) -> None:
    """Raise, let climb and clear, so that these kinds' alarms fit what is going on. `keep`: nothing is known of it."""
    known = {(spell.kind, spell.subject, spell.mark): spell for spell in tx.find(OPEN_SPELLS) if spell.kind in kinds}
    now = {(each.kind, each.subject, each.mark): each for each in goings}
    for label, spell in known.items():
        if label not in now and label[:2] not in keep:
            _end(tx, spell)
    for label, each in now.items():
        _follow(tx, each, known.get(label))


def take(tx: Tx, *, notice: int, person: int) -> Notice:
    """Somebody acts on it: from now on it climbs no further."""
    row = _open(tx, notice, (*ACTED_ON, "escort"))
    if row.owner == person:
        return row
    tx.log(notice=notice, key=row.key)
    return tx.update(row, owner=person, owned_at=tx.now)


def clear(tx: Tx, *, notice: int, why: str) -> Notice:
    """By hand, with the reason. The same cause raises no second alarm while it lasts."""
    row = _open(tx, notice)
    if not why.strip():
        raise Refused("invalid", field="why")
    tx.log(notice=notice, key=row.key)
    return tx.update(row, done_at=tx.now, done_by=tx.actor, why=why.strip())


def without_outages(since: Ms, until: Ms, known: Iterable[Outage]) -> Ms:
    """How long it went on while the hub was there to see it."""
    lost = sum(max(0, min(until, gap.until) - max(since, gap.since)) for gap in known)
    return max(0, until - since - lost)


def _follow(tx: Tx, each: Going, spell: Spell | None) -> None:
    since = each.since if each.since is not None else spell.since if spell else tx.now
    rank = rank_due(each.kind, _seconds(tx, each, since), tx.rules)
    if spell is None:
        if each.since is not None and not rank:
            return
        values = {"kind": each.kind, "subject": each.subject, "mark": each.mark, "person": each.person}
        spell = tx.insert(Spell, day=tx.day, since=since, **values)
    if not rank:
        return
    raised = None if spell.notice is None else tx.get(Notice, spell.notice)
    if raised is None:
        tx.update(spell, notice=_raise(tx, each, since, rank).id)
    elif raised.done_at is None and raised.owner is None and rank > (raised.rank or 0):
        tx.update(raised, **_ranked(tx, each, rank))


def _seconds(tx: Tx, each: Going, since: Ms) -> float:
    if each.outage is not None:
        return (tx.now - since - each.outage) / SECOND
    return without_outages(since, tx.now, tx.find(outages.SINCE, since=since)) / SECOND


def _raise(tx: Tx, each: Going, since: Ms, rank: int) -> Notice:
    key = f"{each.kind}/{each.subject}"
    old = tx.first(OPEN_NOTICE, key=key)
    if old is not None:  # left by a spell that the database has lost sight of
        tx.update(old, done_at=tx.now, done_by=tx.actor)
    return tx.insert(
        Notice, kind="alarm", key=key, words=each.words, window=each.window, zone=each.zone, person=each.person,
        at=since, **_ranked(tx, each, rank),
    )  # fmt: skip


def _ranked(tx: Tx, each: Going, rank: int) -> dict[str, Any]:
    after = dict(steps(each.kind, tx.rules)).get(rank, 0)
    facts = orjson.dumps(each.facts | {"m": after // 60}).decode()
    return {"rank": rank, "level": "warn" if rank == CLERK else "alarm", "detail": facts}


def _end(tx: Tx, spell: Spell) -> None:
    raised = None if spell.notice is None else tx.get(Notice, spell.notice)
    if raised is not None and raised.done_at is None:
        tx.update(raised, done_at=tx.now, done_by="hub", why=f"alw.{_why(tx, spell)}")
    if raised is None and spell.kind in BRIEF:
        tx.delete(spell)  # a few seconds between two citizens, or of a restart
    else:
        tx.update(spell, ended_at=tx.now)


def _why(tx: Tx, spell: Spell) -> str:
    if spell.kind == "device" and tx.first(MARK_OF, subject=spell.subject) is not None:
        return "deviceMarked"
    if spell.kind not in ("pause", "idle"):
        return CLEARED[spell.kind]
    window = tx.get(Window, spell.subject)
    if window is None or window.shift is None:
        return "signedOut"
    if window.ticket is not None:
        return "called"
    if spell.kind == "pause":
        return "resumed"
    return "paused" if window.pause is not None else "nobody"


def _open(tx: Tx, notice: int, kinds: tuple[str, ...] = ACTED_ON) -> Notice:
    row = tx.get(Notice, notice)
    if row is None or row.kind not in kinds:
        raise Refused("not_found", what="notice", id=notice)
    if row.done_at is not None:
        raise Refused("wrong_state", state="done")
    return row
