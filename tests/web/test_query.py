"""Guides for everybody over HTTP: found, read, printed; a query machine shows them and gives no numbers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from hallq import files
from hallq.items.content import Guide
from hallq.items.model import GuideVersion
from hallq.kernel import Tx
from hallq.rows import Effect
from hallq.ticketing.model import Kiosk
from hallq.wiring import papers
from tests.devices.rig import until
from tests.hub import Hub, hub, write_hall

GUIDE = {
    "summary": "申领、换领、补领居民身份证", "handling": "promise", "promised_days": 10, "legal_days": 60,
    "materials": [
        {"name": "居民户口簿", "name_en": "Household register", "source": "公安机关"},
        {"name": "遗失声明", "form": "form", "when": "补领时"},
    ],
    "steps": [{"name": "申请"}, {"name": "领证", "note": "凭回执"}],
    "fee": "20元", "fee_basis": "发改价格〔2003〕2322号", "phone": "0470-1234", "basis": ["居民身份证法"],
    "aliases": ["二代证"], "events": ["move"],
}  # fmt: skip
PRINTER = '[[device]]\nid = "paper"\ndriver = "escpos"\nlink = "tcp://127.0.0.1:9"\nkiosk = "k1"\n'


def came_to(tx: Tx, *, state: str) -> None:
    [effect] = tx.find(select(Effect).where(col(Effect.ref) == "paper/guide/id"))
    tx.update(effect, state=state)


def enact(tx: Tx, /, *, version: int = 1, **more: Any) -> None:
    content = Guide.model_validate(GUIDE | more).model_dump_json(exclude_defaults=True)
    tx.insert(
        GuideVersion, service="id", version=version, from_day=tx.day, content=content, made_at=tx.now, made_by="hub"
    )


async def test_everybody_finds_an_item_and_reads_its_guide_h01_h05_h22(hall_hub: Hub) -> None:
    anyone = hall_hub.anyone
    await hall_hub.hall.do(enact)
    groups = (await anyone.get("/query/choices")).json()
    assert [one["code"] for one in groups["departments"]] == ["ga", "sb"]
    assert [(one["code"], one["items"]) for one in groups["events"]] == [("move", 1)]
    found = (await anyone.get("/query/items?q=erdaizheng")).json()
    assert [(one["service"], one["promised_days"], one["fee"]) for one in found["items"]] == [("id", 10, "20元")]
    assert found["near"] == []
    missed = (await anyone.get("/query/items?q=怎么补身分证")).json()
    assert (missed["items"], missed["total"], [one["service"] for one in missed["near"]]) == ([], 0, ["id"])
    assert (await anyone.get("/query/items?q=身分证&department=sb")).json()["near"] == []
    page = (await anyone.get("/query/items?department=sb&limit=1")).json()
    assert (page["total"], page["next"], page["items"][0]["service"]) == (2, 1, "pension")
    item = (await anyone.get("/query/items/id")).json()
    assert [one["name"] for one in item["materials"]] == ["居民户口簿", "遗失声明"]
    assert item["phone"] == "0470-1234" and "1号窗口" in item["place"] and "approver" not in item
    assert (await anyone.get("/query/items/none")).status_code == 404
    await hall_hub.hall.do(enact, version=2, aliases=("户籍证明",))
    assert (await anyone.get("/query/items?q=hjzm")).json()["total"] == 1  # known at once (H15)


async def test_the_windows_that_are_open_for_an_item_stand_on_its_plan_a16(hall_hub: Hub) -> None:
    before = (await hall_hub.anyone.get("/query/items/pension")).json()["now"]
    assert before["windows"] == []
    await hall_hub.clerk("李明", "2")
    now = (await hall_hub.anyone.get("/query/items/pension")).json()["now"]
    assert now["windows"] == ["2"]
    [floor] = now["floors"]
    assert floor["zones"][0]["windows"] == [
        {"no": "1", "mine": False, "open": False}, {"no": "2", "mine": True, "open": True},
        {"no": "3", "mine": True, "open": False},
    ]  # fmt: skip


async def test_who_is_nobody_asks_so_often_and_no_more(hall_hub: Hub) -> None:
    limit = hall_hub.app.state.query_limit
    for _ in range(limit.most):
        limit.count("127.0.0.1")
    refused = await hall_hub.anyone.get("/query/items")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many")
    kiosk = await hall_hub.device("kiosk", "k1")
    assert (await kiosk.get("/query/items")).status_code == 200


async def test_a_guide_is_printed_on_slip_and_a4_with_its_six_elements_h02_h24_h25(tmp_path: Path) -> None:
    settings = write_hall(tmp_path, devices=PRINTER, server='public_url = "https://hall.example"')
    async with hub(settings) as running:
        png = b"\x89PNG\r\n\x1a\n" + b"form"
        kept = await running.hall.do(files.store, name="样本.png", media="image/png", content=png, ref="guide/id")
        materials = [{"name": "申请表", "form": "form", "samples": [kept.id]}]
        await running.hall.do(enact, materials=materials)
        first, second = [await running.device("kiosk", place) for place in ("k1", "k2")]
        await until(lambda: running.hall.extra.get("device/paper", {}).get("state") == "down")
        assert (await first.post("/query/items/id/print", {})).status_code == 200
        while (await first.get("/query/items/id/print")).json() != {"print": "failed"}:
            await asyncio.sleep(0.01)  # the hub's own try comes to its end before others are told of it
        assert (await second.post("/query/items/id/print", {})).json()["error"]["code"] == "no_paper"
        for state, said in (("sending", "pending"), ("done", "printed"), ("unknown", "unknown"), ("expired", "failed")):
            await running.hall.do(came_to, state=state)
            assert (await first.get("/query/items/id/print")).json() == {"print": said}
        assert (await second.get("/query/items/id/print")).json() == {"print": "none"}
        clerk = await running.clerk("王芳", "1")
        assert (await clerk.post("/query/items/id/print", {})).status_code == 422
        assert (await clerk.post("/query/items/id/print", {"window": "2"})).status_code == 409
        slip = await papers.slip(running.hall, settings.device[0], "guide", "id")
        words = "".join(line.text for line in slip.lines)
        for said in ("1. 申请表（申请表 1 份）", "2. 领证：凭回执", "10 个工作日", "20元", "1号窗口", "0470-1234"):
            assert said in words
        assert [line.qr for line in slip.lines if line.qr] == ["https://hall.example/query?item=id"]
        paper = (await running.anyone.ask("GET", "/query/id/print")).text
        for said in ("申请材料", "办理流程", "承诺时限", "收费标准", "发改价格", "居民身份证法", "<svg"):
            assert said in paper
        assert "What to bring" in (await running.anyone.ask("GET", "/query/id/print?lang=en")).text
        sample = await running.anyone.get(f"/query/items/id/samples/{kept.id}")
        assert sample.content == png
        assert (await running.anyone.get("/query/items/id/samples/99")).status_code == 404
        code = await running.anyone.get("/query/items/id/qr.svg")
        assert code.headers["content-type"] == "image/svg+xml" and "<path" in code.text


async def test_the_guide_of_a_cancelled_item_is_neither_read_nor_printed(hall_hub: Hub) -> None:
    kiosk, office = await hall_hub.device("kiosk", "k1"), await hall_hub.person("周明", "office")
    await hall_hub.hall.do(enact)
    assert (await kiosk.post("/query/items/id/print")).json()["error"]["code"] == "no_paper"  # without a body, too
    await office.ok("/catalogue/services/id/off")
    assert (await hall_hub.anyone.ask("GET", "/query/id/print")).status_code == 404
    for path in ("/query/items/id", "/query/items/id/speech/zh.wav", "/query/items/id/samples/1"):
        assert (await hall_hub.anyone.get(path)).status_code == 404, path
    assert (await kiosk.post("/query/items/id/print")).status_code == 404


async def test_a_query_machine_shows_guides_and_gives_no_numbers_a01(hall_hub: Hub) -> None:
    await hall_hub.hall.do(lambda tx: tx.insert(Kiosk, id="q1", zone="1F", query=True))
    machine = await hall_hub.device("kiosk", "q1")
    refused = await machine.post("/tickets", {"service": "id"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "no_numbers_here")
    moved = await hall_hub.anyone.ask("GET", "/kiosk?id=q1")
    assert (moved.status_code, moved.headers["location"]) == (307, "/query?id=q1")
    assert '"numbers":false' in (await hall_hub.anyone.ask("GET", "/query?id=q1")).text
    assert '"numbers":true' in (await hall_hub.anyone.ask("GET", "/query?id=k1")).text
    assert (await hall_hub.anyone.ask("GET", "/query?id=none")).status_code == 404
    office = await hall_hub.person("周", "office")
    register = (await office.get("/devices/register")).json()["items"]
    assert [page["kind"] for page in register if page["id"] == "kiosk:q1"] == ["query"]
    counts = hall_hub.app.state.wiring._alarms.counts
    assert (await counts())["query"] == {"online": 0, "total": 1}
    async with hall_hub.live("kiosk", machine) as live:
        await live.recv()  # only then it is counted
        assert (await counts())["query"] == {"online": 1, "total": 1}
