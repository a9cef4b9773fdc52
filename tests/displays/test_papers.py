"""Papers beside a ticket's slip: each has an owner, says all of its values, and loses no character at 58 and 80 mm."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from hallq.displays.layout import columns
from hallq.displays.paper_facts import COMMON, PAPERS
from hallq.slips import OURS, read
from hallq.texts.wording import Value
from hallq.wiring.papers import OWNERS
from tests.displays import draw_papers
from tests.displays.draw_papers import SAMPLES, paper
from tests.displays.draw_slips import FOLDER, MARGIN, draw_all

HINT = "python -m tests.displays.draw_papers draws them anew"


def said(name: str) -> set[str]:
    """The values that its template shows, not those that only decide what is shown."""
    blocks = read(OURS / f"{name}.toml")
    words = " ".join(word for block in blocks for _, word in block.texts) + "".join(block.right for block in blocks)
    lists = {block.each for block in blocks} - {""}
    return lists | {value for value in PAPERS[name] | COMMON if f"{{{value}}}" in words}


def squeezed(words: str) -> str:
    return "".join(words.split())


def test_every_paper_has_an_owner_and_a_sample_of_all_its_values() -> None:
    assert set(OWNERS) == set(PAPERS) == set(SAMPLES)
    for name, names in PAPERS.items():
        assert names == set(SAMPLES[name]), name


@pytest.mark.parametrize("width", [32, 48])
@pytest.mark.parametrize("name", PAPERS)
def test_no_character_is_cut_or_missing(name: str, width: int) -> None:
    lines = paper(name, width).lines
    assert all(columns(line.text) * line.size <= width for line in lines)
    words = squeezed("".join(line.text or line.qr for line in lines))
    sample: dict[str, Value] = {**draw_papers.COMMON, **SAMPLES[name]}
    for value in said(name):
        each = sample[value] if isinstance(sample[value], tuple) else (str(sample[value]),)
        assert all(squeezed(item) in words for item in each), (value, words)


async def test_the_pictures_of_papers_are_todays(tmp_path: Path) -> None:
    page = (FOLDER.parents[1] / "papers.md").read_text("utf-8")
    for path in await draw_all(tmp_path, draw_papers.pictures()):
        with Image.open(path) as now, Image.open(FOLDER / path.name) as known:
            assert now.size == known.size, f"{path.name}: {HINT}"
            assert now.width == (384 if "58" in path.name else 576) + 2 * MARGIN
            assert known.convert("L").histogram()[0] > 3000  # somebody wrote on it
            apart = ImageChops.difference(now.convert("L").reduce(8), known.convert("L").reduce(8))
            assert ImageStat.Stat(apart).mean[0] < 4, f"{path.name}: {HINT}"  # fonts differ by less between machines
        assert f"devices/pictures/{path.name}" in page


def test_the_page_names_every_value() -> None:
    page = (FOLDER.parents[1] / "papers.md").read_text("utf-8")
    for name, names in PAPERS.items():
        [row] = [line for line in page.splitlines() if line.startswith("|") and f"`{name}`" in line.split("|")[1]]
        assert not {value for value in names if f"`{value}`" not in row}, name
