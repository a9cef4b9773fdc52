"""A ticket on the citizen's phone, where phones can reach the hub. Polled with an ETag; holds no socket, no sign-in."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from sqlalchemy import literal_column, or_
from sqlmodel import bindparam, col, select
from starlette.responses import HTMLResponse, Response

from hallq.displays import hall_state
from hallq.displays.numbers import clock
from hallq.hall import Hall
from hallq.kernel import SECOND, Reads
from hallq.texts import EN, text
from hallq.ticketing import model, queue
from hallq.web import phone_ratings
from hallq.web.errors import Problem, language
from hallq.web.guard import GuardedRoute, allow
from hallq.web.pages import POLICY, templates
from hallq.web.tickets import Placed, hall_of

EVERY = 15  # seconds between looks; never under 10
ENDED = {model.FINISHED: "n.phoneDone", model.NO_SHOW: "n.phoneMissed", model.CANCELLED: "n.phoneCancelled"}
BY_TOKEN = select(model.Ticket).where(
    model.Ticket.phone_token == bindparam("token"),
    model.Ticket.phone_token != literal_column("''"),  # the words of its index
    or_(col(model.Ticket.day) == bindparam("day"), col(model.Ticket.state) == model.PARKED),  # who may return
)
router = APIRouter(route_class=GuardedRoute, include_in_schema=False)


@router.get("/t/{token}")
@allow("public")
async def phone(request: Request, token: str) -> Response:
    """404 from the next day on, and where no `public_url` is set. 304 while the picture of the hall stands still."""
    hall, lang = hall_of(request), language(request)
    tag = f'"{hall.epoch[:8]}-{hall.seq}-{lang}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Language"}
    reachable = hall.settings.server.public_url is not None
    if reachable and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    placed = await hall.read(_look, token=token) if reachable else None
    if placed is None:
        raise Problem(404, "not_found", what="ticket")
    page = templates.get_template("phone.html").render(
        hall=hall.settings.hall.name,
        lang=lang,
        title=text("n.phoneTitle", lang),
        number=placed.ticket.number,
        lines=lines(hall, placed, lang),
        every=EVERY,
        rate=await hall.read(phone_ratings.may_rate, token=token),
        rate_words=text("rt.phoneOpen", lang),
        token=token,
        refresh=text("n.phoneRefresh", lang),
        build=request.app.state.build,
    )
    return HTMLResponse(page, headers=headers | {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"})


def _look(db: Reads, *, token: str) -> Placed | None:
    row = db.first(BY_TOKEN, token=token, day=db.day)
    return None if row is None else Placed(db, row, queue.ahead(db, row))


def lines(hall: Hall, placed: Placed, lang: str) -> list[str]:
    """Where the citizen stands, in words."""
    ticket = placed.ticket
    if hall.picture.mode.emergency is not None:
        return [text(hall_state.EMERGENCY[hall.picture.mode.emergency_kind], lang), text("em.valid", lang)]
    if ticket.state in (model.CALLED, model.SERVING):
        return [text("n.yourTurn", lang, win=ticket.window)]
    if ticket.state == model.PARKED and ticket.return_by:
        return [text("n.phoneReturn", lang, date=_day(ticket.return_by, lang))]
    if ticket.state == model.PARKED:
        return [text("n.phoneParked", lang)]
    if ticket.state in ENDED:
        return [text(ENDED[ticket.state], lang)]
    low, _, high, over = placed.wait
    return [
        text("n.phoneAhead", lang, n=placed.ahead),
        text("n.phoneWait", lang, t1=_clock(hall, low), t2=_clock(hall, high)),
        *([text(f"wt.note{over.capitalize()}", lang)] if over else []),
    ]


def _day(iso: str, lang: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.month}月{day.day}日" if lang != EN else f"{day:%B} {day.day}"


def _clock(hall: Hall, seconds: int) -> str:
    return clock(hall.now() + seconds * SECOND, hall.rules.timezone)
