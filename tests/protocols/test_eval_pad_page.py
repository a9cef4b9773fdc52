"""The pad's specification and its codec say the same: layouts, numbers, times and examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import firmware_protocols
import firmware_protocols.eval_pad as pad
from firmware_protocols.eval_pad_fields import Counted, Fields, Group, Kind, Many, Number, Text, layout
from firmware_protocols.eval_pad_messages import FROM_HUB, FROM_PAD

ROOM = Path(firmware_protocols.__file__).parent
SPEC = (ROOM / "specs" / "eval-pad.md").read_text("utf-8")
VECTORS: list[dict[str, str]] = json.loads((ROOM / "vectors" / "eval-pad.json").read_text("utf-8"))["vectors"]


def form(kind: Kind) -> str:
    match kind:
        case Number(size=size):
            return f"u{8 * size}"
        case Text(limit=limit):
            return f"text {limit}"
        case Many(kind=Group(fields=cls)):
            return f"list of {cls.__name__}"
        case Many(kind=inner):
            return f"list of {form(inner)}"
        case Counted(fields=cls):
            return f"side {cls.__name__}"
    raise AssertionError(kind)


def written(title: str) -> list[tuple[str, str]]:
    """The rows (field, form) of the first table under this title."""
    part = SPEC.split(title, 1)[1]
    part = re.split(r"\n(?:#|\*\*)", part, maxsplit=1)[0]
    return re.findall(r"^\| (\w+) \| ((?:u\d|text|list|side)[^|]*?) \|", part, re.MULTILINE)


def titles() -> Iterator[tuple[str, type[Fields]]]:
    for type_, cls in (*FROM_PAD.items(), *FROM_HUB.items()):
        yield f"\n### {type_:02X} {cls.__name__}\n", cls
    yield from ((f"\n**{cls.__name__}**", cls) for cls in (pad.CitizenSide, pad.ClerkSide, pad.Choice))


@pytest.mark.parametrize(("title", "cls"), list(titles()), ids=lambda value: getattr(value, "__name__", ""))
def test_the_page_and_the_codec_have_the_same_layout(title: str, cls: type[Fields]) -> None:
    assert written(title) == [(name, form(kind)) for name, kind in layout(cls)]


def numbers(section: str) -> dict[int, str]:
    part = SPEC.split(f"## {section}", 1)[1].split("\n## ", 1)[0].split("\n### ", 1)[0]
    return {int(no): name for no, name in re.findall(r"^\| (\d+) \| ([\w -]+) \|", part, re.MULTILINE)}


@pytest.mark.parametrize(
    ("section", "enum"),
    [("7.1", pad.Verb), ("7.2", pad.CitizenKind), ("7.3", pad.WindowState), ("8.", pad.Code)],
)
def test_the_page_and_the_codec_have_the_same_numbers(section: str, enum: type[pad.Verb]) -> None:
    wanted = {int(each): re.sub(r"[-_ ]", " ", each.name.lower()) for each in enum if each.name != "NONE"}
    assert {no: re.sub(r"[-_ ]", " ", name.lower()) for no, name in numbers(section).items()} == wanted


def test_every_example_on_the_page_is_a_vector() -> None:
    examples = re.findall(r"^[<>] ([\w-]+): .*\n([0-9A-F ]+)$", SPEC, re.MULTILINE)
    assert {name: bytes.fromhex(hexes) for name, hexes in examples} == {
        vector["id"].removeprefix("eval-pad-"): bytes.fromhex(vector["hex"]) for vector in VECTORS
    }


@pytest.mark.parametrize(
    ("row", "ms"),
    [
        ("heartbeat, both ways", pad.HEARTBEAT_MS),
        ("silence after which the link is lost", pad.SILENCE_MS),
        ("PadHello, AskHello repeated", pad.HELLO_MS),
        ("Screen repeated until shown", pad.SCREEN_RESEND_MS),
        ("Key, SignIn repeated", pad.KEY_RESEND_MS),
        ("Rating repeated", pad.RATING_RESEND_MS),
        ("welcome", pad.WELCOME_MS),
    ],
)
def test_the_page_and_the_codec_have_the_same_times(row: str, ms: int) -> None:
    assert re.search(rf"^\| {row} \| {ms // 1000} s", SPEC, re.MULTILINE)
