"""What forms do by the clock: notices go live, closures and suspensions begin and end, reopened windows are watched."""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal_column
from sqlmodel import bindparam, col, select

from hallq.kernel import SECOND, Reads, Tx
from hallq.office import changes, closures, forms, suspensions
from hallq.office.closures import split
from hallq.office.model import BusinessSuspension, Closure, WindowChange
from hallq.ticketing.model import Notice, Window
from hallq.ticketing.opening import hours
from hallq.ticketing.told import hush, tell


def _in(model: Any, *states: str) -> Any:
    return col(model.state).in_([literal_column(f"'{state}'") for state in states])


GRANTED = (forms.APPROVED, forms.PUBLISHED)
BEGINS = select(Closure).where(_in(Closure, *GRANTED), col(Closure.since) <= bindparam("now"))
RUNS = select(Closure).where(_in(Closure, forms.ACTIVE))
ENDED = select(Closure).where(col(Closure.watch).is_(True))
PUBLIC = select(BusinessSuspension).where(
    _in(BusinessSuspension, forms.APPROVED), col(BusinessSuspension.public_at) <= bindparam("now")
)
STOPS = select(BusinessSuspension).where(
    _in(BusinessSuspension, forms.PUBLISHED), col(BusinessSuspension.since) <= bindparam("now")
)
STOPPED = select(BusinessSuspension).where(_in(BusinessSuspension, forms.ACTIVE))
CHANGES = select(WindowChange).where(_in(WindowChange, *GRANTED), col(WindowChange.since) <= bindparam("now"))
CROWDS = select(Notice).where(col(Notice.done_at).is_(None), col(Notice.key).like("crowd/%"))


def apply_due(tx: Tx) -> None:
    for form in tx.find(BEGINS, now=tx.now):
        closures.start(tx, form)
    for form in tx.find(RUNS):
        if form.until is not None and form.until <= tx.now:
            closures.end(tx, form)
        else:
            _watch_closed(tx, form)
    for form in tx.find(ENDED):
        _watch_reopened(tx, form)
    _suspend(tx)
    for change in tx.find(CHANGES, now=tx.now):
        changes.start(tx, change)
    changes.forget_moved(tx)
    changes.remind(tx)


def _suspend(tx: Tx) -> None:
    for form in tx.find(PUBLIC, now=tx.now):  # B20: by itself on D-4
        form = tx.update(form, state=forms.after(forms.SUSPENDING, "publish", form.state), published_at=tx.now)
        suspensions.announce(tx, form)
    for form in tx.find(STOPS, now=tx.now):
        suspensions.start(tx, form)
    for form in tx.find(STOPPED):
        if form.until <= tx.now:
            suspensions.end(tx, form)
        else:
            suspensions.advise(tx, form)


def _watch_closed(tx: Tx, form: Closure) -> None:
    """B16: over a month, the office may make it a spare window. B11: on crowding, staff it."""
    days = (tx.now - (form.began_at or tx.now)) // forms.DAY
    for no in split(form.windows):
        row = tx.get(Window, no)
        if row is None or row.form != form.id:
            continue
        if form.kind == closures.CLOSE and days > tx.rules.reserve_days:
            detail = {"win": no, "n": days, "form": form.id}
            tell(tx, f"reserve/{no}", "cl.reserve", detail, since=form.began_at, kind="alert", audience="office",
                 level="warn", window=no)  # fmt: skip
        _staff(tx, form, row)


def _staff(tx: Tx, form: Closure, window: Window) -> None:
    crowds = [one.at for one in tx.find(CROWDS) if one.zone in (None, window.zone)]
    if not crowds:
        hush(tx, f"staff/{window.no}", "alw.eased")
        return
    detail = {"win": window.no, "dept": closures.department_name(tx, form.department), "form": form.id}
    tell(tx, f"staff/{window.no}", "cl.staff", detail, since=min(crowds), kind="alarm", level="alarm", rank=2,
         window=window.no)  # fmt: skip


def _watch_reopened(tx: Tx, form: Closure) -> None:
    """B15: once the hall is open, somebody has to be at each reopened window."""
    rows = [row for row in (tx.get(Window, no) for no in split(form.windows)) if row is not None]
    empty = [row for row in rows if row.shift is None and row.closed is None and row.active]
    for row in rows:
        if row not in empty:
            hush(tx, f"reopen/{row.no}", "alw.staffed")
    if not empty:
        tx.update(form, watch=False)
        return
    late = tx.now - (form.ended_at or tx.now) >= tx.rules.reopen_grace_s * SECOND
    if late and _open_since(tx, tx.now - tx.rules.reopen_grace_s * SECOND):
        for row in empty:
            detail = {"win": row.no, "dept": closures.department_name(tx, form.department), "form": form.id}
            tell(tx, f"reopen/{row.no}", "cl.reopen", detail, since=form.ended_at, kind="alarm", level="alarm", rank=2,
                 window=row.no)  # fmt: skip


def _open_since(db: Reads, then: int) -> bool:
    return db.rules.always_open or (hours.hall(db).is_open(then) and hours.hall(db).is_open(db.now))
