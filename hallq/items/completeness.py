"""What an item's guide still lacks: the six elements (H01, H02), the fields of H05, and what reads oddly (I14, I22).

Counts are of items in use; a figure always comes with its numerator and denominator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hallq.items import guides, known
from hallq.items.content import Guide
from hallq.kernel import Reads
from hallq.ticketing.lookups import SERVICES
from hallq.ticketing.model import Service

Json = dict[str, Any]
Test = Callable[[Guide], bool]
MOST_STEPS = 5  # I14
SHARE = 2  # I14: at most half of the legal time

OWN = ("promise", "reference")  # I22: where a time comes from that no law sets

ELEMENTS: Mapping[str, Test] = {  # H01, H02: without one of them the guide may not stand alone
    "summary": lambda guide: bool(guide.summary),
    "materials": lambda guide: bool(guide.materials) or guide.no_materials,
    "steps": lambda guide: bool(guide.steps),
    "promised_days": lambda guide: guide.promised_days is not None,
    "fee": lambda guide: bool(guide.fee),
    "basis": lambda guide: bool(guide.basis),
}
FIELDS: Mapping[str, Test] = {  # H05, H14: what a full guide has beside them
    "kind": lambda guide: bool(guide.kind),
    "handling": lambda guide: bool(guide.handling),
    "audience": lambda guide: bool(guide.audience),
    "conditions": lambda guide: bool(guide.conditions),
    "legal_days": lambda guide: guide.legal_days is not None or guide.time_source in OWN,
    "time_source": lambda guide: bool(guide.time_source),
    "result": lambda guide: bool(guide.result),
    "place": lambda guide: bool(guide.place),
    "hours": lambda guide: bool(guide.hours),
    "phone": lambda guide: bool(guide.phone),
    "supervision_phone": lambda guide: bool(guide.supervision_phone),
    "approver": lambda guide: bool(guide.approver),
}
WARNINGS: Mapping[str, Test] = {
    "half_time": lambda guide: bool(
        guide.legal_days and guide.promised_days is not None and guide.promised_days * SHARE > guide.legal_days
    ),
    "many_steps": lambda guide: len(guide.steps) > MOST_STEPS,
    "own_time": lambda guide: (
        guide.legal_days is None and guide.promised_days is not None and guide.time_source not in OWN
    ),
    "materials_said": lambda guide: guide.no_materials and bool(guide.materials),
    "fee_basis": lambda guide: bool(guide.fee) and "不收" not in guide.fee and "免费" not in guide.fee
    and not guide.fee_basis,
}  # fmt: skip


def of(guide: Guide, filled: Mapping[str, str]) -> Json:
    """Codes of what is missing and odd. `filled`: what the hall knows where the guide is silent."""
    missing = [name for name, there in ELEMENTS.items() if not there(guide)]
    fields = [name for name, there in FIELDS.items() if not there(guide) and not filled.get(name)]
    total = len(ELEMENTS) + len(FIELDS)
    return {
        "missing": missing, "fields": fields, "warnings": [name for name, odd in WARNINGS.items() if odd(guide)],
        "num": total - len(missing) - len(fields), "den": total,
    }  # fmt: skip


def look(db: Reads) -> list[Json]:
    """Every item in use, with what its guide lacks."""
    found = guides.everything(db)
    return [_item(db, service, found.get(service.code)) for service in db.find(SERVICES)]


def _item(db: Reads, service: Service, found: guides.InForce | None) -> Json:
    guide = found.guide if found else Guide()
    return {
        "service": service.code, "name": service.name, "name_en": service.name_en, "department": service.department,
        "version": found.version if found else 0, "from_day": found.from_day if found else None,
        "kind": guide.kind, "handling": guide.handling, "promised_days": guide.promised_days,
    } | of(guide, known.facts(db, service))  # fmt: skip


def by_department(items: list[Json]) -> list[Json]:
    """How many items have all six elements, of how many; and all fields."""
    rows: dict[str, Json] = {}
    for item in items:
        row = rows.setdefault(item["department"], {"department": item["department"], "six": 0, "full": 0, "den": 0})
        row["den"] += 1
        row["six"] += not item["missing"]
        row["full"] += not item["missing"] and not item["fields"]
    return list(rows.values())
