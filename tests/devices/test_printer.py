"""Ticket printers: a slip comes out exactly once, and the hub says of it only what it knows."""

from __future__ import annotations

import asyncio
import base64
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from firmware_protocols import ProtocolError, escpos
from hallq.devices.drivers.escpos_raster import nudged
from hallq.devices.drivers.escpos_slip import Dummy, module_of, rendered
from hallq.devices.simulators.printer import SimPrinter
from hallq.displays.screens import Slip, SlipLine
from tests.devices.rig import SLIP, Rig, until


def slips(printer: Any) -> list[str]:
    """The number on each whole slip: its largest line."""
    return [
        max(slip["lines"], key=lambda line: line["height"])["text"] for slip in printer.state()["slips"] if slip["cut"]
    ]


def slip(number: str) -> Slip:
    return Slip(
        number, (SlipLine("您的号码", align="centre"), SlipLine(number, size=6, bold=True), SlipLine(rule=True))
    )


@pytest.mark.parametrize("fault", ["", "delay", "bytewise"])
async def test_one_slip_per_job_in_order(rig: Rig, transport: str, fault: str) -> None:
    host = rig.device("escpos", transport, id="printer")
    if fault:
        host.fault(fault, True)
    fleet = await rig.start()
    numbers = ["A001", "A002", "A003"]
    outcomes = await asyncio.gather(*(fleet.perform("printer", slip(no), seconds=15) for no in numbers))
    assert outcomes == ["done"] * 3
    assert slips(host.device) == numbers


async def test_the_paper_as_people_read_it(rig: Rig) -> None:
    host = rig.device("escpos", "tcp", id="printer")
    fleet = await rig.start()
    lines = (
        SlipLine("县政务服务中心", align="centre", bold=True),
        SlipLine("A001", size=6, align="centre"),
        SlipLine("社保：，。、“”"),
        SlipLine(qr="https://hall.example/t/1", align="centre"),
        SlipLine(feed=2),
        SlipLine(barcode="A001", height=80, align="centre"),
        SlipLine(cut=True),
        SlipLine("存根"),
    )
    assert await fleet.perform("printer", Slip("A001", lines), seconds=10) == "done"
    first, second = (one["lines"] for one in host.device.state()["slips"])
    assert [line.get("text") or line.get("qr") or line.get("barcode") or line["feed"] for line in first] == [
        "县政务服务中心", "A001", "社保：，。、“”", "https://hall.example/t/1", 2, "A001"]  # fmt: skip
    assert [(line["height"], line["align"]) for line in first[:3]] == [(1, "centre"), (6, "centre"), (1, "left")]
    assert (first[3]["module"], first[5]["dots"]) == (6, 80)
    assert [line["text"] for line in second] == ["存根"]
    assert host.device.state()["wrong_bytes"] == 0


async def test_a_rare_character_and_a_logo_come_as_dots_on_the_whole_width(rig: Rig) -> None:
    host = rig.device("escpos", "tcp", id="printer", columns=32)
    fleet = await rig.start()
    logo = rig.folder / "emblem.png"
    Image.new("RGB", (900, 300), "black").save(logo)
    made = Slip("A001", (SlipLine("李㐂𠮷", size=2, align="centre"), SlipLine(logo=str(logo)), SlipLine("完")))
    assert await fleet.perform("printer", made, seconds=10) == "done"
    *dots, words = host.device.state()["slips"][0]["lines"]
    assert [(line["bytes_across"], line["rows"]) for line in dots] == [(48, 54), (48, 128)]
    assert any(base64.b64decode(dots[0]["raster"])) and set(base64.b64decode(dots[1]["raster"])) == {0xFF}
    assert (words["text"], host.device.state()["wrong_bytes"]) == ("完", 0)
    await asyncio.get_running_loop().shutdown_default_executor()  # its thread ends with the test


@given(
    st.lists(
        st.builds(SlipLine, text=st.text(st.sampled_from("A甲㐂𠮷Ωé—"), max_size=8), size=st.sampled_from([1, 2])),
        max_size=3,
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=60),
    st.sampled_from(["gs", "fs"]),
)
@settings(max_examples=30, deadline=None)
def test_no_bytes_of_a_slip_are_taken_for_a_question(lines: list[SlipLine], code: str, big: str) -> None:
    data = rendered(Slip("A001", (*lines, SlipLine(qr=code), SlipLine(barcode=code[:10]))), 32, big)
    assert not re.search(rb"\x10[\x04\x05\x14]", data)
    decoder = escpos.Device()
    assert not [each for each in (*decoder.feed(data), *decoder.end()) if isinstance(each, ProtocolError)]


def test_dots_that_would_ask_the_printer_are_nudged() -> None:
    assert nudged(bytes([0x10, 0x04, 0x10, 0x10, 0x14, 0x10])) == bytes([0x30, 0x04, 0x10, 0x30, 0x14, 0x10])


def test_a_qr_code_is_never_wider_than_the_paper() -> None:
    assert module_of("https://hall.example/t/abcdefgh", 6, 48) == 6
    assert module_of("x" * 300, 6, 32) == 4 and module_of("x" * 700, 6, 32) == 3


async def test_older_firmware_is_told_the_size_of_hanzi_apart(rig: Rig) -> None:
    host = rig.device("escpos", "tcp", id="printer", big="fs")
    fleet = await rig.start()
    made = Slip("", (SlipLine("请等候", size=2), SlipLine("请")))
    assert await fleet.perform("printer", made, seconds=10) == "done"
    assert [line["hanzi"] for line in host.device.state()["slips"][0]["lines"]] == [2, 1]
    assert b"\x1c!" not in rendered(made, 48)


