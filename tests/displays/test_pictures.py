"""The pictures of docs/devices are what simulated strips show now, each stands on a page, and no page shows one that is
not there. scripts/pictures.sh draws all of them anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from tests.displays import draw_strips, spoken
from tests.displays.draw_strips import FOLDER, drawn, shown, unifont

HINT = "scripts/pictures.sh draws them anew"


async def test_the_pictures_of_strips_are_todays(tmp_path: Path) -> None:
    if not unifont():
        pytest.skip("Unifont is not installed: strips are drawn with its dots")
    font = ImageFont.truetype(unifont(), draw_strips.ROWS)
    for name, (pages, colour) in (await shown(tmp_path)).items():
        assert pages
        now = drawn(pages, colour, font)
        with Image.open(FOLDER / f"strip-{name}.png") as known:
            assert now.size == known.size, f"strip-{name}: {HINT}"


def test_every_picture_stands_on_a_page_and_none_is_missing() -> None:
    named = {
        name
        for page in (*FOLDER.parent.glob("*.md"), FOLDER.parents[1] / "papers.md")
        for name in re.findall(r"\]\((?:devices/)?pictures/([^)]+)\)", page.read_text("utf-8"))
    }
    assert named == {path.name for path in FOLDER.iterdir()}


def test_the_table_of_what_is_said_is_todays() -> None:
    assert spoken.table() in spoken.PAGE.read_text("utf-8"), "python -m tests.displays.spoken writes it anew"
