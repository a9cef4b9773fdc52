"""What no printer's font holds, as dots: lines with rare characters, and logos. Black is 1, rows from the top.

Raster data never holds a byte pair that a printer would act on as it arrives (DLE EOT, DLE ENQ, DLE DC4): a dot moves.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from firmware_protocols.escpos import Raster

COLUMN, ROW = 12, 24  # dots of a printed column and line
GAP = 6  # dots between two lines, as printers leave them
BAND = 240  # rows to a block: cheap printers have little memory
BLACK = 128  # a dot of a character darker than this is printed
LIKED = ("Noto Sans Mono CJK SC", "WenQuanYi", "Noto Sans", "Unifont")  # fonts, the first that has the character
_REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])")


def is_rare(text: str) -> bool:
    """Whether a character stands outside the two-byte font of every Chinese printer."""
    return any(len(char.encode("gb18030", "replace")) > 2 for char in text)


def unprintable(text: str) -> str:
    """The rare characters that no font of this machine has: printed as 〓."""
    return "".join(sorted({char for char in text if is_rare(char) and _face(char) is None}))


def line(text: str, *, size: int, align: str, bold: bool, columns: int) -> bytes:
    """A line of text in the cells that the printer would give it, on the whole width of the paper."""
    page = Image.new("L", (columns * COLUMN, ROW * size + GAP), 255)
    draw = ImageDraw.Draw(page)
    left = _left(align, columns - sum(_cells(char) for char in text) * size) * COLUMN
    for char in text:
        cell = _cells(char) * COLUMN * size
        _draw(draw, char, left + cell // 2, size, bold)
        left += cell
    return _raster(page.point(lambda value: 0 if value < BLACK else 255).convert("1"))


@cache
def logo(file: str, align: str, columns: int) -> bytes:
    """An image file in dithered dots, made smaller where the paper is narrower. Raises OSError for no image."""
    with Image.open(file) as opened:
        shown = opened.convert("RGBA")
    width = min(shown.width, columns * COLUMN)
    shown = shown.resize((width, max(1, shown.height * width // shown.width)))
    page = Image.new("RGBA", (columns * COLUMN, shown.height), "white")
    page.alpha_composite(shown, (_left(align, columns * COLUMN - width), 0))
    return _raster(page.convert("L").convert("1"))


def nudged(data: bytes) -> bytes:
    return _REAL_TIME.sub(b"\x30", data)


def _left(align: str, free: int) -> int:
    return {"left": 0, "centre": max(0, free) // 2, "right": max(0, free)}[align]


def _cells(char: str) -> int:
    return 1 if " " <= char <= "~" else 2


def _draw(draw: ImageDraw.ImageDraw, char: str, centre: int, size: int, bold: bool) -> None:
    known = char if _face(char, bold) else "〓"
    face = _face(known, bold)
    if face is not None and char != " ":
        draw.text((centre, ROW * size // 2), known, 0, _font(*face, (ROW - 2) * size), anchor="mm")


def _raster(page: Image.Image) -> bytes:
    """In bands; `page` is of mode 1, where white is 1."""
    width = (page.width + 7) // 8
    dots = bytes(byte ^ 0xFF for byte in page.tobytes())
    rows = [dots[at : at + width] for at in range(0, len(dots), width)]
    if page.width % 8:
        mask = 0xFF << (8 - page.width % 8) & 0xFF
        rows = [row[:-1] + bytes([row[-1] & mask]) for row in rows]
    return b"".join(_band(width, rows[at : at + BAND]) for at in range(0, len(rows), BAND))


def _band(width: int, rows: list[bytes]) -> bytes:
    return Raster(0, width, len(rows), nudged(b"".join(rows))).encode()


@cache
def _font(file: str, index: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, index=index)


@cache
def _face(char: str, bold: bool = False) -> tuple[str, int] | None:
    """File and index of a font that has the character, a liked one before others."""
    found = sorted(_faces(char, "Bold" if bold else "Regular"))
    return found[0][1:] if found else None


def _faces(char: str, wanted: str) -> Iterator[tuple[int, str, int]]:
    for row in _fonts(char):
        family, style, file, index = row.split("\t")
        if Path(file).suffix in (".ttf", ".otf", ".ttc", ".otc"):
            rank = next((n for n, liked in enumerate(LIKED) if liked in family), len(LIKED))
            yield rank * 2 + (wanted not in style), file, int(index) & 0xFFFF


@cache
def _fonts(char: str) -> list[str]:
    """Of the machine's fonts those that have the character."""
    pattern = f":charset={ord(char):x}:scalable=true"
    try:
        return subprocess.run(
            ["fc-list", pattern, "--format", "%{family}\t%{style}\t%{file}\t%{index}\n"],
            capture_output=True, text=True, timeout=20, check=False,
        ).stdout.splitlines()  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return []
