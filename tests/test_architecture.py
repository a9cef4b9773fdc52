"""Who may import whom (docs/architecture.md). Imports under TYPE_CHECKING are types only and do not count."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STDLIB = sys.stdlib_module_names

# room -> what it may import beside the standard library and itself
ALLOWED = {
    "firmware_protocols": (),
    "hallq/kernel.py": (),
    "hallq/texts": (),
    "hallq/ticketing": ("hallq.kernel", "sqlmodel", "sqlalchemy", "chinese_calendar", "holidays"),
    "hallq/assessment": (
        "hallq.kernel", "hallq.ticketing", "hallq.office", "hallq.people", "hallq.files", "hallq.texts", "sqlmodel",
        "sqlalchemy", "orjson", "hallq.masking",
        "PIL", "docx", "jinja2", "weasyprint",  # bulletins on paper
    ),
    "hallq/hooks/events.py": (
        "hallq.kernel", "hallq.hooks", "hallq.ticketing", "hallq.assessment", "hallq.outcomes", "orjson",
    ),
    "hallq/hooks/adapters.py": ("hallq.kernel", "orjson"),
    "hallq/files.py": ("hallq.kernel", "sqlmodel"),
    "hallq/masking.py": (),
    "hallq/registers": (
        "hallq.kernel", "hallq.ticketing", "hallq.outcomes", "hallq.files", "hallq.office.dates", "hallq.people.looked",
        "hallq.texts", "hallq.masking", "sqlmodel", "sqlalchemy",
    ),
    "hallq/office": (
        "hallq.kernel", "hallq.ticketing", "hallq.texts", "sqlmodel", "sqlalchemy", "orjson", "numpy", "statsmodels",
    ),
    "hallq/items": (
        "hallq.kernel", "hallq.ticketing", "hallq.texts", "hallq.files", "hallq.toml_file",
        "hallq.assessment.standards", "pydantic", "pypinyin", "sqlmodel", "sqlalchemy", "openpyxl", "xlsxwriter",
    ),
    "hallq/public": (
        "hallq.kernel", "hallq.ticketing", "hallq.items", "hallq.outcomes", "hallq.registers", "hallq.assessment",
        "hallq.office",
        "sqlmodel", "sqlalchemy", "orjson",
    ),
    "hallq/outcomes": (
        "hallq.kernel", "hallq.ticketing", "hallq.items", "hallq.office", "hallq.assessment", "hallq.files",
        "hallq.masking", "hallq.texts", "hallq.toml_file", "pydantic", "sqlmodel", "sqlalchemy",
    ),
    "hallq/displays": ("hallq.kernel", "hallq.texts", "hallq.ticketing.picture", "hallq.assessment.ratings.picture"),
    "hallq/devices": (
        "hallq.kernel", "hallq.displays.screens", "firmware_protocols", "pydantic", "serial", "escpos", "pyttsx3",
        "PIL",  # characters and logos as dots of a slip
        "structlog",
    ),
    "hallq/relay": (
        "hallq.kernel", "hallq.devices", "hallq.toml_file", "pydantic", "structlog", "websockets", "httpx",
    ),
    "hallq/voices": ("hallq.displays", "hallq.texts", "hallq.devices.sound", "numpy", "onnxruntime"),
    "hallq/people": (
        "hallq.kernel", "hallq.ticketing", "hallq.office", "hallq.files", "sqlmodel", "sqlalchemy", "orjson", "argon2",
    ),
    "hallq/rows.py": ("hallq.kernel", "orjson", "sqlmodel", "sqlalchemy"),
    "hallq/journal.py": ("hallq.kernel", "orjson", "sqlmodel"),
    "hallq/store.py": ("hallq.kernel", "hallq.rows", "hallq.journal", "sqlmodel", "structlog"),
    "hallq/simulate": (
        "hallq.kernel", "hallq.rows", "hallq.schema", "hallq.catalog", "hallq.config", "hallq.toml_file", "hallq.texts",
        "hallq.ticketing", "hallq.office", "pydantic", "sqlmodel", "sqlalchemy",
    ),
    "hallq/audit/check.py": (),
    "hallq/audit": (
        "hallq.__version__", "hallq.kernel", "hallq.rows", "hallq.journal", "hallq.ticketing", "sqlmodel", "sqlalchemy",
        "orjson",
    ),
    "hallq/live.py": ("orjson", "structlog"),
}  # fmt: skip
TICKETING = ("opening", "waiting", "windows", "tickets", "drawing", "days", "commands")  # from the ground up
NO_ASYNCIO = (
    "hallq/ticketing", "hallq/assessment", "hallq/office", "hallq/displays", "hallq/simulate", "firmware_protocols",
)  # fmt: skip
NO_TABLES = ("hallq/ticketing/picture.py", "hallq/assessment/ratings/picture.py")


def files(room: str) -> list[Path]:
    place = ROOT / room
    found = [place] if place.is_file() else sorted(place.rglob("*.py"))
    assert found, room
    return found


def imports(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def within(name: str, roots: tuple[str, ...]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    own = room.removesuffix(".py").replace("/", ".")
    for path in files(room):
        for name in imports(path):
            if name.partition(".")[0] in STDLIB or within(name, (own,)):
                continue
            assert within(name, ALLOWED[room]), f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("folder", TICKETING[:-2])
def test_a_folder_of_ticketing_knows_only_those_below_it(folder: str) -> None:
    above = tuple(f"hallq.ticketing.{name}" for name in TICKETING[TICKETING.index(folder) + 1 :])
    for path in files(f"hallq/ticketing/{folder}"):
        assert not any(within(name, above) for name in imports(path)), path


@pytest.mark.parametrize("room", NO_ASYNCIO)
def test_rules_and_codecs_know_no_event_loop(room: str) -> None:
    for path in files(room):
        assert not any(within(name, ("asyncio", "threading")) for name in imports(path)), path


@pytest.mark.parametrize("path", NO_TABLES)
def test_pictures_know_no_tables(path: str) -> None:
    assert not any(within(name, ("sqlmodel", "sqlalchemy")) for name in imports(ROOT / path))


def test_nothing_imports_the_web_but_the_web_and_what_runs_it() -> None:
    may = {"hallq/web", "hallq/demo", "hallq/cli"}
    for path in files("hallq"):
        name = path.relative_to(ROOT).as_posix()
        if not any(name == place or name.startswith(f"{place}/") for place in may):
            assert not any(within(found, ("hallq.web",)) for found in imports(path)), name


def test_the_pages_hold_no_python() -> None:
    assert not list((ROOT / "kiosk_ui").rglob("*.py"))
