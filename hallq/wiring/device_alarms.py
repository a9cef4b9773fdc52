"""What is wrong with devices becomes alarms, each told once and until it is well again: what has been down for a while,
printers that need a hand, windows where nobody can rate, a kind (A01) with nothing online.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hallq.config import Device
from hallq.devices.entry import Health
from hallq.devices.fleet import Fleet
from hallq.hall import Hall
from hallq.kernel import SECOND
from hallq.office import kinds, printers, segments
from hallq.people import looks
from hallq.ticketing.lookups import QUERY_MACHINES
from hallq.wiring.device_care import Care

Json = dict[str, Any]


class DeviceAlarms:
    """The hall is told only when something differs from the last look."""

    def __init__(self, hall: Hall, fleet: Fleet, care: Care, entries: Mapping[str, Device]) -> None:
        self._hall, self._fleet, self._care, self._entries = hall, fleet, care, entries
        self._sizes = segments.sizes(device.link for device in entries.values())
        self._downs: tuple[Any, ...] = ()
        self._needs: tuple[Any, ...] = (frozenset(), frozenset())
        self._gone: frozenset[str] = frozenset()

    async def report(self) -> bool:
        """Whether time alone will tell of more: look again soon."""
        later = await self._report_downs()
        await self._report_printers()
        return await self._care.report_gaps(self._entries, self._fleet.health()) or later

    async def counts(self) -> Json:
        """How many of each kind are online, wired ones and paired pages."""
        machines = frozenset(await self._hall.read(lambda db: [row.id for row in db.find(QUERY_MACHINES)]))
        parts = [part for device in self._hall.extras("device") if (part := self._part(device)) is not None]
        for row in await self._hall.read(looks.tokens):
            if row["role"] in kinds.BY_ROLE and row["revoked_at"] is None:
                up = f"page/{row['role']}/{row['place']}" in self._hall.extra
                parts.append(kinds.Part(kinds.BY_ROLE[row["role"]], row["place"], up))
        known = kinds.counts(kinds.told_apart(parts, machines))
        gone = kinds.gone(known)
        if gone or self._gone:
            await self._hall.do(kinds.report, kinds=gone)
            self._gone = gone
        return known

    async def _report_downs(self) -> bool:
        """A restart is silent."""
        quiet = self._hall.now() - self._hall.rules.device_quiet_s * SECOND
        away = {
            device: health for device, health in self._fleet.health().items()
            if health.state in ("down", "starting") and device not in self._care.marks
        }  # fmt: skip
        downs = [self._down(device, health) for device, health in away.items() if health.since <= quiet]
        lately = (self._entries[device] for device, health in away.items() if health.since > quiet)
        unsure = frozenset(name for entry in lately for name in (entry.id, *segments.segments(entry.link)))
        told = (frozenset(down.id for down in downs), unsure)
        if told != self._downs:
            await self._hall.do(segments.report, downs=downs, unsure=unsure, on=self._sizes)
            self._downs = told
        return bool(unsure)

    async def _report_printers(self) -> None:
        """Paper that is low or out, a lid, a cutter."""
        known = {id: health for id, health in self._fleet.health().items() if self._entries[id].effect == "print"}
        unsure = frozenset(id for id, health in known.items() if health.state in ("down", "starting"))
        needs = frozenset(self._need(id, what) for id, each in known.items() if (what := printers.need(each.detail)))
        if (needs, unsure) != self._needs:
            await self._hall.do(printers.report, needs=needs, unsure=unsure)
            self._needs = (needs, unsure)

    def _need(self, device: str, what: str) -> printers.Need:
        [(kind, place)] = self._entries[device].place.items()
        return printers.Need(device, what, kind, place)

    def _down(self, device: str, health: Health) -> segments.Down:
        entry = self._entries[device]
        place = {name: value for name, value in entry.place.items() if name in ("window", "zone")}
        return segments.Down(device, entry.link, health.since, **place)

    def _part(self, device: Json) -> kinds.Part | None:
        [(stands, place)] = device["place"].items()
        kind = kinds.of(self._entries[device["id"]].kind, stands)
        if kind is None:
            return None
        return kinds.Part(kind, device["id"] if kind == kinds.CALLER else place, device["state"] == "up")
