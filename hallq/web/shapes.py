"""The picture as JSON, per audience. What a caller may not see is not in its shape: one place decides.

Audiences: public (screens), board, kiosk, staff (terminals, clerk's pads, guides), office, pad (the citizen's side).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from hallq.assessment.ratings.picture import InvitationView
from hallq.displays import pad as pads
from hallq.hall import Hall
from hallq.kernel import SECOND, Ms, iso
from hallq.texts import EN, ZH, text
from hallq.ticketing.model import WAITING
from hallq.ticketing.picture import (
    ClerkView,
    NoticeView,
    PauseView,
    Picture,
    QueueView,
    ServiceView,
    SuspensionView,
    TicketView,
    WindowView,
)

Json = dict[str, Any]
STAFF = frozenset({"staff", "office"})
CAUSES = frozenset({  # of alarms, as visitors are told of them (texts `gv`)
    "pause", "idle", "empty", "vacant", "crowd", "green", "guide", "device", "segment", "kind", "paper", "help", "peak",
})  # fmt: skip
SENT_SHOWN: Ms = 20 * SECOND  # so long the pad says until when to come back with papers


class Shapes:
    """live.Source over a hall's picture, and the shapes of the GETs."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._zone = hall.rules.timezone

    def keys(self) -> Iterable[str]:
        picture = self._hall.picture
        yield from (f"window/{no}" for no in picture.windows)
        yield from (f"pad/{no}" for no in picture.windows)
        yield from (f"queue/{code}" for code in picture.queues)
        yield from (f"ticket/{number}" for number in picture.tickets)
        yield from (f"notice/{number}" for number in picture.notices)
        yield from self._hall.extra

    def value(self, key: str, audience: str) -> Json | None:
        kind, _, name = key.partition("/")
        picture = self._hall.picture
        if key in self._hall.extra:
            value: Json = self._hall.extra[key]
            return value
        if kind == "window" and name in picture.windows:
            return self.window(picture.windows[name], audience)
        if kind == "queue" and name in picture.queues:
            return self.queue(picture.queues[name], audience)
        if kind == "pad" and name in picture.windows:
            return self.pad(picture.windows[name], self._hall.invitations.get(name))
        if kind == "ticket" and name.isdecimal() and int(name) in picture.tickets:
            return self.ticket(picture.tickets[int(name)], audience)
        if kind == "notice" and name in picture.notices:
            seen = picture.notices[name]
            return self.nameless(seen) if audience == "guest" and seen.audience != "public" else self.notice(seen)
        return None

    def time(self, at: Ms | None) -> str | None:
        return iso(at, self._zone)

    def window(self, window: WindowView, audience: str) -> Json:
        shape = {
            "no": window.no,
            "department": window.department,
            "department_name": window.department_name,
            "department_name_en": window.department_name_en,
            "zone": window.zone,
            "floor": window.floor,
            "state": window.state,
            "clerk": somebody(window.clerk) if audience == "guest" else clerk(window.clerk),
            "ticket": None if window.ticket is None else self.ticket(window.ticket, audience),
            "services": list(window.services),
            "paused": self._pause(window.pause, "pause"),
            "away": self._pause(window.pause, "away"),
            "version": window.version,
            "channel": window.channel or None,
            "closed": window.closed or None,
            "closed_until": self.time(window.closed_until),
            "closed_to": window.closed_to or None,
        }
        if audience in STAFF:
            undo = window.undo
            shape |= {
                "parked": [self.ticket(ticket, audience) for ticket in window.parked],
                "undo": None if undo is None else {"verb": undo.verb, "until": self.time(undo.until)},
                "restored": window.outage,
                "no_show_at": self.time(window.no_show_at),
                "shown_calls": window.shown_calls,
            }
        return shape

    def _pause(self, pause: PauseView | None, kind: str) -> Json | None:
        if pause is None or pause.kind != kind:
            return None
        return {
            "code": pause.code,
            "reason": pause.reason,
            "reason_en": pause.reason_en,
            "since": self.time(pause.since),
            "until": self.time(pause.until),
            "warn_at": self.time(pause.since + self._hall.rules.pause_warn_s * SECOND),  # B02
            "limit_at": self.time(pause.since + self._hall.rules.pause_limit_s * SECOND),
        }

    def ticket(self, ticket: TicketView, audience: str) -> Json:
        shape = {
            "id": ticket.id,
            "number": ticket.number,
            "state": ticket.state,
            "window": ticket.window,
            "called_at": self.time(ticket.called_at),
            "last_called_at": self.time(ticket.last_called_at),
            "green": bool(ticket.green),
            "calls": ticket.calls,
        }
        if audience in ("public", "board", "guest", "pad"):
            return shape
        return shape | {
            "service": ticket.service,
            "category": None if _unknown(ticket, audience) else ticket.category,
            "verified": ticket.verified or None,
            "people": ticket.people,
            "cases": ticket.cases,
            "needs": list(ticket.needs),
            "kiosk": ticket.kiosk,
            "print": ticket.print,
            "park_kind": ticket.park_kind,
            "any_window": bool(ticket.any_window),
            "return_by": ticket.return_by,
            "then": list(ticket.then),
            "priority": ticket.priority or None,
            "cases_done": ticket.cases_done,
            "for_window": ticket.for_window,
            "issued_at": self.time(ticket.issued_at),
            "started_at": self.time(ticket.started_at),
            "finished_at": self.time(ticket.finished_at),
        }

    def queue(self, queue: QueueView, audience: str) -> Json:
        shape = {
            "code": queue.code,
            "waiting": queue.waiting,
            "wait": waits(queue.wait, queue.over),
            "open": queue.open,
            "why": queue.why or None,
            "from": queue.opens,
            "left": queue.left,
            "suspended": self._suspended(queue.suspended),
            "stopped": queue.stopped or None,
            "noon": queue.noon or None,
            "back": self.time(queue.back),
        }
        if audience in ("public", "board", "office", "staff"):
            shape["next"] = list(queue.next)
        if audience in ("staff", "office", "board"):
            shape["green"] = queue.green
            since = self.time(queue.head_since)  # never who it is: neither name nor age nor class before the call
            shape["head"] = None if since is None else {"green": queue.head_green, "since": since}
        return shape

    def _suspended(self, held: SuspensionView | None) -> Json | None:
        if held is None:
            return None
        return {"since": self.time(held.since), "until": self.time(held.until), "window": held.window}

    def pad(self, window: WindowView, invitation: InvitationView | None) -> Json:
        """The citizen's side. No clerk's view has this key."""
        screen = pads.pad(self._hall.picture, window.no, invitation, now=self._hall.now()).citizen
        mode = self._hall.picture.mode
        return {
            "window": window.no,
            "screen": "emergency" if mode.emergency is not None else screen.screen,
            "emergency": mode.emergency_kind or None,
            "clerk": clerk(window.clerk),
            "number": screen.number or None,
            "service": screen.service or None,
            "service_en": screen.service_en or None,
            "reason": screen.reason or None,
            "reason_en": screen.reason_en or None,
            "until": self.time(screen.until),
            "token": screen.token or None,
            "level": screen.level or None,
            "opens": screen.opens or None,
            "sent": self._sent(window),
            "version": window.version,
        }

    def _sent(self, window: WindowView) -> Json | None:
        """Who has just gone to fetch papers reads until when to come back."""
        if window.sent is None or window.freed_at is None:
            return None
        until = self.time(window.freed_at + SENT_SHOWN)
        return {"number": window.sent.number, "return_by": window.sent.return_by, "until": until}

    def notice(self, notice: NoticeView) -> Json:
        detail = orjson.loads(notice.detail) if notice.detail else {}
        english = detail | {key[:-3]: value for key, value in detail.items() if key.endswith("_en")}  # names and dates
        return {
            "id": notice.id,
            "kind": notice.kind,
            "key": notice.key or None,
            "text": text(notice.words, ZH, **listed(detail, ZH)) if notice.words else notice.text,
            "text_en": text(notice.words, EN, **listed(english, EN)) if notice.words else notice.text_en,
            "detail": detail,
            "rank": notice.rank,
            "person": notice.person,
            "ticket": notice.ticket,
            "owner": None if notice.owner is None else {"id": notice.owner, "name": notice.owner_name},
            "owned_at": self.time(notice.owned_at),
            "arrived_at": self.time(notice.arrived_at),
            "until": self.time(notice.until),
            "level": notice.level,
            "window": notice.window,
            "kiosk": notice.kiosk,
            "zone": notice.zone,
            "at": self.time(notice.at),
        }

    def nameless(self, notice: NoticeView) -> Json:
        """Before visitors: what kind of matter it is and where, never whom it concerns or who acts."""
        cause = (notice.key or "").partition("/")[0]
        words = f"gv.{cause if cause in CAUSES else notice.kind if notice.kind in CAUSES else 'other'}"
        shape = self.notice(notice)
        kept = ("id", "kind", "rank", "owned_at", "until", "level", "window", "zone", "at")
        owner = None if notice.owner is None else {"id": None, "name": ""}
        return dict.fromkeys(shape) | {name: shape[name] for name in kept} | {
            "text": text(words, ZH), "text_en": text(words, EN), "detail": {}, "owner": owner,
        }  # fmt: skip

    def service(self, service: ServiceView, queue: QueueView | None) -> Json:
        windows = self._hall.picture.windows
        return {
            "code": service.code,
            "name": service.name,
            "name_en": service.name_en,
            "department": service.department,
            "prefix": service.prefix,
            "windows": list(service.windows),
            "zones": sorted({windows[no].zone for no in service.windows if no in windows}),
            "why": (queue.why if queue else "") or None,
            "from": queue.opens if queue else None,
            "common": bool(service.common),
            "matter": service.matter,
            "matter_en": service.matter_en,
            "groups": service.groups,
            "identity": service.identity or None,
            "open": queue is not None and queue.open,
            "waiting": 0 if queue is None else queue.waiting,
            "wait": waits((0, 0, 0)) if queue is None else waits(queue.wait, queue.over),
            "elder_age": service.elder_age or self._hall.rules.elder_age,
        }

    def services(self, picture: Picture) -> list[Json]:
        return [self.service(service, picture.queues.get(service.code)) for service in picture.services.values()]


