"""Over HTTP: stops of a visit, a missed number, a lost slip, an ID number that is kept nowhere."""

from __future__ import annotations

import logging
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from hallq.backup import make_backup, restore_backup
from hallq.id_hash import IdHash, key_file
from hallq.ticketing.model import Holder, Service
from tests.hub import Caller, Hub, hub, write_hall

ID = "110105199003071234"
HOLDERS = select(Holder.ticket, Holder.key)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("error", {}).get("code", "")


async def missed(hub: Hub, kiosk: Caller) -> Any:
    ticket = await kiosk.ok("/tickets", {"service": "pension"})
    clerk = await hub.clerk("李明", "2")
    await clerk.ok("/windows/2/call-next")
    await clerk.ok("/windows/2/no-show")
    return ticket


async def test_a20_a_visit_with_two_stops(hall_hub: Hub, kiosk: Caller) -> None:
    ticket = await kiosk.ok("/tickets", {"service": "id", "then": ["pension"]})
    assert ticket["then"] == ["pension"]
    first, second = await hall_hub.clerk("王芳", "1"), await hall_hub.clerk("李明", "2")
    await first.ok("/windows/1/call-next")
    on = (await first.ok("/windows/1/finish", {"then": ["card"]}))["ticket"]
    assert (on["state"], on["service"], on["then"]) == ("waiting", "pension", ["card"])
    assert (await second.ok("/windows/2/call-next"))["ticket"]["number"] == ticket["number"]
    assert code(await kiosk.post("/tickets", {"service": "id", "then": ["id"] * 6})) == (422, "invalid")
    assert code(await kiosk.post("/tickets", {"service": "id", "then": ["zzz"]})) == (422, "invalid")


async def test_a17_transfer_to_a_clerk(hall_hub: Hub, kiosk: Caller) -> None:
    await kiosk.ok("/tickets", {"service": "id"})
    first, third = await hall_hub.clerk("王芳", "1"), await hall_hub.clerk("赵强", "3")
    person = hall_hub.hall.picture.windows["3"].clerk
    assert person is not None
    await first.ok("/windows/1/call-next")
    moved = (await first.ok("/windows/1/transfer", {"clerk": person.id}))["ticket"]
    assert (moved["service"], moved["for_window"]) == ("pension", "3")
    assert (await third.ok("/windows/3/call-next"))["ticket"]["id"] == moved["id"]
    absent = await third.post("/windows/3/transfer", {"clerk": 2})
    assert code(absent) == (409, "clerk_absent") and "李明" in absent.json()["error"]["message"]


async def test_a_missed_number_is_found_at_the_kiosk(hall_hub: Hub, kiosk: Caller) -> None:
    ticket = await missed(hall_hub, kiosk)
    back = await kiosk.ok("/tickets/restore", {"number": " b001", "check_code": ticket["check_code"]})
    assert (back["id"], back["state"], back["number"], back["ahead"]) == (ticket["id"], "waiting", "B001", 0)
    assert "check_code" not in back
    again = await kiosk.post("/tickets/restore", {"number": "B001", "check_code": ticket["check_code"]})
    assert again.status_code == 200


async def test_a_guide_and_a_clerk_find_it_too(hall_hub: Hub, kiosk: Caller) -> None:
    ticket = await missed(hall_hub, kiosk)
    wish = {"number": ticket["number"], "check_code": ticket["check_code"]}
    guide = await hall_hub.person("导服", "guide")
    clerk = await hall_hub.person("李明")
    assert (await guide.post("/tickets/restore", wish)).status_code == 200
    assert (await clerk.post("/tickets/restore", wish)).status_code == 200
    assert (await hall_hub.anyone.post("/tickets/restore", wish)).status_code == 401
    screen = await hall_hub.device("screen", "1F")
    assert (await screen.post("/tickets/restore", wish)).status_code == 403


