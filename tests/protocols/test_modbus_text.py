"""Modbus RTU: frames found by length and CRC, both ways, and read alike by a framer that this project did not write."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import firmware_protocols
from firmware_protocols import ProtocolError, modbus_text
from firmware_protocols.framing import crc16
from firmware_protocols.modbus_text import Device, Host, Read, Refused, Registers, Write, WriteMany, Written

UNIT, WORD = st.integers(1, 247), st.integers(0, 0xFFFF)
CONTENT = st.integers(1, 123).flatmap(lambda count: st.binary(min_size=2 * count, max_size=2 * count))
QUESTIONS = st.one_of(
    st.builds(Read, UNIT, WORD, st.integers(1, 125)),
    st.builds(Write, UNIT, WORD, WORD),
    st.builds(WriteMany, UNIT, WORD, CONTENT),
)
ANSWERS = st.one_of(
    st.builds(Registers, UNIT, CONTENT),
    st.builds(Write, UNIT, WORD, WORD),
    st.builds(Written, UNIT, WORD, st.integers(1, 123)),
    st.builds(Refused, UNIT, st.sampled_from([3, 6, 16]), st.integers(0, 255)),
)
GOOD = Write(1, 0, 123)
VECTORS = json.loads((Path(firmware_protocols.__file__).parent / "vectors/modbus-text.json").read_text("utf-8"))


@settings(max_examples=60, deadline=None)
@given(st.lists(QUESTIONS, max_size=3), st.lists(ANSWERS, max_size=3))
def test_any_message_comes_back(questions: list[Any], answers: list[Any]) -> None:
    assert Device().feed(b"".join(each.encode() for each in questions)) == questions
    assert Host().feed(b"".join(each.encode() for each in answers)) == answers


def test_crc_of_the_published_check_word() -> None:
    assert crc16(b"123456789", 0xFFFF) == 0x4B37


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode()[:-1] + b"\x00",  # CRC
        b"\xf8" + GOOD.encode()[1:],  # unit
        b"\x01\x04\x00\x00\x00\x01\x31\xca",  # a function that displays have not
        b"\x01\x10\x00\x00\x00\x02\x03" + bytes(5),  # three bytes for two registers
    ],
)
def test_a_frame_that_cannot_be_is_left_and_the_next_one_found(data: bytes) -> None:
    items = Device().feed(data + GOOD.encode())
    assert isinstance(items[0], ProtocolError)
    assert items[-1] == GOOD


def test_silence_ends_a_frame_that_stayed_incomplete() -> None:
    """Three bytes of a long answer, then silence: the next answer is read at once."""
    host = Host()
    assert host.feed(b"\x01\x03\xfa") == []
    assert any(isinstance(item, ProtocolError) for item in host.end())
    assert host.feed(GOOD.encode()) == [GOOD]


def test_a_refusal_says_why_and_registers_say_what() -> None:
    assert Refused(1, 16, 2).reason == "illegal data address"
    assert WriteMany(1, 0, "请A001号".encode("gbk")).text == "请A001号"
    assert Registers(1, b"\xff\xff").text is None


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["id"])
def test_pymodbus_reads_every_vector(vector: dict[str, Any]) -> None:
    pytest.importorskip("pymodbus", reason="pymodbus, the independent witness, is not installed")
    from pymodbus.framer import FramerRTU
    from pymodbus.pdu import DecodePDU

    data = bytes.fromhex(vector["hex"])
    from_host = vector["from"] == "host"
    ours: Any
    pdu: Any
    used, pdu = FramerRTU(DecodePDU(from_host)).handleFrame(data, 0, 0)
    [ours] = (Device() if from_host else Host()).feed(data)
    assert (used, pdu.dev_id, bytes(FramerRTU(DecodePDU(from_host)).buildFrame(pdu))) == (len(data), ours.unit, data)
    if isinstance(ours, WriteMany | Registers):
        assert b"".join(word.to_bytes(2, "big") for word in pdu.registers) == ours.data
    assert isinstance(ours, Refused) == pdu.isError()
    assert modbus_text.readable(b"A012\0\0") == "A012"
