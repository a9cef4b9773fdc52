"""Notices as the pages read them: the form of an open visit, one notice, the list, and the figures per department.

H06, D10: who was sent for papers without a written notice is counted beside the second requests of H07.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, literal_column
from sqlalchemy import select as columns
from sqlmodel import bindparam, col, select

from hallq.items import guides
from hallq.kernel import Reads, Refused, must_exist
from hallq.outcomes.model import OneTimeNotice
from hallq.outcomes.one_time import words
from hallq.outcomes.one_time.commands import ASKED, GIVEN, LAPSED, MET, OF_TICKET, REFUSED, UNMET, earlier, find
from hallq.outcomes.one_time.content import PERMIT, Content, parsed, proposal
from hallq.texts import EN
from hallq.ticketing.lookups import DEPARTMENTS, name_of, name_of_actor, wished
from hallq.ticketing.model import Service, Ticket, Visit, Window
from hallq.ticketing.tickets import returns

Json = dict[str, Any]
MOST = 1000

_WISHED: tuple[Any, ...] = (
    wished("department", col(OneTimeNotice.department)), wished("window", col(OneTimeNotice.window)),
    col(OneTimeNotice.nth) >= bindparam("nth"),
)  # fmt: skip
BETWEEN = (
    select(OneTimeNotice)
    .where(
        col(OneTimeNotice.day).between(bindparam("since"), bindparam("until")),
        wished("state", col(OneTimeNotice.state)), *_WISHED,
    )
    .order_by(col(OneTimeNotice.day).desc(), col(OneTimeNotice.id).desc())
    .limit(MOST)
)  # fmt: skip
WAITING = select(OneTimeNotice).where(col(OneTimeNotice.state) == literal_column("'asked'"), *_WISHED)
ROWS = columns(
    col(OneTimeNotice.department), col(OneTimeNotice.state), col(OneTimeNotice.nth) > 1,
    col(OneTimeNotice.papers) > 0, func.count(),
).where(
    col(OneTimeNotice.day) >= bindparam("since"), col(OneTimeNotice.day) <= bindparam("until")
).group_by(
    col(OneTimeNotice.department), col(OneTimeNotice.state), col(OneTimeNotice.nth) > 1, col(OneTimeNotice.papers) > 0
)  # fmt: skip
WRITTEN = (  # the visit has a notice on paper
    columns(literal_column("1"))
    .where(
        col(OneTimeNotice.visit) == Visit.id,
        col(OneTimeNotice.state).in_([literal_column(f"'{state}'") for state in (GIVEN, MET, LAPSED)]),
        col(OneTimeNotice.form) != literal_column("'oral'"),
    )
    .exists()
)
SENT = (
    columns(col(Window.department), func.count(), func.sum(case((WRITTEN, 0), else_=1)))
    .select_from(Visit)
    .join(Window, col(Window.no) == Visit.window)
    .where(
        col(Visit.day) >= bindparam("since"), col(Visit.day) <= bindparam("until"),
        col(Visit.park_kind) == literal_column("'papers'"),
    )
    .group_by(col(Window.department))
)  # fmt: skip
UNWRITTEN = (
    select(Visit)
    .join(Window, col(Window.no) == Visit.window)
    .where(
        col(Visit.day) >= bindparam("since"), col(Visit.day) <= bindparam("until"),
        col(Visit.park_kind) == literal_column("'papers'"), ~WRITTEN, wished("department", col(Window.department)),
    )
    .order_by(col(Visit.day).desc(), col(Visit.id).desc())
    .limit(MOST)
)  # fmt: skip
FIGURES = ("given", "requests", "cases", "second", "asked", "refused", "met", "lapsed", "sent", "unwritten")


def form(db: Reads, *, window: str) -> Json:
    """What the open visit's item needs, what was asked for before, and when who goes now may come back."""
    row = must_exist(db.get(Window, window), "window", window)
    ticket = db.get(Ticket, row.ticket) if row.ticket is not None else None
    if ticket is None:
        raise Refused("wrong_state", state=None)
    service = must_exist(db.get(Service, ticket.service), "service", ticket.service)
    found = guides.current(db, service.code)
    visit = db.get(Visit, row.visit) if row.visit is not None else None
    case_no = visit.case_no if visit is not None else None
    proposed: Content = proposal(found.guide if found else None)
    return {
        "ticket": ticket.id, "number": ticket.number, "service": service.code,
        "guide": guides.shape(db, service, found), "permit": bool(found and found.guide.kind == PERMIT),
        "proposal": proposed.model_dump(mode="json"),
        "earlier": [shape(db, notice) for notice in db.find(OF_TICKET, ticket=ticket.id)],
        "requests": len(earlier(db, ticket=ticket, case_no=case_no)),
        "return_by": returns.return_day(db),
    }  # fmt: skip


