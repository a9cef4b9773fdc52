"""`hallq devices probe / test / watch` where no hub runs: the device is opened here, alone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from firmware_protocols import PROTOCOLS
from hallq.config import ConfigError, Device, Settings
from hallq.devices.catalogue import DRIVERS
from hallq.devices.driver import Shown
from hallq.devices.entry import Entry, Health
from hallq.devices.fleet import Fleet
from hallq.devices.inputs import Answer, Input
from hallq.devices.links import open_line
from hallq.devices.traffic import Frame
from hallq.displays.screens import StripScreen
from hallq.kernel import SystemClock, iso
from hallq.office.device_check import DONE, DOWN, FAILED
from hallq.store import take_lock
from hallq.wiring import self_test

OPENING_S = 12.0
TRIED_S = 3.0  # of each protocol on a link
NUMBER = "1"  # a place for a device that has none


class Alone:
    """One device on its line, without a hall: nothing is taken from it."""

    def __init__(self, entry: Entry) -> None:
        self.id = entry.id
        self.fleet = Fleet([entry], clock=SystemClock(), events=self)
        self.shown = asyncio.Event()
        self.told = asyncio.Event()

    @property
    def health(self) -> Health:
        return self.fleet.health()[self.id]

    async def on_input(self, device: str, what: Input) -> Answer:
        return Answer("unavailable")

    def on_health(self, device: str, health: Health) -> None:
        if health.state != "starting":
            self.told.set()

    def on_shown(self, device: str, screen: Shown) -> None:
        self.shown.set()


@asynccontextmanager
async def opened(entry: Entry, seconds: float = OPENING_S) -> AsyncIterator[Alone]:
    """Once it has answered, or has not."""
    alone = Alone(entry)
    await alone.fleet.start()
    try:
        try:
            async with asyncio.timeout(seconds):
                await alone.told.wait()
        except TimeoutError:
            pass  # its health says so
        yield alone
    finally:
        await alone.fleet.stop()


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """A hub that starts meanwhile would find its ports taken."""
    lock = take_lock(settings.database_path)
    try:
        yield
    finally:
        os.close(lock)


def named(settings: Settings, id: str) -> Device:
    found = next((device for device in settings.device if device.id == id), None)
    if found is None:
        known = ", ".join(device.id for device in settings.device) or "none"
        raise ConfigError(f'{settings.file}: there is no device "{id}"; known: {known}')
    return found


def entry_of(settings: Settings, device: Device) -> Entry:
    return device.entry(settings.hall.name, settings.rules().timezone)


# -- without a hub


async def probe(settings: Settings, device: Device) -> dict[str, Any]:
    """As the hub tells of a device."""
    async with opened(entry_of(settings, device)) as alone:
        health = alone.health
    return {"id": device.id, "driver": device.driver, "link": device.link, "state": health.state,
            "error": health.error or None, "detail": dict(health.detail), "round_trip_ms": health.round_trip_ms,
            "bad_frames": health.bad_frames}  # fmt: skip


async def test(settings: Settings, device: Device) -> str:
    """As in the office: done failed unknown down."""
    async with opened(entry_of(settings, device)) as alone:
        if alone.health.state in ("down", "starting"):
            return DOWN
        if DRIVERS[device.driver].shows is StripScreen:
            return await _strip(alone, device)
        job = self_test.made(settings, device, SystemClock().wall())
        if job is None:
            return await alone.fleet.test(device.id, seconds=self_test.LONGEST_S)
        return await alone.fleet.perform(device.id, job, seconds=self_test.LONGEST_S)


async def _strip(alone: Alone, device: Device) -> str:
    alone.fleet.show(device.id, self_test.pattern(device))
    try:
        async with asyncio.timeout(self_test.LONGEST_S):
            await alone.shown.wait()
    except TimeoutError:
        return FAILED
    await asyncio.sleep(self_test.SHOWN_S)
    return DONE


async def watch(settings: Settings, device: Device, tell: Callable[[Frame], None]) -> None:
    """Never returns."""
    async with opened(entry_of(settings, device)) as alone:
        for frame in alone.fleet.frames(device.id):
            tell(frame)
        alone.fleet.watch(device.id, tell)
        await asyncio.Event().wait()


def frame_json(frame: Frame, zone: ZoneInfo) -> dict[str, str]:
    return {"at": iso(frame.at, zone), "way": frame.way, "words": frame.words}


# -- a link of which nobody knows what hangs there


async def identify(link: str, tried: Callable[[str], None] = lambda driver: None) -> list[dict[str, Any]]:
    """Drivers that were answered there with whole messages and nothing else, one of each protocol. LinkLost: there is
    no such port."""
    found = []
    (await open_line(link)).close()
    for entry in _candidates(link):
        tried(entry.driver)
        async with opened(entry, TRIED_S) as alone:
            health = alone.health
        if health.state in ("up", "fault") and health.heard_at is not None and not health.bad_frames:
            found.append({"driver": entry.driver, "detail": dict(health.detail), "trip_ms": health.round_trip_ms})
    return found


def _candidates(link: str) -> Iterator[Entry]:
    """Only of protocols that ask and are answered; with the options that a driver has by itself."""
    protocols: set[str] = set()
    for name, driver in DRIVERS.items():
        if link.partition(":")[0] not in driver.schemes or driver.protocol not in PROTOCOLS.keys() - protocols:
            continue
        try:
            options = driver.Options()
        except ValidationError:  # one that must be told more
            continue
        protocols.add(driver.protocol)
        yield Entry("probe", name, link, {sorted(driver.places)[0]: NUMBER}, options)
