"""Items over HTTP: a department asks, the office decides, everybody's guide follows; the workbook out and in."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from hallq.exports import XLSX
from hallq.items.content import Guide
from hallq.items.model import GuideVersion
from hallq.kernel import Tx
from tests.hub import Hub

GUIDE = {"summary": "身份证申领", "fee": "首次不收费", "steps": [{"name": "受理"}], "materials": [{"name": "户口簿"}]}
ASK: dict[str, Any] = {
    "kind": "change", "service": "id", "trigger": "elements", "reason": "材料减少", "approver": "王科长",
    "guide": GUIDE, "from_day": "2026-11-23",
}  # fmt: skip


async def test_a_department_asks_and_the_office_decides_h14_h15(hall_hub: Hub) -> None:
    office, chief = await hall_hub.person("林静", "office"), await hall_hub.person("孙敏", "chief", "1")
    clerk = await hall_hub.clerk("王芳", "1")
    asked = await chief.ok("/item-requests", ASK)
    assert (asked["state"], asked["name"], asked["by"], asked["before"]) == ("filed", "身份证", "孙敏", None)
    assert (await chief.post("/item-requests", ASK | {"department": "sb"})).status_code == 403
    assert (await clerk.get("/items")).status_code == (await clerk.post("/item-requests", ASK)).status_code == 403
    again = await chief.post("/item-requests", ASK)
    assert again.json()["error"]["code"] == "item_asked"
    path = f"/item-requests/{asked['id']}"
    assert (await chief.post(f"{path}/approve", {"leader": "孙敏"})).status_code == 403
    assert (await office.ok(f"{path}/approve", {"leader": "李局长"}))["state"] == "done"
    item = (await chief.get("/items/id")).json()
    assert item["version"] == 1 and "approver" not in item
    assert item["guide"]["approver"] == "王科长" and item["versions"][0]["leader"] == "李局长"
    assert item["missing"] == ["promised_days", "basis"] and item["requests"][0]["state"] == "done"
    listed = (await chief.get("/items")).json()
    assert [row["service"] for row in listed["items"]] == ["id"]
    assert listed["departments"] == [{"department": "ga", "six": 0, "full": 0, "den": 1}]


async def test_a_chief_without_a_department_speaks_for_none_h14(hall_hub: Hub) -> None:
    chief = await hall_hub.person("孙敏", "chief")
    assert (await chief.get("/items")).json()["items"] == []
    assert (await chief.post("/item-requests", ASK | {"department": "ga"})).status_code == 403


async def test_what_does_not_fit_is_refused_in_words(hall_hub: Hub) -> None:
    office = await hall_hub.person("林静", "office")
    edit = {"guide": GUIDE, "reason": "首次录入", "leader": "李局长", "request_id": "a"}
    assert [(await office.post("/items/id", edit)).status_code for _ in "12"] == [201, 201]
    entry = {"code": "id", "name": "身份证", "department": "ga", "prefix": "A", "guide": GUIDE}
    for path, body, status, code in (
        ("/items/id", edit | {"request_id": "b"}, 409, "guide_same"),
        ("/items/id", edit | {"from_day": "2026-11-20", "request_id": "b"}, 409, "guide_reaches_back"),
        ("/items/id", edit | {"guide": {"fee": "x" * 300}, "request_id": "b"}, 422, "invalid"),
        ("/items/zz", edit | {"request_id": "b"}, 404, "not_found"),
        ("/item-requests", ASK | {"kind": "add", "department": "ga"}, 409, "item_listed"),
        ("/item-requests", ASK | {"approver": ""}, 422, "invalid"),
        ("/items/id", edit | {"leader": "  ", "request_id": "b"}, 422, "invalid"),
        ("/catalogue/services", entry, 422, "invalid"),
    ):  # fmt: skip
        answer = await office.post(path, body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), path


async def test_the_workbook_goes_out_and_comes_in(hall_hub: Hub) -> None:
    office = await hall_hub.person("林静", "office")
    answer = await office.get("/item-workbook")
    assert answer.headers["content-type"] == XLSX
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    book["事项"]["P2"] = "10 元"
    out = io.BytesIO()
    book.save(out)

    async def send(query: str, content: bytes) -> Any:
        return (await office.post(f"/item-workbook{query}", content, **{"content-type": XLSX})).json()

    tried = await send("?dry_run=1", out.getvalue())
    assert tried == {"faults": [], "same": 2, "changes": [{"service": "id", "name": "身份证", "fields": ["fee"]}],
                     "entered": False}  # fmt: skip
    assert (await send("?leader=x", b"PK"))["faults"][0].startswith("工作簿：")
    assert (await send("", out.getvalue()))["error"]["detail"] == {"field": "leader"}  # every version has its leader
    assert (await send("?leader=x", out.getvalue()))["entered"] is True
    assert (await office.get("/items/id")).json()["fee"] == "10 元"


async def test_the_guide_of_an_earlier_day_is_asked_for_by_its_day_h03(hall_hub: Hub) -> None:
    office = await hall_hub.person("林静", "office")
    await hall_hub.hall.do(_old_guide, "hub")
    await office.ok("/items/id", {"guide": GUIDE, "reason": "不再收费", "leader": "李局长"})
    for on, version, fee in (("", 2, "首次不收费"), ("?on=2026-06-01", 1, "10 元"), ("?on=2025-12-31", 0, "")):
        item = (await office.get(f"/items/id{on}")).json()
        assert (item["version"], item["fee"], item["guide"]["fee"]) == (version, fee, fee)
    assert (await office.get("/items/id?on=2026-02-30")).status_code == 422


def _old_guide(tx: Tx) -> None:
    tx.insert(
        GuideVersion, service="id", version=1, from_day="2026-01-01", content=Guide(fee="10 元").model_dump_json(),
        made_at=tx.now, made_by="hub",
    )  # fmt: skip
