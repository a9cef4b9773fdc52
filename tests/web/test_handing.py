"""Referrals (I17), refusal records (I18) and hand-overs (B32) over HTTP: who writes, who sees whom, what is printed."""

from __future__ import annotations

from tests.hub import Hub


async def test_a_referral_goes_to_the_department_alone_i17(hall_hub: Hub) -> None:
    clerk, other = await hall_hub.clerk("王芳", "1"), await hall_hub.clerk("李明", "2")
    office, leader = await hall_hub.person("周颖", "office"), await hall_hub.person("高远", "leader")
    wish = {"department": "sb", "matter": "补缴社保", "name": "张建国", "phone": "13812345678", "window": "1"}
    made = await clerk.ok("/referrals", wish | {"request_id": "r1"})
    assert (made["no"], made["name"], made["printed"]) == ("2026-00001", "张**", False)
    assert (await clerk.ok("/referrals", wish | {"request_id": "r1"}))["no"] == "2026-00001"
    at = f"/referrals/{made['id']}"
    for who in (clerk, other, office, leader):
        listed = (await who.get("/referrals?open=1")).json()
        assert [row["phone"] for row in listed["items"]] == ["138****5678"]
    assert listed["figures"] == [{"department": "sb", "n": 1, "open": 1, "late": 0}]
    assert (await leader.get(f"{at}/identity")).status_code == 403
    assert (await clerk.get(f"{at}/identity")).status_code == 403  # written once, then the department's
    seen = (await other.get(f"{at}/identity")).json()
    assert (seen["name"], seen["phone"]) == ("张建国", "13812345678")
    assert (await clerk.post(f"{at}/take")).status_code == 403
    assert (await other.ok(f"{at}/take"))["taken_by"] == "李明"
    assert (await other.ok(f"{at}/answer", {"answer": "已电话答复"}))["state"] == "answered"
    paper = await clerk.ask("GET", f"/office/referrals/{made['id']}/print")
    assert "测试大厅首问转交单" in paper.text and "补缴社保" in paper.text and "张建国" not in paper.text
    assert (await clerk.ok(f"{at}/print", {"window": "1"})) == {"printed": False}
    assert (await other.ok(f"{at}/print", {"window": "2"})) == {"printed": False}  # of the department
    for place in ({"window": "1"}, {"kiosk": "k1"}):
        assert (await other.post(f"{at}/print", place)).status_code == 403
        assert (await office.ok(f"{at}/print", place)) == {"printed": False}
    guide = await hall_hub.person("孟和", "guide")
    assert (await guide.post(f"{at}/print", {"kiosk": "k1"})).status_code == 403  # neither written nor to be answered
    own = await guide.ok("/referrals", {"department": "sb", "matter": "社保卡丢失"})
    assert (await guide.ok(f"/referrals/{own['id']}/print", {"kiosk": "k1"})) == {"printed": False}
    assert (await guide.post(f"/referrals/{own['id']}/print", {"window": "1"})).status_code == 403
    assert (await (await hall_hub.device("kiosk", "k1")).get("/referrals")).status_code == 403


async def test_a_referral_is_written_where_its_writer_may_print_i17(hall_hub: Hub) -> None:
    clerk, _ = await hall_hub.clerk("王芳", "1"), await hall_hub.clerk("李明", "2")
    office, guide = await hall_hub.person("周颖", "office"), await hall_hub.person("孟和", "guide")
    chief = await hall_hub.person("赵主任", "chief", window="2")
    wish = {"department": "sb", "matter": "社保卡丢失"}
    at_1, at_2, at_k1 = {"window": "1"}, {"window": "2"}, {"kiosk": "k1"}
    for who, place in ((clerk, at_2), (clerk, at_k1), (guide, at_1), (chief, at_1)):
        assert (await who.post("/referrals", wish | place)).status_code == 403
    for who, place in ((clerk, at_1), (guide, at_k1), (chief, at_2), (office, at_1)):
        assert (await who.ok("/referrals", wish | place))["printed"] is False


