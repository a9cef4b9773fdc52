"""高峰: plans are filed two working days ahead and approved, or the office begins at once; they begin and end by
themselves (C01, C02). In force: all windows open, short pauses, no leave, no closures; the green channel stays (A09).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from hallq.kernel import Ms, Reads, Refused, Tx, must_exist
from hallq.office.peak_model import APPROVED, ENDED, FILED, IN_FORCE, REFUSED, PeakPlan
from hallq.ticketing.lookups import name_of_actor
from hallq.ticketing.model import FINISHED, HallMode, Notice, Service, Ticket, Visit
from hallq.ticketing.opening import calendar, hours
from hallq.ticketing.opening.hours import moment
from hallq.ticketing.tickets.caps import DIVERTED, TurnedAway
from hallq.ticketing.told import hush, tell
from hallq.ticketing.windows import peak

KEY, BUSY = "peak", "busy"  # of their notices
TEXTS = ("guiding", "advice", "staff", "diversion", "risks", "extended", "early")
PLANS = select(PeakPlan).order_by(col(PeakPlan.since).desc(), col(PeakPlan.id).desc()).limit(50)
OPEN_PLANS = select(PeakPlan).where((col(PeakPlan.state) == APPROVED) | (col(PeakPlan.state) == IN_FORCE))
DUE = select(PeakPlan).where(col(PeakPlan.state) == APPROVED, col(PeakPlan.since) <= bindparam("now"))
TICKETS = select_columns(
    func.count(), func.coalesce(func.sum(case((col(Ticket.state) == FINISHED, 1), else_=0)), 0)
).where(col(Ticket.day) >= bindparam("first"), col(Ticket.day) <= bindparam("last"))
TURNED = select_columns(func.count()).where(
    col(TurnedAway.day) >= bindparam("first"),
    col(TurnedAway.day) <= bindparam("last"),
    col(TurnedAway.why) != DIVERTED,
)
ALARMS = select_columns(
    func.count(), func.coalesce(func.sum(case((col(Notice.key).startswith("crowd/", autoescape=False), 1), else_=0)), 0)
).where(col(Notice.kind) == "alarm", col(Notice.at) >= bindparam("since"), col(Notice.at) < bindparam("until"))
FIRST_CALL = select_columns(func.min(col(Visit.called_at))).where(col(Visit.day) == bindparam("day"))


def enough_notice(between: int, days: int) -> bool:
    """C02: `between` working days lie between the filing and the peak's first day."""
    return between >= days


def file(
    tx: Tx, *, cause: str, since_day: str, until_day: str, order: str, services: Sequence[str] = (),
    department: str | None = None, **more: str,
) -> PeakPlan:  # fmt: skip
    """A plan, as form M10. Raises Refused: peak_too_late (detail.earliest), peak_overlap, invalid (detail.field)."""
    _must_be_said(cause=cause, order=order)
    days = tx.rules.peak_days
    if not enough_notice(calendar.working_days_between(tx, tx.day, since_day), days):
        raise Refused("peak_too_late", days=days, earliest=calendar.add_working_days(tx, tx.day, days))
    since, until = _period(tx, since_day, until_day)
    _check_services(tx, services, department)
    _must_not_overlap(tx, since, until)
    return tx.insert(
        PeakPlan, cause=cause.strip(), since=since, until=until, order=order.strip(), services=",".join(services),
        department=department, filed_at=tx.now, filed_by=tx.actor, **{name: more.get(name, "") for name in TEXTS},
    )  # fmt: skip


def approve(tx: Tx, *, plan: int) -> PeakPlan:
    row = _plan(tx, plan, FILED)
    _must_not_overlap(tx, row.since, row.until)
    return tx.update(row, state=APPROVED, decided_at=tx.now, decided_by=tx.actor)


def refuse(tx: Tx, *, plan: int, why: str) -> PeakPlan:
    _must_be_said(why=why)
    row = _plan(tx, plan, FILED)
    return tx.update(row, state=REFUSED, decided_at=tx.now, decided_by=tx.actor, why=why.strip())


def checked(tx: Tx, *, plan: int, department: str | None = None) -> PeakPlan:
    """Devices, systems and network have been checked in full (B28); a chief says it of this `department` alone."""
    row = _plan(tx, plan, FILED, APPROVED, IN_FORCE)
    if department is not None and row.department != department:
        raise Refused("forbidden")
    return tx.update(row, checked_at=tx.now, checked_by=tx.actor)


def start_now(
    tx: Tx, *, reason: str, until_day: str | None = None, order: str = "", services: Sequence[str] = ()
) -> PeakPlan:
    """The office switches peak mode on at once; it ends with the day, or with `until_day`."""
    _must_be_said(reason=reason)
    if peak.in_force(tx) is not None:
        raise Refused("wrong_state", state=KEY)
    _, until = _period(tx, tx.day, until_day or tx.day)
    _check_services(tx, services, None)
    _must_not_overlap(tx, tx.now, until)
    row = tx.insert(
        PeakPlan, state=APPROVED, cause=reason.strip(), since=tx.now, until=until, order=order.strip(),
        services=",".join(services), filed_at=tx.now, filed_by=tx.actor, decided_at=tx.now, decided_by=tx.actor,
    )  # fmt: skip
    return _begin(tx, row)


