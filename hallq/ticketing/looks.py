"""What pages read of the catalogue."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from hallq.kernel import Reads
from hallq.ticketing.model import Category, Department, Kiosk, Zone

DEPARTMENTS = select(Department).order_by(col(Department.ord))
ZONES = select(Zone).order_by(col(Zone.floor), col(Zone.code))
CATEGORIES = select(Category).where(col(Category.active)).order_by(col(Category.ord))
KIOSKS = select(Kiosk).where(col(Kiosk.active)).order_by(col(Kiosk.id))


def catalog(db: Reads) -> dict[str, list[dict[str, Any]]]:
    """Departments, categories, zones and kiosks as they stand."""
    return {
        "departments": [{"code": row.code, "name": row.name, "name_en": row.name_en} for row in db.find(DEPARTMENTS)],
        "categories": [
            {"code": row.code, "name": row.name, "name_en": row.name_en, "green": bool(row.green)}
            for row in db.find(CATEGORIES)
        ],
        "zones": [
            {"code": row.code, "name": row.name, "name_en": row.name_en, "floor": row.floor} for row in db.find(ZONES)
        ],
        "kiosks": [{"id": row.id, "zone": row.zone} for row in db.find(KIOSKS)],
    }
