"""Serial ports of a server elsewhere (RFC 2217): pyserial's client blocks, so it lives in threads behind a socket pair.

The hub's end is a Line like any other: a server that is gone ends it, and a closed line ends the session.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

import serial
import serial.rfc2217

from hallq.devices.links import Line, Link, LinkLost, byte_s, keep_alive

ANSWER_S = 3  # of the server, for each step of the greeting
WAKE_S = 1.0  # a port that is closed at the wrong moment wakes nobody who reads from it
CHUNK = 4096


async def open_rfc2217(link: Link) -> Line:
    """LinkLost: no server, or one that does not know RFC 2217 or the port's settings."""
    loop = asyncio.get_running_loop()
    opened: asyncio.Future[Line] = loop.create_future()
    ours, theirs = socket.socketpair()

    def settle(error: Exception | None) -> None:
        if not opened.done() and error is None:
            line = Line(ours.fileno(), ours.close)
            line.byte_s = byte_s(link.settings)
            opened.set_result(line)
            return
        ours.close()  # which ends the session
        if not opened.done():
            opened.set_exception(LinkLost(str(error)))

    def tell(error: Exception | None) -> None:
        with suppress(RuntimeError):  # the hub has ended
            loop.call_soon_threadsafe(settle, error)

    threading.Thread(target=_session, args=(link, theirs, tell), name=f"rfc2217 {link.target}", daemon=True).start()
    return await opened


def _session(link: Link, hub: socket.socket, tell: Callable[[Exception | None], None]) -> None:
    with hub:
        try:
            port = _open(link)
        except Exception as error:  # of pyserial: SerialException, and what its parsing of answers may raise
            tell(error)
            return
        tell(None)
        out = threading.Thread(target=_send, args=(hub, port), name=f"rfc2217 to {link.target}", daemon=True)
        out.start()
        _receive(port, hub)
        with suppress(OSError):
            hub.shutdown(socket.SHUT_RDWR)  # wakes the other one
        out.join()


def _open(link: Link) -> serial.rfc2217.Serial:
    settings = link.settings
    port = serial.rfc2217.Serial(
        f"rfc2217://{link.target}?timeout={ANSWER_S}",
        baudrate=int(settings.get("baud", "9600")),
        parity=settings.get("parity", "N"),
        bytesize=int(settings.get("bits", "8")),
        stopbits=float(settings.get("stop", "1")),
        timeout=WAKE_S,
    )
    keep_alive(port._socket)  # type: ignore[attr-defined]  # it offers no other way
    return port


def _receive(port: serial.rfc2217.Serial, hub: socket.socket) -> None:
    """Until the server is gone, or the port is closed."""
    with suppress(OSError, serial.SerialException):
        while port.is_open:  # a server that is gone raises
            if data := port.read(1):
                hub.sendall(data + port.read(port.in_waiting))


def _send(hub: socket.socket, port: serial.rfc2217.Serial) -> None:
    """Until the hub has closed its line. Closing the port ends the other direction."""
    with suppress(OSError, serial.SerialException):
        while data := hub.recv(CHUNK):
            port.write(data)
    port.close()