def returned(db: Reads, *, window: str) -> Json | None:
    """The notice with which the citizen at hand came back, as long as its papers are not checked off."""
    row = must_exist(db.get(Window, window), "window", window)
    notices = db.find(OF_TICKET, ticket=row.ticket) if row.ticket is not None else []
    return next((shape(db, each) for each in reversed(notices) if each.state in UNMET and each.papers), None)


def listing(
    db: Reads, *, since: str, until: str, department: str | None = None, state: str | None = None,
    window: str | None = None, second: bool = False,
) -> list[Json]:  # fmt: skip
    """The newest `MOST`; those that wait for a word (`asked`) all, from whatever day. `second`: no case's first one."""
    wish = {"department": department, "window": window, "nth": 2 if second else 1}
    waiting = state == ASKED
    rows = db.find(WAITING, **wish) if waiting else db.find(BETWEEN, **wish, since=since, until=until, state=state)
    return [shape(db, row) for row in rows]


def todays(db: Reads, *, window: str) -> list[Json]:
    return listing(db, since=db.day, until=db.day, window=window)


def one(db: Reads, *, notice: int) -> Json:
    return shape(db, find(db, notice))


def shape(db: Reads, row: OneTimeNotice) -> Json:
    names = (
        "id", "no", "day", "at", "ticket", "visit", "service", "department", "window", "case_no", "nth", "guide",
        "papers", "state", "why", "leader", "said", "decided_at", "return_by", "form", "met_at",
    )  # fmt: skip
    values = {name: getattr(row, name) for name in names}
    return values | {
        "aside": bool(row.aside), "number": _number(db, row.ticket), "clerk": name_of(db, row.person),
        "decided_by": name_of_actor(db, row.decided_by or ""),
        "content": parsed(row.content).model_dump(mode="json"),
        "content_en": words.of(db, row, EN).model_dump(mode="json"),
    }  # fmt: skip


def unwritten(db: Reads, *, since: str, until: str, department: str | None = None) -> list[Json]:
    """Who was sent for papers without a notice on paper (H06): by whom, when."""
    return [
        {"at": row.ended_at, "number": _number(db, row.ticket), "service": row.service, "window": row.window,
         "department": window.department if window else "", "clerk": name_of(db, row.person)}
        for row in db.find(UNWRITTEN, since=since, until=until, department=department)
        for window in [db.get(Window, row.window)]
    ]  # fmt: skip


def _number(db: Reads, key: int) -> str:
    ticket = db.get(Ticket, key)
    return ticket.number if ticket else ""


def figures(db: Reads, *, since: str, until: str, department: str | None = None) -> Json:
    """`second` of `cases` (H07), `unwritten` of `sent` (H06), for the hall and for each department."""
    units: dict[str, Json] = {row.code: dict.fromkeys(FIGURES, 0) for row in db.find(DEPARTMENTS)}
    for unit, state, again, asks, count in db.values(ROWS, since=since, until=until):
        _add(units.setdefault(unit, dict.fromkeys(FIGURES, 0)), state, bool(again), bool(asks), count)
    for unit, sent, unwritten in db.values(SENT, since=since, until=until):
        units.setdefault(unit, dict.fromkeys(FIGURES, 0)).update(sent=sent, unwritten=unwritten or 0)
    shown = {unit: values for unit, values in units.items() if department in (None, unit)}
    total = {name: sum(values[name] for values in shown.values()) for name in FIGURES}
    return {"total": total, "departments": [{"department": unit} | values for unit, values in shown.items()]}


def _add(unit: Json, state: str, again: bool, asks: bool, count: int) -> None:
    if state in (ASKED, REFUSED):
        unit[state] += count
    elif state in (GIVEN, MET, LAPSED):
        unit["given"] += count
        unit["requests"] += count if asks else 0
        unit["second" if again else "cases"] += count if asks else 0
        if state in (MET, LAPSED):
            unit[state] += count
