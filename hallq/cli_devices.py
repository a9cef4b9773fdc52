"""`hallq devices`: what is there, as blocks to paste."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from hallq.cli_parts import HALL_TOML, ConfigFile
from hallq.config import Settings, load_settings
from hallq.devices import discover
from hallq.devices.discover import Found
from hallq.relay.settings import load_relay

devices = typer.Typer(no_args_is_help=True, help="Commissioning: what is there, identify, test, watch.")

RELAY_TOML = Path("relay.toml")
# kind -> lines of a [[device]] after its id; what must be chosen is said beside it
BLOCKS = {
    "serial": ('driver = "onbon-bxk"  # {drivers}', 'link = "{link}?baud=9600"', 'window = "1"'),
    "printer": ('driver = "escpos"', 'link = "{link}"', 'kiosk = "k1"'),
    "keypad": ('driver = "evdev-keypad"', 'link = "{link}"', 'window = "1"'),
    "sound": ('driver = "speaker"', 'link = "{link}"', 'zone = "1F"'),
}
KINDS = {"serial": "serial", "evdev": "keypad", "alsa": "sound", "wav": "sound"}  # of a relay's port, by its link


@devices.command("list")
def list_(
    config: ConfigFile = HALL_TOML,
    relay: Annotated[bool, typer.Option("--relay", help="Blocks for relay.toml, on another machine.")] = False,
) -> None:
    """What is plugged in, with the lines to paste; on the hub also what relays lend."""
    if relay:
        _print(_relay_blocks(RELAY_TOML if config == HALL_TOML else config))
        return
    settings = load_settings(config)
    _print(_hall_blocks(settings, [*discover.plugged(), *_lent(settings)]))


def _print(blocks: Iterator[str]) -> None:
    shown = list(blocks)
    print("\n\n".join(shown) if shown else "# nothing is plugged in here that HallQ knows")


# --- hall.toml


def _hall_blocks(settings: Settings, found: Sequence[Found]) -> Iterator[str]:
    used = {_port(device.link): device.id for device in settings.device}
    taken = {device.id for device in settings.device}
    for each in found:
        if (user := used.get(_port(each.link))) is not None:
            yield f'{_title(each)}\n# used by "{user}"'
            continue
        id = next(name for n in itertools.count(1) if (name := f"{each.kind}-{n}") not in taken)
        taken.add(id)
        lines = [line.format(link=each.link, drivers=_serial_drivers()) for line in BLOCKS[each.kind]]
        yield "\n".join([_title(each), "[[device]]", f'id = "{id}"', *lines])


def _lent(settings: Settings) -> list[Found]:
    """Ports of the relays that the running hub knows; nothing where none runs."""
    from hallq import admin

    if not admin.hub_runs(settings):
        return []
    return [
        Found(KINDS[port["kind"]], f"relay:{relay['name']}/{port['name']}", f"relay {relay['name']}", relay["state"])
        for relay in admin.ask_hub(settings, "relays")
        for port in relay["ports"]
    ]


def _serial_drivers() -> str:
    from hallq.device_settings import drivers

    return ", ".join(sorted(name for name, driver in drivers().items() if "serial" in driver.schemes))


# --- relay.toml


def _relay_blocks(path: Path) -> Iterator[str]:
    """A file that is not there yet is about to be written."""
    named: Mapping[str, str] = load_relay(path).links if path.exists() else {}
    used = {_port(link): name for name, link in named.items()}
    taken = set(named)
    for each in discover.plugged():
        if (user := used.get(_port(each.link))) is not None:
            yield f'{_title(each)}\n# lent as "{user}"'
            continue
        name = next(name for n in itertools.count(1) if (name := f"{each.kind}-{n}") not in taken)
        taken.add(name)
        yield "\n".join([_title(each), "[[port]]", f'name = "{name}"', f'link = "{each.link}"'])


def _title(found: Found) -> str:
    return f"# {found.kind} at {found.at}" + (f": {found.about}" if found.about else "")


def _port(link: str) -> str:
    """What two names of one port have in common."""
    scheme, _, rest = link.partition("?")[0].partition(":")
    return f"{scheme}:{discover.kernel_name(rest)}" if scheme in ("serial", "evdev") else f"{scheme}:{rest}"
