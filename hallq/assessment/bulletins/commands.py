"""A bulletin's way: draft, edited, approved step by step, numbered and frozen (F09-F15).

Nothing overwrites an approved one: a correction is another, which names it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import column, func, select, table
from sqlmodel import bindparam, col
from sqlmodel import select as rows_of

from hallq import files
from hallq.assessment.bulletins import content, facts, interviews, schedule
from hallq.assessment.bulletins.content import Json
from hallq.assessment.bulletins.kinds import NONE, Kind, faults, kinds, title_of
from hallq.assessment.bulletins.model import APPROVED, DRAFT, DROPPED, LAPSED, Bulletin
from hallq.assessment.ledger import commands as ledger
from hallq.assessment.standards import commands as standards
from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.ticketing.model import Department
from hallq.ticketing.opening import calendar
from hallq.ticketing.told import hush

STANDARD = "bulletins"
CLAUSE = "督查通报 第七条"  # D15
KEYED = rows_of(Bulletin).where(col(Bulletin.key) == bindparam("key"))
CORRECTING = rows_of(Bulletin).where(
    col(Bulletin.corrects) == bindparam("bulletin"), col(Bulletin.state) != DROPPED
)  # fmt: skip
LAST = select(func.max(col(Bulletin.serial))).where(
    col(Bulletin.series) == bindparam("series"), col(Bulletin.year) == bindparam("year")
)
_journal = table("journal", column("seq"), column("hash"))
HEAD = select(_journal.c.seq, _journal.c.hash).order_by(_journal.c.seq.desc()).limit(1)


def begin(tx: Tx, *, kind: str, since: str, until: str, department: str | None) -> Bulletin:
    """By the office's hand: one for each of its kind's periods, urgent ones as there are causes."""
    known = kinds(standards.current(tx, STANDARD).content).get(kind)
    if known is None:
        raise Refused("not_found", what="bulletin_kind", id=kind)
    if department is not None and tx.get(Department, department) is None:
        raise Refused("not_found", what="department", id=department)
    key = None if known.period == NONE else f"{kind}/{since}"
    row = None if key is None else tx.first(KEYED, key=key)
    if row is not None and row.state != DROPPED:
        raise Refused("bulletin_exists", title=row.title, id=row.id)
    due = schedule.due(known, date.fromisoformat(tx.day), calendar.of_hall(tx)).isoformat()
    return draft(
        tx, kind=kind, title=title_of(known, since, until), since=since, until=until, due=due, department=department,
        key=key if row is None else None,
    )  # fmt: skip


def draft(
    tx: Tx,
    *,
    kind: str,
    title: str,
    since: str,
    until: str,
    due: str,
    department: str | None = None,
    key: str | None = None,
) -> Bulletin:
    """Without its facts: they are gathered beside the writer, and come with `fill`."""
    standard = standards.current(tx, STANDARD)
    if kind not in kinds(standard.content):
        raise Refused("not_found", what="bulletin_kind", id=kind)
    if not since <= until <= tx.day:
        raise Refused("invalid", field="until")
    return tx.insert(
        Bulletin, kind=kind, key=key, title=title, since=since, until=until, due=due, department=department,
        standard=standard.version, made_at=tx.now, made_by=tx.actor,
    )  # fmt: skip


def fill(tx: Tx, *, bulletin: int, found: Json) -> Bulletin:
    """With what the facts say now; what the office has written before stays."""
    row = _open(tx, bulletin)
    now = content.refreshed(parsed(row.generated), parsed(row.content), found) if row.generated else found
    tx.log(bulletin=bulletin)
    return tx.update(
        row, generated=_json(found), content=_json(now), facts_at=tx.now, version=row.version + 1, steps="[]"
    )


def ask_again(tx: Tx, *, bulletin: int) -> Bulletin:
    """The facts are gathered anew: what was approved of the old ones counts no more."""
    return tx.update(_open(tx, bulletin), facts_at=None, steps="[]")


def edit(
    tx: Tx, *, bulletin: int, seen: int, title: str, sections: Sequence[Mapping[str, Any]],
    asked: Sequence[Mapping[str, Any]] = (),
) -> Bulletin:  # fmt: skip
    """Paragraphs, what is left out, whom to ask in. Approvals of the text before are void."""
    row = _open(tx, bulletin)
    if row.version != seen:
        raise Refused("stale", seen=seen, version=row.version)
    now = content.edited(parsed(row.content), sections)
    now["interviews"] = interviews.chosen(now["interviews"], asked)
    return tx.update(
        row, title=title, content=_json(now), version=row.version + 1, steps="[]", edited_at=tx.now, edited_by=tx.actor
    )


def approve(tx: Tx, *, bulletin: int, seen: int, name: str) -> Bulletin:
    """The next step of its kind's way; with the last one it gets its number and is frozen (F15)."""
    row = _open(tx, bulletin)
    if row.version != seen:
        raise Refused("stale", seen=seen, version=row.version)
    if row.facts_at is None:
        raise Refused("wrong_state", state="gathering")
    empty = content.unwritten(parsed(row.content))
    if empty:
        raise Refused("bulletin_unwritten", section="、".join(empty))
    kind, done = kind_of(tx, row), orjson.loads(row.steps)
    done.append({"title": kind.steps[len(done)].zh, "name": name, "at": tx.now, "by": tx.actor})
    row = tx.update(row, steps=_json(done), version=row.version + 1)  # a second press is stale
    return row if len(done) < len(kind.steps) else _freeze(tx, row, kind)


