"""What the past's visits were: a kind for most of them, promises mostly kept, and the citizens told of the result."""

from __future__ import annotations

from random import Random

from sqlmodel import bindparam, col, select

from hallq.kernel import MINUTE, Reads, Tx
from hallq.office import messages
from hallq.outcomes import clock, progress
from hallq.outcomes.looks import RUNNING, UNTOLD
from hallq.ticketing.model import Notice, Visit
from hallq.ticketing.opening import calendar

NAMED = 0.85  # of the visits; the rest is finished without a word
DRAWN = {"advice": 0.06, "supplement": 0.04, "giveback": 0.003, "refuse": 0.002}
SPOT = 0.97  # of what the guide says is done on the spot
EARLY, LATE, TOLD = 0.25, 0.01, 0.95  # of the open promises, on an evening
REASONS = {  # in the words that the standard proposes
    "supplement": ("申请材料不齐全", "申请材料不齐全", "申请材料不符合法定形式"),
    "giveback": ("申请材料不齐全，逾期未补正", "申请材料不符合法定形式，无法当场更正", "申请人自愿撤回申请"),
    "refuse": ("申请事项依法不属于本行政机关职权范围，请向有关行政机关申请", "申请事项不符合法定的受理条件"),
}
EXTENDED = 0.004  # of those that fall due
LEADER = "方志平"
WHY_LONGER = ("需要上级部门核查，暂未反馈结果", "现场勘查因天气原因顺延")
TOLD_CLERK = select(Notice).where(col(Notice.words) == "oc.extended", col(Notice.done_at).is_(None))
OF_DAY = (  # those that a story has named already stay as they are
    select(Visit)
    .where(col(Visit.day) == bindparam("day"), col(Visit.end) == "finished", col(Visit.outcome).is_(None))
    .order_by(col(Visit.id))
)


def name_kinds(tx: Tx, *, day: str) -> None:
    """The case itself is made by what follows each command."""
    chance = Random(f"{day}/kinds")
    for visit in tx.find(OF_DAY, day=day):
        if chance.random() < NAMED:
            kind = kind_of(tx, visit.service, chance)
            tx.update(
                visit, outcome=kind, case_no=f"SP{day.replace('-', '')}{visit.id:05d}", reason=reason_of(kind, chance)
            )


def work_off(tx: Tx, *, day: str) -> None:
    """On the evening: due ones are done, some of the others too; a few citizens are told a day later."""
    chance = Random(f"{day}/promises")
    for row in tx.find(UNTOLD):
        progress.told(tx, outcome=row.id or 0)
    for row in tx.find(RUNNING):
        if row.id is None or row.due_day is None:
            continue
        if row.due_day == day and chance.random() < EXTENDED:
            until = calendar.add_working_days(tx, day, chance.randrange(3, 10))
            progress.extend(tx, outcome=row.id, to_day=until, reason=chance.choice(WHY_LONGER), leader=LEADER)
            for told in tx.find(TOLD_CLERK):
                messages.read(tx, notice=told.id or 0)
            continue
        if chance.random() >= (1 - LATE if row.due_day <= day else EARLY):
            continue
        progress.done(tx, outcome=row.id, at=max(row.accepted_at or 0, tx.now - chance.randrange(30, 400) * MINUTE))
        if chance.random() < TOLD:
            progress.told(tx, outcome=row.id)


def kind_of(db: Reads, service: str, chance: Random) -> str:
    [kind] = chance.choices([*DRAWN, ""], [*DRAWN.values(), 1 - sum(DRAWN.values())])
    if kind:
        return kind
    spot = clock.guide_of(db, service).handling == "spot"
    return "spot" if spot and chance.random() < SPOT else "promise"


def reason_of(kind: str, chance: Random) -> str | None:
    return chance.choice(REASONS[kind]) if kind in REASONS else None
