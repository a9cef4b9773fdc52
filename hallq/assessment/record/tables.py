"""A record or a comparison as tables for a spreadsheet: each figure with what it is made of, and the definitions.

Pure; words in the language that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from hallq.assessment.record.served import MISSED
from hallq.assessment.record.statistics import LEVELS, Json
from hallq.texts import EN, text

Cell = str | int | float
Name = Callable[[str], str]  # a service's code -> its name


class Table(NamedTuple):
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def of_record(found: Json, lang: str, service: Name) -> list[Table]:
    return [
        _summary(found, lang), _services(found, lang, service), _levels(found, lang), _days(found, lang),
        _ledger(found, lang), definitions(found["definitions"], lang),
    ]  # fmt: skip


def of_comparison(found: Json, lang: str) -> list[Table]:
    place = "window" if found["by"] == "window" else "department"
    names = ("place", place, "department", "served", "cases", "weighted", "mean_case", "pace", "answer_rate", "raters",
             "satisfied", "low", "high", "bad", "complaints", "findings", "quiet")  # fmt: skip
    columns = list(dict.fromkeys(names))
    rows = [[_cell(_compared(row, lang)[name]) for name in columns] for row in found["items"]]
    head = [text(f"cmp.{name}", lang) for name in columns]
    return [Table(text("cmp.title", lang), head, rows), definitions(found["definitions"], lang)]


def definitions(figures: Iterable[Json], lang: str) -> Table:
    tongue = "en" if lang == EN else "zh"
    head = [text(f"rc.d_{name}", lang) for name in ("name", "means", "top", "bottom", "source", "without")]
    rows = [
        [row[tongue], row[f"means_{tongue}"], row[f"top_{tongue}"], row[f"bottom_{tongue}"],
         row[f"source_{tongue}"], row[f"without_{tongue}"]]
        for row in figures
    ]  # fmt: skip
    return Table(text("rc.definitions", lang), head, rows)


def _summary(found: Json, lang: str) -> Table:
    coverage, rated = found["coverage"], found["satisfaction"]
    lines = [
        ("rc.served", found["served"], "", ""), ("rc.cases", found["cases"], "", ""),
        ("rc.weighted", found["weighted"], "", ""), ("rc.ratio", found["handling_ratio"], "", ""),
        ("rc.inviteRate", coverage["invite_rate"], coverage["invited"], coverage["due"]),
        ("rc.answerRate", coverage["answer_rate"], coverage["rated"], coverage["invited"]),
        *((f"rc.{name}", coverage[name], "", "") for name in (*MISSED, "excluded", "no_pad")),
        ("r.0", found["unrated"], "", ""),
        ("rc.satisfied", rated["share"], rated["satisfied"], rated["raters"]),
        ("cmp.low", rated["low"], "", ""), ("cmp.high", rated["high"], "", ""),
        *((f"r.{level}", found["levels"][str(level)], "", "") for level in reversed(LEVELS)),
    ]  # fmt: skip
    head = [text(f"rc.{name}", lang) for name in ("d_name", "value", "d_top", "d_bottom")]
    title = text("rc.span", lang, a=found["from"], b=found["to"])
    return Table(title, head, [[text(key, lang), *map(_cell, cells)] for key, *cells in lines])


def _services(found: Json, lang: str, service: Name) -> Table:
    names = ("visits", "cases", "weighted", "handling_s", "handling_norm_s", "handling_ratio", "occupancy_s",
             "occupancy_norm_s", "occupancy_ratio")  # fmt: skip
    words = ("service", "visits", "cases", "weighted", "handling", "norm", "ratio", "occupancy", "norm", "ratio",
             "basis")  # fmt: skip
    rows = [
        [service(row["service"]), *(_cell(row[name]) for name in names),
         "; ".join(text(f"rc.basis_{basis}", lang) for basis in row["norm_basis"])]
        for row in found["services"]
    ]  # fmt: skip
    return Table(text("rc.work", lang), [text(f"rc.{word}", lang) for word in words], rows)


def _levels(found: Json, lang: str) -> Table:
    """By day; for one's own eyes by week."""
    title = text("rc.byWeek" if found["own"] else "rc.byDay", lang)
    head = [text("rc.day", lang), text("rc.served", lang), *(text(f"r.{level}", lang) for level in reversed(LEVELS))]
    rows = [
        [row["day"], row["served"], *(row["levels"][str(level)] for level in reversed(LEVELS)), row["unrated"]]
        for row in (found["by_week"] if found["own"] else found["by_day"])
    ]
    return Table(title, [*head, text("r.0", lang)], rows)


def _days(found: Json, lang: str) -> Table:
    names = ("on_post_s", "paused_s", "away_s", "off_post_s", "idle_s", "walking_s", "extended_s")
    words = ("day", "onPost", "paused", "away", "offPost", "idle", "walking", "extended", "marks")
    rows = [
        [row["day"], *(row[name] for name in names), marks(row["marks"], row["corrected"], lang)]
        for row in found["days"]
    ]
    return Table(text("rc.days", lang), [text(f"rc.{word}", lang) for word in words], rows)


def marks(column: str, corrected: dict[str, str], lang: str) -> str:
    """Those that count, then those that the office has set right, with why."""
    counting = [text(f"rc.m_{mark}", lang) for mark in column.split(",") if mark and mark not in corrected]
    excused = [text("rc.excused", lang, mark=text(f"rc.m_{mark}", lang), why=why) for mark, why in corrected.items()]
    return "; ".join([*counting, *excused])


def _ledger(found: Json, lang: str) -> Table:
    """Also what was taken back, and why."""
    rows = [
        [row["day"], kind(row["kind"], found["kinds"], lang), row["amount"], row["clause"], row["note"], row["ref"],
         text("rc.cancelled", lang, why=row["cancelled"]["note"]) if row["cancelled"] else ""]
        for row in found["entries"]
    ]  # fmt: skip
    words = ("day", "what", "amount", "clause", "note", "evidence", "state")
    return Table(text("rc.ledger", lang), [text(f"rc.{word}", lang) for word in words], rows)


def kind(code: str, kinds: Json, lang: str) -> str:
    """A formula may name kinds of its own, and then words them, too."""
    try:
        return text(f"rk.{code}", lang)
    except KeyError:
        return str(kinds.get(code, {}).get("en" if lang == EN else "zh", code))


def _compared(row: Json, lang: str) -> dict[str, Any]:
    rated = row["satisfaction"]
    named = row["name_en"] if lang == EN and row["name_en"] else row["name"]
    never = text("cmp.never", lang) if row["window"] else ""
    return row | {
        "department": named, "mean_case": row["mean_case_s"], "raters": rated["raters"], "satisfied": rated["share"],
        "low": rated["low"], "high": rated["high"],
        "quiet": never if row["quiet_days"] is None else row["quiet_days"],
    }  # fmt: skip


def _cell(value: Any) -> Cell:
    return "" if value is None else value