def test_the_barcode_is_the_same_as_the_librarys(capsys: pytest.CaptureFixture[str]) -> None:
    theirs = Dummy()
    theirs.barcode(
        "{BA001", "CODE128", height=64, width=2, pos="BELOW", align_ct=False, function_type="B", check=False
    )
    capsys.readouterr()
    ours = escpos.Device().feed(rendered(Slip("", (SlipLine(barcode="A001"),)), 48))
    assert [each for each in escpos.Device().feed(theirs.output) if isinstance(each, escpos.Barcode)] == [
        each for each in ours if isinstance(each, escpos.Barcode)
    ]


def test_the_number_is_contiguous_ascii_and_hanzi_stand_in_their_mode() -> None:
    data = rendered(SLIP, 48)
    assert b"\x1c&A001\n\x1c." in data
    assert b"\x1c&" + "县政务服务中心".encode("gb18030") + b"\n\x1c." in data
    assert data.startswith(b"\x1b@") and b"\x1dV" in data[-4:]


@pytest.mark.parametrize(("fault", "error"), [("paper_out", "paper out"), ("cover_open", "cover open")])
async def test_a_printer_that_cannot_print_fails_at_once(rig: Rig, transport: str, fault: str, error: str) -> None:
    host = rig.device("escpos", transport, id="printer")
    fleet = await rig.start()
    await rig.up("printer")
    host.fault(fault, True)
    assert await fleet.perform("printer", SLIP, seconds=10) == "failed"
    await rig.state("printer", "fault")
    assert fleet.health()["printer"].error == error
    host.fault(fault, False)
    await rig.up("printer")
    assert await fleet.perform("printer", SLIP, seconds=10) == "done"
    assert slips(host.device) == ["A001"]


@pytest.mark.parametrize("fault", ["paper_out", "cover_open", "cutter"])
async def test_a_printer_that_stops_halfway_has_failed_and_prints_no_rest_later(
    rig: Rig, transport: str, fault: str
) -> None:
    host = rig.device("escpos", transport, id="printer")
    fleet = await rig.start()
    await rig.up("printer")
    job = asyncio.create_task(fleet.perform("printer", Slip("A001", (SlipLine("A001"),) * 40), seconds=10))
    await until(lambda: len(host.device.state()["hanging"]) > 3)
    host.fault(fault, True)
    assert await job == "failed"
    host.fault(fault, False)
    assert await fleet.perform("printer", slip("A002"), seconds=10) == "done"
    assert slips(host.device) == ["A002"]


async def test_low_paper_is_told_and_prints(rig: Rig, transport: str) -> None:
    """B27: the health of a kiosk's printer."""
    host = rig.device("escpos", transport, id="printer")
    host.fault("paper_low", True)
    fleet = await rig.start()
    assert await fleet.perform("printer", SLIP, seconds=10) == "done"
    assert fleet.health()["printer"].detail["paper"] == "low"
    assert fleet.health()["printer"].state == "up"


@pytest.mark.parametrize("fault", ["mute", "unplug"])
async def test_an_answer_that_never_comes_is_unknown_and_nothing_is_sent_again(
    rig: Rig, transport: str, fault: str
) -> None:
    host = rig.device("escpos", transport, id="printer")
    fleet = await rig.start()
    await rig.up("printer")
    job = asyncio.create_task(fleet.perform("printer", Slip("A001", (SlipLine("A001"),) * 40), seconds=10))
    await until(lambda: len(host.device.state()["hanging"]) > 3)
    host.fault(fault, True)
    assert await job == "unknown"
    await rig.state("printer", "down")
    host.fault(fault, False)
    await rig.up("printer")
    assert await fleet.perform("printer", slip("A002"), seconds=10) == "done"
    assert slips(host.device) == ["A001", "A002"]


async def test_a_late_answer_does_not_confirm_the_next_slip(rig: Rig) -> None:
    """The first slip's time runs out while it still prints; the second then meets an empty paper roll."""
    host = rig.device("escpos", "tcp", id="printer")
    fleet = await rig.start()
    await rig.up("printer")
    long = Slip("A001", (SlipLine("A001"),) * 120)
    assert await fleet.perform("printer", long, seconds=0.15) == "unknown"
    job = asyncio.create_task(fleet.perform("printer", slip("A002"), seconds=10))
    outcome = await job
    assert outcome == ("done" if "A002" in slips(host.device) else "failed")


async def test_a_printer_nobody_reaches_fails_when_the_time_is_over(rig: Rig) -> None:
    host = rig.device("escpos", "tcp", id="printer")
    host.fault("unplug", True)
    fleet = await rig.start()
    assert await fleet.perform("printer", SLIP, seconds=0.2) == "failed"
    host.fault("unplug", False)
    await rig.up("printer")
    assert slips(host.device) == []


async def test_a_slip_waits_for_a_printer_that_comes_in_time(rig: Rig, transport: str) -> None:
    host = rig.device("escpos", transport, id="printer")
    host.fault("unplug", True)
    fleet = await rig.start()
    job = asyncio.create_task(fleet.perform("printer", SLIP, seconds=20))
    await rig.state("printer", "down")
    host.fault("unplug", False)
    assert await job == "done"
    assert slips(host.device) == ["A001"]


async def test_a_one_way_printer_prints_and_nobody_knows(rig: Rig, transport: str) -> None:
    host = rig.device("escpos", transport, id="printer", status=False)
    host.fault("mute", True)
    fleet = await rig.start()
    assert await fleet.perform("printer", SLIP, seconds=10) == "unknown"
    await until(lambda: slips(host.device) == ["A001"])


async def test_a_printer_takes_garbage_for_text_and_goes_on(rig: Rig) -> None:
    printer = SimPrinter()
    printer.take(bytes(range(256)) * 3)
    assert printer.state()["wrong_bytes"] > 0
    printer.stop()
