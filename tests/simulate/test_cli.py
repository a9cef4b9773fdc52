"""`hallq simulate` as a person at a terminal sees it."""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

import pytest

from hallq.simulate.run import simulate
from tests.simulate.conftest import FRIDAY, ONE_ROOM, Write
from tests.test_cli import hallq, started


def test_the_table_in_both_languages(write: Write, tmp_path: Path) -> None:
    write.file(FRIDAY.replace('"bound:5"', '"bound:5", "strict"'), ONE_ROOM)
    zh = hallq("simulate", "day.toml", "--lang", "zh", cwd=tmp_path)
    en = hallq("simulate", "day.toml", "--lang", "en", cwd=tmp_path)
    assert (zh.code, en.code) == (0, 0)
    assert zh.out.startswith("小厅　2026-11-20　种子 1")
    assert "普通平均等候（分）" in zh.out
    assert "5，守住" in zh.out
    assert "5, held" in en.out
    [head] = [line for line in en.out.splitlines() if line.startswith("Policy")]
    assert head.split() == ["Policy", "bound:5", "strict"]
    assert not zh.note, "no progress in a pipe"


@pytest.mark.parametrize(("spoken", "word"), [("zh_CN.UTF-8", "办结"), ("C.UTF-8", "Served"), ("de_DE", "Served")])
def test_the_terminals_language(write: Write, tmp_path: Path, spoken: str, word: str) -> None:
    write.file(FRIDAY, ONE_ROOM)
    with mock.patch.dict(os.environ, {"LC_ALL": spoken}):
        assert word in hallq("simulate", "day.toml", cwd=tmp_path).out


def test_json_seed_and_policies(write: Write, tmp_path: Path) -> None:
    write.file(FRIDAY, ONE_ROOM)
    asked = ("simulate", "day.toml", "--json", "--seed", "4", "--policy", "fifo", "--policy", "ratio:2")
    ran = hallq(*asked, cwd=tmp_path)
    known = json.loads(ran.out)
    assert (known["version"], known["seed"], known["date"], known["windows"]) == (1, 4, "2026-11-20", 2)
    assert [entry["policy"] for entry in known["policies"]] == ["fifo", "ratio:2"]
    assert set(known["policies"][0]["waits"]) == {"ordinary", "priority", "all"}
    assert hallq(*asked, cwd=tmp_path).out == ran.out


@pytest.mark.parametrize("name", ["county", "peak"])
def test_the_shipped_scenarios(tmp_path: Path, name: str) -> None:
    ran = hallq("simulate", name, "-o", f"{name}.svg", "--lang", "zh", cwd=tmp_path)
    assert ran.code == 0
    assert ran.note == f"{name}.svg"
    assert ran.out.count("守住") == 3
    svg = ElementTree.parse(tmp_path / f"{name}.svg").getroot()
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    words = " ".join(svg.itertext())
    assert "老化，最多被超 5 次" in words
    assert "先到先办" in words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("simulate nowhere.toml", "there is no such file; name another, or one that comes along: county, peak"),
        ("simulate day.toml --policy lottery", '--policy: "lottery" is no policy'),
        ("simulate day.toml -o day.png", "name a file that ends in .svg"),
        ("simulate day.toml --lang fr", "--lang"),
        ("simulate", "SCENARIO.toml"),
    ],
)
def test_errors_are_one_line(write: Write, tmp_path: Path, arguments: str, words: str) -> None:
    write.file(FRIDAY, ONE_ROOM)
    ran = hallq(*arguments.split(), cwd=tmp_path)
    assert ran.code == 2
    assert words in ran.note
    assert "\n" not in ran.note


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_leaves_nothing_behind(write: Write) -> None:
    terminal = Terminal()
    with contextlib.redirect_stderr(terminal), contextlib.redirect_stdout(io.StringIO()):
        simulate(write.file(FRIDAY, ONE_ROOM), json=True, picture=None, lang="en", seed=None, policies=())
    note = terminal.getvalue()
    assert "bound:5 09:00\x1b[K\r" in note
    assert note.endswith("\r\x1b[K\r")


def test_as_a_program_of_its_own(write: Write, tmp_path: Path) -> None:
    write.file(FRIDAY, ONE_ROOM)
    ran = started("simulate", "day.toml", "--lang", "en", cwd=tmp_path)
    assert (ran.code, ran.note) == (0, "")
    assert "Extended service (min)" in ran.out
