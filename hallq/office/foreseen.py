"""A form that will close a window within a day is written on the window, so that waits reckon with it. A duty."""

from __future__ import annotations

from sqlalchemy import bindparam, literal_column
from sqlmodel import col, select

from hallq.kernel import Tx
from hallq.office.closures import split
from hallq.office.due import GRANTED
from hallq.office.forms import DAY
from hallq.office.model import Closure
from hallq.ticketing.model import Window

SOON = select(Closure).where(
    col(Closure.state).in_([literal_column(f"'{state}'") for state in GRANTED]),
    col(Closure.since) > bindparam("now"),
    col(Closure.since) < bindparam("until"),
)
KNOWN = select(Window).where(col(Window.closes_at).is_not(None))


def foresee(tx: Tx) -> None:
    closes = {
        no: form.since
        for form in tx.find(SOON, now=tx.now, until=tx.now + DAY)
        if form.until is not None
        for no in split(form.windows)
    }
    for row in tx.find(KNOWN):
        if closes.get(row.no) != row.closes_at:
            tx.update(row, closes_at=closes.get(row.no))
    for no, since in closes.items():
        window = tx.get(Window, no)
        if window is not None and window.closes_at != since:
            tx.update(window, closes_at=since)
