"""Figures for those who lead the hall, over HTTP: waits, windows, kinds of devices, the hub itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hallq.assessment import waiting
from hallq.assessment.waiting import Taken
from tests.hub import Hub, hub, write_hall


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 20), (0.9, 40), (0.25, 10), (1.0, 40), (0.0, 10)]
)
def test_a27_a_percentile_is_a_wait_that_somebody_had(share: float, expected: int) -> None:
    assert waiting.percentile([10, 20, 30, 40], share) == expected


def test_a27_outages_and_emergencies_count_nowhere() -> None:
    assert waiting.standing(0, 100, [(10, 30), (90, 200), (300, 400)]) == 70
    assert waiting.standing(50, 60, [(0, 100)]) == 0


def test_a27_nobody_stands_behind_an_empty_figure() -> None:
    assert waiting.summary([])["mean_s"] is None
    found = waiting.summary([Taken("id", False, "no_show", 2, 1, 60_000), Taken("id", False, "finished", 0, 3, None)])
    assert (found["p90_s"], found["no_show_rate"], found["moves"], found["stops"]) == (60, 0.5, 1.0, 2.0)


async def test_a27_the_report_of_waits(hall_hub: Hub) -> None:
    """A27: per service and for the hall: mean, P50, P90, transfers, services, missed; the green channel apart."""
    kiosk = await hall_hub.device("kiosk", "k1")
    first = await kiosk.ok("/tickets", {"service": "pension"})
    hall_hub.clock.pass_(60)
    await kiosk.ok("/tickets", {"service": "pension", "category": "elderly"})
    clerk = await hall_hub.clerk("李明", "2")
    hall_hub.clock.pass_(240)
    await clerk.ok("/windows/2/call-next", {})
    await clerk.ok("/windows/2/finish", {})
    hall_hub.clock.pass_(300)
    shown = await clerk.ok("/windows/2/call-next", {})
    assert shown["ticket"]["number"] == first["number"]
    await clerk.ok("/windows/2/finish", {})
    boss = await hall_hub.person("大厅管理室", "office")
    rows = {(row["service"], row["class"]): row for row in (await boss.get("/figures/waits")).json()["items"]}
    hall, green = rows[None, "all"], rows["pension", "green"]
    assert (hall["tickets"], hall["waited"], hall["mean_s"], hall["p50_s"], hall["p90_s"]) == (2, 2, 420, 240, 600)
    assert (green["tickets"], green["mean_s"], rows["pension", "ordinary"]["mean_s"]) == (1, 240, 600)
    assert (hall["moves"], hall["stops"], hall["no_show_rate"]) == (0.0, 1.0, 0.0)
    assert (await clerk.get("/figures/waits")).status_code == 403
    assert (await boss.get("/figures/waits?from=2026-01-01&to=2026-11-23")).json()["error"]["code"] == "invalid"
    file = (await boss.get("/export/waits.csv")).content.decode("utf-8-sig").splitlines()
    assert file[0].startswith("业务,类别,取号,叫到")
    assert file[1].startswith("全部业务,全部,2,2,420,240,600")


async def test_a27_a_chief_reads_the_departments_waits(hall_hub: Hub) -> None:
    kiosk = await hall_hub.device("kiosk", "k1")
    await kiosk.ok("/tickets", {"service": "id"})
    chief = await hall_hub.person("社保首席", "chief", "2")
    [row] = (await chief.get("/figures/waits")).json()["items"]
    assert (row["service"], row["tickets"], row["mean_s"]) == (None, 0, None)


async def test_c10_today_at_each_window(hall_hub: Hub) -> None:
    """C10: served, mean handling and satisfaction with its raters; a chief sees the department's windows."""
    kiosk, pad = await hall_hub.device("kiosk", "k1"), await hall_hub.device("pad-citizen", "2")
    await kiosk.ok("/tickets", {"service": "pension"})
    clerk = await hall_hub.clerk("李明", "2")
    await clerk.ok("/windows/2/call-next", {})
    hall_hub.clock.pass_(120)
    await clerk.ok("/windows/2/finish", {})
    [invitation] = hall_hub.hall.invitations.values()
    await pad.ok("/pads/2/rating", {"token": invitation.token, "level": 5})
    wall = await hall_hub.device("board")
    [row] = (await wall.get("/figures/windows")).json()["items"]
    assert (row["raters"], row["satisfied"]) == (0, None)  # the wall's ratings move at the full quarter hour
    hall_hub.clock.pass_(900)
    [row] = (await wall.get("/figures/windows")).json()["items"]
    assert row == {"window": "2", "served": 1, "mean_handling_s": 120, "raters": 1, "satisfied": 1.0}
    other = await hall_hub.person("公安首席", "chief", "1")
    assert (await other.get("/figures/windows")).json()["items"] == []


