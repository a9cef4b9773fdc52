"""One matter in two visits: found by its initials, told once what is missing, back with the same number, done, rated.

Kiosk, terminal by keyboard, slips, pad, telephone and office together, as the citizen and the clerk meet them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.printer import SimPrinter
from hallq.items.content import Guide
from hallq.items.model import GuideVersion
from hallq.kernel import Tx
from hallq.ticketing.model import Ticket
from tests.browser.stage import Hand, WiredStage, until, wired_stage
from tests.browser.test_story import rate_well
from tests.browser.test_terminal import on_duty, phase, ready
from tests.browser.test_visits import find

pytestmark = pytest.mark.asyncio(loop_scope="session")
PUBLIC = "https://hall.example"
TELEPHONE = (390, 844)
BOOK, PHOTO, CARD = "居民户口簿", "近期免冠照片", "社会保障卡"
GUIDE: dict[str, Any] = {
    "handling": "promise", "promised_days": 5, "legal_days": 20, "phone": "0470-1234", "fee": "不收费",
    "materials": [
        {"name": BOOK, "how": "带原件，复印首页和本人页"}, {"name": PHOTO, "how": "一寸白底两张"}, {"name": CARD},
    ],
    "steps": [{"name": "受理"}, {"name": "审核后发放"}],
}  # fmt: skip


def guide(tx: Tx) -> None:
    content = Guide.model_validate(GUIDE).model_dump_json(exclude_defaults=True)
    tx.insert(
        GuideVersion, service="pension", version=1, from_day=tx.day, content=content, made_at=tx.now, made_by="hub"
    )


@pytest_asyncio.fixture(loop_scope="session")
async def papers(browser: Browser, tmp_path: Path) -> AsyncIterator[WiredStage]:
    """A printer at the kiosk and one at window 2, in a hall that telephones reach."""
    hosts = {name: SimHost(SimPrinter(tempo=0.05)) for name in ("kiosk", "window")}
    toml = "".join(
        f'[[device]]\nid = "{name}"\ndriver = "escpos"\nlink = "{host.start_tcp()}"\n{place}\n'
        for (name, host), place in zip(hosts.items(), ('kiosk = "k1"', 'window = "2"'), strict=True)
    )
    async with wired_stage(browser, tmp_path, hosts, toml, server=f'public_url = "{PUBLIC}"') as stage:
        await stage.hub.hall.do(guide)
        yield stage


async def slip(stage: WiredStage, name: str, nth: int) -> tuple[str, str]:
    """(words, address of its code) of the nth slip of a printer."""
    device = stage.hosts[name].device
    await until(lambda: len(device.state()["slips"]) == nth)
    lines = device.state()["slips"][-1]["lines"]
    return "\n".join(line.get("text", "") for line in lines), next((line["qr"] for line in lines if "qr" in line), "")


async def takes_a_number(kiosk: Page) -> str:
    """Eight touches from the matter's initials to the number, one to leave."""
    hand = Hand(kiosk)
    await hand.touch(kiosk.get_by_role("button", name="查办事指南"))
    await hand.touch(kiosk.locator(".find-key"))
    for letter in "YLJ":
        await hand.touch(kiosk.get_by_role("button", name=letter, exact=True))
    await hand.touch(kiosk.locator(".choice", has_text="养老金"))
    await expect(kiosk.locator(".bring li")).to_have_count(3)
    await hand.touch(kiosk.get_by_role("button", name="取号办理"))
    await hand.touch(kiosk.get_by_role("button", name="确认取号"))
    number = await kiosk.locator(".hero-number").inner_text()
    assert hand.count == 8
    await hand.touch(kiosk.get_by_role("button", name="完成"))
    return number


async def gives_the_notice(terminal: Page) -> None:
    """By keyboard alone: the papers are ticked in their order, Enter prints and sets aside."""
    await terminal.keyboard.press("F11")
    sheet = terminal.locator("dialog.ask")
    await expect(sheet.get_by_role("checkbox").first).to_be_focused()
    for key in ("Space", "Tab", "Tab", "Space"):  # the first, how it is completed, the second
        await terminal.keyboard.press(key)
    await expect(sheet.get_by_role("checkbox", checked=True)).to_have_count(2)
    await expect(sheet.get_by_role("status")).to_contain_text("11月30日")
    await terminal.keyboard.press("Enter")
    await phase(terminal, "open")


