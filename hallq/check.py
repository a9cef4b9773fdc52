"""`hallq check`: everything that would go wrong tomorrow morning, found today. One line per finding."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlmodel import select

from hallq import admin
from hallq.catalog import imported, load_catalog
from hallq.config import ConfigError, Device, Settings
from hallq.kernel import SystemClock
from hallq.slips import FOLDER
from hallq.store import take_lock
from hallq.ticketing.model import Category, Kiosk, Service, Window, Zone

if TYPE_CHECKING:
    from hallq.devices.driver import Shown
    from hallq.devices.entry import Health
    from hallq.devices.inputs import Answer, Input

OPENING = 12.0  # seconds: the slowest device has answered, or nobody is there
MIN_FREE = 500_000_000  # bytes; with less the hub reports itself as not ready
WINDOWS, KIOSKS, ZONES, SERVICES = select(Window), select(Kiosk), select(Zone), select(Service)
NAMED = (select(Service.name), select(Zone.name), select(Category.name))  # what slips name
Known = Mapping[str, set[str]]  # kind of place -> the names that there are


class Finding(NamedTuple):
    ok: bool
    what: str
    text: str


def check(settings: Settings) -> Iterator[Finding]:
    yield Finding(True, "settings", str(settings.file))
    known = _imported_places(settings)
    yield _catalog(settings, known)
    yield from _channels(settings, known)
    yield from _tls(settings)
    yield _disk(settings)
    yield _fonts()
    yield _slips(settings, known)
    yield _voice(settings)
    yield from _clips(settings)
    yield from _buttons(settings, known)
    if admin.hub_runs(settings):
        yield from map(_reported, admin.ask_hub(settings, "devices"))
        return
    yield from _places(settings, known)
    if settings.device:
        lock = take_lock(settings.database_path)  # a hub that starts meanwhile would find its ports taken
        try:
            yield from asyncio.run(_open_all(settings))
        finally:
            os.close(lock)


def _catalog(settings: Settings, known: Known | None) -> Finding:
    """Once imported, the file may be gone: the office edits the database."""
    if known is not None and not settings.catalog_path.is_file():
        return Finding(True, "catalogue", "in the database")
    try:
        catalog = load_catalog(settings.catalog_path)
    except ConfigError as error:
        return Finding(False, "catalogue", str(error))
    return Finding(True, "catalogue", f"{len(catalog.service)} services, {len(catalog.window)} windows")


def _channels(settings: Settings, known: Known | None) -> Iterator[Finding]:
    """A10 wants the green channel on each floor. Its windows only lead the way: every window takes its citizens."""
    for floor in sorted(_floors_without_channel(settings, known)):
        text = f'no window of floor {floor} has channel = "green"; the office can set one'
        yield Finding(True, "green channel", text)


def _floors_without_channel(settings: Settings, known: Known | None) -> set[int]:
    if known is not None:
        with admin.reading(settings) as db:
            floors = {zone.code: zone.floor for zone in db.find(ZONES)}
            windows = [(floors[row.zone], row.channel) for row in db.find(WINDOWS) if row.active and row.zone in floors]
    else:
        try:
            catalog = load_catalog(settings.catalog_path)
        except ConfigError:  # its fault has been named
            return set()
        floors = {zone.code: zone.floor for zone in catalog.zones()}
        windows = [(floors[window.zone], window.channel) for window in catalog.window]
    return {floor for floor, _ in windows} - {floor for floor, channel in windows if channel}


def _tls(settings: Settings) -> Iterator[Finding]:
    for path in settings.tls or ():
        yield Finding(path.is_file(), "tls", str(path) if path.is_file() else f"{path}: there is no such file")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.file.parent).free
    need = f"; the hub needs {MIN_FREE // 10**6} MB" if free < MIN_FREE else ""
    return Finding(free >= MIN_FREE, "disk", f"{free // 10**6} MB free{need}")


def _fonts() -> Finding:
    fonts = sorted({line.partition(",")[0] for line in _run("fc-list", ":lang=zh", "family")})
    if not fonts:
        return Finding(False, "fonts", "no Chinese font; install fonts-noto-cjk (or fonts-wqy-microhei)")
    return Finding(True, "fonts", f"{len(fonts)} Chinese families, such as {fonts[0]}")


def _slips(settings: Settings, known: Known | None) -> Finding:
    """Rare characters of names are drawn as dots: a font must have them. (Faulty templates refuse the start.)"""
    from hallq.devices.drivers.escpos_raster import unprintable

    missing = unprintable(settings.hall.name + _names(settings, known))
    if missing:
        remedy = "printed as 〓; install fonts-noto-cjk or fonts-unifont"
        return Finding(False, "slips", f"no font here has {missing}: {remedy}")
    own = ", ".join(sorted(path.stem for path in settings.beside(FOLDER).glob("*.toml")))
    return Finding(True, "slips", f"templates of this hall: {own}" if own else "our own templates")


def _names(settings: Settings, known: Known | None) -> str:
    if known is None:
        return settings.catalog_path.read_text("utf-8", "replace") if settings.catalog_path.is_file() else ""
    with admin.reading(settings) as db:
        return "".join(name for query in NAMED for (name,) in db.values(query))


def _voice(settings: Settings) -> Finding:
    """Needed only where the hub itself speaks."""
    if any("cmn" in line.split() or "cmn-latn-pinyin" in line.split() for line in _run("espeak-ng", "--voices=zh")):
        return Finding(True, "voice", "espeak-ng speaks Mandarin")
    speakers = [device.id for device in settings.device if device.driver == "speaker"]
    users = f"; needed by {', '.join(speakers)}" if speakers else "; no device needs it"
    return Finding(not speakers, "voice", f"no Mandarin voice: install espeak-ng{users}")


def _clips(settings: Settings) -> Iterator[Finding]:
    """A loudspeaker whose own voice cannot be read still speaks, with another one."""
    from hallq.devices.clips import Clips

    for device in settings.device:
        if device.driver == "speaker" and (folder := device.options.get("clips")):
            try:
                Clips(Path(folder))
            except (ValueError, OSError) as error:
                yield Finding(False, f"device {device.id}", f"clips: {error}")


def _places(settings: Settings, known: Known | None) -> Iterator[Finding]:
    """A device of a window that the office removed is left out at start: here it is named."""
    where = "database" if known else "catalogue"
    known = known or _catalog_places(settings)
    for device in settings.device:
        for kind, name in device.place.items():
            if name not in known[kind]:
                yield Finding(False, f"device {device.id}", f'there is no {kind} "{name}" in the {where}')


def _buttons(settings: Settings, known: Known | None) -> Iterator[Finding]:
    """A dispenser's key without its service gives nobody a number."""
    services = (known or _catalog_places(settings))["service"]
    for device in settings.device:
        if device.driver == "evdev-keypad" and device.kiosk is not None:
            for key, service in device.options.get("keys", {}).items():
                if service not in services:
                    yield Finding(False, f"device {device.id}", f'key {key}: there is no service "{service}"')


