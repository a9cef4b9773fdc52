"""Recomputes an exported month on any machine: `python -m hallq.assessment.score.recompute FILE`.

The standard library and the formula alone; no hub, no database. Exit 1 and each sheet that differs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hallq.assessment.score import formula

Json = Mapping[str, Any]


def differences(month: Json) -> Iterator[str]:
    """Of each sheet whose lines, classes or total do not follow from the rows beside it."""
    rules, totals = month["formula"]["content"], dict[str | None, list[Any]]()
    for sheet in sorted(month["sheets"], key=lambda one: one["person"] is None):  # people before departments
        if sheet["person"] is not None:
            again = formula.score(rules, sheet["entries"], sheet["figures"])
            totals.setdefault(sheet["department"], []).append(again.total)
        else:
            again = formula.department(rules, sheet["entries"], totals.get(sheet["department"], []))
        yield from _compared(sheet, formula.plain(again))
        yield from _adjusted(sheet)


def _compared(sheet: Json, again: Json) -> Iterator[str]:
    for name, value in again.items():
        if sheet["result"].get(name) != value:
            yield f"{sheet['name']}: {name} is {sheet['result'].get(name)}, recomputed {value}"


def _adjusted(sheet: Json) -> Iterator[str]:
    points = [formula.exact(one["points"]) for one in sheet["adjustments"]]
    again = formula.exact(sheet["result"]["total"]) + sum(points)
    if formula.exact(sheet["adjusted"]) != again:
        yield f"{sheet['name']}: with adjustments it is {sheet['adjusted']}, recomputed {again}"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m hallq.assessment.score.recompute FILE", file=sys.stderr)
        return 2
    month = json.loads(Path(arguments[0]).read_text("utf-8"))
    found = list(differences(month))
    for line in found:
        print(line)
    if not found:
        print(f"{month['month']}: {len(month['sheets'])} sheets recomputed, all equal")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
