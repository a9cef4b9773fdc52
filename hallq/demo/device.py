"""One simulated device of the demo: its line, its place, and the faults that may be tried on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hallq.devices.simulators.base import Simulator
from hallq.devices.simulators.bus import SimBus
from hallq.devices.simulators.card_reader import FAULTS as READER_FAULTS
from hallq.devices.simulators.card_reader import SimCardReader
from hallq.devices.simulators.ff68 import SimEvaluator, SimKeypad
from hallq.devices.simulators.host import LINE_FAULTS, SimHost
from hallq.devices.simulators.modbus import SimModbus
from hallq.devices.simulators.printer import SimPrinter
from hallq.devices.simulators.strip import SimStrip
from hallq.devices.simulators.usb_keypad import SimUsbKeypad
from hallq.kernel import Refused

LAST_BYTES = 64
KEYS = ("stuck", "deaf", "wrong-sum")
DISPLAY = ("refuse", "power")
OWN_FAULTS: dict[type[Simulator], tuple[str, ...]] = {
    SimStrip: DISPLAY,
    SimModbus: DISPLAY,
    SimPrinter: ("paper_low", "paper_out", "cover_open", "cutter"),
    SimKeypad: KEYS,
    SimEvaluator: KEYS,
    SimUsbKeypad: ("stuck",),
    SimCardReader: READER_FAULTS,
}
Json = dict[str, Any]


class Tapped(SimHost):
    """Keeps what came over the wire last, for the page to show."""

    last = b""

    def _heard(self, data: bytes) -> None:
        self.last = (self.last + data)[-LAST_BYTES:]
        super()._heard(data)


@dataclass
class Device:
    id: str
    driver: str
    place_kind: str  # window kiosk zone
    place: str
    link: str
    host: Tapped | None = None  # None: the machine's own loudspeaker, which is no simulator
    simulator: Simulator | None = None
    options: Json = field(default_factory=dict)
    own_faults: set[str] = field(default_factory=set)
    torn: Json | None = None  # the last slip that was torn off
    staff_no: str = ""  # a pad's: of the clerk whose window it is
    rated: int = 0  # an evaluator's: how many of its questions were answered

    @property
    def bus(self) -> SimBus | None:
        """The line that it shares with others."""
        return self.host.device if self.host and isinstance(self.host.device, SimBus) else None

    @property
    def faults(self) -> set[str]:
        return self.own_faults | (self.host.faults if self.host else set())

    def offers(self) -> Iterator[str]:
        """On a shared line the line's own faults are everybody's; pulling it is the line's."""
        if self.host is not None:
            yield from ("mute",) if self.bus else LINE_FAULTS
        yield from OWN_FAULTS.get(type(self.simulator), ()) if self.simulator else ()

    def fault(self, name: str, on: bool) -> None:
        if name not in self.offers() or self.host is None or self.simulator is None:
            raise Refused("invalid", field="name")
        if self.bus is None and name in LINE_FAULTS:
            self.host.fault(name, on)
            return
        if on == (name in self.own_faults):
            return
        (self.own_faults.add if on else self.own_faults.discard)(name)
        if self.bus is not None and name == "mute":
            self.bus.silence(self.id, on)
        else:
            self.simulator.fault(name, on)
            self.simulator.changed()

    def toml(self) -> str:
        options = ", ".join(f"{key} = {_value(value)}" for key, value in self.options.items())
        return (
            f'[[device]]\nid = "{self.id}"\ndriver = "{self.driver}"\nlink = "{self.link}"\n'
            f'{self.place_kind} = "{self.place}"\n'
        ) + (f"options = {{ {options} }}\n" if options else "")


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f'{key} = "{each}"' for key, each in value.items()) + " }"
    return str(value) if isinstance(value, int) else f'"{value}"'
