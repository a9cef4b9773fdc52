"""Items' guides: which version is in force on a day, what the hall fills in, what a change request does."""

from __future__ import annotations

import io
import zipfile
from typing import Any, get_args

import openpyxl
import pytest

from hallq.items import completeness, guides, requests, sheet, sheet_import
from hallq.items.content import Guide, Material, Step
from hallq.items.model import GuideRequest, GuideVersion
from hallq.kernel import Tx
from hallq.texts import EN, ZH, text
from hallq.ticketing import commands
from hallq.ticketing.model import Service
from tests.commands.conftest import Bench

DAY = 24 * 3600


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


FULL = Guide(
    summary="办理", basis=("户口登记条例",), steps=(Step(name="受理"),), promised_days=3, legal_days=10, fee="不收费",
    time_source="law", no_materials=True,
)  # fmt: skip
WISH: dict[str, Any] = {"department": "social", "trigger": "elements", "reason": "材料减少", "approver": "王科长"}
TODAY, TOMORROW = "2024-05-06", "2024-05-07"


def ask(hall: Bench, **wish: Any) -> GuideRequest:
    values: dict[str, Any] = {"kind": "change", "service": "a", "guide": FULL, "from_day": TODAY} | WISH | wish
    asked: GuideRequest = hall.do(requests.file, **values)
    return asked


def test_a_change_that_is_approved_is_a_version_on_its_day_h14(hall: Bench) -> None:
    asked = ask(hall, from_day=TOMORROW)
    assert [row[3] for row in hall.rows("notice", "done_at IS NULL")] == ["gn.asked"]
    approved = hall.do(requests.approve, number=asked.id, leader="李局长")
    assert approved.state == "approved" and guides.current(hall.db, "a") is None
    hall.do(requests.apply_due)
    assert guides.current(hall.db, "a") is None
    hall.wait(DAY)
    hall.do(requests.apply_due)
    found = guides.current(hall.db, "a")
    assert found is not None and (found.from_day, found.guide.approver) == (TOMORROW, "王科长")
    assert hall.row(GuideRequest, asked.id).state == "done"
    [notice] = hall.rows("notice", "done_at IS NULL")
    assert notice[3] == "gn.done"


def test_what_is_refused_or_withdrawn_changes_nothing_h14(hall: Bench) -> None:
    asked = ask(hall)
    second = WISH | {"kind": "cancel", "service": "a", "from_day": TODAY}
    assert hall.refused(requests.file, **second).code == "item_asked"
    assert hall.do(requests.refuse, number=asked.id, leader="李局长", why="依据不足").state == "refused"
    asked = ask(hall, from_day=TOMORROW)
    hall.do(requests.approve, number=asked.id, leader="李局长")
    assert hall.do(requests.withdraw, number=asked.id).state == "withdrawn"
    assert guides.versions(hall.db, "a") == []
    for wish, code in (
        ({"from_day": "2024-05-05"}, "guide_reaches_back"), ({"kind": "add"}, "item_listed"),
        ({"department": "tax"}, "invalid"), ({"guide": None}, "invalid"), ({"service": "x"}, "not_found"),
    ):  # fmt: skip
        base = {"kind": "change", "service": "a", "guide": FULL, "from_day": TODAY}
        assert hall.refused(requests.file, **base | WISH | wish).code == code


def many_done(tx: Tx, *, count: int) -> None:
    """A workbook's."""
    wish = WISH | {"kind": "change", "service": "b", "from_day": tx.day, "state": "done", "document": "", "name": ""}
    for _ in range(count):
        tx.insert(GuideRequest, content="", at=tx.now, by=tx.actor, **wish)


def test_what_is_open_stands_first_in_the_list_however_much_was_entered_since(hall: Bench) -> None:
    asked = ask(hall)
    hall.do(many_done, count=501)
    listed = requests.listed(hall.db)
    assert (listed[0].id, listed[0].state, len(listed)) == (asked.id, "filed", 501)


