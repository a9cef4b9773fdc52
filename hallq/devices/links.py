"""Links are URLs; an open one is a Line: bytes over one descriptor, on the event loop, lost once and for all.

Ports are opened in ports.py; reading and writing is the loop's, the same for serial, TCP and simulators.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from hallq.devices.ports import open_port

SCHEMES = frozenset({"serial", "tcp", "rfc2217", "relay", "evdev", "alsa", "wav", "sim"})
WIRES = frozenset({"serial", "tcp", "rfc2217", "relay", "sim"})
SOUNDS = frozenset({"alsa", "wav", "relay", "sim"})
KEYS = frozenset({"evdev", "relay", "sim"})
PORTS = frozenset({"serial", "rfc2217", "relay"})  # end in a serial port, and take its settings
OF_PORT = {"baud", "parity", "bits", "stop"}
CHUNK = 65536
MOST_UNSENT = 1 << 20  # bytes; a peer that takes nothing is lost long before


class LinkLost(Exception):
    """Nobody there."""


@dataclass(frozen=True, slots=True)
class Link:
    scheme: str
    target: str  # path, host:port, PCM or folder
    settings: dict[str, str] = field(default_factory=dict)


def parse(url: str) -> Link:
    """ValueError names what is wrong."""
    bare, _, query = url.partition("?")
    scheme, colon, rest = bare.partition(":")
    if not colon or scheme not in SCHEMES:
        raise ValueError(f'no link: "{url}"')
    settings = dict(parse_qsl(query, strict_parsing=True)) if query else {}
    if unknown := settings.keys() - _known(scheme):
        raise ValueError(f'{", ".join(sorted(unknown))} is no setting of "{scheme}:"')
    return Link(scheme, rest.removeprefix("//") if scheme in ("tcp", "rfc2217") else rest, settings)


def _known(scheme: str) -> set[str]:
    return (OF_PORT if scheme in PORTS else set()) | ({"echo"} if scheme in WIRES - {"sim"} else set())


def byte_s(settings: dict[str, str]) -> float:
    """Seconds of one byte on a serial line, with its start and stop bits."""
    bits = 1 + int(settings.get("bits", "8")) + (settings.get("parity", "N") != "N") + float(settings.get("stop", "1"))
    return bits / int(settings.get("baud", "9600"))


def echoes(url: str) -> bool:
    """The adapter hears itself: what we send comes back."""
    return parse(url).settings.get("echo") == "1"


class Line:
    """Owns `fd`: `close` gives it back. Nothing is read before `listen`."""

    def __init__(self, fd: int, close: Callable[[], None]) -> None:
        self._fd = fd
        self._close = close
        self._loop = asyncio.get_running_loop()
        self._unsent = bytearray()
        self._room = asyncio.Event()
        self._on_data: Callable[[bytes], None] = lambda _: None
        self._on_lost: Callable[[], None] = lambda: None
        self.lost = ""  # why; empty while the line stands
        self.byte_s = 0.0  # what a byte needs on the wire, where that is known
        self.ends = True  # an empty read is the end; a USB printer's is an empty packet
        os.set_blocking(fd, False)

    def listen(self, on_data: Callable[[bytes], None], on_lost: Callable[[], None]) -> None:
        self._on_data, self._on_lost = on_data, on_lost
        self._loop.add_reader(self._fd, self._readable)

    def pause(self) -> None:
        """Nothing is read until `resume`: whoever takes the bytes has enough for now."""
        self._loop.remove_reader(self._fd)

    def resume(self) -> None:
        if not self.lost:
            self._loop.add_reader(self._fd, self._readable)

    def write(self, data: bytes) -> None:
        """Never waits; `drain` does."""
        if self.lost:
            raise LinkLost(self.lost)
        if len(self._unsent) + len(data) > MOST_UNSENT:
            self._lose("takes no bytes")
            raise LinkLost(self.lost)
        waiting = bool(self._unsent)
        self._unsent += data
        if not waiting:
            self._writable()

    async def drain(self, seconds: float) -> None:
        """Until everything written is with the kernel."""
        while self._unsent and not self.lost:
            self._room.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._room.wait()
            except TimeoutError:
                self._lose("takes no bytes")
        if self.lost:
            raise LinkLost(self.lost)

    def close(self, why: str = "closed") -> None:
        self._lose(why)

    def _readable(self) -> None:
        try:
            data = os.read(self._fd, CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._lose(error.strerror or "unplugged")
            return
        if data:
            self._on_data(data)
        elif self.ends:
            self._lose("closed by the other side")

    def _writable(self) -> None:
        try:
            sent = os.write(self._fd, self._unsent)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as error:
            self._lose(error.strerror or "unplugged")
            return
        del self._unsent[:sent]
        if self._unsent:
            self._loop.add_writer(self._fd, self._writable)
        else:
            self._loop.remove_writer(self._fd)
            self._room.set()

    def _lose(self, why: str) -> None:
        if self.lost:
            return
        self.lost = why
        self._loop.remove_reader(self._fd)
        self._loop.remove_writer(self._fd)
        self._close()
        self._room.set()
        self._on_lost()


OpenLine = Callable[[str], Awaitable[Line]]


async def open_line(url: str, seconds: float = 3.0) -> Line:
    """serial:, evdev: and tcp: links. LinkLost when there is nobody."""
    link = parse(url)
    if link.scheme == "relay":
        raise LinkLost("another machine's ports are reached by the running hub alone")
    try:
        if link.scheme in ("evdev", "serial"):
            return await _open_here(link)
        if link.scheme == "rfc2217":
            from hallq.devices.rfc2217 import open_rfc2217  # threads, for those who need them

            return await open_rfc2217(link)
        async with asyncio.timeout(seconds):
            return await _open_tcp(link)
    except (OSError, TimeoutError, ValueError) as error:  # a SerialException is an OSError; ValueError: no such baud
        raise LinkLost(_reason(error)) from None


def over_socket(sock: socket.socket) -> Line:
    return Line(sock.fileno(), sock.close)


def keep_alive(sock: socket.socket) -> None:
    """A pulled cable is noticed within seconds, whether anything is said or not."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 2)  # seconds of silence before the first probe
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 5000)  # ms until what was sent must be confirmed


async def _open_here(link: Link) -> Line:
    port = await open_port(link.scheme, link.target, link.settings)
    line = Line(port.fd, port.close)
    line.ends = port.ends
    line.byte_s = byte_s(link.settings) if link.scheme == "serial" and port.ends else 0.0
    return line


async def _open_tcp(link: Link) -> Line:
    host, _, port = link.target.rpartition(":")
    host = host.strip("[]")
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        keep_alive(sock)
        await asyncio.get_running_loop().sock_connect(sock, (host, int(port)))
    except BaseException:
        sock.close()
        raise
    return over_socket(sock)


def _reason(error: BaseException) -> str:
    if isinstance(error, TimeoutError) and not error.args:
        return "no connection in time"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
