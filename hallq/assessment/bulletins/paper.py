"""A bulletin as it stands on paper: what every way of printing it prints, in order. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from hallq.assessment.bulletins.kinds import Kind
from hallq.assessment.bulletins.model import APPROVED, Bulletin
from hallq.assessment.bulletins.words import say, titles
from hallq.kernel import Ms
from hallq.office import dates

ORDINALS = "一二三四五六七八九十"


class Section(NamedTuple):
    title: str
    paragraphs: list[str]
    tables: list[dict[str, Any]]  # title, columns, rows of cells
    charts: list[dict[str, Any]]


class Paper(NamedTuple):
    hall: str
    title: str
    number: str  # or that it is a draft
    day: str
    lines: list[str]  # above the text: what it corrects, to whom
    sections: list[Section]
    asked: dict[str, Any] | None  # the table of whom to ask in
    signed: list[str]
    copies: str
    definitions: list[str]
    foot: list[str]  # the period, the standard, the journal's head


def paper(
    row: Bulletin, kind: Kind, *, hall: str, departments: dict[str | None, str], corrected: str, zone: ZoneInfo
) -> Paper:
    """`corrected`: the number of the one that it corrects."""
    content = orjson.loads(row.content)
    shown = [each for each in content["sections"] if not each["hidden"]]
    steps = orjson.loads(row.steps)
    to = departments[row.department] if row.department else kind.to
    return Paper(
        hall=hall,
        title=row.title,
        number=row.number or say("draftMark"),
        day=_day(row.approved_at or row.made_at, zone),
        lines=[*([say("corrects", number=corrected, why=row.note)] if corrected else []), say("to", to=to)],
        sections=[_section(place, each) for place, each in enumerate(shown)],
        asked=_asked(content["interviews"], departments),
        signed=[say("step", title=step["title"], name=step["name"]) for step in steps],
        copies=say("copy", copy=kind.copy) if kind.copy else "",
        definitions=content["definitions"],
        foot=_foot(row, zone),
    )


def _section(place: int, each: dict[str, Any]) -> Section:
    paragraphs = [line.strip() for line in each["paragraphs"] if line.strip()]
    tables = [table | {"rows": [row["cells"] for row in table["rows"]]} for table in each["tables"]]
    if not (paragraphs or tables or each["charts"]):
        paragraphs = [say("nothing")]
    return Section(f"{ORDINALS[place % 10]}、{each['title']}", paragraphs, tables, each["charts"])


def _asked(proposed: list[dict[str, Any]], departments: dict[str | None, str]) -> dict[str, Any] | None:
    rows = [[departments.get(one["department"], one["department"]), say(f"level.{one['level']}"), one["facts"]]
            for one in proposed if one["on"]]  # fmt: skip
    if not rows:
        return None
    return {"title": say("asked"), "columns": titles("department", "asked", "facts"), "rows": rows}


def _foot(row: Bulletin, zone: ZoneInfo) -> list[str]:
    at = f"{dates.local(row.facts_at or row.made_at, zone):%Y-%m-%d %H:%M}"
    lines = [say("made", since=row.since, until=row.until, at=at), say("standard", version=row.standard)]
    if row.state == APPROVED:
        lines.append(say("head", seq=row.journal_seq, hash=row.journal_hash))
    return lines


def _day(at: Ms, zone: ZoneInfo) -> str:
    day = dates.local(at, zone)
    return f"{day.year}年{day.month}月{day.day}日"