def end(tx: Tx, *, why: str) -> PeakPlan | None:
    """Before its time, with a reason."""
    _must_be_said(why=why)
    mode = peak.in_force(tx)
    if mode is None:
        raise Refused("wrong_state", state="open")
    return _end(tx, mode, why.strip())


def keep(tx: Tx) -> None:
    """A duty: plans begin and end by themselves."""
    mode = tx.get(HallMode, 1)
    if mode is not None and mode.peak_until is not None and mode.peak_until <= tx.now:
        _end(tx, mode, "")
        mode = None
    if mode is None or mode.peak_since is None:
        due = tx.first(DUE, now=tx.now)
        if due is not None:
            _begin(tx, due) if due.until > tx.now else tx.update(due, state=ENDED, ended_at=tx.now)


def warn(tx: Tx, *, services: Sequence[str], windows: int) -> None:
    """避免放号过多，防止群众跑空: these services will not all be served today. Empty: it is over."""
    if not services:
        hush(tx, BUSY, "eased")
        return
    rows = [row for row in (tx.get(Service, code) for code in services) if row is not None]
    names, names_en = "、".join(row.name for row in rows), ", ".join(row.name_en or row.name for row in rows)
    facts = {"services": list(services), "windows": windows, "names": names, "names_en": names_en}
    tell(tx, BUSY, "pm.warn", facts, kind="alert", audience="office", level="warn")


# -- looks


def plans(db: Reads) -> list[PeakPlan]:
    return db.find(PLANS)


def services_of(plan: PeakPlan) -> list[str]:
    return plan.services.split(",") if plan.services else []


def names_of(db: Reads, plan: PeakPlan) -> dict[str, str]:
    """Who filed it, decided and checked, by name."""
    return {name: name_of_actor(db, getattr(plan, name)) for name in ("filed_by", "decided_by", "checked_by")}


def report(db: Reads, plan: PeakPlan) -> dict[str, int]:
    """C09: what the days of a plan were like."""
    first = datetime.fromtimestamp(plan.since / 1000, db.rules.timezone).date().isoformat()
    last = _last_day(plan, db).isoformat()
    [(issued, served)] = db.values(TICKETS, first=first, last=last)
    [(turned,)] = db.values(TURNED, first=first, last=last)
    [(alarms, crowds)] = db.values(ALARMS, since=plan.since, until=plan.until)
    return {"issued": issued, "served": served, "turned_away": turned, "crowds": crowds, "alarms": alarms}


def first_call(db: Reads, day: str) -> str | None:
    """When the first citizen of the day was called (C08)."""
    [(at,)] = db.values(FIRST_CALL, day=day)
    return hours.clock(at, db.rules.timezone)


# -- parts


def _begin(tx: Tx, plan: PeakPlan) -> PeakPlan:
    columns = {
        "peak_since": tx.now, "peak_until": plan.until, "peak_plan": plan.id, "peak_services": plan.services,
        "peak_early": plan.early,
    }  # fmt: skip
    mode = tx.get(HallMode, 1)
    if mode is None:
        tx.insert(HallMode, **columns)
    else:
        tx.update(mode, **columns)
    detail = {
        "cause": plan.cause, "until": f"{_last_day(plan, tx):%m-%d}", "order": plan.order, "guiding": plan.guiding,
        "advice": plan.advice, "services": services_of(plan), "early": plan.early,
    }  # fmt: skip
    tell(tx, KEY, "pm.notice", detail, kind="peak", until=plan.until, level="warn")
    return tx.update(plan, state=IN_FORCE, began_at=tx.now)


def _end(tx: Tx, mode: HallMode, why: str) -> PeakPlan | None:
    plan = tx.get(PeakPlan, mode.peak_plan)
    tx.update(mode, peak_since=None, peak_until=None, peak_plan=None, peak_services=None, peak_early=None)
    hush(tx, KEY, why)
    return None if plan is None else tx.update(plan, state=ENDED, ended_at=tx.now, why=why or plan.why)


def _plan(tx: Tx, key: int, *states: str) -> PeakPlan:
    row = must_exist(tx.get(PeakPlan, key), "plan", key)
    if row.state not in states:
        raise Refused("wrong_state", state=row.state)
    return row


def _period(tx: Tx, since_day: str, until_day: str) -> tuple[Ms, Ms]:
    zone = tx.rules.timezone
    for field, day, least in (("since_day", since_day, tx.day), ("until_day", until_day, since_day)):
        if day < least:
            raise Refused("invalid", field=field)
    return moment(since_day, 0, zone), moment(until_day, 24 * 60, zone)


def _last_day(plan: PeakPlan, db: Reads) -> date:
    return (datetime.fromtimestamp(plan.until / 1000, db.rules.timezone) - timedelta(seconds=1)).date()


def _check_services(tx: Tx, services: Sequence[str], department: str | None) -> None:
    for code in services:
        row = tx.get(Service, code)
        if row is None or department not in (None, row.department):
            raise Refused("invalid", field="services")


def _must_not_overlap(tx: Tx, since: Ms, until: Ms) -> None:
    for other in tx.find(OPEN_PLANS):
        if other.since < until and since < other.until:
            first = datetime.fromtimestamp(other.since / 1000, tx.rules.timezone).date()
            raise Refused("peak_overlap", since=first.isoformat(), until=_last_day(other, tx).isoformat())


def _must_be_said(**fields: Any) -> None:
    for field, value in fields.items():
        if not value.strip():
            raise Refused("invalid", field=field)
