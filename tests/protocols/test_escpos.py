"""ESC/POS: a whole slip head to tail, Chinese text, status bits, the real-time requests inside other data."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import ProtocolError, escpos
from firmware_protocols.framing import Message


def printed(data: bytes) -> list[Any]:
    device = escpos.Device()
    return device.feed(data) + device.end()


def said(data: bytes) -> list[Any]:
    host = escpos.Host()
    return host.feed(data) + host.end()


def slip() -> list[Message]:
    return [
        escpos.Initialise(),
        escpos.Align(1),
        escpos.Size.of(8, 8),
        escpos.Text(b"A001"),
        escpos.LineFeed(),
        *escpos.qr("HTTPS://EXAMPLE.INVALID/T/1"),
        escpos.Feed(3),
        escpos.Cut(66, 0),
        escpos.BufferedRequest(1),
    ]


def test_a_slip_head_to_tail() -> None:
    messages = slip()
    assert printed(b"".join(message.encode() for message in messages)) == messages
    assert said(escpos.BufferedReply(0).encode()) == [escpos.BufferedReply(0)]


def test_chinese_line_keeps_the_number_in_one_run_of_ascii() -> None:
    data, replaced = escpos.hanzi_line("请A001号到3号窗口")
    assert data == bytes.fromhex("1C26 C7EB 41303031 BAC5 B5BD 33 BAC5 B4B0 BFDA 0A 1C2E")
    assert replaced == ""
    texts = [item.text for item in printed(data) if isinstance(item, escpos.Text)]
    assert texts == ["请A001号到3号窗口"]


def test_what_no_font_holds_is_replaced_and_reported() -> None:
    data, replaced = escpos.hanzi_line("𠮷é\x1b\n请")
    assert replaced == "𠮷\x1b\n"
    assert printed(data)[1].text == "〓é〓〓请"


@given(st.text(max_size=60))
def test_any_text_stays_one_line(text: str) -> None:
    data, _ = escpos.hanzi_line(text)
    kinds = [type(item).__name__ for item in printed(data)]
    assert kinds == ["HanziOn", *(["Text"] if text else []), "LineFeed", "HanziOff"]


@pytest.mark.parametrize(
    ("n", "value", "names"),
    [
        (1, 0x12, set()),
        (1, 0x1A, {"offline"}),
        (2, 0x16, {"cover_open"}),
        (2, 0x32, {"paper_end"}),
        (2, 0x52, {"error"}),
        (3, 0x1A, {"cutter_error"}),
        (3, 0x32, {"unrecoverable"}),
        (4, 0x1E, {"near_end"}),
        (4, 0x72, {"paper_end"}),
        (4, 0x7E, {"near_end", "paper_end"}),
        (4, 0x16, set()),  # half of a pair says nothing
    ],
)
def test_status_bits(n: int, value: int, names: set[str]) -> None:
    status = escpos.status(n, value)
    assert status == escpos.Status(n, **dict.fromkeys(names, True))
    assert said(bytes([value])) == [escpos.StatusReply(value)]


@pytest.mark.parametrize(("n", "value"), [(1, 0x00), (1, 0x92), (5, 0x12), (0, 0x12)])
def test_no_status(n: int, value: int) -> None:
    with pytest.raises(ProtocolError):
        escpos.status(n, value)


def test_replies_are_told_apart() -> None:
    items = said(bytes.fromhex("12 1E 03 10 00 03 00 0C 3C 00 00 00 13 11 5F 54 4D 00"))
    assert items == [
        escpos.StatusReply(0x12),
        escpos.StatusReply(0x1E),
        escpos.BufferedReply(3),
        escpos.StatusBlock(bytes([0x10, 0, 3, 0])),
        escpos.BufferedReply(0x0C),
        escpos.StatusBlock(bytes([0x3C, 0, 0, 0])),
        escpos.FlowControl(0x13),
        escpos.FlowControl(0x11),
        escpos.InfoBlock(0x5F, b"TM"),
    ]
    assert items[2].near_end
    assert items[4].paper_end
    assert items[3].status.near_end
    assert items[5].status == escpos.Status(0, offline=True, cover_open=True, drawer=True)


def test_a_block_that_is_cut_off_loses_nothing_behind_it() -> None:
    items = said(bytes.fromhex("10 00 12"))
    assert isinstance(items[0], ProtocolError)
    assert items[1] == escpos.StatusReply(0x12)


def test_a_status_request_ends_text_and_is_heard_at_once() -> None:
    device = escpos.Device()
    assert device.feed(b"A0") == []
    assert device.feed(b"\x10\x04\x01") == [escpos.Text(b"A0"), escpos.StatusRequest(1)]
    assert device.feed(b"01\n") == [escpos.Text(b"01"), escpos.LineFeed()]


def test_a_status_request_inside_a_picture_is_heard_before_the_picture_is_there() -> None:
    picture = escpos.Raster(0, 2, 4, b"\x00\x00\x10\x04\x02\x00\x10\x04")
    data = picture.encode()
    device = escpos.Device()
    assert device.feed(data[:-2]) == [escpos.StatusRequest(2, inside=True)]
    items = device.feed(data[-2:])
    assert items == [picture]
    assert b"".join(item.encode() for item in printed(data)) == data


def test_symbols_show_their_text() -> None:
    stored = next(item for item in printed(b"".join(m.encode() for m in escpos.qr("票A001"))) if item.fn == 80)
    assert stored.text == "票A001"
    assert printed(bytes.fromhex("1D6B49067B4241303031")) == [escpos.Barcode(73, b"{BA001")]


@pytest.mark.parametrize("unknown", ["1B 7E", "1D 56 07", "1D 6B 20", "10 14 55", "1C 7A 00", "1B 63 39", "10 99"])
def test_unknown_commands_are_errors_and_the_text_behind_them_is_kept(unknown: str) -> None:
    items = printed(bytes.fromhex(unknown) + b"\nA001\n")
    assert any(isinstance(item, ProtocolError) for item in items)
    assert escpos.Text(b"A001") in items


ESC_NONE = "@2LSimv<"
ESC_ONE = " !-3%=?EGJKMRTUVadertu{"
GS_ONE = "!/BEHITabfhrw"


@pytest.mark.parametrize(
    "data",
    [
        *(b"\x1b" + code.encode() for code in ESC_NONE),
        *(b"\x1b" + code.encode() + b"\x01" for code in ESC_ONE),
        *(b"\x1d" + code.encode() + b"\x01" for code in GS_ONE),
        *(b"\x1bc" + str(n).encode() + b"\x01" for n in range(6)),
        b"\x1bW" + bytes(8),
        b"\x1b&\x03\x41\x42\x02" + bytes(6) + b"\x01" + bytes(3),
        b"\x1cq\x02\x01\x00\x01\x00" + bytes(8) + b"\x01\x00\x02\x00" + bytes(16),
        b"\x1c2\xf8\xa1" + bytes(72),
        b"\x1cg1\x00\x00\x00\x00\x00\x03\x00abc",
        b"\x1d*\x02\x01" + bytes(16),
        b"\x1d(A\x02\x00\x00\x02",
        b"\x1d(H\x06\x00\x30\x300001",
        b"\x1b(Y\x02\x00\x00\x00",
        b"\x1bZ\x00\x02\x00\x04\x00A001",
        b"\x1dC0\x00\x00\x1dC1\x01\x00\x02\x00\x01\x01\x1dC2\x01\x00\x1dC;\x1dc",
        b"\x10\x14\x07\x01\x10\x14\x02\x01\x08",
        b"\x10\x04\x07\x01",
    ],
    ids=lambda data: data.hex()[:12],
)
def test_rare_commands_keep_every_byte(data: bytes) -> None:
    items = printed(data + b"A001\n")
    assert b"".join(item.encode() for item in items) == data + b"A001\n"
    assert items[-2:] == [escpos.Text(b"A001"), escpos.LineFeed()]
