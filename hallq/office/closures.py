"""窗口临时关闭（重启）: what stands against it, and what it does to the windows. Their business goes on elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import literal_column
from sqlmodel import bindparam, col, select

from hallq.kernel import Reads, Refused, Tx, iso
from hallq.office import dates, forms, leaves
from hallq.office.forms import Asked, Finding, Shut, Unit
from hallq.office.model import Closure, WindowPlan
from hallq.office.peak_model import APPROVED, IN_FORCE, PeakPlan
from hallq.ticketing.lookups import WINDOWS
from hallq.ticketing.model import Department, HallMode, Person, Service, Ticket, Window, WindowService
from hallq.ticketing.told import hush, tell
from hallq.ticketing.waiting import queue
from hallq.ticketing.windows import desk, shifts

FIXED = ("reserve", "moved")  # closed for good: the department's no more
CLOSE, SEASON, REOPEN = "close", "season", "reopen"
COMING = select(Closure).where(
    col(Closure.state).in_([literal_column(f"'{state}'") for state in forms.COMING]), col(Closure.kind) != REOPEN
)
OFFERS = select(WindowService)
SERVICES = select(Service).where(col(Service.active))
CLERKS = select(Person).where(
    col(Person.active), col(Person.role) == "clerk", col(Person.department) == bindparam("department")
)
PLAN = select(WindowPlan).where(
    col(WindowPlan.department) == bindparam("department"), col(WindowPlan.year) == bindparam("year")
)
PEAKS = select(PeakPlan).where(
    col(PeakPlan.state).in_([literal_column(f"'{state}'") for state in (APPROVED, IN_FORCE)])
)
FOR_WINDOW = select(Ticket).where(col(Ticket.state) == queue.IS_WAITING, col(Ticket.for_window) == bindparam("window"))
PARKED_HERE = select(Ticket).where(
    col(Ticket.state) == literal_column("'parked'"), col(Ticket.window) == bindparam("window")
)


def split(column: str) -> list[str]:
    return column.split(",") if column else []


# -- what stands against it


def must_be_sound(db: Reads, form: Any) -> None:
    """What no rule needs to judge. Raises Refused("invalid") with the field."""
    must_own(db, form)
    if form.kind not in (CLOSE, SEASON, REOPEN):
        raise Refused("invalid", field="kind")
    if (form.until is None) != (form.kind == REOPEN):
        raise Refused("invalid", field="until")
    if form.until is not None and (form.until <= form.since or form.until <= db.now):
        raise Refused("invalid", field="until")
    target = None if form.to_window is None else db.get(Window, form.to_window)
    if form.to_window is not None and (target is None or not target.active or target.no in split(form.windows)):
        raise Refused("invalid", field="to_window")


def must_own(db: Reads, form: Any) -> None:
    """The windows are the department's, and the form is not for a day that is over."""
    known = {row.no: row for row in db.find(WINDOWS)}
    windows = split(form.windows)
    if not windows or len(set(windows)) < len(windows):
        raise Refused("invalid", field="windows")
    if any(no not in known or known[no].department != form.department for no in windows):
        raise Refused("invalid", field="windows")
    if form.state == forms.DRAFT and form.since < dates.begin_of(db.day, db.rules.timezone):
        raise Refused("invalid", field="from")


def findings(db: Reads, form: Any, load: tuple[int, int] | None = None) -> list[Finding]:
    """All that the rules say of it, filed when it was signed or else now."""
    filed, windows = form.signed_at or db.now, split(form.windows)
    if form.kind == REOPEN:
        lead = dates.lead(db, filed, form.since, db.rules.reopen_ahead_days)
        closed = {row.no for row in db.find(WINDOWS) if row.closed is not None}
        return forms.reopening_findings(windows, closed, lead, db.rules)
    lead = dates.lead(db, filed, form.since, db.rules.closure_ahead_days)
    asked = Asked(windows, form.since, form.until, form.kind == SEASON)
    found = forms.closure_findings(asked, _unit(db, form, load), lead, db.rules)
    if form.kind == SEASON and not _planned(db, form):
        found.append(Finding("season_unplanned", "refuse", {}))
    return found


