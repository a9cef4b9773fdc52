"""The pages' shells and the files they load. A shell holds the words; everything else comes over /live and the API."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.responses import HTMLResponse, RedirectResponse, Response

import hallq
from hallq import speech, texts
from hallq.assessment.ratings import reasons
from hallq.hall import Hall
from hallq.kernel import Reads
from hallq.texts import text
from hallq.ticketing.looks import KIOSKS
from hallq.web.common import hall_of
from hallq.web.errors import Problem, language
from hallq.web.guard import GuardedRoute, allow

UI = Path(hallq.__file__).parent.parent / "kiosk_ui"
SHARED = ("em", "demo", "net", "pair", "ui", "c")
POLICY = (
    "default-src 'self'; connect-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
router = APIRouter(route_class=GuardedRoute, include_in_schema=False)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
templates = Environment(loader=PackageLoader("hallq.web"), autoescape=select_autoescape())


@dataclass(frozen=True)
class Page:
    tables: tuple[str, ...]
    title: str


OFFICE = (
    "kd", "st", "sy", "wd", "wf", "wt", "fm", "cal", "cf", "gd", "nd", "oo", "ap", "o", "r", "si", "op", "pm", "sl",
    "au", "aw", "mn", "vs", "rc", "rk", "cmp", "bl", "pl", "sd", "hk", "rt", "cs", "ct", "sc", "sf", "pf", "ev", "cm",
    "rp", "ot", "gt", "gf", "gv", "bg", "pub", "scr", "oc", "ocp", "hg", "hv", "qy", "rg",
)  # fmt: skip
PAGES = {
    "kiosk": Page(("sp", "ap", "wt", "gc", "k", "ki", "kf", "kb", "kc", "ct", "pc", "qy", "r", "rt"), "k.title"),
    "screen": Page(("d", "dayoff", "kc", "pub", "r"), "d.now"),
    "board": Page(("kd", "b", "gv", "si", "ba", "pb", "oc"), "b.name"),
    "window": Page(
        ("mf", "gc", "hg", "hv", "oc", "ocp", "ot", "pk", "rp", "si", "vs", "w", "wm", "wn", "wq", "me"), "w.title"
    ),
    "pad-citizen": Page(("mf", "pc", "r", "rt", "tg"), "pc.rate"),
    "pad-clerk": Page(("cp", "gc", "oc", "ocp", "pk", "pc", "si", "vs", "w", "wn", "wq"), "w.title"),
    "office": Page(OFFICE, "o.home"),
    "book": Page(("ap",), "ap.bookTitle"),
    "guide": Page(
        ("cm", "fm", "gd", "gr", "hg", "rg", "ct", "kc", "nd", "o", "pk", "r", "rt", "refusal", "si", "wt", "me"),
        "gd.title",
    ),
    "patrol": Page(("o", "pk", "pl", "si", "wf", "wd"), "pl.title"),
    "me": Page(("ev", "rc", "rk", "cs", "pl", "o", "r", "si", "vs", "me", "oc", "sc", "sd"), "me.title"),
    "emergency": Page(("o", "si"), "em.title"),
    "query": Page(("k", "wt", "qy", "gi"), "qy.title"),
    "virtual": Page(("vh", "vd", "pc", "pk", "r"), "vh.title"),
}


@cache
def build_of(folder: Path) -> str:
    """Names what the pages are made of: changes with any of their files or words."""
    digest = hashlib.sha256()
    words = Path(texts.__file__).parent
    for path in sorted([*folder.rglob("*.*"), *words.glob("*.toml")]):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def shell(request: Request, page: str, place: str = "", **more: Any) -> Response:
    hall, known = hall_of(request), PAGES[page]
    lang = language(request)
    boot: dict[str, Any] = {
        "page": page,
        "place": place,
        "demo": request.app.state.demo,
        "speed": getattr(hall.clock, "speed", 1.0),
        "build": request.app.state.build,
        "hall": {"id": hall.settings.hall.id, "name": hall.settings.hall.name},
        "languages": list(hall.settings.hall.languages),
        "lang": lang if lang in hall.settings.hall.languages else hall.settings.hall.languages[0],
        "texts": texts.group((*SHARED, *known.tables)),
        "reasons": reason_json(hall.store.reader()) if "r" in known.tables else [],
        "speech": speech.there(),
        "earphones": hall.rules.rate_earphones,
        "phones": hall.settings.server.public_url is not None,
        "complaints": complaint_ways(hall),
        "guest_s": hall.rules.board_guest_s,
    }
    boot |= more
    html = templates.get_template("page.html").render(
        page=page,
        title=f"{text(known.title, lang)} · {hall.settings.hall.name}",
        lang=lang,
        build=boot["build"],
        boot_json=orjson.dumps(boot).decode().replace("<", "\\u003c"),
    )
    return HTMLResponse(html, headers=HEADERS)


def complaint_ways(hall: Hall) -> dict[str, str]:
    """E02, E03: the telephones, and the windows for matters that got stuck."""
    service = hall.picture.services.get(hall.rules.unresolved_service)
    return {"phones": hall.rules.complaint_phones, "windows": "、".join(service.windows) if service else ""}


def reason_json(db: Reads) -> list[dict[str, Any]]:
    """Also those switched off: older ratings hold them, no pad offers them."""
    rows = reasons.known(db)
    names = ("code", "group", "of", "active")
    return [{name: row[name] for name in names} | {"name": row["zh"], "name_en": row["en"]} for row in rows]


def _window(request: Request, no: str) -> str:
    if no not in hall_of(request).picture.windows:
        raise Problem(404, "not_found", what="window", id=no)
    return no


@router.get("/")
@allow("public")
async def root(request: Request) -> Response:
    return RedirectResponse("/virtual" if request.app.state.demo else "/office")


@router.get("/kiosk")
@allow("public")
async def kiosk(request: Request, id: str = "") -> Response:
    """`?id=` names the kiosk; a paired browser is known by its cookie; a hall with one kiosk needs neither."""
    paired = [name.removeprefix("hallq_kiosk_") for name in request.cookies if name.startswith("hallq_kiosk_")]
    kiosks = {kiosk.id: bool(kiosk.query) for kiosk in await hall_of(request).read(lambda db: db.find(KIOSKS))}
    place = id or next(iter(paired), "") or next((id for id, query in kiosks.items() if not query), "")
    if place not in kiosks:
        raise Problem(404, "not_found", what="kiosk", id=place)
    if kiosks[place]:
        return RedirectResponse(f"/query?id={quote(place)}")
    return shell(request, "kiosk", place)


@router.get("/query")
@allow("public")
async def query(request: Request, id: str = "") -> Response:
    """Service guides. `?id=` names a kiosk or a query machine, without it anybody's browser; `?item=` opens one."""
    kiosks = {kiosk.id: bool(kiosk.query) for kiosk in await hall_of(request).read(lambda db: db.find(KIOSKS))}
    if id and id not in kiosks:
        raise Problem(404, "not_found", what="kiosk", id=id)
    prints = hall_of(request).serves("print", f"kiosk/{id}")
    return shell(request, "query", id, numbers=bool(id) and not kiosks[id], prints=prints)


