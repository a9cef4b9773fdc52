"""The past's one-time notices, by the commands of a window: papers were missing, and most citizens came back in time.

Days are working days before the demo begins: 1 is the last one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlmodel import col, select

from hallq.assessment.ratings import commands as ratings
from hallq.demo.clock import PastClock
from hallq.demo.past.cases import BY_WINDOW
from hallq.items.content import Guide, Material
from hallq.kernel import MINUTE, Tx
from hallq.office.closures import PARKED_HERE
from hallq.outcomes import clock as promises
from hallq.outcomes.model import OneTimeNotice
from hallq.outcomes.one_time import commands as one_time
from hallq.outcomes.one_time import second as one_time_second
from hallq.outcomes.one_time.content import Content, Missing, proposal
from hallq.store import Store
from hallq.ticketing import commands
from hallq.ticketing.model import Kiosk, Ticket, Window, WindowService
from hallq.ticketing.tickets import returns
from hallq.ticketing.windows import desk

APART = 2 * MINUTE
AT_WINDOW = 7 * MINUTE
LEADER = "方志平"
WHY = "复核时发现企业名称已变更，需补充变更后的证明。"
SAID = "情况属实，同意再次告知，请向群众说明并致歉。"
WHY_TODAY = "核对购房合同时发现还缺契税完税证明，上次未能看出。"
KIOSKS = select(Kiosk).where(col(Kiosk.query).is_not(True)).order_by(col(Kiosk.id))


class Story(NamedTuple):
    window: str
    service: str
    papers: tuple[int, ...]  # of the guide's materials
    given: int
    back: int = 0  # 0: not yet, or never
    again: int = 0  # a second request, which the leader allowed


STORIES = (
    Story("23", "rental", (2, 3), given=24, back=22),
    Story("15", "household-move", (2,), given=21, back=18),
    Story("26", "house-transfer", (3, 4), given=20),
    Story("33", "food", (3, 4), given=18, back=14),
    Story("11", "relief", (3,), given=16, back=15),
    Story("22", "fund-loan", (4, 5), given=13),
    Story("8", "medical-claim", (2,), given=12, back=10),
    Story("35", "company", (3,), given=9, back=7),
    Story("24", "building", (2, 3), given=8, again=5, back=4),
    Story("4", "social-card", (1,), given=4),
    Story("14", "id-card", (0,), given=3, back=1),
    Story("34", "shop-licence", (2,), given=2, back=1),
    Story("7", "medical-chronic", (2, 3), given=2),
    Story("25", "house-new", (2, 3), given=1),
    Story("3", "social-card", (0,), given=1),
)
TODAY = Story("25", "house-new", (4,), given=0)


def windows(left: int) -> list[str]:
    """Where somebody must sit on that day."""
    return [story.window for story in STORIES if left in (story.given, story.back, story.again)]


def play(store: Store, clock: PastClock, left: int) -> int:
    """How many visits it were."""
    visits = 0
    for story in STORIES:
        if left not in (story.given, story.back, story.again):
            continue
        if store.run(come, actor=f"device:{_kiosk(store, story.window)}", story=story, first=left == story.given):
            clock.at += APART
            clerk = store.run(sit, story=story)
            clock.at += AT_WINDOW
            store.run(leave, actor=f"person:{clerk}", story=story, done=left == story.back)
            clock.at += APART
            store.run(ratings.close_due)
            visits += 1
    return visits


def come(tx: Tx, *, story: Story, first: bool) -> bool:
    """At the kiosk: for a number, or with the paper. False: a hall of its own does not do this at this window, or the
    story begins before this past."""
    row, offers = tx.get(Window, story.window), tx.get(WindowService, story.window, story.service)
    if row is None or row.shift is None or offers is None:
        return False
    if first:
        commands.issue(tx, service=story.service, kiosk=tx.actor.partition(":")[2])
        return True
    parked = _parked(tx, story)
    if parked is not None:
        commands.restore(tx, number=parked.number, check_code=parked.check_code)
    return parked is not None


def sit(tx: Tx, *, story: Story) -> int | None:
    """Who serves."""
    commands.call_next(tx, window=story.window)
    commands.start(tx, window=story.window)
    return desk.its_visit(tx, desk.at(tx, story.window, None)).person


def leave(tx: Tx, *, story: Story, done: bool) -> None:
    row = desk.at(tx, story.window, None)
    ticket = desk.its_ticket(tx, row)
    if done:
        spot = promises.guide_of(tx, story.service).handling == "spot"
        case_no = f"SP{tx.day.replace('-', '')}{row.visit:05d}"
        commands.finish(tx, window=story.window, outcome="spot" if spot else "promise", case_no=case_no)
        return
    second = bool(one_time.earlier(tx, ticket=ticket, case_no=None))
    notice = _give(tx, story, papers=story.papers[-1:] if second else story.papers, why=WHY if second else "")
    if second:
        one_time_second.approve(tx, notice=notice.id or 0, leader=LEADER, said=SAID)


def lacking(guide: Guide, papers: Iterable[Material]) -> Content:
    """What a clerk's notice says when these of the guide's papers are not there."""
    missing = tuple(Missing(name=row.name, how=row.how) for row in papers)
    return proposal(guide).model_copy(update={"missing": missing})


def ask_again(tx: Tx) -> None:
    """On the morning of the demo itself: a second request that waits for a leader's word."""
    row, ticket = tx.get(Window, TODAY.window), _parked(tx, TODAY)
    person = next(iter(tx.find(BY_WINDOW, window=TODAY.window)), None)
    if row is None or ticket is None or person is None or person.id is None:
        return
    commands.sign_in(tx, window=row.no, person=person.id)
    commands.call(tx, window=row.no, ticket=ticket.id or 0)
    commands.start(tx, window=row.no)
    _give(tx, TODAY, papers=TODAY.papers, why=WHY_TODAY)
    commands.park(tx, window=row.no, kind=returns.PAPERS, slip=False)
    commands.sign_out(tx, window=row.no)


def _give(tx: Tx, story: Story, *, papers: tuple[int, ...], why: str) -> OneTimeNotice:
    guide = promises.guide_of(tx, story.service)
    content = lacking(guide, [row for n, row in enumerate(guide.materials) if n in papers])
    return one_time.give(tx, window=story.window, content=content, why=why, aside=True)


def _parked(tx: Tx, story: Story) -> Ticket | None:
    return next((row for row in tx.find(PARKED_HERE, window=story.window) if row.service == story.service), None)


def _kiosk(store: Store, window: str) -> str:
    db = store.reader()
    row = db.get(Window, window)
    return next((kiosk.id for kiosk in db.find(KIOSKS) if row is not None and kiosk.zone == row.zone), "")