def _unit(db: Reads, form: Any, load: tuple[int, int] | None) -> Unit:
    rows = [row for row in db.find(WINDOWS) if row.closed not in FIXED]
    away = _away(db, form)
    cover = [person for person in _cover(db, form.department, split(form.windows)) if person.id not in away]
    offers: dict[str, list[str]] = {row.no: [] for row in rows}
    for offer in db.find(OFFERS):
        if offer.window in offers:
            offers[offer.window].append(offer.service)
    return Unit(
        windows=[row.no for row in rows if row.department == form.department],
        offers=offers,
        names={row.code: row.name for row in db.find(SERVICES)},
        shut=list(_shut(db, form)),
        peaks=list(_peaks(db, form.department)),
        cover=[person.name for person in cover],
        spare=[person.name for person in cover if _is_spare(db, person)],
        away=[person.name for person in db.find(CLERKS, department=form.department)
              if person.id in away and person.window in split(form.windows)],
        load=load,
    )  # fmt: skip


def _shut(db: Reads, form: Any) -> Iterable[Shut]:
    for other in db.find(COMING):
        if other.id != form.id:
            yield from (Shut(no, other.since, other.until) for no in split(other.windows))


def _peaks(db: Reads, department: str) -> Iterable[tuple[int, int | None]]:
    mode = db.get(HallMode, 1)
    if mode is not None and mode.peak_since is not None:
        yield mode.peak_since, mode.peak_until
    for plan in db.find(PEAKS):
        if plan.department in (None, department):
            yield plan.since, plan.until


def _away(db: Reads, form: Any) -> set[int]:
    """J03: who is on leave at any time of the closure."""
    zone = db.rules.timezone
    return leaves.away_between(db, dates.day_of(form.since, zone), dates.day_of(form.until - 1, zone))


def _is_spare(db: Reads, person: Person) -> bool:
    home = None if person.window is None else db.get(Window, person.window)
    return home is None or home.closed is not None


def _cover(db: Reads, department: str, windows: Sequence[str]) -> list[Person]:
    """B08: clerks of the department who are signed in nowhere and may serve all that these windows offer."""
    business = {offer.service for offer in db.find(OFFERS) if offer.window in windows}
    return [
        person
        for person in db.find(CLERKS, department=department)
        if person.window not in windows
        and shifts.in_term(person, db.day)
        and not shifts.training_due(person, db.day)
        and db.first(shifts.OPEN_SHIFT, person=person.id) is None
        and all(shifts.can_serve(db, person, service) for service in business)
    ]


def _planned(db: Reads, form: Any) -> bool:
    """B18: the year's plan has it."""
    zone = db.rules.timezone
    first, last = dates.local(form.since, zone), dates.local(form.until - 1, zone)
    for year in {first.year, last.year}:
        plan = db.first(PLAN, department=form.department, year=year)
        seasons = orjson.loads(plan.seasons) if plan is not None else []
        if forms.season_covers(seasons, split(form.windows), f"{first:%m-%d}", f"{last:%m-%d}"):
            return True
    return False


# -- what it does


def start(tx: Tx, form: Closure) -> None:
    """B14: by the clock, without anybody's hand."""
    form = tx.update(form, state=forms.after(forms.CLOSING, "start", form.state), began_at=tx.now)
    if form.kind == REOPEN:
        _reopen(tx, form)
        return
    for no in split(form.windows):
        shut(tx, no, closed="season" if form.kind == SEASON else "temp", until=form.until, to=form.to_window, form=form)
    announce(tx, form)


def end(tx: Tx, form: Closure, *, by: str = "hub", why: str = "") -> Closure:
    """B15: the windows are open again; somebody has to be there."""
    form = tx.update(
        form, state=forms.after(forms.CLOSING, "end", form.state), ended_at=tx.now, ended_by=by, why=why, watch=True
    )
    for no in split(form.windows):
        _open(tx, no, form)
    hush_all(tx, form)
    return form