@router.get("/screen")
@allow("public")
async def screen(request: Request, zone: str = "") -> Response:
    return shell(request, "screen", zone)


@router.get("/board")
@allow("public")
async def board(request: Request) -> Response:
    return shell(request, "board")


@router.get("/office")
@allow("public")
async def office(request: Request) -> Response:
    return shell(request, "office")


@router.get("/book")
@allow("public")
async def book(request: Request) -> Response:
    """On a telephone; absent where no telephone can reach the hub."""
    if hall_of(request).settings.server.public_url is None:
        raise Problem(404, "not_found", what="page", id="book")
    return shell(request, "book")


@router.get("/guide")
@allow("public")
async def guide(request: Request) -> Response:
    return shell(request, "guide")


@router.get("/patrol")
@allow("public")
async def patrol(request: Request) -> Response:
    return shell(request, "patrol")


@router.get("/me")
@allow("public")
async def me(request: Request) -> Response:
    """One's own record and score (我的考核)."""
    return shell(request, "me")


@router.get("/emergency")
@allow("public")
async def emergency(request: Request) -> Response:
    return shell(request, "emergency")


@router.get("/window/{no}")
@allow("public")
async def window(request: Request, no: str) -> Response:
    return shell(request, "window", _window(request, no))


@router.get("/pad/{no}/citizen")
@allow("public")
async def pad_citizen(request: Request, no: str) -> Response:
    return shell(request, "pad-citizen", _window(request, no))


@router.get("/pad/{no}/clerk")
@allow("public")
async def pad_clerk(request: Request, no: str) -> Response:
    return shell(request, "pad-clerk", _window(request, no))


@router.get("/static/{build}/{path:path}")
@allow("public")
async def static(request: Request, build: str, path: str) -> Response:
    """Immutable under their build; of another build nothing is served, and the page reloads."""
    file = request.app.state.files.get(path) if build == request.app.state.build else None
    if file is None:
        raise Problem(404, "not_found", what="file", id=path)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(file.content, media_type=file.kind, headers=headers)


@dataclass(frozen=True)
class File:
    content: bytes
    kind: str


KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}


@cache
def load_files(folder: Path) -> dict[str, File]:
    """All of the pages' files, read once: a few hundred kilobytes."""
    return {
        path.relative_to(folder).as_posix(): File(path.read_bytes(), KINDS[path.suffix])
        for path in folder.rglob("*")
        if path.suffix in KINDS
    }
