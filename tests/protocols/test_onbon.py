"""BX-K: wrapper, escapes and checks, text areas both ways, a host and a card talking through bytes alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import ProtocolError, onbon_bxk
from firmware_protocols.framing import crc16
from firmware_protocols.onbon_area import Sound

BYTE = st.integers(0, 255)
WORD = st.integers(0, 0xFFFF)


def received(data: bytes) -> list[Any]:
    device = onbon_bxk.Device()
    return device.feed(data) + device.end()


HEADERS = st.builds(
    onbon_bxk.Header,
    destination=WORD,
    source=WORD,
    reserved=st.binary(min_size=3, max_size=3),
    option=BYTE.map(lambda value: value & 0xFE),
    check_mode=st.integers(0, 1),
    display_mode=BYTE,
    device_type=BYTE,
    version=BYTE,
    lead=st.integers(1, 20),
)
SOUNDS = st.none() | st.builds(Sound, BYTE, BYTE, BYTE, st.none() | st.binary(max_size=20))
AREAS = st.builds(
    onbon_bxk.TextArea,
    x=WORD,
    y=WORD,
    width=WORD,
    height=WORD,
    id=BYTE,
    timeout=WORD,
    sound=SOUNDS,
    extension=st.binary(max_size=4),
    align=BYTE,
    display=BYTE,
    data=st.binary(max_size=80),
)
MESSAGES = st.one_of(
    st.builds(onbon_bxk.Ping, header=HEADERS, response=BYTE, reserved=st.binary(min_size=2, max_size=2)),
    st.builds(onbon_bxk.Screen, BYTE, header=HEADERS),
    st.builds(onbon_bxk.Nack, BYTE, header=HEADERS),
    st.builds(onbon_bxk.Command, st.integers(0xB0, 0xFF), BYTE, st.binary(max_size=200), header=HEADERS),
    st.builds(
        onbon_bxk.TextAreas,
        st.none() | st.binary(max_size=10),
        st.lists(AREAS, max_size=3).map(tuple),
        header=HEADERS,
    ),
)


@given(MESSAGES)
def test_any_message_comes_back(message: onbon_bxk.Message) -> None:
    assert received(message.encode()) == [message]


def test_host_and_card_talk() -> None:
    """The card answers from its own address; a refusal names its reason."""
    request = onbon_bxk.text("请A001号", width=96, height=16, address=5)
    (seen,) = received(request.encode())
    assert seen == request
    host = onbon_bxk.Host()
    (ack,) = host.feed(onbon_bxk.answer(seen, onbon_bxk.Ack()).encode())
    assert isinstance(ack, onbon_bxk.Ack)
    assert (ack.header.source, ack.header.destination, ack.error) == (5, 0x8000, "ok")
    (nack,) = host.feed(onbon_bxk.answer(seen, onbon_bxk.Nack(0x0C)).encode())
    assert isinstance(nack, onbon_bxk.Nack)
    assert nack.error == "font missing"


def test_a_broadcast_is_answered_from_the_card_s_own_address() -> None:
    everyone = onbon_bxk.Ping(header=onbon_bxk.Header(destination=0xFFFE))
    assert onbon_bxk.answer(everyone, onbon_bxk.Ack(), address=7).header.source == 7


def test_crc_of_the_published_check_word() -> None:
    assert crc16(b"123456789") == 0xBB3D


def test_one_line() -> None:
    message = onbon_bxk.text("请A001号到3号窗口", width=96, height=16, colour="green")
    (area,) = message.areas
    assert isinstance(area, onbon_bxk.TextArea)
    assert area.text == r"\C2请A001号到3号窗口"
    assert (area.width, area.height, area.single_line, area.display) == (96, 16, 1, 1)
    assert message.delete is None


def test_several_lines_are_pages_unless_they_scroll() -> None:
    lines = "暂停服务\n请稍候"
    paged, scrolling = (onbon_bxk.text(lines, width=96, height=16, scroll=on).areas[0] for on in (False, True))
    assert isinstance(paged, onbon_bxk.TextArea)
    assert isinstance(scrolling, onbon_bxk.TextArea)
    assert (paged.text, paged.single_line, paged.display) == (r"\C1暂停服务\n请稍候", 2, 2)
    assert (scrolling.text, scrolling.single_line, scrolling.display) == (r"\C1暂停服务 请稍候", 1, 3)


def test_what_the_card_would_read_as_a_mark_or_cannot_show() -> None:
    (area,) = onbon_bxk.text(r"a\C3𠮷", width=96, height=16).areas
    assert isinstance(area, onbon_bxk.TextArea)
    assert area.text == r"\C1a＼C3〓"


@given(st.text(max_size=3000), st.booleans())
def test_any_text_fits_the_card_s_buffer(text: str, scroll: bool) -> None:
    message = onbon_bxk.text(text, width=0x5A5A, height=0xA5A5, scroll=scroll)
    data = message.encode()
    assert len(data) < 1024
    assert received(data) == [message]
    (area,) = message.areas
    assert area.data.decode("gbk").startswith(r"\C1")


def test_a_text_of_escapes_alone_fits() -> None:
    data = onbon_bxk.text("Z[" * 2000, width=0x5A5A, height=0xA5A5, address=0xA5A5).encode()
    assert 900 < len(data) < 1024


PING = onbon_bxk.Ping().encode()


@pytest.mark.parametrize(
    "data",
    [
        PING[:-3] + bytes([PING[-3] ^ 1]) + PING[-2:],  # check
        PING[:-1],  # no end
        PING[:12] + b"\x5a",  # header cut off
        PING[:20] + b"\x06" + PING[21:],  # length
        PING[:8] + b"\xa6\x09" + PING[9:],  # escape
        PING[:16] + b"\x07" + PING[17:],  # check mode
    ],
)
def test_broken_frames_are_errors_and_the_next_one_is_found(data: bytes) -> None:
    items = received(data + PING)
    assert isinstance(items[0], ProtocolError)
    assert items[-1] == onbon_bxk.Ping()


def test_an_area_of_another_form_is_kept_raw() -> None:
    message = onbon_bxk.TextAreas(b"", (onbon_bxk.RawArea(b"new form"),))
    assert received(message.encode()) == [message]


def test_a_payload_of_another_form_is_kept_raw() -> None:
    clock = onbon_bxk.Command(0xA2, 0x03, b"\xff" * 8)
    assert received(clock.encode()) == [clock]
    assert received(onbon_bxk.Command(0xA3, 0x06, b"\x00\x09").encode()) == [onbon_bxk.Command(0xA3, 0x06, b"\x00\x09")]


def test_clock() -> None:
    clock = onbon_bxk.SetClock(2026, 11, 21, 9, 30, 5, 6)
    assert clock.payload() == bytes.fromhex("26 20 11 21 09 30 05 06")
    assert received(clock.encode()) == [clock]
