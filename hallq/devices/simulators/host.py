"""Puts a simulated device, or a SimBus of several, behind a pseudo-terminal, a TCP port or a pair in memory, and makes
its line fail. With `baud` bytes take their own time (8N1) as on a half-duplex line; without it they take none.

Faults: unplug, mute (it hears, but is not heard), garble, delay, bytewise; all others are the device's own.
"""

from __future__ import annotations

import asyncio
import os
import socket
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hallq.devices.links import Line, LinkLost, over_socket
from hallq.devices.simulators.base import Simulator

LINE_FAULTS = ("unplug", "mute", "garble", "delay", "bytewise")
DELAY_S = 0.3
GARBLED = 3  # every third piece of bytes


class SimHost:
    """`link` is what hall.toml would name; it stays the same over unplug and replug."""

    def __init__(self, device: Simulator, baud: int = 0) -> None:
        self.device = device
        self.link = ""
        self.address = "127.0.0.1"  # where its TCP port is
        self.echo = False  # the adapter hears itself: the hub's bytes come back to it
        self.carried = 0  # bytes, both ways, without echoes
        self.collisions = 0  # both sides spoke at once
        self._late_until = 0.0
        self._byte_s = 10 / baud if baud else 0.0
        self._busy_until = [0.0, 0.0]  # by bytes of the hub, of the device
        self.faults: set[str] = set()
        self._line: Line | None = None
        self._folder: Path | None = None
        self._slave = -1
        self._server: socket.socket | None = None
        self._pieces = 0
        device.attach(self._send)

    def start_pty(self, path: Path) -> str:
        """`path` becomes a link to the terminal, as udev makes one for an adapter."""
        self._folder = path
        self.link = f"serial:{path}"
        self._plug()
        return self.link

    def start_tcp(self, port: int = 0) -> str:
        self._listen(port)
        assert self._server is not None
        self.link = f"tcp://{self.address}:{self._server.getsockname()[1]}"
        return self.link

    def pair(self) -> Line:
        """The hub's end of a line in memory; a new one takes the place of the one before."""
        if "unplug" in self.faults:
            raise LinkLost("unplugged")
        ours, theirs = socket.socketpair()
        self._adopt(over_socket(ours))
        return over_socket(theirs)

    async def stop(self) -> None:
        self._unplug()
        self.device.stop()

    def fault(self, name: str, on: bool) -> None:
        if name not in LINE_FAULTS:
            self.device.fault(name, on)
            self.device.changed()
            return
        if on == (name in self.faults):
            return
        (self.faults.add if on else self.faults.discard)(name)
        if name == "unplug":
            (self._unplug if on else self._plug)()

    # -- plugs

    def _plug(self) -> None:
        if self._folder is not None:
            self._open_pty(self._folder)
        elif self.link:
            self._listen(int(self.link.rpartition(":")[2]))

    def _unplug(self) -> None:
        if self._folder is not None:
            self._folder.unlink(missing_ok=True)
        if self._server is not None:
            asyncio.get_running_loop().remove_reader(self._server.fileno())
            self._server.close()
            self._server = None
        if self._line is not None:
            self._line.close()
        if self._slave >= 0:
            os.close(self._slave)
            self._slave = -1

    def _open_pty(self, path: Path) -> None:
        """The slave's end stays open here too: a hub that closes it is no hang-up, as with a real adapter."""
        master, self._slave = os.openpty()
        tty.setraw(self._slave)
        path.unlink(missing_ok=True)
        path.symlink_to(os.ttyname(self._slave))
        self._adopt(Line(master, lambda: os.close(master)))

    def _listen(self, port: int) -> None:
        self._server = socket.create_server((self.address, port))
        self._server.setblocking(False)
        asyncio.get_running_loop().add_reader(self._server.fileno(), self._accept)

    def _accept(self) -> None:
        """One hub at a time: the newest."""
        assert self._server is not None
        with suppress(BlockingIOError):
            sock, _ = self._server.accept()
            self._adopt(over_socket(sock))

    def _adopt(self, line: Line) -> None:
        if self._line is not None:
            self._line.close()
        self._line = line
        line.listen(lambda data: self._arrived(line, data), lambda: self._lost(line))
        self.device.plugged()

    def _lost(self, line: Line) -> None:
        if line is self._line:
            self._line = None
            self.device.unplugged()

    # -- bytes

    def _arrived(self, line: Line, data: bytes) -> None:
        if self.echo:
            self._put(line, data)
        self._pass(0, line, self._heard, data)

    def _pass(self, way: int, line: Line, deliver: Callable[[bytes], None], data: bytes) -> None:
        """Handed over when the last of these bytes is through."""
        self.carried += len(data)
        if not self._byte_s:
            deliver(data)
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        self.collisions += self._busy_until[1 - way] > now
        self._busy_until[way] = max(now, self._busy_until[way]) + len(data) * self._byte_s
        loop.call_at(self._busy_until[way], lambda: deliver(data) if line is self._line else None)

    def _heard(self, data: bytes) -> None:
        data = self._garbled(data)
        step = 1 if "bytewise" in self.faults else len(data)
        for at in range(0, len(data), step):
            self.device.take(data[at : at + step])

    def _send(self, data: bytes) -> None:
        if "mute" in self.faults or self._line is None:
            return
        data = self._garbled(data)
        loop = asyncio.get_running_loop()
        if "delay" in self.faults:
            self._late_until = max(loop.time() + DELAY_S * self.device.tempo, self._late_until + 1e-6)
        elif self._late_until > loop.time():
            self._late_until += 1e-6  # no byte overtakes another
        else:
            self._write(self._line, data)
            return
        loop.call_at(self._late_until, self._write, self._line, data)

    def _write(self, line: Line, data: bytes) -> None:
        self._pass(1, line, lambda data: self._put(line, data), data)

    def _put(self, line: Line, data: bytes) -> None:
        step = 1 if "bytewise" in self.faults else len(data)
        with suppress(LinkLost):
            for at in range(0, len(data), step):
                line.write(data[at : at + step])

    def _garbled(self, data: bytes) -> bytes:
        self._pieces += 1
        if "garble" not in self.faults or self._pieces % GARBLED:
            return data
        return bytes([data[0] ^ 0xA5]) + data[1:] if len(data) == 1 else data[:-2] + bytes([data[-2] ^ 0xA5, data[-1]])
