"""The past's patrols: one on most working days, joint ones and a leader's in time; their findings are worked off."""

from __future__ import annotations

from random import Random

from sqlalchemy import literal_column
from sqlmodel import col, select

from hallq.assessment.patrols import answers, commands, due, rules
from hallq.assessment.patrols.model import Finding, Patrol
from hallq.assessment.standards.commands import current
from hallq.kernel import Tx
from hallq.store import Store
from hallq.ticketing.model import Person

MISSED = 0.03  # of the working days
FOUND = 0.5  # of the patrols
PRAISED = 0.12
AREAS = ("1/front", "1/public")
PROBLEMS = (
    "chatting", "games", "desk", "box_missing", "no_badge", "not_invited", "late", "machine_unmarked", "off_post",
)  # fmt: skip
ANSWERS = (("uphold", "经核对监控，情况属实，予以维持。"), ("withdraw", "经核实情况不实，予以撤销。"))
PRAISE = ("主动帮老年人填表、复印材料", "群众午间赶来，坚持为群众办完再吃饭", "耐心解释材料，一次说清")
OPEN = select(Finding).where(
    (col(Finding.state) == literal_column("'told'")) | (col(Finding.state) == literal_column("'objected'"))
)
UNFIXED = select(Finding).where(col(Finding.fix).in_([literal_column("'due'"), literal_column("'reported'")]))
OUT = select(Patrol).where(col(Patrol.ended_at).is_(None))
CLERKS = select(Person).where(col(Person.window).is_not(None), col(Person.role) == "clerk").order_by(col(Person.id))
LEADERS = select(Person).where((col(Person.role) == "leader") | (col(Person.role) == "office")).order_by(col(Person.id))


def go_round(store: Store, chance: Random) -> None:
    """At ten in the morning of a day of the past."""
    store.run(answered, chance=chance)
    if chance.random() > MISSED:
        store.run(walked, chance=chance)


def walked(tx: Tx, *, chance: Random) -> None:
    """Every item of two areas is looked at; now and then something is found."""
    kind, names = _kind(tx), [row.name for row in tx.find(LEADERS)]
    patrol = commands.start(tx, kind=kind, areas=AREAS, people=names or ["大厅管理室"]).id or 0
    for area in AREAS:
        for item in current(tx, commands.CHECKLIST).content["item"]:
            if area.partition("/")[2] in rules.listed(item["areas"]):
                commands.check(tx, patrol=patrol, area=area, item=item["code"])
    clerks = tx.find(CLERKS)
    if clerks and chance.random() < FOUND:
        clerk, code = chance.choice(clerks), chance.choice(PROBLEMS)
        own = rules.row(current(tx, commands.CHECKLIST).content, "code", code)["whose"] == "person"
        commands.record(tx, code=code, patrol=patrol, window=clerk.window, person=clerk.id if own else None)
    if clerks and chance.random() < PRAISED:
        clerk, note = chance.choice(clerks), chance.choice(PRAISE)
        commands.record(
            tx, code=rules.PRAISE, kind=rules.PRAISE, patrol=patrol, window=clerk.window, person=clerk.id, note=note
        )


def come_back(tx: Tx) -> None:
    for row in tx.find(OUT):
        commands.end(tx, patrol=row.id or 0)


def _kind(tx: Tx) -> str:
    """F02, F03: joint ones from the 8th and the 20th on, the leader's from the 15th on."""
    counts, day = due.month(tx, tx.day[:7])["counts"], int(tx.day[8:])
    if counts["joint"] < (day >= 8) + (day >= 20):
        return "joint"
    return "leader" if day >= 15 and not counts["leader"] else "daily"


def answered(tx: Tx, *, chance: Random) -> None:
    """Chiefs accept or, now and then, object; the office answers; departments put right."""
    for row in tx.find(OPEN):
        if row.state == rules.OBJECTED:
            step, text = chance.choice(ANSWERS)
        elif chance.random() < 0.6:
            step, text = "accept", ""
        else:
            step, text = "object", "当时正在为群众核对材料，请核实。"
        if step != "object" or chance.random() < 0.3:
            answers.answer(tx, finding=row.id or 0, step=step, text=text)
    for row in tx.find(UNFIXED):
        if row.state == rules.STANDS and chance.random() < 0.6:
            step = "report" if row.fix == rules.DUE else "confirm"
            answers.answer(tx, finding=row.id or 0, step=step, text="已对照要求整改。")
