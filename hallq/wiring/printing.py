"""What a ticket's slip says at the moment of printing, read from the rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hallq.config import Device, Settings
from hallq.displays import slip as slips
from hallq.displays.screens import Slip
from hallq.displays.slip_facts import SlipFacts
from hallq.hall import Hall
from hallq.kernel import SECOND, Ms, Reads
from hallq.slips import template
from hallq.ticketing.model import Category, Kiosk, Service, Ticket, Window, Zone
from hallq.ticketing.waiting.outlook import wait
from hallq.ticketing.waiting.queue import ahead

KINDS: dict[str, type[Any]] = {"window": Window, "kiosk": Kiosk, "zone": Zone}


def place_exists(hall: Hall, kind: str, place: str) -> bool:
    return hall.store.reader().get(KINDS[kind], place) is not None


async def slip(hall: Hall, device: Device, ticket: int, kind: str = "") -> Slip:
    """`kind` return: the notice of who fetches papers; else the ticket itself."""
    facts = await hall.read(_facts, ticket=ticket, hall=hall)
    return _made(hall.settings, device, facts, "return" if kind == "return" and facts.return_by else "ticket")


def test_slip(settings: Settings, device: Device, now: Ms) -> Slip:
    """What a technician looks at: no number of anybody's."""
    facts = SlipFacts(settings.hall.name, "", "", 0, now, now, 1, "", (), "", now, device=device.id)
    return _made(settings, device, facts, "test")


def _made(settings: Settings, device: Device, facts: SlipFacts, name: str) -> Slip:
    zone = settings.rules().timezone
    return slips.slip(facts, template(settings.slips, name), zone=zone, width=columns_of(device))


def columns_of(printer: Device) -> int:
    columns: int = getattr(printer.typed_options(), "columns", 48)
    return columns


def _facts(db: Reads, *, ticket: int, hall: Hall) -> SlipFacts:
    row = db.get(Ticket, ticket)
    assert row is not None
    service, category = db.get(Service, row.service), db.get(Category, row.category)
    kiosk = db.get(Kiosk, row.kiosk) if row.kiosk else None
    zone = db.get(Zone, _zone(hall, row.service) or (kiosk.zone if kiosk else ""))
    before = ahead(db, row)
    low, _, high, over = wait(db, row, before)
    known = hall.picture.services.get(row.service)
    unresolved = hall.picture.services.get(hall.rules.unresolved_service)
    base = hall.settings.server.public_url
    return SlipFacts(
        hall=hall.settings.hall.name,
        number=row.number,
        service=service.name if service else row.service,
        ahead=before,
        earliest=db.now + low * SECOND,
        latest=db.now + high * SECOND,
        over=over,
        floor=zone.floor if zone else 1,
        zone=zone.name if zone else "",
        windows=known.windows if known else (),
        check_code=row.check_code,
        issued_at=row.issued_at,
        category=category.name if category and category.green else "",
        people=row.people,
        cases=row.cases,
        stops=tuple(_names(db, row.then)),
        reprint=bool(row.reissued),
        complaints=hall.rules.complaint_phones,
        unresolved=unresolved.windows if unresolved else (),
        return_by=row.return_by or "",
        phone_url=f"{base}/t/{row.phone_token}" if base else "",
        service_en=service.name_en if service else "",
        category_en=category.name_en if category else "",
        zone_en=zone.name_en if zone else "",
    )


def _names(db: Reads, codes: str | None) -> Iterator[str]:
    for code in (codes or "").split(","):
        service = db.get(Service, code)
        if service is not None:
            yield service.name


def _zone(hall: Hall, service: str) -> str | None:
    """Where the citizen waits: the zone of the first window that serves it, one with a clerk before others."""
    windows = [window for window in hall.picture.windows.values() if service in window.services]
    windows.sort(key=lambda window: window.clerk is None)
    return windows[0].zone if windows else None
