"""The whole hall over wires: strip, printer, speech chip and pad hear and say what the hall does, whatever fails.

Devices are simulated behind a pseudo-terminal or a TCP port; what is looked at is what they decoded from their bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hallq.catalog_edits import switch
from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.pad import SimPad
from hallq.devices.simulators.printer import SimPrinter
from hallq.devices.simulators.speech import SimSpeechChip
from hallq.devices.simulators.strip import SimStrip
from hallq.people import commands as people
from hallq.people import secrets
from hallq.ticketing.model import Person
from tests.hub import Caller, Hub, ManualClock, hub, write_hall

PATIENCE = 40.0  # seconds until a device must have heard; the hub needs a small part of it
TEMPO = 0.02  # simulated paper and voices take this share of the real time


async def eventually(good: Callable[[], Any], what: str = "") -> Any:
    async with asyncio.timeout(PATIENCE):
        while not (found := good()):
            await asyncio.sleep(0.01)
    return found


@dataclass
class Wired:
    hub: Hub
    strip: SimHost
    printer: SimHost
    chip: SimHost
    pad: SimHost
    kiosk: Caller
    clerk: Caller

    def state(self, host: SimHost) -> dict[str, Any]:
        return host.device.state()

    async def strip_shows(self, words: str) -> None:
        await eventually(lambda: words in "/".join(self.state(self.strip)["pages"]), words)

    async def pad_shows(self, screen: str) -> dict[str, Any]:
        await eventually(lambda: self.state(self.pad)["screen"] == screen, screen)
        return self.state(self.pad)

    async def ticket(self, ticket: int) -> Any:
        return (await self.kiosk.get(f"/tickets/{ticket}")).json()


@asynccontextmanager
async def wired(folder: Path, line: str, *, opening: str = "always", rules: str = "") -> AsyncIterator[Wired]:
    hosts = {
        "strip": SimHost(SimStrip(TEMPO)),
        "printer": SimHost(SimPrinter(TEMPO)),
        "chip": SimHost(SimSpeechChip("syn6288", TEMPO)),
        "pad": SimHost(SimPad(serial="PAD2")),
    }
    for name, host in hosts.items():
        if line == "pty":
            host.start_pty(folder / f"{name}.tty")
        else:
            host.start_tcp()
    devices = "".join(
        f'[[device]]\nid = "{name}-x"\ndriver = "{driver}"\nlink = "{hosts[name].link}"\n{place}\n'
        for name, driver, place in (
            ("strip", "onbon-bxk", 'window = "2"'),
            ("printer", "escpos", 'kiosk = "k1"'),
            ("chip", "syn6288", 'zone = "1F"'),
            ("pad", "eval-pad", 'window = "2"'),
        )
    )
    try:
        async with hub(write_hall(folder, opening=opening, devices=devices, rules=rules), ManualClock()) as running:
            kiosk, clerk = await running.device("kiosk", "k1"), await running.clerk("李明", "2")
            await eventually(lambda: all(device["state"] == "up" for device in devices_of(running)), "devices up")
            yield Wired(running, **hosts, kiosk=kiosk, clerk=clerk)
    finally:
        for host in hosts.values():
            await host.stop()


def devices_of(running: Hub) -> list[Any]:
    found = [value for key, value in running.hall.extra.items() if key.startswith("device/")]
    return found if len(found) == 4 else [{"state": "starting"}]


@pytest.fixture(params=["pty", "tcp"])
async def hall(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Wired]:
    async with wired(tmp_path, request.param, rules="print_s = 4") as running:
        yield running


async def test_from_the_number_to_the_record(hall: Wired) -> None:
    ticket = await hall.kiosk.ok("/tickets", {"service": "pension"})
    await eventually(lambda: hall.state(hall.printer)["slips"])
    paper = str(hall.state(hall.printer)["slips"])
    assert "B001" in paper and "测试大厅" in paper and ticket["check_code"] in paper
    await hall.clerk.ok("/windows/2/call-next")
    await hall.strip_shows("B001")
    await eventually(lambda: "请B零零一号到" in str(hall.state(hall.chip)["spoken"]))
    assert (await hall.pad_shows("called"))["citizen"]["number"] == "B001"
    await hall.clerk.ok("/windows/2/start")
    await hall.pad_shows("welcome")
    await hall.clerk.ok("/windows/2/finish")
    await hall.pad_shows("rate")
    assert (await hall.ticket(ticket["id"]))["print"] == "printed"
    pad = hall.pad.device
    assert isinstance(pad, SimPad)
    assert pad.rate(2)
    await eventually(lambda: not hall.state(hall.pad)["pending"])
    assert pad.submit(("eff.wait",))
    await eventually(lambda: not hall.state(hall.pad)["pending"])
    office = await hall.hub.person("主任", "office")
    [row] = (await office.get("/ratings")).json()["items"]
    assert (row["ticket"], row["clerk"], row["level"], row["reasons"]) == ("B001", "李明", 2, ["eff.wait"])
    assert row["channel"] == "pad"


async def test_a_pause_flips_everything(hall: Wired) -> None:
    await hall.clerk.ok("/windows/2/pause", {"reason": "leave", "minutes": 10})
    await hall.strip_shows("暂停服务")
    shown = await hall.pad_shows("paused")
    assert "暂时离开" in shown["citizen"]["reason"]
    shown_rows = await eventually(lambda: proofs(hall, "pause"))
    assert {device for _, device in shown_rows} <= {"strip-x", "pad-x"}
    await hall.clerk.ok("/windows/2/resume")
    await hall.pad_shows("idle")


async def test_a_return_that_has_passed_is_not_promised_in_a_quiet_hall(hall: Wired) -> None:
    await hall.clerk.ok("/windows/2/pause", {"reason": "leave", "minutes": 10})
    await hall.strip_shows("恢复")
    await eventually(lambda: not hall.hub.app.state.wiring._moved.is_set(), "all is quiet")
    hall.hub.clock.pass_(601)
    await eventually(lambda: "恢复" not in "/".join(hall.state(hall.strip)["pages"]))
    await hall.strip_shows("暂停服务")


async def test_a_window_that_is_switched_off_tells_nothing(hall: Wired) -> None:
    await hall.clerk.ok("/windows/2/sign-out")
    await hall.strip_shows("暂停服务")
    await hall.hub.hall.do(switch, kind="windows", key="2", active=False)
    await eventually(lambda: hall.state(hall.strip)["pages"] == ["2号窗口"])


def proofs(hall: Wired, what: str) -> list[Any]:
    query = "SELECT window, device FROM shown WHERE what = ?"
    return hall.hub.hall.store.reader()._connection.execute(query, (what,)).fetchall()


async def test_a_plug_pulled_and_put_back_shows_the_latest(hall: Wired) -> None:
    await hall.kiosk.ok("/tickets", {"service": "pension"})
    await hall.kiosk.ok("/tickets", {"service": "pension"})
    hall.strip.fault("unplug", True)
    hall.pad.fault("unplug", True)
    await hall.clerk.ok("/windows/2/call-next")
    await hall.clerk.ok("/windows/2/finish", {"next": True})
    await eventually(lambda: device(hall, "strip-x")["state"] == "down")
    assert "B00" not in str(hall.state(hall.strip)["pages"])
    hall.strip.fault("unplug", False)
    hall.pad.fault("unplug", False)
    await hall.strip_shows("B002")
    await hall.pad_shows("rate")  # the invitation of the first visit is state: it is still there
    await eventually(lambda: device(hall, "strip-x")["state"] == "up")
    assert "B001" not in str(hall.state(hall.strip)["pages"])


def device(hall: Wired, name: str) -> Any:
    return hall.hub.hall.extra[f"device/{name}"]


@pytest.mark.parametrize(("fault", "outcome"), [("paper_out", "failed"), ("cover_open", "failed"), ("mute", "failed")])
async def test_a_slip_that_did_not_come_out_is_told(hall: Wired, fault: str, outcome: str) -> None:
    hall.printer.fault(fault, True)
    ticket = await hall.kiosk.ok("/tickets", {"service": "pension"})
    assert ticket["print"] == "pending"

    async with asyncio.timeout(40):
        while (state := (await hall.ticket(ticket["id"]))["print"]) == "pending":
            await asyncio.sleep(0.05)
    assert state == outcome
    hall.printer.fault(fault, False)
    await eventually(lambda: device(hall, "printer-x")["state"] == "up")
    after = await hall.kiosk.ok("/tickets", {"service": "pension"})
    await eventually(lambda: after["number"] in str(hall.state(hall.printer)["slips"]))
    assert str(hall.state(hall.printer)["slips"]).count(f"'{ticket['number']}'") <= 1  # nothing is printed again


async def test_announcements_are_whole_and_in_order(hall: Wired) -> None:
    for _ in range(4):
        await hall.kiosk.ok("/tickets", {"service": "pension"})
    for _ in range(4):
        await hall.clerk.ok("/windows/2/call-next")
        await hall.clerk.ok("/windows/2/finish")
    await eventually(lambda: hall.state(hall.chip)["count"] >= 4 and not hall.state(hall.chip)["speaking"])
    spoken = hall.state(hall.chip)["spoken"]
    assert not any(entry["cut"] for entry in spoken)
    assert [entry["text"][2:5] for entry in spoken][-4:] == ["零零一", "零零二", "零零三", "零零四"]


async def test_an_old_announcement_is_dropped(tmp_path: Path) -> None:
    async with wired(tmp_path, "tcp", rules="announce_s = 1") as hall:
        hall.chip.fault("unplug", True)
        await eventually(lambda: device(hall, "chip-x")["state"] == "down")
        await hall.kiosk.ok("/tickets", {"service": "pension"})
        await hall.clerk.ok("/windows/2/call-next")
        await eventually(lambda: effects(hall) == ["failed"])
        hall.chip.fault("unplug", False)
        await eventually(lambda: device(hall, "chip-x")["state"] == "up")
        await hall.clerk.ok("/windows/2/recall")
        await eventually(lambda: hall.state(hall.chip)["spoken"])
        assert [entry["text"][:4] for entry in hall.state(hall.chip)["spoken"]] == ["再次呼叫"]


def effects(hall: Wired) -> list[str]:
    rows = hall.hub.hall.store.reader()._connection.execute("SELECT state FROM effect WHERE kind = 'speak'")
    return [state for (state,) in rows]


async def test_a_window_may_have_nothing_but_its_pad(hall: Wired) -> None:
    """Sign-in by number and PIN, and every verb of a day, from the clerk's side of the pad alone."""
    running, pad = hall.hub, hall.pad.device
    assert isinstance(pad, SimPad)
    await hall.clerk.ok("/windows/2/sign-out")
    await staff_number(running, "李明", "1007", "2580")
    await hall.pad_shows("closed")
    assert pad.sign_in("1007", "9999")
    await eventually(lambda: not hall.state(hall.pad)["key_open"])
    assert hall.state(hall.pad)["words"] and state(running)["clerk"] is None
    assert pad.sign_in("1007", "2580")
    await hall.pad_shows("idle")
    for _ in range(3):
        await hall.kiosk.ok("/tickets", {"service": "pension"})
    await press(hall, "call_next", lambda now: now["state"] == "serving")
    await press(hall, "undo", lambda now: now["ticket"] is None)
    await press(hall, "call_next", lambda now: now["ticket"] is not None)
    await press(hall, "recall", lambda now: now["ticket"]["calls"] == 2)
    await press(hall, "start", lambda now: now["ticket"]["state"] == "serving")
    await press(hall, "away", lambda now: now["state"] == "away", "leave", minutes=5)
    await press(hall, "back", lambda now: now["state"] == "serving")
    await press(hall, "park", lambda now: now["parked"] != [], "papers")
    parked = state(running)["parked"][0]["id"]
    await press(hall, "call", lambda now: now["ticket"] is not None, str(parked))
    await press(hall, "finish_and_next", lambda now: now["ticket"]["number"] == "B002")
    await press(hall, "transfer", lambda now: now["ticket"] is None, "card")
    await press(hall, "call_next", lambda now: now["ticket"] is not None)
    await press(hall, "no_show", lambda now: now["ticket"] is None)
    await press(hall, "call_next", lambda now: now["ticket"] is not None)
    await press(hall, "finish", lambda now: now["ticket"] is None)
    await press(hall, "pause", lambda now: now["state"] == "paused", "leave", minutes=10)
    await press(hall, "resume", lambda now: now["state"] == "open")
    await press(hall, "sign_out", lambda now: now["state"] == "closed")