def _imported_places(settings: Settings) -> Known | None:
    """The database's. None before the first start."""
    if not settings.database_path.is_file():
        return None
    with admin.reading(settings) as db:
        if not imported(db):
            return None
        return {
            "window": {row.no for row in db.find(WINDOWS)},
            "kiosk": {row.id for row in db.find(KIOSKS)},
            "zone": {row.code for row in db.find(ZONES)},
            "service": {row.code for row in db.find(SERVICES)},
        }


def _catalog_places(settings: Settings) -> Known:
    """What the first start will import; nothing of a faulty file, which has been named."""
    try:
        catalog = load_catalog(settings.catalog_path)
    except ConfigError:
        return {"window": set(), "kiosk": set(), "zone": set(), "service": set()}
    return {
        "window": {window.no for window in catalog.window},
        "kiosk": {kiosk.id for kiosk in catalog.kiosk},
        "service": {service.code for service in catalog.service},
        "zone": {zone.code for zone in catalog.zones()},
    }


def _reported(device: dict[str, Any]) -> Finding:
    """As the running hub, which holds the ports, has it."""
    return _found(device["id"], device["driver"], device["link"], device["state"], device["error"], device["detail"])


def _found(id: str, driver: str, link: str, state: str, error: str | None, detail: Mapping[str, str]) -> Finding:
    facts = ", ".join(f"{name} {value}" for name, value in detail.items())
    told = "; ".join(filter(None, [f"{driver} at {link}: {state}", error, facts]))
    return Finding(state == "up", f"device {id}", told)


class _Roll:
    """Hears how the devices are, and takes nothing from them: what a pad has stays with the pad."""

    def __init__(self, settings: Settings) -> None:
        self.waiting = {device.id for device in settings.device}
        self.health: dict[str, Health] = {}
        self.complete = asyncio.Event()

    async def on_input(self, device: str, what: Input) -> Answer:
        from hallq.devices.inputs import Answer

        return Answer("unavailable")

    def on_health(self, device: str, health: Health) -> None:
        self.health[device] = health
        if health.state != "starting":
            self.waiting.discard(device)
        if not self.waiting:
            self.complete.set()

    def on_shown(self, device: str, screen: Shown) -> None:
        """Nothing is shown."""


async def _open_all(settings: Settings) -> list[Finding]:
    from hallq.devices.fleet import Fleet

    roll = _Roll(settings)
    entries = [device.entry(settings.hall.name, settings.rules().timezone) for device in settings.device]
    fleet = Fleet(entries, clock=SystemClock(), events=roll)
    await fleet.start()
    try:
        async with asyncio.timeout(OPENING):
            await roll.complete.wait()
    except TimeoutError:
        pass  # who has not answered by now is named below
    finally:
        await fleet.stop()
    return [_heard(device, roll.health.get(device.id)) for device in settings.device]


def _heard(device: Device, health: Health | None) -> Finding:
    if health is None or health.state == "starting":
        return _found(device.id, device.driver, device.link, "no answer", None, {})
    return _found(device.id, device.driver, device.link, health.state, health.error, health.detail)


def _run(*command: str) -> list[str]:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return done.stdout.splitlines()
