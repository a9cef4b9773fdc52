"""Bulletins as JSON: in lists, and whole for the editor; who sees which."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import orjson
from sqlmodel import col, select

from hallq import files
from hallq.assessment.bulletins import commands, content
from hallq.assessment.bulletins.kinds import Kind, kinds
from hallq.assessment.bulletins.model import APPROVED, DRAFT, Bulletin, Interview
from hallq.assessment.bulletins.render import FORMS
from hallq.assessment.standards import commands as standards
from hallq.bulletin_maker import BulletinMaker
from hallq.kernel import Reads, iso
from hallq.people.identity import Identity
from hallq.web.shapes import Json

ROWS = select(Bulletin).order_by(col(Bulletin.id).desc()).limit(500)


def may_see(who: Identity, row: Bulletin) -> bool:
    """The office all; others what is approved, a chief only what is for the hall or the own department."""
    if who.may("bulletins"):
        return True
    named = row.departments.split(",") if row.departments else []
    return row.state == APPROVED and (who.role != "chief" or not named or who.department in named)


def listed(db: Reads, *, who: Identity, maker: BulletinMaker) -> Json:
    rows = [row for row in db.find(ROWS) if may_see(who, row)]
    known = kinds(standards.current(db, commands.STANDARD).content)
    return {"items": [_brief(db, row, maker) for row in rows], "kinds": [_kind(kind) for kind in known.values()]}


def _kind(kind: Kind) -> Json:
    return {"code": kind.code, "name": kind.zh, "name_en": kind.en, "period": kind.period,
            "steps": [step._asdict() for step in kind.steps]}  # fmt: skip


def _brief(db: Reads, row: Bulletin, maker: BulletinMaker) -> Json:
    zone = db.rules.timezone
    known = kinds(standards.version(db, commands.STANDARD, row.standard).content)[row.kind]
    corrected = "" if row.corrects is None else commands.find(db, row.corrects).number
    correction = db.first(commands.CORRECTING, bulletin=row.id)
    job = maker.jobs.get(row.id or 0)
    return {
        "id": row.id, "kind": row.kind, "kind_name": known.zh, "kind_name_en": known.en, "state": row.state,
        "title": row.title, "number": row.number, "since": row.since, "until": row.until, "due": row.due,
        "department": row.department, "late": row.state == DRAFT and row.due < db.day,
        "facts_at": iso(row.facts_at, zone), "approved_at": iso(row.approved_at, zone), "version": row.version,
        "steps": [step | {"at": iso(step["at"], zone)} for step in orjson.loads(row.steps)],
        "way": [step._asdict() for step in known.steps], "note": row.note,
        "corrects": row.corrects, "corrected_number": corrected,
        "correction": correction and {"id": correction.id, "number": correction.number},
        "files": _ready(db, row, maker),
        "job": job and {"percent": job.percent, "error": job.error},
    }  # fmt: skip


def whole(db: Reads, *, row: Bulletin, maker: BulletinMaker, who: Identity) -> Json:
    found = commands.parsed(row.content) if row.content else {"sections": [], "interviews": [], "definitions": []}
    generated = commands.parsed(row.generated) if row.generated else found
    names = {section.code: section.en for section in commands.kind_of(db, row).sections}
    changes = content.changes(generated, found)
    if who.role == "chief":  # reads what went out, not what was taken out of it
        shown = [each for each in found["sections"] if not each["hidden"]]
        found, changes = (
            found | {"sections": shown, "interviews": [one for one in found["interviews"] if one["on"]]},
            [],
        )
    sections = [each | {"title_en": names.get(each["code"], "")} for each in found["sections"]]
    return _brief(db, row, maker) | found | {
        "sections": sections, "changes": changes,
        "journal": {"seq": row.journal_seq, "hash": row.journal_hash} if row.journal_seq is not None else None,
        "edited_at": iso(row.edited_at, db.rules.timezone), "standard": row.standard,
    }  # fmt: skip


def _ready(db: Reads, row: Bulletin, maker: BulletinMaker) -> list[str]:
    """The forms in which it can be fetched now."""
    if row.state == APPROVED:
        media = {each.media for each in db.find(files.OF, ref=commands.ref(row.id or 0))}
        return [form for form, (kind, _) in FORMS.items() if kind in media]
    return [form for form in FORMS if maker.drafts.get((row.id or 0, form), (-1, b""))[0] == row.version]


def archived(db: Reads, *, number: int, form: str) -> tuple[str, bytes | None]:
    ref = commands.ref(number)
    known = next((each for each in db.find(files.OF, ref=ref) if each.media == FORMS[form][0]), None)
    if known is None or known.id is None:
        return "", None
    row, made = files.content(db, file=known.id, ref=ref)
    return row.name, made


def interview_json(row: Interview, zone: ZoneInfo) -> Json:
    names = ("id", "bulletin", "department", "level", "facts", "due", "held_on", "interviewer", "interviewee", "note")
    return {name: getattr(row, name) for name in names} | {"done_at": iso(row.done_at, zone)}
