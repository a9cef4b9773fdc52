"""Rating on the citizen's phone, until the day ends: plain forms without scripts; a level is stored at the press.

A random cookie tells telephones apart, kept as a keyed hash for the day: one for more than three tickets is flagged.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hallq.assessment.ratings import elsewhere, reasons
from hallq.assessment.ratings.model import RatingPhone
from hallq.kernel import Reads, Refused
from hallq.texts import EN, ZH, text
from hallq.texts.wording import named
from hallq.web.assessment.ratings import WatchedRoute
from hallq.web.common import hall_of
from hallq.web.errors import Problem
from hallq.web.guard import allow, takes
from hallq.web.pages import HEADERS, templates
from hallq.web.ticketing.phone_problem import PhoneRoute, wish, wished

COOKIE = "rate_phone"
FORM = "application/x-www-form-urlencoded"
DAY = 24 * 3600


class PhoneRatingRoute(PhoneRoute, WatchedRoute):
    """A refusal is journaled, then said on a page."""


router = APIRouter(route_class=PhoneRatingRoute, include_in_schema=False)
Seen = tuple[elsewhere.Choice, bool]  # and whether this very phone rated it


def may_rate(db: Reads, *, token: str) -> bool:
    """Whether a ticket has a visit to rate."""
    try:
        return bool(elsewhere.choices(db, elsewhere.by_phone(db, token=token)))
    except Refused:
        return False


@router.get("/t/{token}/rate")
@allow("public")
async def page(request: Request, token: str, visit: str = "", stored: str = "") -> Response:
    """`stored`: 1 just pressed, 2 and said why."""
    must_be_reachable(request)
    hall, lang = hall_of(request), wished(request)
    ticket, found, offered = await hall.read(_look, token=token, phone=_phone(request))
    visits = [_visit(hall, *each, lang) for each in found]
    one = next((each for each in visits if str(each["visit"]) == visit), visits[0] if visits else None)
    html = templates.get_template("phone_rate.html").render(
        hall=hall.settings.hall.name, lang=lang, build=request.app.state.build, token=token, number=ticket.number,
        wish=wish(request), path=request.url.path, other=ZH if lang == EN else EN,
        visits=visits, visit=one, stored=bool(stored), answered=stored == "2", why=text("pc.why", lang),
        clean=text("r.clean.note", lang),
        chosen=one["reasons"] if one else (), comment=one["comment"] if one else "", groups=_groups(offered, lang),
        words=lambda key, **values: text(f"rt.{key}", lang, **values),
        level_words=lambda level: text(f"r.{level}", lang),
    )  # fmt: skip
    return _with_cookie(request, HTMLResponse(html, headers=HEADERS))


@router.post("/t/{token}/rate")
@allow("public")
@takes(FORM, most=8192)
async def rate(request: Request, token: str) -> Response:
    must_be_reachable(request)
    fields = parse_qs((await request.body()).decode("utf-8", "replace"))
    visit, level = (_number(fields, name) for name in ("visit", "level"))
    why = "why" in fields
    press: dict[str, Any] = {"reasons": fields.get("reason", []), "comment": fields.get("comment", [""])[0]}
    host = request.client.host if request.client else ""
    done = await hall_of(request).do(
        elsewhere.rate_by_phone, token=token, visit=visit, level=level or 0, phone=_phone(request),
        from_staff=request.app.state.gate.is_staff_address(host), **press if why else {},
    )  # fmt: skip
    lang = wish(request).replace("?", "&")
    address = f"/t/{token}/rate?visit={done.rating.visit}&stored={2 if why else 1}{lang}"
    return _with_cookie(request, RedirectResponse(address, 303, {"Referrer-Policy": "same-origin"}))


def must_be_reachable(request: Request) -> None:
    """Where no `public_url` is set there is no phone's page."""
    if hall_of(request).settings.server.public_url is None:
        raise Problem(404, "not_found", what="ticket")


def _look(db: Reads, *, token: str, phone: str) -> tuple[Any, list[Seen], list[reasons.Reason]]:
    """Each visit, and whether this very phone has rated it: who finds a slip is told no level."""
    ticket = elsewhere.by_phone(db, token=token)
    found = elsewhere.choices(db, ticket)
    known = [db.get(RatingPhone, row.rating.id) if row.rating else None for row in found]
    own = [row is not None and row.phone == phone for row in known]
    return ticket, list(zip(found, own, strict=True)), reasons.offered(db)


def _visit(hall: Any, choice: elsewhere.Choice, own: bool, lang: str) -> dict[str, Any]:
    invitation, rating = choice.invitation, choice.rating if own else None
    service = hall.picture.services.get(invitation.service)
    name = named(service, lang, invitation.service)
    return {
        "visit": invitation.visit, "window": invitation.window, "name": name, "level": rating.level if rating else None,
        "rated": choice.rating is not None,
        "reasons": rating.reasons.split(",") if rating else (), "comment": rating.comment if rating else "",
    }  # fmt: skip


def _groups(offered: list[reasons.Reason], lang: str) -> list[dict[str, Any]]:
    bad = [row for row in offered if row["of"] == "bad"]
    names = dict.fromkeys(row["group"] for row in bad)
    return [
        {
            "name": text(f"r.{group}", lang),
            "reasons": [
                {"code": row["code"], "name": row["en" if lang == EN else "zh"]} for row in bad if row["group"] == group
            ],
        }
        for group in names
    ]


def _number(fields: dict[str, list[str]], name: str) -> int | None:
    [value, *_] = [*fields.get(name, []), ""]
    if value and not (value.isdecimal() and len(value) < 19):
        raise Problem(422, "invalid", field=name)
    return int(value) if value else None


def _phone(request: Request) -> str:
    """A hash that is another one tomorrow, and says nothing of the cookie to who has no key. Who brings no cookie is
    known by the address."""
    known = request.cookies.get(COOKIE) or (request.client.host if request.client else "")
    day = hall_of(request).store.reader().day
    hashed: str = request.app.state.id_hash.of(f"{day}/{known[:64]}")
    return hashed


def _with_cookie(request: Request, response: Response) -> Response:
    """Lax: a code that is scanned anew opens the page from outside, and the telephone is still the same."""
    if COOKIE not in request.cookies:
        secure = request.url.scheme == "https"
        value = secrets.token_urlsafe(16)
        response.set_cookie(COOKIE, value, max_age=DAY, httponly=True, samesite="lax", secure=secure, path="/t")
    return response


