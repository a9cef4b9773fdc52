"""Shared lines: one transaction at a time, gaps between, everyone's own answers; a mute one closes it for nobody."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_protocols import onbon_bxk
from firmware_protocols.onbon_bxk import Ack, Header, Ping
from hallq.devices import supervisor
from hallq.devices.bus import Bus, Echo, Turns
from hallq.devices.drivers.onbon import ANSWER_S, LedStrip
from hallq.devices.links import LinkLost, over_socket
from hallq.devices.traffic import IN, OUT, Frame
from hallq.devices.wire import Wire
from hallq.displays.screens import StripScreen
from tests.devices.rig import TEMPO, Rig, now, until

TWELVE = range(1, 13)


def page(text: str) -> StripScreen:
    return StripScreen((text,))


def ping(address: int) -> Ping:
    return Ping(header=Header(destination=address))


def ack(address: int) -> bytes:
    return onbon_bxk.answer(ping(address), Ack(), address).encode()


@pytest.fixture
async def line() -> AsyncIterator[tuple[Bus, socket.socket]]:
    """The hub's end, and the devices'."""
    near, far = socket.socketpair()
    far.setblocking(False)
    yield Bus(over_socket(near), onbon_bxk.Host()), far
    far.close()


# -- halls


async def test_twelve_strips_on_one_line_are_shown_in_their_bytes_own_time(rig: Rig, transport: str) -> None:
    baud = 38400
    host, bus = rig.bus("onbon-bxk", transport, TWELVE, baud=baud)
    fleet = await rig.start()
    for name in bus.devices:
        await rig.up(name)
    before, begun = host.carried, now()
    for name in bus.devices:
        fleet.show(name, page(f"请{name}号"))
    await until(lambda: len(rig.events.shown) == 12)
    took = now() - begun
    own = (host.carried - before) * 10 / baud + 12 * LedStrip.quiet_s * TEMPO
    assert took < own * 2.5  # 1.2 on a quiet machine
    assert host.collisions == 0
    assert [bus.devices[name].state()["pages"] for name in bus.devices] == [[f"请{name}号"] for name in bus.devices]
    assert sum(fleet.health()[name].bad_frames for name in bus.devices) == 0


async def test_a_mute_address_takes_a_twentieth_and_closes_the_line_for_nobody(rig: Rig) -> None:
    tempo = 0.04
    _, bus = rig.bus("onbon-bxk", "tcp", TWELVE)
    bus.silence("d5")
    fleet = await rig.start(tempo)
    others = [name for name in bus.devices if name != "d5"]
    for name in others:
        await rig.up(name)
    await rig.state("d5", "down")
    asked: list[Frame] = []
    fleet.watch("d5", asked.append)
    for name in others:
        fleet.show(name, page("一"))
    await until(lambda: len(rig.events.shown) == 11)
    await until(lambda: len(asked) == 2)
    assert (asked[1].at - asked[0].at) / 1000 > ANSWER_S * tempo * supervisor.OTHERS_SHARE
    fleet.show("d5", page("五"))
    bus.silence("d5", False)
    await until(lambda: bus.devices["d5"].state()["pages"] == ["五"])


async def test_a_card_that_refuses_takes_no_more_than_a_mute_one(rig: Rig) -> None:
    _, bus = rig.bus("onbon-bxk", "tcp", (1, 2, 3))
    fleet = await rig.start()
    for name in bus.devices:
        await rig.up(name)
    bus.devices["d2"].fault("refuse", True)
    fleet.show("d2", page("二"))
    await rig.state("d2", "down")
    held, begun = fleet._supervisors["d2"]._held_s, now()
    fleet.show("d3", page("三"))
    await until(lambda: bus.devices["d3"].state()["pages"] == ["三"])
    await until(lambda: fleet.health()["d2"].losses == 2)
    assert now() - begun >= held * supervisor.OTHERS_SHARE
    bus.devices["d2"].fault("refuse", False)
    await until(lambda: bus.devices["d2"].state()["pages"] == ["二"])


async def test_a_line_of_which_all_were_without_power_is_back_at_once(rig: Rig) -> None:
    _, bus = rig.bus("onbon-bxk", "pty", (1, 2, 3))
    fleet = await rig.start()
    for name in bus.devices:
        await rig.up(name)
        bus.silence(name)
    for name in bus.devices:
        await rig.state(name, "down")
        fleet.show(name, page(name))
    for name in bus.devices:
        bus.silence(name, False)
    begun = now()
    await until(lambda: all(bus.devices[name].state()["pages"] == [name] for name in bus.devices))
    assert now() - begun < 1.9  # nobody spared the time of a line that was mute


@pytest.mark.parametrize("fault", ["unplug", "garble", "delay", "bytewise"])
async def test_a_shared_line_converges_after_a_fault(rig: Rig, transport: str, fault: str) -> None:
    host, bus = rig.bus("onbon-bxk", transport, (1, 2, 3))
    fleet = await rig.start()
    for name in bus.devices:
        await rig.up(name)
    host.fault(fault, True)
    for name in bus.devices:
        fleet.show(name, page(f"第{name}"))
    await asyncio.sleep(0.1)
    host.fault(fault, False)
    await until(lambda: [bus.devices[f"d{n}"].state()["pages"] for n in (1, 2, 3)] == [["第d1"], ["第d2"], ["第d3"]])


async def test_an_adapter_that_hears_itself(rig: Rig) -> None:
    host, bus = rig.bus("onbon-bxk", "pty", (1, 2))
    host.echo = True
    for at, entry in enumerate(rig.entries):
        rig.entries[at] = rig.entry("onbon-bxk", f"{entry.link}?echo=1", id=entry.id, address=at + 1)
    fleet = await rig.start()
    for name in bus.devices:
        fleet.show(name, page(name))
    await until(lambda: len(rig.events.shown) == 2)
    frames = fleet.frames("d1")
    assert {frame.way for frame in frames} == {IN, OUT}
    assert all("Ack" in frame.words for frame in frames if frame.way == IN)


# -- the bus


async def test_each_gets_what_comes_from_its_address_at_any_time(line: tuple[Bus, socket.socket]) -> None:
    bus, far = line
    one, two = (wire(bus, address) for address in (1, 2))
    asked = asyncio.create_task(one.ask(ping(1), Ack, seconds=5))
    await asyncio.get_running_loop().sock_recv(far, 100)
    far.send(ack(2) + ack(3) + ack(1))
    assert (await asked).header.source == 1
    assert (await two.receive(5)).header.source == 2
    one.close()
    assert bus.lost == ""
    two.close()
    with pytest.raises(LinkLost, match="closed"):
        await two.send(ping(2))


async def test_half_a_frame_of_noise_swallows_no_answer(line: tuple[Bus, socket.socket]) -> None:
    bus, far = line
    one = wire(bus, 1)
    asked = asyncio.create_task(one.ask(ping(1), Ack, seconds=0.05))
    loop = asyncio.get_running_loop()
    await loop.sock_recv(far, 100)
    far.send(ack(1)[:-4])
    await loop.sock_recv(far, 100)
    far.send(ack(1))
    assert (await asked).header.source == 1
    assert one.bad_frames
    one.close()


async def test_who_is_not_known_to_be_there_is_asked_once(line: tuple[Bus, socket.socket]) -> None:
    bus, far = line
    one = wire(bus, 1)
    one.knocks = True
    with pytest.raises(LinkLost):
        await one.ask(ping(1), Ack, seconds=0.01)
    assert far.recv(1000) == ping(1).encode()
    one.close()


async def test_a_line_on_which_nobody_answers_is_opened_anew(line: tuple[Bus, socket.socket]) -> None:
    """An adapter may hang without a word, and so may the path lead to another's port."""
    bus, far = line
    one, two, three = wire(bus, 1), wire(bus, 2), wire(bus, 3)
    one.close()
    far.send(ack(3))
    assert isinstance(await three.receive(1), Ack)
    two.close()  # the third was heard since: two are mute, the line is not
    assert not bus.lost
    one, two = wire(bus, 1), wire(bus, 2)
    one.close()
    two.close()
    assert bus.lost == three.lost == "nobody on the line answers"


