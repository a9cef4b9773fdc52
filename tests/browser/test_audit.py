"""An auditor's day: the record is verified, calls are drawn by a seed and explained, the journal is asked (E16)."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")
DESK = (1366, 768)


async def test_the_auditor_verifies_draws_and_searches(stage: Stage) -> None:
    clerk = await stage.clerk()
    for category in ("ordinary", "elderly"):
        await stage.take(category=category)
    await clerk.ok("/windows/2/call-next")
    page = await stage.signed_in("/office#audit", "秦正", DESK, role=stage.new("秦正", "auditor"))
    await page.get_by_role("button", name="开始核验").click()
    await expect(page.locator(".band.green", has_text="核验通过")).to_be_visible()

    await page.get_by_label("种子号").fill("2026年11月")
    await page.get_by_role("button", name="抽取").click()
    row = page.get_by_role("row", name="符合")
    await expect(row).to_contain_text("绿色通道优先，之前的人被越过次数未到上限 5")
    await row.get_by_text("当时谁在等").click()
    await expect(row.locator("li")).to_have_count(2)
    await expect(row.locator("li", has_text="叫到")).to_contain_text("B002")

    await page.get_by_label("查什么").select_option("查看个人信息")
    await expect(page.get_by_role("row", name="秦正").first).to_contain_text("/api/v1/audit/")
