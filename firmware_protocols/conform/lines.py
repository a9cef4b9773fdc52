"""The bench's end of a link, without an event loop: bytes out, bytes in within a time."""

import importlib
import re
import select
import socket
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import parse_qsl

CONNECT_S = 5.0
CHUNK = 65536


class LineLost(Exception):
    """The other end closed it, or it was pulled."""


class Line(Protocol):
    def write(self, data: bytes) -> None: ...

    def read(self, seconds: float) -> bytes:
        """What comes within the time, at the latest; empty: nothing."""
        ...

    def close(self) -> None: ...


def opener(link: str) -> Callable[[], Line]:
    """`tcp://host:port`, or `serial:PATH?baud=115200&parity=N` (needs pyserial). ValueError: neither."""
    if found := re.fullmatch(r"tcp://(.+):(\d{1,5})", link):
        return lambda: _Tcp(found[1].strip("[]"), int(found[2]))
    if link.startswith("serial:"):
        path, _, query = link.removeprefix("serial:").partition("?")
        settings = dict(parse_qsl(query, strict_parsing=True)) if query else {}
        baud, parity = int(settings.pop("baud", "115200")), settings.pop("parity", "N")
        if path and not settings:
            return lambda: _Serial(path, baud, parity)
    raise ValueError(f"no link for this: {link}; write tcp://host:port or serial:PATH?baud=115200")


class _Tcp:
    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), CONNECT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise LineLost(error.strerror or "not written") from None

    def read(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self._socket], [], [], max(0.0, seconds))
        if not ready:
            return b""
        try:
            data = self._socket.recv(CHUNK)
        except OSError as error:
            raise LineLost(error.strerror or "not read") from None
        if not data:
            raise LineLost("closed by the other side")
        return data

    def close(self) -> None:
        self._socket.close()


class _Serial:
    def __init__(self, path: str, baud: int, parity: str) -> None:
        try:
            serial: Any = importlib.import_module("serial")
        except ImportError:
            raise OSError("a serial link needs pyserial: pip install pyserial") from None
        self._port = serial.Serial(path, baud, parity=parity, timeout=0, exclusive=True)

    def write(self, data: bytes) -> None:
        try:
            self._port.write(data)
            self._port.flush()
        except OSError as error:
            raise LineLost(str(error)) from None

    def read(self, seconds: float) -> bytes:
        try:
            select.select([self._port], [], [], max(0.0, seconds))
            return bytes(self._port.read(CHUNK))
        except OSError as error:
            raise LineLost(str(error)) from None

    def close(self) -> None:
        self._port.close()
