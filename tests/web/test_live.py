"""/live: a snapshot, then what changed; nothing that a viewer may not see; slow ones do not hold up others."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from websockets.asyncio.client import ClientConnection

from tests.hub import Caller, Hub


async def message(socket: ClientConnection) -> Any:
    return json.loads(await asyncio.wait_for(socket.recv(), 20))


async def until(socket: ClientConnection, key: str) -> Any:
    """The first new value of a key; every step on the way fits to the one before."""
    seq: int | None = None
    while True:
        step = await message(socket)
        assert seq is None or step.get("since") in (None, seq)
        seq = step["seq"]
        if key in step.get("set", {}):
            return step["set"][key]


async def test_a_snapshot_then_deltas(hall_hub: Hub, kiosk: Caller) -> None:
    screen = await hall_hub.device("screen")
    clerk = await hall_hub.clerk("王芳", "1")
    async with hall_hub.live("screen", screen) as socket:
        first = await message(socket)
        assert {"epoch", "seq", "build", "all"} <= set(first)
        assert first["all"]["window/1"]["state"] == "open" and first["all"]["queue/id"]["waiting"] == 0
        ticket = await kiosk.ok("/tickets", {"service": "id"})
        assert (await until(socket, "queue/id"))["waiting"] == 1
        called = await clerk.ok("/windows/1/call-next")
        window = await until(socket, "window/1")
        assert window["ticket"]["number"] == ticket["number"] and window["state"] == "serving"
        assert called["seq"] >= first["seq"]


async def test_who_sees_no_changed_key_still_hears_of_the_commit(hall_hub: Hub, kiosk: Caller) -> None:
    pad = await hall_hub.device("pad-citizen", "3")
    async with hall_hub.live("pad/3/citizen", pad) as socket:
        first = await message(socket)
        assert list(first["all"]) == ["pad/3"]
        await kiosk.ok("/tickets", {"service": "id"})
        step = await message(socket)
        assert set(step) == {"since", "seq"} and step["seq"] > step["since"]


async def test_viewers_see_what_is_theirs(hall_hub: Hub, kiosk: Caller) -> None:
    clerk = await hall_hub.clerk("李明", "2")
    await kiosk.ok("/tickets", {"service": "pension", "category": "disabled", "needs": ["escort"]})
    await clerk.ok("/windows/2/call-next")
    await clerk.ok("/windows/2/help")
    async with hall_hub.live("screen", await hall_hub.device("screen")) as socket:
        text = json.dumps(await message(socket))
        assert "disabled" not in text and "escort" not in text and "check_code" not in text and "pad/" not in text
        assert '"help"' not in text
    async with hall_hub.live("window/2", clerk) as socket:
        keys = set((await message(socket))["all"])
        assert {"window/2", "queue/pension", "queue/card"} <= keys
        assert not any(key.startswith(("pad/", "ticket/", "device/")) for key in keys) and "queue/id" not in keys
    async with hall_hub.live("kiosk", await hall_hub.device("kiosk", "k2")) as socket:
        assert not any(key.startswith("ticket/") for key in (await message(socket))["all"])
    async with hall_hub.live("kiosk", kiosk) as socket:
        assert any(key.startswith("ticket/") for key in (await message(socket))["all"])


async def test_a_message_waits_for_its_reader_to_sign_in(hall_hub: Hub) -> None:
    clerk, office = await hall_hub.person("李明"), await hall_hub.person("林静", "office")
    number = (await clerk.get("/session")).json()["id"]
    await office.ok("/messages", {"person": number, "text": "请到办公室来"})
    async with hall_hub.live("window/2", clerk) as socket:
        assert not any(key.startswith("notice/") for key in (await message(socket))["all"])
        await clerk.ok("/windows/2/sign-in")
        told = {key: value for key, value in (await message(socket))["set"].items() if key.startswith("notice/")}
        assert [one["text"] for one in told.values()] == ["请到办公室来"]


async def test_the_clerks_stream_is_the_same_for_every_level_and_for_none(hall_hub: Hub, kiosk: Caller) -> None:
    """What the clerk sees tells nothing of the rating: same keys, same values, whatever the citizen presses."""
    clerk, pad = await hall_hub.clerk("李明", "2"), await hall_hub.device("pad-citizen", "2")
    streams = []
    async with hall_hub.live("window/2", clerk) as socket:
        await message(socket)
        for level in (1, 2, 3, 4, 5, None):
            await kiosk.ok("/tickets", {"service": "pension"})
            await clerk.ok("/windows/2/call-next")
            await clerk.ok("/windows/2/finish")
            if level is not None:
                token = hall_hub.hall.invitations["2"].token
                await pad.ok("/pads/2/rating", {"token": token, "level": level})
            marker = (await clerk.ok("/windows/2/pause", {"reason": "leave"}))["seq"]
            seen = []
            while True:
                step = await message(socket)
                seen += [key for key in step.get("set", {}) if not key.startswith("notice/")]
                if step["seq"] >= marker:
                    break
            streams.append((set(seen), json.dumps(hall_hub.hall.picture.windows["2"].pause is not None)))
            await clerk.ok("/windows/2/resume")
    assert len({json.dumps([sorted(keys), rest]) for keys, rest in streams}) == 1


async def test_a_client_that_never_reads_slows_nobody(hall_hub: Hub, kiosk: Caller) -> None:
    screen = await hall_hub.device("screen")
    async with hall_hub.live("screen", screen) as sleeper, hall_hub.live("screen", screen) as reader:
        sleeper.transport.pause_reading()
        await message(reader)
        for _ in range(50):
            await kiosk.ok("/tickets", {"service": "id"})
        while (await until(reader, "queue/id"))["waiting"] < 50:
            pass
        clients = hall_hub.app.state.live.clients
        assert max(len(client.dirty) for client in clients) < 100  # bounded by the keys, not by time
        sleeper.transport.abort()


async def test_what_is_gone_leaves_nothing_behind(hall_hub: Hub, kiosk: Caller) -> None:
    """A hub that runs for a year has seen a million tickets."""
    feed = hall_hub.app.state.live
    office = await hall_hub.person("主任", "office")
    async with hall_hub.live("office", office) as socket:
        await message(socket)
        notice = await kiosk.ok("/kiosks/k1/help")
        await until(socket, f"notice/{notice['id']}")
        await office.ok(f"/notices/{notice['id']}/done")
        while f"notice/{notice['id']}" not in (await message(socket)).get("del", ()):
            pass
        assert f"notice/{notice['id']}" not in feed._values
