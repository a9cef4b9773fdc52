"""What the page of the virtual hall shows: devices as they received their bytes, and the people around them.

Small whole values per key, as in /live; a page hears of what changed at most ten times a second.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import Any

import orjson
from starlette.websockets import WebSocket

from hallq.demo.clock import FastClock
from hallq.demo.device import Device
from hallq.demo.house import House
from hallq.demo.people import Holder
from hallq.demo.robots import Robots
from hallq.demo.views import SAID
from hallq.hall import Hall
from hallq.kernel import iso
from hallq.ticketing.lookups import KIOSKS, ZONES
from hallq.ticketing.model import Zone
from hallq.ticketing.picture import WindowView

STEP = 0.1  # seconds
PULSE = 10  # steps without a change after which the page hears the time
Json = dict[str, Any]


class Feed:
    def __init__(self, hall: Hall, house: House, robots: Robots, clock: FastClock) -> None:
        self._hall, self._house, self._robots, self._clock = hall, house, robots, clock
        db = hall.store.reader()
        self._zones = db.find(ZONES)
        kiosks = db.find(KIOSKS)
        self._kiosks = {kiosk.zone: kiosk.id for kiosk in kiosks if not kiosk.query}
        self._machines = {kiosk.zone: kiosk.id for kiosk in kiosks if kiosk.query}
        self._said: dict[str, deque[str]] = {zone.code: deque(maxlen=SAID) for zone in self._zones}
        hall.listeners.append(self._hear)

    def _hear(self, keys: set[str]) -> None:
        """The machine's own loudspeaker has no wire to listen on: its captions are the hub's."""
        for zone, said in self._said.items():
            now = self._hall.extra.get(f"notice/voice-{zone}")
            if now is not None and f"notice/voice-{zone}" in keys:
                said.appendleft(now["text"])

    def values(self) -> dict[str, Json]:
        return dict(self._all())

    def _all(self) -> Iterator[tuple[str, Json]]:
        picture = self._hall.picture
        windows = picture.windows.values()
        yield (
            "hall",
            {
                "speed": self._clock.speed,
                "arriving": self._robots.citizens.arriving,
                "clerks": self._robots.working,
                "staffed": sum(window.clerk is not None for window in windows),
                "day": self._robots.day.view(),
                "services": self._services(),
                "cards": [self._card(holder) for holder in self._house.cards.values()],
            },
        )
        for zone in self._zones:
            yield f"floor/{zone.floor}", self._floor(zone)
        for window in windows:
            yield f"window/{window.no}", _window(window)
        for device in self._house.devices:
            yield f"device/{device.id}", self._device(device) | {"hub": self._health(device)}
        for group in self._house.groups.values():
            yield f"group/{group.id}", {"id": group.id, "kind": group.kind, "place": group.place, "out": group.is_out,
                                        "devices": [device.id for device in group.devices],
                                        "windows": sorted({each.place for each in group.devices}, key=int)
                                        if group.kind == "line" else []}  # fmt: skip

    def _services(self) -> Json:
        """The names of those that a dispenser's keys stand for."""
        known = self._hall.picture.services
        boxes = (device.options.get("keys", {}).values() for device in self._house.devices)
        codes = {code for keys in boxes for code in keys} & known.keys()
        return {code: {"name": known[code].name, "name_en": known[code].name_en} for code in sorted(codes)}

    def _card(self, holder: Holder) -> Json:
        return {"code": holder.code, "name": holder.name, "name_en": holder.name_en, "about": holder.about}

    def _health(self, device: Device) -> Json:
        """How the hub sees it."""
        known = self._hall.extra.get(f"device/{device.id}", {})
        return {"state": known.get("state", "starting"), "error": known.get("error") or "", "since": known.get("since")}

    def _device(self, device: Device) -> Json:
        if device.host is not None:
            return self._house.view(device)
        now = self._hall.extra.get(f"notice/voice-{device.place}")
        return self._house.view(device) | {"saying": now["text"] if now else "", "said": list(self._said[device.place])}

    def _floor(self, zone: Zone) -> Json:
        windows = [window for window in self._hall.picture.windows.values() if window.zone == zone.code]
        services = {code for window in windows for code in window.services}
        machines = {self._kiosks.get(zone.code), self._machines.get(zone.code)}
        places = {zone.code, *machines, *(window.no for window in windows)}
        return {
            "floor": zone.floor,
            "zone": zone.code,
            "name": zone.name,
            "name_en": zone.name_en,
            "windows": [window.no for window in windows],
            "kiosk": self._kiosks.get(zone.code),
            "query": self._machines.get(zone.code),
            "waiting": sum(queue.waiting for code, queue in self._hall.picture.queues.items() if code in services),
            "down": sum(self._is_down(key) for key in self._hall.extra if places & {*self._place(key)}),
        }

    def _place(self, key: str) -> tuple[str, ...]:
        return tuple(self._hall.extra[key]["place"].values()) if key.startswith("device/") else ()

    def _is_down(self, key: str) -> bool:
        return self._hall.extra[key]["state"] in ("down", "fault")

    # -- to one page

    async def serve(self, socket: WebSocket) -> None:
        """Everything, then what changed. Returns never; the caller ends it when the page is gone."""
        shown = self._encoded()
        await self._send(socket, "all", shown)
        quiet = 0
        while True:
            await asyncio.sleep(STEP)
            now = self._encoded()
            changed = {key: value for key, value in now.items() if shown.get(key) != value}
            shown = now
            quiet += 1
            if changed or quiet >= PULSE:
                quiet = 0
                await self._send(socket, "set", changed)

    def _encoded(self) -> dict[str, bytes]:
        return {key: orjson.dumps(value) for key, value in self._all()}

    async def _send(self, socket: WebSocket, name: str, values: dict[str, bytes]) -> None:
        body = b",".join(b'"%s":%s' % (key.encode(), value) for key, value in values.items())
        time = iso(self._hall.now(), self._hall.rules.timezone)
        await socket.send_text(f'{{"now":"{time}","{name}":{{{body.decode()}}}}}')


def _window(window: WindowView) -> Json:
    ticket, clerk = window.ticket, window.clerk
    return {
        "no": window.no,
        "department": window.department_name,
        "department_en": window.department_name_en,
        "state": window.state,
        "clerk": {"name": clerk.name, "title": clerk.title} if clerk else None,
        "ticket": {"number": ticket.number, "state": ticket.state} if ticket else None,
    }
