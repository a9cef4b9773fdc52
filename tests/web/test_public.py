"""Public screens over HTTP: the office plans, the screen shows; and the board before visitors."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import Mock

import pytest

from hallq.assessment.ratings.model import Rating
from hallq.kernel import Tx
from hallq.public import pages
from tests.hub import Caller, Hub


async def test_what_the_office_plans_the_screen_shows_h18_h21(hall_hub: Hub) -> None:
    office, leader = await hall_hub.person("林静", "office"), await hall_hub.person("方志平", "leader")
    screen = await hall_hub.device("screen", "1F")
    assert (await hall_hub.anyone.get("/public/pages")).status_code == 401
    first = await screen.get("/public/pages?zone=1F")
    assert first.json() == {"pages": []}
    page = {"title": "免费打印复印", "body": "一楼总导询台\n免费", "request_id": "c"}
    made = await office.ok("/public/content", page)
    assert (await office.ok("/public/content", page)) == made and made["active"] is True
    own = f"content/{made['id']}"
    result = {"who": "张三", "matter": "低保", "result": "批准", "from_day": "2026-11-23", "until_day": "2026-11-30"}
    published = await office.ok("/public/results", result)
    assert published["who"] == "张*"
    turns = [{"page": name, "seconds": 10} for name in (own, "windows", "results", "lost")]
    plan = await office.ok("/public/plans", {"pages": turns, "days": [1, 2, 3, 4, 5]})
    answer = await screen.get("/public/pages?zone=1F")
    shown = answer.json()["pages"]
    assert [each["page"] for each in shown] == [own, "windows", "results"]  # nothing is lost
    assert shown[0]["body"] == page["body"] and shown[1]["services"]["id"]["name"] == "身份证"
    again = await screen.get("/public/pages?zone=1F", **{"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    # changed and ended, seen at once
    off = {"pages": turns, "days": [7], "zone": "1F"}
    changed = await office.ok(f"/public/plans/{plan['id']}", off)
    assert (await office.get("/public/plans")).json()["items"] == [changed] and changed["active"] is True
    assert changed["zone"] == "1F" and (await screen.get("/public/pages?zone=1F")).json() == {"pages": []}
    preview = (await office.get(f"/public/pages?plan={plan['id']}")).json()["pages"]
    assert len(preview) == 3 and (await office.get("/public/pages?plan=9")).status_code == 404
    await office.ok(f"/public/results/{published['id']}/end")
    await office.ok(f"/public/content/{made['id']}", {"title": "免费", "body": "好", "active": False})
    for path, count in (("content", 1), ("results", 1), ("plans", 1)):
        assert len((await leader.get(f"/public/{path}")).json()["items"]) == count
        assert (await leader.post(f"/public/{path}", {})).status_code == 403
    wrong: list[tuple[str, Any]] = [
        ("/public/content", {"title": "", "body": "x"}),
        ("/public/plans", {"pages": [{"page": "windows", "seconds": 1}], "days": [1]}),
        ("/public/plans", {"pages": turns, "days": [1], "start": "25:00"}),
        ("/public/results", result | {"who": "11011019900101123X"}),
    ]
    for path, body in wrong:
        assert (await office.post(path, body)).status_code == 422, body


def rated(tx: Tx, *, day: str) -> None:
    tx.insert(
        Rating, token=day, visit=int(day[-2:]), ticket=1, window="1", service="id", person=1, day=day, level=5,
        at=tx.now, channel="pad",
    )  # fmt: skip


async def test_last_month_is_counted_once_until_a_row_of_it_is_changed(
    hall_hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = Mock(side_effect=pages.last_month)
    monkeypatch.setattr(hall_hub.app.state.months, "look", count)
    office, screen = await hall_hub.person("林静", "office"), await hall_hub.device("screen")
    turns = [{"page": "ratings", "seconds": 10}]
    for zone in ("", "1F"):
        await office.ok("/public/plans", {"pages": turns, "days": [1], "zone": zone})
        assert (await screen.get(f"/public/pages?zone={zone}")).json() == {"pages": []}
    await hall_hub.hall.do(rated, day="2026-11-23")
    assert (await screen.get("/public/pages")).json() == {"pages": []} and count.call_count == 1
    await hall_hub.hall.do(rated, day="2026-10-30")
    for zone in ("", "1F"):
        [page] = (await screen.get(f"/public/pages?zone={zone}")).json()["pages"]
        assert page["raters"] == 1
    assert count.call_count == 2


async def first(hub: Hub, view: str, caller: Caller) -> Any:
    async with hub.live(view, caller) as socket:
        return json.loads(await socket.recv())["all"]


async def test_the_board_before_visitors_names_nobody(hall_hub: Hub) -> None:
    kiosk, clerk = await hall_hub.device("kiosk", "k1"), await hall_hub.clerk("李明", "2")
    await kiosk.ok("/tickets", {"service": "pension"})
    await clerk.ok("/windows/2/call-next")
    await clerk.ok("/windows/2/help")
    board = await hall_hub.device("board")
    names = ("李明", "窗口人员", '"id": 2')
    whole = await first(hall_hub, "board", board)
    assert names[0] in json.dumps(whole, ensure_ascii=False)
    seen = await first(hall_hub, "board&guest=1", board)
    said = json.dumps({key: value for key, value in seen.items() if key != "notice/figures"}, ensure_ascii=False)
    assert not any(name in said for name in names[:2]) and seen["window/2"]["clerk"]["id"] is None
    assert seen["window/2"]["ticket"]["number"] == "B001" and seen["window/1"]["clerk"] is None
    [help_call] = [value for value in seen.values() if value.get("kind") == "help"]
    assert (help_call["text"], help_call["window"], help_call["person"]) == ("窗口请求协助", "2", None)
    assert not any(key.startswith(("device/", "ticket/")) for key in seen)
