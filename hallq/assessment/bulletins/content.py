"""What a bulletin holds, as JSON: sections of paragraphs, tables and charts. Pure: made, edited, merged, compared.

Tables and charts are facts and stay as they are; the office edits paragraphs, and may leave a section out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from hallq.kernel import Refused

Json = dict[str, Any]
EDITED = ("hidden", "paragraphs")  # what the office may change of a section


@dataclass(frozen=True)
class Row:
    """A line of a table; `ref` is its evidence ("pause/8"), person and department whom it concerns."""

    cells: Sequence[str | int | float]
    ref: str = ""
    person: int | None = None
    department: str | None = None


@dataclass(frozen=True)
class Table:
    title: str
    columns: Sequence[str]
    rows: Sequence[Row]

    def json(self) -> Json:
        rows = [{"cells": list(row.cells), "ref": row.ref, "person": row.person, "department": row.department}
                for row in self.rows]  # fmt: skip
        return {"title": self.title, "columns": list(self.columns), "rows": rows}


@dataclass(frozen=True)
class Chart:
    """Bars from zero, one per label; `most`: where the scale ends, else at the longest bar."""

    title: str
    unit: str
    bars: Sequence[tuple[str, float]]
    most: float | None = None

    def json(self) -> Json:
        return {"title": self.title, "unit": self.unit, "bars": [list(bar) for bar in self.bars], "most": self.most}


@dataclass(frozen=True)
class Facts:
    """What one kind of fact says of the period."""

    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = ()
    interviews: Sequence[Json] = field(default=())  # of a ranking: whom it proposes to ask in


def section(code: str, title: str, written: bool, facts: Iterable[Facts]) -> Json:
    known = list(facts)
    return {
        "code": code, "title": title, "written": written, "hidden": False,
        "paragraphs": [line for each in known for line in each.paragraphs],
        "tables": [table.json() for each in known for table in each.tables if table.rows],
        "charts": [chart.json() for each in known for chart in each.charts if any(value for _, value in chart.bars)],
    }  # fmt: skip


def edited(content: Json, edits: Sequence[Mapping[str, Any]]) -> Json:
    """The content with other paragraphs, or sections hidden. Raises Refused `not_found` for an unknown section."""
    by_code = {edit["code"]: edit for edit in edits}
    unknown = by_code.keys() - {each["code"] for each in content["sections"]}
    if unknown:
        raise Refused("not_found", what="section", id=min(unknown))
    sections = [
        each | {name: by_code[each["code"]][name] for name in EDITED if each["code"] in by_code}
        for each in content["sections"]
    ]
    return content | {"sections": sections}


def refreshed(before: Json, content: Json, after: Json) -> Json:
    """New facts under the office's words: a section's text that was edited stays, all else is as the facts are now."""
    was = {each["code"]: each for each in before["sections"]}
    has = {each["code"]: each for each in content["sections"]}
    kept = [
        {"code": code, **{name: has[code][name] for name in EDITED}}
        for code in (each["code"] for each in after["sections"])
        if code in has and any(has[code][name] != was[code][name] for name in EDITED)
    ]
    chosen = {(one["department"], one["level"]): one["on"] for one in content["interviews"]}
    asked = [one | {"on": chosen.get((one["department"], one["level"]), one["on"])} for one in after["interviews"]]
    return edited(after, kept) | {"interviews": asked}


def changes(generated: Json, content: Json) -> list[Json]:
    """What the office has made of what the facts say, section by section."""
    found: list[Json] = []
    for was, now in zip(generated["sections"], content["sections"], strict=True):
        if was["hidden"] != now["hidden"]:
            found.append(
                {"section": now["title"], "what": "hidden" if now["hidden"] else "shown", "was": "", "now": ""}
            )
        before, after = was["paragraphs"], now["paragraphs"]
        for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if tag != "equal":
                words = {"was": "\n".join(before[i:j]), "now": "\n".join(after[k:m])}
                found.append({"section": now["title"], "what": tag, **words})
    return found


def unwritten(content: Json) -> list[str]:
    """Sections that stand in it and that only the office can write, still empty."""
    return [
        each["title"]
        for each in content["sections"]
        if each["written"] and not each["hidden"] and not any(line.strip() for line in each["paragraphs"])
    ]


def shown_rows(content: Json) -> list[Json]:
    return [
        row for each in content["sections"] if not each["hidden"] for table in each["tables"] for row in table["rows"]
    ]


def named(content: Json) -> dict[int, list[str]]:
    """Each person that it names, with the evidence."""
    people: dict[int, list[str]] = {}
    for row in shown_rows(content):
        if row["person"] is not None:
            people.setdefault(row["person"], []).append(row["ref"])
    return people
