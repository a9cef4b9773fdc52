"""The fuzzer of bench/ runs on what is registered, and stops at what is neither a message nor a ProtocolError."""

from __future__ import annotations

import pytest

from bench import fuzz
from firmware_protocols import PROTOCOLS, Codec


@pytest.mark.parametrize("name", sorted(PROTOCOLS))
def test_every_protocol_is_fuzzed(name: str) -> None:
    for sender in fuzz.SENDERS:
        count = fuzz.plain(name, sender, 10_000, seed=1)
        assert count.fed >= 10_000
        assert count.errors


class Bad:
    """Raises at one byte."""

    def feed(self, data: bytes) -> list[object]:
        if b"\x69" in data:
            raise IndexError("list index out of range")
        return []

    def end(self) -> list[object]:
        return []


def test_a_decoder_that_raises_is_found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(PROTOCOLS, "idcard-sam", Codec(Bad, Bad))
    with pytest.raises(IndexError):
        fuzz.plain("idcard-sam", "device", 10_000, seed=1)
    replay = capsys.readouterr().err
    assert replay.startswith("idcard-sam from device, seed 1: ")
    assert b"\x69" in bytes.fromhex(replay.split()[-1])
