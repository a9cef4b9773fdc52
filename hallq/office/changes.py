"""窗口变更: windows are added or taken away for good, from a day on; and the year's plan of the windows (M2, M11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlmodel import col, select

from hallq.kernel import Ms, Reads, Refused, Tx
from hallq.office import dates, forms
from hallq.office.closures import OFFERS, PLAN, SERVICES, release, shut, split
from hallq.office.forms import Finding
from hallq.office.model import WindowChange, WindowPlan
from hallq.ticketing.lookups import DEPARTMENTS, WINDOWS
from hallq.ticketing.model import Department, Window, WindowService, Zone
from hallq.ticketing.told import hush, tell
from hallq.ticketing.windows import desk, shifts

ADD, REMOVE = "add", "remove"
MOVED = select(Window).where(col(Window.closed) == "moved", col(Window.active))
PLANS = select(WindowPlan).order_by(col(WindowPlan.year).desc(), col(WindowPlan.department))


def must_be_sound(db: Reads, form: Any) -> None:
    """Raises Refused("invalid") with the field."""
    windows = split(form.windows)
    if not windows or len(set(windows)) < len(windows):
        raise Refused("invalid", field="windows")
    if form.kind not in (ADD, REMOVE):
        raise Refused("invalid", field="kind")
    if form.state == forms.DRAFT and form.since < dates.begin_of(db.day, db.rules.timezone):
        raise Refused("invalid", field="from")
    for no in windows:
        _must_fit(db, form, db.get(Window, no))
    known = {row.code for row in db.find(SERVICES)}
    if any(code not in known for code in split(form.services)):
        raise Refused("invalid", field="services")


def _must_fit(db: Reads, form: Any, row: Window | None) -> None:
    stands = row is not None and bool(row.active) and row.closed not in ("reserve", "moved")
    own = row is None or row.department == form.department or row.closed == "reserve"
    if stands != (form.kind == REMOVE) or not own:
        raise Refused("invalid", field="windows")
    if form.kind == ADD and row is None and db.get(Zone, form.zone) is None:
        raise Refused("invalid", field="zone")
    if form.to_window is not None and db.get(Window, form.to_window) is None:
        raise Refused("invalid", field="to_window")


def findings(db: Reads, form: Any) -> list[Finding]:
    """A removed window may leave a business without any: told, not refused."""
    if form.kind == ADD:
        return []
    gone = set(split(form.windows))
    stays = {row.no for row in db.find(WINDOWS) if row.closed not in ("reserve", "moved")} - gone
    offers = db.find(OFFERS)
    kept = {offer.service for offer in offers if offer.window in stays}
    alone = {offer.service for offer in offers if offer.window in gone} - kept
    names = [row.name for row in db.find(SERVICES) if row.code in alone]
    return [Finding("left_alone", "warn", {"services": "、".join(names)})] if names else []


def start(tx: Tx, form: WindowChange) -> bool:
    """B06: takes effect by itself. False while somebody is still being served at a window that goes."""
    rows = [tx.get(Window, no) for no in split(form.windows)]
    if form.kind == REMOVE and any(row is not None and row.ticket is not None for row in rows):
        return False
    form = tx.update(
        form, state=forms.after(forms.CHANGING, "start", form.state), began_at=tx.now, ended_at=tx.now, ended_by="hub"
    )
    for no in split(form.windows):
        (_add if form.kind == ADD else _remove)(tx, no, form)
    announce(tx, form)
    return True


def _add(tx: Tx, no: str, form: WindowChange) -> None:
    row = tx.get(Window, no)
    back: dict[str, Any] = {"active": True, "closed": None, "closed_until": None, "closed_to": None, "form": None}
    if row is None:
        last = max((one.ord for one in tx.find(WINDOWS)), default=0)
        tx.insert(Window, no=no, department=form.department, zone=form.zone, ord=last + 1)
    else:
        desk.changed(tx, row, department=form.department, zone=form.zone or row.zone, **back)
    for rank, service in enumerate(split(form.services)):
        if tx.get(WindowService, no, service) is None:
            tx.insert(WindowService, window=no, service=service, rank=rank)


def _remove(tx: Tx, no: str, form: WindowChange) -> None:
    """One that has moved says where to for a while; another is gone at once."""
    row = tx.get(Window, no)
    if row is None:
        return
    if form.to_window is not None:
        until = tx.now + tx.rules.moved_days * forms.DAY
        shut(tx, no, closed="moved", until=until, to=form.to_window, form=form)
        return
    if row.shift is not None:
        shifts.end_shift(tx, row, "closed")
        row = tx.get(Window, no) or row
    desk.changed(tx, row, active=False, closed=None, closed_until=None, closed_to=None, form=None)
    release(tx, no)


def forget_moved(tx: Tx) -> None:
    for row in tx.find(MOVED):
        if row.closed_until is not None and row.closed_until <= tx.now:
            desk.changed(tx, row, active=False, closed=None, closed_until=None, closed_to=None, form=None)
            hush(tx, f"change/{row.form}")


def announce(tx: Tx, form: WindowChange) -> None:
    """Before it takes effect, and while a window that has moved says so."""
    moved = form.kind == REMOVE and form.to_window is not None
    if form.state == forms.ENDED and not moved:
        hush(tx, f"change/{form.id}")
        return
    d1, e1 = dates.spoken(form.since, tx.rules.timezone)
    detail = {
        "win": form.windows.replace(",", "、"),
        "d1": d1,
        "d1_en": e1,
        "to": form.to_window or "",
        "form": form.id,
    }
    words = "cl.added" if form.kind == ADD else "cl.moved" if moved else "cl.removed"
    tell(tx, f"change/{form.id}", words, detail, kind="closure", audience="public", level="info")


# -- the year's plan


def save_plan(tx: Tx, *, department: str, year: int, seasons: Sequence[dict[str, Any]], remark: str = "") -> WindowPlan:
    """B18: filed by 1 March; filed again, it is replaced."""
    if tx.get(Department, department) is None:
        raise Refused("invalid", field="department")
    own = {row.no for row in tx.find(WINDOWS) if row.department == department}
    if any(not set(season["windows"]) <= own or not season["windows"] for season in seasons):
        raise Refused("invalid", field="seasons")
    values = {"seasons": orjson.dumps(list(seasons)).decode(), "remark": remark, "made_at": tx.now, "made_by": tx.actor}
    known = tx.first(PLAN, department=department, year=year)
    if known is not None:
        return tx.update(known, **values)
    return tx.insert(WindowPlan, department=department, year=year, **values)


def remind(tx: Tx) -> None:
    """B18: from two weeks before the day until every department has filed, the office sees who has not."""
    today = dates.local(tx.now, tx.rules.timezone)
    due = dates.begin_of(f"{today.year}-{tx.rules.plan_due}", tx.rules.timezone)
    first: Ms = due - tx.rules.plan_remind_days * forms.DAY
    key = f"plan/{today.year}"
    if not first <= tx.now < due + tx.rules.plan_remind_days * forms.DAY:
        return
    filed = {row.department for row in tx.find(PLANS) if row.year == today.year}
    missing = [row.name for row in tx.find(DEPARTMENTS) if row.code not in filed and _has_windows(tx, row.code)]
    if not missing:
        hush(tx, key)
        return
    late = tx.now >= due
    d1, e1 = dates.spoken(due, tx.rules.timezone)
    detail = {"year": today.year, "n": len(missing), "names": "、".join(missing), "d1": d1, "d1_en": e1}
    tell(tx, key, "cl.planLate" if late else "cl.planDue", detail, since=due if late else first, kind="alert",
         audience="office", level="warn" if late else "info")  # fmt: skip


def _has_windows(tx: Tx, department: str) -> bool:
    return any(row.department == department for row in tx.find(WINDOWS))
