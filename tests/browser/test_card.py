"""An ID card at the kiosk: greeted by a masked name, offered and never forced, three touches to the number."""

from __future__ import annotations

import pytest

from hallq.devices.inputs import CardRead
from hallq.devices.simulators.card_reader import person
from hallq.wiring.cards import Cards
from tests.browser.stage import Stage, until

pytestmark = pytest.mark.asyncio(loop_scope="session")
ZHANG = person("张建国", "19491231")
LI = person("李小梅", "19990102", 2)


def card(person_: object) -> CardRead:
    assert isinstance(person_, type(ZHANG))
    return CardRead(person_.number, person_.name, person_.birth)


async def test_an_older_citizen_with_a_card_takes_a_number_in_three_touches(stage: Stage) -> None:
    kiosk = await stage.kiosk()
    cards: Cards = stage.hub.app.state.wiring.cards
    stage.hub.hall.set_extra("device/reader", {"id": "reader", "driver": "idcard-sam", "place": {"kiosk": "k1"},
                                               "state": "up", "detail": {}})  # fmt: skip
    await kiosk.get_by_text("身份证号码和照片不留存").wait_for()
    await cards.read("k1", "reader", card(ZHANG))
    await kiosk.get_by_role("heading", name="您好，张**，请选择业务").wait_for()
    assert await kiosk.get_by_role("button", name="老年人绿色通道", exact=True).get_attribute("aria-pressed") == "false"
    await kiosk.get_by_role("button", name="老年人绿色通道", exact=True).click()
    await kiosk.get_by_role("button", name="养老金").click()
    await kiosk.get_by_text("张** · 凭身份证取号").wait_for()
    await kiosk.get_by_role("button", name="确认取号").click()
    await until(lambda: any(ticket.green for ticket in stage.hub.hall.picture.tickets.values()))
    assert "card/k1" not in stage.hub.hall.extra
    assert ZHANG.number not in await kiosk.content()


async def test_another_card_is_another_citizen_and_leaving_forgets_it(stage: Stage) -> None:
    kiosk = await stage.kiosk()
    cards: Cards = stage.hub.app.state.wiring.cards
    await kiosk.get_by_role("button", name="养老金").click()
    await cards.read("k1", "reader", card(ZHANG))
    await kiosk.get_by_text("张** · 凭身份证取号").wait_for()  # what was chosen stays chosen
    await cards.read("k1", "reader", card(LI))
    await kiosk.get_by_role("heading", name="您好，李**，请选择业务").wait_for()
    await kiosk.get_by_role("button", name="不用此证").click()
    await kiosk.get_by_role("heading", name="您好，请选择要办理的业务").wait_for()
    await until(lambda: "card/k1" not in stage.hub.hall.extra)
    cards.unread("k1")
    await kiosk.get_by_text("请取下后重新平放在读卡区").wait_for()
