"""The forms over HTTP: who may take which step, what is refused and why, what the public sees, and the printed form."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio

from hallq.office.due import apply_due
from hallq.people import commands as people
from tests.hub import Caller, Hub, hub, write_hall

CLOSURE = {"windows": ["3"], "from": "2026-11-24T09:00", "until": "2026-11-25T17:30", "reason": "全员培训",
           "to_window": "2", "contact": "赵强", "phone": "7218600", "measures": "2号窗口办理同类业务"}  # fmt: skip
ADVISERS = [{"name": "王芳", "phone": "7218601"}, {"name": "李明", "phone": "7218602"}]
STOP = {"windows": ["3"], "services": ["pension"], "from": "2026-11-30", "until": "2026-12-01", "reason": "系统升级",
        "document": "人社〔2026〕8号", "advisers": ADVISERS}  # fmt: skip
LIFT = {"reason": "设备故障", "name": "张主任"}
M1 = """业务临时停办登记备案表 申请单位 社会保险 业务临时停办事由及具体内容 系统升级 人社〔2026〕8号 窗口位置编号
    起止时间 保障措施 王芳 7218601 进驻部门（单位）意见 签字 盖章 测试大厅大厅管理室意见 联系人及电话 备注 一式两份"""
M2 = """测试大厅窗口变更登记备案表 部门（单位） 变更原因 ☐ 新增 ☑ 调减 整合 窗口位置（编号）及数量 共 1 个
    窗口起始日期 2026年12月1日 窗口办理业务内容 自带（撤离）设施设备 首席代表签字 大厅管理室意见
    有关负责人签字 一式两份"""
M3 = """测试大厅窗口临时关闭（重启）申请表 部门（单位）名称 社会保险 事由 全员培训 窗口位置编号 3号窗口 时间段
    ☑ 临时关闭：2026年11月23日14:30至2026年11月25日17:30 ☐ 重启 ☐ 固定时间、季节重启 保障措施 联络人：赵强
    申请部门（单位）意见 同意关闭 分管领导或首席代表签字： 周敏 盖章 大厅管理室意见 有关负责人签字 例外事项 设备故障
    张主任 一式两份"""


@pytest_asyncio.fixture
async def county(tmp_path: Path) -> AsyncIterator[Hub]:
    async with hub(write_hall(tmp_path)) as running:
        yield running


async def desks(county: Hub) -> tuple[Caller, Caller]:
    """The chief representative of 社会保险 and the hall office."""
    await county.hall.do(people.add_person, name="周敏", role="chief", window="2")
    return await county.person("周敏"), await county.person("林静", "office")


async def passes(county: Hub, seconds: float) -> Caller:
    """Time goes on; the office as it signs in again."""
    county.clock.pass_(seconds)
    await county.hall.do(apply_due)
    return await county.person("林静")


def code(answer: Any) -> Any:
    return answer.status_code, answer.json()["error"]["code"]


async def test_b13_a_closure_from_the_form_to_the_dark_window(county: Hub) -> None:
    """B13, B14: each step by its own desk, each only once."""
    chief, office = await desks(county)
    made = await chief.ok("/closures", CLOSURE | {"request_id": "r1"})
    assert (await chief.ok("/closures", CLOSURE | {"request_id": "r1"}))["id"] == made["id"]
    assert (made["state"], made["applicant"], made["department"], made["next"]) == (
        "draft", "周敏", "sb", ["sign", "withdraw"])  # fmt: skip
    path = f"/closures/{made['id']}"
    assert code(await chief.post(f"{path}/approve", {})) == (403, "forbidden")
    assert code(await office.post(f"{path}/approve", {})) == (409, "wrong_state")
    signed = await chief.ok(f"{path}/sign", {"opinion": "同意"})
    assert (signed["state"], signed["signed_by"], signed["signed_as"]) == ("signed", "周敏", "chief")
    assert code(await chief.post(f"{path}/sign", {})) == (409, "wrong_state")
    await office.ok(f"{path}/approve", {"answer": "同意", "head": "张主任"})
    published = await office.ok(f"{path}/publish", {})
    assert published["next"] == ["withdraw"]
    seen = (await (await county.device("kiosk", "k1")).get("/hall")).json()
    [listed] = seen["closures"]
    assert (listed["kind"], listed["windows"], listed["state"]) == ("closure", ["3"], "published")
    assert listed["text"] == "3号窗口11月24日9:00至11月25日17:30临时关闭，业务请到2号窗口办理"
    [told] = seen["notices"]
    assert told["text_en"] == "Window 3 is closed from 24 Nov 9:00 to 25 Nov 17:30. Please go to window 2"
    await passes(county, 24 * 3600)
    clerk = await county.person("赵强")
    refused = await clerk.post("/windows/3/sign-in", {})
    assert code(refused) == (409, "window_closed")
    assert "3号窗口" in refused.json()["error"]["message"]
    services = {row["code"]: row["windows"] for row in (await county.anyone.get("/services")).json()["items"]}
    assert services["pension"] == ["2"]
    office = await passes(county, 33 * 3600)
    assert (await office.get(path)).json()["state"] == "ended"
    clerk = await county.person("赵强")
    await clerk.ok("/windows/3/sign-in", {})


async def test_what_a_rule_refuses_says_what_would_be_allowed(county: Hub) -> None:
    """B13, B12, A.3 5: and a leader's reason and name stand on the form."""
    chief, _ = await desks(county)
    today = CLOSURE | {"from": "2026-11-23T14:30"}
    refused = await chief.post("/closures", today)
    assert code(refused) == (409, "closure_late")
    assert "2026-11-24" in refused.json()["error"]["message"]
    checked = (await chief.post("/closures/check", today)).json()["items"]
    assert [(one["code"], one["weight"]) for one in checked] == [("closure_late", "lift"), ("cover", "warn")]
    made = await chief.ok("/closures", today | {"lift": LIFT})
    assert (made["lifted"], made["lift_name"]) == (["closure_late"], "张主任")
    both = await chief.post("/closures", CLOSURE | {"windows": ["2", "3"], "to_window": None, "lift": LIFT})
    assert code(both) == (409, "closure_alone")
    english = await chief.ask(
        "POST", "/api/v1/closures/check", CLOSURE | {"windows": ["2"], "to_window": None}, **{"accept-language": "en"}
    )
    assert "No open window would be left" in english.text


