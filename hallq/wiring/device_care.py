"""Marks of faulty devices (报修), and windows where no pad can be used: what nobody could rate is held against nobody.

`subject`: a device's id, or role:place of a paired page, such as "pad-citizen:3".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from hallq.config import Device
from hallq.devices.catalogue import DRIVERS
from hallq.devices.entry import Health
from hallq.displays.screens import EvaluatorScreen, PadScreen
from hallq.hall import Hall
from hallq.kernel import SECOND, Ms, iso
from hallq.office import device_marks
from hallq.people import looks

Json = dict[str, Any]
DEVICE, PAGE = "device/", "page/"  # live keys
PAD = "pad-citizen"


class Seen(NamedTuple):
    open: bool
    since: Ms


class Pad(NamedTuple):
    """Of a window. `away_since`: it cannot be used; None: it can, or nothing is known against it."""

    window: str
    away_since: Ms | None


def subject_of(role: str, place: str) -> str:
    return f"{role}:{place}"


class Care:
    """Of pages it knows since the hub has started: one that has not come yet says nothing."""

    def __init__(self, hall: Hall) -> None:
        self.marks: dict[str, Json] = {}  # that stand, by subject
        self.pages: dict[str, Seen] = {}  # paired ones, by subject
        self._hall = hall
        self._gaps: frozenset[str] = frozenset()  # windows, as last reported
        hall.listeners.append(self._hear)

    async def look(self) -> None:
        """After each change of a mark: what is shown of devices has it at once."""
        self.marks = await self._hall.read(device_marks.standing)
        for key, value in list(self._hall.extra.items()):
            if key.startswith(DEVICE):
                self._hall.set_extra(key, value | {"mark": self.mark_of(value["id"])})

    def mark_of(self, subject: str) -> Json | None:
        known = self.marks.get(subject)
        if known is None:
            return None
        return {"note": known["note"], "by": known["by"], "at": iso(known["at"], self._hall.rules.timezone)}

    async def report_gaps(self, entries: Mapping[str, Device], health: Mapping[str, Health]) -> bool:
        """Whether time alone will tell of more: look again soon."""
        pads = [self._wired(entries[device], how) for device, how in health.items()]
        for row in await self._hall.read(looks.tokens):
            if row["role"] == PAD and row["revoked_at"] is None:
                pads.append(self._paired(row["place"]))
        empty = gaps(pad for pad in pads if pad is not None)
        quiet = self._hall.now() - self._hall.rules.device_quiet_s * SECOND
        found = {window: since for window, since in empty.items() if since <= quiet}
        if found.keys() != self._gaps:
            await self._hall.do(device_marks.report_gaps, gaps=found)
            self._gaps = frozenset(found)
        return len(found) < len(empty)

    def _wired(self, device: Device, health: Health) -> Pad | None:
        if DRIVERS[device.driver].shows not in (PadScreen, EvaluatorScreen) or device.window is None:
            return None
        return Pad(device.window, self._away(device.id, health.since if health.state == "down" else None))

    def _paired(self, no: str) -> Pad:
        subject = subject_of(PAD, no)
        seen = self.pages.get(subject)
        return Pad(no, self._away(subject, seen.since if seen is not None and not seen.open else None))

    def _away(self, subject: str, since: Ms | None) -> Ms | None:
        if subject not in self.marks:
            return since
        marked: Ms = self.marks[subject]["at"]
        return marked if since is None else min(marked, since)

    def _hear(self, keys: set[str]) -> None:
        for key in keys:
            if key.startswith(PAGE):
                subject = subject_of(*key.removeprefix(PAGE).split("/", 1))
                known, is_open = self.pages.get(subject), key in self._hall.extra
                if known is None or known.open != is_open:
                    self.pages[subject] = Seen(is_open, self._hall.now())


def gaps(pads: Iterable[Pad]) -> dict[str, Ms]:
    """Windows with pads of which none can be used; since when."""
    of_window: dict[str, list[Ms | None]] = {}
    for pad in pads:
        of_window.setdefault(pad.window, []).append(pad.away_since)
    away = {window: [since for since in times if since is not None] for window, times in of_window.items()}
    return {window: max(since) for window, since in away.items() if len(since) == len(of_window[window])}
