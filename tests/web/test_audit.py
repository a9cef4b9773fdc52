"""The auditor's doors: verification, sample, journal, export; and every read of theirs stands in the journal (F17)."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hallq.kernel import Tx
from hallq.ticketing.model import Appointment
from tests.hub import Caller, Hub

DOORS = ("", "/sample?seed=a", "/visits/1", "/journal", "/export")


async def day(hub: Hub) -> None:
    """Two visits, the second of the green channel past nobody."""
    kiosk = await hub.device("kiosk", "k1")
    for category in ("ordinary", "elderly", "ordinary"):
        hub.clock.pass_(30)
        await kiosk.ok("/tickets", {"service": "id", "category": category})
    clerk = await hub.clerk("王芳", "1")
    hub.clock.pass_(60)
    await clerk.ok("/windows/1/call-next")
    hub.clock.pass_(300)
    await clerk.ok("/windows/1/finish", {"next": True})


async def auditor(hub: Hub) -> Caller:
    return await hub.person("秦正", "auditor")


async def whole(caller: Caller) -> Any:
    for _ in range(3000):
        state = (await caller.get("/audit")).json()
        if state["running"] is None:
            return state
        await asyncio.sleep(0.01)
    raise AssertionError("it runs for ever")


@pytest.mark.parametrize("role", ["clerk", "guide", "chief", "leader", "office"])
async def test_the_audit_is_for_auditors_and_admins(hall_hub: Hub, role: str) -> None:
    caller = await hall_hub.person("某人", role)
    for door in DOORS:
        assert (await caller.get(f"/audit{door}")).status_code == 403
    assert (await caller.post("/audit/verify", {})).status_code == 403


async def test_a_verification_runs_beside_and_says_its_head_e16(hall_hub: Hub) -> None:
    await day(hall_hub)
    admin = await hall_hub.person("管理员", "admin")
    assert (await admin.post("/audit/verify", {"head": "nonsense"})).status_code == 422
    begun = await admin.ok("/audit/verify", {})
    assert begun["last"] is None
    state = await whole(admin)
    assert state["last"]["fault"] is None and state["last"]["head"].startswith(f"{state['last']['entries']}:")
    await admin.ok("/audit/verify", {"head": state["last"]["head"]})
    assert (await whole(admin))["last"]["fault"] is None
    with closing(sqlite3.connect(hall_hub.hall.settings.database_path)) as connection, connection:
        connection.execute("UPDATE ticket SET category = 'soldier' WHERE number = 'A001'")
    await admin.ok("/audit/verify", {})
    assert (await whole(admin))["last"]["fault"] == "row ticket/1 was altered"
    entry = (await admin.get("/audit/journal?verb=verified")).json()["items"][0]
    assert entry["facts"]["fault"] == "row ticket/1 was altered" and entry["name"] == "管理员"


async def test_fifty_by_seed_with_the_reason_of_each_a22(hall_hub: Hub) -> None:
    await day(hall_hub)
    caller = await auditor(hall_hub)
    found = (await caller.get("/audit/sample?seed=2026-11&n=50")).json()
    assert found == (await caller.get("/audit/sample?seed=2026-11&n=50")).json()
    by_number = {item["number"]: item for item in found["items"]}
    assert by_number["A002"]["why"] == "green" and by_number["A002"]["holds"] is True
    assert [wait["number"] for wait in by_number["A002"]["waited"]] == ["A001", "A002", "A003"]
    assert by_number["A001"]["why"] == "first" and by_number["A001"]["clerk"] == "王芳"
    one = (await caller.get(f"/audit/visits/{by_number['A001']['visit']}")).json()
    assert one == by_number["A001"]
    assert (await caller.get("/audit/visits/999")).status_code == 404


async def test_the_auditors_reads_are_journaled_without_what_was_searched(hall_hub: Hub) -> None:
    """USERS: who read complaints, who read ratings."""
    await day(hall_hub)
    caller, office = await auditor(hall_hub), await hall_hub.person("张科", "office")
    await caller.get("/ratings?window=1")
    await office.get("/ratings?window=1")
    async with hall_hub.live("office", caller) as socket:
        await socket.recv()
    reads = (await caller.get("/audit/journal?about=reads")).json()["items"]
    assert [(item["name"], item["facts"]["ref"]) for item in reads if item["facts"]["what"] == "read"][::-1][:2] == [
        ("秦正", "/api/v1/ratings"), ("秦正", "/live/office"),
    ]  # fmt: skip
    assert not any("window=1" in str(item["facts"]) for item in reads)
    head = hall_hub.hall.seq
    await caller.get("/hall")
    assert hall_hub.hall.seq == head  # the picture does not move for it


async def test_the_journal_by_matter_person_and_page(hall_hub: Hub) -> None:
    await day(hall_hub)
    admin = await hall_hub.person("管理员", "admin")
    await admin.ok("/people", {"name": "新人", "role": "guide", "request_id": "p1"})
    people = (await admin.get("/audit/journal?about=people&actor=管理员")).json()["items"]
    assert people and people[0]["rows"][0].startswith("person/")
    assert (await admin.get("/audit/journal?about=people&actor=nobody")).json()["items"] == []
    assert (await admin.get("/audit/journal?about=nonsense")).status_code == 422
    first = (await admin.get("/audit/journal?limit=3")).json()
    assert len(first["items"]) == 3 and first["next"] == first["items"][-1]["seq"]
    after = (await admin.get(f"/audit/journal?limit=3&next={first['next']}")).json()["items"]
    assert after[0]["seq"] == first["next"] - 1
    assert (await admin.get("/audit/journal?from=2020-01-01&to=2020-01-31")).json()["items"] == []


async def test_the_export_is_checked_without_a_hub_e16(hall_hub: Hub, tmp_path: Path) -> None:
    await day(hall_hub)
    caller = await auditor(hall_hub)
    answer = await caller.get("/audit/export")
    assert answer.headers["content-type"] == "application/zip"
    file = tmp_path / "x" / "audit.zip"
    file.parent.mkdir()
    file.write_bytes(answer.content)
    assert b"hallq" not in (await caller.get("/audit")).content
    command = f"import zipfile; zipfile.ZipFile({str(file)!r}).extract('verify.py', {str(file.parent)!r})"
    subprocess.run([sys.executable, "-c", command], check=True, timeout=200)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", "audit.zip"],
        cwd=file.parent, capture_output=True, check=False, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout.startswith(b"whole, head ")


def book(tx: Tx) -> None:
    tx.insert(
        Appointment, service="id", day=tx.day, at=tx.now, minutes=30, code="123456", name="王先生", phone="13800000000",
        salt="s", actor="hub", booked_at=tx.now,
    )  # fmt: skip


async def test_whoever_reads_names_and_telephones_leaves_a_trace(hall_hub: Hub) -> None:
    office, admin = await hall_hub.person("张科", "office"), await hall_hub.person("管理员", "admin")
    await office.get("/appointments")
    assert (await admin.get("/audit/journal?about=reads")).json()["items"] == []
    await hall_hub.hall.do(book)
    await office.get("/appointments")
    [read] = (await admin.get("/audit/journal?about=reads")).json()["items"]
    assert (read["name"], read["facts"]) == ("张科", {"what": "appointments", "ref": "2026-11-23"})