def test_an_edit_of_the_office_is_in_force_at_once_and_the_old_one_stays_h03(hall: Bench) -> None:
    first = FULL.model_copy(update={"approver": "王科长"})
    hall.do(requests.enter, service="a", guide=first, reason="首次录入", leader="李局长")
    assert hall.refused(requests.enter, service="a", guide=first, reason="again", leader="x").code == "guide_same"
    paid = first.model_copy(update={"fee": "10 元"})
    hall.do(requests.enter, service="a", guide=paid, reason="开始收费", leader="李局长")
    assert [guides.parsed(row.content).fee for row in guides.versions(hall.db, "a")] == ["10 元", "不收费"]


def test_the_list_follows_what_was_approved_h15(hall: Bench) -> None:
    add = ask(hall, kind="add", service="new", name="新事项")
    hall.do(requests.approve, number=add.id, leader="李局长")
    row = hall.row(Service, "new")
    assert (row.active, row.name, row.prefix) == (True, "新事项", "A")
    hall.do(commands.sign_in, window="1", person=1)
    ticket = hall.do(commands.issue, service="a")
    cancel = ask(hall, kind="cancel", guide=None)
    hall.do(requests.approve, number=cancel.id, leader="李局长")
    hall.do(requests.withdraw, number=cancel.id)
    hall.do(commands.cancel, ticket=hall.do(commands.issue, service="a").id)  # numbers are given again
    cancel = ask(hall, kind="cancel", guide=None)
    hall.do(requests.approve, number=cancel.id, leader="李局长")
    assert hall.row(Service, "a").active  # somebody holds a number
    assert hall.refused(commands.issue, service="a").code == "stopped"  # nobody gets a new one
    hall.do(requests.apply_due)
    assert "gn.waits" in {row[3] for row in hall.rows("notice", "done_at IS NULL")}
    hall.do(commands.cancel, ticket=ticket.id)
    hall.do(requests.apply_due)
    assert not hall.row(Service, "a").active and "a" not in hall.picture.services
    again = ask(hall, kind="add")
    hall.do(requests.approve, number=again.id, leader="李局长")
    assert hall.do(commands.issue, service="a").state == "waiting"


def test_every_choice_of_the_page_has_words() -> None:
    keys = [f"kind_{one}" for one in get_args(requests.Kind)] + [f"trigger_{one}" for one in get_args(requests.Trigger)]
    keys += [f"state_{one}" for steps in requests.AFTER.values() for one in {*steps, *steps.values()}]
    keys += [f"warn_{one}" for one in completeness.WARNINGS]
    assert all(text(f"gt.{key}", lang) for key in keys for lang in (ZH, EN))


def test_what_a_guide_lacks_is_counted_h01_h02_i14_i22(hall: Bench) -> None:
    hall.do(enter, service="a", number=1, day="2024-05-01", guide=FULL)
    odd = FULL.model_copy(update={"promised_days": 6, "steps": FULL.steps * 6, "basis": ()})
    hall.do(enter, service="b", number=1, day="2024-05-01", guide=odd)
    own = FULL.model_copy(update={"legal_days": None})
    hall.do(enter, service="c", number=1, day="2024-05-01", guide=own)
    items = {item["service"]: item for item in completeness.look(hall.db)}
    assert items["a"]["missing"] == [] and "phone" in items["a"]["fields"] and "place" not in items["a"]["fields"]
    assert items["b"]["missing"] == ["basis"] and items["b"]["warnings"] == ["half_time", "many_steps"]
    assert items["c"]["warnings"] == ["own_time"] and len(items["d"]["missing"]) == 6
    counts = completeness.by_department(list(items.values()))
    assert counts[0] == {"department": "social", "six": 1, "full": 0, "den": 2}


# -- the workbook


def workbook(hall: Bench, **cells: Any) -> bytes:
    """The exported one with other values: `B3` of the items' sheet, `materials_B2` of another."""
    book = openpyxl.load_workbook(io.BytesIO(sheet.book(hall.db)))
    for place, content in cells.items():
        name, _, cell = place.rpartition("_")
        book[{"": "事项", "materials": "申请材料", "steps": "办理流程"}[name]][cell] = content
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plan(hall: Bench, **cells: Any) -> sheet_import.Plan:
    return sheet_import.compare(hall.db, sheet_import.read(workbook(hall, **cells)))


