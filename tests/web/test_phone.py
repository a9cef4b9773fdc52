"""The ticket on a phone: only where phones can reach the hub, only today, and a 304 while it says the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hallq.items.content import Guide, Material
from hallq.items.model import GuideVersion
from hallq.kernel import Tx
from hallq.outcomes.model import OneTimeNotice
from hallq.outcomes.one_time.content import Content, Missing
from hallq.ticketing.model import Ticket
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
        over = await running.anyone.ask("GET", path)
        assert over.status_code == 404 and "这个页面已经结束" in over.text


def papers(tx: Tx, *, ticket: int) -> None:
    """The item's guide, and a one-time notice that was given for the number."""
    photo = Material(name="照片", name_en="Photo")
    guide = Guide(materials=(Material(name="户口簿"), Material(name="居住证", when="外地户籍"), photo))
    made: dict[str, Any] = {"version": 1, "from_day": "2020-01-01", "made_at": tx.now, "made_by": "hub"}
    tx.insert(GuideVersion, service="id", content=guide.model_dump_json(), **made)
    content = Content(missing=(Missing(name="照片", how="近期免冠"),)).model_dump_json()
    tx.insert(
        OneTimeNotice, no="2026-00001", day=tx.day, at=tx.now, ticket=ticket, visit=1, service="id", department="ga",
        window="1", content=content, guide=1,
    )  # fmt: skip


async def test_a_phone_says_which_papers_and_where(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path, server='public_url = "https://hall.example"')) as running:
        ticket = await (await running.device("kiosk", "k1")).ok("/tickets", {"service": "id"})
        path = ticket["phone_url"].removeprefix("https://hall.example")
        await running.hall.do(papers, ticket=ticket["id"])
        missing = (await running.anyone.ask("GET", path)).text
        assert "还需要补充的材料" in missing and "照片</span>：<span>近期免冠" in missing and "户口簿" not in missing
        assert "一楼大厅 1号窗口" in missing
        other = await (await running.device("kiosk", "k2")).ok("/tickets", {"service": "id"})
        needed = await running.anyone.ask("GET", other["phone_url"].removeprefix("https://hall.example"))
        assert "居住证（外地户籍）" in needed.text
        english = await running.anyone.ask("GET", f"{path}?lang=en")
        assert '<span>Photo</span>: <span lang="zh-CN">近期免冠</span>' in english.text
        assert "Papers that are still needed" in english.text and f'href="/t/{path[3:]}/leave?lang=en"' in english.text


async def test_no_phone_without_a_public_address(hall_hub: Hub) -> None:
    kiosk = await hall_hub.device("kiosk", "k1")
    ticket = await kiosk.ok("/tickets", {"service": "id"})
    assert ticket["phone_url"] is None
    token = hall_hub.hall.store._connection.execute("SELECT phone_token FROM ticket").fetchone()[0]
    assert (await hall_hub.anyone.ask("GET", f"/t/{token}")).status_code == 404


FORM = {"content-type": "application/x-www-form-urlencoded"}
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def test_the_same_words_are_not_sent_twice_and_times_move(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path, server='public_url = "https://hall.example"')) as running:
        ticket = await (await running.device("kiosk", "k1")).ok("/tickets", {"service": "id"})
        path = ticket["phone_url"].removeprefix("https://hall.example")
        page = await running.anyone.ask("GET", path)
        assert page.headers["cache-control"] == "private, no-cache"
        tag = page.headers["etag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):  # as a proxy or a browser may send it
            assert (await running.anyone.ask("GET", path, **{"if-none-match": known})).status_code == 304
        running.clock.pass_(1800)  # nothing happens in the hall, and the time to be called is another
        later = await running.anyone.ask("GET", path, **{"if-none-match": tag})
        assert later.status_code == 200 and later.text != page.text
        running.clock.pass_(24 * 3600)  # midnight alone ends it
        assert (await running.anyone.ask("GET", path, **{"if-none-match": tag})).status_code == 404


async def test_behind_a_proxy_the_forms_come_from_the_public_address(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path, server='public_url = "https://hall.example"')) as running:
        ticket = await (await running.device("kiosk", "k1")).ok("/tickets", {"service": "id"})
        path = ticket["phone_url"].removeprefix("https://hall.example")
        for origin, status in (("https://evil.example", 403), ("null", 403), ("https://hall.example", 303)):
            answer = await running.anyone.ask("POST", f"{path}/leave", **FORM, origin=origin)
            assert answer.status_code == status, origin


