"""Slips of the desk: the label of a found item, the receipt of who has a result mailed. Names and numbers masked."""

from __future__ import annotations

from collections.abc import Mapping

from hallq import masking
from hallq.kernel import Reads
from hallq.office.dates import local
from hallq.registers import found, mail
from hallq.registers.model import Mail
from hallq.texts import text
from hallq.texts.wording import named
from hallq.ticketing.model import Service, Zone


def found_values(db: Reads, *, key: int, lang: str) -> Mapping[str, str]:
    """Stuck onto the item: what it is, where and when it lay, until when it is kept."""
    row = found.find(db, key)
    area = named(db.get(Zone, row.zone) if row.zone else None, lang)
    return {
        "no": row.no, "what": row.name if row.count == 1 else f"{row.name} ×{row.count}",
        "found": f"{local(row.found_at, db.rules.timezone):%Y-%m-%d %H:%M}", "place": f"{area} {row.place}".strip(),
        "until": row.due_day, "step": text(f"rg.then_{found.why_due(row)}", lang),
    }  # fmt: skip


def mail_values(db: Reads, *, key: int, lang: str) -> Mapping[str, str]:
    """The citizen's receipt: the number to ask with, and whom to ask (L05)."""
    row, ask = mail.find(db, key), db.rules.mail_phone
    return {
        "no": row.no, "what": what_of(db, row, lang), "name": masking.name(row.name),
        "phone": masking.contact(row.phone), "carrier": row.carrier, "waybill": row.waybill,
        "pays": text(f"rg.pays_{row.payer}", lang), "ask": "" if ask == "none" else ask,
    }  # fmt: skip


def what_of(db: Reads, row: Mail, lang: str) -> str:
    name = named(db.get(Service, row.service) if row.service else None, lang)
    return "　".join(part for part in (name, row.what) if part)
