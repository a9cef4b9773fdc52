"""This machine's own ports: terminals, USB printers, key events. They are opened and closed beside the loop: an adapter
that hangs at its plug holds up whoever opens or closes it, for seconds, and no other device shall wait for it.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import stat
import termios
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import serial

NO_TERMINALS = (180,)  # major numbers: USB character devices, among them usblp
EVIOCGRAB = 0x40044590  # linux/input.h: _IOW('E', 0x90, int)
_hands = ThreadPoolExecutor(32, "hallq-port")  # so many adapters may hang at once


@dataclass(frozen=True, slots=True)
class OpenPort:
    fd: int
    release: Callable[[], None]
    ends: bool = True  # an empty read is the end

    def close(self) -> None:
        """Does not wait."""
        _hands.submit(self.release)


async def open_port(scheme: str, path: str, settings: Mapping[str, str]) -> OpenPort:
    """A `serial:` or `evdev:` link's. OSError, ValueError: it is not there, or does not know the settings."""
    opening = asyncio.get_running_loop().run_in_executor(_hands, _opened, scheme, path, settings)
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_give_back)
        raise


def _give_back(opening: asyncio.Future[OpenPort]) -> None:
    if opening.exception() is None:
        opening.result().close()


def _opened(scheme: str, path: str, settings: Mapping[str, str]) -> OpenPort:
    if scheme == "evdev":
        return _keys(path)
    return _printer(path) if _is_no_terminal(path) else _terminal(path, settings)


def _terminal(path: str, settings: Mapping[str, str]) -> OpenPort:
    """pyserial opens non-blocking, and takes the port for itself."""
    port = serial.Serial(
        path,
        baudrate=int(settings.get("baud", "9600")),
        parity=settings.get("parity", "N"),
        bytesize=int(settings.get("bits", "8")),
        stopbits=float(settings.get("stop", "1")),
        timeout=0,
        write_timeout=0,
        exclusive=True,
    )

    def release() -> None:
        with suppress(termios.error, OSError):  # else the kernel waits up to 30 s for a device that takes nothing
            termios.tcflush(port.fileno(), termios.TCOFLUSH)
        with suppress(OSError):
            port.close()

    return OpenPort(port.fileno(), release)


def _is_no_terminal(path: str) -> bool:
    """/dev/usb/lp0: bytes in and out, and nothing to set."""
    mode = os.stat(path)
    return stat.S_ISCHR(mode.st_mode) and os.major(mode.st_rdev) in NO_TERMINALS


def _printer(path: str) -> OpenPort:
    """Its empty read is an empty packet, not the end."""
    fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    return OpenPort(fd, lambda: os.close(fd), ends=False)


def _keys(path: str) -> OpenPort:
    """Struct input_event's, for us alone: no key reaches the machine's own console or another program."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.ioctl(fd, EVIOCGRAB, 1)
    except OSError:
        os.close(fd)
        raise
    return OpenPort(fd, lambda: os.close(fd))
