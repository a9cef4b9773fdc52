"""Pictures of window strips in their states, from what the simulated card made of its frames:
python -m tests.displays.draw_strips. The dots are those of Unifont, which must be installed.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from hallq.displays import strip
from hallq.displays.screens import StripForm, StripScreen
from hallq.ticketing.picture import WindowView
from tests.devices.rig import Rig, until
from tests.displays.scene import NOW, ZONE, pause, picture, ticket, window

FOLDER = Path(__file__).parents[2] / "docs" / "devices" / "pictures"
ROWS, WIDTH, PITCH, GAP = 16, 96, 4, 12  # dots, dots, pixels from dot to dot, pixels between pages
LIT = {"red": (255, 68, 51), "green": (54, 240, 122), "yellow": (255, 192, 46)}
UNLIT, GROUND, PAPER = (43, 29, 27), (18, 13, 12), (255, 255, 255)
FORM = StripForm(WIDTH // 8)


def _held(**changes: object) -> WindowView:
    return window(state="serving", visit=40, ticket=ticket(**changes))


def states() -> Iterator[tuple[str, StripScreen]]:
    for name, view in (
        ("free", window()),
        ("called", _held()),
        ("green", _held(green=True, category="elderly")),
        ("again", _held(calls=2)),
        ("serving", _held(state="serving")),
        ("away", window(state="away", visit=40, ticket=ticket(state="serving"), pause=pause(kind="away"))),
        ("paused", window(state="paused", pause=pause())),
        ("closed", window(clerk=None, state="closed")),
        ("moved", window(clerk=None, state="closed", closed="temp", closed_to="5")),
    ):
        yield name, strip.strip(picture(view), "3", form=FORM, now=NOW, zone=ZONE)
    yield "neutral", strip.neutral("3", FORM)
    yield "roll-call", strip.roll_call("3", FORM)


async def shown(folder: Path) -> dict[str, tuple[list[str], str]]:
    """By state: the pages that a card shows, and their colour."""
    rig, found = Rig(folder), {}
    host = rig.device("onbon-bxk", "tcp", id="led")
    fleet = await rig.start()
    try:
        await rig.up("led")
        for name, screen in states():
            frames = host.device.state()["frames"]
            fleet.show("led", screen)
            await until(lambda frames=frames: host.device.state()["frames"] > frames)  # type: ignore[misc]
            state = host.device.state()
            found[name] = (state["pages"], state["colour"])
    finally:
        await rig.stop()
    return found


def unifont() -> str:
    """Where it is; empty: it is not installed."""
    try:
        found = subprocess.run(
            ["fc-match", "-f", "%{family}|%{file}", "Unifont"], capture_output=True, text=True, check=True
        ).stdout
    except OSError:
        return ""
    family, _, path = found.partition("|")
    return path if family.startswith("Unifont") else ""


def drawn(pages: list[str], colour: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    """Pages side by side, dot by dot."""
    wide, high = WIDTH * PITCH, ROWS * PITCH
    sheet = Image.new("RGB", (len(pages) * (wide + GAP) - GAP, high), PAPER)
    for at, page in enumerate(pages):
        sheet.paste(_page(page, LIT[colour], font), (at * (wide + GAP), 0))
    return sheet


def _page(text: str, colour: tuple[int, int, int], font: ImageFont.FreeTypeFont) -> Image.Image:
    dots = Image.new("1", (WIDTH, ROWS), 0)
    cells = [8 if character.isascii() else 16 for character in text]
    at = max(0, (WIDTH - sum(cells)) // 2)
    for character, cell in zip(text, cells, strict=True):
        ImageDraw.Draw(dots).text((at + (cell - int(font.getlength(character))) // 2, 0), character, fill=1, font=font)
        at += cell
    page = Image.new("RGB", (WIDTH * PITCH, ROWS * PITCH), GROUND)
    pen = ImageDraw.Draw(page)
    for x in range(WIDTH):
        for y in range(ROWS):
            left, top = x * PITCH, y * PITCH
            pen.ellipse((left, top, left + PITCH - 1, top + PITCH - 1), fill=colour if dots.getpixel((x, y)) else UNLIT)
    return page


async def draw_all(folder: Path) -> list[Path]:
    font, made = ImageFont.truetype(unifont(), ROWS), []
    with tempfile.TemporaryDirectory() as lines:
        for name, (pages, colour) in (await shown(Path(lines))).items():
            made.append(folder / f"strip-{name}.png")
            drawn(pages, colour, font).quantize(8).save(made[-1], optimize=True)
    return made


if __name__ == "__main__":
    for path in asyncio.run(draw_all(FOLDER)):
        sys.stdout.write(f"{path}\n")
