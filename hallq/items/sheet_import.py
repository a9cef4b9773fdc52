"""A workbook brought in: everything is checked first, and one fault is enough to change nothing.

Three steps, so that the hall's writer never waits for a file: `read` (pure), `compare` (a look), `enter` (a command).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from hallq.assessment.standards import commands as standards
from hallq.items import guides, requests
from hallq.items.columns import CODE, ITEMS, MATERIALS, SHEETS, SHOWN, STEPS, Odd, Sheet, value
from hallq.items.content import Guide
from hallq.kernel import Reads, Refused, Tx
from hallq.texts import text
from hallq.ticketing.lookups import DEPARTMENTS
from hallq.ticketing.model import Service

MB = 1024 * 1024
MOST = 8 * MB  # of the file
UNPACKED = 40 * MB
PARTS = 300  # files in it
ROWS = 20_000  # of a sheet
MORE = 10  # columns beyond ours that are looked at, to say that they are not known
FAULTS = 200  # told at once: after so many nobody reads on
PARTS_OF = {"materials": MATERIALS, "steps": STEPS}
MACROS = ("vbaproject.bin", "/activex/", "/macrosheets/", "/externallinks/")
BAD_FILE = (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, SyntaxError, AttributeError, TypeError)

Json = dict[str, Any]


class Fault(NamedTuple):
    why: str  # a key of the texts' table gx
    detail: Mapping[str, Any]
    sheet: str = ""
    row: int = 0
    column: str = ""

    def words(self, lang: str) -> str:
        """`“事项”第 3 行“收费标准”：太长，最多 200 个字`."""
        words = text(f"gx.{self.why}", lang, **self.detail)
        if not self.sheet:
            return text("gx.faultBook", lang, words=words)
        return text("gx.fault", lang, sheet=self.sheet, row=self.row, column=self.column, words=words)


class Line(NamedTuple):
    row: int
    values: Json  # field -> value; empty ones are left out


class Read(NamedTuple):
    items: dict[str, Line]
    parts: dict[str, dict[str, list[Line]]]  # materials, steps -> code -> in their order
    faults: list[Fault]


class Change(NamedTuple):
    service: str
    name: str
    version: int  # the one that it was compared with; 0: none yet
    guide: Guide
    fields: list[str]  # what differs


class Plan(NamedTuple):
    changes: list[Change]
    same: int  # items that the workbook leaves as they are
    faults: list[Fault]


class BadBook(Exception):
    def __init__(self, why: str, **detail: Any) -> None:
        super().__init__(why)
        self.fault = Fault(why, detail)


# -- 1. the file


def read(content: bytes) -> Read:
    """Rows by item, and all that is wrong with them that no hall needs to be asked about."""
    try:
        _must_be_harmless(content)
        rows = _rows(content)
    except BadBook as bad:
        return Read({}, {}, [bad.fault])
    faults = [fault for sheet in SHEETS for fault in _wrong_head(sheet, rows[sheet.name])]
    if faults:
        return Read({}, {}, faults)
    lines = {sheet: list(_lines(sheet, rows[sheet.name], faults)) for sheet in SHEETS}
    items: dict[str, Line] = {}
    for code, line in lines[ITEMS]:
        if code in items:
            faults.append(_fault(ITEMS, line.row, CODE, "code_twice", code=code, first=items[code].row))
        items.setdefault(code, line)
    parts: dict[str, dict[str, list[Line]]] = {}
    for name, sheet in PARTS_OF.items():
        parts[name] = {}
        for code, line in lines[sheet]:
            if code not in items:
                faults.append(_fault(sheet, line.row, CODE, "not_listed", code=code))
            parts[name].setdefault(code, []).append(line)
    return Read(items, parts, faults)


def _must_be_harmless(content: bytes) -> None:
    """Small, no macros, and unpacked no larger than a workbook of ours can be."""
    if len(content) > MOST:
        raise BadBook("too_large", mb=MOST // MB)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except BAD_FILE:
        raise BadBook("unreadable") from None
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise BadBook("too_large", mb=MOST // MB)
    if any(macro in f"/{part.filename.lower()}" for part in parts for macro in MACROS):
        raise BadBook("macros")


def _rows(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Sheet name -> its rows, the heading first."""
    import openpyxl  # an idle hall has no memory to spare for it

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except BAD_FILE:
        raise BadBook("unreadable") from None
    try:
        return {sheet.name: _sheet_rows(book, sheet) for sheet in SHEETS}
    finally:
        book.close()


def _sheet_rows(book: Any, sheet: Sheet) -> list[tuple[Any, ...]]:
    if sheet.name not in book.sheetnames:
        raise BadBook("no_sheet", sheet=sheet.name)
    try:
        rows = list(book[sheet.name].iter_rows(max_row=ROWS + 2, max_col=len(sheet.columns) + MORE, values_only=True))
    except BAD_FILE:
        raise BadBook("unreadable") from None
    while rows and not any(_there(content) for content in rows[-1]):
        rows.pop()
    if len(rows) > ROWS + 1:
        raise BadBook("too_many_rows", n=ROWS)
    return rows


