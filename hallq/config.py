"""hall.toml as frozen settings. What it does not know it refuses, in one line that names file, key and remedy.

Nothing is guessed at start: unknown keys, drivers and options, a port used twice and a missing place are errors.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, Field, PrivateAttr, ValidationError, create_model

from hallq.ticketing.rules import Rules
from hallq.toml_file import ConfigError as ConfigError
from hallq.toml_file import Section, explain, parse, read_toml

if TYPE_CHECKING:
    from hallq.devices.catalogue import Driver

LATER_DRIVERS = frozenset({"modbus-text", "ff68-keypad", "ff68-evaluator", "evdev-keypad", "idcard-sam"})
LATER_LINKS = frozenset({"rfc2217", "evdev", "relay"})
SOUND_LINKS = frozenset({"alsa", "wav", "sim"})
WIRE_LINKS = frozenset({"serial", "tcp", "sim"})
PLACES = ("window", "kiosk", "zone")


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{name}" is no timezone; write one such as "Asia/Shanghai"') from None
    return name


def _public_url(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", url):
        raise ValueError('write the full address that phones can reach, "https://..."')
    return url.rstrip("/")


def _database_url(url: str) -> str:
    if url.startswith(("postgresql:", "postgres:")):
        raise ValueError('PostgreSQL is not in this version; write "sqlite:///hall.db"')
    if not re.fullmatch(r"sqlite:///[^?#]+", url):
        raise ValueError('write "sqlite:///hall.db"')
    return url


def _proxy(address: str) -> str:
    ipaddress.ip_network(address)
    return address


Name = Annotated[str, Field(min_length=1, max_length=100)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]


class HallSection(Section):
    id: Id
    name: Name
    timezone: Annotated[str, AfterValidator(_timezone)] = "Asia/Shanghai"
    languages: Annotated[tuple[Literal["zh-CN", "en"], ...], Field(min_length=1)] = ("zh-CN", "en")
    catalog: Name = "catalog.toml"


class ServerSection(Section):
    host: Name = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: Annotated[str, AfterValidator(_public_url)] | None = None
    tls_cert: Name | None = None
    tls_key: Name | None = None
    trusted_proxies: tuple[Annotated[str, AfterValidator(_proxy)], ...] = ()


class DatabaseSection(Section):
    url: Annotated[str, AfterValidator(_database_url)] = "sqlite:///hall.db"


class CalendarSection(Section):
    open: Literal["hours", "always"] = "hours"


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

    def typed_options(self) -> BaseModel:
        """The options as the driver's own model, with its defaults."""
        return drivers()[self.driver].Options.model_validate(self.options)


def _rule_type(name: str, hint: Any) -> Any:
    if name == "ones":
        return Literal["一", "幺"]
    return Annotated[hint, Field(ge=0)] if hint in (int, float) else hint


def _rules_section() -> type[Section]:
    """Every field of Rules is a key, except those that [hall] and [calendar] give."""
    hints = get_type_hints(Rules)
    given = ("timezone", "always_open")
    fields: dict[str, Any] = {
        f.name: (_rule_type(f.name, hints[f.name]), f.default) for f in dataclasses.fields(Rules) if f.name not in given
    }
    return create_model("RulesSection", __base__=Section, **fields)


if TYPE_CHECKING:
    RulesSection = Section
else:
    RulesSection = _rules_section()


class Settings(Section):
    hall: HallSection
    server: ServerSection = ServerSection()
    database: DatabaseSection = DatabaseSection()
    calendar: CalendarSection = CalendarSection()
    rules_section: Annotated[RulesSection, Field(alias="rules")] = RulesSection()
    device: tuple[Device, ...] = ()
    _file: Path = PrivateAttr(default=Path("hall.toml"))

    @property
    def file(self) -> Path:
        return self._file

    def beside(self, name: str) -> Path:
        """A path of the file: relative ones are relative to the file."""
        return self._file.parent / name

    @property
    def catalog_path(self) -> Path:
        return self.beside(self.hall.catalog)

    @property
    def database_path(self) -> Path:
        return self.beside(self.database.url.removeprefix("sqlite:///"))

    @property
    def socket_path(self) -> Path:
        return self.database_path.with_name(self.database_path.name + ".sock")

    @property
    def backup_dir(self) -> Path:
        return self.database_path.parent / "backups"

    @property
    def tls(self) -> tuple[Path, Path] | None:
        """Certificate and key."""
        cert, key = self.server.tls_cert, self.server.tls_key
        return (self.beside(cert), self.beside(key)) if cert and key else None

    def rules(self) -> Rules:
        return Rules(
            timezone=ZoneInfo(self.hall.timezone),
            always_open=self.calendar.open == "always",
            **self.rules_section.model_dump(),
        )


