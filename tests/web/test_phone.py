"""The ticket on a phone: only where phones can reach the hub, only today, and a 304 while nothing moves."""

from __future__ import annotations

from pathlib import Path

from tests.hub import Hub, hub, write_hall


async def test_a_phone_polls_its_ticket(tmp_path: Path) -> None:
    settings = write_hall(tmp_path, server='public_url = "https://hall.example"')
    async with hub(settings) as running:
        kiosk, clerk = await running.device("kiosk", "k1"), await running.clerk("王芳", "1")
        ticket = await kiosk.ok("/tickets", {"service": "id"})
        assert ticket["phone_url"].startswith("https://hall.example/t/")
        path = ticket["phone_url"].removeprefix("https://hall.example")
        for _ in range(200):  # until the first beat's duties are through
            first = await running.anyone.ask("GET", path)
            assert first.status_code == 200 and "A001" in first.text and "前面还有 0 人" in first.text
            same = await running.anyone.ask("GET", path, **{"if-none-match": first.headers["etag"]})
            if same.status_code == 304:
                break
        assert same.status_code == 304
        await clerk.ok("/windows/1/call-next")
        called = await running.anyone.ask("GET", path, **{"if-none-match": first.headers["etag"]})
        assert "请到 1 号窗口办理" in called.text
        english = await running.anyone.ask("GET", path, **{"accept-language": "en"})
        assert "Please go to window 1" in english.text
        assert (await running.anyone.ask("GET", "/t/nobody")).status_code == 404
        await clerk.ok("/windows/1/finish")
        assert "已办结" in (await running.anyone.ask("GET", path)).text
        running.clock.pass_(24 * 3600)
        await kiosk.ok("/tickets", {"service": "id"})  # the hub has heard of the new day
        assert (await running.anyone.ask("GET", path)).status_code == 404


async def test_no_phone_without_a_public_address(hall_hub: Hub) -> None:
    kiosk = await hall_hub.device("kiosk", "k1")
    ticket = await kiosk.ok("/tickets", {"service": "id"})
    assert ticket["phone_url"] is None
    token = hall_hub.hall.store._connection.execute("SELECT phone_token FROM ticket").fetchone()[0]
    assert (await hall_hub.anyone.ask("GET", f"/t/{token}")).status_code == 404
