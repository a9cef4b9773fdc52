"""The demo's devices: which simulator hangs where and on what line, and how each looks as the bytes left it.

Strips and pads alternate between pseudo-terminals and TCP ports, as a real hall mixes serial lines and networks.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hallq.catalog import Catalog
from hallq.demo import sound, views
from hallq.devices.simulators.base import Simulator
from hallq.devices.simulators.host import LINE_FAULTS, SimHost
from hallq.devices.simulators.pad import SimPad
from hallq.devices.simulators.printer import SimPrinter
from hallq.devices.simulators.speech import SimSpeechChip
from hallq.devices.simulators.strip import SimStrip
from hallq.kernel import Refused

PADS_PER_FLOOR = 2
CHIPS = ("syn6658", "syn6288", "xfs5152")  # floor by floor
PAPER_FAULTS = ("paper_low", "paper_out", "cover_open")
LAST_BYTES = 64
SOUNDS = "sound"
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
    host: Tapped | None  # None: the machine's own loudspeaker, which is no simulator
    link: str
    faults: set[str] = field(default_factory=set)
    torn: Json | None = None  # the last slip that was torn off
    staff_no: str = ""  # a pad's: of the clerk whose window it is

    @property
    def simulator(self) -> Simulator | None:
        return self.host.device if self.host else None


class House:
    def __init__(self, catalog: Catalog, folder: Path) -> None:
        self._folder = folder
        self.sounds = folder / SOUNDS
        self._count = 0
        self.devices: list[Device] = []
        for window in catalog.window:
            self._add("led", "onbon-bxk", "window", window.no, SimStrip())
        for no in _pads(catalog):
            pad = self._add("pad", "eval-pad", "window", no, SimPad(serial=f"pad-{no}"))
            pad.staff_no = next((clerk.staff_no for clerk in catalog.staff if clerk.window == no), None) or ""
        for kiosk in catalog.kiosk:
            self._add("printer", "escpos", "kiosk", kiosk.id, SimPrinter())
        for zone, chip in zip(catalog.zones(), CHIPS, strict=False):
            self._voice(zone.code, chip)
        self._by_place = {(device.driver, device.place): device for device in self.devices}

    @classmethod
    @asynccontextmanager
    async def opened(cls, catalog: Catalog, folder: Path) -> AsyncIterator[House]:
        """Every device on its line, until the block ends."""
        (folder / "lines").mkdir(exist_ok=True)
        house = cls(catalog, folder)
        try:
            yield house
        finally:
            for device in house.devices:
                if device.host is not None:
                    await device.host.stop()

    def toml(self) -> str:
        """The devices' part of hall.toml."""
        return "\n".join(
            f'[[device]]\nid = "{device.id}"\ndriver = "{device.driver}"\nlink = "{device.link}"\n'
            f'{device.place_kind} = "{device.place}"\n'
            for device in self.devices
        )

    def _add(self, kind: str, driver: str, place_kind: str, place: str, simulator: Simulator) -> Device:
        host = Tapped(simulator)
        name = f"{kind}-{place}"
        self._count += 1
        link = host.start_tcp() if self._count % 2 else host.start_pty(self._folder / "lines" / name)
        device = Device(name, driver, place_kind, place, host, link)
        self.devices.append(device)
        return device

    def _voice(self, zone: str, chip: str) -> None:
        """The first floor speaks with the machine's own voice, if it has one."""
        if zone == "1F" and shutil.which("espeak-ng"):
            self.devices.append(Device(f"voice-{zone}", "speaker", "zone", zone, None, f"wav:{SOUNDS}"))
        else:
            self._add("voice", chip, "zone", zone, SimSpeechChip(chip))

    # -- looking

    def get(self, name: str, kind: type[Simulator] = Simulator) -> Device:
        for device in self.devices:
            if device.id == name and isinstance(device.simulator, kind):
                return device
        raise Refused("not_found", what="device", id=name)

    def view(self, device: Device) -> Json:
        """As the page draws it."""
        shape = {
            "id": device.id,
            "place": device.place,
            "link": device.link.replace(f"{self._folder}/", ""),
            "hex": device.host.last.hex(" ").upper() if device.host else "",
            "faults": sorted(device.faults),
            "offers": [*self._offers(device)],
        }
        match device.simulator:
            case SimStrip() as strip:
                return shape | views.strip(strip.state())
            case SimPad() as pad:
                return shape | views.pad(pad.state()) | {"staff_no": device.staff_no}
            case SimPrinter() as printer:
                return shape | views.printer(printer.state(), device.torn)
            case SimSpeechChip() as chip:
                return shape | views.voice(chip.state())
            case _:
                return shape | {"kind": "speaker", "sound": sound.newest(self.sounds)}

    def _offers(self, device: Device) -> Iterator[str]:
        if device.host is not None:
            yield from LINE_FAULTS
        if isinstance(device.simulator, SimPrinter):
            yield from PAPER_FAULTS

    # -- hands

    def fault(self, device: Device, name: str, on: bool) -> None:
        if name not in self._offers(device) or device.host is None:
            raise Refused("invalid", field="name")
        (device.faults.add if on else device.faults.discard)(name)
        device.host.fault(name, on)

    def tear(self, kiosk: str) -> None:
        """Somebody takes the paper that hangs out of a kiosk's printer."""
        device = self._by_place["escpos", kiosk]
        assert device.simulator is not None
        slips = device.simulator.state()["slips"]
        device.torn = slips[-1] if slips else None

    def has_pad(self, no: str) -> bool:
        return ("eval-pad", no) in self._by_place

    def pad(self, no: str) -> SimPad | None:
        device = self._by_place.get(("eval-pad", no))
        return device.simulator if device and isinstance(device.simulator, SimPad) else None

    def asks_for_rating(self, no: str) -> bool:
        pad = self.pad(no)
        return pad is not None and pad.state()["screen"] == "rate"

    def rate(self, no: str, level: int) -> None:
        if (pad := self.pad(no)) is not None:
            pad.rate(level)

    def give_reasons(self, no: str, reasons: Sequence[str]) -> None:
        if (pad := self.pad(no)) is not None:
            pad.submit(tuple(reasons))


def _pads(catalog: Catalog) -> Iterator[str]:
    """At windows with a clerk, spread over the floors; one of them is the window that the tour names."""
    staffed = {clerk.window for clerk in catalog.staff}
    for zone in catalog.zones():
        windows = [window.no for window in catalog.window if window.zone == zone.code and window.no in staffed]
        yield from windows[len(windows) // 6 :: max(1, len(windows) // PADS_PER_FLOOR)][:PADS_PER_FLOOR]
