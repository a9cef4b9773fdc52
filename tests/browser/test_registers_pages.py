"""Registers that are longer than a page: the rest is loaded by a press, and stands below what was there."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from hallq.registers import found_looks, ledger
from tests.browser.stage import Stage
from tests.hub import Caller
from tests.web.test_registers import ITEM

pytestmark = pytest.mark.asyncio(loop_scope="session")
LETTER = {"what": "批文", "name": "张建国", "phone": "13812341234", "address": "某街1号"}


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two."""
    monkeypatch.setattr("hallq.web.common.PAGE", 2)
    for looks, name in ((found_looks, "HERE_PAGE"), (ledger, "OPEN_PAGE")):
        monkeypatch.setattr(looks, name, getattr(looks, name).limit(2))


async def registered(office: Caller, path: str, body: dict[str, Any]) -> list[str]:
    return [(await office.ok(path, body))["no"] for _ in range(3)]


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    ("page_of", "path", "body", "rows"),
    [("lostproperty", "/found", ITEM, ".rg-list li"), ("mail", "/mail", LETTER, ".rg-mails li")],
)
async def test_the_rest_of_a_register_is_loaded_by_a_press(
    stage: Stage, page_of: str, path: str, body: dict[str, Any], rows: str
) -> None:
    office = await stage.hub.person("林静", "office")
    numbers = await registered(office, path, body)
    page = await stage.signed_in(f"/office#{page_of}", "林静")
    await expect(page.locator(rows)).to_have_count(2)
    await page.get_by_role("button", name="显示更多").click()
    await expect(page.locator(rows)).to_have_count(3)
    await expect(page.locator(rows).last).to_contain_text(numbers[-1])
    await expect(page.get_by_role("button", name="显示更多")).to_have_count(0)
