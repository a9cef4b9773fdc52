"""hall.toml as frozen settings. What it does not know it refuses, in one line that names file, key and remedy.

Nothing is guessed at start: unknown keys, drivers and options, a port used twice and a missing place are errors.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PrivateAttr, create_model

from hallq.device_settings import Device as Device
from hallq.device_settings import check_devices
from hallq.displays import loudness, voice
from hallq.slips import Templates, load
from hallq.ticketing.rules import Rules
from hallq.toml_file import ConfigError as ConfigError
from hallq.toml_file import Id, Section, parse, read_toml


def timezone_name(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{name}" is no timezone; write one such as "Asia/Shanghai"') from None
    return name


def _public_url(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", url):
        raise ValueError('write the full address that phones can reach, "https://..."')
    return url.rstrip("/")


def _webhook_url(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s#]+", url):
        raise ValueError('write the full address that takes the events, "https://..."')
    return url


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


class HallSection(Section):
    id: Id
    name: Name
    timezone: Annotated[str, AfterValidator(timezone_name)] = "Asia/Shanghai"
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


class WebhookSection(Section):
    """Another system that is told what happened (docs/webhooks.md)."""

    name: Id
    url: Annotated[str, AfterValidator(_webhook_url)]
    secret_file: Name
    events: Annotated[tuple[Literal["rating", "visit.finished", "outcome.recorded"], ...], Field(min_length=1)]
    adapter: Id = "signed-json"


SPOKEN = {"letters": voice.letters, "volume_by_hour": loudness.volumes, "quiet_hours": loudness.spans}  # its reader


def _spoken(reader: Callable[[str], object]) -> Callable[[str], str]:
    def checked(setting: str) -> str:
        reader(setting)
        return setting

    return checked


def _rule_type(name: str, hint: Any) -> Any:
    if name == "ones":
        return Literal["一", "幺"]
    if name == "at_noon":
        return Literal["finish", "carry", "rota"]
    if name in SPOKEN:
        return Annotated[str, AfterValidator(_spoken(SPOKEN[name]))]
    if name == "call_times":
        return Annotated[int, Field(ge=1, le=3)]
    return Annotated[hint, Field(ge=0)] if hint in (int, float) else hint


def _rules_section() -> type[Section]:
    """Every field of Rules is a key, except those that [hall] and [calendar] give, and the policy: only a simulation
    has another."""
    hints = get_type_hints(Rules)
    given = ("timezone", "always_open", "policy")
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
    webhook: tuple[WebhookSection, ...] = ()
    _file: Path = PrivateAttr(default=Path("hall.toml"))
    _slips: Templates = PrivateAttr(default_factory=dict)

    @property
    def file(self) -> Path:
        return self._file

    @property
    def slips(self) -> Templates:
        """The hall's own templates of paper slips, by name."""
        return self._slips

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
    _check_webhooks(settings)
    check_devices(settings.device, path)
    settings._slips = load(settings.file.parent)
    resolved = tuple(device.beside(settings.file.parent) for device in settings.device)
    return settings.model_copy(update={"device": resolved})


def _check_tls(settings: Settings) -> None:
    server = settings.server
    if bool(server.tls_cert) != bool(server.tls_key):
        raise ConfigError(f"{settings.file}: server.tls_cert and server.tls_key: give both or none")


def _check_webhooks(settings: Settings) -> None:
    names = [hook.name for hook in settings.webhook]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigError(f'{settings.file}: webhook.name: "{twice}" stands twice; give each its own')
