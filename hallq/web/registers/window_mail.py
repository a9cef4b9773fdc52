"""Mail at the window (L02, L04): the clerk asks for it, the citizen types the address on the pad."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.hall import Hall
from hallq.kernel import iso
from hallq.registers import ledger, mail
from hallq.registers.model import Mail
from hallq.requests import once
from hallq.ticketing.model import Ticket
from hallq.verbs import check_clerk
from hallq.web.assessment.ratings import own
from hallq.web.bodies import Body, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.registers.mail import Where, again, answer, timed
from hallq.web.registers.parts import Line

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
ON_PAD = "padmail/"  # live key of the form on a window's pad; memory alone: after a restart the clerk asks again


class Ask(Body):
    what: Line = ""
    to: Where | None = None  # told to the clerk; else the pad asks
    request_id: RequestId = None


class OnPad(Body):
    mail: int


class Fill(Where):
    mail: int


@router.get("/windows/{no}/mail")
@allow("verbs")
async def of_window(request: Request, no: str) -> Response:
    """Today's of this window, masked."""
    hall = hall_of(request)
    check_clerk(hall, caller(request), no)
    today = hall.store.reader().day
    rows = await hall.read(ledger.listing, since=today, until=today, window=no)
    return reply({"items": [timed(hall, row) for row in rows], "next": None})


@router.post("/windows/{no}/mail", status_code=201)
@allow("verbs")
async def ask(request: Request, no: str, body: Ask) -> Response:
    """L02: for the clerk's own visit. Without `to` the citizen's side of the pad asks where to."""
    hall, who = hall_of(request), caller(request)
    check_clerk(hall, who, no)
    clerk = hall.picture.windows[no].clerk
    wish = body.model_dump(exclude={"request_id"})
    command = once(
        mail.ask, caller=who.actor, route=request.url.path, request_id=body.request_id, body=wish, again=again
    )
    row = await hall.do(
        command, who.actor, window=no, person=clerk.id if clerk else 0, what=body.what, **(wish["to"] or {})
    )
    await _show(hall, no, row)
    return await answer(request, row.id, 201)


@router.post("/pads/{no}/mail")
@allow("rate")
async def fill(request: Request, no: str, body: Fill) -> Response:
    """L04: name, telephone and address, typed by the citizen."""
    hall = own(request, no)
    row = await hall.do(mail.fill, caller(request).actor, window=no, **body.model_dump())
    await _show(hall, no, row)
    return reply({"no": row.no})


@router.post("/pads/{no}/mail/decline")
@allow("rate")
async def decline(request: Request, no: str, body: OnPad) -> Response:
    hall = own(request, no)
    row = await hall.do(mail.decline, caller(request).actor, window=no, mail=body.mail)
    await _show(hall, no, row)
    return reply({"no": row.no})


async def _show(hall: Hall, no: str, row: Mail) -> None:
    """The form stands on the pad while it is open; the page takes it off at its end and with the next citizen."""
    if row.form_until is None:
        hall.set_extra(f"{ON_PAD}{no}", None)
        return
    ticket = await hall.read(lambda db: db.get(Ticket, row.ticket))
    service = hall.picture.services.get(row.service or "")
    hall.set_extra(f"{ON_PAD}{no}", {
        "mail": row.id, "until": iso(row.form_until, hall.rules.timezone), "number": ticket.number if ticket else "",
        "what": row.what, "service": service.name if service else "", "service_en": service.name_en if service else "",
        "carrier": row.carrier,
    })  # fmt: skip
