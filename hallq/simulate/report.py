"""A day's figures as a table: a row for each figure, a column for each policy. Words from `texts`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from unicodedata import east_asian_width

from hallq import texts
from hallq.simulate.figures import ORDINARY, PRIORITY, Figures

Row = tuple[str, list[str]]
COUNTS = ("numbers", "served", "no_shows", "gave_up", "left", "to_return")


def as_json(head: dict[str, object], known: Sequence[Figures]) -> str:
    policies = [asdict(figures) | {"holds": figures.holds} for figures in known]
    return json.dumps(head | {"policies": policies}, ensure_ascii=False, indent=1)


def table(known: Sequence[Figures], lang: str) -> str:
    rows = [
        (texts.text("simulate.policy", lang), [figures.policy for figures in known]),
        *_waits(known, lang), *_fairness(known, lang), *_counts(known, lang), *_windows(known, lang),
    ]  # fmt: skip
    first = max(_width(label) for label, _ in rows)
    widths = [max(_width(cells[column]) for _, cells in rows) for column in range(len(known))]
    return "\n".join(_line(label, cells, first, widths) for label, cells in rows)


def policy_name(policy: str, lang: str) -> str:
    kind, _, number = policy.partition(":")
    return texts.text(f"simulate.policy_{kind}", lang, n=number)


def _waits(known: Sequence[Figures], lang: str) -> Iterator[Row]:
    for who in (ORDINARY, PRIORITY, "all"):
        for what in ("mean", "p50", "p90", "most"):
            label = texts.text(f"simulate.{what}", lang, who=texts.text(f"simulate.{who}", lang))
            yield label, [f"{getattr(figures.waits[who], what):.1f}" for figures in known]


def _fairness(known: Sequence[Figures], lang: str) -> Iterator[Row]:
    yield texts.text("simulate.overtaken", lang), [str(figures.overtaken) for figures in known]
    yield texts.text("simulate.bound", lang), [_bound(figures, lang) for figures in known]


def _bound(figures: Figures, lang: str) -> str:
    if figures.bound is None:
        return texts.text("simulate.no_bound", lang)
    return texts.text(f"simulate.{'holds' if figures.holds else 'broken'}", lang, bound=figures.bound)


def _counts(known: Sequence[Figures], lang: str) -> Iterator[Row]:
    for name in COUNTS:
        yield texts.text(f"simulate.{name}", lang), [str(getattr(figures, name)) for figures in known]
    for code in sorted({code for figures in known for code in figures.refused}):
        yield texts.text("simulate.refused", lang, code=code), [str(figures.refused.get(code, 0)) for figures in known]


def _windows(known: Sequence[Figures], lang: str) -> Iterator[Row]:
    yield texts.text("simulate.open_hours", lang), [f"{figures.windows.open_hours:.1f}" for figures in known]
    for name in ("busy", "idle", "paused"):
        yield texts.text(f"simulate.{name}", lang), [f"{getattr(figures.windows, name):.1%}" for figures in known]
    yield texts.text("simulate.extended", lang), [str(figures.extended_min) for figures in known]


def _line(label: str, cells: list[str], first: int, widths: list[int]) -> str:
    right = "".join(
        f"  {' ' * (width - _width(cell))}{cell}" for cell, width in zip(cells, widths, strict=True)
    )  # fmt: skip
    return f"{label}{' ' * (first - _width(label))}{right}"


def _width(text: str) -> int:
    """In a terminal's columns: Chinese takes two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
