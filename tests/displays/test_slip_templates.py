"""The block language of slips: what a template may hold, what is refused, and that no character is lost on paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hallq.config import load_settings
from hallq.displays import slip as slips
from hallq.displays.layout import columns
from hallq.displays.screens import SlipLine
from hallq.displays.slip import Block
from hallq.displays.slip_facts import SlipFacts, values
from hallq.slips import KINDS, NAMES, OURS, load, read
from hallq.slips import template as ours_or_own
from hallq.texts import EN, ZH
from hallq.toml_file import ConfigError
from tests.displays.scene import ZONE
from tests.displays.test_slip import FACTS


def template(folder: Path, *blocks: str, name: str = "ticket") -> Path:
    (folder / "slips").mkdir(exist_ok=True)
    path = folder / "slips" / f"{name}.toml"
    path.write_text("\n".join(f"[[block]]\n{block}" for block in blocks), "utf-8")
    return path


def lines(folder: Path, *blocks: str, facts: SlipFacts = FACTS, width: int = 48) -> list[SlipLine]:
    return list(slips.slip(facts, read(template(folder, *blocks)), zone=ZONE, width=width).lines)


def test_every_kind_of_block(tmp_path: Path) -> None:
    (tmp_path / "slips").mkdir()
    Image.new("1", (40, 40)).save(tmp_path / "slips" / "emblem.png")
    made = lines(
        tmp_path,
        'kind = "logo"\nfile = "emblem.png"',
        'kind = "text"\nsay = "s.svc"\nlang = "both"\nbold = true',
        'kind = "big"\ntext = "{number}"\nsize = 8',
        'kind = "rule"',
        'kind = "columns"\nleft = "核对码 {check_code}"\nright = "{time}"',
        'kind = "qr"\ntext = "{number} {check_code}"\nmodule = 5',
        'kind = "barcode"\ntext = "{number}"\nheight = 80',
        'kind = "feed"\nlines = 2',
        'kind = "cut"',
        facts=replace(FACTS, service_en="Old-age insurance"),
    )
    assert [line.text for line in made if line.text] == [
        "办理业务：城乡居民养老保险参保登记", "Service: Old-age insurance", "A001",
        "核对码 4821" + " " * 21 + "2026-03-02 10:05"]  # fmt: skip
    assert made[0].logo == str(tmp_path / "slips" / "emblem.png")
    assert [(line.qr, line.module) for line in made if line.qr] == [("A001 4821", 5)]
    assert [(line.barcode, line.height) for line in made if line.barcode] == [("A001", 80)]
    assert (made[-2].feed, made[-1].cut) == (2, True)


def test_a_block_whose_value_is_empty_is_left_out(tmp_path: Path) -> None:
    blocks = (
        'kind = "text"\ntext = "绿色通道 {category}"',
        'kind = "text"\ntext = "普通"\nunless = "category"',
        'kind = "text"\ntext = "请优先"\nwhen = "category"',
        'kind = "qr"\ntext = "{phone_url}"',
        'kind = "rule"',
        'kind = "rule"',
    )
    assert [line.text for line in lines(tmp_path, *blocks)] == ["普通", ""]
    words = [line.text for line in lines(tmp_path, *blocks, facts=replace(FACTS, category="老年人"))]
    assert words == ["绿色通道 老年人", "请优先", ""]


def test_a_halls_own_template_stands_instead_of_ours(tmp_path: Path) -> None:
    template(tmp_path, 'kind = "text"\ntext = "{number}"')
    own = load(tmp_path)
    assert len(ours_or_own(own, "ticket")) == 1 and ours_or_own(own, "return") == read(OURS / "return.toml")
    assert load(tmp_path / "nowhere") == {} and all(ours_or_own({}, name) for name in NAMES)


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ('kind = "picture"', "block[1].kind: unknown block 'picture'; known: text, big, rule"),
        ('text = "x"', "block[1].kind: unknown block None"),
        ('kind = "text"\ntext = "x"\ncolour = "red"', "block[1].colour: unknown key; known here: kind"),
        ('kind = "text"\ntext = "{nummer}"', "block[1].text: unknown value {nummer}; known: ahead"),
        ('kind = "text"\ntext = "{number!r}"', "block[1].text: write {number} with nothing behind the name"),
        ('kind = "text"\ntext = "{"', "block[1]."),
        ('kind = "text"', "block[1].text: give either text or say"),
        ('kind = "text"\nsay = "s.nothing"', 'block[1].say: there is no text "s.nothing"'),
        ('kind = "rule"\nwhen = "noon"', "block[1].when: unknown value noon"),
        ('kind = "text"\ntext = "x"\nsize = 9', "block[1].size: "),
        ('kind = "logo"\nfile = "nowhere.png"', "block[1].file: there is no "),
        ('kind = "logo"\nfile = "ticket.toml"', "block[1].file: "),
    ],
)
def test_what_is_wrong_is_refused_with_its_file_and_key(tmp_path: Path, block: str, told: str) -> None:
    path = template(tmp_path, block)
    with pytest.raises(ConfigError) as error:
        load(tmp_path)
    assert str(error.value).startswith(f"{path}: {told}")


def test_a_hall_with_a_faulty_template_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "hall.toml").write_text('[hall]\nid = "x"\nname = "测试大厅"\n', "utf-8")
    assert load_settings(tmp_path / "hall.toml").slips == {}
    template(tmp_path, 'kind = "rule"', name="tickets")
    with pytest.raises(ConfigError, match=r"tickets\.toml: no such slip; known: ticket\.toml"):
        load_settings(tmp_path / "hall.toml")


@given(
    left=st.text(st.sampled_from("甲乙，（）A1 -号"), max_size=70),
    right=st.text(st.sampled_from("丙12:—b"), max_size=70),
    size=st.sampled_from([1, 2]),
    width=st.sampled_from([32, 48]),
)
@settings(max_examples=60, deadline=None)
def test_two_columns_lose_nothing_and_are_never_too_wide(left: str, right: str, size: int, width: int) -> None:
    facts = replace(FACTS, service=left, zone="", hall=right)
    block = Block("columns", ((ZH, "服{service}"),), "{hall}窗", size=size, when="number")
    made = slips.slip(replace(facts, service=left or "服", hall=right or "窗"), [block], zone=ZONE, width=width).lines
    assert all(columns(line.text) * line.size <= width for line in made)
    shown = sorted("".join("".join(line.text for line in made).split()))
    wanted = f"服{left or '服'}{right or '窗'}窗" if left.strip() or not left else None
    if wanted is not None and made and (right.strip() or not right):
        assert shown == sorted("".join(wanted.split()))


def test_a_code_that_is_too_wide_or_not_ascii_stands_in_letters(tmp_path: Path) -> None:
    block = 'kind = "barcode"\ntext = "{service}"'
    assert [line.text for line in lines(tmp_path, block)] == ["城乡居民养老保险参保登记"]
    long = replace(FACTS, service="A" * 14)
    assert lines(tmp_path, block, facts=long)[0].barcode and lines(tmp_path, block, facts=long, width=32)[0].text


def test_both_languages_say_the_same_of_a_ticket() -> None:
    """A slip for who reads no Chinese is a template away."""
    facts = replace(FACTS, category="老年人", category_en="Older person", zone_en="Zone B", return_by="2026-03-09")
    english = values(facts, EN, ZONE)
    assert (english["place"], english["category"]) == ("floor 2, Zone B", "Older person")
    assert english["return_by"] == "9 March"
    assert english["windows"] == "12, 13" and english["service"] == facts.service


def test_the_page_names_every_block_and_value() -> None:
    page = (OURS.parent.parent / "docs" / "devices" / "tickets.md").read_text("utf-8")
    assert not {kind for kind in KINDS if f"| `{kind}` |" not in page}
    assert not {name for name in values(FACTS, ZH, ZONE) if f"`{name}`" not in page}
    fields = {field for part in KINDS.values() for field in part.model_fields}
    assert not {field for field in fields if f"`{field}`" not in page}
