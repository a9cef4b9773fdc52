"""Numbers as the voice reads them, and whole announcements (NORMS B.5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.displays import numbers
from hallq.displays.screens import Speech
from hallq.displays.voice import speech
from hallq.texts import ZH, group
from tests.displays.scene import ZONE, at


@pytest.mark.parametrize(
    ("number", "ones", "read"),
    [
        ("A001", "一", "A零零一"),
        ("A001", "幺", "A零零幺"),
        ("B110", "一", "B一一零"),
        ("C1023", "一", "C一零二三"),
        ("ab102", "一", "A B一零二"),
        ("102", "幺", "幺零二"),
    ],
)
def test_tickets_are_read_digit_by_digit(number: str, ones: str, read: str) -> None:
    assert numbers.ticket(number, ones) == read


@pytest.mark.parametrize(
    ("no", "read"),
    [("1", "一"), ("3", "三"), ("10", "十"), ("12", "十二"), ("20", "二十"), ("36", "三十六"), ("99", "九十九"),
     ("100", "一零零"), ("101", "一零一"), ("05", "零五"), ("0", "零"), ("3A", "三A")],
)  # fmt: skip
def test_windows_are_read_as_numbers(no: str, read: str) -> None:
    assert numbers.window(no) == read


@pytest.mark.parametrize(
    ("clock", "read"),
    [("08:30", "上午八点三十分"), ("10:20", "上午十点二十分"), ("12:00", "中午十二点"), ("14:05", "下午两点零五分"),
     ("14:30", "下午两点三十分"), ("17:30", "下午五点三十分"), ("19:00", "晚上七点")],
)  # fmt: skip
def test_clock_times_are_said_as_people_say_them(clock: str, read: str) -> None:
    assert numbers.spoken_clock(clock) == read


def test_clock_times_are_the_halls() -> None:
    assert numbers.clock(at("08:05"), ZONE) == "08:05"


def test_a_call() -> None:
    assert speech("1F", {"key": "v.call", "no": "A001", "win": "3"}) == Speech(
        zone="1F",
        text="请A零零一号到三号窗口办理业务",
        caption="请A001号到3号窗口办理业务",
        caption_en="Number A001, please go to window 3",
    )


def test_a_call_to_another_floor_in_a_hall_that_says_yao() -> None:
    said = speech("1F", {"key": "v.call.floor", "no": "B110", "win": "12", "floor": 2}, ones="幺")
    assert said.text == "请B幺幺零号到二楼十二号窗口办理业务"
    assert said.caption == "请B110号到二楼12号窗口办理业务"
    assert said.caption_en == "Number B110, please go to window 12 on floor 2"


def test_a_service_name_keeps_its_digits() -> None:
    said = speech("1F", {"key": "v.noon", "t": "14:30"})
    assert said.text == "现在是午间休息，下午两点三十分恢复办理，上午的号码继续有效"


ANYTHING = {"no": "A1", "no1": "A1", "no2": "B2", "win": "3", "win1": "3", "win2": "4", "floor": 2, "t": "14:30"}


@pytest.mark.parametrize("key", [key for key in group(["v"])[ZH] if not key.startswith("v.clock")])
def test_every_announcement_leaves_no_digit_to_the_voices_own_reading(key: str) -> None:
    """A25, A26: one wording for all voices, spelled out, so that each reads it alike in Mandarin."""
    said = speech("2F", {"key": key, **ANYTHING})
    assert not any(char in "0123456789{}" for char in said.text)
    assert said.caption and said.caption_en


def test_an_unknown_announcement_or_a_missing_value_is_a_bug_at_once() -> None:
    with pytest.raises(KeyError):
        speech("1F", {"key": "v.nothing"})
    with pytest.raises(KeyError):
        speech("1F", {"key": "v.call", "no": "A001"})


@given(st.from_regex(r"[A-Z]{1,2}[0-9]{1,6}", fullmatch=True), st.sampled_from("一幺"))
def test_no_two_numbers_sound_alike(number: str, ones: str) -> None:
    back = numbers.ticket(number, ones).replace(" ", "").replace("幺", "一")
    assert "".join(str("零一二三四五六七八九".index(c)) if c in "零一二三四五六七八九" else c for c in back) == number