async def ticks_off(terminal: Page, no: str) -> None:
    """What was asked for stands over the number."""
    back = terminal.locator(".returned")
    await expect(back).to_contain_text(no)
    await expect(back.locator("strong", has_text=BOOK)).to_be_visible()
    wide = terminal.viewport_size
    await terminal.set_viewport_size({"width": 360, "height": 640})  # a low strip: the list scrolls above the keys
    done, keys = [await at.bounding_box() for at in (back.get_by_role("button"), terminal.locator(".keys"))]
    assert done and keys and done["y"] + done["height"] <= keys["y"]
    await terminal.set_viewport_size(wide or {"width": 360, "height": 900})
    await back.get_by_role("checkbox").first.focus()
    for key in ("Space", "Tab", "Space", "Tab", "Enter"):
        await terminal.keyboard.press(key)
    await expect(back).to_be_hidden()


class Phone:
    """The page behind the code of the slip."""

    def __init__(self, page: Page) -> None:
        self.page, self.papers = page, page.locator("#papers li")

    async def says(self, words: str) -> None:
        await self.page.reload()  # it asks again by itself, but only every few seconds
        await expect(self.page.locator("main")).to_contain_text(words)


async def called(terminal: Page, number: str) -> None:
    await ready(terminal, "叫下一位")
    await terminal.keyboard.press("F2")
    await expect(terminal.locator(".hero-number")).to_have_text(number)
    await phase(terminal, "called")


async def test_h05_h06_i03_a_matter_in_two_visits_with_one_number(papers: WiredStage) -> None:
    kiosk, pad = await papers.kiosk(), await papers.pad("2")
    terminal = await on_duty(papers)
    number = await takes_a_number(kiosk)
    _, address = await slip(papers, "kiosk", 1)
    phone = Phone(await papers.page(address.removeprefix(PUBLIC), TELEPHONE))
    await phone.says("前面还有 0 人")
    await expect(phone.papers).to_have_text([BOOK, PHOTO, CARD])

    await called(terminal, number)
    await phone.says("请到 2 号窗口办理")
    await terminal.keyboard.press("F6")
    await phase(terminal, "serving")
    await gives_the_notice(terminal)
    told, back = await slip(papers, "window", 1)
    ticket = await papers.hub.hall.read(lambda db: db.get(Ticket, 1))
    assert ticket is not None and back == address
    for said in ("一次性告知书", "2026-00001", number, ticket.check_code, BOOK, "带原件", PHOTO, "11月30日"):
        assert said in told, said
    assert CARD not in told
    await expect(pad.locator(".screen")).to_contain_text("11月30日")
    await phone.says("11月30日前凭单优先安排")
    await expect(phone.papers).to_have_count(2)

    others = [await papers.take() for _ in range(2)]
    await find(kiosk, number, ticket.check_code)
    await expect(kiosk.locator(".hero-number")).to_have_text(number)
    await expect(kiosk.locator(".facts")).to_contain_text("前面没有人")
    await called(terminal, number)
    assert all(papers.hub.hall.picture.tickets[other["id"]].state == "waiting" for other in others)
    await ticks_off(terminal, "2026-00001")
    await finished_as_promised(papers, terminal, number)
    await phone.says("已办结")
    await expect(phone.page.locator("#rate")).to_be_visible()
    await rate_well(pad)
    await the_office_sees(papers, number)


async def finished_as_promised(stage: WiredStage, terminal: Page, number: str) -> None:
    """F5 and a digit; the slip says until when."""
    await terminal.keyboard.press("F5")
    await expect(terminal.locator("dialog.ask")).to_contain_text("承诺件")
    await terminal.keyboard.press("2")
    await phase(terminal, "open")
    await expect(terminal.locator(".notice")).to_contain_text("承诺件，11月30日前办结")
    accepted, _ = await slip(stage, "window", 2)
    for said in ("受理通知书", number, "养老金", "2026年11月30日"):
        assert said in accepted, said


async def the_office_sees(stage: WiredStage, number: str) -> None:
    """The notice is met, and the case has its day."""
    office = await stage.signed_in("/office#onetime", "林静", (1366, 768), role="office")
    await expect(office.get_by_role("row", name=number)).to_contain_text("已补齐")
    await office.goto(f"{stage.base}/office#outcomes")
    case = office.get_by_role("row", name=number)
    await expect(case).to_contain_text("承诺件")
    await expect(case).to_contain_text("11-30")
