"""The demo's devices: which simulator hangs where and on what line, how each looks as the bytes left it, and what is
done to them by hand.

Strips and pads alternate between pseudo-terminals and TCP ports, as a real hall mixes serial lines and networks. On the
second floor two lines are shared; the kiosk of the third lends its devices as a relay.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from hallq.catalog import Catalog
from hallq.demo import people, sound, views
from hallq.demo.device import Device, Tapped
from hallq.demo.lender import Lender
from hallq.devices.drivers import modbus_profile
from hallq.devices.drivers.ff68 import LEVELS
from hallq.devices.fleet import Fleet
from hallq.devices.simulators.base import Simulator
from hallq.devices.simulators.bus import SimBus
from hallq.devices.simulators.card_reader import SimCardReader
from hallq.devices.simulators.ff68 import SimEvaluator, SimKeypad
from hallq.devices.simulators.modbus import SimModbus
from hallq.devices.simulators.pad import SimPad
from hallq.devices.simulators.printer import SimPrinter
from hallq.devices.simulators.speech import SimSpeechChip
from hallq.devices.simulators.strip import SimStrip
from hallq.devices.simulators.usb_keypad import SimUsbKeypad
from hallq.kernel import Refused

PADS_PER_FLOOR = 2
CHIPS = ("syn6658", "syn6288", "xfs5152")  # floor by floor
KEYPADS = ("13", "14")  # windows whose clerk has a keypad, and whose citizen buttons, all on one line
ONE_LINE = ("19", "20", "21", "22")  # windows whose strips share a line
DIGITS = {"23": "led-485"}  # windows with a display of digits, by its register map
READERS = ("k1",)
LENT = "k3"  # the kiosk that is a machine of its own
BUTTONS = {"KP1": "house-search", "KP2": "tax-invoice", "KP3": "shop-licence"}  # its push-button dispenser
VALUES = {level: int(value) for value, level in LEVELS.items()}  # of an evaluator's buttons
LIVELIEST = 0.2  # tempo of what answers back: shorter waits would be taken for silence on a busy machine
SOUNDS = "sound"
Json = dict[str, Any]


class Group(NamedTuple):
    """Devices that fail together."""

    id: str
    kind: str  # switch line relay
    place: str  # floor, or machine
    devices: tuple[Device, ...]
    lender: Lender | None = None

    @property
    def is_out(self) -> bool:
        return self.lender.is_out if self.lender else all("unplug" in device.faults for device in self.devices)

    def unplug(self, on: bool) -> None:
        if self.lender is not None:
            (self.lender.unplug if on else self.lender.plug)()
            return
        for host in {id(device.host): device.host for device in self.devices}.values():
            if host is not None:
                host.fault("unplug", on)


class House:
    def __init__(self, catalog: Catalog, folder: Path) -> None:
        self._folder = folder
        self._floors = {zone.code: zone.floor for zone in catalog.zones()}
        self._zones = {window.no: window.zone for window in catalog.window}
        self._zones |= {kiosk.id: kiosk.zone for kiosk in catalog.kiosk} | {code: code for code in self._floors}
        self.sounds = folder / SOUNDS
        self.lender = Lender(f"kiosk-{LENT}")
        self._count = 0
        self.devices: list[Device] = []
        self.cards = people.holders(date.today())
        self.lying: dict[str, str] = {}  # reader -> code of the card on it
        self._windows(catalog)
        self._kiosks(catalog)
        for zone, chip in zip(catalog.zones(), CHIPS, strict=False):
            self._voice(zone.code, chip)
        self._by_id = {device.id: device for device in self.devices}
        self._by_place = {(device.driver, device.place): device for device in self.devices}
        self.groups = {group.id: group for group in self._grouped()}

    @classmethod
    @asynccontextmanager
    async def opened(cls, catalog: Catalog, folder: Path) -> AsyncIterator[House]:
        """Every device on its line, until the block ends."""
        (folder / "lines").mkdir(exist_ok=True)
        house = cls(catalog, folder)
        try:
            yield house
        finally:
            await house.lender.stop()
            for host in {id(device.host): device.host for device in house.devices}.values():
                if host is not None:
                    await host.stop()

    def toml(self) -> str:
        """The devices' part of hall.toml."""
        return "\n".join(device.toml() for device in self.devices)

    # -- building

    def _windows(self, catalog: Catalog) -> None:
        known = [window.no for window in catalog.window]
        for no in known:
            if no in DIGITS:
                display = SimModbus(profile=modbus_profile.load(DIGITS[no]))
                self._add("digits", "modbus-text", "window", no, display, profile=DIGITS[no])
            elif no not in ONE_LINE:
                self._add("led", "onbon-bxk", "window", no, SimStrip())
        strips = [(no, "led", "onbon-bxk", SimStrip(address=n)) for n, no in enumerate(ONE_LINE, 1) if no in known]
        self._share("strips", strips)
        for no in _pads(catalog):
            pad = self._add("pad", "eval-pad", "window", no, SimPad(serial=f"pad-{no}"))
            pad.staff_no = next((clerk.staff_no for clerk in catalog.staff if clerk.window == no), None) or ""
        desks = [(n, no) for n, no in enumerate(KEYPADS, 1) if no in known]
        keypads = [(no, "keys", "ff68-keypad", SimKeypad(address=n)) for n, no in desks]
        # an evaluator with its keypad's address would also start by the echo of that one's key
        buttons = [(no, "buttons", "ff68-evaluator", SimEvaluator(address=10 + n)) for n, no in desks]
        self._share("desks", [*keypads, *buttons])

    def _kiosks(self, catalog: Catalog) -> None:
        services = {service.code for service in catalog.service}
        keys = {key: service for key, service in BUTTONS.items() if service in services}
        for kiosk in catalog.kiosk:
            lent = kiosk.id == LENT
            self._add("printer", "escpos", "kiosk", kiosk.id, SimPrinter(), lent=lent)
            if kiosk.id in READERS or lent:
                self._add("reader", "idcard-sam", "kiosk", kiosk.id, SimCardReader(), lent=lent)
            if lent and keys:
                self._add("box", "evdev-keypad", "kiosk", kiosk.id, SimUsbKeypad(), lent=True, keys=keys)

    def _add(
        self, kind: str, driver: str, place_kind: str, place: str, simulator: Simulator, *, lent: bool = False,
        **options: Any,
    ) -> Device:  # fmt: skip
        host = Tapped(simulator)
        name = f"{kind}-{place}"
        self._count += 1
        if lent or self._count % 2 == 0:
            link = host.start_pty(self._folder / "lines" / name)
        else:
            host.address = f"127.0.{self._floor(place)}.1"  # a network of its own for each floor's switch
            link = host.start_tcp()
        if lent:
            self.lender.ports[kind], link = link, f"relay:{self.lender.name}/{kind}"
        device = Device(name, driver, place_kind, place, link, host, simulator, options)
        self.devices.append(device)
        return device

    def _share(self, name: str, wired: Sequence[tuple[str, str, str, Any]]) -> None:
        """Several devices on one line, each with its address."""
        if not wired:
            return
        host = Tapped(SimBus({f"{kind}-{no}": simulator for no, kind, _, simulator in wired}))
        link = host.start_pty(self._folder / "lines" / name)
        for no, kind, driver, simulator in wired:
            options = {"address": simulator.state()["address"]}
            self.devices.append(Device(f"{kind}-{no}", driver, "window", no, link, host, simulator, options))

    def _voice(self, zone: str, chip: str) -> None:
        """The first floor speaks with the machine's own voice, if it has one."""
        if zone == "1F" and shutil.which("espeak-ng"):
            self.devices.append(Device(f"voice-{zone}", "speaker", "zone", zone, f"wav:{SOUNDS}"))
        else:
            self._add("voice", chip, "zone", zone, SimSpeechChip(chip))

    def _floor(self, place: str) -> int:
        return self._floors[self._zones[place]]

    def _grouped(self) -> Iterator[Group]:
        for floor in sorted(set(self._floors.values())):
            wired = [each for each in self.devices if each.link.startswith(f"tcp://127.0.{floor}.")]
            yield Group(f"switch-{floor}", "switch", str(floor), tuple(wired))
        for name in ("desks", "strips"):
            on_it = tuple(each for each in self.devices if each.bus and each.link.endswith(f"lines/{name}"))
            if on_it:
                yield Group(f"line-{name}", "line", str(self._floor(on_it[0].place)), on_it)
        lent = tuple(each for each in self.devices if each.link.startswith("relay:"))
        if lent:
            yield Group("relay", "relay", self.lender.name, lent, self.lender)

    # -- looking

    def get(self, name: str, *kinds: type[Simulator]) -> Device:
        device = self._by_id.get(name)
        if device is None or not isinstance(device.simulator, kinds or Simulator):
            raise Refused("not_found", what="device", id=name)
        return device

    def view(self, device: Device) -> Json:
        """As the page draws it."""
        shape = {
            "id": device.id,
            "place": device.place,
            "at": device.place_kind,
            "floor": self._floor(device.place),
            "link": device.link.replace(f"{self._folder}/", ""),
            "hex": device.host.last.hex(" ").upper() if device.host else "",
            "faults": sorted(device.faults),
            "offers": [*device.offers()],
            "shared": device.bus is not None,
        }
        match device.simulator:
            case SimStrip() as strip:
                return shape | views.strip(strip.state())
            case SimModbus() as display:
                return shape | views.digits(display.state())
            case SimPad() as pad:
                return shape | views.pad(pad.state()) | {"staff_no": device.staff_no}
            case SimPrinter() as printer:
                return shape | views.printer(printer.state(), device.torn)
            case SimSpeechChip() as chip:
                return shape | views.voice(chip.state())
            case SimKeypad() as keypad:
                return shape | views.keypad(keypad.state())
            case SimEvaluator() as buttons:
                return shape | views.evaluator(buttons.state(), device.rated, VALUES)
            case SimUsbKeypad() as box:
                return shape | views.box(box.state(), device.options["keys"])
            case SimCardReader() as reader:
                return shape | views.reader(reader.state(), self.lying.get(device.id, ""))
            case _:
                return shape | {"kind": "speaker", "sound": sound.newest(self.sounds)}

    def find(self, driver: str, place: str) -> Device | None:
        return self._by_place.get((driver, place))

    # -- hands

    def pace(self, speed: float, fleet: Fleet) -> None:
        """Devices and their drivers as fast as the hall's clock; what asks and answers at most five times."""
        lively = max(1 / speed, LIVELIEST)
        for device in self.devices:
            if isinstance(device.simulator, SimPrinter | SimSpeechChip):
                device.simulator.pace(1 / speed)
            elif device.simulator is not None:
                device.simulator.pace(lively)
            fleet.pace(device.id, lively if device.simulator else 1 / speed)

    def heal(self) -> None:
        for group in self.groups.values():
            if group.is_out:
                group.unplug(False)
        for device in self.devices:
            for name in sorted(device.faults & {*device.offers()}):
                device.fault(name, False)

    def tear(self, kiosk: str) -> None:
        """Somebody takes the paper that hangs out of a kiosk's printer."""
        device = self._by_place["escpos", kiosk]
        assert device.simulator is not None
        slips = device.simulator.state()["slips"]
        device.torn = slips[-1] if slips else None

    def put_card(self, device: Device, code: str) -> None:
        """Onto the reader; no code: whoever's card lies there is lifted."""
        assert isinstance(device.simulator, SimCardReader)
        if not code:
            self.lying.pop(device.id, None)
            device.simulator.lift()
            return
        if code not in self.cards:
            raise Refused("not_found", what="card", id=code)
        self.lying[device.id] = code
        device.simulator.put(self.cards[code].card)

    def asks_for_rating(self, no: str) -> bool:
        pad, buttons = self.find("eval-pad", no), self.find("ff68-evaluator", no)
        if pad is not None and pad.simulator is not None:
            return bool(pad.simulator.state()["screen"] == "rate")
        return isinstance(buttons, Device) and _asked(buttons) > buttons.rated

    def rate(self, no: str, level: int) -> None:
        pad, buttons = self.find("eval-pad", no), self.find("ff68-evaluator", no)
        if pad is not None and isinstance(pad.simulator, SimPad):
            pad.simulator.rate(level)
        elif buttons is not None and isinstance(buttons.simulator, SimEvaluator):
            buttons.rated = _asked(buttons)
            if level in VALUES:
                buttons.simulator.press(VALUES[level])

    def give_reasons(self, no: str, reasons: Sequence[str]) -> None:
        pad = self.find("eval-pad", no)
        if pad is not None and isinstance(pad.simulator, SimPad):
            pad.simulator.submit(tuple(reasons))


def _asked(buttons: Device) -> int:
    assert buttons.simulator is not None
    return int(buttons.simulator.state()["asked"])


def _pads(catalog: Catalog) -> Iterator[str]:
    """At windows with a clerk, spread over the floors; one of them is the window that the tour names."""
    staffed = {clerk.window for clerk in catalog.staff}
    for zone in catalog.zones():
        windows = [window.no for window in catalog.window if window.zone == zone.code and window.no in staffed]
        yield from windows[len(windows) // 6 :: max(1, len(windows) // PADS_PER_FLOOR)][:PADS_PER_FLOOR]