def drop(tx: Tx, *, bulletin: int, why: str) -> Bulletin:
    """A draft that is not needed. It keeps its reason, and has no number to leave a gap."""
    hush(tx, f"bulletin/{bulletin}")
    return tx.update(_open(tx, bulletin), state=DROPPED, note=why)


def lapse(tx: Tx, row: Bulletin) -> None:
    """A daily one that nobody has read out by the next: it stays on the list as such, without a number."""
    hush(tx, f"bulletin/{row.id}")
    tx.update(row, state=LAPSED)


def correct(tx: Tx, *, bulletin: int, why: str) -> Bulletin:
    """A new draft with the old one's content: it gets a number of its own and names the one that it puts right."""
    row = find(tx, bulletin)
    if row.state != APPROVED:
        raise Refused("wrong_state", state=row.state)
    known = tx.first(CORRECTING, bulletin=bulletin)
    if known is not None:
        raise Refused("bulletin_corrected", id=known.id, number=known.number)
    return tx.insert(
        Bulletin, kind=row.kind, title=row.title, since=row.since, until=row.until, due=tx.day, note=why,
        department=row.department, standard=row.standard, generated=row.content, content=row.content,
        facts_at=row.facts_at, made_at=tx.now, made_by=tx.actor, corrects=bulletin,
    )  # fmt: skip


def archive(tx: Tx, *, bulletin: int, attachments: Sequence[Mapping[str, Any]]) -> None:
    """The printed files of an approved one, once."""
    row = find(tx, bulletin)
    known = {each.media for each in tx.find(files.OF, ref=ref(bulletin))}
    for each in attachments:
        if row.state == APPROVED and each["media"] not in known:
            files.store(tx, ref=ref(bulletin), **each)


# -- looks


def find(db: Reads, bulletin: int) -> Bulletin:
    return must_exist(db.get(Bulletin, bulletin), "bulletin", bulletin)


def kind_of(db: Reads, row: Bulletin) -> Kind:
    return kinds(standards.version(db, STANDARD, row.standard).content)[row.kind]


def parsed(words: str) -> Json:
    found: Json = orjson.loads(words)
    return found


def ref(bulletin: int) -> str:
    return f"bulletin/{bulletin}"


# -- parts


def _open(tx: Tx, bulletin: int) -> Bulletin:
    row = find(tx, bulletin)
    if row.state != DRAFT:
        raise Refused("bulletin_frozen", number=row.number, state=row.state)
    return row


def _freeze(tx: Tx, row: Bulletin, kind: Kind) -> Bulletin:
    year = int(tx.day[:4])
    [(last,)] = tx.values(LAST, series=kind.series, year=year)
    serial = (last or 0) + 1
    pattern = standards.version(tx, STANDARD, row.standard).content["number"]
    [(seq, head)] = tx.values(HEAD) or [(0, "")]
    row = tx.update(
        row, state=APPROVED, approved_at=tx.now, series=kind.series, year=year, serial=serial, journal_seq=seq,
        journal_hash=head, number=pattern.format(series=kind.series, year=year, n=serial),
        departments=",".join(_addressed(row)),
    )  # fmt: skip
    hush(tx, f"bulletin/{row.id}")
    interviews.open_tasks(tx, row, parsed(row.content)["interviews"])
    if kind.ledger:
        _enter(tx, row)
    return row


def _addressed(row: Bulletin) -> list[str]:
    """Empty: the whole hall."""
    if row.department is not None:
        return [row.department]
    return sorted({one["department"] for one in parsed(row.content)["interviews"] if one["on"]})


def _enter(tx: Tx, row: Bulletin) -> None:
    """D15: who is named in it, once. Points, if any, are the formula's."""
    for person, evidence in content.named(parsed(row.content)).items():
        note = f"{row.number}（{'、'.join(each for each in evidence if each)}）"
        ledger.enter(tx, kind="bulletin", ref=ref(row.id or 0), person=person, clause=CLAUSE, note=note)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _check(found: standards.Content) -> None:
    wrong = faults(found, tuple(facts.KNOWN))
    if wrong:
        raise Refused("invalid", field=wrong)


standards.CHECKS[STANDARD] = _check
