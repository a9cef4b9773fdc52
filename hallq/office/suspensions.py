"""业务临时停办: what stands against it, and what it does. The business itself stops; its windows give advice only."""

from __future__ import annotations

from typing import Any

import orjson

from hallq.kernel import Reads, Refused, Tx, iso
from hallq.office import dates, forms
from hallq.office.closures import SERVICES, must_own, split
from hallq.office.forms import Finding
from hallq.office.model import BusinessSuspension
from hallq.ticketing.lookups import OFFERS_AT
from hallq.ticketing.model import QueueCount, Suspension, Window
from hallq.ticketing.told import hush, tell
from hallq.ticketing.windows import desk

# -- what stands against it


def must_be_sound(db: Reads, form: Any) -> None:
    """What no rule needs to judge. Raises Refused("invalid") with the field."""
    must_own(db, form)
    services = {row.code: row for row in db.find(SERVICES)}
    wanted = split(form.services)
    if not wanted or any(code not in services or services[code].department != form.department for code in wanted):
        raise Refused("invalid", field="services")
    if form.until <= form.since or form.until <= db.now:
        raise Refused("invalid", field="until")


def findings(db: Reads, form: Any) -> list[Finding]:
    """Filed when it was signed, or now; its notice may go live from now on, unless it has."""
    filed = dates.lead(db, form.signed_at or db.now, form.since, db.rules.suspension_ahead_days)
    public = dates.lead(db, form.published_at or db.now, form.since, db.rules.suspension_notice_days)
    found = forms.suspension_findings(len(orjson.loads(form.advisers)), filed, public, db.rules)
    for code in split(form.services):
        held = db.get(Suspension, code)
        if held is not None and held.form != form.id and held.until > form.since:
            found.append(Finding("suspended_already", "refuse", {"service": _name(db, code)}))
    return found


# -- what it does


def start(tx: Tx, form: BusinessSuspension) -> None:
    """No numbers from now on; who holds one is served first, and only then do the windows give advice alone."""
    form = tx.update(form, state=forms.after(forms.SUSPENDING, "start", form.state), began_at=tx.now)
    for code in split(form.services):
        values = {"since": form.since, "until": form.until, "window": _advice_at(form), "form": form.id}
        held = tx.get(Suspension, code)
        if held is None:
            tx.insert(Suspension, service=code, **values)
        else:
            tx.update(held, **values)
    announce(tx, form)
    advise(tx, form)


def advise(tx: Tx, form: BusinessSuspension) -> None:
    """B21: its windows that offer nothing else turn to advice, once nobody waits for what is suspended."""
    advised = split(form.advised)
    for no in split(form.windows):
        row = tx.get(Window, no)
        if row is None or no in advised or row.advice_only or row.ticket is not None or row.closed is not None:
            continue
        offers = [offer.service for offer in tx.find(OFFERS_AT, window=no)]
        if all(tx.get(Suspension, code) is not None and not _waiting(tx, code) for code in offers):
            desk.changed(tx, row, advice_only=True, form=form.id, undo="")
            advised.append(no)
    if advised != split(form.advised):
        tx.update(form, advised=",".join(advised))


def end(tx: Tx, form: BusinessSuspension, *, by: str = "hub", why: str = "") -> BusinessSuspension:
    form = tx.update(
        form, state=forms.after(forms.SUSPENDING, "end", form.state), ended_at=tx.now, ended_by=by, why=why
    )
    for code in split(form.services):
        held = tx.get(Suspension, code)
        if held is not None and held.form == form.id:
            tx.delete(held)
    for no in split(form.advised):
        row = tx.get(Window, no)
        if row is not None and row.form == form.id and row.advice_only:
            desk.changed(tx, row, advice_only=False, form=None)
    hush(tx, f"suspension/{form.id}")
    return form


def announce(tx: Tx, form: BusinessSuspension) -> None:
    """B20: the public notice. Screens, kiosks and guides have it at once; the printed one is the form's own page."""
    zone = tx.rules.timezone
    (d1, e1), (d2, e2) = dates.spoken(form.since, zone), dates.spoken(form.until, zone, ends=True)
    rows = [row for row in tx.find(SERVICES) if row.code in split(form.services)]
    detail = {
        "svc": "、".join(row.name for row in rows),
        "svc_en": ", ".join(row.name_en or row.name for row in rows),
        "win": form.windows.replace(",", "、"),
        "tel": "、".join(_phones(form)),
        "tel_en": ", ".join(_phones(form)),
        "d1": d1,
        "d2": d2,
        "d1_en": e1,
        "d2_en": e2,
        "from": iso(form.since, zone),
        "until_at": iso(form.until, zone),
        "form": form.id,
    }
    tell(tx, f"suspension/{form.id}", "cl.suspension", detail, kind="suspension", audience="public", level="info",
         until=form.until)  # fmt: skip


def _phones(form: BusinessSuspension) -> list[str]:
    return [adviser["phone"] for adviser in orjson.loads(form.advisers)]


def _advice_at(form: BusinessSuspension) -> str | None:
    return next(iter(split(form.windows)), None)


def _waiting(tx: Tx, code: str) -> int:
    count = tx.get(QueueCount, code)
    return count.waiting if count is not None else 0


def _name(db: Reads, code: str) -> str:
    return next((row.name for row in db.find(SERVICES) if row.code == code), code)
