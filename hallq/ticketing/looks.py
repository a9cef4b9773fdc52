"""What pages read of the catalogue, and of the day as a curve."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import case, func
from sqlalchemy import select as select_columns
from sqlmodel import bindparam, col, select

from hallq.kernel import MINUTE, Ms, Reads
from hallq.ticketing.lookups import ZONES
from hallq.ticketing.model import Category, Department, Kiosk, PauseReason, Ticket

DEPARTMENTS = select(Department).order_by(col(Department.ord))
CATEGORIES = select(Category).where(col(Category.active)).order_by(col(Category.ord))
REASONS = select(PauseReason).where(col(PauseReason.active) == bindparam("active")).order_by(col(PauseReason.ord))
ELDERLY = "elderly"  # the class whose members show that they are old enough
BUCKET: Ms = 5 * MINUTE
_TODAY = col(Ticket.day) == bindparam("day"), col(Ticket.arrival) >= bindparam("begin")
# who has come back with papers waits from then on; who was called back without waiting is in no curve
_SINCE = case((col(Ticket.issued_at) < bindparam("begin"), col(Ticket.arrival)), else_=col(Ticket.issued_at))
_CAME = _SINCE.op("/")(BUCKET)
_LEFT = func.coalesce(col(Ticket.called_at), col(Ticket.finished_at)).op("/")(BUCKET)
CAME = select_columns(_CAME, func.count()).where(*_TODAY).group_by(_CAME)
LEFT = select_columns(_LEFT, func.count()).where(*_TODAY).group_by(_LEFT)
KIOSKS = select(Kiosk).where(col(Kiosk.active)).order_by(col(Kiosk.id))


def catalog(db: Reads) -> dict[str, list[dict[str, Any]]]:
    """Departments, categories, zones and kiosks as they stand."""
    return {
        "departments": [{"code": row.code, "name": row.name, "name_en": row.name_en} for row in db.find(DEPARTMENTS)],
        "categories": [
            {
                "code": row.code, "name": row.name, "name_en": row.name_en, "green": bool(row.green),
                "from_age": db.rules.elder_age if row.code == ELDERLY else None,
            }
            for row in db.find(CATEGORIES)
        ],
        "zones": [
            {"code": row.code, "name": row.name, "name_en": row.name_en, "floor": row.floor} for row in db.find(ZONES)
        ],
        "kiosks": [{"id": row.id, "zone": row.zone, "query": bool(row.query)} for row in db.find(KIOSKS)],
    }


def curve(db: Reads) -> list[tuple[Ms, int]]:
    """How many waited at the end of each five minutes of the day, from its first ticket until now."""
    steps: dict[int, int] = {}
    begin = round(datetime.fromisoformat(db.day).replace(tzinfo=db.rules.timezone).timestamp() * 1000)
    for query, sign in ((CAME, +1), (LEFT, -1)):
        for bucket, count in db.values(query, day=db.day, begin=begin):
            if bucket is not None:
                steps[bucket] = steps.get(bucket, 0) + sign * count
    waiting, points = 0, []
    for bucket in range(min(steps, default=1), db.now // BUCKET + 1) if steps else ():
        waiting += steps.get(bucket, 0)
        points.append((min((bucket + 1) * BUCKET, db.now), waiting))
    return points