RICH = FULL.model_copy(update={
    "basis": ("甲法", "=乙法"), "no_materials": False, "kind": "permit", "mail": True, "legal_days": 0,
    "materials": (Material(name="户口簿", form="both", copies=2, samples=(7,)), Material(name="照片", when="换领时")),
})  # fmt: skip


def test_an_unchanged_workbook_changes_nothing(hall: Bench) -> None:
    hall.do(enter, service="a", number=1, day="2024-05-01", guide=RICH)
    assert plan(hall) == sheet_import.Plan([], 4, [])


def test_a_changed_item_becomes_a_version_and_no_other(hall: Bench) -> None:
    hall.do(enter, service="a", number=1, day="2024-05-01", guide=RICH)
    more = {"materials_A4": "a", "materials_B4": "申请表", "materials_D4": "申请表"}
    found = plan(hall, P2="30 元", materials_B2="户口本", **more)
    [change] = found.changes
    assert (change.service, change.fields, found.same) == ("a", ["materials", "fee"], 3)
    assert [(one.name, one.form, one.copies) for one in change.guide.materials][2] == ("申请表", "form", 1)
    assert hall.do(sheet_import.enter, changes=found.changes, leader="李局长", reason="年度核对") == ["a"]
    now = guides.current(hall.db, "a")
    assert now is not None and (now.version, now.guide.fee, now.guide.materials[1].when) == (2, "30 元", "换领时")
    stale = {"changes": found.changes, "leader": "李局长", "reason": "again"}
    assert hall.refused(sheet_import.enter, **stale).code == "stale"


def test_a_fault_names_sheet_row_and_column_in_words(hall: Bench) -> None:
    hall.do(enter, service="a", number=1, day="2024-05-01", guide=RICH)
    words = [fault.words(ZH) for fault in plan(hall, A3="zz", AK1="多余").faults]
    assert words == ["“事项”第 1 行“多余”：多出这一列，请删除或改回原来的标题"]
    cells = {"A3": "zz", "B4": "别的", "F2": "许可", "M2": "三天", "steps_A2": "x"}
    found = plan(hall, P5="长" * 201, materials_B3=None, **cells)
    places = {(fault.sheet, fault.row, fault.column, fault.why) for fault in found.faults}
    assert found.changes == [] and places == {
        ("事项", 2, "事项类型", "not_choice"), ("事项", 2, "承诺时限（工作日）", "not_number"),
        ("事项", 5, "收费标准", "too_long"), ("事项", 3, "事项编码", "unknown_code"),
        ("事项", 4, "事项名称", "name_differs"),
        ("申请材料", 3, "材料名称", "empty"), ("办理流程", 2, "事项编码", "not_listed"),
    }  # fmt: skip
    assert all(fault.words(lang) for fault in found.faults for lang in (ZH, EN))
    odd = plan(hall, AI2="nosuch", D3="#REF!", materials_E2=100, materials_E3="两份").faults
    assert {fault.words(ZH) for fault in odd} == {
        "“事项”第 2 行“人生大事（编码）”：没有编码为“nosuch”的人生大事，请核对“标准与口径”里的编码",
        "“事项”第 3 行“服务内容”：公式出错（#REF!），请改填文字或数字",
        "“申请材料”第 2 行“份数”：请填 0 至 99 的整数", "“申请材料”第 3 行“份数”：请填 0 至 99 的整数",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"PK", "unreadable"), (b"x" * (sheet_import.MOST + 1), "too_large"), ({"a": b"0" * 43_000_000}, "too_large"),
     ({"xl/vbaProject.bin": b"x"}, "macros"), ({"a": b"x"}, "unreadable")],
)  # fmt: skip
def test_a_file_that_is_no_plain_workbook_is_not_opened(content: Any, why: str) -> None:
    if isinstance(content, dict):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, part in content.items():
                packed.writestr(name, part)
        content = out.getvalue()
    [fault] = sheet_import.read(content).faults
    assert fault.why == why and fault.words(ZH)
