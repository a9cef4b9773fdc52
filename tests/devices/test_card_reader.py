"""ID-card readers: each card once, lifted before the next; nothing of a person in a log, a trace or a photo."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from firmware_protocols import id_card
from firmware_protocols.id_card import CardData
from firmware_protocols.id_card_text import Card, Foreigner2017
from hallq.devices import inputs
from hallq.devices.drivers.id_card import WithoutPictures, with_baud
from hallq.devices.simulators.card_reader import PHOTO, SimCardReader, person
from hallq.devices.simulators.host import SimHost
from tests.devices.rig import Rig, until

ZHANG = person("张建国", "19491231")
LI = person("李小梅", "19990102", 2)


def reader_on(rig: Rig, transport: str) -> tuple[SimHost, SimCardReader]:
    host = rig.device("idcard-sam", transport, id="reader")
    assert isinstance(host.device, SimCardReader)
    return host, host.device


async def swap(reader: SimCardReader, card: Card) -> None:
    """Nobody is quicker than two looks of the hub."""
    reader.lift()
    seen = reader.looks
    await until(lambda: reader.looks > seen)
    reader.put(card)


def read(rig: Rig) -> list[Any]:
    return [what for what in rig.events.inputs if isinstance(what, inputs.CardRead | inputs.CardUnread)]


async def test_each_card_is_read_once_until_it_is_lifted(rig: Rig, transport: str) -> None:
    _, reader = reader_on(rig, transport)
    fleet = await rig.start()
    await rig.up("reader")
    assert fleet.health()["reader"].detail == {"sam": "05.01-20200315-0001234567-0987654321"}
    reader.put(ZHANG)
    await until(lambda: len(read(rig)) == 1)
    assert read(rig)[0] == inputs.CardRead(ZHANG.number, "张建国", "19491231", "citizen")
    await swap(reader, LI)
    await until(lambda: len(read(rig)) == 2)
    assert (read(rig)[1].name, reader.reads) == ("李小梅", 2)


async def test_a_reader_that_finds_the_same_card_again_and_again_is_not_believed(rig: Rig) -> None:
    _, reader = reader_on(rig, "tcp")
    find = reader._find

    def found_again() -> Any:
        reader._read = False
        return find()

    reader._find = found_again  # type: ignore[method-assign]
    await rig.start()
    reader.put(ZHANG)
    await until(lambda: reader.looks > 5)
    assert reader.reads == len(read(rig)) == 1


@pytest.mark.parametrize("fault", ["unplug", "mute", "garble", "delay", "bytewise", "garbage"])
async def test_it_reads_again_after_a_fault(rig: Rig, transport: str, fault: str) -> None:
    host, reader = reader_on(rig, transport)
    await rig.start()
    await rig.up("reader")
    host.fault(fault, True)
    reader.put(ZHANG)
    if fault in ("delay", "bytewise", "garbage"):
        await until(lambda: read(rig))
    host.fault(fault, False)
    await swap(reader, LI)
    await until(lambda: any(getattr(what, "name", "") == "李小梅" for what in read(rig)))


@pytest.mark.parametrize(("fault", "why"), [("wrong_card", "wrong card"), ("read_failed", "read failed")])
async def test_a_card_that_cannot_be_read_is_told_once(rig: Rig, fault: str, why: str) -> None:
    host, reader = reader_on(rig, "tcp")
    host.fault(fault, True)
    await rig.start()
    await rig.up("reader")
    reader.put(ZHANG)
    await until(lambda: read(rig))
    assert read(rig) == [inputs.CardUnread(why)]
    host.fault(fault, False)
    await swap(reader, LI)
    await until(lambda: len(read(rig)) == 2)


async def test_a_number_with_a_wrong_check_digit_is_nobody(rig: Rig) -> None:
    _, reader = reader_on(rig, "tcp")
    await rig.start()
    wrong = ZHANG.number[:-1] + ("0" if ZHANG.number[-1] != "0" else "1")
    reader.put(type(ZHANG)(name="张建国", birth="19491231", number=wrong))
    await until(lambda: read(rig))
    assert read(rig) == [inputs.CardUnread("check digit")]
    await swap(reader, Foreigner2017(english_name="SMITH, JOHN", number="XYZ990070010112", birth="19700101"))
    await until(lambda: len(read(rig)) == 2)
    assert (read(rig)[1].name, read(rig)[1].kind) == ("SMITH, JOHN", "foreigner")


async def test_a_module_in_trouble_is_a_fault(rig: Rig) -> None:
    host, _ = reader_on(rig, "tcp")
    fleet = await rig.start()
    await rig.up("reader")
    host.fault("unauthorised", True)
    await rig.state("reader", "fault")
    assert fleet.health()["reader"].error == "not authorised"
    host.fault("unauthorised", False)
    await rig.up("reader")


@pytest.mark.parametrize("fault", ["", "garble", "unplug"])
async def test_no_log_and_no_trace_tells_of_a_person(
    rig: Rig, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    caplog.set_level(logging.DEBUG)
    host, reader = reader_on(rig, "tcp")
    fleet = await rig.start()
    await rig.up("reader")
    if fault:
        host.fault(fault, True)
    reader.put(ZHANG)
    await until(lambda: read(rig) if not fault else fleet.health()["reader"].state != "up" or read(rig))
    raw = "张建国".encode("utf-16-le").hex(" ").upper()
    traced = "\n".join(str(frame) + frame.words for frame in fleet.frames("reader"))
    for said in (caplog.text, repr(rig.events.inputs), str(fleet.health()), traced):
        assert "张建国" not in said
        assert ZHANG.number not in said
        assert raw not in said


def test_the_photo_ends_at_the_edge() -> None:
    whole = CardData(ZHANG, PHOTO, b"\x01" * 512)
    [heard] = WithoutPictures().feed(whole.encode())
    assert (heard.card, heard.photo, heard.fingerprint) == (ZHANG, bytes(1024), bytes(512))
    assert len(heard.encode()) == len(whole.encode()) == 1809


def test_the_baud_is_the_readers_where_the_link_names_none() -> None:
    assert with_baud("serial:/dev/ttyUSB0") == "serial:/dev/ttyUSB0?baud=115200"
    assert with_baud("serial:/dev/ttyUSB0?parity=N") == "serial:/dev/ttyUSB0?parity=N&baud=115200"
    assert with_baud("serial:/dev/ttyUSB0?baud=9600") == "serial:/dev/ttyUSB0?baud=9600"
    assert with_baud("tcp://host:1") == "tcp://host:1"


def test_half_a_card_is_quoted_nowhere() -> None:
    half = CardData(ZHANG, PHOTO).encode()[:60]
    for stream in (id_card.Host(), id_card.Host()):
        errors = stream.feed(half) + stream.end()
        assert [str(error) for error in errors] == ["incomplete frame"]
        wrong = half[:40] + bytes(1255)
        assert all("5F" not in str(error) for error in stream.feed(wrong) + stream.end())