def _unknown(ticket: TicketView, audience: str) -> bool:
    """Before the call nobody who works here is told what someone's class is (A22); the kiosk that gave it knows."""
    return ticket.state == WAITING and audience in STAFF


def listed(values: Json, lang: str) -> Json:
    """What a person needs is kept as texts' keys: in words, one after the other."""
    if "needs" not in values:
        return values
    return values | {"needs": ("、" if lang == ZH else ", ").join(text(key, lang) for key in values["needs"])}


def clerk(view: ClerkView | None) -> Json | None:
    if view is None:
        return None
    photo = photo_path(view.id, view.photo)
    names = ("id", "name", "title", "staff_no", "badge")
    return {name: getattr(view, name) for name in names} | {"photo": photo}


def somebody(view: ClerkView | None) -> Json | None:
    """That there is somebody, and no more."""
    return None if view is None else {"id": None, "name": "", "title": "", "staff_no": "", "photo": None}


def photo_path(person: int, photo: str | None) -> str | None:
    """D07: what a page asks for; another picture is another address."""
    return f"/api/v1/people/{person}/photo?v={photo}" if photo is not None and photo.isdecimal() else photo


def waits(wait: tuple[int, int, int], over: str = "") -> Json:
    """Seconds; `over`: break, around or closing comes before the call."""
    low, likely, high = wait
    return {"low": low, "likely": likely, "high": high, "over": over}
