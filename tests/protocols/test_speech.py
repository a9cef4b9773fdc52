"""Speech chips: frames of the three profiles, the cut of long sentences, host and chip talking through bytes alone."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import ProtocolError, speech_chip
from firmware_protocols.speech_chip import PROFILES, speak

CHIPS = sorted(PROFILES)


def heard(chip: str, data: bytes) -> list[Any]:
    device = speech_chip.Device(chip)
    return device.feed(data) + device.end()


@pytest.mark.parametrize("chip", CHIPS)
def test_host_and_chip_talk(chip: str) -> None:
    (frame,) = speak(chip, "请A001号到3号窗口", volume=100)
    (seen,) = heard(chip, frame.encode())
    assert seen.text == f"[v{PROFILES[chip].volumes}]请A001号到3号窗口"
    answers = b"".join(status.encode() for status in (speech_chip.ACCEPTED, speech_chip.SPEAKING, speech_chip.IDLE))
    assert speech_chip.Host(chip).feed(answers) == [speech_chip.ACCEPTED, speech_chip.SPEAKING, speech_chip.IDLE]
    assert (speech_chip.ACCEPTED.meaning, speech_chip.IDLE.meaning) == ("accepted", "idle")


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("kind", speech_chip.Bare.__subclasses__())
def test_bare_commands(chip: str, kind: type[speech_chip.Bare]) -> None:
    assert heard(chip, kind(chip).encode()) == [kind(chip)]


def test_one_code_two_meanings() -> None:
    assert heard("syn6288", bytes.fromhex("FD 00 03 31 01 CE")) == [speech_chip.SetBaud("syn6288", 1)]
    stored = speech_chip.StoreText("xfs5152", 3, "段缓存".encode("gbk"))
    assert heard("xfs5152", stored.encode()) == [stored]
    assert stored.text == "段缓存"
    played = speech_chip.PlayStored("syn6658", encoding=1, repeats=2)
    assert heard("syn6658", played.encode()) == [played]


def test_music_is_the_syn6288_s_alone() -> None:
    assert speak("syn6288", "请", music=15)[0].encode()[3:5] == b"\x01\x79"
    assert speak("xfs5152", "请", music=15)[0].encode()[3:5] == b"\x01\x01"


@pytest.mark.parametrize(("encoding", "codec"), [(3, "utf-16-le"), (4, "utf-16-be")])
def test_unicode_of_the_syn6658(encoding: int, codec: str) -> None:
    assert speech_chip.Speak("syn6658", "请".encode(codec), encoding).text == "请"


def test_long_text_is_cut_at_pauses() -> None:
    sentence = "请A001号到3号窗口办理业务，" * 20
    parts = speak("syn6288", sentence, volume=50)
    texts = [str(part.text) for part in parts]
    assert len(parts) > 1
    assert all(text.startswith("[v8]") and text.endswith("，") for text in texts)
    assert "".join(text.removeprefix("[v8]") for text in texts) == sentence


def test_text_without_pauses_is_cut_between_characters() -> None:
    text = "请到窗口" * 60 + "A0012" * 60
    texts = [str(part.text) for part in speak("syn6288", text)]
    assert "".join(texts) == text
    assert all(len(part.data) <= 200 for part in speak("syn6288", text))


def test_a_pause_near_the_start_does_not_overfill_the_rest() -> None:
    parts = speak("syn6288", "请，" + "一二三四五六七八九十" * 9 + "0123456789ABCDEF" * 2)
    assert [len(part.data) for part in parts] == [4, 196, 16]


MARKED = st.lists(st.sampled_from(["[v10]", "[p500]", "请", "A001", "。", "，", "é", "𠮷", "3", "["]), max_size=400)


@given(st.sampled_from(CHIPS), MARKED.map("".join), st.none() | st.integers(0, 100))
def test_any_text_arrives_whole(chip: str, text: str, volume: int | None) -> None:
    parts = speak(chip, text, volume=volume)
    seen = [item for part in parts for item in heard(chip, part.encode())]
    assert seen == parts
    assert all(len(part.data) <= PROFILES[chip].max_text for part in parts)
    mark = "" if volume is None else f"[v{round(volume * PROFILES[chip].volumes / 100)}]"
    assert "".join(str(part.text).removeprefix(mark) for part in parts) == text.encode("gbk", "ignore").decode("gbk")
    assert not any(re.search(r"\[[a-z][0-9]*$", str(part.text)) for part in parts)


@pytest.mark.parametrize("broken", ["FD 00 02 21 DD", "FD 00 00", "FD FF FF 01", "FD 00 0B 01 00 D3", "00 21"])
def test_broken_frames_are_errors_and_the_next_one_is_found(broken: str) -> None:
    items = heard("syn6288", bytes.fromhex(broken) + speech_chip.Stop("syn6288").encode())
    assert isinstance(items[0], ProtocolError)
    assert items[-1] == speech_chip.Stop("syn6288")


def test_a_byte_that_is_no_status_is_an_error() -> None:
    (error,) = speech_chip.Host("syn6288").feed(b"\x42")
    assert isinstance(error, ProtocolError)