async def test_the_gap_is_waited_for_only_by_the_next(line: tuple[Bus, socket.socket]) -> None:
    one = wire(line[0], 1, quiet_s=0.05)
    begun = now()
    await one.send(ping(1))
    assert now() - begun < 0.05
    await one.send(ping(1))
    assert now() - begun >= 0.05
    one.close()


async def test_turns_come_in_order_and_the_patient_last() -> None:
    turns, order = Turns(), []

    async def work(name: str, patient: bool) -> None:
        await turns.take(patient)
        order.append(name)
        await asyncio.sleep(0)
        turns.give()

    await turns.take(False)
    wishes = (("poll", True), ("gone", False), ("first", False), ("second", False))
    tasks = [asyncio.create_task(work(*wish)) for wish in wishes]
    await asyncio.sleep(0)
    tasks[1].cancel()
    turns.give()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == ["first", "second", "poll"]
    await asyncio.wait_for(turns.take(True), 1)


async def test_a_turn_given_to_one_that_just_left_goes_on() -> None:
    turns = Turns()
    await turns.take(False)
    leaving = asyncio.create_task(turns.take(False))
    await asyncio.sleep(0)
    turns.give()
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    await asyncio.wait_for(turns.take(False), 1)


PIECES = st.lists(st.binary(max_size=5), max_size=4)


@settings(max_examples=60)
@given(question=st.binary(min_size=1, max_size=6), answer=PIECES, cut=st.integers(1, 6), echoes=st.booleans())
def test_an_echo_is_left_out_and_nothing_else(question: bytes, answer: list[bytes], cut: int, echoes: bool) -> None:
    if not echoes and b"".join(answer)[:1] == question[:1]:
        return  # an adapter without echo is not set up as one with
    echo = Echo()
    echo.sent(question)
    pieces = [question[:cut], question[cut:]] if echoes else []
    assert b"".join(map(echo.rest, pieces + answer)) == b"".join(answer)


def wire(bus: Bus, address: int, quiet_s: float = 0.0) -> Wire:
    return Wire(bus, name=f"d{address}", mine=lambda message: message.header.source == address, quiet_s=quiet_s)
