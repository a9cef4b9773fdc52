"""Wires: questions get their own answers, garbage is counted, logs are worded only when somebody reads them."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator

import pytest

from firmware_protocols import speech_chip
from firmware_protocols.speech_chip import ACCEPTED, IDLE, Status, StatusQuery
from hallq.devices import traffic
from hallq.devices import wire as wires
from hallq.devices.bus import Bus
from hallq.devices.links import LinkLost, over_socket
from hallq.devices.wire import Wire
from tests.devices.rig import until

ASK = StatusQuery("syn6658")


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield ours, theirs
    theirs.close()


@pytest.fixture
async def wire(ends: tuple[socket.socket, socket.socket]) -> Wire:
    return Wire(Bus(over_socket(ends[0]), speech_chip.Host("syn6658")), name="chip")


async def answered(theirs: socket.socket, *pieces: bytes) -> None:
    """Each question is answered with the next piece."""
    loop = asyncio.get_running_loop()
    theirs.setblocking(False)
    for piece in pieces:
        await loop.sock_recv(theirs, 100)
        await loop.sock_sendall(theirs, piece)


async def test_the_answer_that_fits_is_taken(ends: tuple[socket.socket, socket.socket], wire: Wire) -> None:
    asked = asyncio.create_task(wire.ask(ASK, lambda found: found == IDLE, seconds=5))
    await answered(ends[1], b"\x41\x4f")
    assert await asked == IDLE
    assert wire.round_trip_ms is not None
    wire.close()


async def test_a_question_without_an_answer_is_asked_again_and_then_lost(
    ends: tuple[socket.socket, socket.socket], wire: Wire
) -> None:
    asked = asyncio.create_task(wire.ask(ASK, Status, seconds=0.05))
    await answered(ends[1], b"", b"\x4f")
    assert await asked == IDLE
    with pytest.raises(LinkLost, match="does not answer"):
        await wire.ask(ASK, Status, seconds=0.05)
    wire.close()


async def test_an_answer_of_before_is_not_taken_for_the_next(
    ends: tuple[socket.socket, socket.socket], wire: Wire
) -> None:
    ends[1].send(b"\x41")
    await until(lambda: wire.heard_at and wire._unread)
    asked = asyncio.create_task(wire.ask(ASK, Status, seconds=5))
    await answered(ends[1], b"\x4f")
    assert await asked == IDLE
    wire.close()


async def test_garbage_is_counted_and_left_behind(ends: tuple[socket.socket, socket.socket], wire: Wire) -> None:
    ends[1].send(b"\x00\x01\x41")
    assert await wire.receive(5) == ACCEPTED
    assert wire.bad_frames == 1
    wire.close()


async def test_whoever_waits_hears_of_the_loss(ends: tuple[socket.socket, socket.socket], wire: Wire) -> None:
    told: list[bool] = []
    wire.on_lost(lambda: told.append(True))
    waiting = asyncio.create_task(wire.receive())
    await asyncio.sleep(0)
    ends[1].close()
    with pytest.raises(LinkLost):
        await waiting
    with pytest.raises(LinkLost):
        await wire.send(ASK)
    assert told == [True]


async def test_a_flood_is_bounded(ends: tuple[socket.socket, socket.socket], wire: Wire) -> None:
    for _ in range(20):
        ends[1].send(b"\x41" * 1000)
        await asyncio.sleep(0)
    await until(lambda: len(wire._unread) == wires.MOST_UNREAD)
    wire.close()


async def test_frames_are_worded_only_for_a_log_that_wants_them(
    ends: tuple[socket.socket, socket.socket], wire: Wire, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG, "hallq.wire")
    await wire.send(ASK)
    assert "StatusQuery" in caplog.text
    caplog.set_level(logging.INFO, "hallq.wire")
    monkeypatch.setattr(traffic, "to_json", lambda _: pytest.fail("worded for nobody"))
    await wire.send(ASK)
    wire.close()