async def test_a_period_that_ends_before_it_begins_is_refused(hall_hub: Hub) -> None:
    office = await hall_hub.person("林静", "office")
    for path in ("referrals", "refusals", "handovers"):
        answer = await office.get(f"/{path}?from=2026-11-23&to=2026-11-22")
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


async def test_a_refusal_is_noted_by_its_own_chief_i18(hall_hub: Hub) -> None:
    clerk = await hall_hub.clerk("王芳", "1")
    office, chief = await hall_hub.person("周颖", "office"), await hall_hub.person("赵主任", "chief", window="2")
    wish = {"what": "加急", "reason": "没有加急办理的规定", "basis": "条例第三条", "window": "1"}
    made = await clerk.ok("/refusals", wish)
    assert (await clerk.post("/refusals", wish | {"window": "2"})).status_code in (403, 409)  # not the own one
    at, said = f"/refusals/{made['id']}/note", {"leader": "周局", "opinion": "请耐心解释"}
    assert (await clerk.post(at, said)).status_code == 403
    assert (await chief.post(at, said)).status_code == 403  # of another department
    assert (await chief.get("/refusals")).json()["items"] == []
    assert (await office.ok(at, said))["leader"] == "周局"
    for who in (clerk, office):
        paper = (await who.ask("GET", f"/office/refusals/{made['id']}/print")).text
        assert "测试大厅否定报备单" in paper and "条例第三条" in paper and "请耐心解释" in paper
    assert (await chief.ask("GET", f"/office/refusals/{made['id']}/print")).status_code == 404
    listed = (await office.get("/refusals?unseen=1")).json()
    assert listed["items"] == []
    assert (await office.post("/refusals", wish)).json()["error"]["detail"] == {"field": "department"}


async def test_a_number_of_a_person_typed_into_free_words_is_stored_masked(hall_hub: Hub) -> None:
    clerk = await hall_hub.clerk("王芳", "1")
    reason = "150627199001011234 的材料不符，已电话 13812345678 说明；办件号 150627202611220001"
    await clerk.ok("/refusals", {"what": "加急", "reason": reason, "window": "1"})
    [row] = (await clerk.get("/refusals")).json()["items"]
    assert row["reason"] == "1506************34 的材料不符，已电话 138****5678 说明；办件号 150627202611220001"


async def test_a_hand_over_is_signed_confirmed_and_printed_b32(hall_hub: Hub) -> None:
    clerk = await hall_hub.clerk("赵强", "3")
    assert (await clerk.get("/windows/3/handover")).json()["signed"] is None
    made = await clerk.ok("/windows/3/handover", {"remark": "B002 等电话"})
    await clerk.ok("/windows/3/sign-out")
    next_one = await hall_hub.person("李明")
    await next_one.ok("/windows/3/sign-in")
    facts = (await next_one.get("/windows/3/handover")).json()
    assert (facts["signed"]["giver_name"], facts["signed"]["remark"]) == ("赵强", "B002 等电话")
    await next_one.ok("/windows/3/handover/confirm", {"remark": "收到"})
    office, stranger = await hall_hub.person("周颖", "office"), await hall_hub.person("王芳")
    [row] = (await office.get("/handovers")).json()["items"]
    assert (await office.get(f"/handovers?next={row['id']}")).json() == {"items": [], "next": None}
    assert (await office.get("/handovers?next=0")).status_code == 422
    assert (row["giver_name"], row["taker_name"], row["taken_remark"]) == ("赵强", "李明", "收到")
    assert (await stranger.get("/handovers")).json()["items"] == []
    paper = await office.ask("GET", f"/office/handovers/{made['id']}/print")
    assert "测试大厅窗口交接班记录" in paper.text and "B002 等电话" in paper.text
    assert (await stranger.ask("GET", f"/office/handovers/{made['id']}/print")).status_code == 404
