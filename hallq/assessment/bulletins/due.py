"""By the clock: drafts begin on their day (the 1st, each working morning); the office is reminded of what is due."""

from __future__ import annotations

from datetime import date

from sqlmodel import bindparam, col, select

from hallq.assessment.bulletins import commands, interviews, schedule
from hallq.assessment.bulletins.kinds import MONTH, WORKDAY, Kind, kinds, title_of
from hallq.assessment.bulletins.model import DRAFT, Bulletin
from hallq.assessment.standards import commands as standards
from hallq.kernel import Reads, Tx
from hallq.office import dates
from hallq.ticketing.model import Ticket
from hallq.ticketing.opening import calendar
from hallq.ticketing.told import tell

DRAFTS = select(Bulletin).where(col(Bulletin.state) == bindparam("state")).order_by(col(Bulletin.due), col(Bulletin.id))
WORKED = select(Ticket).where(col(Ticket.day).between(bindparam("since"), bindparam("until"))).limit(1)


def keep(tx: Tx) -> None:
    content = standards.current(tx, commands.STANDARD).content
    if f"{dates.local(tx.now, tx.rules.timezone):%H:%M}" < content["morning"]:
        return
    today, works = date.fromisoformat(tx.day), calendar.of_hall(tx)
    for kind in kinds(content).values():
        _begin(tx, kind, today, works)
    for row in tx.find(DRAFTS, state=DRAFT):
        _remind(tx, row, schedule.urgency(today, date.fromisoformat(row.due), works))
    _remind_of_interviews(tx, today, works)


def _begin(tx: Tx, kind: Kind, today: date, works: calendar.Works) -> None:
    """Once for its days; days on which nobody took a number need none."""
    if kind.period not in (WORKDAY, MONTH):
        return
    days = schedule.period(kind.period, today, works)
    if days is None:
        return
    since, until = (day.isoformat() for day in days)
    key = f"{kind.code}/{since}"
    if tx.first(commands.KEYED, key=key) is None and tx.first(WORKED, since=since, until=until) is not None:
        due = schedule.due(kind, today, works).isoformat()
        title = title_of(kind, since, until)
        for row in tx.find(DRAFTS, state=DRAFT):
            if row.kind == kind.code and kind.period == WORKDAY:
                commands.lapse(tx, row)
        commands.draft(tx, kind=kind.code, key=key, title=title, since=since, until=until, due=due)


def _remind(tx: Tx, row: Bulletin, level: str) -> None:
    detail = {"title": row.title, "due": row.due, "id": row.id}
    late = level == "alarm"  # who has cleared the reminder before hears of it once more
    since = dates.begin_of(row.due, tx.rules.timezone) if late else row.made_at
    tell(tx, f"bulletin/{row.id}", "bl.overdue" if late else "bl.dueOn", detail, since=since, kind="alert",
         audience=_heard_by(level), level=level)  # fmt: skip


def _remind_of_interviews(tx: Tx, today: date, works: calendar.Works) -> None:
    known = tx.find(interviews.OPEN)
    if not known:
        return
    due = known[0].due
    level = schedule.urgency(today, date.fromisoformat(due), works)
    late = level == "alarm"
    since = dates.begin_of(due, tx.rules.timezone) if late else 0
    tell(tx, "interviews", "bl.interviewsLate" if late else "bl.interviewsDue", {"n": len(known), "due": due},
         since=since, kind="alert", audience=_heard_by(level), level=level)  # fmt: skip


def _heard_by(level: str) -> str:
    """F12: what is nearly due stands on the wall too."""
    return "office" if level == "info" else "board"


def waiting_for_facts(db: Reads) -> list[int]:
    return [row.id or 0 for row in db.find(DRAFTS, state=DRAFT) if row.facts_at is None]
