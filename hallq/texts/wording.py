"""How each language writes what is no sentence: a name, a day, a list. Where there is no English name the Chinese one
stands in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from hallq.texts import EN, ZH

Value = str | tuple[str, ...]  # what stands in one place of a paper: a line, or lines


class Named(Protocol):
    """A row of the catalogue."""

    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str: ...


def named(row: Named | None, lang: str, unknown: str = "") -> str:
    if row is None:
        return unknown
    return row.name_en if lang == EN and row.name_en else row.name


def day(iso: str | None, lang: str, *, year: bool = False) -> str:
    """`5月7日`, `7 May`; with the year `2026年5月7日`, `7 May 2026`. Empty: no day is set."""
    if not iso:
        return ""
    when = date.fromisoformat(iso)
    if lang == ZH:
        return (f"{when.year}年" if year else "") + f"{when.month}月{when.day}日"
    return f"{when.day} {when:%B}" + (f" {when.year}" if year else "")


def listed(parts: Iterable[str], lang: str) -> str:
    return ("、" if lang == ZH else ", ").join(parts)


def chinese(words: str) -> bool:
    """Whether some of it is written in Chinese: an English page marks it so."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in words)
