"""政务专递 (L01-L06): results that go out by post, from the citizen's wish to the waybill, and papers that come in.

The citizen types the address on the window's pad; who cannot tells it to the clerk or a guide.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal_column
from sqlmodel import bindparam, col, select

from hallq.kernel import SECOND, Reads, Refused, Tx, must_exist
from hallq.office import dates
from hallq.outcomes import numbers
from hallq.registers.model import Mail
from hallq.ticketing.lookups import of_number
from hallq.ticketing.model import Visit, Window
from hallq.ticketing.opening.calendar import days_after
from hallq.ticketing.tickets.slips import print_paper
from hallq.ticketing.told import hush, tell

ASKED, READY, SENT, RECEIVED, CANCELLED = "asked", "ready", "sent", "received", "cancelled"
OPEN = (ASKED, READY)
HALL, CITIZEN = "hall", "citizen"  # who pays
IN = "in"  # papers that have come
LATE = "mail/late"  # the notice of letters that stay open
LAST = select(Mail).order_by(col(Mail.id).desc()).limit(1)
OPEN_ONES = (
    select(Mail).where(col(Mail.state).in_([literal_column(f"'{state}'") for state in OPEN])).order_by(col(Mail.id))
)
LAST_VISIT = (
    select(Visit)
    .where(col(Visit.person) == bindparam("person"), col(Visit.day) == bindparam("day"))
    .order_by(col(Visit.id).desc())
    .limit(1)
)


# -- at the window


def ask(tx: Tx, /, *, window: str, person: int, what: str = "", **address: str) -> Mail:
    """L02: the clerk's visit that is open, or the last one. Without an address the window's pad asks for it."""
    visit = tx.first(LAST_VISIT, person=person, day=tx.day)
    if visit is None or visit.window != window:
        raise Refused("mail_no_visit")
    known = next((row for row in tx.find(OPEN_ONES) if row.visit == visit.id and not row.address), None)
    row = known or register(tx, ticket=visit.ticket, visit=visit.id, service=visit.service, window=window)
    if address.get("address"):
        return _filled(tx, row, what=what or row.what, **address)
    return tx.update(row, what=what or row.what, form_until=tx.now + tx.rules.mail_form_s * SECOND)


def fill(tx: Tx, *, mail: int, window: str, name: str, phone: str, address: str) -> Mail:
    """L04: typed by the citizen on the pad."""
    return _filled(tx, _on_pad(tx, mail, window), name=name, phone=phone, address=address)


def decline(tx: Tx, *, mail: int, window: str) -> Mail:
    """The citizen would rather come for it."""
    return _end(tx, _on_pad(tx, mail, window), CANCELLED)


# -- at the guide desk


def register(tx: Tx, *, number: str = "", number_day: str | None = None, **columns: Any) -> Mail:
    """A line of the ledger, or with `direction` in papers that have come (L03). `number`: of the citizen's ticket."""
    ticket = of_number(tx, number, number_day) if number else None
    known = {} if ticket is None else {"ticket": ticket.id, "service": ticket.service, "window": ticket.window}
    values = {"carrier": tx.rules.mail_carrier} | known | columns
    if values.get("direction") == IN:
        values |= {"state": RECEIVED, "closed_at": tx.now}
    return tx.insert(
        Mail, no=numbers.following(tx, LAST, digits=4), day=tx.day, at=tx.now, by=tx.actor, salt=tx.token(), **values
    )  # fmt: skip


def correct(tx: Tx, /, *, mail: int, **columns: str) -> Mail:
    """Before it is sent: the address that was told to the desk, what it is, who pays."""
    row = _open(tx, mail)
    told: dict[str, Any] = {"form_until": None, "salt": row.salt or tx.token(), "blanked_at": None}
    return tx.update(row, **columns, **(told if columns.get("address") else {}))


def ready(tx: Tx, *, mail: int) -> Mail:
    """The result has come to the desk."""
    row = _open(tx, mail)
    if row.state != ASKED:
        raise Refused("mail_state", state=row.state)
    return tx.update(row, state=READY)


def send(tx: Tx, *, mail: int, waybill: str, carrier: str = "") -> Mail:
    """L04: handed to the carrier. A waybill that was mistyped is set right the same way."""
    row = find(tx, mail)
    if row.state not in (*OPEN, SENT):
        raise Refused("mail_state", state=row.state)
    if not row.address and row.state != SENT:
        raise Refused("invalid", field="address")
    tx.log(mail=row.no, waybill=waybill)
    row = tx.update(row, waybill=waybill, carrier=carrier or row.carrier)
    return row if row.state == SENT else tx.update(_end(tx, row, SENT), sent_day=tx.day)


def cancel(tx: Tx, *, mail: int, why: str) -> Mail:
    return tx.update(_end(tx, _open(tx, mail), CANCELLED), why=why)


def check(tx: Tx, *, mail: int, name: str, note: str = "") -> Mail:
    """L06: the centre has looked at one that was drawn. `note`: what was wrong; empty, nothing."""
    row = find(tx, mail)
    if row.state != SENT:
        raise Refused("mail_state", state=row.state)
    return tx.update(row, checked_at=tx.now, checked_by=name, check_note=note)


def print_receipt(tx: Tx, *, mail: int, target: str) -> bool:
    """For who asked at the desk. False: no printer stands there."""
    return print_paper(tx, "mail", find(tx, mail).id, target)


# -- by the clock


def watch(tx: Tx) -> None:
    """A letter that nobody has sent or cancelled: the desk is told, before it is emptied (hallq.privacy)."""
    late = [row for row in tx.find(OPEN_ONES) if row.day < days_after(tx.day, -tx.rules.register_days)]
    if not late:
        hush(tx, LATE)
        return
    since = dates.begin_of(days_after(late[0].day, tx.rules.register_days + 1), tx.rules.timezone)
    tell(tx, LATE, "rg.due_mail", {"n": len(late), "no": late[0].no, "day": late[0].day}, since=since, kind="alarm",
         audience="guide", rank=3, level="warn")  # fmt: skip


# -- parts


def find(db: Reads, mail: int) -> Mail:
    return must_exist(db.get(Mail, mail), "mail", mail)


def _open(tx: Tx, mail: int) -> Mail:
    row = find(tx, mail)
    if row.state not in OPEN:
        raise Refused("mail_state", state=row.state)
    return row


def _on_pad(tx: Tx, mail: int, window: str) -> Mail:
    """The pad of another window knows nothing of it, and the next citizen is not asked for the one before."""
    row, place = tx.get(Mail, mail), tx.get(Window, window)
    if row is None or row.window != window or row.state != ASKED or (row.form_until or 0) <= tx.now:
        raise Refused("mail_form_over")
    if place is not None and place.visit not in (None, row.visit):
        raise Refused("mail_form_over")
    return row


def _filled(tx: Tx, row: Mail, **columns: Any) -> Mail:
    row = tx.update(row, form_until=None, **columns)
    if row.window is not None:
        print_paper(tx, "mail", row.id, f"window/{row.window}")
    return row


def _end(tx: Tx, row: Mail, state: str) -> Mail:
    return tx.update(row, state=state, closed_at=tx.now, form_until=None)
