"""From rows to the picture: `take` from nothing, `retake` where rows changed, `retime` where time alone changes it.

A new picture shares everything with the old one that did not change. The next minute may move `open` and the waits;
else retake gives what take would give, and a property test holds them equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from hallq.kernel import MINUTE, Change, Ms, Reads
from hallq.ticketing import lookups
from hallq.ticketing.drawing.build import (
    closed_window,
    mode_view,
    notice_view,
    queue_view,
    service_view,
    ticket_view,
    window_view,
)
from hallq.ticketing.drawing.touched import OPEN, Touched
from hallq.ticketing.model import HallMode, Notice, Service, Ticket, Window
from hallq.ticketing.opening import calendar, hours
from hallq.ticketing.picture import NoticeView, Picture, TicketView, WindowView

K = TypeVar("K")
LATELY_CALLED = 16  # per zone: what the public screen shows, and its missed row
LATELY_TAKEN = 16  # per kiosk
TAKEN_FOR: Ms = 5 * MINUTE


def take(db: Reads) -> Picture:
    services = {row.code: row for row in db.find(lookups.SERVICES)}
    bases = _bases(db)
    called = {zone.code: _called_in(db, zone.code) for zone in db.find(lookups.ZONES)}
    taken = {row.id: _taken_at(db, row.id) for row in db.find(lookups.KIOSKS)}
    shown = [*db.find(lookups.OPEN_TICKETS), *_flat(called), *_flat(taken)]
    tickets = {row.id: ticket_view(row) for row in shown if row.id is not None}
    windows = {no: window_view(db, base, row, tickets) for no, (base, row) in bases.items()}
    hall_open, opens, opens_at, day_off = _hours(db)
    return Picture(
        windows=windows,
        queues={code: queue_view(db, row) for code, row in services.items()},
        tickets=tickets,
        services={code: service_view(row, windows) for code, row in services.items()},
        notices={view.id: view for view in (notice_view(db, row) for row in db.find(lookups.NOTICES))},
        hall_open=hall_open,
        opens=opens,
        opens_at=opens_at,
        day_off=day_off,
        day=db.day,
        mode=mode_view(db.get(HallMode, 1)),
        called={zone: _ids(rows) for zone, rows in called.items() if rows},
        taken={kiosk: _ids(rows) for kiosk, rows in taken.items() if rows},
    )


def retake(db: Reads, picture: Picture, changes: list[Change]) -> tuple[Picture, set[str]]:
    """The picture after the changes, and the live keys whose values are new or gone."""
    touched = Touched.by(changes, picture)
    if touched.catalogue or db.day != picture.day:
        new = take(db)
        moved = new.windows if touched.catalogue else ()  # displays show names and hours that no view holds
        return new, differences(picture, new) | {f"window/{no}" for no in moved}
    new = _retickets(db, picture, touched.tickets)
    new = replace(
        new,
        windows=_rewindows(db, new, touched),
        queues=new.queues | {code: queue_view(db, row) for code, row in _services(db, touched.queues)},
        notices=_renotices(db, picture.notices, touched.notices),
    )
    return new, _keys(picture, new, touched)


def retime(db: Reads, picture: Picture) -> tuple[Picture, set[str]]:
    """What the clock alone changes: whether numbers are given, the waits, and who was lately at a kiosk."""
    if db.day != picture.day:
        new = take(db)
        return new, differences(picture, new)
    hall_open, opens, opens_at, day_off = _hours(db)
    taken = {
        kiosk: tuple(key for key in keys if _lately(db, picture.tickets[key])) for kiosk, keys in picture.taken.items()
    }
    taken = {kiosk: keys for kiosk, keys in taken.items() if keys}
    listed = _listed(picture.called, taken)
    new = replace(
        picture,
        queues={code: queue_view(db, row) for code, row in _services(db, picture.queues)},
        taken=taken,
        tickets={key: view for key, view in picture.tickets.items() if key in listed or view.state in OPEN},
        hall_open=hall_open,
        opens=opens,
        opens_at=opens_at,
        day_off=day_off,
    )
    keys = differences(picture, new)
    if (hall_open, opens, day_off) != (picture.hall_open, picture.opens, picture.day_off):
        keys |= {f"window/{no}" for no in new.windows}
    return new, keys


def differences(old: Picture, new: Picture) -> set[str]:
    """The live keys whose values differ."""
    return (
        _differing("window", old.windows, new.windows, old.windows.keys() | new.windows.keys())
        | _differing("queue", old.queues, new.queues, old.queues.keys() | new.queues.keys())
        | _differing("ticket", old.tickets, new.tickets, old.tickets.keys() | new.tickets.keys())
        | _differing("notice", old.notices, new.notices, old.notices.keys() | new.notices.keys())
    )


def _keys(old: Picture, new: Picture, touched: Touched) -> set[str]:
    """The same, looking only where something can differ."""
    tickets = touched.tickets.keys() | (old.tickets.keys() ^ new.tickets.keys())
    return (
        _differing("window", old.windows, new.windows, touched.windows)
        | _differing("queue", old.queues, new.queues, touched.queues)
        | _differing("ticket", old.tickets, new.tickets, tickets)
        | _differing("notice", old.notices, new.notices, map(str, touched.notices))
    )


def _differing(kind: str, old: Mapping[K, object], new: Mapping[K, object], keys: Iterable[K]) -> set[str]:
    return {f"{kind}/{key}" for key in keys if _differ(old.get(key), new.get(key))}


def _differ(one: object, other: object) -> bool:
    return one is not other and one != other


# -- parts


def _bases(db: Reads) -> dict[str, tuple[WindowView, Window]]:
    departments = {row.code: row for row in db.find(lookups.DEPARTMENTS)}
    zones = {row.code: row for row in db.find(lookups.ZONES)}
    offers: dict[str, list[str]] = {}
    for offer in db.find(lookups.OFFERS):
        offers.setdefault(offer.window, []).append(offer.service)
    return {
        row.no: (closed_window(row, departments.get(row.department), zones.get(row.zone), offers.get(row.no, ())), row)
        for row in db.find(lookups.WINDOWS)
    }


def _rewindows(db: Reads, picture: Picture, touched: Touched) -> dict[str, WindowView]:
    if not touched.windows:
        return picture.windows
    windows = dict(picture.windows)
    for no, changed in touched.windows.items():
        row = changed if changed is not None else db.get(Window, no)
        if row is not None and no in windows:
            windows[no] = window_view(db, windows[no], row, picture.tickets)
    return windows


def _services(db: Reads, codes: Iterable[str]) -> Iterable[tuple[str, Service]]:
    for code in codes:
        row = db.get(Service, code)
        if row is not None and row.active:
            yield code, row


def _renotices(db: Reads, notices: dict[str, NoticeView], rows: dict[int, Notice]) -> dict[str, NoticeView]:
    if not rows:
        return notices
    views = dict(notices)
    for key, row in rows.items():
        views.pop(str(key), None)
        if row.done_at is None:
            views[str(key)] = notice_view(db, row)
    return views


def _hours(db: Reads) -> tuple[bool, str | None, Ms | None, tuple[str, str] | None]:
    times = hours.hall(db)
    if times.is_open(db.now) and times.noon(db.now) is None:
        return True, None, None, None
    opens = times.opens_next(db.now)
    today = calendar.look(db, times.day(db.now))
    day_off = None if today.working else (today.name, today.name_en)
    return False, hours.clock(opens, db.rules.timezone), opens, day_off


# -- tickets


def _retickets(db: Reads, picture: Picture, rows: dict[int, Ticket]) -> Picture:
    if not rows:
        return picture
    tickets = picture.tickets | {key: ticket_view(row) for key, row in rows.items()}
    called, taken = dict(picture.called), dict(picture.taken)
    todays = {key: row for key, row in rows.items() if row.day == picture.day}
    for zone in _zones_of(picture, todays):
        called[zone] = _recalled(db, picture, tickets, zone, todays)
    for row in rows.values():
        if row.kiosk is not None and row.id not in taken.get(row.kiosk, ()) and _lately(db, tickets[row.id or 0]):
            keys = sorted({*taken.get(row.kiosk, ()), row.id or 0}, reverse=True)
            taken[row.kiosk] = tuple(keys[:LATELY_TAKEN])
    called = {zone: keys for zone, keys in called.items() if keys}
    before, now = _listed(picture.called, picture.taken), _listed(called, taken)
    for key in (before | rows.keys()) - now:
        if tickets[key].state not in OPEN:
            del tickets[key]
    return replace(picture, called=called, taken=taken, tickets=tickets)


def _zones_of(picture: Picture, rows: dict[int, Ticket]) -> set[str]:
    """Zones whose list of lately called tickets may be another now."""
    zones = {zone for zone, keys in picture.called.items() if not rows.keys().isdisjoint(keys)}
    for row in rows.values():
        if row.last_called_at is not None and row.window in picture.windows:
            zones.add(picture.windows[row.window].zone)
    return zones


def _recalled(
    db: Reads, picture: Picture, tickets: dict[int, TicketView], zone: str, rows: dict[int, Ticket]
) -> tuple[int, ...]:
    old = picture.called.get(zone, ())
    here = {key for key in {*old, *rows} if _called_in_zone(picture, tickets[key], zone)}
    if len(old) == LATELY_CALLED and not here.issuperset(old):  # an undone call: an older one comes back
        found = _called_in(db, zone)
        tickets |= {row.id: ticket_view(row) for row in found if row.id is not None}
        return _ids(found)
    newest_first = sorted(here, key=lambda key: (tickets[key].last_called_at or 0, key), reverse=True)
    return tuple(newest_first[:LATELY_CALLED])


def _called_in_zone(picture: Picture, view: TicketView, zone: str) -> bool:
    return (
        view.last_called_at is not None
        and view.window in picture.windows
        and (picture.windows[view.window].zone == zone)
    )


def _lately(db: Reads, view: TicketView) -> bool:
    return view.issued_at > db.now - TAKEN_FOR


def _listed(called: dict[str, tuple[int, ...]], taken: dict[str, tuple[int, ...]]) -> set[int]:
    return set().union(*called.values(), *taken.values())


def _called_in(db: Reads, zone: str) -> list[Ticket]:
    return db.find(lookups.CALLED_IN_ZONE, zone=zone, day=db.day, count=LATELY_CALLED)


def _taken_at(db: Reads, kiosk: str) -> list[Ticket]:
    return db.find(lookups.TAKEN_AT_KIOSK, kiosk=kiosk, since=db.now - TAKEN_FOR, count=LATELY_TAKEN)


def _flat(lists: dict[str, list[Ticket]]) -> list[Ticket]:
    return [row for rows in lists.values() for row in rows]


def _ids(rows: list[Ticket]) -> tuple[int, ...]:
    return tuple(row.id for row in rows if row.id is not None)
