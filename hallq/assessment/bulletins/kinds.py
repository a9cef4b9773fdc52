"""What the standard `bulletins` says: kinds, their sections, their way of approval. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

ORAL = "oral"
WORKDAY, MONTH, NONE = "workday", "month", "none"


class Section(NamedTuple):
    code: str
    zh: str
    en: str
    facts: tuple[str, ...]
    written: bool  # the facts cannot tell it: the office has to write it


class Step(NamedTuple):
    """Who approves: a title."""

    zh: str
    en: str


class Kind(NamedTuple):
    code: str
    zh: str
    en: str
    title: str  # with {days}, {year} and {month} of the days that it tells of
    series: str  # kinds with the same one are numbered together
    period: str  # workday month none
    due_day: int  # of the month after; 0: the day on which it is made
    names: bool  # staff by name
    ledger: bool  # who is named in it is entered into the ledger (D15)
    to: str  # 主送
    copy: str  # 抄送
    steps: tuple[Step, ...]  # in order
    sections: tuple[Section, ...]


def kinds(content: Mapping[str, Any]) -> dict[str, Kind]:
    return {row["code"]: _kind(row, content) for row in content["kind"]}


def title_of(kind: Kind, since: str, until: str) -> str:
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    days = f"{first.month}月{first.day}日" + (f"至{last.month}月{last.day}日" if last > first else "")
    return kind.title.format(days=days, year=first.year, month=first.month)


def faults(content: Mapping[str, Any], facts: Sequence[str]) -> str:
    """The first thing in the standard that no bulletin could be made of; empty: none."""
    for kind in kinds(content).values():
        try:
            title_of(kind, "2026-01-01", "2026-01-31")
        except (KeyError, ValueError, IndexError):
            return f"kind {kind.code}: title"
        if not kind.steps or not kind.sections or kind.period not in (WORKDAY, MONTH, NONE):
            return f"kind {kind.code}"
        for section in kind.sections:
            unknown = set(section.facts) - set(facts)
            if unknown:
                return f"section {section.code}: {', '.join(sorted(unknown))}"
    return ""


def _kind(row: Mapping[str, Any], content: Mapping[str, Any]) -> Kind:
    steps = tuple(Step(step["zh"], step["en"]) for step in content["step"] if step["kind"] == row["code"])
    sections = tuple(_section(each) for each in content["section"] if each["kind"] == row["code"])
    return Kind(**row, steps=steps, sections=sections)


def _section(row: Mapping[str, Any]) -> Section:
    facts = tuple(name.strip() for name in row["facts"].split(",") if name.strip())
    return Section(row["code"], row["zh"], row["en"], facts, row["written"])
