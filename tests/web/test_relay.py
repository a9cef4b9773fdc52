"""Ports of another machine, over the hub's real door: who gets in, what is opened, and what a pulled plug does."""

from __future__ import annotations

import asyncio
import os
import sys
import tty
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from hallq.cli import devices as cli_devices
from hallq.devices.drivers.speaker import Speaker, SpeakerOptions
from hallq.devices.entry import Entry
from hallq.devices.links import Line, LinkLost
from hallq.kernel import SystemClock
from hallq.relay import client, mux, pairing
from hallq.relay.frames import Frame, Kind
from hallq.relay.registry import Relays
from hallq.relay.settings import load_relay
from hallq.toml_file import ConfigError
from tests.devices.rig import until
from tests.hub import Hub

FILE = """
name = "floor2"
[hub]
url = "http://127.0.0.1:{port}"
[[port]]
name = "printer"
link = "serial:{folder}/tty"
[[port]]
name = "pad"
link = "serial:{folder}/tty2"
[[port]]
name = "sound"
link = "wav:{folder}/card"
"""


NO_WIRE: Any = None  # its own child process is not asked


def plug(folder: Path, name: str = "tty") -> int:
    """A terminal of that name; the device's end of it."""
    master, slave = os.openpty()
    tty.setraw(slave)
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(os.ttyname(slave))
    os.set_blocking(master, False)
    os.close(slave)
    return master


def relays(hub: Hub) -> Relays:
    found: Relays = hub.app.state.wiring.relays
    return found


async def opened(hub: Hub, link: str) -> tuple[Line, list[bytes]]:
    """As a driver does it: a port that has just been closed is free a moment later."""
    heard: list[bytes] = []
    async with asyncio.timeout(20):
        while True:
            with suppress(LinkLost):
                line = await relays(hub).open_line(link)
                break
            await asyncio.sleep(0.01)
    line.listen(heard.append, lambda: None)
    return line, heard


def read(fd: int) -> bytes:
    with suppress(BlockingIOError, OSError):
        return os.read(fd, 65536)
    return b""


@asynccontextmanager
async def relay(hub: Hub, folder: Path) -> AsyncIterator[asyncio.Task[None]]:
    """The program's own loop, with a token that the office has put there."""
    (folder / "relay.toml").write_text(FILE.format(port=hub.port, folder=folder), "utf-8")
    token = (await hub.device("relay", "floor2")).headers["authorization"].removeprefix("Bearer ")
    (folder / "relay.token").touch(0o600)
    (folder / "relay.token").write_text(token)
    task = asyncio.create_task(client.lend(load_relay(folder / "relay.toml"), lambda text: None))
    try:
        await until(lambda: [each.state for each in relays(hub).known()] == ["up"])
        await until(lambda: relays(hub).known()[0].ports)
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_who_is_let_in(hall_hub: Hub) -> None:
    """No token, another role, another site: closed with a reason; and a relay may nothing else."""
    kiosk, board = await hall_hub.device("kiosk", "k1"), await hall_hub.device("board")
    machine = await hall_hub.device("relay", "floor2")
    for headers, code in (
        ({}, 4401),
        ({"authorization": "Bearer nonsense"}, 4401),
        (kiosk.headers, 4403),
        (board.headers, 4403),
        (machine.headers | {"origin": "http://evil.example"}, 4403),
    ):
        async with connect(f"ws://127.0.0.1:{hall_hub.port}/relay", additional_headers=headers) as socket:
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == code
    for path in ("/services", "/devices", "/tokens", "/relays", "/hall"):
        assert (await machine.get(path)).status_code in (200 if path == "/services" else 403, 403), path
    assert relays(hall_hub).known() == []


