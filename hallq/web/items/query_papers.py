"""A guide to take along: on A4 and as a QR code for everybody, on a slip at a kiosk or a window (H02); forms and their
samples (H24); read aloud.
"""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.hall import Hall
from hallq.items import guides, wording
from hallq.items.paper import print_guide
from hallq.kernel import Reads
from hallq.limits import Limit
from hallq.office.dates import local
from hallq.outbox import print_state
from hallq.texts import EN, ZH, text
from hallq.verbs import check_clerk
from hallq.web import bodies, files
from hallq.web.common import hall_of, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.items.query import polite
from hallq.web.paper import printed, qr_drawing
from hallq.web.shapes import Json

router = APIRouter(route_class=GuardedRoute)
LASTING = {"Cache-Control": "private, max-age=3600"}


class PrintGuide(bodies.Body):
    window: bodies.Code | None = None  # a clerk's


NOTHING = PrintGuide()


@router.post("/api/v1/query/items/{service}/print")
@allow("slips", "verbs")
async def print_slip(request: Request, service: str, body: PrintGuide = NOTHING) -> Response:
    """At the kiosk's own printer; a clerk's at the window. Refused `no_paper` where none stands."""
    hall, who = hall_of(request), caller(request)
    limit: Limit = request.app.state.guide_prints
    limit.check(who.actor)
    target = f"kiosk/{who.place}" if who.role == "kiosk" else f"window/{_window(request, hall, body.window)}"
    await hall.do(print_guide, who.actor, service=service, target=target)
    limit.count(who.actor)
    return reply({})


@router.get("/api/v1/query/items/{service}/print")
@allow("slips")
async def print_outcome(request: Request, service: str) -> Response:
    """What became of the last one at this kiosk: its page tells a citizen whose paper does not come out."""
    ref, target = f"paper/guide/{service}", f"kiosk/{caller(request).place}"
    return reply({"print": await hall_of(request).read(print_state, ref=ref, target=target)})


def _window(request: Request, hall: Hall, no: str | None) -> str:
    if no is None:
        raise Problem(422, "invalid", field="window")
    check_clerk(hall, caller(request), no)
    return no


@router.get("/query/{service}/print", include_in_schema=False)
@allow("public")
async def print_a4(request: Request, service: str, lang: Literal["zh", "en"] = "zh") -> Response:
    polite(request)
    hall, tag = hall_of(request), EN if lang == "en" else ZH
    shape = await hall.read(_shape, service=service)
    return printed(
        request, "guide_paper.html", lang=tag, hall=hall.settings.hall.name, known=wording.words(shape, tag),
        shape=shape, made=f"{local(hall.now(), hall.rules.timezone):%Y-%m-%d %H:%M}",
        say=lambda key, **values: text(f"qy.{key}", tag, **values),
        qr=qr_drawing(address) if (address := _address(hall, service)) else None,
    )  # fmt: skip


@router.get("/api/v1/query/items/{service}/qr.svg")
@allow("public")
async def qr(request: Request, service: str) -> Response:
    """Where telephones reach this guide; 404 where they cannot."""
    hall = hall_of(request)
    address = _address(hall, service) if service in hall.picture.services else None
    if address is None:
        raise Problem(404, "not_found", what="qr", id=service)
    size, path = qr_drawing(address)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 {size + 8} {size + 8}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M-4-4h{size + 8}v{size + 8}h-{size + 8}z"/><path d="{path}"/></svg>'
    )
    return Response(svg, media_type="image/svg+xml", headers=LASTING)


@router.get("/api/v1/query/items/{service}/samples/{file}")
@allow("public")
async def sample(request: Request, service: str, file: int) -> Response:
    """Of the guide in force alone: a blank form, or one filled in as an example."""
    polite(request)
    shape = await hall_of(request).read(_shape, service=service)
    if not any(file in material["samples"] for material in shape["materials"]):
        raise Problem(404, "not_found", what="file", id=file)
    return await files.answer(request, file, f"guide/{service}")


@router.get("/api/v1/query/items/{service}/speech/{lang}.wav")
@allow("public")
async def speech(request: Request, service: str, lang: Literal["zh", "en"]) -> Response:
    """What the guide says first, read aloud; 404 without a voice."""
    polite(request)
    tag = EN if lang == "en" else ZH
    shape = await hall_of(request).read(_shape, service=service)
    sound = await request.app.state.speech.aloud(wording.aloud(shape, tag), tag)
    if sound is None:
        raise Problem(404, "not_found", what="sentence", id=service)
    return Response(sound, media_type="audio/wav", headers={"Cache-Control": "private, no-store"})


def _shape(db: Reads, *, service: str) -> Json:
    return guides.shape(db, guides.offered(db, service), guides.current(db, service))


def _address(hall: Hall, service: str) -> str | None:
    base = hall.settings.server.public_url
    return f"{base}/query?item={service}" if base else None