async def test_guessing_ends_soon(hall_hub: Hub, kiosk: Caller) -> None:
    ticket = await kiosk.ok("/tickets", {"service": "pension"})
    wrong = f"{(int(ticket['check_code']) + 1) % 10_000:04d}"
    answers = [code(await kiosk.post("/tickets/restore", {"number": "B001", "check_code": wrong})) for _ in range(11)]
    assert answers == [(404, "wrong_code")] * 10 + [(429, "too_many")]
    right = {"number": "B001", "check_code": ticket["check_code"]}
    assert code(await kiosk.post("/tickets/restore", right)) == (429, "too_many")
    other = await hall_hub.device("kiosk", "k2")
    assert (await other.post("/tickets/restore", right)).status_code == 200
    hall_hub.clock.pass_(301)
    assert (await kiosk.post("/tickets/restore", right)).status_code == 200


async def test_a_lost_slip(hall_hub: Hub, kiosk: Caller) -> None:
    ticket = await kiosk.ok("/tickets", {"service": "pension"})
    path, wish = f"/tickets/{ticket['id']}/reissue", {"check_code": ticket["check_code"], "request_id": "r1"}
    other = await hall_hub.device("kiosk", "k2")
    assert code(await other.post(path, {})) == (403, "forbidden")
    new = await other.ok(path, wish)
    assert (new["number"], new["issued_at"], new["reissued"]) == (ticket["number"], ticket["issued_at"], 1)
    assert new["check_code"] != ticket["check_code"]
    assert (await other.ok(path, wish))["check_code"] == new["check_code"]  # the same request: nothing new
    assert code(await other.post(path, {"check_code": ticket["check_code"]})) == (404, "wrong_code")
    guide = await hall_hub.person("导服", "guide")
    fresh = await guide.ok(path, {"kiosk": "k1", "reason": "lost"})
    assert fresh["reissued"] == 2
    clerk = await hall_hub.person("李明")
    assert code(await clerk.post(path, {"kiosk": "k1"})) == (403, "forbidden")
    assert (await clerk.ok(path, {"kiosk": "k1", "check_code": fresh["check_code"]}))["reissued"] == 3


async def test_a_number_is_looked_up_by_who_works_here(hall_hub: Hub, kiosk: Caller) -> None:
    ticket = await kiosk.ok("/tickets", {"service": "pension"})
    guide = await hall_hub.person("导服", "guide")
    found = (await guide.get("/tickets?number=b001")).json()["items"]
    assert [(one["id"], one["ahead"]) for one in found] == [(ticket["id"], 0)]
    assert "check_code" not in found[0]
    assert (await guide.get("/tickets?number=B999")).json()["items"] == []
    assert code(await guide.get("/tickets")) == (422, "invalid")
    assert (await kiosk.get("/tickets?number=B001")).status_code == 403


async def test_the_fourth_number_in_a_minute_needs_a_guide(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path, opening="hours")) as running:
        await running.clerk("李明", "2")
        kiosk = await running.device("kiosk", "k1")
        for _ in range(3):
            await kiosk.ok("/tickets", {"service": "pension"})
        answer = await kiosk.post("/tickets", {"service": "pension"})
        assert code(answer) == (409, "ask_guide") and "养老金" in answer.json()["error"]["message"]
        guide = await running.person("导服", "guide")
        await guide.ok("/tickets", {"service": "pension", "kiosk": "k1"})


# -- identity


