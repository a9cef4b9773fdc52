"""Rating endpoints: forged and repeated presses fail and are journaled; kiosk, desk and phone; flags and coverage."""

from __future__ import annotations

import asyncio
import io
import json
import wave
from pathlib import Path
from typing import Any

import pytest

from hallq import speech
from hallq.assessment.ratings import elsewhere
from tests.hub import Caller, Hub, hub, write_hall


@pytest.fixture
async def clerk(hall_hub: Hub) -> Caller:
    return await hall_hub.clerk("李明", "2")


async def serve(running: Hub, kiosk: Caller, clerk: Caller, no: str = "2", service: str = "pension") -> dict[str, Any]:
    ticket: dict[str, Any] = await kiosk.ok("/tickets", {"service": service})
    await clerk.ok(f"/windows/{no}/call-next")
    await clerk.ok(f"/windows/{no}/finish")
    return ticket | {"token": running.hall.invitations[no].token}


def refusals(running: Hub) -> list[tuple[str, str]]:
    """(actor, facts) of the refused attempts in the journal."""
    query = "SELECT actor, facts FROM journal WHERE verb = 'rating_refused' ORDER BY seq"
    found: list[tuple[str, str]] = running.hall.store._connection.execute(query).fetchall()
    return found


def rows(running: Hub) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = running.hall.store._connection.execute(
        "SELECT level, channel FROM rating ORDER BY id"
    ).fetchall()
    return found


# -- forging


