"""The desk's registers over HTTP: a claim with document and signature, mail from the pad to the ledger; all masked."""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZipFile

from sqlmodel import select

from hallq.registers.model import FoundItem
from tests.hub import Hub

PNG = b"\x89PNG\r\n\x1a\n drawn"
ITEM = {"name": "双肩包", "features": "深蓝色，内有水杯", "found_at": "2026-11-23T08:40", "place": "3号椅",
        "zone": "1F", "finder": "cleaner"}  # fmt: skip
CLAIM = {"claimant": "张建国", "id_number": "150627199001011234", "phone": "13812345678", "checked": True}
HOME = {"name": "李秀英", "phone": "13912341234", "address": "某镇团结路12号"}


def code(answer: Any) -> Any:
    return answer.status_code, answer.json()["error"]["code"]


def stored(hub: Hub) -> str:
    return str(hub.hall.store.reader().find(select(FoundItem)))


async def test_a_found_item_is_registered_claimed_and_printed_k01_k02_k07(hall_hub: Hub) -> None:
    guide = await hall_hub.person("导服", "guide")
    item = await guide.ok("/found", ITEM | {"request_id": "a"})
    assert (await guide.ok("/found", ITEM | {"request_id": "a"}))["id"] == item["id"]
    assert (item["no"], item["due_day"], item["found_at"][:16]) == ("2026-0001", "2027-05-25", "2026-11-23T08:40")
    path = f"/found/{item['id']}"
    await guide.ok(f"{path}/contact", {"note": "广播找人"})
    image = (await guide.ask("POST", "/api/v1/files?name=s.png", PNG, **{"content-type": "image/png"})).json()["id"]
    assert code(await guide.post(f"{path}/claim", CLAIM | {"signature": image, "checked": False})) == (
        409, "found_unchecked"
    )  # fmt: skip
    closed = await guide.ok(f"{path}/claim", CLAIM | {"signature": image})
    assert (closed["state"], closed["claimant"], closed["id_masked"]) == ("claimed", "张**", "1506************34")
    assert "150627199001011234" not in stored(hall_hub)
    assert (await guide.get(f"{path}/identity")).json()["claimant"] == "张建国"
    assert (await guide.get(f"{path}/files/{image}")).content == PNG
    [look, *_] = reversed(hall_hub.hall.store._connection.execute("SELECT verb, facts FROM journal").fetchall())
    assert look[0] == "looked" and "张建国" not in look[1]
    page = await guide.http.get(f"/office{path}/print", headers=guide.headers)
    assert "市民遗失物品登记表" in page.text and "张**" in page.text and f"files/{image}" not in page.text
    full = await guide.http.get(f"/office{path}/print?full=1", headers=guide.headers)
    assert "张建国" in full.text and f"files/{image}" in full.text
    file = await guide.get("/export/found.csv", **{"accept-language": "zh"})
    assert "双肩包" in file.text and "保洁" in file.text and "张建国" not in file.text
    clerk = await hall_hub.clerk("李明", "2")
    assert code(await clerk.get("/found")) == (403, "forbidden")


async def test_valuables_go_to_the_police_with_a_signed_list_k05(hall_hub: Hub) -> None:
    guide = await hall_hub.person("导服", "guide")
    phone = await guide.ok("/found", ITEM | {"name": "手机", "valuable": True})
    bag = await guide.ok("/found", ITEM)
    assert [row["no"] for row in (await guide.get("/found?state=due")).json()["items"]] == [phone["no"]]
    following = (await guide.get(f"/found?next={phone['id']}")).json()  # what goes first comes first
    assert ([row["no"] for row in following["items"]], following["next"]) == ([bag["no"]], None)
    older = (await guide.get(f"/found?state=all&next={bag['id']}")).json()["items"]
    assert [row["no"] for row in older] == [phone["no"]]
    page = await guide.http.get(f"/office/found-handover/print?item={phone['id']}", headers=guide.headers)
    assert "移交清单" in page.text and "手机" in page.text
    assert code(await guide.post("/found/police", {"items": [bag["id"]], "receipt": "1"})) == (409, "found_early")
    assert code(await guide.post(f"/found/{bag['id']}/destroy", {"note": "扔", "witness": "王"})) == (
        409, "found_not_perishable"
    )  # fmt: skip
    await guide.ok("/found/police", {"items": [phone["id"]], "receipt": "派〔2026〕5号"})
    assert code(await guide.post(f"/found/{phone['id']}/contact", {"note": "x"})) == (409, "found_closed")
    assert [row["receipt"] for row in (await guide.get("/found?state=closed")).json()["items"]] == ["派〔2026〕5号"]


