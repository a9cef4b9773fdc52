"""Cases over HTTP: who may register, see, work off and look at who complained; the ledger as a file and on paper."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest_asyncio

from hallq.assessment.ratings import commands as ratings
from hallq.people import commands as people
from tests.hub import Hub, hub, write_hall

PDF = b"%PDF-1.4 stamped"
TOLD = {"kind": "ordinary", "channel": "telephone", "window": "2", "matter": "排了两次队", "name": "王小明",
        "contact": "13812345678", "demand": "说明情况"}  # fmt: skip


@pytest_asyncio.fixture
async def county(tmp_path: Path) -> AsyncIterator[Hub]:
    async with hub(write_hall(tmp_path)) as running:
        yield running


def code(answer: Any) -> Any:
    return answer.status_code, answer.json()["error"]["code"]


async def bad_rating(county: Hub) -> dict[str, Any]:
    """A citizen at window 2 is served by 李明 and presses 非常不满意; its case."""
    clerk = await county.clerk("李明", "2")
    kiosk = await county.device("kiosk", "k1")
    await kiosk.ok("/tickets", {"service": "pension", "kiosk": "k1"})
    for verb in ("call-next", "start", "finish"):
        await clerk.ok(f"/windows/2/{verb}")
    token = county.hall.invitations["2"].token
    await county.hall.do(ratings.rate, token=token, window="2", level=1)
    office = await county.person("林静", "office")
    [case] = (await office.get("/cases")).json()["items"]
    shape: dict[str, Any] = (await office.get(f"/cases/{case['id']}")).json()
    return shape


async def test_d04_a_bad_rating_is_in_the_ledger_and_the_clerk_sees_nothing_of_it(county: Hub) -> None:
    case = await bad_rating(county)
    assert (case["kind"], case["clerk"], case["number"], case["named"]) == ("bad_rating", "李明", "B001", False)
    assert [event["what"] for event in case["timeline"]] == ["issued", "called", "started", "finished", "rated"]
    assert case["next"] == ["verify", "terminate"]
    clerk = await county.person("李明")
    assert (await clerk.get("/cases/own")).json()["items"] == []
    assert code(await clerk.get("/cases")) == (403, "forbidden")
    assert code(await clerk.get(f"/cases/{case['id']}")) == (403, "forbidden")
    assert code(await clerk.post(f"/cases/{case['id']}/explain", {"note": "x"})) == (403, "forbidden")
    window = [notice for notice in county.hall.picture.notices.values() if notice.window == "2"]
    assert window == []


async def test_the_ledger_filters_exports_and_counts(county: Hub) -> None:
    await bad_rating(county)
    office = await county.person("林静")
    await office.ok("/cases", TOLD | {"request_id": "a"})
    await office.ok("/cases", TOLD | {"request_id": "a"})
    assert [row["no"] for row in (await office.get("/cases")).json()["items"]] == ["2026-0002", "2026-0001"]
    for query, count in (("kind=bad_rating", 1), ("channel=telephone", 1), ("state=closed", 0), ("overdue=1", 0),
                         ("department=ga", 0), ("open=1", 2)):  # fmt: skip
        assert len((await office.get(f"/cases?{query}")).json()["items"]) == count, query
    figures = (await office.get("/cases/figures")).json()
    assert (figures["bad_ratings"], figures["complaints"], figures["open"]) == (1, 1, 2)
    assert figures["rates"]["rectified"] == {"numerator": 0, "denominator": 1}
    assert {row["window"]: row["days"] for row in figures["quiet"]} == {"1": None, "2": 0, "3": None}  # D26
    file = await office.get("/export/cases.csv", **{"accept-language": "zh"})
    assert "2026-0002" in file.text and "一般投诉" in file.text and "138" not in file.text and "王小明" not in file.text
    book = await office.get("/export/cases.xlsx")
    assert "xl/workbook.xml" in ZipFile(io.BytesIO(book.content)).namelist()


async def test_e15_who_complained_is_shown_to_the_people_of_the_case_and_each_look_stays(county: Hub) -> None:
    registrar = await county.person("林静", "office")
    made = await registrar.ok("/cases", TOLD)
    path = f"/cases/{made['id']}"
    assert (await registrar.get(f"{path}/identity")).json()["contact"] == "13812345678"
    other = await county.person("赵敏", "office")
    shown = (await other.get(path)).json()
    assert shown["complainant"]["name"] == "王**" and "13812345678" not in str(shown)
    assert [look["name"] for look in shown["looks"]] == ["林静"]
    assert code(await other.get(f"{path}/identity")) == (403, "case_people")
    leader = await county.person("局长", "leader")
    assert (await leader.get(path)).json()["complainant"] is None
    assert code(await leader.get(f"{path}/identity")) == (403, "forbidden")
    assert code(await leader.post(f"{path}/accept", {})) == (403, "forbidden")
    auditor = await county.person("审计", "auditor")
    assert (await auditor.get(f"{path}/identity")).json()["name"] == "王小明"
    assert [look["name"] for look in (await auditor.get(path)).json()["looks"]] == ["林静", "审计"]


async def test_a_chief_representative_works_off_the_own_departments_cases_alone(county: Hub) -> None:
    office = await county.person("林静", "office")
    made = await office.ok("/cases", TOLD)
    path = f"/cases/{made['id']}"
    for name, role, window in (("周敏", "chief", "2"), ("钱进", "chief", "1")):
        await county.hall.do(people.add_person, name=name, role=role, window=window)
    chief, stranger = await county.person("周敏"), await county.person("钱进")
    assert [row["id"] for row in (await chief.get("/cases")).json()["items"]] == [made["id"]]
    assert (await stranger.get("/cases")).json()["items"] == []
    assert code(await stranger.get(path)) == (403, "forbidden")
    assert code(await chief.post(f"{path}/accept", {})) == (403, "forbidden")
    await office.ok(f"{path}/accept", {})
    await office.ok(f"{path}/investigate", {"note": "他说", "other_side": "她说"})
    refused = await office.post(f"{path}/handle", {"note": "x"})
    assert code(refused) == (409, "case_step")
    assert refused.json()["error"]["message"] == "现在不能做这一步，接下来可以：提出处理意见、投诉人撤回、终结"
    decided = await office.ok(f"{path}/decide", {"note": "属实，请整改", "result": "upheld"})
    assert (decided["due_step"], decided["due_day"]) == ("handle", "2026-11-30")
    assert (await chief.get(path)).json()["next"] == ["handle"]
    handled = await chief.ok(f"{path}/handle", {"note": "已向群众致歉"})
    assert handled["state"] == "handled" and handled["next"] == []
    shared = [{"department": "ga"}, {"department": "sb"}]
    await office.ok(f"{path}/assign", {"owners": shared, "no_award": "department"})
    assert (await stranger.get(path)).status_code == 200
    page = await office.http.get(f"/office/cases/{made['id']}/print", headers=office.headers)
    assert all(words in page.text for words in ("投诉登记表", "王**", "138****5678", "已向群众致歉", "属实", "盖章"))
    assert "13812345678" not in page.text
    full = await office.http.get(f"/office/cases/{made['id']}/print?full=1", headers=office.headers)
    assert "13812345678" in full.text and len((await office.get(path)).json()["looks"]) == 1
    denied = await chief.http.get(f"/office/cases/{made['id']}/print?full=1", headers=chief.headers)
    assert denied.status_code == 403


async def test_who_wishes_an_answer_later_makes_a_named_case(county: Hub) -> None:
    case = await bad_rating(county)
    office = await county.person("林静")
    path = f"/cases/{case['id']}"
    await office.ok(f"{path}/identity", {"name": "李女士", "contact": "13700001111"})
    await office.ok(f"{path}/verify", {"note": "属实", "result": "upheld"})
    shown = (await office.get(path)).json()
    assert shown["named"] and shown["next"] == ["contact", "terminate"] and "13700001111" not in str(shown)


async def test_e11_a_serious_one_needs_two_leaders_and_the_scan(county: Hub) -> None:
    office = await county.person("林静", "office")
    path = f"/cases/{(await office.ok('/cases', TOLD | {'kind': 'serious'}))['id']}"
    await office.ok(f"{path}/accept", {})
    await office.ok(f"{path}/investigate", {"note": "a", "other_side": "b"})
    await office.ok(f"{path}/decide", {"note": "严重", "result": "upheld"})
    await office.ok(f"{path}/approve", {"name": "李主任"})
    assert code(await office.post(f"{path}/confirm", {"name": "李主任"})) == (409, "case_second_approver")
    await office.ok(f"{path}/confirm", {"name": "王局长"})
    assert code(await office.post(f"{path}/handle", {"note": "x"})) == (409, "case_scan")
    scan = (await office.ask("POST", "/api/v1/files?name=scan.pdf", PDF, **{"content-type": "application/pdf"})).json()
    case = await office.ok(f"{path}/handle", {"note": "已落实", "files": [scan["id"]]})
    assert [file["name"] for file in case["files"]] == ["scan.pdf"]
    assert (await office.get(f"{path}/files/{scan['id']}")).content == PDF


async def test_e01_a_kiosk_and_a_guide_only_register(county: Hub) -> None:
    kiosk = await county.device("kiosk", "k1")
    made = await kiosk.ok("/cases", {"topic": "attitude", "window": "2", "come": True, "request_id": "k"})
    assert set(made) == {"id", "no", "due_day"}
    assert code(await kiosk.post("/cases", {"kind": "serious"})) == (422, "invalid")
    assert code(await kiosk.get("/cases")) == (403, "forbidden")
    guide = await county.person("导服", "guide")
    noted = await guide.ok("/cases", {"matter": "地面湿滑", "zone": "1F", "topic": "idea"})
    office = await county.person("林静", "office")
    shown = (await office.get(f"/cases/{made['id']}")).json()
    assert (shown["channel"], shown["topic"], shown["window"], shown["department"]) == ("kiosk", "attitude", "2", "sb")
    assert (await office.get(f"/cases/{noted['id']}")).json()["channel"] == "guide"
    told = [notice.words for notice in county.hall.picture.notices.values() if (notice.key or "").startswith("case/")]
    assert told == ["cs.urgent", "cs.noted"]  # E21, E22: the office at once
    for _ in range(9):
        await kiosk.ok("/cases", {"topic": "idea"})
    assert code(await kiosk.post("/cases", {"topic": "idea"})) == (429, "too_many")


async def test_e20_the_clerk_explains_once_heard_and_a_plan_is_struck_off(county: Hub) -> None:
    case = await bad_rating(county)
    office, clerk = await county.person("林静"), await county.person("李明")
    await office.ok(f"/cases/{case['id']}/hear")
    [seen] = (await clerk.get("/cases/own")).json()["items"]
    assert (seen["no"], seen["rating_is"]["level"]) == (case["no"], 1)
    assert (await clerk.post(f"/cases/{case['id']}/explain", {"note": "业务系统中断"})).status_code == 200
    plan = {"content": "加强培训", "measures": "每周一次", "due_day": "2026-11-30", "responsible": "周敏"}
    shown = await office.ok(f"/cases/{case['id']}/plans", plan)
    number = shown["plans"][0]["id"]
    await office.ok(f"/cases/{case['id']}/plans/{number}", {"progress": "已开一次"})
    shown = await office.ok(f"/cases/{case['id']}/plans/{number}", {"result": "完成"})
    assert shown["plans"][0]["struck_at"] and "业务系统中断" in str(shown["steps"])
    page = await office.http.get(f"/office/cases/{case['id']}/print", headers=office.headers)
    assert "好差评处理工单" in page.text and "业务系统中断" in page.text


