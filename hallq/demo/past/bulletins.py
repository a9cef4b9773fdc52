"""The past's bulletins went out: read out each morning, the month's approved after some days, interviews held."""

from __future__ import annotations

from hallq.assessment.bulletins import commands, facts, interviews
from hallq.assessment.bulletins.due import DRAFTS
from hallq.assessment.bulletins.kinds import ORAL
from hallq.assessment.bulletins.model import DRAFT, Bulletin
from hallq.kernel import MINUTE
from hallq.store import Store

AFTER = 4 * 24 * 60 * MINUTE  # a month's: so long after it was drafted
NAMES = ("林静", "方志平", "苏和")
WRITTEN = {
    "meetings": "综合窗口每个工作日召开晨会、夕会，考勤、仪容仪表和当日提示均有记录，无缺会。",
    "leaders": "领导带班表按周公布，带班领导每日到岗，带班记录完整。",
}
NOTE = "通报了上月问题，部门表示认领整改，一周内反馈。"


def issue(store: Store) -> None:
    """On a morning of the past, after the hub has begun its drafts."""
    for row in store.reader().find(DRAFTS, state=DRAFT):
        if row.facts_at is None:
            found = facts.gather(store.reader(), number=row.id or 0)
            row = store.run(commands.fill, bulletin=row.id, found=found)
        if row.kind == ORAL or store.now() - row.made_at >= AFTER:
            _approve(store, row)
    for task in store.reader().find(interviews.OPEN):
        held = {"interviewer": NAMES[1], "interviewee": "部门负责人", "note": NOTE}
        store.run(interviews.hold, interview=task.id, held_on=store.reader().day, **held)


def _approve(store: Store, row: Bulletin) -> None:
    sections = [
        {"code": each["code"], "hidden": False, "paragraphs": each["paragraphs"] or [WRITTEN[each["code"]]]}
        for each in commands.parsed(row.content)["sections"]
        if each["code"] in WRITTEN
    ]
    if sections:
        row = store.run(commands.edit, bulletin=row.id, seen=row.version, title=row.title, sections=sections)
    for place in range(len(commands.kind_of(store.reader(), row).steps)):
        row = store.run(commands.approve, bulletin=row.id, seen=row.version, name=NAMES[place])
