"""What a pad is told: the words and numbers of its own protocol, whatever the rules call them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from hallq.catalog_edits import switch
from hallq.devices.inputs import AskChoices, Key, Rated, SignIn
from hallq.journal import Journal
from hallq.kernel import Refused
from hallq.people import commands as people
from hallq.people import secrets
from hallq.ticketing.model import Ticket
from hallq.wiring.keys import Keys, told
from tests.hub import Caller, Hub, hub, write_hall

CALLS = select(col(Journal.actor)).where(col(Journal.verb) == "call_next")


@pytest.fixture
async def hall_hub(tmp_path: Path) -> AsyncIterator[Hub]:
    async with hub(write_hall(tmp_path, opening="hours")) as running:
        yield running


async def staff(hub: Hub, name: str, number: str, window: str) -> None:
    person = await hub.hall.do(people.add_person, name=name, role="clerk", window=window, staff_no=number)
    await hub.hall.do(people.set_pin, person=person, pin_hash=secrets.hash_slowly("4821"))


async def test_a_wrong_pin_and_a_person_of_another_department_are_told_the_same(hall_hub: Hub) -> None:
    keys = Keys(hall_hub.hall)
    await staff(hall_hub, "周玲", "7", "2")
    await staff(hall_hub, "钱进", "8", "1")
    for number, pin in (("7", "1111"), ("9", "4821"), ("8", "4821")):
        assert (await keys.take("pad-2", "2", SignIn("1", number, pin))).code == "wrong_pin", number
    assert (await keys.take("pad-2", "2", SignIn("2", "7", "4821"))).code == "ok"
    for _ in range(7):
        await keys.take("pad-2", "2", SignIn("3", "7", "1111"))
    late = await keys.take("pad-2", "2", SignIn("4", "7", "4821"))
    assert late.code == "too_often" and late.seconds == 60


async def test_a_no_show_says_what_it_lacks(hall_hub: Hub, kiosk: Caller) -> None:
    keys = Keys(hall_hub.hall)
    await hall_hub.clerk("王芳", "1")
    await kiosk.ok("/tickets", {"service": "id"})
    assert (await keys.take("pad-1", "1", Key("1", None, "call-next"))).code == "ok"
    first = await keys.take("pad-1", "1", Key("2", None, "no-show"))
    assert (first.code, first.seconds) == ("too_early", 0) and "1 次" in first.text and "60 秒" in first.text
    assert (await keys.take("pad-1", "1", Key("3", None, "recall"))).code == "ok"
    second = await keys.take("pad-1", "1", Key("4", None, "no-show"))
    assert (second.code, second.seconds, second.text) == ("too_early", 60, "60 秒后可按过号")
    hall_hub.clock.pass_(60)
    assert (await keys.take("pad-1", "1", Key("5", None, "no-show"))).code == "ok"
    assert told(Refused("too_early", seconds=0, calls=1)).text == "广播还没有播出，请先重呼"


async def test_a_rating_of_no_invitation_is_told_so(hall_hub: Hub) -> None:
    assert (await Keys(hall_hub.hall).take("pad-1", "1", Rated("nobody's", 5))).code == "unknown_token"


async def test_a_finished_visit_keeps_the_outcome_that_the_key_named(hall_hub: Hub, kiosk: Caller) -> None:
    keys = Keys(hall_hub.hall)
    await hall_hub.clerk("王芳", "1")
    ticket = await kiosk.ok("/tickets", {"service": "id"})
    assert (await keys.take("pad-1", "1", Key("1", None, "call-next"))).code == "ok"
    assert (await keys.take("pad-1", "1", Key("2", None, "finish", "0"))).code == "outcome_unknown"
    assert (await keys.take("pad-1", "1", Key("3", None, "finish", "2"))).code == "ok"  # the kind of that digit
    row = await hall_hub.hall.read(lambda db: db.get(Ticket, ticket["id"]))
    assert row is not None and (row.state, row.outcome) == ("finished", "promise")


async def test_the_journal_names_the_pad_that_was_pressed(hall_hub: Hub, kiosk: Caller) -> None:
    await hall_hub.clerk("王芳", "1")
    await kiosk.ok("/tickets", {"service": "id"})
    await Keys(hall_hub.hall).take("pad-1", "1", Key("1", None, "call-next"))
    actors = await hall_hub.hall.read(lambda db: db.values(CALLS))
    assert actors == [("device:pad-1",)]


async def test_a_number_beyond_all_tickets_and_a_window_that_is_off_are_answered(hall_hub: Hub) -> None:
    keys = Keys(hall_hub.hall)
    await hall_hub.clerk("王芳", "1")
    assert (await keys.take("pad-1", "1", Key("1", None, "call", "9" * 40))).code == "invalid"
    await hall_hub.hall.do(switch, kind="windows", key="3", active=False)
    assert (await keys.take("pad-3", "3", AskChoices("parked"))).choices == ()