async def test_b22_the_ledger_of_what_came_too_late(county: Hub) -> None:
    chief, office = await desks(county)
    made = await chief.ok("/closures", CLOSURE | {"from": "2026-11-23T14:30", "lift": LIFT})
    await chief.ok(f"/closures/{made['id']}/sign", {})
    await office.ok(f"/closures/{made['id']}/approve", {})
    [missed] = (await office.get("/forms/missed")).json()["items"]
    assert (missed["step"], missed["kind"], missed["form"], missed["name"]) == (
        "closure_late", "closures", made["id"], "张主任")  # fmt: skip


async def test_only_the_own_department_and_only_who_may(county: Hub) -> None:
    chief, office = await desks(county)
    assert code(await chief.post("/closures", CLOSURE | {"department": "ga"})) == (403, "forbidden")
    clerk = await county.person("李明")
    assert code(await clerk.post("/closures", CLOSURE)) == (403, "forbidden")
    assert code(await office.post("/closures", CLOSURE | {"department": "sb"})) == (422, "invalid")  # who applies?
    made = await office.ok("/closures", CLOSURE | {"department": "sb", "applicant": "周敏"})
    assert code(await office.post(f"/closures/{made['id']}/sign", {})) == (422, "invalid")  # who signed on paper?
    signed = await office.ok(f"/closures/{made['id']}/sign", {"name": "张副局长", "as": "leader"})  # A.3 6
    assert (signed["signed_by"], signed["signed_as"]) == ("张副局长", "leader")
    await county.hall.do(people.add_person, name="吴刚", role="chief", window="1")
    other = await county.person("吴刚")
    assert code(await other.get(f"/closures/{made['id']}")) == (403, "forbidden")
    assert (await other.get("/closures")).json()["items"] == []
    leader = await county.person("陈领导", "leader")
    assert (await leader.get(f"/closures/{made['id']}")).json()["next"] == []
    assert code(await leader.post(f"/closures/{made['id']}/withdraw", {})) == (403, "forbidden")


