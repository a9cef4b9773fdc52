"""One row, or a few, to one view of the picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hallq.kernel import SECOND, Ms, Reads
from hallq.ticketing import lookups
from hallq.ticketing.model import (
    CALLED,
    PARKED,
    Department,
    HallMode,
    Notice,
    Pause,
    PauseReason,
    Person,
    QueueCount,
    Service,
    Suspension,
    Ticket,
    Visit,
    Window,
    Zone,
)
from hallq.ticketing.opening import emergency, noon
from hallq.ticketing.picture import (
    ClerkView,
    ModeView,
    NoticeView,
    PauseView,
    QueueView,
    ServiceView,
    SuspensionView,
    TicketView,
    UndoView,
    WindowView,
)
from hallq.ticketing.tickets import caps
from hallq.ticketing.tickets.issue import why_closed
from hallq.ticketing.waiting import outlook, queue
from hallq.ticketing.windows.visits import shown_calls


def ticket_view(row: Ticket) -> TicketView:
    assert row.id is not None
    return TicketView(
        id=row.id,
        number=row.number,
        service=row.service,
        category=row.category,
        green=bool(row.green),
        state=row.state,
        window=row.window,
        people=row.people,
        cases=row.cases,
        needs=tuple(row.needs.split(",")) if row.needs else (),
        kiosk=row.kiosk,
        print=row.print,
        park_kind=row.park_kind,
        arrival=row.arrival,
        issued_at=row.issued_at,
        calls=row.calls,
        called_at=row.called_at,
        last_called_at=row.last_called_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        verified=row.verified or "",
        priority=row.priority or "",
        then=tuple(row.then.split(",")) if row.then else (),
        cases_done=row.cases_done or 0,
        for_window=row.for_window,
        any_window=bool(row.any_window),
        return_by=row.return_by,
    )


def closed_window(row: Window, department: Department | None, zone: Zone | None, services: Sequence[str]) -> WindowView:
    """A window as the catalogue has it, with nobody there."""
    return WindowView(
        no=row.no,
        department=row.department,
        department_name=department.name if department else "",
        department_name_en=department.name_en if department else "",
        zone=row.zone,
        floor=zone.floor if zone else 1,
        services=tuple(services),
        state="closed",
        clerk=None,
        ticket=None,
        visit=None,
        pause=None,
        parked=(),
        undo=None,
        shown_calls=0,
        no_show_at=None,
        outage=False,
        version=row.version,
        channel=row.channel or "",
        partner=row.partner,
    )


def window_view(db: Reads, base: WindowView, row: Window, tickets: Mapping[int, TicketView]) -> WindowView:
    """`base`: any view of this window; only what the catalogue says of it is kept."""
    ticket = tickets.get(row.ticket) if row.ticket is not None else None
    pause = _pause(db, row)
    shown, no_show_at = _no_show(db, row, ticket)
    return replace(
        base,
        state=_state(row, ticket, pause),
        clerk=_clerk(db, row),
        ticket=ticket,
        visit=row.visit,
        pause=pause,
        parked=_parked(tickets, base),
        undo=_undo(row),
        shown_calls=shown,
        no_show_at=no_show_at,
        outage=bool(row.outage),
        version=row.version,
        closed=row.closed or "",
        closed_until=row.closed_until,
        closed_to=row.closed_to or "",
        form=row.form,
        sent=sent if (sent := tickets.get(row.sent_for_papers or 0)) and sent.state == PARKED else None,
        freed_at=row.freed_at if row.sent_for_papers else None,
    )


def queue_view(db: Reads, service: Service) -> QueueView:
    count = db.get(QueueCount, service.code)
    waiting, green = (count.waiting, count.green) if count else (0, 0)
    nexts = queue.next_of(db, service.code, waiting, green)
    staffed, _ = queue.staff(db, service.code)
    left, stop = caps.left(db, service), caps.stopped(db, service.code)
    why, opens = ("stopped", None) if stop is not None else _why_not(db, service, staffed, left)
    held = db.get(Suspension, service.code)
    why, opens = (why, opens) if held is None else ("suspended", None)
    why, opens = ("emergency", None) if emergency.on(db) else (why, opens)
    wait = outlook.wait_now(db, service)
    at_noon, back = noon.state(db, service, nexts[0].issued_at if nexts else None)
    return QueueView(
        code=service.code,
        waiting=waiting,
        green=green,
        next=tuple(ticket.number for ticket in nexts),
        head_since=nexts[0].issued_at if nexts else None,
        head_green=bool(nexts and nexts[0].green),
        wait=wait[:3],
        over=wait.over,
        open=not why,
        why=why,
        opens=opens,
        left=left,
        stopped=stop.reason if stop is not None else "",
        suspended=None if held is None else SuspensionView(held.since, held.until, held.window),
        noon=at_noon,
        back=back,
    )


def _why_not(db: Reads, service: Service, staffed: int, left: int | None) -> tuple[str, str | None]:
    """Why no number is given now, and from when on one is; empty: it is."""
    closed = why_closed(db, service, staffed)
    if closed is None:
        return ("full" if left == 0 else ""), None
    return closed.get("reason", "early"), (closed["opens"] or "")[11:16] or None


def service_view(row: Service, windows: Mapping[str, WindowView]) -> ServiceView:
    return ServiceView(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        department=row.department,
        prefix=row.prefix,
        windows=tuple(no for no, window in windows.items() if row.code in window.services and not window.closed),
        ord=row.ord,
        common=bool(row.common),
        matter=row.matter,
        matter_en=row.matter_en,
        elder_age=row.elder_age,
        groups=row.groups is None or bool(row.groups),
        identity=row.identity or "",
    )


def mode_view(row: HallMode | None) -> ModeView:
    if row is None:
        return ModeView()
    return ModeView(row.emergency_since, row.peak_since, row.peak_until, row.emergency_kind or "")


def notice_view(db: Reads, row: Notice) -> NoticeView:
    owner = None if row.owner is None else db.get(Person, row.owner)
    return NoticeView(
        id=str(row.id),
        kind=row.kind,
        text=row.text,
        text_en=row.text_en,
        level=row.level,
        window=row.window,
        kiosk=row.kiosk,
        zone=row.zone,
        at=row.at,
        key=row.key or "",
        words=row.words or "",
        detail=row.detail or "",
        audience=row.audience or "",
        rank=row.rank,
        person=row.person,
        ticket=row.ticket,
        owner=row.owner,
        owner_name=owner.name if owner else "",
        owned_at=row.owned_at,
        until=row.until,
        arrived_at=row.arrived_at,
    )


def _state(row: Window, ticket: TicketView | None, pause: PauseView | None) -> str:
    if row.shift is None:
        return "closed"
    if pause is not None:
        return "away" if ticket is not None else "paused"
    if ticket is not None:
        return "serving"
    return "advice_only" if row.advice_only else "open"


def _clerk(db: Reads, row: Window) -> ClerkView | None:
    person = None if row.shift is None else db.first(lookups.CLERK, shift=row.shift)
    if person is None or person.id is None:
        return None
    return ClerkView(person.id, person.name, person.title, person.staff_no or "", person.photo, person.badge or "")


def _pause(db: Reads, row: Window) -> PauseView | None:
    pause = None if row.pause is None else db.get(Pause, row.pause)
    if pause is None or pause.id is None:
        return None
    reason = db.get(PauseReason, pause.reason)
    words = (reason.public, reason.public_en) if reason else ("", "")
    since = pause.since + pause.outage  # the clock that people see stood still while the hub was down
    return PauseView(pause.id, pause.kind, pause.reason, *words, since, pause.until)


def _parked(tickets: Mapping[int, TicketView], window: WindowView) -> tuple[TicketView, ...]:
    """Set aside here, or where any window of the service may call it back."""
    parked = [view for view in tickets.values() if view.state == PARKED and _may_call_back(view, window)]
    return tuple(sorted(parked, key=lambda view: (view.called_at or 0, view.id)))


def _may_call_back(view: TicketView, window: WindowView) -> bool:
    return view.window == window.no or (view.any_window and view.service in window.services)


def _undo(row: Window) -> UndoView | None:
    if not row.undo:
        return None
    done = json.loads(row.undo)
    return UndoView(done["verb"], done["until"], *done.get("onward", ()))


def _no_show(db: Reads, row: Window, ticket: TicketView | None) -> tuple[int, Ms | None]:
    """Calls really shown, and from when a no-show is allowed: None while some are missing."""
    visit = None if row.visit is None else db.get(Visit, row.visit)
    if visit is None or ticket is None or ticket.state != CALLED:
        return 0, None
    shown = shown_calls(db, visit)
    if db.rules.always_open:
        return shown, visit.called_at
    if shown < db.rules.no_show_calls:
        return shown, None
    return shown, visit.called_at + visit.outage + db.rules.no_show_wait_s * SECOND
