"""What was measured, beside its floor and its aim: one line each, met or not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`ratio`: of the value to its floor. `met` is None where there is no aim."""

    what: str
    value: str
    floor: str = ""
    ratio: float | None = None
    aim: str = ""
    met: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        met = "" if self.met is None else "yes" if self.met else "NO"
        return self.what, self.value, self.floor, ratio, self.aim, met


HEAD = ("what", "measured", "floor, same run", "ratio", "aim", "met")


def markdown(lines: list[Line], conditions: list[str]) -> str:
    rows = [HEAD, tuple("---" for _ in HEAD), *(line.cells for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
    table = [f"| {' | '.join(row)} |" for row in padded]
    return "\n".join([*(f"- {condition}" for condition in conditions), "", *table, ""])


def placed(document: str, heading: str, text: str) -> str:
    """The document with this text under its heading, in place of what stood there up to the next heading."""
    before, _, after = document.partition(heading)
    _, following, rest = after.partition("\n## ")
    return f"{before.rstrip()}\n\n{heading}\n{text}".lstrip() + following + rest