async def press(hall: Wired, verb: str, good: Callable[[Any], bool], argument: str = "", minutes: int = 0) -> None:
    pad = hall.pad.device
    assert isinstance(pad, SimPad)
    version = state(hall.hub)["version"]
    await eventually(
        lambda: hall.state(hall.pad)["clerk"].get("version") == version, f"{verb}: the pad sees the window"
    )
    assert pad.press(verb, argument, minutes=minutes)
    await eventually(lambda: not hall.state(hall.pad)["key_open"], verb)
    assert good(state(hall.hub)), (verb, hall.state(hall.pad)["words"], state(hall.hub))


def state(running: Hub, no: str = "2") -> Any:
    return running.app.state.shapes.window(running.hall.picture.windows[no], "staff")


async def staff_number(running: Hub, name: str, number: str, pin: str) -> None:
    def give(tx: Any, *, person: int) -> None:
        tx.update(tx.get(Person, person), staff_no=number)

    person = next(row["id"] for row in await running.hall.read(_people) if row["name"] == name)
    await running.hall.do(give, person=person)
    await running.hall.do(people.set_pin, person=person, pin_hash=secrets.hash_slowly(pin))


def _people(db: Any) -> list[dict[str, Any]]:
    from hallq.people.looks import people as everyone

    return everyone(db)


