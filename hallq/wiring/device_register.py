"""The register of devices (A01): wired ones and paired pages in one list, each with its place, its health and its mark.

`state` is starting, up, fault, down; of a page up, down, or unknown before it has come since the hub's start.
"""

from __future__ import annotations

from typing import Any

from hallq.devices.entry import Health
from hallq.hall import Hall
from hallq.kernel import Ms, Reads, Refused, iso
from hallq.office import device_marks, kinds
from hallq.people import looks
from hallq.ticketing.lookups import KIOSKS, ZONES
from hallq.wiring.device_care import subject_of
from hallq.wiring.one_device import frame_json
from hallq.wiring.wiring import Wiring

Json = dict[str, Any]
PLACES = {"kiosk": "kiosk", "pad-citizen": "window", "pad-clerk": "window", "screen": "zone", "board": "zone"}
ROUND_TRIP = 1  # digits


def wired(wiring: Wiring) -> list[Json]:
    """As the live picture has them, and what changes without being news."""
    known = wiring.fleet.health()
    return [each | _figures(wiring.hall, known.get(each["id"])) for each in wiring.hall.extras("device")]


async def register(wiring: Wiring) -> list[Json]:
    hall = wiring.hall
    floors, tokens = await hall.read(_floors), await hall.read(looks.tokens)
    items = [each | {"kind": wiring.entries[each["id"]].kind, "floor": _floor(hall, floors, each["place"])}
             for each in wired(wiring)]  # fmt: skip
    return items + [
        page | {"kind": _kind(page, floors), "floor": _floor(hall, floors, page["place"])}
        for page in _pages(wiring, tokens)
    ]


async def one(wiring: Wiring, subject: str) -> Json:
    """With its last frames, the newest first, its marks and its tests. Raises Refused `not_found`."""
    found = next((each for each in await register(wiring) if each["id"] == subject), None)
    if found is None:
        raise Refused("not_found", what="device", id=subject)
    kept = await wiring.hall.read(device_marks.history, subject=subject)
    times = ("at", "ended_at")
    past = {name: [_timed(wiring.hall, row, *times) for row in rows] for name, rows in kept.items()}
    return found | past | {"frames": frames(wiring, subject)[::-1]}


def frames(wiring: Wiring, subject: str) -> list[Json]:
    if subject not in wiring.fleet.health():
        return []
    return [frame_json(frame, wiring.hall.rules.timezone) for frame in wiring.fleet.frames(subject)]


def _pages(wiring: Wiring, tokens: list[Json]) -> list[Json]:
    """Of one role at one place there may be several browsers: they are one."""
    found: dict[str, Json] = {}
    for row in tokens:
        if row["role"] not in PLACES or row["revoked_at"] is not None:
            continue
        subject = subject_of(row["role"], row["place"])
        page = found.setdefault(subject, _page(wiring, subject, row))
        page["tokens"].append(row["id"])
    return [found[subject] for subject in sorted(found)]


def _page(wiring: Wiring, subject: str, row: Json) -> Json:
    role, place = row["role"], row["place"]
    seen = wiring.care.pages.get(subject)
    since = None if seen is None else iso(seen.since, wiring.hall.rules.timezone)
    state = "unknown" if seen is None else "up" if seen.open else "down"
    return {"id": subject, "kind": role, "driver": None, "link": None, "place": {PLACES[role]: place} if place else {},
            "state": state, "since": since, "error": None, "detail": {}, "mark": wiring.care.mark_of(subject),
            "tokens": []}  # fmt: skip


def _figures(hall: Hall, health: Health | None) -> Json:
    if health is None:  # left out: its place is not in the database
        return {"round_trip_ms": None, "bad_frames": 0, "losses": 0, "heard_at": None}
    trip = None if health.round_trip_ms is None else round(health.round_trip_ms, ROUND_TRIP)
    heard = iso(health.heard_at, hall.rules.timezone)
    return {"round_trip_ms": trip, "bad_frames": health.bad_frames, "losses": health.losses, "heard_at": heard}


def _kind(page: Json, floors: Json) -> str:
    """A query machine's page is a kiosk's by its role."""
    return kinds.QUERY if page["place"].get("kiosk") in floors["machines"] else str(page["kind"])


def _floors(db: Reads) -> Json:
    zones = {row.code: row.floor for row in db.find(ZONES)}
    known = db.find(KIOSKS)
    machines = {row.id for row in known if row.query}
    return {"zone": zones, "kiosk": {row.id: zones.get(row.zone) for row in known}, "machines": machines}


def _floor(hall: Hall, floors: Json, place: dict[str, str]) -> int | None:
    for kind, name in place.items():
        if kind == "window":
            window = hall.picture.windows.get(name)
            return window.floor if window is not None else None
        floor: int | None = floors[kind].get(name)
        return floor
    return None


def _timed(hall: Hall, row: Json, *names: str) -> Json:
    def time(at: Ms | None) -> str | None:
        return iso(at, hall.rules.timezone)

    return row | {name: time(row[name]) for name in names}
