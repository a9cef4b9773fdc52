"""A ticket on the citizen's phone, where phones can reach the hub: no app, no sign-in, no socket, no need of scripts.

Polled with an ETag of what it says. More time, and leaving, are asked once more on a page of their own and
journaled as the phone's.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hallq.displays import hall_state
from hallq.displays.numbers import clock
from hallq.hall import Hall
from hallq.items import guides, known
from hallq.items.content import Guide
from hallq.kernel import SECOND, Reads, Refused
from hallq.limits import Limit
from hallq.outcomes.one_time import words as notice_words
from hallq.outcomes.one_time.commands import GIVEN, OF_TICKET
from hallq.outcomes.one_time.content import Missing
from hallq.texts import EN, ZH, text
from hallq.texts.wording import chinese, day, named
from hallq.ticketing import model
from hallq.ticketing.model import Service, Window, Zone
from hallq.ticketing.tickets import phone as commands
from hallq.ticketing.waiting import queue
from hallq.web.assessment import phone_ratings
from hallq.web.assessment.phone_ratings import FORM, must_be_reachable
from hallq.web.common import hall_of, tagged
from hallq.web.errors import Problem
from hallq.web.guard import allow, takes
from hallq.web.pages import HEADERS, templates
from hallq.web.ticketing.phone_problem import PhoneRoute, wish, wished
from hallq.web.ticketing.tickets import Placed

ACTOR = "phone"  # of the journal: whoever held the slip's code
EVERY = 15  # seconds between looks; never under 10
ENDED = {model.FINISHED: "n.phoneDone", model.NO_SHOW: "n.phoneMissed", model.CANCELLED: "n.phoneCancelled"}
ACTS = {"more": commands.postpone, "leave": commands.leave}
SAID = frozenset({"done_more", "done_leave", "why_postponed_before", "why_nobody_behind", "why_too_many", "why_other"})
router = APIRouter(route_class=PhoneRoute, include_in_schema=False)


class Seen(NamedTuple):
    """A ticket with what its page needs beside the picture."""

    placed: Placed
    guide: Guide | None
    missing: tuple[Missing, ...]  # of the one-time notice that was given for it
    place: dict[str, str]  # where its service is done, in both languages
    zone: Zone | None  # of the window that called it
    can_postpone: bool
    can_rate: bool


@router.get("/t/{token}")
@allow("public")
async def phone(request: Request, token: str, said: str = "") -> Response:
    """A page that says so from the next day on; 404 where no `public_url` is set. 304 while it says the same."""
    must_be_reachable(request)
    hall, lang = hall_of(request), wished(request)
    seen = await hall.read(_look, token=token, lang=lang)
    if seen is None:
        return _page(request, "phone_over.html", lang, status=404)
    shown = _facts(hall, seen, lang) | {"said": text(f"ph.{said}", lang) if said in SAID else ""}
    return tagged(request, _page(request, "phone.html", lang, token=token, every=EVERY, **shown))


@router.get("/t/{token}/{act}")
@allow("public")
async def ask(request: Request, token: str, act: str) -> Response:
    """Asked once more before anything happens."""
    must_be_reachable(request)
    seen = await hall_of(request).read(commands.of_token, token=token)
    if act not in ACTS or seen is None:
        return _page(request, "phone_over.html", wished(request), status=404)
    return _page(request, "phone_ask.html", wished(request), token=token, act=act, number=seen.number)


@router.post("/t/{token}/{act}")
@allow("public")
@takes(FORM, most=1024)
async def do(request: Request, token: str, act: str) -> Response:
    must_be_reachable(request)
    hall, limit = hall_of(request), request.app.state.phone_limit
    if act not in ACTS or await hall.read(commands.of_token, token=token) is None:
        raise Problem(404, "not_found", what="ticket")
    said = await _try(request, limit, token, act)
    address = f"/t/{token}?said={said}{wish(request).replace('?', '&')}"
    return RedirectResponse(address, 303, {"Referrer-Policy": "same-origin"})


async def _try(request: Request, limit: Limit, token: str, act: str) -> str:
    """What the page then says: done, or why not."""
    host = request.client.host if request.client else ""
    try:
        limit.check(token)
        limit.count(token)
        from_staff = request.app.state.gate.is_staff_address(host)
        await hall_of(request).do(ACTS[act], ACTOR, token=token, from_staff=from_staff)
    except Refused as refused:
        return f"why_{refused.code}" if f"why_{refused.code}" in SAID else "why_other"
    return f"done_{act}"


def _page(request: Request, template: str, lang: str, *, status: int = 200, **values: Any) -> Response:
    """`same-origin`: the address holds the token, and a form must still say where it comes from."""
    hall, rules = hall_of(request).settings.hall.name, hall_of(request).rules
    html = templates.get_template(template).render(
        hall=hall, lang=lang, build=request.app.state.build, wish=wish(request), other=ZH if lang == EN else EN,
        path=request.url.path, rules=rules, words=lambda key, **facts: text(f"ph.{key}", lang, **facts),
        chinese=chinese, **values,
    )  # fmt: skip
    return HTMLResponse(html, status, HEADERS)


# -- what it shows


def _look(db: Reads, *, token: str, lang: str) -> Seen | None:
    row = commands.of_token(db, token=token)
    if row is None:
        return None
    service = db.get(Service, row.service)
    given = [notice for notice in db.find(OF_TICKET, ticket=row.id) if notice.state == GIVEN]
    found = guides.current(db, row.service)
    window = db.get(Window, row.window) if row.window else None
    return Seen(
        Placed(db, row, queue.ahead(db, row)), found.guide if found else None,
        notice_words.of(db, given[-1], lang).missing if given else (),
        known.facts(db, service) if service is not None else {},
        db.get(Zone, window.zone) if window is not None else None,
        commands.may_postpone(db, row), phone_ratings.may_rate(db, token=token),
    )  # fmt: skip


def _facts(hall: Hall, seen: Seen, lang: str) -> dict[str, Any]:
    ticket, guide = seen.placed.ticket, seen.guide
    called = ticket.state in (model.CALLED, model.SERVING)
    open_ = ticket.state not in ENDED
    first, *rest = lines(hall, seen.placed, lang)
    service = hall.picture.services.get(ticket.service)
    return {
        "number": ticket.number, "title": text("n.phoneTitle", lang), "first": first, "rest": rest,
        "service": named(service, lang, ticket.service),
        "window": ticket.window if called else None, "zone": _zone(seen.zone, lang) if called else "",
        "place": seen.place.get("place_en" if lang == EN else "place", "") if ticket.state == model.WAITING else "",
        "papers": _papers(guide, lang) if guide and open_ and not seen.missing else [],
        "no_papers": bool(guide and guide.no_materials and open_), "missing": seen.missing if open_ else (),
        "phone": guide.phone if guide else "",
        "can_postpone": seen.can_postpone, "can_leave": ticket.state == model.WAITING, "can_rate": seen.can_rate,
        "rate_words": text("rt.phoneOpen", lang),
    }  # fmt: skip


def _papers(guide: Guide, lang: str) -> list[str]:
    """Names, and when one is needed only then."""
    found = []
    for paper in guide.materials:
        name, when = paper.name, paper.when
        if lang == EN:
            name, when = paper.name_en or name, paper.when_en or when
        found.append(text("ph.paper", lang, name=name, when=when) if when else name)
    return found


def _zone(zone: Zone | None, lang: str) -> str:
    """A zone's name often says its floor already."""
    if zone is None:
        return ""
    name = named(zone, lang)
    return name if "楼" in name or "floor" in name.lower() else text("ph.floor", lang, floor=zone.floor, zone=name)