async def test_the_citizen_types_the_address_and_the_desk_sends_it_l02_l04(hall_hub: Hub) -> None:
    clerk, kiosk = await hall_hub.clerk("李明", "2"), await hall_hub.device("kiosk", "k1")
    assert code(await clerk.post("/windows/2/mail", {})) == (409, "mail_no_visit")
    await kiosk.ok("/tickets", {"service": "pension", "kiosk": "k1"})
    await clerk.ok("/windows/2/call-next")
    asked = await clerk.ok("/windows/2/mail", {"what": "证书"})
    form = hall_hub.hall.extra["padmail/2"]
    assert (form["mail"], form["number"], form["what"]) == (asked["id"], "B001", "证书")
    pad, other = await hall_hub.device("pad-citizen", "2"), await hall_hub.device("pad-citizen", "3")
    assert code(await other.post("/pads/3/mail", HOME | {"mail": asked["id"]})) == (409, "mail_form_over")
    assert await pad.ok("/pads/2/mail", HOME | {"mail": asked["id"]}) == {"no": "2026-0001"}
    assert "padmail/2" not in hall_hub.hall.extra
    [own] = (await clerk.get("/windows/2/mail")).json()["items"]
    assert (own["name"], own["phone"], own["addressed"]) == ("李**", "139****1234", True) and "团结路" not in str(own)
    assert code(await clerk.get(f"/mail/{own['id']}/identity")) == (403, "forbidden")
    again = await clerk.ok("/windows/2/mail", {})
    await pad.ok("/pads/2/mail/decline", {"mail": again["id"]})
    guide, path = await hall_hub.person("导服", "guide"), f"/mail/{own['id']}"
    assert (await guide.get(f"{path}/identity")).json() == HOME
    await guide.ok(f"{path}/ready")
    assert code(await guide.post(f"{path}/ready")) == (409, "mail_state")
    assert code(await guide.post(f"{path}/correct", {})) == (422, "invalid")  # there is nothing to correct
    assert code(await guide.post("/mail", {"name": "王五", "phone": "没有"})) == (422, "invalid")
    assert (await guide.post(f"{path}/send", {"waybill": ""})).status_code == 422
    await guide.ok(f"{path}/send", {"waybill": "EA123456789CN"})
    assert code(await guide.post(f"{path}/check", {})) == (403, "forbidden")
    office = await hall_hub.person("林静", "office")
    drawn = (await office.get("/mail/sample?seed=a&n=5")).json()["items"]
    assert [row["waybill"] for row in drawn] == ["EA123456789CN"]
    assert (await office.ok(f"{path}/check", {}))["checked_by"] == "林静"
    assert (await office.get("/mail/fees")).json()["items"] == [{"carrier": "EMS", "hall": 1, "citizen": 0}]
    leader, auditor = await hall_hub.person("局长", "leader"), await hall_hub.person("审计", "auditor")
    for reader, may in ((leader, (200, 200, 403, 403)), (auditor, (200, 200, 200, 200))):
        paths = ("/found", "/mail", "/export/mail.csv", f"{path}/identity")
        assert tuple([(await reader.get(way)).status_code for way in paths]) == may
        assert "李秀英" not in (await reader.get("/mail")).text
    assert code(await auditor.post(f"{path}/check", {})) == (403, "forbidden")
    came = await guide.ok("/mail", {"direction": "in", "name": "王五", "waybill": "EB1", "what": "申请材料"})
    assert came["state"] == "received"
    book = await office.get("/export/mail.xlsx")
    assert "xl/workbook.xml" in ZipFile(io.BytesIO(book.content)).namelist()
    page = await office.http.get("/office/mail/print", headers=office.headers)
    assert "EA123456789CN" in page.text and "团结路" not in page.text and "李秀英" not in page.text
