"""What public screens show in turn, on real rows: plans by zone and hour, the hall's own pages, results, ratings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from hallq.assessment.ratings.model import Invitation, Rating
from hallq.items.model import GuideVersion
from hallq.kernel import Refused, Tx
from hallq.public import pages, plans
from hallq.registers import found
from tests.commands.conftest import START, Bench

TODAY = "2024-05-06"  # a Monday, 10:00
PLAN: dict[str, Any] = {"zone": "", "days": range(1, 8), "start": "00:00", "until": "24:00", "active": True}
PAGE: dict[str, Any] = {"title": "文明用语", "title_en": "", "body": "您好", "body_en": "", "from_day": None,
                        "until_day": None, "ord": 0, "active": True}  # fmt: skip


def plan(hall: Bench, *names: str, **more: Any) -> Any:
    turns = [{"page": name, "seconds": 10} for name in names]
    return hall.do(plans.save_plan, **PLAN | {"pages": turns} | more)


def shown(hall: Bench, zone: str = "") -> list[str]:
    return [turn["page"] for turn in plans.in_force(hall.db, zone)]


def test_the_plan_of_zone_weekday_and_hour_h12(hall: Bench) -> None:
    assert shown(hall) == []  # a hall without a plan shows calls alone
    plan(hall, "windows", "phones")
    own = plan(hall, "lost", zone="1F", days=[1], start="09:00", until="12:00")
    plan(hall, "ratings", zone="1F", days=[2])
    assert shown(hall) == shown(hall, "2F") == ["windows", "phones"]
    assert shown(hall, "1F") == ["lost"]
    plan(hall, "results", zone="1F", start="09:30")
    assert shown(hall, "1F") == ["results"]  # the one that began last
    hall.wait(3 * 3600)
    assert shown(hall, "1F") == ["results"]
    hall.do(plans.save_plan, plan=own.id, **PLAN | {"pages": [{"page": "lost", "seconds": 9}], "active": False})
    bad: list[dict[str, Any]] = [{"zone": "9F"}, {"days": []}, {"start": "12:00", "until": "12:00"}]
    for wrong in bad:
        with pytest.raises(Refused, match="invalid"):
            plan(hall, "lost", **wrong)
    for name in ("nothing", "content/7"):
        with pytest.raises(Refused, match="invalid"):
            plan(hall, name)


def test_the_halls_own_pages_stand_from_day_to_day_h18_h19_l07(hall: Bench) -> None:
    row, last = hall.do(plans.save_page, **PAGE | {"until_day": TODAY}), pages.LastMonth({}, None)
    told = {"title": "文明用语", "title_en": "", "body": "您好", "body_en": ""}
    assert pages.facts(hall.db, f"content/{row.id}", last) == told
    plan(hall, f"content/{row.id}")
    hall.do(plans.save_page, page=row.id, **PAGE | {"from_day": "2024-05-07"})
    assert pages.facts(hall.db, f"content/{row.id}", last) is None
    hall.do(plans.save_page, page=row.id, **PAGE | {"active": False})
    assert pages.facts(hall.db, f"content/{row.id}", last) is None
    with pytest.raises(Refused, match="invalid"):
        hall.do(plans.save_page, **PAGE | {"from_day": TODAY, "until_day": "2024-05-05"})


def test_a_result_is_public_for_its_days_and_its_name_is_masked_first_h21(hall: Bench) -> None:
    wish: dict[str, Any] = {"who": "张三、欧阳小红", "company": False, "matter": "低保申请", "result": "拟予批准",
                            "service": "a", "from_day": TODAY, "until_day": "2024-05-12"}  # fmt: skip
    row = hall.do(plans.publish, **wish)
    assert row.who == "张*、欧***" and "张三" not in str(hall.rows("public_result"))
    assert hall.do(plans.publish, **wish | {"who": "田园合作社", "company": True}).who == "田园合作社"
    told = pages.results(hall.db)
    assert told and [item["who"] for item in told["items"]] == ["田园合作社", "张*、欧***"]
    bad: list[dict[str, Any]] = [
        {"matter": "电话13800000000"}, {"until_day": "2024-05-01"}, {"service": "zz"}, {"who": " "},
        {"matter": "张三申请低保"}, {"result": "欧阳小红的申请获批"},
    ]  # fmt: skip
    for wrong in bad:
        with pytest.raises(Refused, match="invalid"):
            hall.do(plans.publish, **wish | wrong)
    hall.do(plans.end_result, result=row.id)
    assert [item["who"] for item in (pages.results(hall.db) or {})["items"]] == ["田园合作社"]


def guided(tx: Tx) -> None:
    for service, guide in (
        ("a", {"promised_days": 5, "legal_days": 20, "fee": "不收费", "phone": "7218601"}),
        ("b", {"handling": "spot", "phone": "7218601"}),
        ("c", {"phone": "7218611"}),
    ):
        content = orjson.dumps(guide).decode()
        tx.insert(
            GuideVersion, service=service, version=1, from_day=TODAY, content=content, made_at=tx.now, made_by="hub"
        )


def test_promised_times_fees_and_telephones_come_from_the_guides_h12_h22_h25(hall: Bench) -> None:
    assert pages.promises(hall.db) is None
    hall.do(guided)
    told = pages.promises(hall.db)
    assert told and [(item["name"], item["days"], item["legal_days"], item["fee"]) for item in told["items"]] == [
        ("a", 5, 20, "不收费"), ("b", 0, None, "")
    ]  # fmt: skip
    assert pages.last_month(hall.db).kept == {}  # I01: nobody's case was closed last month
    phones = pages.phones(hall.db)
    assert phones and [(item["name"], item["phones"]) for item in phones["items"]] == [
        ("social", ["7218601"]), ("tax", ["7218611"])
    ]  # fmt: skip


def test_lost_property_is_told_without_a_mark_that_proves_whose_it_is_k03(hall: Bench) -> None:
    assert pages.lost(hall.db) is None
    hall.do(found.register, name="黑色钱包", found_at=START, place="一楼等候区", features="内有蓝色门禁卡")
    told = pages.lost(hall.db)
    assert told and told["items"][0]["name"] == "黑色钱包" and "门禁卡" not in str(told)


def april(tx: Tx) -> None:
    """April: five were invited, four rated, one of them badly."""
    for number, level in enumerate((5, 4, 3, 1, None), 1):
        day = (date(2024, 4, 1) + timedelta(days=number)).isoformat()
        shared = {"visit": number, "ticket": number, "window": "1", "service": "a", "person": 1, "day": day}
        made = tx.insert(
            Invitation, token=str(number), opened_at=tx.now, closes_at=tx.now,
            closed_why="rated" if level else "time_out", **shared,
        )  # fmt: skip
        if level:
            tx.insert(Rating, token=made.token, level=level, at=tx.now, channel="pad", **shared)


def test_ratings_of_the_last_month_with_raters_and_coverage_d02(hall: Bench) -> None:
    assert pages.last_month(hall.db).ratings is None
    hall.do(april)
    assert pages.last_month(hall.db).ratings == {
        "month": "2024-04", "raters": 4, "satisfied": 3, "rated": 4, "invited": 5,
        "levels": {"5": 1, "4": 1, "3": 1, "2": 0, "1": 1},
    }  # fmt: skip
