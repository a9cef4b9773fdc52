"""A filled form as a page to print: A4, field by field as in its annex, with places for signature, seal and date."""

from __future__ import annotations

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import qrcode
from fastapi import Request
from qrcode.constants import ERROR_CORRECT_M
from starlette.responses import HTMLResponse, Response

from hallq.kernel import Ms
from hallq.office import dates
from hallq.texts import ZH, text
from hallq.web.pages import POLICY, templates


class Signed(NamedTuple):
    """A place for signature, seal and date."""

    words: str
    name: str
    at: str
    seal: bool


class Row(NamedTuple):
    label: str
    lines: list[str]
    hint: str = ""
    signed: Signed | None = None


def printed(request: Request, template: str = "form.html", lang: str = ZH, **values: Any) -> Response:
    """`values`: title, number, made, rows and copies, and what else the template shows."""
    html = templates.get_template(template).render(
        build=request.app.state.build, lang=lang, button=text("fp.print", lang), **values
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})


def written(at: Ms | None, zone: ZoneInfo) -> str:
    """2026年11月23日. None: 年 月 日, to be filled in by hand."""
    return "　　年　　月　　日" if at is None else written_day(dates.day_of(at, zone))


def written_day(day: str | None) -> str:
    return f"{int(day[:4])}年{int(day[5:7])}月{int(day[8:])}日" if day else ""


def qr_drawing(address: str) -> tuple[int, str]:
    """Its side in squares, and the dark ones as the path of a drawing."""
    code: Any = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(address)
    rows = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on)
    return len(rows), "".join(dark)
