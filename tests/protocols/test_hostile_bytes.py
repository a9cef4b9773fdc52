"""Whatever comes in, messages or ProtocolErrors come out: nothing else, the same however it is cut, bounded in memory.
A message that came out of rubbish is still a true message: its bytes give it back."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import firmware_protocols
from firmware_protocols import PROTOCOLS, ProtocolError
from firmware_protocols.escpos_grammar import MAX_BLOCK
from firmware_protocols.framing import Stream
from firmware_protocols.onbon_frame import MAX_FRAME

NAMES = ("escpos", "onbon-bxk", "syn6288", "syn6658", "xfs5152", "modbus-text", "ff68", "evdev-keypad", "idcard-sam")
ROLES = [(name, sender) for name in NAMES for sender in ("host", "device")]
VECTORS = Path(firmware_protocols.__file__).parent / "vectors"


def good_frames(name: str, sender: str) -> list[bytes]:
    vectors = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["vectors"]
    return [bytes.fromhex(v["hex"]) for v in vectors if v["from"] == sender and not v.get("partial")]


def decoder(name: str, sender: str) -> Any:
    return PROTOCOLS[name].Device() if sender == "host" else PROTOCOLS[name].Host()


def mutated(frames: list[bytes]) -> st.SearchStrategy[bytes]:
    """Good frames and rubbish in a row, some bytes changed, some left out."""
    pieces = st.lists(st.sampled_from([f for f in frames if len(f) < 300]) | st.binary(max_size=12), max_size=5)
    changes = st.lists(st.tuples(st.integers(0, 400), st.one_of(st.none(), st.integers(0, 255))), max_size=4)
    return st.builds(changed, pieces.map(b"".join), changes)


def changed(data: bytes, changes: list[tuple[int, int | None]]) -> bytes:
    for at, value in changes:
        if at < len(data):
            data = data[:at] + (b"" if value is None else bytes([value])) + data[at + 1 :]
    return data


def comparable(items: list[Any]) -> list[Any]:
    return [str(item) if isinstance(item, ProtocolError) else item for item in items]


@pytest.mark.parametrize(("name", "sender"), ROLES)
def test_any_bytes_cut_anywhere(name: str, sender: str) -> None:
    @settings(max_examples=150, deadline=None)
    @given(mutated(good_frames(name, sender)), st.lists(st.integers(0, 400), max_size=8))
    def run(data: bytes, cuts: list[int]) -> None:
        whole, pieces = decoder(name, sender), decoder(name, sender)
        items = whole.feed(data) + whole.end()
        edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
        fed = [item for a, b in pairwise(edges) for item in pieces.feed(data[a:b])]
        assert comparable(fed + pieces.end()) == comparable(items)
        for item in items:
            assert isinstance(item, ProtocolError) or again(name, sender, item) in ([item], [])

    run()


def again(name: str, sender: str, message: Any) -> list[Any]:
    """The message decoded from its own bytes; a status request inside a block has none of its own."""
    fresh = decoder(name, sender)
    items = fresh.feed(message.encode()) + fresh.end()
    return [item for item in items if not getattr(item, "inside", False)]


@pytest.mark.parametrize(("name", "sender"), [role for role in ROLES if role[0] != "evdev-keypad"])  # whole events
def test_a_good_frame_behind_rubbish_is_found(name: str, sender: str) -> None:
    frame = good_frames(name, sender)[0]
    stream = decoder(name, sender)
    rubbish = b"\xff" if name == "modbus-text" else b"\x00" if sender == "host" else b"\xfe"  # 00 is a unit: all
    assert isinstance(stream.feed(rubbish)[0], ProtocolError)
    items = stream.feed(frame) + stream.end()
    assert b"".join(item.encode() for item in items) == frame


FLOODS: list[tuple[str, str, bytes, int]] = [
    ("escpos", "host", b"A" * 70_000, 4096),
    ("escpos", "host", b"\x1d\x6b\x00" + b"1" * 70_000, 4096),
    ("escpos", "host", b"\x1d\x38\x4c\xff\xff\x0f\x00" + bytes(MAX_BLOCK + 10), MAX_BLOCK),
    ("escpos", "host", b"\x1d\x38\x4c\xff\xff\xff\xff" + bytes(70_000), 16),
    ("escpos", "host", b"\x1c\x71\xff\xff\xff\xff\xff" + b"A" * 70_000, 4096),
    ("escpos", "device", b"\x5f" + b"A" * 70_000, 300),
    ("onbon-bxk", "host", b"\xa5" * 70_000, MAX_FRAME),
    ("onbon-bxk", "device", b"\xa5" + b"\x01" * 70_000, MAX_FRAME),
    ("syn6288", "host", b"\xfd\x00\xc0" * 20_000, 210),
    ("syn6658", "host", b"\xfd\x10\x02" * 20_000, 4200),
    ("xfs5152", "device", b"\x99" * 70_000, 1),
    ("evdev-keypad", "device", b"\xff" * 20_000, 24),
    ("ff68", "device", b"\xff\x68\x08\x08\x68" * 10_000, 15),
    ("ff68", "host", b"\xff\x68" * 10_000, 15),
    ("idcard-sam", "device", b"\xaa\xaa\xaa\x96\x69\x09\xff" * 2_000, 2567),
    ("modbus-text", "host", b"\x01\x10\x00\x00\x00\x7b\xf6" * 3_000, 256),
    ("modbus-text", "device", b"\x01\x03\xfa" * 7_000, 256),
]


@pytest.mark.parametrize(("name", "sender", "data", "limit"), FLOODS, ids=lambda value: str(value)[:12])
def test_memory_is_bounded(name: str, sender: str, data: bytes, limit: int) -> None:
    stream = decoder(name, sender)
    assert isinstance(stream, Stream)
    for at in range(0, len(data), 64):
        stream.feed(data[at : at + 64])
        assert len(stream._buffer) <= limit


def test_a_flood_of_strays_is_one_error() -> None:
    """A noisy line must not fill a log: the run is told once, and once more behind the next good message."""
    stream = PROTOCOLS["syn6288"].Host()
    assert len(stream.feed(b"\x99" * 1000)) == 1
    assert [type(item).__name__ for item in stream.feed(b"\x41\x99\x99")] == ["Status", "ProtocolError"]


@pytest.mark.parametrize(("name", "sender"), ROLES)
def test_every_pair_of_bytes(name: str, sender: str) -> None:
    for first in range(256):
        for second in range(0, 256, 5):
            stream = decoder(name, sender)
            stream.feed(bytes([first, second]))
            stream.end()