async def test_a_rating_survives_resets_of_both_ends(tmp_path: Path) -> None:
    """Pressed while the hub is away: stored once when it is back, and shown to nobody but the record."""
    async with wired(tmp_path, "tcp") as hall:
        pad = hall.pad.device
        assert isinstance(pad, SimPad)
        await hall.kiosk.ok("/tickets", {"service": "pension"})
        await hall.clerk.ok("/windows/2/call-next")
        await hall.clerk.ok("/windows/2/finish")
        await hall.pad_shows("rate")
        hall.pad.fault("mute", True)  # it hears, but is not heard
        assert pad.rate(4)
        assert hall.state(hall.pad)["pending"]
        pad.reset()
        hall.pad.fault("mute", False)
        await eventually(lambda: not hall.state(hall.pad)["pending"] and hall.state(hall.pad)["session"] == "up")
        office = await hall.hub.person("主任", "office")
        rows = (await office.get("/ratings")).json()["items"]
        assert [(row["level"], row["channel"]) for row in rows] == [(4, "pad")]


async def test_no_show_waits_for_calls_that_were_heard(tmp_path: Path) -> None:
    async with wired(tmp_path, "tcp", opening="hours") as hall:
        for host in (hall.strip, hall.chip, hall.pad):
            host.fault("unplug", True)
        await eventually(lambda: sum(entry["state"] == "down" for entry in devices_of(hall.hub)) == 3)
        await hall.kiosk.ok("/tickets", {"service": "pension"})
        await hall.clerk.ok("/windows/2/call-next")
        await hall.clerk.ok("/windows/2/recall")
        hall.hub.clock.pass_(90)
        refused = (await hall.clerk.post("/windows/2/no-show")).json()["error"]
        assert refused["code"] == "too_early" and refused["detail"]["calls"] == 2
        hall.strip.fault("unplug", False)
        await hall.strip_shows("B001")
        await eventually(lambda: proofs(hall, "call"))
        await hall.clerk.ok("/windows/2/recall")
        await eventually(lambda: len(proofs(hall, "call")) == 2)
        assert (await hall.clerk.ok("/windows/2/no-show"))["ticket"]["state"] == "no_show"


async def test_a_device_of_a_removed_window_stops_nobody(tmp_path: Path) -> None:
    strip = SimHost(SimStrip(TEMPO))
    strip.start_tcp()
    entry = f'[[device]]\nid = "lost"\ndriver = "onbon-bxk"\nlink = "{strip.link}"\nwindow = "77"\n'
    async with hub(write_hall(tmp_path, devices=entry)) as running:
        office = await running.person("主任", "office")
        [lost] = (await office.get("/devices")).json()["items"]
        assert lost["state"] == "fault" and "77" in lost["error"]
        assert (await (await running.device("kiosk", "k1")).post("/tickets", {"service": "id"})).status_code == 201
    await strip.stop()
