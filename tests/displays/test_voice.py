"""Numbers as the voice reads them, and whole announcements (NORMS B.5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.displays import numbers
from hallq.displays.screens import Speech
from hallq.displays.voice import LETTERS, letters, speech
from hallq.texts import ZH, group
from tests.displays.scene import ZONE, at


@pytest.mark.parametrize(
    ("number", "ones", "read"),
    [
        ("A001", "一", "A零零一"),
        ("A001", "幺", "A零零幺"),
        ("B110", "一", "B一一零"),
        ("C1023", "一", "C一零二三"),
        ("ab102", "一", "AB一零二"),
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
    assert "".join(numbers.spoken_clock(clock)) == read


@pytest.mark.parametrize(
    ("clock", "read"),
    [("08:30", "eight thirty in the morning"), ("12:00", "twelve o'clock noon"),
     ("14:05", "two oh five in the afternoon"), ("19:00", "seven o'clock in the evening")],
)  # fmt: skip
def test_clock_times_in_english(clock: str, read: str) -> None:
    assert numbers.english_clock(clock) == read


@pytest.mark.parametrize(
    ("no", "read"),
    [("3", "three"), ("12", "twelve"), ("20", "twenty"), ("36", "thirty-six"), ("101", "one zero one"),
     ("3a", "three A")],
)  # fmt: skip
def test_windows_in_english(no: str, read: str) -> None:
    assert numbers.english_window(no) == read


def test_clock_times_are_the_halls() -> None:
    assert numbers.clock(at("08:05"), ZONE) == "08:05"


def test_a_call() -> None:
    assert speech("1F", {"key": "v.call", "no": "A001", "win": "3"}) == Speech(
        zone="1F",
        text="请A零零一号到三号窗口办理业务",
        caption="请A001号到3号窗口办理业务",
        caption_en="Number A001, please go to window 3",
        words=("请", "A", "零", "零", "一", "号到", "三", "号窗口办理业务"),
        english="Number A zero zero one, please go to window three",
    )


@pytest.mark.parametrize(
    ("spelled", "read"),
    [("plain", "请A B零幺号到"), ("hanzi", "请诶必零幺号到"), ("B=北京的必", "请A 北京的必零幺号到")],
)
def test_letters_are_said_so_that_they_are_understood(spelled: str, read: str) -> None:
    said = speech("1F", {"key": "v.call", "no": "ab01", "win": "3"}, ones="幺", spelled=spelled)
    assert said.text.startswith(read)
    assert said.caption.startswith("请ab01号")
    assert said.words[:5] == ("请", "A", "B", "零", "幺")


@pytest.mark.parametrize("wrong", ["", "loud", "A", "A=", "a=诶", "A=诶 ", "A=诶,B=必"])
def test_another_spelling_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="hanzi"):
        letters(wrong)


def test_a_call_to_another_floor_in_a_hall_that_says_yao() -> None:
    said = speech("1F", {"key": "v.call.floor", "no": "B110", "win": "12", "floor": 2}, ones="幺")
    assert said.text == "请B幺幺零号到二楼十二号窗口办理业务"
    assert said.caption == "请B110号到二楼12号窗口办理业务"
    assert said.caption_en == "Number B110, please go to window 12 on floor 2"


def test_a_service_name_keeps_its_digits() -> None:
    said = speech("1F", {"key": "v.noon", "t": "14:30"})
    assert said.text == "现在是午间休息，下午两点三十分恢复办理，上午的号码继续有效"


ANYTHING = {
    "no": "A1", "no1": "A1", "no2": "B2", "no3": "C3", "win": "3", "win1": "3", "win2": "4", "win3": "5", "floor": 2,
    "t": "14:30",
}  # fmt: skip


@pytest.mark.parametrize("key", [key for key in group(["v"])[ZH] if not key.startswith("v.clock")])
def test_every_announcement_leaves_no_digit_to_the_voices_own_reading(key: str) -> None:
    """A25, A26: one wording for all voices, spelled out, so that each reads it alike in Mandarin."""
    said = speech("2F", {"key": key, **ANYTHING})
    assert not any(char in "0123456789{}" for char in said.text)
    assert not any(char in "0123456789{}" for char in said.english)
    assert said.caption and said.caption_en
    assert "".join(said.words) == said.text


def test_an_unknown_announcement_or_a_missing_value_is_a_bug_at_once() -> None:
    with pytest.raises(KeyError):
        speech("1F", {"key": "v.nothing"})
    with pytest.raises(KeyError):
        speech("1F", {"key": "v.call", "no": "A001"})


@given(st.from_regex(r"[A-Z]{1,2}[0-9]{1,6}", fullmatch=True), st.sampled_from("一幺"))
def test_no_two_numbers_sound_alike(number: str, ones: str) -> None:
    back = numbers.ticket(number, ones).replace("幺", "一")
    assert "".join(str("零一二三四五六七八九".index(c)) if c in "零一二三四五六七八九" else c for c in back) == number


def test_no_two_letters_sound_alike() -> None:
    assert len(set(LETTERS.values())) == 26


@given(st.from_regex(r"[A-Z]{1,2}[0-9]{1,6}", fullmatch=True), st.integers(1, 999))
def test_words_are_the_text_and_out_of_a_closed_vocabulary(number: str, window: int) -> None:
    said = speech("1F", {"key": "v.call", "no": number, "win": str(window)})
    assert "".join(said.words) == said.text.replace(" ", "")
    assert set(said.words) <= {*LETTERS, *"零一二三四五六七八九十", "请", "号到", "号窗口办理业务"}