async def test_pairing(hall_hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks, shows a code, the office confirms, and the token lies in a file for its owner alone."""
    monkeypatch.setattr(pairing, "ASK_S", 0.01)
    (tmp_path / "relay.toml").write_text(FILE.format(port=hall_hub.port, folder=tmp_path), "utf-8")
    said: list[str] = []
    program = asyncio.create_task(client.lend(load_relay(tmp_path / "relay.toml"), said.append))
    office = await hall_hub.person("办公室", "office")
    await until(lambda: said)
    [asked] = (await office.get("/pairings")).json()["items"]
    assert said[0].endswith(f"floor2 shows the code {asked['code']}")
    await office.ok(f"/pairings/{asked['id']}/confirm", {})
    await until(lambda: relays(hall_hub).known() and relays(hall_hub).known()[0].state == "up")
    file = tmp_path / "relay.token"
    assert file.stat().st_mode & 0o777 == 0o600
    [token] = (await office.get("/tokens")).json()["items"]
    assert (token["role"], token["place"]) == ("relay", "floor2")
    assert not any(file.read_text().strip() in text for text in said)

    await office.ok(f"/tokens/{token['id']}/revoke", {})  # out at once; it asks again
    await until(lambda: relays(hall_hub).known()[0].state == "down" and "shows the code" in said[-1])
    program.cancel()
    await asyncio.gather(program, return_exceptions=True)


async def test_bytes_both_ways_and_a_plug_that_is_pulled(hall_hub: Hub, tmp_path: Path) -> None:
    device = plug(tmp_path)
    async with relay(hall_hub, tmp_path):
        for name in ("other", "/etc/passwd", "../printer", f"{tmp_path}/tty"):
            with pytest.raises(LinkLost, match="there is no port"):  # the file does not name it
                await relays(hall_hub).open_line(f"relay:floor2/{name}")
        with pytest.raises(LinkLost, match="relay floor9 is away"):
            await relays(hall_hub).open_line("relay:floor9/printer")
        line, heard = await opened(hall_hub, "relay:floor2/printer?baud=19200")
        assert line.byte_s == 10 / 19200
        [listed, *_] = await asyncio.to_thread(cli_devices._lent, hall_hub.hall.settings)
        assert (listed.kind, listed.link, listed.about) == ("serial", "relay:floor2/printer", "up")
        line.write(b"to the device")
        await until(lambda: read(device) == b"to the device")
        os.write(device, b"\x00\xffanswer")
        await until(lambda: b"".join(heard) == b"\x00\xffanswer")
        with pytest.raises(LinkLost, match="printer: "):  # for one opener alone
            await relays(hall_hub).open_line("relay:floor2/printer")

        os.close(device)
        await until(lambda: line.lost)
        (tmp_path / "tty").unlink()
        with pytest.raises(LinkLost, match="No such file"):
            await relays(hall_hub).open_line("relay:floor2/printer")
        [port, *_] = hall_hub.hall.extra["relay/floor2"]["ports"]
        assert (port["state"], "No such file" in port["error"]) == ("closed", True)
        device = plug(tmp_path)
        line, heard = await opened(hall_hub, "relay:floor2/printer")
        os.write(device, b"back")
        await until(lambda: heard == [b"back"])
        line.close()
        os.close(device)


async def test_a_port_that_takes_nothing_stops_itself_alone(hall_hub: Hub, tmp_path: Path) -> None:
    full, free = plug(tmp_path), plug(tmp_path, "tty2")
    async with relay(hall_hub, tmp_path):
        stuck, _ = await opened(hall_hub, "relay:floor2/printer")
        other, heard = await opened(hall_hub, "relay:floor2/pad")
        stuck.write(bytes(200_000))  # nobody reads the terminal
        with pytest.raises(LinkLost, match="takes no bytes"):
            await stuck.drain(0.3)
        await until(lambda: relays(hall_hub).known()[0].ports["printer"].state == "closed")
        stuck, _ = await opened(hall_hub, "relay:floor2/printer")  # as its driver does, after a pause
        stuck.write(bytes(200_000))
        for n in range(20):
            other.write(b"%d" % n)
            await until(lambda n=n: read(free) == b"%d" % n, 2)  # type: ignore[misc]
            os.write(free, b"+")
            await until(lambda n=n: len(b"".join(heard)) == n + 1, 2)  # type: ignore[misc]
        taken = len(read(full))
        assert taken < 30_000  # the rest waits with its driver
    os.close(full)
    os.close(free)


async def test_a_sound_card_of_another_machine(hall_hub: Hub, tmp_path: Path) -> None:
    """The hub makes the speech, the other machine plays it, and the hub hears that it did."""
    plug(tmp_path)
    card = tmp_path / "card"
    entry = Entry("voice", "speaker", "relay:floor2/sound", {"zone": "2F"}, SpeakerOptions())
    speaker = Speaker(entry, SystemClock())
    speaker.open_line = relays(hall_hub).open_line
    with pytest.raises(LinkLost, match="relay floor2 is away"):
        await speaker.poll(NO_WIRE)
    async with relay(hall_hub, tmp_path):
        with pytest.raises(LinkLost, match="no folder"):
            await speaker.poll(NO_WIRE)
        card.mkdir()
        await speaker.poll(NO_WIRE)
        (tmp_path / "said.wav").write_bytes(bytes(range(256)) * 2000)
        assert await speaker._play_there(tmp_path / "said.wav", 1.0) == "done"
        [heard] = card.iterdir()
        assert heard.read_bytes() == bytes(range(256)) * 2000


async def test_a_program_that_is_killed(hall_hub: Hub, tmp_path: Path) -> None:
    device = plug(tmp_path)
    async with relay(hall_hub, tmp_path) as lending:
        lending.cancel()
        await until(lambda: relays(hall_hub).known()[0].state == "down")
    command = (sys.executable, "-m", "hallq", "relay", "-c", str(tmp_path / "relay.toml"))
    program = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    await until(lambda: relays(hall_hub).known()[0].state == "up")
    line, heard = await opened(hall_hub, "relay:floor2/printer")
    os.write(device, b"here")
    await until(lambda: heard == [b"here"])
    program.kill()
    await until(lambda: line.lost)
    await program.wait()
    await until(lambda: relays(hall_hub).known()[0].state == "down")
    os.close(device)


async def test_a_connection_that_says_nothing_is_dead(hall_hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pulled network cable: no farewell, no reset."""
    monkeypatch.setattr(mux, "DEAD_S", 0.2)
    machine = await hall_hub.device("relay", "floor2")
    async with connect(f"ws://127.0.0.1:{hall_hub.port}/relay", additional_headers=machine.headers) as socket:
        await until(lambda: [each.state for each in relays(hall_hub).known()] == ["up"])
        await until(lambda: [each.state for each in relays(hall_hub).known()] == ["down"])
        assert await socket.recv()
    ports = Frame(Kind.PORTS).encode()
    forged = ports + b'[{"name": "a\\u001b[2J", "kind": "serial"}]', ports + b'[{"name": "a", "kind": "shell"}]'
    for nonsense in (b"", b"\x01", b"\x63\x00\x00\x00\x00", ports + b"{}", *forged, b"\x05" + bytes(70_000)):
        async with connect(f"ws://127.0.0.1:{hall_hub.port}/relay", additional_headers=machine.headers) as socket:
            await socket.send(nonsense)
            with pytest.raises(ConnectionClosed):
                while True:
                    await socket.recv()
    assert relays(hall_hub).known()[0].ports == {}


def test_a_token_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "relay.token"
    file.write_text("x" * 43)
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        pairing.stored(file)
