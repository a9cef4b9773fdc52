"""Text in columns: a hanzi takes two, an ASCII character one. Lines never cut a character, rarely a number or word."""

from __future__ import annotations

import re
from collections.abc import Iterator

# closing marks never begin a line, and a date stays whole
_UNIT = re.compile(r"[（“‘《]*(?:(?:[0-9]+[年月日])+|[!-~]+|.)[，。、；：！？…）”’》]*", re.DOTALL)


def columns(text: str) -> int:
    return sum(1 if " " <= char <= "~" else 2 for char in text)


def wrap(text: str, limit: int) -> list[str]:
    """Lines of at most `limit` columns (two or more), as few as fit and about equally long: no last word alone."""
    lines = _filled(text, limit)
    for narrower in range(limit - 1, 1, -1) if len(lines) > 1 else ():
        if len(even := _filled(text, narrower)) > len(lines):
            break
        lines = even
    return lines


def plain(text: str) -> str:
    """As one line of printable characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _filled(text: str, limit: int) -> list[str]:
    lines, line = [], ""
    for unit in _units(text, limit):
        if columns(line + unit) > limit:
            lines.append(line.rstrip())
            line = ""
        line += unit if line else unit.lstrip()
    return [each for each in [*lines, line.rstrip()] if each]


def _units(text: str, limit: int) -> Iterator[str]:
    for unit in _UNIT.findall(text):
        if columns(unit) <= limit:
            yield unit
        else:
            yield from unit
