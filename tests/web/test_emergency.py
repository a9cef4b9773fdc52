"""Over HTTP: an emergency begins and ends by the office or a guide alone; the year is the office's."""

from __future__ import annotations

import pytest

from tests.hub import Caller, Hub


def code(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json().get("error", {}).get("code", "")  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", ["office", "guide", "admin"])
async def test_one_action_by_office_or_guide(hall_hub: Hub, kiosk: Caller, role: str) -> None:
    who = await hall_hub.person("包明", role)
    assert (await who.get("/emergency")).json()["since"] is None
    begun = await who.ok("/emergency", {"kind": "hold", "speak": False, "request_id": "1"})
    assert (begun["kind"], begun["by"], begun["voice"]) == ("hold", "包明", False)
    again = await who.ok("/emergency", {"kind": "evacuate"})
    assert (again["since"], again["kind"]) == (begun["since"], "hold")  # a second press changes nothing
    refused = await kiosk.post("/tickets", {"service": "pension"}, **{"accept-language": "zh"})
    assert code(refused) == (409, "emergency") and "恢复后一切照旧" in refused.json()["error"]["message"]
    number = next(iter(hall_hub.hall.picture.notices))
    assert code(await who.post(f"/notices/{number}/done")) == (409, "emergency")
    hall_hub.clock.pass_(60)
    assert (await who.ok("/emergency/end"))["since"] is None
    assert code(await who.post("/emergency/end")) == (409, "wrong_state")
    assert (await kiosk.ok("/tickets", {"service": "pension"}))["number"]


@pytest.mark.parametrize("role", ["clerk", "chief", "leader", "auditor"])
async def test_nobody_else(hall_hub: Hub, kiosk: Caller, role: str) -> None:
    who = await hall_hub.person("包明", role)
    for path, body in (
        ("/emergency", {}), ("/emergency/end", {}), ("/calendar/days", {"day": "2030-01-02", "working": True}),
        ("/calendar/days/2030-01-02/clear", {}), ("/calendar/years", {"year": 2030}),
    ):  # fmt: skip
        assert code(await who.post(path, body)) == (403, "forbidden"), path
    assert code(await kiosk.post("/emergency", {})) == (403, "forbidden")


@pytest.mark.parametrize("body", [{"kind": "fire"}, {"speak": "yes"}, {"loud": True}])
async def test_a_wish_that_is_none(hall_hub: Hub, body: dict[str, object]) -> None:
    who = await hall_hub.person("包明", "office")
    assert code(await who.post("/emergency", body)) == (422, "invalid")


async def test_pads_and_queues_say_it_live(hall_hub: Hub) -> None:
    who = await hall_hub.person("包明", "office")
    await who.ok("/emergency", {})
    shapes = hall_hub.app.state.shapes
    pad = shapes.value("pad/2", "pad")
    assert (pad["screen"], pad["emergency"]) == ("emergency", "evacuate") and "安全出口" in pad["reason"]
    assert shapes.value("queue/pension", "kiosk")["why"] == "emergency"
    notice = shapes.notice(next(iter(hall_hub.hall.picture.notices.values())))
    assert (notice["kind"], notice["detail"]) == ("emergency", {"kind": "evacuate"})
    assert "包明" not in str(notice)  # who pressed is the office's business


async def test_the_year_day_by_day(hall_hub: Hub) -> None:
    who = await hall_hub.person("包明", "office")
    year = (await who.get("/calendar?year=2026")).json()
    assert (year["announced"], year["confirmed"], year["working"], len(year["days"])) == (True, True, 248, 365)
    assert year["days"][273] == {
        "day": "2026-10-01", "kind": "holiday", "working": False, "name": "国庆节", "name_en": "National Day",
        "own": False,
    }  # fmt: skip
    day = await who.ok("/calendar/days", {"day": "2026-12-25", "working": False, "name": "检修"})
    assert (day["kind"], day["own"], day["name"]) == ("holiday", True, "检修")
    assert (await who.ok("/calendar/days/2026-12-25/clear"))["own"] is False
    assert code(await who.post("/calendar/days/2026-12-25/clear")) == (404, "not_found")
    assert code(await who.post("/calendar/days", {"day": "2026-01-05", "working": False})) == (422, "invalid")
    assert code(await who.get("/calendar?year=99999")) == (422, "invalid")
    confirmed = await who.ok("/calendar/years", {"year": 2027})
    assert (confirmed["announced"], confirmed["confirmed"], confirmed["confirmed_by"]) == (False, True, "包明")
