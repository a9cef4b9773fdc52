"""The bulletin as a page of HTML: what the office previews and prints, and what becomes the PDF."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template

from hallq.assessment.bulletins.chart import draw
from hallq.assessment.bulletins.words import say

STYLE = Path(__file__).parents[3] / "kiosk_ui" / "office" / "bulletin.css"


def html(paper: Mapping[str, Any], *, head: str = "", tools: str = "") -> str:
    """`head`, `tools`: what a browser's page has beside the paper, as HTML."""
    return _template().render(paper=paper, head=head, tools=tools, definitions=say("definitions"), picture=_picture)


def pdf(paper: Mapping[str, Any]) -> bytes:
    """Raises OSError or ImportError where WeasyPrint or its Pango is not installed."""
    import weasyprint

    made: bytes = weasyprint.HTML(string=html(paper)).write_pdf(stylesheets=[weasyprint.CSS(filename=STYLE)])
    return made


def _picture(chart: Mapping[str, Any]) -> str:
    png = draw(chart)
    return "" if png is None else f"data:image/png;base64,{b64encode(png).decode()}"


@cache
def _template() -> Template:
    source = (files(__package__) / "bulletin.html").read_text("utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
