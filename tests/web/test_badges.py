"""H16, H17: who serves at a window, with name, post and the badge that the office gave."""

from __future__ import annotations

from tests.hub import Caller, Hub


async def shown(caller: Caller) -> dict[str, str]:
    windows = (await caller.get("/hall")).json()["windows"]
    [clerk] = [window["clerk"] for window in windows if window["no"] == "2"]
    return {name: clerk[name] for name in ("name", "badge")}


async def test_a_badge_stands_beside_the_title_while_signed_in_h16_h17(hall_hub: Hub) -> None:
    office, clerk = await hall_hub.person("林静", "office"), await hall_hub.clerk("李明", "2")
    number = (await clerk.get("/session")).json()["id"]
    assert (await clerk.post(f"/people/{number}/badge", {"badge": "我"})).status_code == 403
    await office.ok(f"/people/{number}/badge", {"badge": "党员示范岗"})
    assert await shown(office) == {"name": "李明", "badge": "党员示范岗"}
    [row] = [row for row in (await office.get("/people")).json()["items"] if row["id"] == number]
    assert row["badge"] == "党员示范岗"
    assert (await office.post(f"/people/{number}/badge", {"badge": "长" * 13})).status_code == 422
    await office.ok(f"/people/{number}/badge", {"badge": ""})
    assert (await shown(office))["badge"] == ""
