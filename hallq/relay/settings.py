"""relay.toml: the hub, this machine's name, and the ports that it lends. Strict, as hall.toml is.

The hub may open the ports that stand here and no others.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, PrivateAttr

from hallq.toml_file import ConfigError, Id, Section, parse, read_toml

LENT = ("serial", "evdev", "alsa", "wav")  # links that a port may have


def _hub_url(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#@]+", url):
        raise ValueError('write the hub\'s address without a path, "http://192.168.1.10:8080"')
    return url


def _lent(link: str) -> str:
    scheme, _, rest = link.partition(":")
    if scheme not in LENT or not rest:
        raise ValueError(f'"{link}" cannot be lent; a port\'s link begins with {", ".join(f"{s}:" for s in LENT)}')
    if "?" in rest:
        raise ValueError(f'"{link}": baud and the like stand in hall.toml, relay:NAME/PORT?baud=9600')
    return link


class HubSection(Section):
    url: Annotated[str, AfterValidator(_hub_url)]
    ca: Annotated[str, Field(min_length=1)] | None = None  # of an https hub whose certificate is the hall's own
    token_file: Annotated[str, Field(min_length=1)] = "relay.token"


class PortSection(Section):
    name: Id
    link: Annotated[str, AfterValidator(_lent)]


class RelaySettings(Section):
    name: Id
    hub: HubSection
    port: Annotated[tuple[PortSection, ...], Field(min_length=1)]
    _file: Path = PrivateAttr(default=Path("relay.toml"))

    @property
    def token_path(self) -> Path:
        return self._file.parent / self.hub.token_file

    @property
    def ca_path(self) -> Path | None:
        return self._file.parent / self.hub.ca if self.hub.ca else None

    @property
    def links(self) -> dict[str, str]:
        """Port -> its link here; paths are relative to the file."""
        return {port.name: _beside(self._file.parent, port.link) for port in self.port}


def load_relay(path: Path) -> RelaySettings:
    if not path.is_file():
        raise ConfigError(f"{path}: there is no such file; hallq devices list --relay shows what it can name")
    settings = parse(RelaySettings, read_toml(path), path)
    settings._file = path.absolute()
    _check(settings, path)
    return settings


def _check(settings: RelaySettings, path: Path) -> None:
    names = [port.name for port in settings.port]
    for number, port in enumerate(settings.port, 1):
        if names.index(port.name) != number - 1:
            raise ConfigError(f'{path}: port[{number}].name: "{port.name}" stands twice; give each port its own')
    if settings.ca_path is not None and not settings.ca_path.is_file():
        raise ConfigError(f"{path}: hub.ca: there is no file {settings.ca_path}")


def _beside(folder: Path, link: str) -> str:
    scheme, _, rest = link.partition(":")
    return link if scheme == "alsa" else f"{scheme}:{folder / rest}"