async def test_what_a_phone_is_refused_is_said_on_a_page(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path, server='public_url = "https://hall.example"')) as running:
        ticket = await (await running.device("kiosk", "k1")).ok("/tickets", {"service": "id"})
        path = ticket["phone_url"].removeprefix("https://hall.example")
        early = await running.anyone.ask("POST", f"{path}/rate?lang=en", b"level=5", **FORM, **PAGE)
        assert early.status_code == 409 and f'href="{path}?lang=en"' in early.text and "<h1" in early.text
        for method, address in (("GET", "/t/nobody/rate"), ("POST", "/t/nobody/rate"), ("POST", "/t/nobody/leave")):
            over = await running.anyone.ask(method, address, **FORM, **PAGE)
            assert over.status_code == 404 and "这个页面已经结束" in over.text, address
        program = await running.anyone.ask("POST", f"{path}/rate", b"level=5", **FORM)
        assert program.json()["error"]["code"] == "nothing_to_rate"


async def test_a_phone_asks_for_more_time_once_and_leaves(tmp_path: Path) -> None:
    settings = write_hall(tmp_path, server='public_url = "https://hall.example"', rules="postpone_behind = 1")
    async with hub(settings) as running:
        kiosk, clerk = await running.device("kiosk", "k1"), await running.clerk("王芳", "1")
        first, second = [await kiosk.ok("/tickets", {"service": "id"}) for _ in range(2)]
        path, other = (each["phone_url"].removeprefix("https://hall.example") for each in (first, second))
        assert "我需要多一点时间" in (await running.anyone.ask("GET", path)).text
        assert "/more" not in (await running.anyone.ask("GET", other)).text  # nobody stands behind it
        refused = await running.anyone.ask("POST", f"{other}/more", **FORM)
        assert refused.headers["location"] == f"{other}?said=why_nobody_behind"
        asked = await running.anyone.ask("GET", f"{path}/more", **{"accept-language": "en"})
        assert "Yes, put me back" in asked.text and asked.headers["referrer-policy"] == "same-origin"
        foreign = await running.anyone.ask("POST", f"{path}/more", **FORM, **{"sec-fetch-site": "cross-site"})
        assert foreign.status_code == 403
        await clerk.ok("/windows/1/call-next")  # called already: no missed call, and the clerk is told
        done = await running.anyone.ask("POST", f"{path}/more?lang=en", **FORM)
        assert (done.status_code, done.headers["location"]) == (303, f"{path}?said=done_more&lang=en")
        shown = await running.anyone.ask("GET", done.headers["location"])
        assert "You have been put back" in shown.text and "1 ahead of you" in shown.text
        assert "/more" not in shown.text
        told = [notice.words for notice in running.hall.picture.notices.values()]
        assert told == ["ph.clerkTold"] and running.hall.picture.windows["1"].ticket is None
        again = await running.anyone.ask("POST", f"{path}/more", **FORM)
        assert again.headers["location"].endswith("said=why_postponed_before")
        left = await running.anyone.ask("POST", f"{path}/leave", **FORM)
        assert "号码已取消" in (await running.anyone.ask("GET", left.headers["location"])).text
        ticket = running.hall.store.reader().get(Ticket, first["id"])
        assert ticket is not None and (ticket.state, ticket.ended_by, ticket.postponed) == ("cancelled", "citizen", 1)
        for _ in range(6):
            flood = await running.anyone.ask("POST", f"{path}/leave", **FORM)
        assert flood.headers["location"].endswith("said=why_too_many")
