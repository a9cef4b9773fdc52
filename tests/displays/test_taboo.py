"""H20: no text of ours, in either language, holds a phrase that the service rules forbid at a window (服务忌语).

Whole files are read, comments and all: what stands nowhere is said nowhere. Tests may say it, but not the scenes that
are drawn into the pictures of the documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KINDS = {".toml", ".py", ".js", ".css", ".html", ".md", ".txt", ".json", ".svg"}
TABOO = {  # and what it would be in English
    "不知道": ("I don't know", "no idea"), "不清楚": ("I'm not sure, ask",), "不归我管": ("not my job",),
    "不归我们管": ("not our job",), "不是我管": ("not my department",), "不关我事": ("none of my business",),
    "与我无关": ("not my problem",), "自己看": ("see for yourself",), "自己去看": ("go and look yourself",),
    "你自己": ("do it yourself",), "问别人": ("ask someone else", "ask somebody else"),
    "没看见": ("can't you see", "cannot you see"), "没看到我": ("can't you see I",), "急什么": ("what's the rush",),
    "着什么急": ("what's the hurry",), "等着": ("just wait there",), "催什么": ("stop pushing",),
    "烦不烦": ("how annoying", "you are annoying"), "烦死": ("sick of you",), "有完没完": ("are you done yet",),
    "不行就是不行": ("no means no",), "说了多少遍": ("how many times have i",), "刚才不是说": ("didn't i just say",),
    "不是告诉你": ("i told you already", "i already told you"), "听不懂": ("don't you understand",),
    "听见没有": ("did you hear me",), "还没听明白": ("still don't get it",), "怎么不早": ("why didn't you come",),
    "现在才来": ("why so late",), "下班了": ("we're off work", "off work now"), "明天再来": ("come back tomorrow",),
    "以后再说": ("maybe later",), "没空": ("i'm busy",), "没时间": ("have no time", "no time for you"),
    "不能办就是": ("can't be done, period",), "办不了": ("can't do it", "cannot do it"),
    "没办法": ("nothing i can do", "can't help you"), "没规定": ("there's no such rule",),
    "有意见找": ("complain to someone",), "找领导": ("talk to my boss",), "随便你": ("suit yourself",),
    "爱办不办": ("take it or leave it",), "愿意去哪": ("go wherever you like",), "告去": ("go and sue",),
    "投诉去": ("go and complain", "go ahead and complain"), "嚷什么": ("stop yelling",), "吵什么": ("stop shouting",),
    "喊什么": ("why are you shouting",), "讨厌": ("you again", "shut up"), "快点": ("hurry up",),
    "你有病": ("are you crazy", "are you sick in"), "不可能": ("no way!",), "谁让你": ("who told you to",),
    "你问我": ("why ask me",), "我问谁": ("whom should i ask",), "不是说过了": ("as i said before",),
    "墙上有": ("it's on the wall",), "墙上贴": ("it is on the wall",), "你去告": ("go ahead and sue",),
    "快下班": ("we are about to close",), "看不懂吗": ("can't you read", "cannot you read"),
}  # fmt: skip
PHRASES = tuple(TABOO) + tuple(phrase.lower() for both in TABOO.values() for phrase in both)


def found(words: str) -> list[str]:
    low = re.sub(r"\s+", " ", words.replace("’", "'")).lower()
    tight = low.replace(" ", "")  # Chinese has no spaces: a line that ends within a phrase hides nothing
    return [phrase for phrase in PHRASES if phrase in (low if phrase.isascii() else tight)]


def ours() -> Iterator[Path]:
    """Everything that ships, and what is written about it."""
    yield from ROOT.glob("*.md")
    for folder in ("hallq", "kiosk_ui", "firmware_protocols", "docs", "packaging"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.suffix in KINDS)
    for pattern in ("draw_*.py", "*scene.py", "spoken.py", "gallery.py", "stage.py"):
        yield from (ROOT / "tests").rglob(pattern)


def test_no_text_of_ours_holds_a_taboo_phrase_h20() -> None:
    files = sorted(ours())
    assert {path.suffix for path in files} >= {".toml", ".py", ".js", ".css", ".html", ".md"}
    told = {path.relative_to(ROOT).as_posix(): found(path.read_text("utf-8")) for path in files}
    assert not {path: phrases for path, phrases in told.items() if phrases}


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_taboo_phrase_would_be_found_h20(phrase: str) -> None:
    assert phrase in found(f"words = {{ zh = '请稍候，{phrase}', en = '{phrase.capitalize()}.' }}")


def test_a_phrase_is_found_over_a_line_break_and_with_a_curly_apostrophe_h20() -> None:
    assert found("Sorry, that is Not\n  My Job") == ["not my job"]
    assert found("can’t you read") == ["can't you read"]
    assert found("请稍候，我不知\n  道") == ["不知道"]


PLANTED = (
    "hallq/texts/window.toml", "hallq/demo/guides-people.toml", "hallq/demo/cast.py", "hallq/slips/one_time.toml",
    "hallq/assessment/standards/outcomes.toml", "kiosk_ui/window/outcome.js", "docs/papers.md",
    "hallq/web/templates/found.html", "README.zh-CN.md", "tests/displays/draw_papers.py", "packaging/README.md",
)  # fmt: skip


@pytest.mark.parametrize("path", PLANTED)
def test_what_is_read_reaches_every_place_where_words_stand_h20(path: str) -> None:
    assert ROOT / path in set(ours())
