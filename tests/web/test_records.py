"""The record over the API: who sees whose, praise, comparisons, files with their definitions."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest

from tests.hub import Caller, Hub

DAY = 24 * 3600


async def number_of(office: Caller, name: str) -> int:
    return next(int(row["id"]) for row in (await office.get("/staff")).json()["items"] if row["name"] == name)


async def serve(hub: Hub, level: int | None = None) -> None:
    kiosk, clerk = await hub.device("kiosk", "k1"), await hub.person("王芳")
    await kiosk.ok("/tickets", {"service": "id"})
    await clerk.ok("/windows/1/call-next")
    hub.clock.pass_(300)
    await clerk.ok("/windows/1/finish")
    if level is not None:
        hub.clock.pass_(5)
        pad = await hub.device("pad-citizen", "1")
        await pad.ok("/pads/1/rating", {"token": hub.hall.invitations["1"].token, "level": level})


async def test_a_record_d02_d13_d16(hall_hub: Hub) -> None:
    clerk = await hall_hub.clerk("王芳", "1")
    await serve(hall_hub, 5)
    await serve(hall_hub)
    office = await hall_hub.person("主任", "office")
    number = await number_of(office, "王芳")
    made = await office.ok(f"/staff/{number}/commendations", {"reason": "耐心", "source": "感谢信", "request_id": "1"})
    assert made == await office.ok(
        f"/staff/{number}/commendations", {"reason": "耐心", "source": "感谢信", "request_id": "1"}
    )
    found = (await office.get(f"/staff/{number}/record")).json()
    assert (found["name"], found["served"], found["unrated"], found["levels"]["5"]) == ("王芳", 2, 1, 1)
    assert found["coverage"]["invite_rate"] == 1.0
    assert [entry["kind"] for entry in found["entries"]] == ["commendation"]
    assert found["entries"][0]["by"] == "主任"
    keys = {row["key"] for row in found["definitions"]}
    assert {"served", "weighted", "handling_s", "satisfied_share", "interval", "answer_rate"} <= keys
    own = (await clerk.get(f"/staff/{number}/record")).json()
    assert (own["served"], own["levels"]["5"], own["unrated"], own["by_day"]) == (2, 0, 0, [])
    await office.ok(f"/commendations/{made['id']}/withdraw", {"reason": "重复"})
    found = (await office.get(f"/staff/{number}/record")).json()
    assert (found["entries"][0]["cancelled"]["note"], found["commendations"][0]["withdrawn"]) == ("重复", "重复")


async def test_who_sees_whose_record(hall_hub: Hub) -> None:
    office = await hall_hub.person("主任", "office")
    wang, li = await number_of(office, "王芳"), await number_of(office, "李明")
    clerk, chief = await hall_hub.person("王芳"), await hall_hub.person("首席", "chief", "1")
    leader, auditor = await hall_hub.person("领导", "leader"), await hall_hub.person("审计", "auditor")
    for caller, mine, others in ((clerk, 200, 403), (chief, 200, 403), (leader, 200, 200), (auditor, 200, 200)):
        assert (await caller.get(f"/staff/{wang}/record")).status_code == mine
        assert (await caller.get(f"/staff/{li}/record")).status_code == others
        assert (await caller.post(f"/staff/{wang}/commendations", {"reason": "x"})).status_code == 403
    assert (await hall_hub.anyone.get(f"/staff/{wang}/record")).status_code == 401
    assert (await office.get(f"/staff/{wang}/record?from=2026-01-01&to=2027-03-01")).status_code == 422
    assert (await office.get("/staff/999/record")).status_code == 404
    assert (await clerk.get("/figures/comparison")).status_code == 403


async def test_windows_beside_each_other_never_a_person_d14_d18_d26(hall_hub: Hub) -> None:
    await hall_hub.clerk("王芳", "1")
    await serve(hall_hub, 5)
    leader, chief = await hall_hub.person("领导", "leader"), await hall_hub.person("首席", "chief", "2")
    found = (await leader.get("/figures/comparison")).json()
    [row] = found["items"]
    assert (row["window"], row["served"], row["pace"], row["satisfaction"]["raters"]) == ("1", 1, 1.0, 1)
    assert (row["place"], row["quiet_days"], row["complaints"]) == (None, None, 0)
    assert found["star"]["windows"] == []  # one rater makes no star
    assert "王芳" not in str(found) and "person" not in row
    [row] = (await leader.get("/figures/comparison?by=department")).json()["items"]
    assert (row["department"], row["window"]) == ("ga", None)
    assert (await chief.get("/figures/comparison")).json()["items"] == []  # another department's
    assert (await leader.get("/figures/comparison?by=person")).status_code == 422


@pytest.mark.parametrize("path", ["/export/record/{0}", "/export/comparison"])
async def test_the_files_bring_their_definitions(hall_hub: Hub, path: str) -> None:
    await hall_hub.clerk("王芳", "1")
    await serve(hall_hub, 2)
    office = await hall_hub.person("主任", "office")
    path = path.format(await number_of(office, "王芳"))
    answer = await office.get(f"{path}.csv")
    rows: list[Any] = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["指标口径"] in rows and any(row[:1] == ["满意率"] and len(row) == 6 for row in rows)
    english = await office.get(f"{path}.csv", **{"accept-language": "en"})
    assert b"What the figures mean" in english.content
    book = await office.get(f"{path}.xlsx")
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(book.content)).namelist()
    clerk = await hall_hub.person("王芳")
    assert (await clerk.get(f"{path}.csv")).status_code == (200 if "record" in path else 403)