def reserve(tx: Tx, form: Closure, *, by: str) -> Closure:
    """B16: closed for over a month, they become spare windows. Seasonal ones are never lost."""
    lasted = tx.now - (form.began_at or tx.now)
    if form.kind != CLOSE or lasted <= tx.rules.reserve_days * forms.DAY:
        raise Refused("wrong_state", state=form.state)
    form = tx.update(form, state=forms.after(forms.CLOSING, "reserve", form.state), ended_at=tx.now, ended_by=by)
    for no in split(form.windows):
        row = tx.get(Window, no)
        if row is not None and row.form == form.id:
            desk.changed(tx, row, closed="reserve", closed_until=None, closed_to=form.to_window)
    hush_all(tx, form)
    return form


def shut(tx: Tx, no: str, *, closed: str, until: int | None, to: str | None, form: Any) -> None:
    """Nobody is called there any more. A visit goes on to its end, and the shift with it; who was meant for this window
    alone may be called by others."""
    row = tx.get(Window, no)
    if row is None:
        return
    if row.shift is not None and row.ticket is None:
        shifts.end_shift(tx, row, "closed")
        row = tx.get(Window, no)
        assert row is not None
    desk.changed(tx, row, closed=closed, closed_until=until, closed_to=to, form=form.id, advice_only=False)
    release(tx, no)


def release(tx: Tx, no: str) -> None:
    for ticket in tx.find(FOR_WINDOW, window=no):
        queue.move(tx, ticket, for_window=None)
    for ticket in tx.find(PARKED_HERE, window=no):
        tx.update(ticket, any_window=True)


def announce(tx: Tx, form: Closure) -> None:
    """The public notice, from the day of its publication until the end."""
    if form.until is None:
        return
    zone = tx.rules.timezone
    (d1, e1), (d2, e2) = dates.spoken(form.since, zone), dates.spoken(form.until, zone, ends=True)
    win = form.windows.replace(",", "、")
    detail: dict[str, Any] = {"win": win, "d1": d1, "d2": d2, "d1_en": e1, "d2_en": e2, "to": form.to_window or ""}
    detail |= {"from": iso(form.since, zone), "until_at": iso(form.until, zone), "form": form.id}
    words = "cl.closureTo" if form.to_window else "cl.closure"
    tell(tx, f"closure/{form.id}", words, detail, kind="closure", audience="public", level="info", until=form.until)


def hush_all(tx: Tx, form: Closure) -> None:
    hush(tx, f"closure/{form.id}")
    for no in split(form.windows):
        hush(tx, f"reserve/{no}")
        hush(tx, f"staff/{no}", "alw.staffed")


def department_name(db: Reads, code: str) -> str:
    row = db.get(Department, code)
    return row.name if row is not None else code


def _open(tx: Tx, no: str, form: Closure) -> None:
    row = tx.get(Window, no)
    if row is not None and row.form == form.id and row.closed is not None:
        desk.changed(tx, row, closed=None, closed_until=None, closed_to=None, form=None)


def _reopen(tx: Tx, form: Closure) -> None:
    """重启: the windows open, whatever closed them; a closure that keeps none shut is over."""
    for no in split(form.windows):
        row = tx.get(Window, no)
        if row is None or row.closed is None:
            continue
        by = tx.get(Closure, row.form) if row.form is not None else None
        desk.changed(tx, row, closed=None, closed_until=None, closed_to=None, form=None)
        hush(tx, f"reserve/{no}")
        if by is not None and by.state == forms.ACTIVE and not _keeps(tx, by):
            end(tx, by, by=form.applicant, why="reopened")
    tx.update(form, state=forms.after(forms.CLOSING, "end", form.state), ended_at=tx.now, ended_by="hub", watch=True)


def _keeps(tx: Tx, form: Closure) -> bool:
    rows = [tx.get(Window, no) for no in split(form.windows)]
    return any(row is not None and row.form == form.id for row in rows)
