"""All guides as one workbook, for an office that writes in Excel: items, materials, steps, and how to fill them in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from hallq.items import guides
from hallq.items.columns import ITEMS, MATERIALS, STEPS, Cell, Column, Sheet, cell
from hallq.items.content import Guide, Material, Step
from hallq.items.requests import SERVICES
from hallq.kernel import Reads
from hallq.texts import EN, ZH, text
from hallq.ticketing.lookups import DEPARTMENTS

LINES = 8  # of the explanation
WIDE, NARROW = 28, 12  # characters of a column
SHORT = ("code", "department", "phone", "supervision_phone", "approver")
READY = 1000  # rows below the last that offer the choices, too

Row = list[Cell]


def book(db: Reads) -> bytes:
    import xlsxwriter  # an idle hall has no memory to spare for it

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        head = made.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE9E6", "border": 1})
        body = made.add_format({"text_wrap": True, "valign": "top"})
        _explain(made, head, body)
        for sheet, rows in _content(db).items():
            _fill(made, sheet, rows, head, body)
    return content.getvalue()


def _content(db: Reads) -> dict[Sheet, list[Row]]:
    departments = {row.code: row.name for row in db.find(DEPARTMENTS)}
    found = guides.everything(db)
    rows: dict[Sheet, list[Row]] = {ITEMS: [], MATERIALS: [], STEPS: []}
    for service in db.find(SERVICES):
        guide = found[service.code].guide if service.code in found else Guide()
        key: Row = [service.code]
        shown: Row = [service.name, departments.get(service.department, service.department)]
        rows[ITEMS].append(key + shown + _cells(ITEMS, guide))
        rows[MATERIALS] += [key + _cells(MATERIALS, each) for each in guide.materials]
        rows[STEPS] += [key + _cells(STEPS, each) for each in guide.steps]
    return rows


def _cells(sheet: Sheet, values: Guide | Material | Step) -> Row:
    return [cell(column, getattr(values, column.field)) for column in sheet.fields]


def _explain(made: Any, head: Any, body: Any) -> None:
    page = made.add_worksheet(text("gx.explain", ZH))
    page.set_column(0, 0, 90)
    page.write_string(0, 0, text("gx.explain", ZH), head)
    for place, line in enumerate(_lines(), start=1):
        page.write_string(place, 0, line, body)


def _lines() -> Iterator[str]:
    for lang in (ZH, EN):
        yield from (text(f"gx.line{number}", lang) for number in range(1, LINES + 1))


def _fill(made: Any, sheet: Sheet, rows: list[Row], head: Any, body: Any) -> None:
    page = made.add_worksheet(sheet.name)
    page.freeze_panes(1, 2)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, WIDE if _is_wide(column) else NARROW)
        page.write_string(0, place, column.heading, head)
        if column.choices:
            choices = {"validate": "list", "source": [word for _, word in column.choices]}
            page.data_validation(1, place, len(rows) + READY, place, choices)
    for number, row in enumerate(rows, start=1):
        for place, content in enumerate(row):
            if content != "":  # as text: what begins like a formula must not run on anybody's desk
                put = page.write_string if isinstance(content, str) else page.write_number
                put(number, place, content, body)


def _is_wide(column: Column) -> bool:
    return column.kind in ("text", "lines", "shown") and column.field not in SHORT
