"""LED strips: whatever happens to the line, the latest screen stands on the strip in the end, and never a backlog."""

import pytest

from hallq.displays.screens import StripScreen
from tests.devices.rig import Rig, until


def page(text: str) -> StripScreen:
    return StripScreen((text,), "red", ("call", 1, 1))


async def test_pages_and_colour_as_the_card_shows_them(rig: Rig, transport: str) -> None:
    strip = rig.device("onbon-bxk", transport, id="led").device
    fleet = await rig.start()
    screen = StripScreen(("请A001号", "办理业务"), "green", ("call", 5, 2))
    fleet.show("led", screen)
    await until(lambda: rig.events.shown == [("led", screen)])
    assert strip.state() | {"frames": 0} == {
        "kind": "strip", "pages": ["请A001号", "办理业务"], "page_s": 3.0, "scrolls": False, "colour": "green",
        "width": 96, "address": 1, "frames": 0, "lease_s": 60,
    }  # fmt: skip


async def test_an_unplugged_strip_gets_the_latest_screen_alone(rig: Rig, transport: str) -> None:
    host = rig.device("onbon-bxk", transport, id="led")
    fleet = await rig.start()
    fleet.show("led", page("一"))
    await until(lambda: host.device.state()["pages"] == ["一"])
    host.fault("unplug", True)
    await rig.state("led", "down")
    frames = host.device.state()["frames"]
    for text in ("二", "三", "四"):
        fleet.show("led", page(text))
    host.fault("unplug", False)
    await until(lambda: host.device.state()["pages"] == ["四"])
    assert host.device.state()["frames"] == frames + 1


@pytest.mark.parametrize("fault", ["mute", "garble", "delay", "bytewise"])
async def test_it_converges_under_and_after_a_fault(rig: Rig, transport: str, fault: str) -> None:
    host = rig.device("onbon-bxk", transport, id="led")
    fleet = await rig.start()
    await rig.up("led")
    host.fault(fault, True)
    for text in ("一", "二", "三"):
        fleet.show("led", page(text))
    if fault != "mute":  # a hub that hears nothing gives up the line
        await until(lambda: host.device.state()["pages"] == ["三"])
    host.fault(fault, False)
    await until(lambda: host.device.state()["pages"] == ["三"])
    fleet.show("led", page("四"))
    await until(lambda: ("led", page("四")) in rig.events.shown)
    assert host.device.state()["pages"] == ["四"]


async def test_a_mute_strip_goes_down_and_comes_back(rig: Rig, transport: str) -> None:
    host = rig.device("onbon-bxk", transport, id="led")
    fleet = await rig.start()
    fleet.show("led", page("一"))
    await rig.up("led")
    host.fault("mute", True)
    await rig.state("led", "down")
    assert fleet.health()["led"].error == "does not answer"
    host.fault("mute", False)
    await rig.up("led")


async def test_nothing_is_proved_that_the_card_did_not_acknowledge(rig: Rig, transport: str) -> None:
    host = rig.device("onbon-bxk", transport, id="led")
    host.fault("mute", True)
    fleet = await rig.start()
    fleet.show("led", page("一"))
    await rig.state("led", "down")
    assert rig.events.shown == []


async def test_the_same_screen_is_not_sent_again(rig: Rig) -> None:
    host = rig.device("onbon-bxk", "tcp", id="led")
    fleet = await rig.start()
    for screen in map(page, ("一", "一", "二", "二")):
        fleet.show("led", screen)
        await until(lambda: rig.events.shown[-1:] == [("led", screen)])  # noqa: B023  awaited here
    assert host.device.state()["frames"] == 2


async def test_what_is_too_long_runs_through_the_strip(rig: Rig) -> None:
    strip = rig.device("onbon-bxk", "tcp", id="led", overflow="scroll").device
    fleet = await rig.start()
    fleet.show("led", StripScreen(("3号窗口 住房公积金管理中心",), neutral="3号窗口", scrolls=True))
    await until(lambda: strip.state()["scrolls"])
    assert strip.state()["pages"] == ["3号窗口 住房公积金管理中心"]


@pytest.mark.parametrize(("neutral", "left"), [("3号窗口", ["3号窗口"]), ("", [])])
async def test_a_dead_hub_leaves_no_old_number_lit(rig: Rig, neutral: str, left: list[str]) -> None:
    """The hub renews the lease well before it ends; without a hub the card falls back by itself."""
    strip = rig.device("onbon-bxk", "tcp", id="led", lease_s=45).device
    fleet = await rig.start(tempo=0.005)  # the card's times run at a tenth: its lease is 4.5 s
    strip.tempo = 0.01
    fleet.show("led", StripScreen(("请有序撤离",), lasts=True))
    await until(lambda: strip.state()["pages"] == ["请有序撤离"])
    assert strip.state()["lease_s"] == 0
    fleet.show("led", StripScreen(("请A001号办理",), neutral=neutral))
    await until(lambda: strip.state()["frames"] >= 5)  # longer than the lease
    assert strip.state()["pages"] == ["请A001号办理"]
    await fleet.stop()
    await until(lambda: strip.state()["pages"] == left)
    await rig.start(tempo=0.005)
    assert rig.fleet
    rig.fleet.show("led", StripScreen(("请A002号办理",), neutral=neutral))
    await until(lambda: strip.state()["pages"] == ["请A002号办理"])


async def test_a_strip_that_lost_its_power_is_filled_again(rig: Rig) -> None:
    host = rig.device("onbon-bxk", "tcp", id="led")
    fleet = await rig.start(tempo=0.02)
    fleet.show("led", page("一"))
    await until(lambda: host.device.state()["pages"] == ["一"])
    host.fault("power", True)
    host.fault("power", False)
    assert host.device.state()["pages"] == []
    await until(lambda: host.device.state()["pages"] == ["一"])


async def test_a_character_that_was_replaced_is_told_once_in_the_log(
    rig: Rig, capsys: pytest.CaptureFixture[str]
) -> None:
    strip = rig.device("onbon-bxk", "tcp", id="led").device
    fleet = await rig.start()
    for number, (text, replaced) in enumerate((("一□", "𬭊"), ("二□", "𬭊"), ("三", "")), 1):
        fleet.show("led", StripScreen((text,), replaced=replaced))
        await until(lambda: strip.state()["frames"] >= number)  # noqa: B023  awaited here
    await until(lambda: fleet.health()["led"].detail == {"replaced": "𬭊"})
    assert capsys.readouterr().out.count("the strip's font lacks a character") == 1
