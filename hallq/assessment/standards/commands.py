"""Versioned data: what is in force on a day, and how the office enacts the next version.

The shipped file of a kind (`<kind>.toml` here) is its version 0 and its shape: single values, and tables whose rows
have the same columns. A kind's own module may check more.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from sqlmodel import bindparam, col, select

from hallq.assessment.standards.model import Standard
from hallq.kernel import Reads, Refused, Tx

Content = Mapping[str, Any]  # name -> a single value, or a list of rows (dicts of single values)
SHIPPED = 0
IN_FORCE = (
    select(Standard)
    .where(Standard.kind == bindparam("kind"), col(Standard.from_day) <= bindparam("day"))
    .order_by(col(Standard.version).desc())
    .limit(1)
)
ALL = select(Standard).where(Standard.kind == bindparam("kind")).order_by(col(Standard.version).desc())


class InForce(NamedTuple):
    version: int
    content: Content
    source: str
    from_day: str = ""


@cache
def kinds() -> tuple[str, ...]:
    names = [file.name for file in files(__package__).iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def shipped(kind: str) -> InForce:
    if kind not in kinds():
        raise Refused("not_found", what="standard", id=kind)
    content = tomllib.loads((files(__package__) / f"{kind}.toml").read_text("utf-8"))
    return InForce(SHIPPED, content, content.pop("source"))


def current(db: Reads, kind: str, day: str | None = None) -> InForce:
    """What is in force on that day, today if none is named."""
    row = db.first(IN_FORCE, kind=kind, day=day or db.day)
    return shipped(kind) if row is None else _read(row)


def versions(db: Reads, kind: str) -> list[Standard]:
    """The enacted ones, the newest first; the shipped one stands before them all."""
    shipped(kind)
    return db.find(ALL, kind=kind)


def version(db: Reads, kind: str, number: int) -> InForce:
    found = [_read(row) for row in versions(db, kind) if row.version == number]
    return found[0] if found else shipped(kind)


def enact(tx: Tx, *, kind: str, content: Content, from_day: str, source: str, note: str = "") -> Standard:
    """The next version. It never reaches back: what was counted under an older one stays so."""
    check_shape(shipped(kind).content, content)
    if kind in CHECKS:
        CHECKS[kind](content)
    known = versions(tx, kind)
    if kind in NEXT_CHECKS:
        NEXT_CHECKS[kind](_read(known[0]).content if known else shipped(kind).content, content)
    if from_day < max([tx.day, *(row.from_day for row in known)]):
        raise Refused("standard_reaches_back", day=max([tx.day, *(row.from_day for row in known)]))
    return tx.insert(
        Standard, kind=kind, version=len(known) + 1, from_day=from_day, source=source, note=note, made_at=tx.now,
        made_by=tx.actor, content=json.dumps(content, ensure_ascii=False, sort_keys=True),
    )  # fmt: skip


def check_shape(model: Content, content: Content) -> None:
    """The same names, tables and columns of the same types as the shipped one. Raises Refused `invalid`."""
    if set(content) != set(model):
        raise Refused("invalid", field=", ".join(sorted(set(content) ^ set(model))))
    for name, value in model.items():
        if isinstance(value, list):
            _check_rows(name, value, content[name])
        elif not _is_like(value, content[name]):
            raise Refused("invalid", field=name)


@lru_cache(64)
def parsed(content: str) -> Content:
    parsed: Content = json.loads(content)
    return parsed


def _check_rows(name: str, model: list[dict[str, Any]], rows: Any) -> None:
    columns = {column: value for row in model for column, value in row.items()}
    needed = {column for column in columns if all(column in row for row in model)}
    for number, row in enumerate(rows if isinstance(rows, list) else [None], start=1):
        if not isinstance(row, dict) or not needed <= set(row) <= set(columns):
            raise Refused("invalid", field=f"{name} {number}")
        for column, value in row.items():
            if not _is_like(columns[column], value):
                raise Refused("invalid", field=f"{name} {number} {column}")


def _is_like(model: Any, value: Any) -> bool:
    if isinstance(model, bool) or isinstance(value, bool):
        return isinstance(model, bool) and isinstance(value, bool)
    if isinstance(model, int | float):
        return isinstance(value, int | float)
    return isinstance(value, str)


def _read(row: Standard) -> InForce:
    return InForce(row.version, parsed(row.content), row.source, row.from_day)


CHECKS: dict[str, Callable[[Content], None]] = {}  # kind -> more than the shape; raises Refused `invalid`
# kind -> what a version may not do to the one before it: (before, content); raises Refused
NEXT_CHECKS: dict[str, Callable[[Content, Content], None]] = {}