def load_settings(path: Path) -> Settings:
    return parse_settings(read_toml(path), path)


def parse_settings(raw: dict[str, Any], path: Path) -> Settings:
    """Settings of a file's content; `path` names it in errors and is what relative paths start from."""
    settings = parse(Settings, raw, path)
    settings._file = path.absolute()
    _check_tls(settings)
    _check_devices(settings.device, path)
    return settings


def drivers() -> dict[str, type[Driver]]:
    from hallq.devices.catalogue import DRIVERS  # here, since drivers load what commands such as `user` never need

    return DRIVERS


# --- rules over the whole file


def _check_tls(settings: Settings) -> None:
    server = settings.server
    if bool(server.tls_cert) != bool(server.tls_key):
        raise ConfigError(f"{settings.file}: server.tls_cert and server.tls_key: give both or none")
    for key, path in zip(("tls_cert", "tls_key"), settings.tls or (), strict=False):
        if not path.is_file():
            raise ConfigError(f"{settings.file}: server.{key}: there is no file {path}")


def _check_devices(devices: Sequence[Device], path: Path) -> None:
    ids: set[str] = set()
    ports: dict[str, Device] = {}
    addresses: set[tuple[str, Any]] = set()
    for number, device in enumerate(devices, 1):
        try:
            if device.id in ids:
                raise ValueError("id: used twice; give each device an id of its own")
            ids.add(device.id)
            _check_driver(device)
            _check_place(device)
            _check_link(device)
            _check_port(device, ports, addresses)
        except ValueError as error:
            raise ConfigError(f"{path}: device[{number}] ({device.id}).{error}") from None


def _check_driver(device: Device) -> None:
    if device.driver in LATER_DRIVERS:
        raise ValueError(f'driver: "{device.driver}" is not in this version; remove the device')
    if device.driver not in drivers():
        raise ValueError(f'driver: unknown driver "{device.driver}"; known: {", ".join(sorted(drivers()))}')
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


def _check_link(device: Device) -> None:
    scheme, colon, rest = device.link.partition(":")
    allowed = SOUND_LINKS if device.driver == "speaker" else WIRE_LINKS
    if scheme in LATER_LINKS:
        raise ValueError(f'link: "{scheme}:" is not in this version')
    if not colon or scheme not in allowed:
        raise ValueError(f'link: "{device.link}" does not fit; {device.driver} takes {", ".join(sorted(allowed))}')
    if scheme == "tcp" and not re.fullmatch(r"//(\[[0-9A-Fa-f:]+\]|[^\s:/?#]+):\d{1,5}", rest):
        raise ValueError(f'link: "{device.link}" is incomplete; write tcp://host:port')
    if scheme in ("serial", "alsa", "wav") and not rest.partition("?")[0]:
        raise ValueError(f'link: "{device.link}" is incomplete; write {scheme}: and what it names')


def _check_port(device: Device, ports: dict[str, Device], addresses: set[tuple[str, Any]]) -> None:
    """Devices share a port only as a bus: each with an address of its own, all with the same line settings."""
    port = _port(device.link)
    if device.link == "sim:":
        return
    first = ports.setdefault(port, device)
    address = getattr(device.typed_options(), "address", None)
    if first is not device and None in (address, getattr(first.typed_options(), "address", None)):
        raise ValueError(f'link: {device.link} is already used by "{first.id}"; give each device a port of its own')
    if first.link != device.link:
        raise ValueError(f'link: write it exactly as for "{first.id}", which is on the same line: {first.link}')
    if (port, address) in addresses:
        raise ValueError(f"options.address: {address} is already used on {device.link}; give each its own")
    addresses.add((port, address))


def _port(link: str) -> str:
    """What two links have in common when they mean one port."""
    bare = link.partition("?")[0]
    scheme, _, rest = bare.partition(":")
    return f"serial:{os.path.realpath(rest)}" if scheme == "serial" else bare
