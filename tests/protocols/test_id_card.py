"""ID-card readers: sizes of all replies, layouts by letter, check digits; no error quotes what a card says."""

from __future__ import annotations

import pytest

from firmware_protocols import ProtocolError, to_json
from firmware_protocols.id_card import BAUDS, FIND, READ, CardData, Command, Device, Host, Reply, baud, sam_number
from firmware_protocols.id_card_text import Citizen, RawCard, check_digit, checks, decode_text

PHOTO = bytes(range(256)) * 4
ZHANG = Citizen(name="张建国", sex="1", birth="19491231", number="990000194912310015", until="长期")


@pytest.mark.parametrize(("prints", "size"), [(None, 1295), (b"", 1297), (bytes(512), 1809), (bytes(1024), 2321)])
def test_the_sizes_of_a_cards_data(prints: bytes | None, size: int) -> None:
    data = CardData(ZHANG, PHOTO, prints)
    assert len(data.encode()) == size
    stray = b"\xaa\x00\xaa"  # an AA too many in front of the preamble too
    [error, heard] = Host().feed(stray + data.encode())
    assert isinstance(error, ProtocolError)
    assert heard == data
    assert isinstance(heard, CardData)
    assert heard.without_pictures().photo == bytes(1024)


def test_what_the_command_line_shows_has_no_picture() -> None:
    shown = to_json(CardData(ZHANG, PHOTO, bytes(512)))
    assert (shown["photo"], shown["fingerprint"], shown["photo_size"]) == ("****", "****", 1024)
    assert (shown["kind"], shown["card"]["name"], shown["card"]["until"]) == ("citizen", "张建国", "长期")
    assert "张" not in repr(CardData(ZHANG, PHOTO))
    assert "张" not in repr(ZHANG)


def test_a_layout_that_is_not_known_stays_raw() -> None:
    raw = bytearray(ZHANG.encode())
    assert decode_text(bytes(raw)) == ZHANG
    raw[248:250] = b"Q\0"
    assert decode_text(bytes(raw)) == RawCard(bytes(raw))
    raw[248:250], raw[0:2] = b" \0", b"\x00\xd8"  # half of a pair
    assert decode_text(bytes(raw)) == RawCard(bytes(raw))


def test_check_digits() -> None:
    assert check_digit("11010519491231002") == "X"  # the example of the national standard
    assert checks("11010519491231002X")
    assert not checks("110105194912310021")
    assert not checks("11010519491231002x")
    assert not checks("")


def test_no_error_quotes_a_card() -> None:
    raw = CardData(ZHANG, PHOTO).encode()
    wrong = raw[:-1] + bytes([raw[-1] ^ 1])
    for data in (wrong, raw[:100], raw[:5] + b"\xff\xff" + raw[7:]):
        stream = Host()
        errors = [str(item) for item in stream.feed(data) + stream.end() if isinstance(item, ProtocolError)]
        assert errors
        assert not any(ZHANG.number in error or "20 5F" in error for error in errors)


def test_a_wrong_frame_costs_no_frame_behind_it() -> None:
    found = Reply(0x9F, bytes(4))
    cut = CardData(ZHANG, PHOTO).encode()[:-3]
    items = Host().feed(cut + found.encode() * 2)
    assert items[-1] == found


def test_commands_and_the_modules_number() -> None:
    assert Device().feed(FIND.encode() + READ.encode() + baud(38400).encode()) == [FIND, READ, Command(0x60, 2)]
    assert (FIND.name, baud(9600).name, Command(0x77, 0).name) == ("find", "baud 9600", None)
    assert [baud(rate).parameter for rate in BAUDS] == [0, 1, 2, 3, 4]
    assert sam_number(bytes(3)) == "000000"
    assert (Reply(0x90, bytes(70)).private, Reply(0x90, bytes(16)).private) == (True, False)