def lines(hall: Hall, placed: Placed, lang: str) -> list[str]:
    """Where the citizen stands, in words."""
    ticket = placed.ticket
    if hall.picture.mode.emergency is not None:
        return [text(hall_state.EMERGENCY[hall.picture.mode.emergency_kind], lang), text("em.valid", lang)]
    if ticket.state in (model.CALLED, model.SERVING):
        return [text("n.yourTurn", lang, win=ticket.window)]
    if ticket.state == model.PARKED and ticket.return_by:
        return [text("n.phoneReturn", lang, date=day(ticket.return_by, lang))]
    if ticket.state == model.PARKED:
        return [text("n.phoneParked", lang)]
    if ticket.state in ENDED:
        return [text(ENDED[ticket.state], lang)]
    low, _, high, over = placed.wait
    first, last = _clock(hall, low), _clock(hall, high)
    expected = text("ph.waitOne", lang, t=first) if first == last else text("n.phoneWait", lang, t1=first, t2=last)
    return [
        text("n.phoneAhead", lang, n=placed.ahead),
        expected,
        *([text(f"wt.note{over.capitalize()}", lang)] if over else []),
    ]


def _clock(hall: Hall, seconds: int) -> str:
    return clock(hall.now() + seconds * SECOND, hall.rules.timezone)