async def test_a22_who_waits_is_shown_to_the_clerk_with_the_right_alone(hall_hub: Hub) -> None:
    kiosk = await hall_hub.device("kiosk", "k1")
    taken = await kiosk.ok("/tickets", {"service": "pension", "category": "elderly"})
    clerk = await hall_hub.clerk("李明", "2")
    assert (await clerk.get("/windows/2/waiting")).json()["error"]["code"] == "forbidden_order"
    chief = await hall_hub.person("社保首席", "chief", "2")
    [row] = (await chief.get("/windows/2/waiting")).json()["items"]
    assert set(row) == {"id", "number", "service", "since", "green"}
    assert (row["number"], row["green"]) == (taken["number"], True)
    assert (await chief.get("/windows/1/waiting")).status_code in (403, 409)


async def test_a01_a_paired_page_is_online_while_it_is_open(hall_hub: Hub) -> None:
    pad = await hall_hub.device("pad-citizen", "2")
    async with hall_hub.live("pad/2/citizen", pad) as socket:
        await socket.recv()
        assert hall_hub.hall.extra["page/pad-citizen/2"] == 1
        async with hall_hub.live("pad/2/citizen", pad) as another:
            await another.recv()
            assert hall_hub.hall.extra["page/pad-citizen/2"] == 2
    for _ in range(1500):
        if "page/pad-citizen/2" not in hall_hub.hall.extra:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the page is gone, yet counts as online")


async def test_b25_what_is_still_on_after_closing(tmp_path: Path) -> None:
    """B25: nothing is listed while somebody waits; then open pages and devices that answer, by name."""
    async with hub(write_hall(tmp_path, opening="hours")) as hall_hub:
        clerk, boss = await hall_hub.clerk("李明", "2"), await hall_hub.person("大厅管理室", "office")
        kiosk = await hall_hub.device("kiosk", "k1")
        async with hall_hub.live("kiosk", kiosk) as page, hall_hub.live("window/2", clerk) as terminal:
            await page.recv()
            await terminal.recv()
            await kiosk.ok("/tickets", {"service": "pension"})
            hall_hub.clock.pass_(11 * 3600)
            await hall_hub.hall.tick()
            assert (await boss.get("/system")).json()["over"] is False  # somebody waits still
            await clerk.ok("/windows/2/call-next", {})
            await clerk.ok("/windows/2/finish", {})
            found = (await boss.get("/system")).json()
            assert found["over"] is True
            assert found["still_on"] == [{"what": "kiosk", "id": "k1"}, {"what": "window", "id": "2"}]


async def test_b29_the_hub_tells_of_itself(hall_hub: Hub) -> None:
    boss = await hall_hub.person("大厅管理室", "office")
    found = (await boss.get("/system")).json()
    assert found["version"]
    assert found["heartbeat"].startswith("2026-11-23T09:00")
    assert (found["over"], found["still_on"]) == (False, [])
    assert "backup" in found  # the night's copy may be made already, or not yet
    assert (await (await hall_hub.clerk("李明", "2")).get("/system")).status_code == 403