def _lines(sheet: Sheet, rows: list[tuple[Any, ...]], faults: list[Fault]) -> Iterator[tuple[str, Line]]:
    head = _head(rows)
    places = {column: head.index(column.heading) for column in sheet.columns}
    for number, row in enumerate(rows[1:], start=2):
        if not any(_there(content) for content in row):
            continue
        values: Json = {}
        for column in sheet.columns:
            try:
                found = value(column, row[places[column]])
                values |= {column.field: found} if found not in ("", None) else {}
            except Odd as odd:
                faults.append(Fault(odd.why, odd.detail, sheet.name, number, column.heading))
        code = values.pop(CODE, "")
        if code:
            yield str(code), Line(number, values)
        else:
            faults.append(_fault(sheet, number, CODE, "no_code"))


def _wrong_head(sheet: Sheet, rows: list[tuple[Any, ...]]) -> list[Fault]:
    head, known = _head(rows), [column.heading for column in sheet.columns]
    lost = [Fault("no_column", {}, sheet.name, 1, name) for name in known if name not in head]
    return lost + [Fault("odd_column", {}, sheet.name, 1, name) for name in head if name and name not in known]


def _head(rows: list[tuple[Any, ...]]) -> list[str]:
    return ["" if content is None else str(content).strip() for content in (rows[0] if rows else ())]


def _there(content: object) -> bool:
    return content is not None and str(content).strip() != ""


# -- 2. against the hall


def compare(db: Reads, book: Read) -> Plan:
    """What would change. With faults nothing does."""
    faults, changes, found = list(book.faults), [], guides.everything(db)
    names = {row.code: row.name for row in db.find(DEPARTMENTS)}
    events = {one["code"] for one in standards.current(db, "life_events").content["event"]}
    asked = {row.service: row.id for row in db.find(requests.OPEN)}
    for code, line in book.items.items():
        service, before = db.get(Service, code), found.get(code)
        if service is None:
            faults.append(_fault(ITEMS, line.row, CODE, "unknown_code", code=code))
            continue
        for field, name in zip(SHOWN, (service.name, names.get(service.department, "")), strict=True):
            if line.values.get(field, name) != name:
                faults.append(_fault(ITEMS, line.row, field, "name_differs", name=name))
        old = before.guide if before else Guide()
        guide = _guide(book, code, old, faults)
        if guide is None or guide == old:
            continue
        for event in guide.events:
            if event not in events | {*old.events}:
                faults.append(_fault(ITEMS, line.row, "events", "unknown_event", code=event))
        if code in asked:
            faults.append(_fault(ITEMS, line.row, CODE, "open_request", number=asked[code]))
        changes.append(Change(code, service.name, before.version if before else 0, guide, differing(old, guide)))
    return Plan([] if faults else changes, len(book.items) - len(changes), faults[:FAULTS])


def differing(old: Guide, new: Guide) -> list[str]:
    return [name for name in Guide.model_fields if getattr(old, name) != getattr(new, name)]


def _guide(book: Read, code: str, old: Guide, faults: list[Fault]) -> Guide | None:
    line = book.items[code]
    parts = {name: book.parts[name].get(code, []) for name in PARTS_OF}
    values = {name: content for name, content in line.values.items() if name not in SHOWN}
    values |= {name: [part.values for part in lines] for name, lines in parts.items()}
    samples = {material.name: list(material.samples) for material in old.materials}
    values["materials"] = [row | {"samples": samples.get(row.get("name", ""), [])} for row in values["materials"]]
    try:
        return Guide.model_validate(values)
    except ValidationError as wrong:
        faults += [_worded(error, line, parts) for error in wrong.errors(include_url=False)]
        return None


def _worded(error: Any, line: Line, parts: Mapping[str, list[Line]]) -> Fault:
    """pydantic's complaint as words for who filled the cell in."""
    where, limits = error["loc"], error.get("ctx", {})
    sheet, row, field = ITEMS, line.row, where[0]
    if field in PARTS_OF and len(where) > 2:
        sheet, row, field = PARTS_OF[field], parts[field][where[1]].row, where[2]
    elif field in PARTS_OF:
        sheet, field = PARTS_OF[field], CODE
    match error["type"]:
        case "string_too_long":
            return _fault(sheet, row, field, "too_long", n=limits["max_length"])
        case "too_long":
            return _fault(sheet, row, field, "too_many", n=limits["max_length"])
        case "missing" | "string_too_short":
            return _fault(sheet, row, field, "empty")
        case "string_pattern_mismatch":
            return _fault(sheet, row, field, "odd_text")
        case "less_than_equal" | "greater_than_equal":
            return _fault(sheet, row, field, "not_number", least=0, most=limits.get("le", 999))
    return _fault(sheet, row, field, "odd")


def _fault(sheet: Sheet, row: int, field: str, why: str, **detail: Any) -> Fault:
    heading = next((column.heading for column in sheet.columns if column.field == field), str(field))
    return Fault(why, detail, sheet.name, row, heading)


# -- 3. entered


def enter(
    tx: Tx, *, changes: Iterable[Change], leader: str, reason: str, from_day: str = ""
) -> list[str]:  # fmt: skip
    """A version for each, all or none, in a leader's name. What somebody has changed meanwhile is refused: `stale`."""
    if not leader.strip():
        raise Refused("invalid", field="leader")
    entered = []
    for change in changes:
        found = guides.current(tx, change.service)
        if (found.version if found else 0) != change.version:
            raise Refused("stale", service=change.service)
        requests.enter(
            tx, service=change.service, guide=change.guide, reason=reason, leader=leader, from_day=from_day
        )
        entered.append(change.service)
    tx.log(items=len(entered))
    return entered
