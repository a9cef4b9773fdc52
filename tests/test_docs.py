"""What the pages say is so: functions, commands, files, settings and refusal codes that they name exist."""

from __future__ import annotations

import dataclasses
import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from hallq.cli.main import app
from hallq.config import load_settings
from hallq.texts import ZH, group
from hallq.ticketing.rules import Rules
from hallq.web.errors import STATUS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = (*READMES, ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md")), ROOT / "packaging" / "README.md")
GIVEN = ("timezone", "always_open", "policy")  # of [hall] and [calendar]; the policy is for simulations
NAME = re.compile(r"`([a-z_0-9]+(?:\.[A-Za-z_0-9]+)+)`")
FILE = re.compile(r"\.(toml|md|py|json|db|js|css|service|conf|csv|xlsx|zip|png|lock|wav)$")


def text_of(page: Path) -> str:
    return page.read_text("utf-8")


# -- functions


def resolve(dotted: str) -> Any:
    """`desk.undo` of hallq or of firmware_protocols: the longest module that there is, then its attributes."""
    parts = dotted.split(".")
    for root in ("hallq.", ""):
        for cut in range(len(parts), 0, -1):
            module = root + ".".join(parts[:cut])
            try:
                found: Any = importlib.import_module(module)
            except ModuleNotFoundError as error:
                if error.name is None or not module.startswith(error.name):
                    raise
                continue
            for name in parts[cut:]:
                found = _attribute(found, name)
            return found
    raise AttributeError(dotted)


def _attribute(found: Any, name: str) -> Any:
    """Fields of dataclasses have no class attribute; attributes set in `__init__` are in its code."""
    if hasattr(found, name):
        return getattr(found, name)
    if dataclasses.is_dataclass(found) and name in {field.name for field in dataclasses.fields(found)}:
        return None
    code = getattr(getattr(found, "__init__", None), "__code__", None)
    if code is not None and name in code.co_names:
        return None
    raise AttributeError(f"{found} has no {name}")


def test_every_function_that_the_architecture_names_is_there() -> None:
    named = [name for name in NAME.findall(text_of(DOCS / "architecture.md")) if not FILE.search(name)]
    assert len(named) > 80
    missing = []
    for name in named:
        try:
            resolve(name)
        except AttributeError as error:
            missing.append(f"{name}: {error}")
    assert not missing


def test_the_stories_are_traced() -> None:
    stories = re.findall(r"^## \d\. .*$", text_of(DOCS / "architecture.md"), re.MULTILINE)
    assert len(stories) == 7


# -- commands


def commands(page: Path) -> Iterator[list[str]]:
    """Each `hallq ...` and `python -m firmware_protocols ...` of code spans and code blocks, as words."""
    text = text_of(page)
    blocks = re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL)
    indented = re.findall(r"^    (\S.*)$", text, re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()] + indented
    for line in [*lines, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))]:
        found = re.search(r"(?:^|/bin/)(hallq [a-z-].*|python -m firmware_protocols .*)$", line.split("  #")[0].strip())
        if found:
            yield shlex.split(found[1].replace("...", "").split("|")[0].split(" > ")[0])


def test_every_command_that_a_page_shows_is_there() -> None:
    shown = [(page.name, words) for page in PAGES for words in commands(page)]
    assert len(shown) > 15
    for page, words in shown:
        if words[0] == "hallq":
            command: Any = get_command(app)
            rest = [word for word in words[1:] if word != "--debug"]
            while rest and isinstance(command, typer.core.TyperGroup):
                assert rest[0] in command.commands, f"{page}: {' '.join(words)}"
                command, rest = command.commands[rest[0]], rest[1:]
            assert not command.hidden, f"{page}: {' '.join(words)} is not in this version"
            options = {option for param in command.params for option in param.opts} | {"--help"}
            assert {word for word in rest if word.startswith("-")} <= options, f"{page}: {' '.join(words)}"
        else:
            assert words[3] in ("decode", "check", "conform"), f"{page}: {' '.join(words)}"


def test_every_make_target_that_a_page_shows_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    shown = {name for page in PAGES for name in re.findall(r"\bmake ([a-z]+)\b", _code(text_of(page)))}
    assert {"run", "test"} <= shown <= targets


def _code(text: str) -> str:
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


# -- files


def links(page: Path) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if not target.startswith(("http:", "https:", "#")):
            yield target.partition("#")[0]


def named_files(page: Path) -> Iterator[str]:
    """Paths of this project in code spans: those that begin with one of its folders."""
    roots = "hallq|firmware_protocols|kiosk_ui|tests|docs|packaging|scripts|bench"
    yield from re.findall(rf"`((?:{roots})/[A-Za-z0-9_./-]*)`", text_of(page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    missing = [link for link in links(page) if not (page.parent / link).exists()]
    missing += [name for name in named_files(page) if not (ROOT / name).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_needs_the_internet_to_be_read(page: Path) -> None:
    assert not re.findall(r"!\[[^]]*\]\(https?:", text_of(page))


def test_the_pictures_are_small() -> None:
    pictures = sorted((DOCS / "pictures").glob("*"))
    assert pictures
    assert all(picture.stat().st_size < 400_000 for picture in pictures)


def test_every_test_that_the_rules_name_is_there() -> None:
    sources = "\n".join(text_of(path) for path in sorted((ROOT / "tests").rglob("test_*.py")))
    named = set(re.findall(r"`(test_[a-z0-9_]+)`", text_of(DOCS / "rules.md")))
    assert named
    assert not {name for name in named if f"def {name}(" not in sources}


# -- settings and codes


def _as_written(value: object) -> str:
    """In hall.toml."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_rule_is_listed_with_its_default() -> None:
    listed = dict(re.findall(r"^\| `([a-z_]+)` \| ([^|]+?) \|", text_of(DOCS / "rules.md"), re.MULTILINE))
    known = {field.name: _as_written(field.default) for field in dataclasses.fields(Rules) if field.name not in GIVEN}
    assert listed == known


def test_every_refusal_code_is_listed_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| (\d{3}) \|", text_of(DOCS / "api.md"), re.MULTILINE)
    listed = {code: int(status) for code, status in rows}
    assert set(listed) == {key.removeprefix("refusal.") for key in group(["refusal"])[ZH]}
    assert {code: listed[code] for code in STATUS} == STATUS


def test_the_settings_that_the_pages_show_are_accepted(tmp_path: Path) -> None:
    """Each ```toml block with a device in it, under the example's head."""
    head = '[hall]\nid = "hall"\nname = "大厅"\n\n'
    blocks = [block for page in PAGES for block in re.findall(r"```toml\n(.*?)```", text_of(page), re.DOTALL)]
    assert blocks
    for number, block in enumerate(blocks):
        file = tmp_path / f"{number}.toml"
        file.write_text(block if "[hall]" in block else head + block, "utf-8")
        load_settings(file)


# -- two languages


def outline(page: Path) -> list[int]:
    """The levels of its headings, in order."""
    text = re.sub(r"```.*?```", "", text_of(page), flags=re.DOTALL)
    return [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]


def test_both_readmes_have_the_same_sections() -> None:
    english, chinese = READMES
    assert outline(english) == outline(chinese)
    assert sorted({link.replace(".zh-CN", "") for link in links(english)}) == sorted(
        {link.replace(".zh-CN", "") for link in links(chinese)}
    )
    assert sorted(" ".join(words) for words in commands(english)) == sorted(
        " ".join(words) for words in commands(chinese)
    )
