"""The pad's protocol: vectors, a second decoder, resynchronising, hostile bytes, what must never be seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import firmware_protocols
import firmware_protocols.eval_pad as pad
from firmware_protocols import PROTOCOLS, ProtocolError, to_json
from firmware_protocols.eval_pad_fields import (
    FRAME_LIMIT,
    Counted,
    Fields,
    Group,
    Kind,
    Many,
    Number,
    Text,
    frame,
    layout,
)
from firmware_protocols.eval_pad_messages import FROM_HUB, FROM_PAD

ROOM = Path(firmware_protocols.__file__).parent
VECTORS: list[dict[str, Any]] = json.loads((ROOM / "vectors" / "eval-pad.json").read_text("utf-8"))["vectors"]
BY_ID = {vector["id"].removeprefix("eval-pad-"): bytes.fromhex(vector["hex"]) for vector in VECTORS}
PIN = "246810"


def decoder(sender: str) -> pad.Host | pad.Device:
    return pad.Device() if sender == "host" else pad.Host()


def decode(sender: str, data: bytes) -> list[Any]:
    stream = decoder(sender)
    return [*stream.feed(data), *stream.end()]


def stream_of(sender: str) -> bytes:
    return b"".join(bytes.fromhex(vector["hex"]) for vector in VECTORS if vector["from"] == sender)


def plain(items: list[Any]) -> list[Any]:
    return [str(item) if isinstance(item, ProtocolError) else item for item in items]


# vectors


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["id"]))
def test_a_vector_is_one_message_and_comes_back_byte_for_byte(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    (message,) = decode(vector["from"], data)
    assert message.encode() == data
    assert json.loads(json.dumps(to_json(message)))["message"] == type(message).__name__


def test_the_vectors_hold_every_message() -> None:
    found = {type(message) for vector in VECTORS for message in decode(vector["from"], bytes.fromhex(vector["hex"]))}
    assert found == {*FROM_PAD.values(), *FROM_HUB.values(), pad.Unknown}


@pytest.mark.parametrize("sender", ["host", "device"])
def test_byte_at_a_time_gives_the_same(sender: str) -> None:
    stream, data = decoder(sender), stream_of(sender)
    assert [item for byte in data for item in stream.feed(bytes([byte]))] == decode(sender, data)


def test_the_codec_is_in_the_table_of_protocols() -> None:
    assert isinstance(PROTOCOLS["eval-pad"].Host(), pad.Host)
    assert isinstance(PROTOCOLS["eval-pad"].Device(), pad.Device)


# a second decoder, written from the specification alone


def crc16(data: bytes) -> int:
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def unescaped(wire: bytes) -> bytes:
    assert wire[0] == 0x02
    assert wire[-1] == 0x03
    out, escape = bytearray(), False
    for byte in wire[1:-1]:
        if byte == 0x10:
            escape = True
        else:
            out.append(byte ^ 0x40 if escape else byte)
            escape = False
    return bytes(out)


def test_crc_has_the_published_check_value() -> None:
    assert crc16(b"123456789") == 0x29B1


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["id"]))
def test_the_second_decoder_agrees_on_frame_and_crc(vector: dict[str, Any]) -> None:
    content = unescaped(bytes.fromhex(vector["hex"]))
    assert crc16(content) == 0
    assert frame(content[0], content[1:-2]).hex(" ").upper() == vector["hex"]


def test_a_rating_lies_on_the_wire_as_the_page_says() -> None:
    content = unescaped(BY_ID["rating-bad"])
    assert content[:-2] == bytes.fromhex("07 00000002 0A") + b"Qm9Xr2LkTf" + bytes.fromhex("02 0000003C 01 00 00")
    rating = pad.Rating(2, "Qm9Xr2LkTf", 2, 60, pad.RatingFlag.TOUCHED)
    assert decode("device", BY_ID["rating-bad"]) == [rating]


def test_a_key_lies_on_the_wire_as_the_page_says() -> None:
    content = unescaped(BY_ID["key-transfer"])
    assert content[:-2] == bytes.fromhex("04 00000005 00000067 00C8 09 00 01 35 01 0000")


# resynchronising


@pytest.mark.parametrize(
    ("garbage", "why"),
    [
        (b"\x00\xff garbage", "stray"),
        (b"\x02\x04\x00\x00", "cut short"),
        (b"\x02\x03", "CRC"),
        (b"\x02\x83\x00\x00\x00\x09\x00\x00\x03", "CRC"),
        (b"\x02\x83\x11\x03", "bare"),
        (b"\x02\x83\x10\x41\x03", "escape"),
        (b"\x02\x83\x10\x03", "escape"),
        (b"\x02" + b"A" * FRAME_LIMIT + b"A\x03", "too long"),
        (b"\x02" + b"A" * 5000, "too long"),
        (pad.PadBeat(1, 0, 0).encode(), "other direction"),
        (frame(0x83, b"\x00\x00"), "ends inside a field"),
        (frame(0x85, b"\x00\x00\x00\x01\x00\x00\x00\x02\xc3\x28"), "UTF-8"),
        (frame(0x85, b"\x00\x00\x00\x01\x00\x00\x00\x01\x0a"), "control"),
        (frame(0x85, b"\x00\x00\x00\x01\x00\x00\x00\x7bA" + b"A" * 122), "longer"),
        (frame(0x84, b"\x00\x00\x00\x01\x00\x05\x01"), "ends inside a field"),
    ],
)
def test_after_garbage_the_next_frame_is_understood(garbage: bytes, why: str) -> None:
    beat = pad.HubBeat(9)
    items = decode("host", beat.encode() + garbage + beat.encode())
    assert (items[0], items[-1]) == (beat, beat)
    assert [type(item) for item in items[1:-1]] == [ProtocolError]
    assert why in str(items[1])


def test_the_end_of_the_stream_inside_a_frame_is_an_error() -> None:
    stream = pad.Device()
    assert stream.feed(BY_ID["screen-called"][:-1]) == []
    assert [str(item) for item in stream.end()] == ["the stream ends inside a frame"]
    assert stream.end() == []


def test_a_longest_frame_of_nothing_but_escapes_is_taken() -> None:
    wire = frame(0xC5, b"\x02" * (FRAME_LIMIT - 3))
    assert len(wire) > 2000
    assert decode("host", wire) == [pad.Unknown(0xC5, b"\x02" * (FRAME_LIMIT - 3))]
    with pytest.raises(ValueError, match="1024"):
        frame(0xC5, b"A" * (FRAME_LIMIT - 2))


def test_what_a_later_specification_appends_is_kept() -> None:
    assert decode("host", BY_ID["appended"]) == [pad.HubBeat(9, extra=b"\x01\xaa")]
    side = pad.CitizenSide(pad.CitizenKind.IDLE, extra=b"\x07new")
    screen = pad.Screen(1, side, pad.ClerkSide(5, 99, verbs=1 << 31, extra=b"\x00"), extra=b"x")
    assert decode("host", screen.encode()) == [screen]


# hostile bytes


@st.composite
def cut(draw: st.DrawFn, data: bytes) -> list[bytes]:
    places = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]


def frames() -> st.SearchStrategy[bytes]:
    types = st.sampled_from([*FROM_PAD, *FROM_HUB, 0x7F, 0xC5])
    return st.builds(frame, types, st.binary(max_size=120))


def hostile() -> st.SearchStrategy[bytes]:
    good = st.sampled_from([bytes.fromhex(vector["hex"]) for vector in VECTORS])
    marks = st.text("\x02\x03\x10\x11\x42A", max_size=30).map(str.encode)
    return st.lists(st.one_of(st.binary(max_size=40), good, frames(), marks), max_size=8).map(b"".join)


@given(st.data(), hostile(), st.sampled_from(["host", "device"]))
def test_hostile_bytes_give_messages_or_errors_however_they_are_cut(
    data: st.DataObject, raw: bytes, sender: str
) -> None:
    stream = decoder(sender)
    items: list[Any] = [item for chunk in data.draw(cut(raw)) for item in stream.feed(chunk)]
    assert plain([*items, *stream.end()]) == plain(decode(sender, raw))
    for item in items:
        assert isinstance(item, ProtocolError) or (item.encode() in raw and json.dumps(to_json(item)))


@given(hostile())
def test_the_buffer_is_bounded_and_a_good_frame_always_gets_through(raw: bytes) -> None:
    stream = pad.Host()
    for _ in range(4):
        stream.feed(raw.replace(b"\x03", b"") * 8)
        assert len(stream._buffer) <= 2 * FRAME_LIMIT + 2
    assert stream.feed(BY_ID["key-undo"])[-1:] == decode("device", BY_ID["key-undo"])


def values(kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case Number(size=size):
            return st.integers(0, 256**size - 1)
        case Text(limit=limit):
            return st.text(max_size=60).map(lambda text: pad.fit(text, limit))
        case Many(kind=inner):
            return st.lists(values(inner), max_size=3).map(tuple)
        case Group(fields=cls) | Counted(fields=cls):
            return instances(cls)
    raise AssertionError(kind)


def instances(cls: type[Fields]) -> st.SearchStrategy[Any]:
    return st.builds(cls, **{name: values(kind) for name, kind in layout(cls)})


@given(st.one_of(*(instances(cls) for cls in (*FROM_PAD.values(), *FROM_HUB.values()))))
def test_every_message_survives_the_wire(message: pad.Message) -> None:
    assert decode("host" if message.type >= 0x80 else "device", message.encode()) == [message]


# what must never be seen


def test_a_pin_is_seen_nowhere() -> None:
    message = pad.SignIn(1, 0, "0017", PIN)
    wire = message.encode()
    broken = [wire[:-4] + b"\x00\x00\x00\x03", wire[:-1], wire[:-3], wire[1:], frame(0x05, unescaped(wire)[1:-3])]
    seen = [repr(message), str(to_json(message)), *(str(item) for data in broken for item in decode("device", data))]
    assert decode("device", wire) == [message]
    assert not [text for text in seen if PIN in text or PIN.encode().hex(" ").upper() in text]


def test_the_clerk_sees_the_same_for_every_level() -> None:
    names = {name for name, _ in layout(pad.ClerkSide)}
    assert not names & {"level", "token", "seconds", "rating", "reasons"}


# bounds


def longest(cls: type[Fields]) -> dict[str, Any]:
    return {name: "x" * kind.limit if isinstance(kind, Text) else 1 for name, kind in layout(cls)}


def test_the_longest_screen_fits_a_frame() -> None:
    screen = pad.Screen(1, pad.CitizenSide(**longest(pad.CitizenSide)), pad.ClerkSide(**longest(pad.ClerkSide)))
    assert decode("host", screen.encode()) == [screen]


def test_the_longest_rating_fits_a_frame() -> None:
    rating = pad.Rating(1, "t" * 48, 1, 0, pad.RatingFlag(0), ("r" * 40,) * 8, "c" * 240)
    assert decode("device", rating.encode()) == [rating]


@pytest.mark.parametrize("text", ["x" * 121, "好" * 41, "a\nb", "\x7f"])
def test_a_text_that_a_pad_cannot_take_is_not_sent(text: str) -> None:
    with pytest.raises(ValueError, match="text"):
        pad.KeyResult(1, pad.Code.OTHER, 0, text).encode()
    fitted = pad.KeyResult(1, pad.Code.OTHER, 0, pad.fit(text, 120))
    assert decode("host", fitted.encode()) == [fitted]


def test_fit_never_cuts_a_character() -> None:
    assert pad.fit("好好好", 8) == "好好"
    assert pad.fit("a\nb", 8) == "a b"


def test_a_long_list_goes_in_parts() -> None:
    items = [
        pad.Choice(f"service-{n}", "企业职工基本养老保险关系转移接续", "Transfer of a pension", n) for n in range(40)
    ]
    parts = pad.choices(pad.ListId.SERVICES, 3, items)
    heard = [message for part in parts for message in decode("host", part.encode())]
    assert [(part.part, part.parts) for part in heard] == [(n + 1, len(parts)) for n in range(len(parts))]
    assert [item for part in heard for item in part.items] == items
    assert pad.choices(pad.ListId.PARKED, 3, []) == [pad.Choices(pad.ListId.PARKED, 3, 1, 1, ())]


def test_a_refusal_code_of_the_hub_has_its_number() -> None:
    assert pad.Code.of("nobody_waiting") is pad.Code.NOBODY_WAITING
    assert pad.Code.of("invented_later") is pad.Code.OTHER


def test_verbs_and_bits_go_both_ways() -> None:
    verbs = (pad.Verb.CALL_NEXT, pad.Verb.HELP, pad.Verb.SIGN_IN)
    assert pad.ClerkSide(1, 1, verbs=pad.verb_bits(verbs)).allowed == verbs
