"""What became of the past's bad ratings and complaints: worked off by the commands that a hall uses, mostly in time."""

from __future__ import annotations

from random import Random
from typing import Any

from sqlmodel import bindparam, col, select

from hallq.assessment.cases import rules
from hallq.assessment.cases.commands import take_step
from hallq.assessment.cases.looks import OPEN_ONES
from hallq.assessment.cases.model import Case
from hallq.assessment.cases.registry import leave_contact, register
from hallq.store import Store
from hallq.ticketing.model import Person

BY_ROLE = select(Person).where(Person.role == bindparam("role")).order_by(col(Person.id))
BY_WINDOW = select(Person).where(Person.window == bindparam("window")).order_by(col(Person.id))
OFFICE = "大厅管理室"  # while the hall knows nobody of its office
NAMED = 0.4  # of the bad ratings
TAKEN = 0.75  # of the open cases, on a morning
COMPLAINTS = 0.3  # new ones, on a morning
NOTES = {
    "verify": "调取本号经过，向当事人核实。",
    "contact": "已致电了解情况并致歉。",
    "rectify": "窗口已整改，当事人重新学习服务规范。",
    "answer": "已将处理情况答复群众。",
    "visit": "群众表示满意。",
    "close": "整改到位，予以办结。",
    "investigate": "群众反映排队时间长、讲解不够明白。",
    "decide": "请承办单位加强业务培训，并向群众说明。",
    "handle": "已组织培训，调整窗口力量。",
}
TOLD = (
    ("telephone", "wait", "ordinary", "等了一个多小时才办上，希望高峰时多开窗口。"),
    ("register", "skill", "ordinary", "两个工作人员说的材料不一样，跑了两趟。"),
    ("box", "idea", "suggestion", "建议在等候区增加饮水机和充电的地方。"),
    ("12345", "attitude", "ordinary", "窗口人员说话不耐烦。"),
    ("network", "idea", "suggestion", "希望办事指南写清楚要不要复印件。"),
)
WINDOWS = ("3", "8", "14", "21", "26")


def work_off(store: Store, chance: Random) -> None:
    """On a morning of the past."""
    office = store.reader().first(BY_ROLE, role="office")
    name = office.name if office is not None else OFFICE
    for case in store.reader().find(OPEN_ONES):
        if case.state == "open" and case.rating is not None and chance.random() < NAMED:
            store.run(leave_contact, rating=case.rating, contact=f"1380000{chance.randrange(10000):04d}")
        if chance.random() < TAKEN:
            for _ in range(chance.randrange(1, 4)):
                _step(store, chance, case.id or 0, name)
    if chance.random() < COMPLAINTS:
        _complaint(store, chance, name)


def _step(store: Store, chance: Random, number: int, name: str) -> None:
    case = store.reader().get(Case, number)
    if case is None or case.closed_at is not None:
        return
    ways = rules.moves(case.kind, case.state, bool(case.named), case.verdict)
    step = next((one for one in ways if one in NOTES or one == "accept"), "")
    if not step:
        return
    result = ("unfounded" if chance.random() < 0.1 else "upheld") if step in ("verify", "decide") else ""
    other = "当事人说明当时业务系统较慢。" if step == "investigate" else ""
    store.run(take_step, case=number, step=step, name=name, note=NOTES.get(step, ""), other_side=other, result=result)


def _complaint(store: Store, chance: Random, name: str) -> None:
    channel, topic, kind, matter = chance.choice(TOLD)
    window = chance.choice(WINDOWS)
    people = store.reader().find(BY_WINDOW, window=window)
    about: dict[str, Any] = {} if kind == "suggestion" or not people else {"window": window, "person": people[0].id}
    store.run(
        register, kind=kind, channel=channel, topic=topic, matter=matter, by_name=name,
        contact=f"1390000{chance.randrange(10000):04d}", name="群众", **about,
    )  # fmt: skip
