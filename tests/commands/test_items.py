"""Items' guides: which version is in force on a day, what the hall fills in, what a change request does."""

from __future__ import annotations

from hallq.items import guides
from hallq.items.content import Guide
from hallq.items.model import GuideVersion
from hallq.kernel import Tx
from hallq.ticketing.model import Service
from tests.commands.conftest import Bench


def enter(tx: Tx, *, service: str, number: int, day: str, guide: Guide) -> None:
    tx.insert(
        GuideVersion, service=service, version=number, from_day=day, made_at=tx.now, made_by=tx.actor,
        content=guide.model_dump_json(exclude_defaults=True),
    )  # fmt: skip


def test_the_version_of_any_day_can_be_asked_for_h03(hall: Bench) -> None:
    days = {1: "2024-05-01", 2: "2024-05-06", 3: "2024-05-20"}
    for number, day in days.items():
        hall.do(enter, service="a", number=number, day=day, guide=Guide(fee=f"{number} 元"))
    found = guides.current(hall.db, "a")
    assert found is not None and (found.version, found.guide.fee, found.from_day) == (2, "2 元", "2024-05-06")
    assert [guides.current(hall.db, "a", day).version for day in ("2024-05-05", "2024-05-20")] == [1, 3]  # type: ignore[union-attr]
    assert guides.current(hall.db, "a", "2024-04-30") is None and guides.current(hall.db, "b") is None
    assert {service: one.version for service, one in guides.everything(hall.db).items()} == {"a": 2}
    assert guides.version(hall.db, "a", 1).guide.fee == "1 元"


def test_what_a_guide_leaves_empty_the_hall_fills_in_h05(hall: Bench) -> None:
    service = hall.row(Service, "a")
    shown = guides.shape(hall.db, service, None)
    assert shown["place"] == "1楼1F 1、2号窗口" and shown["place_en"] == "Floor 1, 1F, window 1, 2"
    assert shown["hours"] == "周一至周五 08:30—12:00、14:30—17:30（法定节假日除外）"
    assert shown["supervision_phone"] == "12345" and "place" in shown["derived"] and "approver" not in shown
    hall.do(enter, service="a", number=1, day="2024-05-01", guide=Guide(place="邮局", approver="王科长"))
    shown = guides.shape(hall.db, service, guides.current(hall.db, "a"))
    assert (shown["place"], shown["place_en"], shown["version"]) == ("邮局", "", 1)
