"""Papers on A4: one sheet each, nothing outside its box, every value there; their pictures in the docs are today's.

The type may differ from machine to machine, so sizes and words are compared and no pixels.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser

from tests.browser.busy import county_hall
from tests.browser.draw_a4 import FOLDER, PUBLIC, SIZE, draw_papers
from tests.browser.stage import RunningClock, Stage
from tests.hub import hub

pytestmark = pytest.mark.asyncio(loop_scope="session")
HINT = "python -m tests.browser.draw_a4 draws them anew"
SEALED = ("（盖章）", "2026年11月23日")
TWO = ("一式两份", "各执一份")
CASE = (*SEALED, *TWO, "食品经营许可证", "36号窗口", "白玉洁", "7218704", "12345", "申请人签收")
WORDS: dict[str, tuple[str, ...]] = {
    "guide": ("营业执照（复印件 1 份）", "5 个工作日", "不收费", "33、34、36号窗口", "12345", "手机扫码带走"),
    "guide-en": ("Business licence (copy, 1)", "5 working days", "Free", "Site visit"),
    "one_time": (
        *SEALED,
        "一式两份",
        "N001",
        "SP20261123018",
        "从业人员健康证明",
        "2026年11月30日前",
        "申请人（签名）",
    ),
    "accept": (*CASE, "SP20261123021", "2026年11月30日前办结", "2026年11月24日起算"),
    "extension": (*CASE, "2026年11月30日", "延至2026年12月14日", "赵德全"),
    "refuse": (*CASE, "依法不需要取得食品经营许可", "行政复议"),
    "supplement": (*CASE, "1. 食品经营许可申请书", "2. 从业人员健康证明"),
    "giveback": (*CASE, "与营业执照登记的住所不一致"),
    "advice": (*CASE, "咨询小餐饮店"),
    "referral": (*SEALED, "老旧小区加装电梯", "7218625", "11月24日", "白玉洁"),
    "refusal": ("要求当天发证", "现场核查没有完成", "白玉洁", "赵德全", "36号窗口", "2026年11月23日"),
    "handover": ("白玉洁", "江浩然", "2026-00001", "已当面核对"),
    "found": ("双肩包", "张建国", "1506************34", "2026年11月23日"),
    "police": ("（盖章）", *TWO, "手机", "身份证", "2026-0002"),
    "mail": ("李**", "139****1234", "1098765432109"),
}


@pytest_asyncio.fixture(loop_scope="session")
async def county(browser: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    async with hub(county_hall(tmp_path, server=f'public_url = "{PUBLIC}"'), RunningClock()) as running:
        stage = Stage(browser, running)
        yield stage
        await stage.end()


async def test_every_paper_fits_a_sheet_and_its_picture_is_todays(county: Stage, tmp_path: Path) -> None:
    page = (FOLDER.parent / "papers.md").read_text("utf-8")
    made = await draw_papers(county, tmp_path)
    assert [one.name for one in made] == list(WORDS)
    for one in made:
        assert (one.name, one.pages, one.faults) == (one.name, 1, [])
        assert not [said for said in WORDS[one.name] if said not in one.words], one.words
        assert (one.unwritten, "\ufffd" in one.words) == ("", False), one.name
        with Image.open(one.picture) as now, Image.open(FOLDER / one.picture.name) as known:
            assert now.size == known.size == (SIZE[::-1] if one.name == "mail" else SIZE), f"{one.name}: {HINT}"
            assert known.convert("L").histogram()[0] > 1000  # somebody wrote on it
        assert f"pictures/{one.picture.name}" in page
