"""Cases over HTTP: a kind at the finish, the office's list and rates, the approval system's word, papers on A4."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hallq.wiring import papers
from tests.hub import Caller, Hub, hub, write_hall

PRINTER = '[[device]]\nid = "paper"\ndriver = "escpos"\nlink = "tcp://127.0.0.1:9"\nwindow = "2"\n'
IMMEDIATE = {"at": "2026-11-23T09:00:30+08:00"}


def code(answer: Any) -> Any:
    return answer.status_code, answer.json()["error"]["code"]


async def finished(hall_hub: Hub, clerk: Caller, kiosk: Caller, **wish: Any) -> dict[str, Any]:
    await kiosk.ok("/tickets", {"service": "pension", "kiosk": "k1"})
    await clerk.ok("/windows/2/call-next")
    shown = (await clerk.get("/windows/2/outcomes")).json()
    assert {kind["code"]: kind["due_day"] for kind in shown["kinds"]}["promise"] == "2026-12-21"
    await clerk.ok("/windows/2/finish", wish)
    last: dict[str, Any] = (await clerk.get("/windows/2/outcomes")).json()["last"]
    return last


async def test_a_promise_from_the_finish_to_the_word_to_the_citizen_i02_i05_i07_i21(
    hall_hub: Hub, kiosk: Caller
) -> None:
    clerk, office = await hall_hub.clerk("李明", "2"), await hall_hub.person("林静", "office")
    last = await finished(hall_hub, clerk, kiosk, outcome="promise")
    assert (last["kind_name"], last["no"], last["due_day"], last["state"]) == (
        "承诺件", "2026-00001", "2026-12-21", "open",
    )  # fmt: skip
    number = last["id"]
    chief = await hall_hub.person("韩梅", "chief", window="1")
    assert code(await chief.get(f"/outcomes/{number}")) == (403, "forbidden")  # another department's
    assert (await chief.get("/outcomes")).json()["items"] == []
    assert code(await clerk.post(f"/outcomes/{number}/done", IMMEDIATE)) == (403, "forbidden")  # the office's alone

    extension = {"to_day": "2026-12-28", "reason": "需要专家评审", "leader": "王主任", "request_id": "e"}
    for blank in ({"leader": " "}, {"reason": " "}):
        assert code(await office.post(f"/outcomes/{number}/extensions", extension | blank)) == (422, "invalid")
    assert code(await office.post(f"/outcomes/{number}/case-number", {"case_no": "  "})) == (422, "invalid")
    for _ in range(2):
        made = await office.ok(f"/outcomes/{number}/extensions", extension)
    assert [one["to_day"] for one in made["extensions"]] == ["2026-12-28"] and made["due_day"] == "2026-12-28"

    hall_hub.clock.pass_(60)
    system = await hall_hub.device("api")
    assert code(await system.post("/outcomes/SP-7/accepted", {})) == (404, "not_found")
    linked = await system.ok("/outcomes/SP-7/accepted", {"number": last["number"]} | IMMEDIATE)
    assert (linked["id"], linked["case_no"]) == (number, "SP-7")
    hall_hub.clock.pass_(600)
    assert (await system.ok("/outcomes/SP-7/done", {}))["done_day"] == "2026-11-23"
    assert code(await office.post(f"/outcomes/{number}/done", {})) == (409, "outcome_done")
    [mine] = (await clerk.get("/windows/2/outcomes")).json()["items"]
    assert mine["state"] == "untold"
    assert (await clerk.ok(f"/outcomes/{number}/told"))["state"] == "done"
    for who, kept in ((clerk, 1), (chief, 0)):
        assert (await who.get("/outcomes/own")).json()["promises"]["numerator"] == kept
    assert code(await office.get("/outcomes/own")) == (403, "forbidden")
    found = (await office.get("/outcomes/rates")).json()
    assert found["hall"]["rates"]["promise"] == {"numerator": 1, "denominator": 1, "percent": "100.00"}
    assert found["items"][0]["system"] == {"linked": 1, "median_s": 30}


async def test_lists_papers_and_files_i06_i08_i09(hall_hub: Hub, kiosk: Caller) -> None:
    clerk, office = await hall_hub.clerk("李明", "2"), await hall_hub.person("林静", "office")
    await kiosk.ok("/tickets", {"service": "pension", "kiosk": "k1"})
    await clerk.ok("/windows/2/call-next")
    assert code(await clerk.post("/windows/2/finish", {"outcome": "refuse"})) == (409, "outcome_reason")
    assert code(await clerk.post("/windows/2/finish", {"outcome": "x"})) == (422, "outcome_unknown")
    await clerk.ok("/windows/2/finish", {"outcome": "refuse", "reason": "依法不属于本机关职权范围"})
    number = (await clerk.get("/windows/2/outcomes")).json()["last"]["id"]
    page = await office.ask("GET", f"/window/outcomes/{number}/print")
    for words in ("不予受理通知书", "依法不属于本机关职权范围", "行政复议", "专用印章", "2026-00001"):
        assert words in page.text
    assert (await clerk.ok(f"/outcomes/{number}/print"))["printed"] is False  # no printer stands here
    assert (await office.ok(f"/outcomes/{number}/case-number", {"case_no": "SP-1"}))["case_no"] == "SP-1"
    for query, count in (("", 1), ("kind=refuse", 1), ("kind=spot", 0), ("state=open", 0), ("department=ga", 0),
                         ("state=nokind", 0), ("state=late", 0)):  # fmt: skip
        assert len((await office.get(f"/outcomes?{query}")).json()["items"]) == count, query
    assert code(await office.get("/outcomes?state=x")) == (422, "invalid")
    file = await office.get("/export/outcomes.csv")
    assert "refuse" in file.text and "2026-00001" in file.text
    assert (await office.get("/export/outcomes.dictionary.csv")).status_code == 200


async def test_an_undone_finish_is_listed_with_its_number_i06(hall_hub: Hub, kiosk: Caller) -> None:
    clerk, auditor = await hall_hub.clerk("李明", "2"), await hall_hub.person("秦朗", "auditor")
    await finished(hall_hub, clerk, kiosk, outcome="promise")
    await clerk.ok("/windows/2/undo")
    assert (await auditor.get("/outcomes")).json()["items"] == []
    [gone] = (await auditor.get("/outcomes?state=void&department=sb&kind=promise")).json()["items"]
    assert (gone["no"], gone["state"], gone["clerk"]) == ("2026-00001", "void", "李明")
    assert code(await auditor.get(f"/outcomes/{gone['id']}")) == (404, "not_found")


async def test_the_windows_printer_gets_the_slip_i08_i10(tmp_path: Path) -> None:
    settings = write_hall(tmp_path, devices=PRINTER)
    async with hub(settings) as running:
        clerk, kiosk = await running.clerk("李明", "2"), await running.device("kiosk", "k1")
        last = await finished(running, clerk, kiosk, outcome="promise")
        assert (await clerk.get("/windows/2/outcomes")).json()["printer"] is True
        assert (await clerk.ok(f"/outcomes/{last['id']}/print"))["printed"] is True
        slip = await papers.slip(running.hall, settings.device[0], "accept", last["id"])
        words = "\n".join(line.text for line in slip.lines)
        for part in ("受理通知书", "2026-00001", "受理时间：2026-11-23 09:00", "2026年12月21日前办结", "养老金"):
            assert part in words
