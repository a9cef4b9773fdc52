"""Every published frame, both ways: decoded in the role of its receiver, encoded again, byte for byte.
A vector's meaning is checked where another decoder could not know it (test_escpos, test_onbon, test_speech)."""

import json
from pathlib import Path
from typing import Any

import pytest

import firmware_protocols
from firmware_protocols import PROTOCOLS, ProtocolError, to_json
from firmware_protocols.__main__ import main

FILES = sorted(Path(firmware_protocols.__file__).parent.glob("vectors/*.json"))
VECTORS = [vector for file in FILES for vector in json.loads(file.read_text("utf-8"))["vectors"]]
STREAMS = [vector for vector in VECTORS if not vector.get("partial")]


def decoder(vector: dict[str, Any]) -> Any:
    codec = PROTOCOLS[vector["protocol"]]
    return codec.Device() if vector["from"] == "host" else codec.Host()


def test_each_protocol_has_vectors_and_a_page() -> None:
    assert {file.stem for file in FILES} == set(PROTOCOLS)
    specs = {file.stem for file in FILES[0].parent.parent.glob("specs/*.md")}
    assert specs == set(PROTOCOLS)


def test_each_vector_has_its_own_name_and_a_source() -> None:
    names = [vector["id"] for vector in VECTORS]
    assert len(names) == len(set(names))
    assert all(vector["source"] and vector["meaning"] for vector in VECTORS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_check(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    total = len(json.loads(file.read_text("utf-8"))["vectors"])
    assert main(["check", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{total} passed, 0 failed, 0 skipped"


@pytest.mark.parametrize("vector", STREAMS, ids=lambda vector: vector["id"])
def test_byte_at_a_time(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    whole, slow = decoder(vector), decoder(vector)
    items = whole.feed(data) + whole.end()
    assert [item for byte in data for item in slow.feed(bytes([byte]))] + slow.end() == items
    assert not any(isinstance(item, ProtocolError) for item in items)
    assert b"".join(item.encode() for item in items) == data
    assert all(json.dumps(to_json(item), ensure_ascii=False) for item in items)


@pytest.mark.parametrize("vector", STREAMS, ids=lambda vector: vector["id"])
def test_every_cut_off_vector_says_so_or_is_whole_messages(vector: dict[str, Any]) -> None:
    """A beginning of a frame is never taken for a whole one unless its bytes are one (text, a shorter sequence)."""
    data = bytes.fromhex(vector["hex"])
    for size in range(1, min(len(data), 64)):
        cut = decoder(vector)
        items = cut.feed(data[:size]) + cut.end()
        errors = [item for item in items if isinstance(item, ProtocolError)]
        assert errors or b"".join(item.encode() for item in items) == data[:size]
