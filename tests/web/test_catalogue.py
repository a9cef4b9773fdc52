"""The office's editor of the catalogue: what it may change, what it may not, and that pages and queues follow."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from hallq.audit.verify import verify
from hallq.journal import Journal
from hallq.schema import covered
from hallq.store import connect
from hallq.ticketing import commands
from hallq.ticketing.model import Person
from tests.hub import Caller, Hub

VERBS = select(Journal.seq, Journal.verb).order_by(Journal.seq)  # type: ignore[arg-type]
PASSPORT = {"code": "passport", "name": "护照", "department": "ga", "prefix": "G"}
WINDOW = {"no": "1", "department": "ga", "zone": "1F", "services": ["id"]}
KINDS = ("departments", "zones", "services", "windows", "kiosks", "categories", "pause-reasons")


@pytest.fixture
async def office(hall_hub: Hub) -> Caller:
    return await hall_hub.person("林静", "office")


async def listed(office: Caller, kind: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await office.get(f"/catalogue/{kind}")).json()["items"]
    return items


async def refused(caller: Caller, path: str, body: Any = None) -> dict[str, Any]:
    answer = await caller.post(f"/catalogue/{path}", body)
    assert answer.status_code >= 400, answer.text
    return {"status": answer.status_code, **answer.json()["error"]}


async def test_a_new_service_is_offered_and_called(hall_hub: Hub, kiosk: Caller, office: Caller) -> None:
    assert (await office.post("/catalogue/services", PASSPORT | {"request_id": "a"})).status_code == 201
    assert not hall_hub.hall.picture.services["passport"].windows
    before = hall_hub.hall.picture.windows["1"].version
    saved = await office.post("/catalogue/windows", WINDOW | {"services": ["passport", "id"]})
    assert saved.status_code == 200 and saved.json()["services"] == ["passport", "id"]
    assert hall_hub.hall.picture.windows["1"].version == before + 1
    assert list(hall_hub.hall.picture.services["passport"].windows) == ["1"]
    assert [s["code"] for s in (await kiosk.get("/services")).json()["items"]] == ["id", "pension", "card", "passport"]
    assert (await kiosk.ok("/tickets", {"service": "passport"}))["number"] == "G001"
    clerk = await hall_hub.clerk("王芳", "1")
    assert (await clerk.ok("/windows/1/call-next"))["ticket"]["number"] == "G001"


async def test_a_change_replaces_the_entry_and_keeps_its_place(hall_hub: Hub, kiosk: Caller, office: Caller) -> None:
    await kiosk.ok("/tickets", {"service": "id"})
    changed = {"code": "id", "name": "居民身份证", "department": "ga", "prefix": "Q", "quota": 2, "common": True}
    answer = await office.post("/catalogue/services", changed)
    assert answer.status_code == 200 and answer.json()["ord"] == 0 and answer.json()["active"] is True
    assert (await kiosk.ok("/tickets", {"service": "id"}))["number"] == "Q001"  # from the next number on
    assert (await kiosk.post("/tickets", {"service": "id"})).json()["error"]["code"] == "quota_reached"
    assert (await office.ok("/catalogue/services", changed | {"ord": 9}))["ord"] == 9
    assert (await kiosk.get("/services")).json()["items"][-1]["code"] == "id"


async def test_an_entry_is_made_once(hall_hub: Hub, office: Caller) -> None:
    wish = PASSPORT | {"request_id": "once"}
    first, again = await office.post("/catalogue/services", wish), await office.post("/catalogue/services", wish)
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    taken = await refused(office, "services", PASSPORT | {"name": "另一个", "request_id": "other"})
    assert (taken["status"], taken["code"], taken["detail"]["key"]) == (409, "code_taken", "passport")
    assert hall_hub.hall.picture.services["passport"].name == "护照"


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("services", PASSPORT | {"department": "nobody"}, "department"),
        ("services", PASSPORT | {"prefix": "g"}, "prefix"),
        ("services", PASSPORT | {"prefix": "A1"}, "prefix"),  # number 1001 of A
        ("services", PASSPORT | {"name": " "}, "name"),
        ("services", PASSPORT | {"name": "两\n行"}, "name"),
        ("services", PASSPORT | {"code": "护照"}, "code"),
        ("services", PASSPORT | {"minutes": 0}, "minutes"),
        ("services", PASSPORT | {"quota": 2**63}, "quota"),
        ("services", PASSPORT | {"issue_from": "10:00", "issue_until": "09:00"}, "issue_until"),
        ("services", PASSPORT | {"active": False}, "active"),
        ("services", {"code": "passport"}, "name"),
        ("windows", WINDOW | {"services": ["id", "nothing"]}, "services"),
        ("windows", WINDOW | {"services": ["id", "id"]}, "services"),
        ("windows", WINDOW | {"services": "id"}, "services"),
        ("windows", WINDOW | {"department": "nobody"}, "department"),
        ("windows", WINDOW | {"zone": "9F"}, "zone"),
        ("windows", WINDOW | {"advice_only": 1}, "advice_only"),
        ("kiosks", {"id": "k9", "zone": "9F"}, "zone"),
        ("zones", {"code": "3F", "name": "三楼", "floor": 10**9}, "floor"),
        ("categories", {"code": "ordinary", "name": "普通", "green": True}, "green"),
        ("pause-reasons", {"code": "x", "name": "其他", "minutes": 0}, "minutes"),
        ("hours", {"open": []}, "open"),
        ("hours", {"open": ["12:00-08:00"]}, "open"),
        ("hours", {"open": ["08:00-12:00", "11:00-17:00"]}, "open"),
        ("hours", {"open": ["08:00-12:00"], "issue_from": "12:00"}, "issue_until"),
        ("hours", {"days": [8]}, "days.0"),
    ],
)
async def test_a_wrong_entry_is_refused_at_its_field_and_changes_nothing(
    hall_hub: Hub, office: Caller, kind: str, body: Any, field: str
) -> None:
    before = hall_hub.hall.picture
    refusal = await refused(office, kind, body)
    assert (refusal["status"], refusal["code"], refusal["detail"]["field"]) == (422, "invalid", field)
    assert hall_hub.hall.picture == before  # the hub's own duties may write of themselves meanwhile


async def test_a_window_in_use_stays(hall_hub: Hub, kiosk: Caller, office: Caller) -> None:
    clerk = await hall_hub.clerk("李明", "2")
    await kiosk.ok("/tickets", {"service": "pension"})
    await clerk.ok("/windows/2/call-next")
    assert (await refused(office, "windows/2/off"))["code"] == "window_staffed"
    await clerk.ok("/windows/2/park", {"kind": "papers"})
    await clerk.ok("/windows/2/sign-out")
    parked = await refused(office, "windows/2/off")
    assert (parked["status"], parked["code"], parked["detail"]["tickets"]) == (409, "in_use", 1)
    [ticket] = hall_hub.hall.picture.windows["2"].parked
    await hall_hub.hall.do(commands.cancel, ticket=ticket.id)
    version = hall_hub.hall.picture.windows["2"].version
    assert (await office.ok("/catalogue/windows/2/off"))["active"] is False
    assert "2" not in hall_hub.hall.picture.windows
    assert (await clerk.post("/windows/2/sign-in")).json()["error"]["code"] == "forbidden"
    assert (await hall_hub.anyone.ask("GET", "/window/2")).status_code == 404
    assert (await office.ok("/catalogue/windows/2/on"))["services"] == ["pension", "card"]
    assert hall_hub.hall.picture.windows["2"].version == version + 2
    await clerk.ok("/windows/2/sign-in")


async def test_a_number_meant_for_one_window_keeps_it(hall_hub: Hub, kiosk: Caller, office: Caller) -> None:
    clerk = await hall_hub.clerk("李明", "2")
    await kiosk.ok("/tickets", {"service": "pension"})
    await clerk.ok("/windows/2/call-next")
    await clerk.ok("/windows/2/transfer", {"window": "3"})
    third = WINDOW | {"no": "3", "department": "sb", "services": ["card"]}
    assert (await refused(office, "windows", third))["detail"] == {"tickets": 1}
    assert (await refused(office, "windows/3/off"))["detail"] == {"tickets": 1}
    await office.ok("/catalogue/windows", third | {"services": ["card", "pension"]})


async def test_a_service_is_switched_off_when_nobody_waits(hall_hub: Hub, kiosk: Caller, office: Caller) -> None:
    clerk = await hall_hub.clerk("李明", "2")
    for _ in range(2):
        await kiosk.ok("/tickets", {"service": "card"})
    assert (await refused(office, "services/card/off"))["detail"] == {"tickets": 2}
    await clerk.ok("/windows/2/call-next")
    await clerk.ok("/windows/2/finish", {"next": True})
    assert (await refused(office, "services/card/off"))["detail"] == {"tickets": 1}  # still in hand
    await clerk.ok("/windows/2/finish")
    assert (await office.ok("/catalogue/services/card/off"))["active"] is False
    assert list(hall_hub.hall.picture.windows["2"].services) == ["pension"]
    assert (await kiosk.post("/tickets", {"service": "card"})).status_code == 422
    await kiosk.ok("/tickets", {"service": "pension"})
    await clerk.ok("/windows/2/call-next")
    assert (await clerk.post("/windows/2/transfer", {"service": "card"})).status_code == 422
    await office.ok("/catalogue/services/card/on")
    assert list(hall_hub.hall.picture.windows["2"].services) == ["pension", "card"]


async def test_a_kiosk_can_be_added_and_switched_off(hall_hub: Hub, kiosk: Caller, office: Caller) -> None:
    assert (await hall_hub.anyone.ask("GET", "/kiosk?id=k7")).status_code == 404
    await office.ok("/catalogue/kiosks", {"id": "k7", "zone": "1F", "request_id": "k7"})
    assert (await hall_hub.anyone.ask("GET", "/kiosk?id=k7")).status_code == 200
    await office.ok("/catalogue/kiosks/k1/off")
    assert (await hall_hub.anyone.ask("GET", "/kiosk?id=k1")).status_code == 404
    off = await kiosk.post("/tickets", {"service": "id"})
    assert (off.status_code, off.json()["error"]["code"]) == (409, "kiosk_off")
    await office.ok("/catalogue/kiosks/k1/on")
    await kiosk.ok("/tickets", {"service": "id"})


async def test_categories_and_reasons(hall_hub: Hub, kiosk: Caller, office: Caller) -> None:
    assert (await refused(office, "categories/ordinary/off"))["detail"] == {"field": "code"}
    ordinary = {"code": "ordinary", "name": "普通群众"}  # `green` left out: false for this one alone
    assert (await office.ok("/catalogue/categories", ordinary))["green"] is False
    await office.ok("/catalogue/categories", {"code": "veteran", "name": "退役军人", "request_id": "v"})
    await kiosk.ok("/tickets", {"service": "id", "category": "veteran"})
    assert hall_hub.hall.picture.queues["id"].green == 1
    await office.ok("/catalogue/categories/veteran/off")
    assert (await kiosk.post("/tickets", {"service": "id", "category": "veteran"})).status_code == 422
    await office.ok("/catalogue/pause-reasons", {"code": "drill", "name": "消防演练", "request_id": "d"})
    await office.ok("/catalogue/pause-reasons/meal/off")
    reasons = {row["code"]: row["public"] for row in (await kiosk.get("/pause-reasons")).json()["items"]}
    assert reasons["drill"] == "消防演练" and "meal" not in reasons


async def test_a_new_name_reaches_every_window(hall_hub: Hub, office: Caller) -> None:
    async with hall_hub.live("office", office) as socket:
        await socket.recv()
        await office.ok("/catalogue/departments", {"code": "ga", "name": "公安综合"})
        while "公安综合" not in (said := str(await socket.recv())):
            pass
    assert '"window/1"' in said
    assert hall_hub.hall.picture.windows["1"].department_name == "公安综合"


async def test_people_follow_their_window_to_another_department(hall_hub: Hub, office: Caller) -> None:
    await office.ok("/catalogue/windows", WINDOW | {"department": "sb"})
    [person] = await hall_hub.hall.read(lambda db: db.find(select(Person).where(Person.name == "王芳")))
    assert person.department == "sb"
    await hall_hub.clerk("王芳", "2")


async def test_the_hours(hall_hub: Hub, office: Caller) -> None:
    assert (await office.get("/catalogue/hours")).json() == {
        "days": [1, 2, 3, 4, 5], "open": ["08:30-12:00", "14:30-17:30"], "issue_from": "08:00", "issue_until": "17:30",
    }  # fmt: skip
    saved = await office.ok("/catalogue/hours", {"days": [6, 1], "open": ["13:00-16:00", "09:00-11:30"]})
    assert saved == {
        "days": [1, 6],
        "open": ["09:00-11:30", "13:00-16:00"],
        "issue_from": "08:30",
        "issue_until": "16:00",
    }
    assert (await office.get("/catalogue/hours")).json() == saved
    kept = await office.ok("/catalogue/hours", {**saved, "days": [1, 2, 3, 4, 5, 6, 7], "holidays": "observe"})
    assert kept["holidays"] == "observe" and (await office.get("/catalogue/hours")).json() == kept


async def test_what_is_listed_can_be_saved_as_it_is(hall_hub: Hub, office: Caller) -> None:
    for kind in KINDS:
        rows = await listed(office, kind)
        assert rows
        for row in rows:
            sent = {name: value for name, value in row.items() if name != "active"}
            assert await office.ok(f"/catalogue/{kind}", sent) == row
        assert await listed(office, kind) == rows


async def test_the_journal_covers_every_kind_of_edit(hall_hub: Hub, office: Caller) -> None:
    await office.ok("/catalogue/services", PASSPORT | {"minutes": 10, "quota": 5, "common": True})
    await office.ok("/catalogue/windows", WINDOW | {"services": ["passport", "id"], "advice_only": True})
    await office.ok("/catalogue/windows", WINDOW | {"services": ["passport"]})
    for path in ("windows/1/off", "windows/1/on", "services/passport/off", "kiosks/k1/off", "categories/far/off"):
        await office.ok(f"/catalogue/{path}")
    await office.ok("/catalogue/zones", {"code": "2F", "name": "二楼", "floor": 2})
    await office.ok("/catalogue/hours", {"days": [1], "open": ["09:00-12:00"]})
    connection = connect(hall_hub.hall.store.path, query_only=True)
    try:
        assert verify(connection, covered()) is None
    finally:
        connection.close()


async def test_only_the_office_edits_and_every_edit_is_journaled(hall_hub: Hub, kiosk: Caller, office: Caller) -> None:
    assert (await office.get("/catalogue/nothing")).status_code == 404
    assert (await office.post("/catalogue/nothing", {})).status_code == 404
    assert (await office.post("/catalogue/services/nothing/off")).status_code == 404
    for caller in (kiosk, await hall_hub.person("王芳"), await hall_hub.person("局长", "leader")):
        for kind in (*KINDS, "hours"):
            assert (await caller.get(f"/catalogue/{kind}")).status_code == 403
            assert (await caller.post(f"/catalogue/{kind}", {})).status_code == 403
    assert (await hall_hub.anyone.get("/catalogue/services")).status_code == 401
    await office.ok("/catalogue/services", PASSPORT)
    await office.ok("/catalogue/services/passport/off")
    await office.ok("/catalogue/hours", {})
    verbs = [verb for _, verb in await hall_hub.hall.read(lambda db: db.values(VERBS))]
    assert verbs[-3:] == ["save", "switch", "save_hours"]


FIELDS = {
    "identity": "ask", "cases_per_call": 3, "elder_age": 65, "days": [1, 3], "periods": ["09:00-11:00", "14:00-16:00"],
    "at_noon": "rota", "elsewhere": "一楼自助机", "elsewhere_en": "Machine on floor 1", "groups": False,
}  # fmt: skip


async def test_what_few_services_need_is_kept_and_left_out_again(office: Caller) -> None:
    """A08, A10: ages per service; the others give A05, A16, B05 their meaning."""
    saved = (await office.post("/catalogue/services", PASSPORT | FIELDS)).json()
    assert {name: saved[name] for name in FIELDS} == FIELDS
    plain = (await office.post("/catalogue/services", PASSPORT)).json()
    assert {plain[name] for name in FIELDS} == {None}
    services = {s["code"]: s for s in (await office.get("/services")).json()["items"]}
    assert services["passport"]["elder_age"] == 60  # the hall's


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("identity", "always"),
        ("cases_per_call", 0),
        ("elder_age", 30),
        ("days", [8]),
        ("periods", ["12:00-09:00"]),
        ("periods", ["09:00-12:00", "11:00-13:00"]),
        ("at_noon", "sleep"),
    ],
)
async def test_a_field_of_a_service_that_cannot_be(office: Caller, field: str, wrong: Any) -> None:
    answer = await refused(office, "services", PASSPORT | {field: wrong})
    assert (answer["status"], answer["code"]) == (422, "invalid")
    assert answer["detail"]["field"].split(".")[0] == field


async def test_a_window_of_the_green_channel_and_its_partner(hall_hub: Hub, office: Caller) -> None:
    """A10; B03: the partner is a person of the hall, named as people know them."""
    saved = (await office.post("/catalogue/windows", WINDOW | {"channel": "green", "partner": "赵强"})).json()
    assert (saved["channel"], saved["partner"]) == ("green", "赵强")
    view = hall_hub.hall.picture.windows["1"]
    assert view.channel == "green" and view.partner is not None
    assert (await refused(office, "windows", WINDOW | {"partner": "无人"}))["detail"] == {"field": "partner"}
    assert (await refused(office, "windows", WINDOW | {"channel": "red"}))["status"] == 422
    assert (await office.post("/catalogue/windows", WINDOW)).json()["partner"] is None