async def test_forged_presses_fail_and_are_journaled(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    pad, other = await hall_hub.device("pad-citizen", "2"), await hall_hub.device("pad-citizen", "3")
    ticket = await serve(hall_hub, kiosk, clerk)
    press = {"token": ticket["token"], "level": 5}
    tries = [
        (other, "/pads/3/rating", press, 403, "forbidden"),  # another window's token
        (other, "/pads/2/rating", press, 403, "forbidden"),  # another window's pad
        (clerk, "/pads/2/rating", press, 403, "forbidden"),  # a clerk's session
        (pad, "/pads/2/rating", press | {"token": "x" * 24}, 404, "not_found"),
        (hall_hub.anyone, "/pads/2/rating", press, 401, "unauthorized"),
        (Caller(hall_hub.http, {"authorization": "Bearer nobody"}), "/pads/99/rating", press, 401, "unauthorized"),
        (kiosk, "/ratings", {"number": "B999", "check_code": "0000", "level": 1}, 404, "wrong_code"),
        (clerk, "/ratings", {"number": ticket["number"], "check_code": "0000", "level": 5}, 403, "forbidden"),
    ]  # fmt: skip
    for caller, path, body, status, code in tries:
        answer = await caller.post(path, body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), path
    assert rows(hall_hub) == []
    noted = refusals(hall_hub)
    assert [json.loads(facts)["code"] for _, facts in noted] == [code for *_, code in tries]
    assert {actor.partition(":")[0] for actor, _ in noted} == {"token", "person", "anonymous"}
    assert json.loads(noted[5][1])["window"] == "" and ticket["token"] not in repr(noted)
    hall_hub.clock.pass_(24 * 3600)
    assert (await pad.post("/pads/2/rating", press)).json()["error"]["code"] == "rating_closed"  # an old token
    assert json.loads(refusals(hall_hub)[-1][1]) == {"code": "rating_closed", "window": "2"}


async def test_a_flood_does_not_fill_the_journal(hall_hub: Hub) -> None:
    pad = await hall_hub.device("pad-citizen", "2")
    for _ in range(30):
        assert (await pad.post("/pads/2/rating", {"token": "no", "level": 1})).status_code == 404
    assert len(refusals(hall_hub)) == 20


async def test_a_hundred_presses_at_once_are_one_rating(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    pad = await hall_hub.device("pad-citizen", "2")
    press = {"token": (await serve(hall_hub, kiosk, clerk))["token"], "level": 4}
    answers = await asyncio.gather(*(pad.post("/pads/2/rating", press) for _ in range(100)))
    assert sorted(answer.status_code for answer in answers) == [200] * 99 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1 and rows(hall_hub) == [(4, "page")]


# -- what the clerk's devices hear


async def test_every_byte_to_the_clerk_is_the_same_whatever_is_pressed(tmp_path: Path) -> None:
    """The messages to the clerk's page and pad, in six equal halls: the same but for sequence and epoch. A step that
    changes nothing for its reader is left out: it says that the hall moved somewhere."""
    heard = await asyncio.gather(*(_heard(tmp_path / str(level), level) for level in (1, 2, 3, 4, 5, None)))
    assert len(heard[0]) > 8 and all(each == heard[0] for each in heard[1:])


async def _heard(folder: Path, level: int | None) -> list[str]:
    folder.mkdir()
    found: list[str] = []
    async with hub(write_hall(folder)) as running:
        kiosk, clerk = await running.device("kiosk", "k1"), await running.clerk("李明", "2")
        pad, desk = await running.device("pad-citizen", "2"), await running.device("pad-clerk", "2")
        async with running.live("window/2", clerk) as window, running.live("pad/2/clerk", desk) as side:

            async def hear() -> None:
                for socket in (window, side):
                    found.extend(await _until(socket, running.hall.seq))

            await hear()
            await kiosk.ok("/tickets", {"service": "pension"})
            await hear()
            for verb in ("call-next", "finish"):
                await clerk.ok(f"/windows/2/{verb}")
                await hear()
            if level is not None:
                press = {"token": running.hall.invitations["2"].token, "level": level}
                await pad.ok("/pads/2/rating", press)
                await pad.ok("/pads/2/rating", press | {"reasons": ["eff.wait"] if level < 3 else []})
                await hear()
            running.clock.pass_(4)
            await kiosk.ok("/tickets", {"service": "pension"})
            await hear()
            await clerk.ok("/windows/2/call-next")
            await hear()
            return found


async def _until(socket: Any, end: int) -> list[str]:
    found: list[str] = []
    while True:
        step = json.loads(await asyncio.wait_for(socket.recv(), 20))
        told = {name: step.get(name) for name in ("all", "set", "del") if step.get(name)}
        found += [json.dumps(told, sort_keys=True)] if told else []
        if step["seq"] >= end:
            return found


# -- kiosk, desk, phone


async def test_the_kiosk_rates_and_corrects_with_number_and_code(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    ticket = await serve(hall_hub, kiosk, clerk)
    code = {"number": ticket["number"].lower(), "check_code": ticket["check_code"]}
    [visit] = (await kiosk.ok("/ratings/find", code))["items"]
    assert (visit["window"], visit["name"], visit["rated"]) == ("2", "养老金", False)
    press = code | {"visit": visit["visit"], "level": 2, "reasons": ["eff.wait"], "request_id": "r1"}
    first = await kiosk.post("/ratings", press)
    assert (first.status_code, first.json()["reasons"]) == (201, ["eff.wait"])
    assert (await kiosk.post("/ratings", press)).json()["id"] == first.json()["id"]
    hall_hub.clock.pass_(3600)
    assert (await kiosk.post("/ratings", code | {"level": 4})).status_code == 200
    guide = await hall_hub.person("导服", "guide")
    for asks in (kiosk, guide):  # a clerk may have the slip in hand: nobody is told the level
        [known] = (await asks.ok("/ratings/find", code))["items"]
        assert known["rated"] and "level" not in known
    told = await guide.ok("/ratings", code | {"level": 1, "comment": "等太久"})
    assert set(told) == {"id", "seq"} and rows(hall_hub) == [(1, "desk")]
    office = await hall_hub.person("林静", "office")
    [row] = (await office.get("/ratings")).json()["items"]
    assert (row["assisted"], row["comment"], row["counts"]) == (True, "等太久", True)
    leader = await hall_hub.person("领导", "leader")
    [seen] = (await leader.get("/ratings?bad=true")).json()["items"]
    assert seen["level"] == 1 and seen["comment"] is None


async def test_guessing_a_check_code_ends_in_too_many(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    ticket = await serve(hall_hub, kiosk, clerk)
    wrong = {"number": ticket["number"], "check_code": f"{(int(ticket['check_code']) + 1) % 10000:04}"}
    codes = [(await kiosk.post("/ratings/find", wrong)).status_code for _ in range(11)]
    assert codes == [404] * 10 + [429]


async def test_a_phone_rates_without_scripts_and_is_known_by_a_cookie_alone(tmp_path: Path) -> None:
    settings = write_hall(tmp_path, server='public_url = "https://hall.example"', opening="hours")
    async with hub(settings) as running:
        clerk, kiosk = await running.clerk("王芳", "1"), await running.device("kiosk", "k1")
        ticket = await kiosk.ok("/tickets", {"service": "id"})
        path = ticket["phone_url"].removeprefix("https://hall.example")
        assert f"{path}/rate" not in (await running.anyone.ask("GET", path)).text  # nothing to rate yet
        await clerk.ok("/windows/1/call-next")
        await clerk.ok("/windows/1/finish")
        running.clock.pass_(120)
        assert f"{path}/rate" in (await running.anyone.ask("GET", path)).text
        page = await running.anyone.ask("GET", f"{path}/rate")
        assert page.text.count('name="level"') == 5 and "script" not in page.text
        cookie = page.headers["set-cookie"].partition(";")[0]
        form = {"content-type": "application/x-www-form-urlencoded", "cookie": cookie}
        pressed = await running.anyone.ask("POST", f"{path}/rate", b"level=2", **form)
        assert pressed.status_code == 303
        why = await running.anyone.ask("GET", pressed.headers["location"], cookie=cookie)
        assert "您选的是：不满意" in why.text and "等候时间长" in why.text
        said = b"level=2&why=1&reason=eff.wait&comment=%3Cb%3E"
        sent = await running.anyone.ask("POST", f"{path}/rate", said, **form)
        done = await running.anyone.ask("GET", sent.headers["location"], cookie=cookie)
        assert "谢谢您的评价" in done.text and rows(running) == [(2, "phone")]
        other = await running.anyone.ask("GET", sent.headers["location"], cookie="rate_phone=another")
        assert "不满意</strong>" not in other.text and "谢谢您的评价" not in other.text  # a slip tells no level
        [(phone,)] = running.hall.store._connection.execute("SELECT phone FROM rating_phone").fetchall()
        assert len(phone) == 64 and cookie.partition("=")[2] not in phone
        flags = running.hall.store._connection.execute("SELECT why FROM rating_flag").fetchall()
        assert flags == [("address",)]  # here clerk and phone come from one address
        for body in (b"level=9", b"level=x", b"level=2&visit=77", b""):
            assert (await running.anyone.ask("POST", f"{path}/rate", body, **form)).status_code in (409, 422)
        assert (await running.anyone.ask("POST", "/t/nobody/rate", b"level=5", **form)).status_code == 404


# -- the office


async def test_flags_are_reviewed_and_coverage_stands_with_its_numbers(
    hall_hub: Hub, kiosk: Caller, clerk: Caller
) -> None:
    pad, office = await hall_hub.device("pad-citizen", "2"), await hall_hub.person("林静", "office")
    rated = await pad.ok("/pads/2/rating", {"token": (await serve(hall_hub, kiosk, clerk))["token"], "level": 1})
    await pad.ok("/pads/2/skip", {"token": (await serve(hall_hub, kiosk, clerk))["token"]})
    flag = await office.ok(f"/ratings/{rated['id']}/flags", {"note": "窗口反映误按"})
    [row] = (await office.get("/ratings?flagged=open")).json()["items"]
    assert (row["counts"], row["flags"][0]["why"], row["flags"][0]["note"]) == (False, "manual", "窗口反映误按")
    review = {"verdict": "keep", "note": "监控核实是本人"}
    for name, role in (("领导", "leader"), ("审计", "auditor")):
        person = await hall_hub.person(name, role)
        assert (await person.post(f"/ratings/flags/{flag['id']}/review", review)).status_code == 403
    assert (await clerk.get("/ratings")).status_code == 403
    await office.ok(f"/ratings/flags/{flag['id']}/review", review)
    again = await office.post(f"/ratings/flags/{flag['id']}/review", review)
    assert again.json()["error"]["code"] == "flag_reviewed"
    assert (await office.get("/ratings?flagged=open")).json()["items"] == []
    found = (await office.get("/ratings/coverage?by=window")).json()
    assert found["items"][0]["key"] == "2" and found["total"]["share"] == 0.5
    assert (found["total"]["invited"], found["total"]["rated"], found["total"]["skipped"]) == (2, 1, 1)


async def test_an_auditors_look_at_comments_is_journaled(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    ticket = await serve(hall_hub, kiosk, clerk)
    code = {"number": ticket["number"], "check_code": ticket["check_code"]}
    await kiosk.ok("/ratings", code | {"level": 2, "comment": "等太久"})
    auditor = await hall_hub.person("审计", "auditor")
    assert (await auditor.get("/ratings")).json()["items"][0]["comment"] == "等太久"
    query = "SELECT facts FROM journal WHERE verb = 'looked'"
    [(facts,)] = hall_hub.hall.store._connection.execute(query).fetchall()
    assert json.loads(facts)["ref"].endswith("/ratings") and "等太久" not in facts


@pytest.mark.skipif(not speech.there(), reason="no voice is installed here")
async def test_a_sentence_is_made_once_and_no_other_is_read(hall_hub: Hub) -> None:
    pad = await hall_hub.device("pad-citizen", "2")
    first = await pad.get("/ratings/speech/zh/bye.wav")
    with wave.open(io.BytesIO(first.content)) as sound:
        assert sound.getnframes() > sound.getframerate()
    assert (await pad.get("/ratings/speech/zh/bye.wav")).content == first.content
    assert (await pad.get("/ratings/speech/zh/anything.wav")).status_code == 404
    assert (await hall_hub.anyone.get("/ratings/speech/zh/bye.wav")).status_code == 401


def test_a_refused_attempt_names_no_person() -> None:
    names = elsewhere.rating_refused.__code__.co_varnames[: elsewhere.rating_refused.__code__.co_argcount + 2]
    assert set(names) == {"tx", "code", "window"}
