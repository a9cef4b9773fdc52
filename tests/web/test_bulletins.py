"""Bulletins over HTTP: who reads what, the way from draft to archive, files, and the page for the printer."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from hallq import bulletin_maker
from hallq.assessment.bulletins import commands
from hallq.assessment.bulletins.model import Bulletin
from hallq.bulletin_maker import as_json, laid_out, render
from hallq.people import commands as people
from tests.hub import Caller, Hub

DAY = "2026-11-23"
PNG = b"\x89PNG"


async def until_made(hub: Hub, who: Caller, number: int) -> dict[str, Any]:
    for _ in range(1000):
        found = (await who.get(f"/bulletins/{number}")).json()
        if found["facts_at"] and not found["job"]:
            return dict(found)
        await asyncio.sleep(0.05)
    raise AssertionError(found["job"])


async def begun(hub: Hub, office: Caller, kind: str = "urgent", department: str | None = None) -> dict[str, Any]:
    wish = {"kind": kind, "since": DAY, "until": DAY, "department": department, "request_id": f"{kind}{department}"}
    made = await office.ok("/bulletins", wish)
    assert (await office.ok("/bulletins", wish))["id"] == made["id"]
    return await until_made(hub, office, made["id"])


async def approved(office: Caller, one: dict[str, Any]) -> dict[str, Any]:
    sections = [
        {"code": each["code"], "hidden": each["code"] == "praise", "paragraphs": each["paragraphs"] or ["已写。"]}
        for each in one["sections"]
    ]
    one = await office.ok(
        f"/bulletins/{one['id']}/edit", {"seen": one["version"], "title": one["title"], "sections": sections}
    )
    while one["state"] == "draft":
        one = await office.ok(f"/bulletins/{one['id']}/approve", {"seen": one["version"], "name": "林静"})
    return one


async def test_from_the_draft_to_the_archive_f13_f15(hall_hub: Hub, monkeypatch: Any) -> None:
    async def printed(form: str, asked: bytes) -> bytes:
        return f"{form} of {len(asked) > 100}".encode()

    monkeypatch.setattr("hallq.bulletin_maker.render", printed)
    office = await hall_hub.person("林静", "office")
    one = await begun(hall_hub, office, department="sb")
    assert [each["code"] for each in one["sections"]] == ["problem", "evidence", "demand"]
    assert (await office.get(f"/bulletins/{one['id']}/files/pdf")).status_code == 404
    await office.ok(f"/bulletins/{one['id']}/print")
    one = await until_made(hall_hub, office, one["id"])
    assert one["files"] == ["pdf", "docx"]  # of the draft
    one = await approved(office, one)
    assert (one["number"], len(one["steps"])) == ("督查通报〔2026〕1号", 2)
    assert {change["section"] for change in one["changes"]} == {"发现的问题", "整改要求"}
    one = await until_made(hall_hub, office, one["id"])
    answer = await office.get(f"/bulletins/{one['id']}/files/docx")
    assert answer.content == b"docx of True"
    assert "%E7%9D%A3" in answer.headers["content-disposition"]
    frozen = await office.post(f"/bulletins/{one['id']}/refresh")
    assert (frozen.status_code, frozen.json()["error"]["code"]) == (409, "bulletin_frozen")
    new = await office.ok(f"/bulletins/{one['id']}/correct", {"why": "次数有误"})
    assert new["corrected_number"] == one["number"]
    paper = await office.ask("GET", f"/office/bulletins/{new['id']}/print")
    assert "本通报更正 督查通报〔2026〕1号。更正原因：次数有误" in paper.text
    assert "主送：社会保险" in paper.text
    assert "default-src 'self'" in paper.headers["content-security-policy"]


async def test_who_reads_what(hall_hub: Hub, monkeypatch: Any) -> None:
    async def printed(form: str, asked: bytes) -> bytes:
        return PNG

    monkeypatch.setattr("hallq.bulletin_maker.render", printed)
    office = await hall_hub.person("林静", "office")
    draft = await begun(hall_hub, office)
    theirs = await approved(office, await begun(hall_hub, office, department="ga"))
    halls = await approved(office, await begun(hall_hub, office, kind="oral"))
    await hall_hub.hall.do(people.add_person, name="周敏", role="chief", window="2")
    chief, leader = await hall_hub.person("周敏"), await hall_hub.person("方志平", "leader")
    clerk = await hall_hub.person("王芳")

    async def seen(who: Caller) -> list[int]:
        return [item["id"] for item in (await who.get("/bulletins")).json()["items"]]

    assert await seen(office) == [halls["id"], theirs["id"], draft["id"]]
    assert await seen(leader) == [halls["id"], theirs["id"]]
    assert await seen(chief) == [halls["id"]]
    assert (await clerk.get("/bulletins")).status_code == 403
    read = (await chief.get(f"/bulletins/{halls['id']}")).json()
    assert "praise" not in [each["code"] for each in read["sections"]]  # what was left out went nowhere
    assert not read["changes"]
    assert (await chief.get(f"/bulletins/{theirs['id']}")).status_code == 403
    assert (await chief.ask("GET", f"/office/bulletins/{theirs['id']}/print")).status_code == 403
    assert (await leader.get(f"/bulletins/{draft['id']}")).status_code == 403
    wish = {"kind": "urgent", "since": DAY, "until": DAY}
    for who in (chief, leader, clerk):
        assert (await who.post("/bulletins", wish)).status_code == 403


async def test_a_job_that_fails_says_why_and_can_be_tried_again(hall_hub: Hub, monkeypatch: Any) -> None:
    async def missing(form: str, asked: bytes) -> bytes:
        raise bulletin_maker.NotMade("PDF needs WeasyPrint and Pango")

    monkeypatch.setattr(bulletin_maker, "render", missing)
    office = await hall_hub.person("林静", "office")
    one = await begun(hall_hub, office)
    await office.ok(f"/bulletins/{one['id']}/print")
    job: dict[str, Any] = {}
    for _ in range(1500):
        job = (await office.get(f"/bulletins/{one['id']}")).json()["job"] or {}
        if job.get("error"):
            break
        await asyncio.sleep(0.02)
    assert job["error"] == "PDF needs WeasyPrint and Pango"

    async def printed(form: str, asked: bytes) -> bytes:
        return PNG

    monkeypatch.setattr(bulletin_maker, "render", printed)
    await office.ok(f"/bulletins/{one['id']}/print")
    assert (await until_made(hall_hub, office, one["id"]))["files"] == ["pdf", "docx"]


async def test_the_child_process_makes_the_file(hall_hub: Hub) -> None:
    row: Bulletin = await hall_hub.hall.do(commands.begin, kind="urgent", since=DAY, until=DAY, department=None)
    office = await hall_hub.person("林静", "office")
    await until_made(hall_hub, office, row.id or 0)
    _, sheet = await hall_hub.hall.read(laid_out, number=row.id or 0, hall="测试大厅")
    assert (await render("docx", orjson.dumps(as_json(sheet)))).startswith(b"PK")
