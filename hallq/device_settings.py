"""[[device]] of hall.toml: what no single key can know. A device that cannot work is refused before the hall opens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, ValidationError

from hallq.toml_file import ConfigError, Id, Section, explain

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from hallq.devices.catalogue import Driver
    from hallq.devices.entry import Entry

SETTABLE = frozenset({"serial", "rfc2217", "relay"})  # links that end in a serial port
SERIAL = {"baud": r"\d{2,7}", "parity": "[NEOMS]", "bits": "[5-8]", "stop": r"1|1\.5|2"}
ECHO = {"echo": "[01]"}  # of adapters that hear themselves
PLACES = ("window", "kiosk", "zone")
EFFECTS = {"printer": "print", "voice": "speak", "strip": "show", "pad": "show"}  # what the hall counts on a kind for


class Device(Section):
    id: Id
    driver: str
    link: str
    window: str | None = None
    kiosk: str | None = None
    zone: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)

    @property
    def place(self) -> dict[str, str]:
        """`{"window": "3"}`; exactly one entry."""
        return {kind: value for kind in PLACES if (value := getattr(self, kind)) is not None}

    @property
    def kind(self) -> str:
        """strip pad keypad evaluator printer voice input"""
        return drivers()[self.driver].kind()

    @property
    def effect(self) -> str:
        """print, speak, or show: what a window shows, with proof. Empty: none of these."""
        return EFFECTS.get(self.kind, "")

    def beside(self, directory: Path) -> Device:
        """The device with its paths, the link's and the options', taken from `directory`."""
        options = drivers()[self.driver].beside(self.options, directory)
        scheme, _, rest = self.link.partition(":")
        link = f"{scheme}:{directory / rest}" if scheme in ("serial", "wav", "evdev") else self.link
        return self.model_copy(update={"link": link, "options": options})

    def entry(self, hall: str, timezone: ZoneInfo) -> Entry:
        """As the fleet takes it; `hall` is the hall's name."""
        from hallq.devices.entry import Entry

        return Entry(self.id, self.driver, self.link, self.place, self.typed_options(), hall, timezone)

    def typed_options(self) -> BaseModel:
        """The options as the driver's own model, with its defaults."""
        return drivers()[self.driver].Options.model_validate(self.options)


def drivers() -> dict[str, type[Driver]]:
    from hallq.devices.catalogue import DRIVERS  # here, since drivers load what commands such as `user` never need

    return DRIVERS


def check_devices(devices: Sequence[Device], path: Path) -> None:
    ids: set[str] = set()
    ports: dict[str, Device] = {}
    addresses: set[tuple[str, str, Any]] = set()
    for number, device in enumerate(devices, 1):
        try:
            if device.id in ids:
                raise ValueError("id: used twice; give each device an id of its own")
            ids.add(device.id)
            _check_driver(device)
            device = device.model_copy(update={"options": drivers()[device.driver].beside(device.options, path.parent)})
            _check_options(device)
            _check_place(device)
            _check_fit(device)
            check_link(device.link, device.driver, drivers()[device.driver].schemes)
            _check_port(device, _port(device, path.parent), ports, addresses)
        except ValueError as error:
            raise ConfigError(f"{path}: device[{number}] ({device.id}).{error}") from None


def _check_driver(device: Device) -> None:
    if device.driver not in drivers():
        raise ValueError(f'driver: unknown driver "{device.driver}"; known: {", ".join(sorted(drivers()))}')


def _check_options(device: Device) -> None:
    options = drivers()[device.driver].Options
    try:
        options.model_validate(device.options)
    except ValidationError as error:
        raise ValueError(explain(options, error, ("options",))) from None


def _check_place(device: Device) -> None:
    allowed = drivers()[device.driver].places
    wish = " or ".join(f'{kind} = "..."' for kind in PLACES if kind in allowed)
    if len(device.place) != 1 or not allowed.issuperset(device.place):
        given = ", ".join(device.place) or "none"
        raise ValueError(f"driver: {device.driver} needs exactly one place, {wish}; given: {given}")


def _check_fit(device: Device) -> None:
    """What only driver and place together can know."""
    [place] = device.place
    if wrong := drivers()[device.driver].misfit(device.typed_options(), place):
        raise ValueError(wrong)


def check_link(link: str, taker: str, allowed: frozenset[str]) -> None:
    """Of its wording alone; ValueError says what to write."""
    scheme, colon, rest = link.partition(":")
    if not colon or scheme not in allowed:
        raise ValueError(f'link: "{link}" does not fit; {taker} takes {", ".join(sorted(allowed))}')
    target, _, settings = rest.partition("?")
    if scheme in ("tcp", "rfc2217"):
        host = re.fullmatch(r"//(\[[0-9A-Fa-f:]+\]|[^\s:/?#]+):([0-9]{1,5})", target)
        if host is None or not 0 < int(host[2]) < 1 << 16:
            raise ValueError(f'link: "{link}" is incomplete; write {scheme}://host:port, a port from 1 to 65535')
    if scheme == "relay" and not re.fullmatch(r"[^\s/?]+/[^\s?]+", target):
        raise ValueError(f'link: "{link}" is incomplete; write relay:NAME/PORT as in that machine\'s relay.toml')
    if scheme in ("serial", "alsa", "wav", "evdev") and not target:
        raise ValueError(f'link: "{link}" is incomplete; write {scheme}: and what it names')
    known = SERIAL | ECHO if scheme in SETTABLE else ECHO if scheme == "tcp" else {}
    for setting in filter(None, settings.split("&")):
        key, _, value = setting.partition("=")
        if not re.fullmatch(known.get(key, "(?!)"), value, re.ASCII):
            raise ValueError(f'link: "{setting}" is no setting; a serial port has baud=9600&parity=N&bits=8&stop=1')


def _port(device: Device, directory: Path) -> str:
    from hallq.devices.discover import port_of

    return port_of(device.beside(directory).link)


def _check_port(device: Device, port: str, ports: dict[str, Device], addresses: set[tuple[str, str, Any]]) -> None:
    """Devices share a port only as a bus: one protocol, an address each, all with the same line settings."""
    if device.link == "sim:":
        return
    first = ports.setdefault(port, device)
    address = getattr(device.typed_options(), "address", None)
    if first is not device and None in (address, getattr(first.typed_options(), "address", None)):
        raise ValueError(f'link: {device.link} is already used by "{first.id}"; give each device a port of its own')
    if drivers()[first.driver].protocol != drivers()[device.driver].protocol:
        raise ValueError(f'link: "{first.id}" on it speaks another protocol; give each a line of its own')
    if first.link != device.link:
        raise ValueError(f'link: write it exactly as for "{first.id}", which is on the same line: {first.link}')
    if (port, device.driver, address) in addresses:  # a window's keypad and evaluator may have the same one
        raise ValueError(f"options.address: {address} is already used on {device.link}; give each its own")
    addresses.add((port, device.driver, address))
