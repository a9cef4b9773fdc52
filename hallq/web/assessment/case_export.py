"""The ledger (台账) as a file, in words: nothing in it says who complained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from hallq import exports
from hallq.kernel import Reads
from hallq.office.dates import day_of
from hallq.texts import EN, text
from hallq.ticketing.lookups import DEPARTMENTS, SERVICES

COLUMNS = ("no", "day", "kind", "channel", "number", "service", "window", "clerk", "department", "matter", "state",
           "verdictWord", "due", "overdue", "doneAt", "inTime", "visited", "closed")  # fmt: skip
Names = Mapping[str, Mapping[str, str]]


def names(db: Reads, *, lang: str) -> Names:
    def named(rows: Iterable[Any]) -> dict[str, str]:
        return {row.code: (row.name_en if lang == EN else "") or row.name for row in rows}

    return {"services": named(db.find(SERVICES)), "departments": named(db.find(DEPARTMENTS))}


def ledger(rows: Iterable[Mapping[str, Any]], names: Names, kind: str, lang: str, zone: ZoneInfo) -> bytes:
    """The file's content; `kind` is csv or xlsx."""
    words = {"visited": "state.visited", "closed": "state.closed"}
    head = [text(f"cs.{words.get(name, name)}", lang) for name in COLUMNS]
    lines = [_line(row, names, lang, zone) for row in rows]
    return exports.sheet(head, lines) if kind == "csv" else exports.book([("cases", head, lines)])


def _line(row: Mapping[str, Any], names: Names, lang: str, zone: ZoneInfo) -> list[str]:
    def say(table: str, code: str | None) -> str:
        return text(f"cs.{table}.{code}", lang) if code else ""

    done = row["done_day"]
    return [
        row["no"], row["day"], say("kind", row["kind"]), say("channel", row["channel"]), row["number"] or "",
        names["services"].get(row["service"], row["service"] or ""), row["window"] or "", row["clerk"] or "",
        names["departments"].get(row["department"], row["department"] or ""), row["matter"],
        say("state", row["state"]),
        say("result", row["verdict"]), row["due_day"] or "", text("cs.overdue", lang) if row["overdue"] else "",
        done or "", text("cs.lateWord" if row["done_late"] else "cs.inTime", lang) if done else "",
        row["visited_day"] or "", day_of(row["closed_at"], zone) if row["closed_at"] else "",
    ]  # fmt: skip
