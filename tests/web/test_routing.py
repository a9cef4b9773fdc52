"""A10, A12, A22, A23 over HTTP: what is told before and after the call, the document, the right to change the order."""

from __future__ import annotations

import pytest

from hallq.ticketing.waiting import needs
from tests.hub import Caller, Hub

GREEN = {"service": "pension", "category": "elderly"}


@pytest.fixture
async def office(hall_hub: Hub) -> Caller:
    return await hall_hub.person("林静", "office")


async def test_nobody_who_works_here_reads_a_class_before_the_call(
    hall_hub: Hub, kiosk: Caller, office: Caller
) -> None:
    """A22."""
    ticket = await kiosk.ok("/tickets", GREEN)
    assert ticket["category"] == "elderly"  # the citizen's own kiosk
    clerk = await hall_hub.clerk("李明", "2")
    for caller in (clerk, office):
        hall = (await caller.get("/hall")).json()
        assert "elderly" not in str(hall["queues"]) and "category" not in str(hall["queues"])
        [queue] = [queue for queue in hall["queues"] if queue["code"] == "pension"]
        assert queue["head"]["green"] is True and set(queue["head"]) == {"green", "since"}
    assert (await office.get(f"/tickets/{ticket['id']}")).json()["category"] is None
    async with hall_hub.live("guide", await hall_hub.person("导服", "guide")) as socket:
        assert "elderly" not in await socket.recv()
    called = await clerk.ok("/windows/2/call-next")
    assert called["ticket"]["category"] == "elderly" and called["window"]["ticket"]["category"] == "elderly"


async def test_the_window_says_whether_the_document_was_shown(hall_hub: Hub, kiosk: Caller) -> None:
    """A10."""
    await kiosk.ok("/tickets", GREEN)
    clerk = await hall_hub.clerk("李明", "2")
    await clerk.ok("/windows/2/call-next")
    assert (await clerk.ok("/windows/2/verified"))["window"]["ticket"]["verified"] == "proved"
    back = await clerk.ok("/windows/2/unproved")
    assert (back["ticket"]["state"], back["window"]["ticket"], back["window"]["undo"]["verb"]) == (
        "waiting", None, "return",
    )  # fmt: skip
    await clerk.ok("/windows/2/call-next")
    assert (await clerk.post("/windows/2/verified")).json()["error"]["code"] == "not_green"


async def test_the_order_is_changed_by_right_and_with_a_reason(hall_hub: Hub, kiosk: Caller, office: Caller) -> None:
    """A22, A23."""
    await kiosk.ok("/tickets", {"service": "pension"})
    last = await kiosk.ok("/tickets", {"service": "pension"})
    clerk = await hall_hub.clerk("李明", "2")
    wish = {"ticket": last["id"], "reason": "赶火车"}
    answer = await clerk.post("/windows/2/call", wish)
    assert answer.status_code == 403 and answer.json()["error"]["code"] == "forbidden_order"
    assert "首席代表" in answer.json()["error"]["message"]
    person = (await clerk.get("/session")).json()
    assert person["may_choose"] is False
    await office.ok(f"/people/{person['id']}/may-choose", {"allowed": True})
    assert (await clerk.get("/session")).json()["may_choose"] is True
    silent = await clerk.post("/windows/2/call", {"ticket": last["id"]})
    assert silent.json()["error"]["detail"] == {"field": "reason"}
    await clerk.ok("/windows/2/call", wish)
    await clerk.ok("/windows/2/transfer", {"service": "card", "position": "front", "reason": "材料已齐"})
    items = (await office.get("/out-of-order")).json()["items"]
    assert [(row["kind"], row["person"], row["reason"]) for row in items] == [
        ("chosen", "李明", "赶火车"),
        ("front", "李明", "材料已齐"),
    ]
    await office.ok(f"/people/{person['id']}/may-choose", {"allowed": False})
    await clerk.ok("/windows/2/call-next")
    refused = await clerk.post("/windows/2/transfer", {"service": "card", "position": "front", "reason": "急"})
    assert refused.json()["error"]["code"] == "forbidden_order"
    assert (await clerk.get("/out-of-order")).status_code == 403
    assert (await clerk.post(f"/people/{person['id']}/may-choose", {"allowed": True})).status_code == 403


async def test_a_guide_reads_who_needs_a_hand_in_both_languages(hall_hub: Hub, kiosk: Caller) -> None:
    """A12."""
    await kiosk.ok("/tickets", {"service": "pension", "needs": ["wheelchair", "deaf"]})
    await hall_hub.hall.do(needs.watch, "hub")
    [notice] = [n for n in hall_hub.hall.picture.notices.values() if n.kind == "escort"]
    guide = await hall_hub.person("导服", "guide")
    [shown] = [n for n in (await guide.get("/hall")).json()["notices"] if n["kind"] == "escort"]
    assert "B001 号（听障、轮椅）" in shown["text"] and "hard of hearing, wheelchair" in shown["text_en"]
    await guide.ok(f"/notices/{notice.id}/take")
    assert hall_hub.hall.picture.notices[notice.id].owner is not None
    await guide.ok(f"/notices/{notice.id}/done")
    await hall_hub.hall.do(needs.watch, "hub")
    assert notice.id not in hall_hub.hall.picture.notices
