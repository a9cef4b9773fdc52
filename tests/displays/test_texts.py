"""Every text in both languages with the same placeholders; none that a citizen should not hear: test_taboo.py."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import pytest

import hallq.texts
from hallq.assessment.ratings.reasons import GROUPS
from hallq.texts import EN, ZH, group, text

FOLDER = Path(hallq.texts.__file__).parent
FILES = sorted(FOLDER.glob("*.toml"))


def entries() -> Iterator[tuple[str, dict[str, str]]]:
    for file in FILES:
        for table, words in tomllib.loads(file.read_text("utf-8")).items():
            for name, both in words.items():
                yield f"{table}.{name}", both


ALL = dict(entries())


def placeholders(words: str) -> set[str | None]:
    """`svc_en` is the English name of `svc`: one value in two languages."""
    return {field.removesuffix("_en") for _, field, _, _ in Formatter().parse(words) if field is not None}


def failing(rule: Callable[[dict[str, str]], bool]) -> list[str]:
    return [key for key, both in ALL.items() if not rule(both)]


def test_both_languages_with_the_same_placeholders() -> None:
    assert not failing(lambda both: set(both) == {"zh", "en"})
    assert not failing(lambda both: placeholders(both["zh"]) == placeholders(both["en"]))
    assert not failing(lambda both: all(name and name.isidentifier() for name in placeholders(both["zh"])))


def test_chinese_is_chinese_and_english_is_english() -> None:
    half_width_marks = re.compile(r"[一-鿿][,;?!:]|[,;?!][一-鿿]")
    assert not failing(lambda both: not half_width_marks.search(both["zh"]))
    assert not failing(lambda both: "你" not in both["zh"]), "您, not 你"
    assert not failing(lambda both: not re.search(r"[一-鿿]", both["en"]))


def test_every_refusal_of_the_contract_has_words() -> None:
    codes = """nobody_waiting stale closed quota_reached already_waiting ticket_open wrong_state too_early undo_expired
        not_signed_in window_taken signed_in_elsewhere paused rating_closed request_id_reused not_found invalid
        forbidden unauthorized malformed too_large unsupported too_many busy storage method_not_allowed internal"""
    for code in codes.split():
        assert f"refusal.{code}" in ALL


def raised() -> Iterator[str]:
    """The codes of every Refused(...) and Problem(...) in the code."""
    for file in FOLDER.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("Refused", "Problem")
            ):
                code = node.args[node.func.id == "Problem"]
                branches = (code.body, code.orelse) if isinstance(code, ast.IfExp) else (code,)
                yield from (str(each.value) for each in branches if isinstance(each, ast.Constant))


def test_every_refusal_in_the_code_has_words() -> None:
    assert not {code for code in raised() if f"refusal.{code}" not in ALL}


def test_every_level_and_group_of_reasons_has_words() -> None:
    for code in (*"543210", *GROUPS):
        assert f"r.{code}" in ALL


def test_a_text_with_values() -> None:
    assert text("l.neutral", ZH, win="3") == "3号窗口"
    assert text("l.neutral", EN, win="{win}") == "Window {win}"  # a value is only a value


def test_a_missing_key_value_or_language_is_an_error_at_once() -> None:
    for key, lang, values in (("l.nothing", ZH, {}), ("l.neutral", ZH, {}), ("l.neutral", "fr", {"win": "3"})):
        with pytest.raises(KeyError):
            text(key, lang, **values)
    with pytest.raises(KeyError):
        group(["l", "nothing"])


def test_a_page_gets_whole_tables_and_no_others() -> None:
    words = group(["c", "l"])
    assert set(words) == {ZH, EN}
    assert words[ZH]["l.paused"] == "暂停服务" and words[EN]["c.soldier"] == "Military"
    assert {key.split(".")[0] for key in words[ZH]} == {"c", "l"}