async def test_b20_who_has_shown_the_notice_and_when(county: Hub) -> None:
    """B20, B14: screens and kiosks by their page, guides by their receipt; who has not stands there too."""
    chief, office = await desks(county)
    screen, kiosk = await county.device("screen", "1F"), await county.device("kiosk", "k1")
    await county.person("孙导", "guide")
    made = await chief.ok("/suspensions", STOP)
    path = f"/suspensions/{made['id']}"
    await chief.ok(f"{path}/sign", {})
    await office.ok(f"{path}/approve", {})
    await passes(county, 0)
    assert (await office.get(path)).json()["state"] == "approved"
    office = await passes(county, 24 * 3600)  # Tuesday: four working days before Monday
    form = (await office.get(path)).json()
    assert form["state"] == "published"
    [told] = (await screen.get("/hall")).json()["notices"]
    assert told["text"] == "养老金于11月30日至12月1日临时停办，3号窗口提供咨询，电话 7218601、7218602"
    for caller in (screen, await county.person("孙导"), screen):
        await caller.ok(f"/notices/{told['id']}/shown", {})
    leader = await county.person("陈领导", "leader")
    await leader.ok(f"/notices/{told['id']}/shown", {})  # only looks on: no proof
    shown = {(row["kind"], row["name"]): row["at"] for row in (await office.get(path)).json()["shown"]}
    assert shown == {("screen", "screen 1F"): "2026-11-24T09:00:00.000+08:00", ("kiosk", "kiosk k1"): None,
                     ("guide", "孙导"): "2026-11-24T09:00:00.000+08:00"}  # fmt: skip
    assert kiosk


async def test_b19_a_suspended_business_gives_no_numbers(county: Hub) -> None:
    chief, office = await desks(county)
    late = await chief.post("/suspensions", STOP | {"from": "2026-11-27"})
    assert code(late) == (409, "suspension_late")
    made = await chief.ok("/suspensions", STOP)
    for step, who in (("sign", chief), ("approve", office), ("publish", office)):
        await who.ok(f"/suspensions/{made['id']}/{step}", {})
    office = await passes(county, 7 * 24 * 3600)
    kiosk = await county.device("kiosk", "k1")
    refused = await kiosk.post("/tickets", {"service": "pension"})
    assert code(refused) == (409, "suspended")
    assert "3号窗口" in refused.json()["error"]["message"]
    [closed] = (await kiosk.get("/hall")).json()["closures"]
    assert (closed["kind"], closed["services"], closed["state"]) == ("suspension", ["pension"], "active")
    await office.ok(f"/suspensions/{made['id']}/end", {"why": "升级提前完成"})
    await kiosk.ok("/tickets", {"service": "pension"})


async def test_b06_a_window_change_and_b18_the_years_plan(county: Hub) -> None:
    """M2 and M11."""
    chief, office = await desks(county)
    change = {
        "kind": "add",
        "windows": ["8"],
        "from": "2026-11-24",
        "reason": "业务增加",
        "zone": "1F",
        "services": ["card"],
    }
    made = await chief.ok("/window-changes", change)
    for step, who in (("sign", chief), ("approve", office)):
        await who.ok(f"/window-changes/{made['id']}/{step}", {})
    office = await passes(county, 24 * 3600)
    assert (await office.get("/windows/8")).json()["services"] == ["card"]
    seasons = [{"windows": ["3"], "from": "11-01", "until": "03-31"}]
    chief = await county.person("周敏")
    await chief.ok("/window-plans", {"year": 2026, "seasons": seasons})
    assert (await office.get("/window-plans")).json()["items"][0]["seasons"] == seasons
    bad = await chief.post(
        "/window-plans", {"year": 2026, "seasons": [{"windows": ["1"], "from": "11-01", "until": "12-01"}]}
    )
    assert code(bad) == (422, "invalid")


async def test_m1_m2_m3_the_printed_form_has_the_fields_of_the_annex_in_their_order(county: Hub) -> None:
    chief, office = await desks(county)
    closure = await chief.ok("/closures", CLOSURE | {"from": "2026-11-23T14:30", "lift": LIFT})
    stop = await chief.ok("/suspensions", STOP)
    change = await chief.ok(
        "/window-changes", {"kind": "remove", "windows": ["3"], "from": "2026-12-01", "reason": "整合"}
    )
    await chief.ok(f"/closures/{closure['id']}/sign", {"opinion": "同意关闭"})
    assert in_order(await page(office, "closures", closure), M3)
    assert in_order(await page(office, "suspensions", stop), M1)
    assert in_order(await page(office, "window-changes", change), M2)
    clerk = await county.person("李明")
    assert (await clerk.ask("GET", f"/office/forms/closures/{closure['id']}/print")).status_code == 403


async def page(office: Caller, kind: str, form: dict[str, Any]) -> str:
    answer = await office.ask("GET", f"/office/forms/{kind}/{form['id']}/print")
    assert answer.status_code == 200, answer.text
    return answer.text


def in_order(html: str, words: str) -> bool:
    at = 0
    for word in words.split():
        found = html.find(word, at)
        assert found >= 0, word
        at = found
    return True
