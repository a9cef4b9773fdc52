"""Appointments over HTTP: who may book, arrive and see whom."""

from __future__ import annotations

from pathlib import Path

from tests.hub import hub, write_hall

PLAN = {"service": "pension", "days": [1, 2, 3, 4, 5], "start": "09:30", "until": "11:30", "minutes": 30, "capacity": 1}


async def test_from_plan_to_number(tmp_path: Path) -> None:
    """The office plans, the guide books, the citizen arrives at the kiosk with the code."""
    async with hub(write_hall(tmp_path)) as it:
        office, guide = await it.person("office1", "office"), await it.person("guide1", "guide")
        kiosk = await it.device("kiosk", "k1")
        await office.ok("/appointments/plans", PLAN)
        free = (await guide.get("/appointments/slots?service=pension&day=2026-11-23")).json()["items"]
        assert [(slot["time"], slot["free"]) for slot in free][:2] == [("09:30", 1), ("10:00", 1)]
        wish = {"service": "pension", "day": "2026-11-23", "time": "09:30", "name": "王先生", "request_id": "r1"}
        booked = await guide.ok("/appointments", wish)
        assert (await guide.ok("/appointments", wish))["id"] == booked["id"]
        ticket = await kiosk.ok("/appointments/arrive", {"code": booked["code"]})
        assert (ticket["state"], ticket["service"]) == ("waiting", "pension")
        again = await kiosk.post("/appointments/arrive", {"code": booked["code"]})
        assert again.json()["error"]["code"] == "no_appointment"
        [row] = (await office.get("/appointments?day=2026-11-23")).json()["items"]
        assert (row["state"], row["ticket"], row["name"]) == ("arrived", ticket["id"], "王先生")


async def test_who_may(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path)) as it:
        office, kiosk = await it.person("office1", "office"), await it.device("kiosk", "k1")
        await office.ok("/appointments/plans", PLAN)
        wish = {"service": "pension", "day": "2026-11-23", "time": "09:30"}
        assert (await it.anyone.post("/appointments", wish)).status_code == 401
        assert (await it.anyone.post("/book", wish)).status_code == 404
        assert (await kiosk.post("/appointments", wish)).status_code == 403
        assert (await kiosk.get("/appointments")).status_code == 403
        assert (await kiosk.post("/appointments/plans", PLAN)).status_code == 403
        program = await it.device("api")
        assert (await program.post("/appointments", wish)).status_code == 201
        assert (await program.post("/appointments", wish | {"agreed": True})).status_code == 403


async def test_by_phone_where_phones_can_reach_the_hub_but_not_too_often(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path, server='public_url = "https://hall.example"')) as it:
        office = await it.person("office1", "office")
        await office.ok("/appointments/plans", PLAN | {"capacity": 9})
        wish = {"service": "pension", "day": "2026-11-23", "time": "10:00"}
        answers = [(await it.anyone.post("/book", wish)).status_code for _ in range(6)]
        assert answers == [201] * 5 + [429]


async def test_arrival_with_the_id_card(tmp_path: Path) -> None:
    """The number itself is stored nowhere."""
    async with hub(write_hall(tmp_path)) as it:
        office, kiosk = await it.person("office1", "office"), await it.device("kiosk", "k1")
        await office.ok("/appointments/plans", PLAN)
        card = {"id_number": "152701194910010029"}
        await office.ok("/appointments", {"service": "pension", "day": "2026-11-23", "time": "09:30"} | card)
        other = await kiosk.post("/appointments/arrive", {"id_number": "152701194910010037"})
        assert other.json()["error"]["code"] == "no_appointment"
        assert (await kiosk.ok("/appointments/arrive", card))["service"] == "pension"
        assert (await kiosk.post("/appointments/arrive", {})).status_code == 422
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"152701194910010029" not in stored


async def test_guessing_a_code_is_slowed(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path)) as it:
        kiosk = await it.device("kiosk", "k1")
        codes = [(await kiosk.post("/appointments/arrive", {"code": f"{n:06d}"})).status_code for n in range(11)]
        assert codes == [409] * 10 + [429]
