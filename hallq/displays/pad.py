"""What a two-sided pad shows. The clerk's side is made without ever looking at an invitation or a rating.

Verbs are the pad protocol's names (`call_next` .. `return`); `primary` is always the next sensible one. `no_show` is
possible from `no_show_at` on: the pad counts down by itself.
"""

from __future__ import annotations

from dataclasses import replace

from hallq.assessment.ratings.picture import InvitationView
from hallq.displays import closed
from hallq.displays.hall_state import CALLING, emergency, noon
from hallq.displays.screens import CitizenScreen, ClerkScreen, PadScreen
from hallq.kernel import Ms
from hallq.texts import EN, ZH, group, text
from hallq.ticketing.picture import Picture, WindowView

_VISIT = {"finish", "finish_and_next", "transfer", "park", "away"}
_VERBS: dict[str, set[str]] = {
    "closed": {"sign_in", "help"},
    "outage": {"continue", "return", "help"},
    "open": {"call_next", "pause", "sign_out", "help"},
    "called": {"recall", "start", "help"} | _VISIT,
    "serving": {"help"} | _VISIT,
    "away": {"back", "help"},
    "paused": {"resume", "sign_out", "help"},
    "advice_only": {"pause", "sign_out", "help"},
}
_CATEGORIES = group(["c"])[ZH]
_PRIMARY = {"closed": "sign_in", "outage": "continue", "open": "call_next", "away": "back", "paused": "resume"}


def pad(picture: Picture, no: str, invitation: InvitationView | None, *, now: Ms) -> PadScreen:
    window = picture.windows.get(no)
    if window is None:
        return PadScreen(0, CitizenScreen("closed", no), ClerkScreen("closed"))
    shown = citizen(window, invitation, picture)
    if window.pause and shown.until == window.pause.until and (shown.until or now) <= now:
        shown = replace(shown, until=None)  # a return that has passed is not promised
    clerk = clerk_side(picture, window, now)
    if picture.mode.emergency is not None:
        clerk = _standing(clerk)
    return PadScreen(window.version, shown, clerk, _proof(window, shown.screen))


def citizen(window: WindowView, invitation: InvitationView | None, picture: Picture) -> CitizenScreen:
    """An emergency stands before everything, an open invitation before the window's own state."""
    words = emergency(picture)
    if words is not None:
        return CitizenScreen("closed", window.no, reason=words[0], reason_en=words[1])
    return _rating(picture, window, invitation) if invitation else _resting(picture, window, _window(picture, window))


def _resting(picture: Picture, window: WindowView, screen: CitizenScreen) -> CitizenScreen:
    at_noon, back = noon(picture, window)
    if screen.screen != "idle" or at_noon != "rest":
        return screen
    words = text("dayoff.noon", ZH), text("dayoff.noon", EN)
    return replace(screen, screen="paused", reason=words[0], reason_en=words[1], until=back)


def clerk_side(picture: Picture, window: WindowView, now: Ms) -> ClerkScreen:
    ticket, undo = window.ticket, window.undo if window.undo and window.undo.until > now else None
    queues = [picture.queues[code] for code in window.services if code in picture.queues]
    waiting = sum(queue.waiting for queue in queues)
    return ClerkScreen(
        state="called" if _phase(window) == "called" else window.state,
        clerk_name=window.clerk.name if window.clerk else "",
        number=ticket.number if ticket else "",
        service=_service(picture, ticket.service if ticket else "")[0],
        category=_category(ticket.category, ticket.green) if ticket else "",
        waiting=waiting,
        next_category=_CATEGORIES["c.green"] if any(queue.head_green for queue in queues) else "",
        verbs=_verbs(window, now),
        primary=_primary(window, waiting),
        no_show_at=window.no_show_at,
        undo_verb=undo.verb if undo else "",
        undo_until=undo.until if undo else None,
        outage_number=ticket.number if ticket and window.outage else "",
        message=text("pk.restored", ZH, no=ticket.number) if ticket and window.outage else "",
    )


def _standing(clerk: ClerkScreen) -> ClerkScreen:
    """In an emergency nobody is called; what is open may be ended."""
    primary = "finish" if "finish" in clerk.verbs else "" if clerk.primary in CALLING else clerk.primary
    return replace(clerk, verbs=clerk.verbs - CALLING, primary=primary, message=text("em.clerk", ZH))


def _phase(window: WindowView) -> str:
    if window.clerk is None:
        return "closed"
    if window.outage and window.ticket:
        return "outage"
    if window.ticket and window.ticket.state == "called" and window.state != "away":
        return "called"
    return window.state


def _verbs(window: WindowView, now: Ms) -> frozenset[str]:
    phase = _phase(window)
    verbs = set(_VERBS[phase])
    if phase == "open" and window.parked:
        verbs.add("call")
    if phase == "called" and window.no_show_at is not None:
        verbs.add("no_show")
    if window.undo and window.undo.until > now and phase != "closed":
        verbs.add("undo")
    return frozenset(verbs)


def _primary(window: WindowView, waiting: int) -> str:
    """With nobody waiting, finishing is the next sensible verb: calling would be refused."""
    return _PRIMARY.get(phase := _phase(window)) or (
        "" if phase == "advice_only" else "finish_and_next" if waiting else "finish"
    )


def _window(picture: Picture, window: WindowView) -> CitizenScreen:
    ticket, pause, clerk = window.ticket, window.pause, window.clerk
    name, name_en = _service(picture, ticket.service if ticket else "")
    advice = window.state == "advice_only"
    return CitizenScreen(
        screen=_screen(window),
        window=window.no,
        clerk_name=clerk.name if clerk else "",
        clerk_title="　".join(filter(None, (clerk.title, clerk.badge))) if clerk else "",
        staff_no=clerk.staff_no if clerk else "",
        photo=(clerk.photo or "") if clerk else "",
        number=ticket.number if ticket else "",
        service=name,
        service_en=name_en,
        reason=pause.reason if pause else text("h.advice", ZH) if advice else closed.pad_words(window, ZH),
        reason_en=pause.reason_en if pause else text("h.advice", EN) if advice else closed.pad_words(window, EN),
        until=pause.until if pause else None,
        opens=(picture.opens or "") if _screen(window) == "closed" else "",
    )


def _screen(window: WindowView) -> str:
    if window.clerk is None:
        return "closed"
    if window.state in ("paused", "away"):
        return window.state
    if window.ticket:
        return "called" if window.ticket.state == "called" else "serving"
    return "idle" if window.state in ("open", "advice_only") else "closed"


def _rating(picture: Picture, window: WindowView, invitation: InvitationView) -> CitizenScreen:
    name, name_en = _service(picture, invitation.service)
    return CitizenScreen(
        screen=invitation.screen,
        window=window.no,
        service=name,
        service_en=name_en,
        until=invitation.until,
        token=invitation.token,
        level=invitation.level or 0,
    )


def _proof(window: WindowView, screen: str) -> tuple[str, int, int] | None:
    if screen == "called" and window.ticket and window.visit:
        return ("call", window.visit, window.ticket.calls)
    if screen in ("paused", "away") and window.pause:
        return ("pause", window.pause.id, 1)
    return closed.proof(window) if screen in ("closed", "idle") else None


def _service(picture: Picture, code: str) -> tuple[str, str]:
    service = picture.services.get(code)
    return (service.name, service.name_en) if service else (code, code)


def _category(code: str, green: bool = True) -> str:
    """A hall's own categories, which have no word here, are shown by their channel."""
    return _CATEGORIES.get(f"c.{code}", _CATEGORIES["c.green" if green else "c.ordinary"])
