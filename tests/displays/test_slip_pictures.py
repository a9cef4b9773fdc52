"""The pictures of docs/devices are what the printer prints now: as wide and as long. Only the type may differ."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.displays.draw_slips import FOLDER, MARGIN, draw_all

HINT = "python -m tests.displays.draw_slips draws them anew"


async def test_the_pictures_of_slips_are_todays(tmp_path: Path) -> None:
    made = await draw_all(tmp_path)
    page = (FOLDER.parent / "tickets.md").read_text("utf-8")
    for path in made:
        with Image.open(path) as now, Image.open(FOLDER / path.name) as known:
            assert now.size == known.size, f"{path.name}: {HINT}"
            assert now.width == (384 if "58" in path.name else 576) + 2 * MARGIN
            assert known.convert("L").histogram()[0] > 3000  # somebody wrote on it
        assert f"pictures/{path.name}" in page
