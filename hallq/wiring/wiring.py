"""A hall and its devices: what changes in the picture goes to their screens, what people press becomes commands.

The only place that knows both the commands and the devices.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Any

import structlog

from hallq import outbox
from hallq.assessment import reports
from hallq.config import Device
from hallq.devices.catalogue import DRIVERS
from hallq.devices.driver import Shown, StripOptions
from hallq.devices.entry import Health
from hallq.devices.fleet import Fleet
from hallq.devices.inputs import Answer, Input
from hallq.displays import keypad, pad, strip
from hallq.displays.screens import EvaluatorScreen, KeypadScreen, PadScreen, StripForm, StripScreen
from hallq.hall import Hall
from hallq.kernel import MINUTE, iso
from hallq.outcomes import wall
from hallq.relay.registry import Relay, Relays, relay_names
from hallq.ticketing import commands
from hallq.wiring import papers, printing
from hallq.wiring.cards import Cards
from hallq.wiring.device_alarms import DeviceAlarms
from hallq.wiring.device_care import Care
from hallq.wiring.keys import Keys
from hallq.wiring.kiosk_inputs import KioskInputs
from hallq.wiring.roll_call import RollCall
from hallq.wiring.speaking import Speaking

Json = dict[str, Any]
REFRESH = 2.0  # seconds between looks at figures and hours
NOTICE_S = 10.0  # then who pressed a dispenser's key has gone
GOODBYE_S = 1.0  # in which strips that answer have gone neutral
log = structlog.get_logger("hallq.wiring")


class Wiring:
    """Runs from `async with` to its end. What is public here serves tests of devices and the page of devices."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.keys = Keys(hall)
        self.cards = Cards(hall)
        self.kiosk_inputs = KioskInputs(hall, self.cards, self._notices)
        self.entries = {device.id: device for device in hall.settings.device}
        self.care = Care(hall)
        known = [device for device in hall.settings.device if self._stands(device)]
        self._displays = _displays(known)
        self.forms = _forms(known)
        self.roll_call = RollCall(hall, self.show)
        entries = [device.entry(hall.settings.hall.name, hall.rules.timezone) for device in known]
        self.relays = Relays(relay_names(entry.link for entry in entries), hall.clock, self._on_relay)
        self.fleet = Fleet(entries, clock=hall.clock, events=self, open_line=self.relays.open_line)
        self.tested: dict[str, asyncio.Event] = {}  # devices that show a page which proves nothing, until they have it
        self._alarms = DeviceAlarms(hall, self.fleet, self.care, self.entries)
        self._outbox = outbox.Outbox(hall, self._hand, Speaking(hall, self.fleet).say)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ratings = reports.HeldRatings()
        self._cases = wall.Wall()
        self._moved = asyncio.Event()  # something that figures may tell of
        self._moved.set()
        self._minute = 0  # of the last look at everything

    def _stands(self, device: Device) -> bool:
        """An office that removes a window must not stop the hall next morning: its devices are left out, in red."""
        [(kind, place)] = device.place.items()
        if printing.place_exists(self.hall, kind, place):
            return True
        log.error("device left out: its place is not in the database", device=device.id, **{kind: place})
        self.hall.set_extra(
            f"device/{device.id}", self._device(device.id, "fault", f"{kind} {place} is not in the database")
        )
        return False

    async def __aenter__(self) -> Wiring:
        self.hall.listeners.append(self._on_change)
        await self.care.look()
        self._show_all()
        await self.fleet.start()
        await self._outbox.start()
        self._spawn(self._refresh())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._outbox.stop()
        await self._leave_neutral()
        await self.fleet.stop()
        self.cards.stop()

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _leave_neutral(self) -> None:
        """No strip goes on calling a number when the hub is gone; in an emergency its words stay."""
        self.roll_call.end()
        self.hall.listeners.remove(self._on_change)
        if self.hall.picture.mode.emergency is not None:
            return
        health = self.fleet.health()
        left = {device: asyncio.Event() for device in self.forms if health[device].state == "up"}
        self.tested |= left
        for device in left:
            screen = strip.neutral(self.entries[device].place["window"], self.forms[device])
            self.fleet.show(device, replace(screen, proof=("test", 0, 1)))
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await asyncio.gather(*(event.wait() for event in left.values()))

    # -- to the devices

    def _on_change(self, keys: set[str]) -> None:
        if not keys <= {"notice/figures", "notice/hours"} or self._now_minute() != self._minute:
            self._moved.set()
        for key in keys:
            kind, _, no = key.partition("/")
            if kind == "pad":  # a window's change is always its pad's too, also when it is switched off
                self.show(no)
            elif kind == "queue":
                self._show_waiting(no)

    def _show_waiting(self, service: str) -> None:
        """Call keypads tell at once how many wait; pads once a minute."""
        for no, devices in self._displays.items():
            window = self.hall.picture.windows.get(no)
            if window is not None and service in window.services:
                for device in devices:
                    if DRIVERS[device.driver].shows is KeypadScreen:
                        self.fleet.show(device.id, self._drawn(device, no))

    def _show_all(self) -> None:
        for no in self._displays:
            self.show(no)

    def show(self, no: str) -> None:
        for device in self._displays.get(no, ()):
            self.fleet.show(device.id, self._drawn(device, no))

    def _drawn(self, device: Device, no: str) -> Shown:
        picture, now, invitation = self.hall.picture, self.hall.now(), self.hall.invitations.get(no)
        shows = DRIVERS[device.driver].shows
        if shows is PadScreen:
            return pad.pad(picture, no, invitation, now=now)
        if shows is KeypadScreen:
            return keypad.keypad(picture, no)
        if shows is EvaluatorScreen:
            return keypad.evaluator(invitation)
        form = self.forms[device.id]
        if self.roll_call.covers(no):
            return strip.roll_call(no, form)
        return strip.strip(picture, no, form=form, now=now, zone=self.hall.rules.timezone)

    async def _hand(self, kind: str, target: str, payload: Json, seconds: float) -> tuple[str, str]:
        """One slip to the printer behind its target."""
        device = next((device for device in self.hall.settings.device if _serves(device, kind, target)), None)
        if device is None:
            return "failed", ""
        if self.fleet.health()[device.id].state == "down":  # the citizen stands there: no waiting for its return
            return "failed", device.id
        if "paper" in payload:
            slip = await papers.slip(self.hall, device, payload["paper"], payload["id"])
        else:
            slip = await printing.slip(self.hall, device, payload["ticket"], payload.get("kind", ""))
        return await self.fleet.perform(device.id, slip, seconds=seconds), device.id

    def _notices(self, kiosk: str) -> Callable[[str], None] | None:
        """What prints words at the kiosk, without waiting; None while it has no printer that works."""
        for device, health in self.fleet.health().items():
            known = self.entries[device]
            if known.kiosk == kiosk and known.effect == "print" and health.state == "up":
                return partial(self._print_notice, known)
        return None

    def _print_notice(self, printer: Device, words: str) -> None:
        slip = keypad.refusal(words, width=printing.columns_of(printer))
        self._spawn(self.fleet.perform(printer.id, slip, seconds=NOTICE_S))

    # -- from the devices

    async def on_input(self, device: str, what: Input) -> Answer:
        place = self.entries[device].place
        if "kiosk" in place:
            return await self.kiosk_inputs.take(device, place["kiosk"], what)
        return await self.keys.take(device, place["window"], what)

    def on_health(self, device: str, health: Health) -> None:
        since = iso(health.since, self.hall.rules.timezone)
        shape = self._device(device, health.state, health.error) | {"since": since, "detail": dict(health.detail)}
        self.hall.set_extra(f"device/{device}", shape)

    def _on_relay(self, relay: Relay) -> None:
        shape = relay.shape() | {"since": iso(relay.since, self.hall.rules.timezone)}
        self.hall.set_extra(f"relay/{relay.name}", shape)

    def on_shown(self, device: str, screen: Shown) -> None:
        """The device acknowledged it: proof of a call, of a pause, or of a closure."""
        if not isinstance(screen, StripScreen | PadScreen):
            return
        if screen.proof is not None and screen.proof[0] == "test":
            if device in self.tested:
                self.tested[device].set()
        elif screen.proof is not None:
            what, ref, n = screen.proof
            no = self.entries[device].place.get("window")
            self._spawn(self.hall.do(commands.mark_shown, what=what, ref=ref, n=n, device=device, window=no))

    def _device(self, device: str, state: str, error: str) -> Json:
        known = self.entries[device]
        at = iso(self.hall.now(), self.hall.rules.timezone)
        return {"id": device, "driver": known.driver, "place": known.place, "link": known.link, "state": state,
                "since": at, "error": error or None, "detail": {}, "mark": self.care.mark_of(device)}  # fmt: skip

    # -- by time

    def _hours(self) -> Json:
        picture, zone = self.hall.picture, self.hall.rules.timezone
        at = None if picture.opens_at is None else iso(picture.opens_at, zone)
        return {"id": "hours", "kind": "hours", "open": picture.hall_open, "opens": picture.opens, "opens_at": at,
                "day_off": picture.day_off}  # fmt: skip

    def _now_minute(self) -> int:
        return self.hall.now() // MINUTE

    async def _refresh(self) -> None:
        """Figures of the wall board and the hall's hours, when they moved; displays once a minute, when a heartbeat
        tells of it at the latest."""
        while True:
            try:
                await self._moved.wait()
                self._moved.clear()
                if self._now_minute() != self._minute:
                    self._minute = self._now_minute()
                    self._show_all()
                if await self._alarms.report():
                    self._moved.set()
                figures = await self.hall.read(reports.figures) | await self.hall.read(self._ratings.take)
                figures |= await self.hall.read(self._cases.take)
                down = sum(device["state"] != "up" for device in self.hall.extras("device"))
                told = {"id": "figures", "kind": "figures", "devices_down": down, "kinds": await self._alarms.counts()}
                self.hall.set_extra("notice/figures", figures | told)
                self.hall.set_extra("notice/hours", self._hours())
            except Exception:
                log.exception("refresh failed")
            await asyncio.sleep(REFRESH)


def _displays(devices: list[Device]) -> dict[str, list[Device]]:
    """Window -> the devices that show its state."""
    found: dict[str, list[Device]] = {}
    for device in devices:
        if DRIVERS[device.driver].shows is not None and device.window is not None:
            found.setdefault(device.window, []).append(device)
    return found


def _forms(devices: list[Device]) -> dict[str, StripForm]:
    options = {device.id: device.typed_options() for device in devices}
    return {id: each.form for id, each in options.items() if isinstance(each, StripOptions)}


def _serves(device: Device, kind: str, target: str) -> bool:
    [(place_kind, place)] = device.place.items()
    return device.effect == kind and target in (place, f"{place_kind}/{place}")
