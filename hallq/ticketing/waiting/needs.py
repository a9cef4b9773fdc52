"""A guide is told of a citizen with needs (escort, deaf, blind, wheelchair, interpreter) a few places before the turn,
and again at the call (A12). It ends with the visit; a guide who has seen to it ends it, and is not asked again."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import bindparam, literal_column
from sqlalchemy import text as sql
from sqlmodel import col, select

from hallq.kernel import SECOND, Reads, Tx
from hallq.ticketing.model import (
    CALLED,
    FINISHED,
    SERVING,
    WAITING,
    Kiosk,
    Notice,
    Service,
    Ticket,
    Window,
    WindowService,
    Zone,
)
from hallq.ticketing.waiting import queue

WAITING_WITH_NEEDS = select(Ticket).where(sql("state = 'waiting' AND needs != ''"))  # the words of its index
OPEN = select(Notice).where(col(Notice.done_at).is_(None), col(Notice.kind) == literal_column("'escort'"))
LAST = (
    select(Notice)
    .where(col(Notice.ticket) == bindparam("ticket"), col(Notice.kind) == literal_column("'escort'"))
    .order_by(col(Notice.id).desc())
    .limit(1)
)
OFFERED = (
    select(Window)
    .join(WindowService, col(WindowService.window) == Window.no)
    .where(col(WindowService.service) == bindparam("service"), col(Window.active), col(Window.closed).is_(None))
    .order_by(col(Window.ord), col(Window.no))
)
OVER = "over"  # why it ended, when nobody ended it by hand
OUT = "gd.out"  # the words that ask to see somebody to the door


def watch(tx: Tx) -> None:
    """A duty: who has come near, and who has gone."""
    told = {notice.ticket: notice for notice in tx.find(OPEN)}
    for key, notice in told.items():
        ticket = tx.get(Ticket, key)
        if ticket is None or not _lasts(tx, notice, ticket):
            _end(tx, notice)
    for ticket in tx.find(WAITING_WITH_NEEDS):
        places = queue.near(tx, ticket, tx.rules.needs_ahead)
        if places is not None:
            _tell(tx, ticket, "nd.ahead", _where_offered(tx, ticket), n=places)
        elif ticket.id in told:  # sent back in the queue, or its call was undone
            _end(tx, told[ticket.id])


def called(tx: Tx, ticket: Ticket, window: Window) -> None:
    _tell(tx, ticket, "nd.called", [window])


def over(tx: Tx, ticket: Ticket) -> None:
    """Its visit has ended."""
    notice = tx.first(LAST, ticket=ticket.id)
    if notice is not None and notice.done_at is None:
        _end(tx, notice)


def see_off(tx: Tx, ticket: Ticket, window: Window) -> None:
    """A13: who went along is told that the service has ended."""
    if ticket.helper is None:
        return
    detail = json.dumps(_detail(tx, ticket, [window]), ensure_ascii=False)
    tx.insert(
        Notice, kind="escort", key=f"out/{ticket.id}", audience="guide", level="info", ticket=ticket.id, at=tx.now,
        words=OUT, detail=detail, zone=window.zone, window=window.no, owner=ticket.helper, owned_at=tx.now,
    )  # fmt: skip


def _lasts(tx: Tx, notice: Notice, ticket: Ticket) -> bool:
    if notice.words == OUT:
        return ticket.state == FINISHED and tx.now - notice.at < tx.rules.see_off_s * SECOND
    return ticket.state in (WAITING, CALLED, SERVING)


def _end(tx: Tx, notice: Notice) -> None:
    tx.update(notice, done_at=tx.now, done_by=tx.actor, why=OVER)


def _tell(tx: Tx, ticket: Ticket, words: str, windows: list[Window], **more: Any) -> None:
    known = tx.first(LAST, ticket=ticket.id)
    if known is not None and known.done_at is not None and known.why != OVER:
        return
    detail = json.dumps(_detail(tx, ticket, windows) | more, ensure_ascii=False)
    place: dict[str, Any] = {"words": words, "detail": detail, "zone": windows[0].zone if windows else None}
    place["window"] = windows[0].no if words == "nd.called" else None
    if known is None or known.done_at is not None:
        tx.insert(
            Notice, kind="escort", key=f"escort/{ticket.id}", audience="guide", level="warn", ticket=ticket.id,
            at=tx.now, **place,
        )  # fmt: skip
    elif (known.words, known.detail) != (words, detail):
        tx.update(known, **place)


def _detail(db: Reads, ticket: Ticket, windows: list[Window]) -> dict[str, Any]:
    """What the words need; a list holds keys of texts."""
    service = db.get(Service, ticket.service)
    zone = db.get(Zone, windows[0].zone) if windows else None
    kiosk = db.get(Kiosk, ticket.kiosk) if ticket.kiosk is not None else None
    taken = db.get(Zone, kiosk.zone) if kiosk else None
    return {
        "no": ticket.number,
        "needs": [f"nd.{need}" for need in ticket.needs.split(",")],
        "service": service.name if service else ticket.service,
        "service_en": service.name_en if service else "",
        "zone": zone.name if zone else "",
        "zone_en": zone.name_en if zone else "",
        "floor": zone.floor if zone else "",
        "windows": " / ".join(window.no for window in windows),
        "from": taken.name if taken else "",
        "from_en": taken.name_en if taken else "",
    }


def _where_offered(db: Reads, ticket: Ticket) -> list[Window]:
    """The windows that may call it: its own, or those that work on its service now, else all of the service."""
    own = db.get(Window, ticket.for_window) if ticket.for_window is not None else None
    offered = [own] if own is not None else db.find(OFFERED, service=ticket.service)
    return [window for window in offered if window.shift is not None] or offered
