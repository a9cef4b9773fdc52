"""Links: what a URL means, and that a line is lost at once, in bounded time, and only once."""

from __future__ import annotations

import asyncio
import os
import socket
import tty
from contextlib import suppress

import pytest

from hallq.devices.links import Line, Link, LinkLost, open_line, over_socket, parse
from hallq.displays.screens import StripScreen
from tests.devices.rig import Rig, until


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("serial:/dev/ttyUSB0?baud=19200&parity=E&bits=7&stop=2",
         Link("serial", "/dev/ttyUSB0", {"baud": "19200", "parity": "E", "bits": "7", "stop": "2"})),
        ("tcp://127.0.0.1:5005", Link("tcp", "127.0.0.1:5005")),
        ("tcp://[::1]:9100", Link("tcp", "[::1]:9100")),
        ("alsa:zone_a", Link("alsa", "zone_a")),
        ("wav:/var/lib/hallq/spoken", Link("wav", "/var/lib/hallq/spoken")),
        ("sim:", Link("sim", "")),
    ],
)  # fmt: skip
def test_urls(url: str, link: Link) -> None:
    assert parse(url) == link


@pytest.mark.parametrize("url", ["", "tcp", "http://1.2.3.4", "serial:/dev/ttyS0?bauds=1", "tcp://h:1?baud=9600"])
def test_wrong_urls(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(url)


@pytest.mark.parametrize("url", ["serial:/dev/there-is-none", "tcp://127.0.0.1:1"])
async def test_nobody_there(url: str) -> None:
    with pytest.raises(LinkLost):
        await open_line(url)


async def test_a_port_is_taken_by_one_alone() -> None:
    master, slave = os.openpty()
    url = f"serial:{os.ttyname(slave)}"
    line = await open_line(url)
    with pytest.raises(LinkLost):
        await open_line(url)
    line.close()
    (await _free_again(url)).close()
    os.close(master)
    os.close(slave)


async def _free_again(url: str) -> Line:
    """Ports are closed beside the loop: a moment later, whatever the adapter does."""
    async with asyncio.timeout(20):
        while True:
            with suppress(LinkLost):
                return await open_line(url)
            await asyncio.sleep(0.005)


async def test_bytes_pass_unchanged_through_a_terminal() -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    line = await open_line(f"serial:{os.ttyname(slave)}?baud=115200")
    got = bytearray()
    line.listen(got.extend, lambda: None)
    every = bytes(range(256))
    line.write(every)
    assert os.read(master, 1000) == every
    os.write(master, every)
    await until(lambda: bytes(got) == every)
    line.close()
    os.close(master)
    os.close(slave)


async def test_a_peer_that_takes_nothing_is_lost_in_time() -> None:
    ours, theirs = socket.socketpair()
    line = over_socket(ours)
    lost: list[bool] = []
    line.listen(lambda _: None, lambda: lost.append(True))
    line.write(bytes(900_000))
    with pytest.raises(LinkLost, match="takes no bytes"):
        await line.drain(0.05)
    with pytest.raises(LinkLost):
        line.write(b"x")
    line.close()
    assert lost == [True]
    theirs.close()


async def test_what_waits_is_sent_when_there_is_room() -> None:
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    line = over_socket(ours)
    line.write(bytes(500_000))
    drained = asyncio.create_task(line.drain(5))
    got = 0
    while got < 500_000:
        await asyncio.sleep(0)
        try:
            got += len(theirs.recv(100_000))
        except BlockingIOError:
            continue
    await drained
    line.close()
    theirs.close()


async def test_a_line_is_lost_once_however_it_ends() -> None:
    closed: list[bool] = []
    ours, theirs = socket.socketpair()

    def close() -> None:
        closed.append(True)
        ours.close()

    line = Line(ours.fileno(), close)
    lost: list[bool] = []
    line.listen(lambda _: None, lambda: lost.append(True))
    theirs.close()
    await until(lambda: line.lost)
    line.close()
    assert (lost, closed) == ([True], [True])


async def test_an_adapter_that_is_plugged_in_later_is_found_by_its_lasting_name(rig: Rig) -> None:
    """As udev makes it: by-id/NAME is a link to a terminal whose number changes; nobody restarts the hub."""
    host = rig.device("onbon-bxk", "pty", id="led")
    host.fault("unplug", True)
    fleet = await rig.start()
    fleet.show("led", StripScreen(("一",)))
    await rig.state("led", "down")
    assert fleet.health()["led"].error
    for text in ("一", "二"):
        fleet.show("led", StripScreen((text,)))
        host.fault("unplug", False)
        await until(lambda: host.device.state()["pages"] == [text])  # noqa: B023  awaited here
        host.fault("unplug", True)
        await rig.state("led", "down")


async def test_a_server_that_accepts_and_never_answers(rig: Rig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        rig.entries.append(rig.entry("onbon-bxk", f"tcp://127.0.0.1:{server.getsockname()[1]}", id="led"))
        fleet = await rig.start()
        await rig.state("led", "down")
        assert fleet.health()["led"].error == "does not answer"


async def test_a_cable_that_was_pulled_is_noticed_within_seconds() -> None:
    """By the system: probes on a silent line, a limit on what nobody confirms."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = await open_line(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        sock = socket.socket(fileno=os.dup(line._fd))
        silent = sum(sock.getsockopt(socket.IPPROTO_TCP, option) * times for option, times in
                     ((socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 3)))  # fmt: skip
        assert silent <= 5
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert 0 < sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) <= 5000
        sock.close()
        line.close()
