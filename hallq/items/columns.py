"""The columns of the workbook: what a field is called, what stands in its cell, and what a cell says back.

Headings and choices are Chinese, whatever the page's language: a workbook goes from desk to desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hallq.items.content import Guide, Material, Step
from hallq.texts import ZH, text

Cell = str | int
CODE = "code"
SHOWN = ("name", "department")  # for reading: they belong to the catalogue
LEAST, MOST = 0, 999
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")  # what a formula says that failed


class Odd(Exception):
    """A cell that says nothing we know: why, as a key of the texts' table `gx`."""

    def __init__(self, why: str, **detail: Any) -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


class Column(NamedTuple):
    field: str
    heading: str
    kind: Literal["text", "lines", "number", "tick", "choice", "shown"] = "text"
    choices: tuple[tuple[str, str], ...] = ()  # (value, word)
    most: int = MOST  # of a number


class Sheet(NamedTuple):
    name: str
    columns: tuple[Column, ...]  # the first: the item's code

    @property
    def fields(self) -> tuple[Column, ...]:
        """Without the code, and what is for reading only."""
        return tuple(column for column in self.columns[1:] if column.kind != "shown")


def _of(model: type[BaseModel], prefix: str, without: Iterable[str]) -> tuple[Column, ...]:
    return tuple(
        _column(name, field, text(f"gf.{prefix}{name}", ZH))
        for name, field in model.model_fields.items()
        if name not in without
    )


def _column(name: str, field: FieldInfo, heading: str) -> Column:
    annotation: Any = field.annotation
    if get_origin(annotation) is Literal:
        values = [value for value in get_args(annotation) if value]
        return Column(name, heading, "choice", tuple((value, text(f"gv.{name}_{value}", ZH)) for value in values))
    if annotation is bool:
        return Column(name, heading, "tick", tuple((word, text(f"gv.{word}", ZH)) for word in ("yes", "no")))
    if int in map(_bare, (annotation, *get_args(annotation))):
        limits = [limit.le for limit in field.metadata if hasattr(limit, "le")]
        return Column(name, heading, "number", most=min(limits, default=MOST))
    return Column(name, heading, "lines" if get_origin(annotation) is tuple else "text")


def _bare(annotation: Any) -> Any:
    """Without the limits that are annotated to it."""
    return getattr(annotation, "__origin__", annotation)


_KEY = Column(CODE, text("gf.code", ZH))
_SHOWN = tuple(Column(name, text(f"gf.{name}", ZH), "shown") for name in SHOWN)
ITEMS = Sheet(text("gx.items", ZH), (_KEY, *_SHOWN, *_of(Guide, "", ("materials", "steps"))))
MATERIALS = Sheet(text("gx.materials", ZH), (_KEY, *_of(Material, "m_", ("samples",))))
STEPS = Sheet(text("gx.steps", ZH), (_KEY, *_of(Step, "s_", ())))
SHEETS = (ITEMS, MATERIALS, STEPS)


def cell(column: Column, value: Any) -> Cell:
    """What stands in the workbook; nothing is an empty cell."""
    match column.kind:
        case "choice":
            return dict(column.choices).get(value, "")
        case "tick":
            return column.choices[0][1] if value else ""
        case "lines":
            return "\n".join(value)
        case "number":
            return "" if value is None else int(value)
    return str(value)


def value(column: Column, content: object) -> Any:
    """Of a cell, as a guide takes it. Raises `Odd`."""
    words = _words(content)
    match column.kind:
        case "choice":
            return _choice(column, words) if words else ""
        case "tick":
            return _choice(column, words) == "yes" if words else False
        case "lines":
            return [line.strip() for line in words.splitlines() if line.strip()]
        case "number":
            return _number(column, words) if words else None
    return words


def _words(content: object) -> str:
    if content is None:
        return ""
    if isinstance(content, float) and content.is_integer():  # Excel keeps every number as a fraction
        content = int(content)
    if content in ERRORS:
        raise Odd("formula", value=content)
    return str(content).replace("\r\n", "\n").strip()


def _choice(column: Column, word: str) -> str:
    found = {shown: known for known, shown in column.choices}.get(word)
    if found is None:
        raise Odd("not_choice", value=word[:20], choices="、".join(shown for _, shown in column.choices))
    return found


def _number(column: Column, word: str) -> int:
    if not (word.isascii() and word.isdigit() and LEAST <= int(word[:9]) <= column.most):
        raise Odd("not_number", least=LEAST, most=column.most)
    return int(word)
