"""32 at once, ten rounds: no number twice, no citizen to two windows."""

from __future__ import annotations

import asyncio

from tests.hub import Caller, Hub

CLIENTS, ROUNDS = 32, 10


async def test_no_number_twice(hall_hub: Hub, kiosk: Caller) -> None:
    numbers: list[str] = []
    for _ in range(ROUNDS):
        taken = await asyncio.gather(*(kiosk.ok("/tickets", {"service": "pension"}) for _ in range(CLIENTS)))
        numbers += [ticket["number"] for ticket in taken]
        assert sorted(ticket["ahead"] for ticket in taken) == list(range(len(numbers) - CLIENTS, len(numbers)))
    assert sorted(numbers) == [f"B{count:03}" for count in range(1, CLIENTS * ROUNDS + 1)]


async def test_no_citizen_to_two_windows(hall_hub: Hub, kiosk: Caller) -> None:
    clerks = {"2": await hall_hub.clerk("李明", "2"), "3": await hall_hub.clerk("赵强", "3")}
    for _ in range(ROUNDS):
        ticket = await kiosk.ok("/tickets", {"service": "pension"})
        presses = [clerks[no].post(f"/windows/{no}/call-next") for no in ("2", "3") * (CLIENTS // 2)]
        answers = [answer.json() for answer in await asyncio.gather(*presses)]
        won = [answer for answer in answers if "error" not in answer]
        assert [answer["ticket"]["id"] for answer in won] == [ticket["id"]]
        codes = {answer["error"]["code"] for answer in answers if "error" in answer}
        assert codes <= {"ticket_open", "nobody_waiting"}
        no = won[0]["window"]["no"]
        await clerks[no].ok(f"/windows/{no}/finish")
