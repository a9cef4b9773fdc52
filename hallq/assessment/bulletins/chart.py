"""Charts as PNG, the same for PDF and Word: bars from zero with their values, so that no axis has to be guessed.

Drawn by hand with Pillow, which is there for the printers anyway; matplotlib would add 30 MB for two kinds of bars.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

WIDTH, SIZE, LINE, GAP = 1600, 30, 48, 16  # pixels: 16 cm at 250 dpi
INK, BAR, RULE, PAPER = "#1d2733", "#1f5fae", "#9aa5b1", "#ffffff"
MANY = 16  # more bars stand upright
HEIGHT = 440


@cache
def font_place() -> tuple[str, int] | None:
    """File and face of the machine's Chinese font; None: it has none, and nothing is drawn."""
    ask = ["fc-match", "-f", "%{file}\n%{index}\n%{lang}", "sans:lang=zh-cn"]
    try:
        found = subprocess.run(ask, capture_output=True, text=True, timeout=10, check=True).stdout.split("\n")
    except (OSError, subprocess.SubprocessError):
        return None
    return (found[0], int(found[1])) if "zh-cn" in found[2].lower() else None


def draw(chart: Mapping[str, Any]) -> bytes | None:
    place = font_place()
    if place is None:
        return None
    font = ImageFont.truetype(place[0], SIZE, index=place[1], layout_engine=ImageFont.Layout.BASIC)
    bars: list[tuple[str, float]] = [(label, value) for label, value in chart["bars"]]
    top = chart["most"] or max(value for _, value in bars) or 1
    picture = _upright(bars, top, font) if len(bars) > MANY else _lying(bars, top, font)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _lying(bars: list[tuple[str, float]], top: float, font: Any) -> Image.Image:
    labels = [_cut(label, font, 420) for label, _ in bars]
    left = round(max(font.getlength(label) for label in labels)) + GAP
    right = WIDTH - round(max(font.getlength(_number(value)) for _, value in bars)) - GAP
    picture = Image.new("RGB", (WIDTH, LINE * len(bars)), PAPER)
    pen = ImageDraw.Draw(picture)
    for row, (label, (_, value)) in enumerate(zip(labels, bars, strict=True)):
        middle = row * LINE + LINE // 2
        end = left + max(2, round((right - left) * value / top)) if value else left
        pen.text((left - GAP, middle), label, INK, font, anchor="rm")
        pen.rectangle((left, middle - LINE // 3, end, middle + LINE // 3), BAR if value else None)
        pen.text((end + GAP, middle), _number(value), INK, font, anchor="lm")
    pen.line((left, 0, left, picture.height), RULE, 3)
    return picture


def _upright(bars: list[tuple[str, float]], top: float, font: Any) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    small = font.font_variant(size=min(SIZE, WIDTH // len(bars) * 2 // 5))
    floor, step = HEIGHT - 2 * GAP - SIZE, WIDTH / len(bars)
    for place, (label, value) in enumerate(bars):
        middle = step * (place + 0.5)
        head = floor - (floor - SIZE - GAP) * value / top
        pen.rectangle((middle - step * 0.3, min(head, floor - 1), middle + step * 0.3, floor), BAR)
        pen.text((middle, head - 6), _number(value), INK, small, anchor="ms")
        pen.text((middle, floor + GAP), label, INK, small, anchor="mt")
    pen.line((0, floor, WIDTH, floor), RULE, 3)
    return picture


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _cut(label: str, font: Any, most: int) -> str:
    while font.getlength(label) > most:
        label = f"{label.rstrip('…')[:-1]}…"
    return label
