"""`hallq devices`: what is there, as blocks to paste; one device asked, tested, watched."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from json import dumps
from pathlib import Path
from typing import Annotated, Any

import typer

from hallq.cli.errors import Fault, Findings
from hallq.cli.parts import HALL_TOML, ConfigFile, say
from hallq.config import Settings, load_settings
from hallq.device_settings import check_link
from hallq.devices import discover
from hallq.devices.discover import Found
from hallq.devices.links import WIRES, LinkLost
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
RESULTS = {
    "done": "well",
    "failed": "failed; look at it",
    "unknown": "done, as far as the hub can know; look at it",
    "down": "nobody there",
    "busy": "left alone: a citizen is at its window",
}
WAYS = {"out": ">", "in": "<", "bad": "!"}
LOOK_S = 0.5


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
    used = {discover.port_of(device.link): device.id for device in settings.device}
    taken = {device.id for device in settings.device}
    for each in found:
        if (user := used.get(discover.port_of(each.link))) is not None:
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
        Found(
            KINDS[port["kind"]],
            f"relay:{relay['name']}/{port['name']}",
            f"relay {relay['name']}, {port['name']}",
            relay["state"],
        )
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
    used = {discover.port_of(link): name for name, link in named.items()}
    taken = set(named)
    for each in discover.plugged():
        if (user := used.get(discover.port_of(each.link))) is not None:
            yield f'{_title(each)}\n# lent as "{user}"'
            continue
        name = next(name for n in itertools.count(1) if (name := f"{each.kind}-{n}") not in taken)
        taken.add(name)
        yield "\n".join([_title(each), "[[port]]", f'name = "{name}"', f'link = "{each.link}"'])


def _title(found: Found) -> str:
    return f"# {found.kind} at {found.at}" + (f": {found.about}" if found.about else "")


# --- one device


@devices.command()
def probe(
    device: Annotated[str, typer.Argument(metavar="ID|LINK", help="A device, or a link: serial:/dev/ttyUSB0")],
    config: ConfigFile = HALL_TOML,
) -> None:
    """What answers there: driver, state, version and serial number as far as it tells; of a link, which driver fits."""
    settings = load_settings(config)
    if ":" in device:
        _identify(settings, device)
        return
    from hallq.wiring import one_device

    known = one_device.named(settings, device)
    found = _of_hub(settings, "device", device)
    if found is None:
        with one_device.locked(settings):
            found = asyncio.run(one_device.probe(settings, known))
    for line in _told(found):
        print(line)
    if found["state"] != "up":
        raise Findings


@devices.command()
def test(device: Annotated[str, typer.Argument(metavar="ID")], config: ConfigFile = HALL_TOML) -> None:
    """A test page, a test slip, a sentence, a beep: what it can. Exit 1 unless it says that it did."""
    from hallq.wiring import one_device

    settings = load_settings(config)
    known = one_device.named(settings, device)
    result = _of_hub(settings, "device_test", device)
    if result is None:
        with one_device.locked(settings):
            result = asyncio.run(one_device.test(settings, known))
    print(f"{device}: {RESULTS[result]}")
    if result != "done":
        raise Findings


@devices.command()
def watch(
    device: Annotated[str, typer.Argument(metavar="ID")],
    json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
    config: ConfigFile = HALL_TOML,
) -> None:
    """Its frames as they go, decoded, until Ctrl-C. Nothing personal is in them."""
    from hallq.wiring import one_device

    settings = load_settings(config)
    known = one_device.named(settings, device)
    show = _json_line if json else _line
    if _of_hub(settings, "device", device) is None:
        zone = settings.rules().timezone
        with one_device.locked(settings):
            asyncio.run(one_device.watch(settings, known, lambda frame: show(one_device.frame_json(frame, zone))))
    seen: list[Any] = []
    while (found := _of_hub(settings, "device", device)) is not None:
        now = found["frames"][::-1]
        for frame in fresh(seen, now):
            show(frame)
        seen = now
        time.sleep(LOOK_S)
    raise Fault("the hub has stopped")


@devices.command("roll-call")
def roll_call(
    turn: Annotated[str, typer.Argument(metavar="on|off")],
    zone: Annotated[str | None, typer.Option(help="Only this zone of the catalogue.")] = None,
    config: ConfigFile = HALL_TOML,
) -> None:
    """Every strip shows its own window number; it ends by itself. Windows with a citizen keep their call."""
    from hallq import admin

    if turn not in ("on", "off"):
        raise typer.BadParameter("on, or off", param_hint="on|off")
    settings = load_settings(config)
    if not admin.hub_runs(settings):
        raise Fault("no hub runs here; the strips are its own to fill")
    called = admin.ask_hub(settings, "roll_call", on=turn == "on", zone=zone)
    until = called["until"]
    print(f"{zone or 'the whole hall'}: roll call until {until[11:16]}" if until else "the roll call has ended")


def fresh(seen: list[Any], now: list[Any]) -> list[Any]:
    """What is new: both hold the last frames, the oldest first."""
    kept = next((n for n in range(min(len(seen), len(now)), 0, -1) if seen[-n:] == now[:n]), 0)
    return now[kept:]


def _of_hub(settings: Settings, op: str, device: str) -> Any:
    """None: no hub runs."""
    from hallq import admin

    return admin.ask_hub(settings, op, id=device) if admin.hub_runs(settings) else None


def _identify(settings: Settings, link: str) -> None:
    from hallq.wiring import one_device

    user = next((each.id for each in settings.device if discover.port_of(each.link) == discover.port_of(link)), None)
    if user is not None:
        raise Fault(f'{link}: used by "{user}"; ask: hallq devices probe {user}')
    if link.startswith("relay:"):
        raise Fault(f"{link}: only the hub reaches it; name it in hall.toml, then: hallq devices probe ID")
    try:
        check_link(link, "probe", WIRES - {"sim"})
        found = asyncio.run(one_device.identify(link, lambda driver: say(f"trying {driver}")))
    except ValueError as error:
        raise Fault(str(error).removeprefix("link: ")) from None
    except LinkLost as lost:
        print(f"{link}: {lost}")
        raise Findings from None
    for each in found:
        print(f'{link}: driver = "{each["driver"]}"' + "".join(f", {k} {v}" for k, v in each["detail"].items()))
    if not found:
        print(f"{link}: nothing answers; power, cable, baud rate, address?")
        raise Findings


def _told(found: dict[str, Any]) -> Iterator[str]:
    head = f"{found['id']}: {found['driver']} at {found['link']}: {found['state']}"
    yield f"{head}; {found['error']}" if found["error"] else head
    yield from (f"  {name} {value}" for name, value in found["detail"].items())
    if found["round_trip_ms"] is not None:
        yield f"  round trip {found['round_trip_ms']:.1f} ms"
    if found["bad_frames"]:
        yield f"  {found['bad_frames']} frames that are no message"
    if found.get("mark"):
        yield f"  marked as faulty: {found['mark']['note']}"


def _line(frame: dict[str, Any]) -> None:
    print(f"{frame['at'][11:23]} {WAYS[frame['way']]} {frame['words']}", flush=True)


def _json_line(frame: dict[str, Any]) -> None:
    print(dumps(frame, ensure_ascii=False), flush=True)
