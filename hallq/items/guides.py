"""Which guide of an item is in force: the latest version whose day has come. Old ones are never changed (H03).

What a version leaves empty and the hall knows (where, when, the telephone for complaints) is filled in as it is shown.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import bindparam, col, select

from hallq.items import known
from hallq.items.content import Guide
from hallq.items.model import GuideVersion
from hallq.kernel import Reads, must_exist
from hallq.ticketing.model import Department, Service

Json = dict[str, Any]
CACHED = 4000  # guides: more than a hall has items
INNER = {"approver"}  # who decides is the hall's own matter (H14)

IN_FORCE = (
    select(GuideVersion)
    .where(col(GuideVersion.service) == bindparam("service"), col(GuideVersion.from_day) <= bindparam("day"))
    .order_by(col(GuideVersion.version).desc())
    .limit(1)
)
ALL = (
    select(GuideVersion)
    .where(col(GuideVersion.service) == bindparam("service"))
    .order_by(col(GuideVersion.version).desc())
)
NEWER = aliased(GuideVersion)
OF_DAY = select(GuideVersion).where(
    col(GuideVersion.from_day) <= bindparam("day"),
    ~exists().where(
        col(NEWER.service) == GuideVersion.service, col(NEWER.version) > GuideVersion.version,
        col(NEWER.from_day) <= bindparam("day"),
    ),
)  # fmt: skip


class InForce(NamedTuple):
    version: int
    guide: Guide
    from_day: str


def current(db: Reads, service: str, day: str | None = None) -> InForce | None:
    """The guide in force on that day, today if none is named. None: the item has no guide yet."""
    row = db.first(IN_FORCE, service=service, day=day or db.day)
    return None if row is None else _read(row)


def everything(db: Reads, day: str | None = None) -> dict[str, InForce]:
    """Service code -> the guide in force on that day, for all items that have one."""
    return {row.service: _read(row) for row in db.find(OF_DAY, day=day or db.day)}


def offered(db: Reads, service: str) -> Service:
    """An item that citizens may read of. Raises Refused `not_found`, also of one that was cancelled."""
    row = db.get(Service, service)
    return must_exist(row if row is not None and row.active else None, "service", service)


def versions(db: Reads, service: str) -> list[GuideVersion]:
    """All of them, the newest first; also those whose day has not come."""
    return db.find(ALL, service=service)


def version(db: Reads, service: str, number: int) -> InForce:
    """One of them by its number. Raises Refused `not_found`."""
    found = next((row for row in versions(db, service) if row.version == number), None)
    return _read(must_exist(found, "guide", f"{service}/{number}"))


def shape(db: Reads, service: Service, found: InForce | None) -> Json:
    """What anybody may read of an item, in both languages. `derived` names the fields that the hall filled in."""
    guide = found.guide if found else Guide()
    department = db.get(Department, service.department)
    values = guide.model_dump(mode="json", exclude=INNER)
    filled = {name: words for name, words in known.facts(db, service).items() if not values[name]}
    if guide.place:  # English words for what the hall would say in Chinese stand or fall with it
        filled.pop("place_en", None)
    if guide.hours:
        filled.pop("hours_en", None)
    return {
        "service": service.code, "name": service.name, "name_en": service.name_en,
        "department": service.department,
        "department_name": department.name if department else service.department,
        "department_name_en": department.name_en if department else "",
        "version": found.version if found else 0,
        "from_day": found.from_day if found else "",
    } | values | filled | {"derived": sorted(filled)}  # fmt: skip


@lru_cache(CACHED)
def parsed(content: str) -> Guide:
    return Guide.model_validate_json(content)


def _read(row: GuideVersion) -> InForce:
    return InForce(row.version, parsed(row.content), row.from_day)
