"""A card on a kiosk's reader: its page greets by a masked name, the number carries the hash, nothing is left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hallq.devices.simulators.card_reader import SimCardReader, person
from hallq.devices.simulators.host import SimHost
from hallq.id_hash import IdHash
from hallq.ticketing.model import Holder
from hallq.web.views import view
from hallq.wiring.cards import KEPT_S, Cards
from tests.devices.rig import until
from tests.hub import Hub, hub, write_hall

ZHANG = person("张建国", "19491231")
LI = person("李小梅", "19990102", 2)
NUMBERS = (ZHANG.number, LI.number)


@asynccontextmanager
async def with_reader(folder: Path) -> AsyncIterator[tuple[Hub, SimCardReader]]:
    host = SimHost(reader := SimCardReader())
    link = host.start_tcp()
    device = f'[[device]]\nid = "reader"\ndriver = "idcard-sam"\nlink = "{link}"\nkiosk = "k1"\n'
    try:
        async with hub(write_hall(folder, devices=device)) as here:
            yield here, reader
    finally:
        await host.stop()


async def held(here: Hub, kiosk: str = "k1") -> dict[str, Any]:
    await until(lambda: f"card/{kiosk}" in here.hall.extra)
    card: dict[str, Any] = here.hall.extra[f"card/{kiosk}"]
    return card


def holders(db: Any) -> list[str]:
    from hallq.ticketing.tickets.holders import ALL

    return [row.key for row in db.find(ALL)]


def cards(here: Hub) -> Cards:
    found: Cards = here.app.state.wiring.cards
    return found


async def test_the_ticket_carries_the_hash_and_the_card_is_forgotten(tmp_path: Path) -> None:
    async with with_reader(tmp_path) as (here, reader):
        kiosk, other = await here.device("kiosk", "k1"), await here.device("kiosk", "k2")
        reader.put(ZHANG)
        card = await held(here)
        assert (card["name"], card["elderly"], card["booked"]) == ("张**", True, None)
        body = {"service": "id", "card": card["handle"], "request_id": "r1"}
        refused = await other.post("/tickets", body)
        assert refused.json()["error"]["code"] == "card_gone"  # another kiosk's
        ticket = await kiosk.ok("/tickets", body)
        assert "card/k1" not in here.hall.extra
        assert not cards(here)._held
        settings = here.hall.settings
        assert await here.hall.read(holders) == [IdHash(settings.database_path).of(ZHANG.number)]
        again = await kiosk.ok("/tickets", body)  # its answer was lost
        assert again["id"] == ticket["id"]
        gone = await kiosk.post("/tickets", body | {"request_id": "r2"})
        assert (gone.status_code, gone.json()["error"]["code"]) == (409, "card_gone")
        second = await kiosk.post("/tickets", {"service": "id", "id_number": ZHANG.number})
        assert second.json()["error"]["code"] == "already_waiting"  # the same path as a number that is typed
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert not any(number.encode() in file.read_bytes() for number in NUMBERS), file
            assert "张建国".encode() not in file.read_bytes()


async def test_time_or_the_citizen_clears_the_card(tmp_path: Path) -> None:
    async with with_reader(tmp_path) as (here, reader):
        kiosk, other = await here.device("kiosk", "k1"), await here.device("kiosk", "k2")
        reader.put(LI)
        card = await held(here)
        assert not card["elderly"]
        assert (await other.post("/kiosks/k1/card/forget", {"card": card["handle"]})).status_code == 403
        await kiosk.ok("/kiosks/k1/card/forget", {"card": "手"})
        assert "card/k1" in here.hall.extra
        here.clock.pass_(KEPT_S)
        late = await kiosk.post("/tickets", {"service": "id", "card": card["handle"]})
        assert late.json()["error"]["code"] == "card_gone"
        await until(lambda: "card/k1" not in here.hall.extra)
        reader.lift()
        await until(lambda: not reader.state()["read"])
        seen = reader.looks
        await until(lambda: reader.looks > seen)
        reader.put(LI)
        card = await held(here)
        await kiosk.ok("/kiosks/k1/card/forget", {"card": card["handle"]})
        assert not cards(here)._held
        assert "card/k1" not in here.hall.extra


async def test_only_its_own_kiosk_hears_of_a_card(tmp_path: Path) -> None:
    async with with_reader(tmp_path) as (here, reader):
        kiosk = await here.device("kiosk", "k1")
        async with here.live("kiosk", kiosk) as socket:
            reader.put(ZHANG)
            while "card/k1" not in (said := str(await asyncio.wait_for(socket.recv(), 20))):
                pass
        assert "张**" in said
        assert ZHANG.number not in said
        hears = [
            (kind, place)
            for kind in ("kiosk", "screen", "board", "guide", "office", "window", "pad-citizen", "pad-clerk")
            for place in ("k1", "k2", "1", None)
            if view(here.hall, kind, place).wants("card/k1")
        ]
        assert hears == [("kiosk", "k1")]


async def test_the_appointment_of_this_card_is_offered_and_checked_in(tmp_path: Path) -> None:
    async with with_reader(tmp_path) as (here, reader):
        kiosk, office = await here.device("kiosk", "k1"), await here.person("周", "office")
        await office.ok("/appointments/plans", {
            "service": "id", "days": [1], "start": "09:00", "until": "11:00", "minutes": 30, "capacity": 2,
        })  # fmt: skip
        booked = {"service": "id", "day": "2026-11-23", "time": "09:30", "id_number": ZHANG.number}
        await office.ok("/appointments", booked)
        here.clock.pass_(20 * 60)
        reader.put(ZHANG)
        card = await held(here)
        assert card["booked"] == {"service": "id", "time": "09:30"}
        body = {"card": card["handle"], "request_id": "a1"}
        ticket = await kiosk.ok("/appointments/arrive", body)
        assert ticket["service"] == "id"
        assert (await kiosk.ok("/appointments/arrive", body))["id"] == ticket["id"]
        assert "card/k1" not in here.hall.extra


async def test_a_card_that_was_not_read_is_spoken_of_for_a_moment(tmp_path: Path) -> None:
    async with with_reader(tmp_path) as (here, reader):
        reader.fault("read_failed", True)
        reader.put(ZHANG)
        card = await held(here)
        assert card["unread"]
        assert "name" not in card
        assert cards(here).holder("k1", card["handle"]) is None
        here.clock.pass_(15)
        await until(lambda: "card/k1" not in here.hall.extra)


@pytest.mark.parametrize("body", [{"id_number": ZHANG.number, "card": "x"}, {"card": ""}, {"card": 7}])
async def test_one_identity_at_a_time(tmp_path: Path, body: dict[str, Any]) -> None:
    async with hub(write_hall(tmp_path)) as here:
        kiosk = await here.device("kiosk", "k1")
        answer = await kiosk.post("/tickets", {"service": "id", **body})
        assert answer.status_code == 422
        assert not await here.hall.read(holders)


def test_the_hash_alone_is_a_column() -> None:
    assert set(Holder.model_fields) == {"ticket", "service", "key"}
