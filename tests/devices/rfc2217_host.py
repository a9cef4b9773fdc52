"""A serial-device server (RFC 2217) with a simulated device at its port: pyserial's server side, on the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import serial
from serial.rfc2217 import PortManager, Serial

from hallq.devices.links import Line
from hallq.devices.simulators.host import SimHost


class Telnet:
    """Has what a Line has; the bytes of a device pass it unchanged, the server's own talk stays in it."""

    def __init__(self, line: Line, settings: serial.SerialBase) -> None:
        self._line = line
        self._manager = PortManager(cast("Serial", settings), cast("Serial", line))  # its stubs ask for too much

    def listen(self, on_data: Callable[[bytes], None], on_lost: Callable[[], None]) -> None:
        def arrived(data: bytes) -> None:
            if through := b"".join(self._manager.filter(data)):
                on_data(through)

        self._line.listen(arrived, on_lost)

    def write(self, data: bytes) -> None:
        self._line.write(b"".join(self._manager.escape(data)))

    def close(self) -> None:
        self._line.close()


class Rfc2217Host(SimHost):
    def start_rfc2217(self) -> str:
        self.settings = serial.serial_for_url("loop://")
        self.start_tcp()
        return self.link.replace("tcp:", "rfc2217:")

    def _adopt(self, line: Line) -> None:
        super()._adopt(Telnet(line, self.settings))  # type: ignore[arg-type]
