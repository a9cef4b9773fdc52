"""What the past passed on: matters to who is responsible, a no to the leader in charge, windows from one to the other.

Days are working days before the demo begins: 1 is the last one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from hallq.demo.past.cases import BY_WINDOW
from hallq.kernel import Tx
from hallq.outcomes.handing import handovers, referrals, refusal_looks, refusals
from hallq.ticketing import commands
from hallq.ticketing.model import Department

LEADERS = ("方志平", "苏和")
SEEN = "已阅，理由充分，请做好解释，告知救济途径。"
RELIEVED = {10: "1", 5: "12", 1: "3"}  # day -> window whose second clerk takes over at noon
REMARKS = ("材料柜钥匙在左边抽屉，叫号器已重启。", "已清点，无误。")


class Passed(NamedTuple):
    department: str
    matter: str
    name: str
    phone: str
    message: str
    tel: str
    written: int
    answered: int = 0
    answer: str = ""


PASSED = (
    Passed("zhujian", "咨询老旧小区加装电梯补贴", "其木格", "13800001021", "想知道一楼不同意怎么办", "7218640",
           written=17, answered=16, answer="已电话答复补贴标准和业主表决比例，并寄送办事指南。"),
    Passed("minzheng", "询问异地低保关系转移", "斯琴", "13800001022", "户口在外县，人住本县", "7218615",
           written=8, answered=7, answer="已与迁出地民政部门核实，告知群众需要的三项材料。"),
    Passed("budongchan", "继承公证后过户是否还要全部继承人到场", "巴图", "13800001023", "", "7218650", written=1),
)  # fmt: skip
SAID_NO: dict[str, Any] = {
    "department": "shijian", "window": "33", "service": "food", "what": "要求在住宅楼内开办餐饮店并当场发证",
    "reason": "经营场所不符合许可条件", "basis": "《食品经营许可和备案管理办法》第十二条",
}  # fmt: skip


def morning(tx: Tx) -> None:
    """Leaders have seen the refusals of the day before."""
    for row in tx.find(refusal_looks.ALL_UNSEEN):
        refusals.note(tx, refusal=row.id or 0, leader=LEADERS[(row.id or 0) % 2], opinion=SEEN)


def pass_on(tx: Tx, *, left: int) -> None:
    for row in PASSED:
        if tx.get(Department, row.department) is None:
            continue
        if left == row.written:
            personal = {name: getattr(row, name) for name in ("name", "phone", "message")}
            referrals.write(tx, department=row.department, matter=row.matter, tel=row.tel, **personal)
        if left == row.answered:
            for each in tx.find(referrals.OPEN):
                if each.matter == row.matter:
                    referrals.answer(tx, referral=each.id or 0, answer=row.answer)
    if left == 1 and tx.get(Department, SAID_NO["department"]) is not None:
        refusals.record(tx, **SAID_NO)


def windows(left: int) -> list[str]:
    """Where somebody must sit on that day."""
    return [RELIEVED[left]] if left in RELIEVED else []


def relieve(tx: Tx, *, window: str) -> None:
    """Both sign; at a window with one clerk nobody takes over."""
    giver, *others = [row.id or 0 for row in tx.find(BY_WINDOW, window=window)]
    if not others:
        return
    taker = others[0]
    handovers.sign(tx, window=window, person=giver, remark=REMARKS[0])
    commands.sign_out(tx, window=window)
    commands.sign_in(tx, window=window, person=taker)
    handovers.confirm(tx, window=window, person=taker, remark=REMARKS[1])