async def test_an_id_number_is_kept_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    async with hub(write_hall(tmp_path)) as running:
        kiosk = await running.device("kiosk", "k1")
        ticket = await kiosk.ok("/tickets", {"service": "pension", "id_number": ID, "request_id": "r1"})
        answer = await kiosk.post("/tickets", {"service": "pension", "id_number": ID})
        assert code(answer) == (409, "already_waiting")
        assert answer.json()["error"]["detail"]["number"] == ticket["number"]
        assert (await kiosk.post("/tickets", {"service": "id", "id_number": ID[:-1] + "X"})).status_code == 201
        wrong = await kiosk.post("/tickets", {"service": "pension", "id_number": ID + "9"})
        assert code(wrong) == (422, "invalid") and ID not in wrong.text
        assert len(await running.hall.read(lambda db: db.values(HOLDERS))) == 2
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert any(file.name.endswith("-wal") for file in files)
        for file in files:
            assert ID.encode() not in file.read_bytes(), file
    out, err = capfd.readouterr()
    assert ID not in out + err + caplog.text
    key = key_file(running.hall.settings.database_path)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 and len(key.read_bytes()) == 32


async def test_required_identity_and_the_manual_way(hall_hub: Hub, kiosk: Caller) -> None:
    await hall_hub.hall.do(lambda tx: tx.update(tx.get(Service, "pension"), identity="required"))
    assert code(await kiosk.post("/tickets", {"service": "pension"})) == (409, "identity_needed")
    guide = await hall_hub.person("导服", "guide")
    assert (await guide.post("/tickets", {"service": "pension"})).status_code == 201
    listed = {one["code"]: one["identity"] for one in (await kiosk.get("/services")).json()["items"]}
    assert listed == {"id": None, "pension": "required", "card": None}


def test_the_hash_needs_the_halls_own_key(tmp_path: Path) -> None:
    one, again, other = IdHash(tmp_path / "a.db"), IdHash(tmp_path / "a.db"), IdHash(tmp_path / "b.db")
    assert one.of("11010519900307123x") == again.of(" 11010519900307123X") != other.of("11010519900307123X")


async def test_the_phone_tells_until_when_the_papers_may_come(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path, server='public_url = "https://hall.example"')) as running:
        kiosk, clerk = await running.device("kiosk", "k1"), await running.clerk("李明", "2")
        ticket = await kiosk.ok("/tickets", {"service": "pension"})
        await clerk.ok("/windows/2/call-next")
        parked = (await clerk.ok("/windows/2/park", {"kind": "papers"}))["ticket"]
        assert (parked["park_kind"], parked["return_by"]) == ("papers", "2026-11-30")
        path = ticket["phone_url"].removeprefix("https://hall.example")
        assert "11月30日前凭单优先安排" in (await running.anyone.ask("GET", path)).text
        running.clock.pass_(24 * 3600)
        await running.hall.tick()
        assert "11月30日前凭单优先安排" in (await running.anyone.ask("GET", path)).text
        back = await kiosk.ok("/tickets/restore", {"number": "B001", "check_code": ticket["check_code"]})
        assert (back["state"], back["priority"], back["id"]) == ("waiting", "return", ticket["id"])
        assert (await kiosk.ok("/tickets", {"service": "pension"}))["number"] == "B002"


async def test_the_key_goes_with_the_backup(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    async with hub(write_hall(here)) as running:
        settings = running.hall.settings
        known = IdHash(settings.database_path).of(ID)
        make_backup(settings, tmp_path / "hall.zip")
    restored = restore_backup(tmp_path / "hall.zip", there / "hall.toml")
    assert IdHash(restored.database_path).of(ID) == known
    assert stat.S_IMODE(key_file(restored.database_path).stat().st_mode) == 0o600


async def test_a_slip_that_failed_is_printed_only_where_there_is_paper(hall_hub: Hub, kiosk: Caller) -> None:
    """In a hall without printers: nobody has paper, and nothing is promised."""
    ticket = await kiosk.ok("/tickets", {"service": "pension"})
    path = f"/tickets/{ticket['id']}"
    assert (await kiosk.get(f"{path}/printers")).json()["items"] == []
    assert code(await kiosk.post(f"{path}/print", {"kiosk": "k2"})) == (409, "no_printer")
    other = await hall_hub.device("kiosk", "k2")
    assert code(await other.post(f"{path}/print", {"kiosk": "k2"})) == (403, "forbidden")
