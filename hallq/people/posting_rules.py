"""What stands against an entry or an exit, and the steps of both: each finding says what would be allowed (J04-J09)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import orjson
from sqlmodel import bindparam, col, select

from hallq import files
from hallq.kernel import Reads, Refused, must_exist
from hallq.office import dates
from hallq.office.forms import Finding, Steps
from hallq.people.looks import PERSON, STAFF
from hallq.people.posting_model import Posting
from hallq.ticketing.model import Department, Person, Window

ENTRY, EXIT = "entry", "exit"
STEPS: Steps = {
    "sign": {"draft": "signed"},
    "approve": {"signed": "approved"},
    "refuse": {"signed": "refused"},
    "withdraw": {"draft": "withdrawn", "signed": "withdrawn"},
    "start": {"approved": "ended"},  # an exit, by the clock
}
HANDED = ("badge", "keys", "equipment", "accounts", "files", "attendance", "signed_off")  # J08
OPEN = ("draft", "signed", "approved")

OF_PERSON = select(Posting).where(col(Posting.person) == bindparam("person")).order_by(col(Posting.id).desc())


def find(db: Reads, number: int) -> Posting:
    return must_exist(db.get(Posting, number), "posting", number)


def must_be_sound(db: Reads, form: Posting) -> None:
    """What no rule needs to judge. Raises Refused."""
    if db.get(Department, form.department) is None:
        raise Refused("invalid", field="department")
    home = None if form.window is None else db.get(Window, form.window)
    if form.window is not None and (home is None or home.department != form.department):
        raise Refused("invalid", field="window")
    if form.kind == ENTRY:
        _entry_sound(db, form)
    else:
        _exit_sound(db, form)


def _entry_sound(db: Reads, form: Posting) -> None:
    known = db.first(PERSON, name=form.name)
    if known is not None and known.active and not passed(known, db.day):
        raise Refused("name_taken", name=form.name)
    other = db.first(STAFF, staff_no=form.staff_no) if form.staff_no else None
    if other is not None and (known is None or other.id != known.id):
        raise Refused("staff_no_taken", staff_no=form.staff_no)
    if form.window is None:
        raise Refused("invalid", field="window")
    if form.state == "draft" and form.since < db.day:
        raise Refused("invalid", field="since")


def _exit_sound(db: Reads, form: Posting) -> None:
    person = None if form.person is None else db.get(Person, form.person)
    if person is None or person.department != form.department:
        raise Refused("invalid", field="person")
    if form.until is None or (form.state == "draft" and form.until < db.day):
        raise Refused("invalid", field="until")
    for other in db.find(OF_PERSON, person=form.person):
        if other.kind == EXIT and other.state in OPEN and other.id != form.id:
            raise Refused("wrong_state", state=other.state)


def findings(db: Reads, form: Posting, proofs: int | None = None) -> list[Finding]:
    """All that the rules say of it, filed when it was signed or else now. `proofs`: before they are attached."""
    begin = dates.begin_of(form.since if form.kind == ENTRY else form.until or db.day, db.rules.timezone)
    need = db.rules.entry_ahead_days if form.kind == ENTRY else db.rules.exit_ahead_days
    lead = dates.lead(db, form.signed_at or db.now, begin, need)
    found = []
    if lead.days < need:  # J04, J07
        found.append(Finding(f"{form.kind}_late", "lift", {"days": need, "earliest": lead.earliest}))
    if form.kind == EXIT:
        return [*found, *_short(form, db.rules.posting_years), *_still_held(form)]
    if (len(proofs_of(db, form)) if proofs is None else proofs) == 0:  # J05
        found.append(Finding("training_missing", "lift", {}))
    return found


def _short(form: Posting, years: int) -> Iterable[Finding]:
    """J09, J10."""
    if not form.since:
        return
    since = date.fromisoformat(form.since)
    least = since.replace(year=since.year + years, day=min(since.day, 28))
    if (form.until or form.since) < least.isoformat():
        yield Finding("posting_short", "warn", {"years": years, "least": least.isoformat()})


def _still_held(form: Posting) -> Iterable[Finding]:
    """J08."""
    left = [item for item in HANDED if item not in orjson.loads(form.handed)]
    if left and form.id is not None:
        yield Finding("handover_open", "warn", {"n": len(left)})


def ref_of(form: Posting) -> str:
    return f"posting/{form.id}"


def proofs_of(db: Reads, form: Posting) -> list[dict[str, object]]:
    return [file for file in files.of(db, ref_of(form)) if file["id"] != form.photo]


def passed(person: Person, day: str) -> bool:
    return person.until_day is not None and person.until_day < day
