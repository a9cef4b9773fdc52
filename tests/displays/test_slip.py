"""The paper slip: everything the citizen needs, on both paper widths, and no word of phones without `public_url`."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq import slips as templates
from hallq.displays import slip as slips
from hallq.displays.layout import columns, wrap
from hallq.displays.screens import Slip
from hallq.displays.slip_facts import SlipFacts
from tests.displays.scene import NOW, ZONE, at

FACTS = SlipFacts(
    hall="云岭县政务服务中心",
    number="A001",
    service="城乡居民养老保险参保登记",
    ahead=3,
    earliest=at("10:20"),
    latest=at("10:40"),
    floor=2,
    zone="B区",
    windows=("12", "13"),
    check_code="4821",
    issued_at=NOW,
)

def slip(facts: SlipFacts, *, zone: ZoneInfo, width: int = 48, template: str = "ticket") -> Slip:
    return slips.slip(facts, templates.template({}, template), zone=zone, width=width)


def printed(facts: SlipFacts, width: int = 48) -> str:
    return "\n".join(line.text for line in slip(facts, zone=ZONE, width=width).lines)


def fits(made: Slip, width: int) -> bool:
    return all(columns(line.text) * line.size <= width for line in made.lines)


def test_everything_the_citizen_needs() -> None:
    paper = printed(FACTS)
    for words in (
        "云岭县政务服务中心", "您的号码  Your number", "A001", "办理业务：城乡居民养老保险参保登记", "前面还有 3 人",
        "预计 10:20—10:40 叫到（仅供参考）", "请到二楼B区等候", "可办窗口：12、13", "核对码 4821",
        "取号时间 2026-03-02 10:05", "过号", "当日有效",
    ):  # fmt: skip
        assert words in paper
    for words in ("绿色通道", "同行", "扫码", "咨询", "办不成事"):
        assert words not in paper


def test_where_one_can_complain_stands_on_the_slip_e03() -> None:
    paper = printed(replace(FACTS, complaints="12345、7218686", unresolved=("12",)))
    assert "监督投诉 12345、7218686" in paper and "“办不成事”请到 12 号窗口" in paper


def test_the_number_is_one_piece_and_the_largest() -> None:
    for width in (48, 32):
        made = slip(FACTS, zone=ZONE, width=width)
        number = next(line for line in made.lines if line.text == made.number)
        assert number.size == max(line.size for line in made.lines) >= 5


def test_green_channel_group_and_nobody_ahead() -> None:
    paper = printed(replace(FACTS, category="老年人", people=2, cases=30, ahead=0))
    assert "绿色通道 优先办理：老年人" in paper
    assert "同行 2 人，共 30 件" in paper
    assert "前面没有人" in paper


def test_a_zone_that_names_its_floor_is_not_doubled() -> None:
    assert "请到二楼社会保障服务区" in printed(replace(FACTS, zone="二楼社会保障服务区")).replace("\n", "")


def test_a_short_span_is_one_time() -> None:
    assert "预计 10:20 前后叫到" in printed(replace(FACTS, latest=at("10:20")))


def test_phones_only_where_they_can_reach_the_hub() -> None:
    made = slip(replace(FACTS, phone_url="https://hall.example/t/x"), zone=ZONE)
    assert [line.qr for line in made.lines if line.qr] == ["https://hall.example/t/x"]
    assert "扫码" in made.lines[-1].text
    without = slip(FACTS, zone=ZONE)
    assert not any(line.qr or "扫" in line.text or "手机" in line.text for line in without.lines)


@given(
    service=st.text(max_size=60),
    zone=st.text(max_size=30),
    hall=st.text(max_size=40),
    windows=st.lists(st.from_regex(r"[0-9]{1,3}", fullmatch=True), max_size=40),
    number=st.from_regex(r"[A-Z]{1,2}[0-9]{3,4}", fullmatch=True),
    width=st.sampled_from([48, 32]),
)
def test_never_wider_than_the_paper(
    service: str, zone: str, hall: str, windows: list[str], number: str, width: int
) -> None:
    facts = replace(FACTS, service=service, zone=zone, hall=hall, windows=tuple(windows), number=number)
    made = slip(facts, zone=ZONE, width=width)
    assert fits(made, width)
    assert all(line.text.isprintable() and (line.text or line.rule or line.qr) for line in made.lines)
    assert [line.text for line in made.lines].count(number) >= 1


@given(st.text(), st.integers(2, 60))
def test_wrapping_loses_nothing_but_spaces(words: str, limit: int) -> None:
    lines = wrap(words, limit)
    assert all(0 < columns(line) <= limit for line in lines)
    assert "".join("".join(lines).split()) == "".join(words.split())


@pytest.mark.parametrize(
    ("words", "limit", "lines"),
    [
        ("请到二楼社会保障服务区等候", 24, ["请到二楼社会保", "障服务区等候"]),
        ("预计 10:20—10:40 叫到（仅供参考）", 32, ["预计 10:20—10:40", "叫到（仅供参考）"]),
        ("甲乙，丙", 4, ["甲", "乙，", "丙"]),
        ("A1000办理", 6, ["A1000", "办理"]),
    ],
)
def test_lines_break_where_a_reader_expects_it(words: str, limit: int, lines: list[str]) -> None:
    assert wrap(words, limit) == lines


def test_a20_the_stops_of_the_visit_are_listed() -> None:
    paper = printed(replace(FACTS, stops=("医保登记", "社保卡"))).replace("\n", "")
    assert "接着还要办：医保登记、社保卡，不用重新取号" in paper
    assert "接着还要办" not in printed(FACTS)


def test_a_reprint_says_that_the_earlier_slip_is_void() -> None:
    assert "补打（原票作废）" in printed(replace(FACTS, reprint=True))


@pytest.mark.parametrize("width", [48, 32])
def test_the_notice_of_who_fetches_papers(width: int) -> None:
    made = slip(replace(FACTS, return_by="2026-03-09"), zone=ZONE, width=width, template="return")
    paper = "".join(line.text for line in made.lines)
    for words in ("A001", "材料补齐后，3月9日前凭本单优先安排，不用重新取号", "4821", "过号了"):
        assert words in paper
    assert fits(made, width)


def test_a_date_stays_on_one_line() -> None:
    assert wrap("材料补齐后，11月27日前凭本单优先安排，不用重新取号", 19)[1] == "11月27日前凭本"
