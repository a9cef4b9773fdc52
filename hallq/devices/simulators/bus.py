"""Several simulated devices on one line: each hears every byte, and answers to its own address.

Stands behind a SimHost like a single device does; `silence` makes one of them mute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from hallq.devices.simulators.base import Simulator


class SimBus(Simulator):
    def __init__(self, devices: Mapping[str, Simulator]) -> None:
        """By the names that the hall gives them. All speak one protocol."""
        first = next(iter(devices.values()))
        self.protocol = first.protocol  # type: ignore[misc]  # one class for all protocols
        super().__init__(first.tempo)
        self.devices = dict(devices)
        self._mute: set[str] = set()

    def silence(self, name: str, on: bool = True) -> None:
        """It hears, but is not heard."""
        (self._mute.add if on else self._mute.discard)(name)

    def pace(self, tempo: float) -> None:
        super().pace(tempo)
        for device in self.devices.values():
            device.pace(tempo)

    def state(self) -> dict[str, Any]:
        return {"kind": "bus", "devices": {name: device.state() for name, device in self.devices.items()}}

    def attach(self, say: Callable[[bytes], None]) -> None:
        for name, device in self.devices.items():
            device.attach(partial(self._said, name, say))

    def plugged(self) -> None:
        for device in self.devices.values():
            device.plugged()

    def unplugged(self) -> None:
        for device in self.devices.values():
            device.unplugged()

    def take(self, data: bytes) -> None:
        for device in self.devices.values():
            device.take(data)
        self.changed()

    def stop(self) -> None:
        for device in self.devices.values():
            device.stop()

    def _said(self, name: str, say: Callable[[bytes], None], data: bytes) -> None:
        if name not in self._mute:
            say(data)
