"""catalog.toml: what the hall offers and where, checked as a whole and imported when the database is new.

Afterwards the office edits in the browser: the file is never read again for a hall that has rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlmodel import SQLModel, bindparam, col, select

from hallq.items.content import Guide
from hallq.items.model import GuideVersion
from hallq.kernel import Reads, Refused, Tx
from hallq.ticketing import model
from hallq.toml_file import ConfigError, Section, parse, read_toml

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$")]
WindowNo = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,7}$")]
Prefix = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,2}$")]
Name = Annotated[str, Field(max_length=60, pattern=r"^[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$")]  # one line, not blank
Words = Annotated[str, Field(max_length=120, pattern=r"^\P{Cc}*$")]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Weekday = Annotated[int, Field(ge=1, le=7)]
Period = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]


class Department(Section):
    code: Code
    name: Name
    name_en: Words = ""


class Zone(Section):
    code: Code
    name: Name
    name_en: Words = ""
    floor: Annotated[int, Field(ge=-9, le=199)] = 1


class Service(Section):
    code: Code
    name: Name
    name_en: Words = ""
    department: Code
    prefix: Prefix
    quota: Annotated[int, Field(ge=0, le=9999)] | None = None
    issue_from: ClockTime | None = None
    issue_until: ClockTime | None = None
    minutes: Annotated[float, Field(gt=0, le=600)] = 8.0
    common: bool = False
    matter: Words = ""
    matter_en: Words = ""
    groups: bool | None = None  # false: one person and one case to a number
    identity: Literal["ask", "required"] | None = None  # whether the kiosk wants an ID card; left out: no
    cases_per_call: Annotated[int, Field(ge=1, le=99)] | None = None  # left out: all cases of a ticket at one call
    elder_age: Annotated[int, Field(ge=40, le=120)] | None = None  # left out: [rules] elder_age
    days: Annotated[tuple[Weekday, ...], Field(strict=False)] | None = None  # left out: the hall's
    periods: Annotated[tuple[Period, ...], Field(strict=False)] | None = None
    at_noon: Literal["finish", "carry", "rota"] | None = None  # left out: [rules] at_noon
    elsewhere: Words | None = None  # where it can be done without a number
    elsewhere_en: Words | None = None
    guide: Guide | None = None  # its first version, in force from the import on


class Window(Section):
    no: WindowNo
    department: Code
    zone: Code
    services: Annotated[tuple[Code, ...], Field(strict=False)] = ()  # as a list, too
    advice_only: bool = False
    channel: Literal["green"] | None = None  # this floor's window of the green channel
    partner: Name | None = None  # the B post of a window with one person (AB岗): a name of [[staff]]


class Kiosk(Section):
    id: Code
    zone: Code
    query: bool | None = None  # a query machine (查询机): guides, no numbers


def _green(entry: dict[str, Any]) -> bool:
    return entry.get("code") != model.ORDINARY


class Category(Section):
    code: Code
    name: Name
    name_en: Words = ""
    green: bool = Field(default_factory=_green)  # left out: all but the ordinary one


class Staff(Section):
    name: Name
    title: Words = ""
    window: WindowNo
    staff_no: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,12}$")] | None = None
    photo: Words | None = None


class Hours(Section):
    days: Annotated[tuple[Weekday, ...], Field(strict=False)] = (1, 2, 3, 4, 5)
    open: Annotated[tuple[Period, ...], Field(strict=False, min_length=1)] = ("08:30-12:00", "14:30-17:30")
    issue_from: ClockTime | None = None  # left out: from half an hour before opening
    issue_until: ClockTime | None = None  # left out: until closing
    holidays: Literal["observe", "ignore"] | None = None  # left out: ignored where all seven days are worked


class PauseReason(Section):
    code: Code
    name: Name
    public: Words = ""
    public_en: Words = ""
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None


CATEGORIES = tuple(
    Category(code=code, name=name, name_en=name_en)
    for code, name, name_en in (
        (model.ORDINARY, "普通", "Ordinary"),
        ("soldier", "军人", "Military"),
        ("elderly", "老年人", "Older person"),
        ("disabled", "残疾人", "Disabled person"),
        ("pregnant", "孕产妇", "Pregnancy"),
        ("ill", "病弱", "Illness"),
        ("infant", "带婴幼儿", "With an infant"),
        ("project", "重点项目", "Key project"),
        ("far", "路程较远", "Far from home"),  # A08
    )
)

PAUSE_REASONS = tuple(
    PauseReason(code=code, name=name, public=public, public_en=public_en, minutes=minutes)
    for code, name, public, public_en, minutes in (
        ("leave", "短时离岗", "工作人员暂时离开", "Clerk is away for a moment", 10),
        ("meal", "轮换用餐", "午间轮换，请等候其他窗口", "Midday rota, other windows are open", 30),
        ("swap", "换班", "正在换班，请稍候", "Changing shift, one moment", 5),
        ("system", "业务系统故障", "业务系统检修，暂时不能办理", "Business system under repair", None),
        ("paper", "整理、送件", "正在整理材料，请稍候", "Sorting papers, one moment", 10),
    )
)


class Catalog(Section):
    department: Annotated[tuple[Department, ...], Field(min_length=1)]
    service: Annotated[tuple[Service, ...], Field(min_length=1)]
    window: Annotated[tuple[Window, ...], Field(min_length=1)]
    zone: tuple[Zone, ...] = ()
    kiosk: tuple[Kiosk, ...] = ()
    category: tuple[Category, ...] = CATEGORIES
    staff: tuple[Staff, ...] = ()
    hours: Hours = Hours()
    pause_reason: tuple[PauseReason, ...] = PAUSE_REASONS

    def zones(self) -> tuple[Zone, ...]:
        """The file's own, or else one for each zone that a window or a kiosk names."""
        return self.zone or tuple(_zone(code) for code in dict.fromkeys(x.zone for x in self._places()))

    def _places(self) -> Iterable[Window | Kiosk]:
        yield from self.window
        yield from self.kiosk


def load_catalog(path: Path) -> Catalog:
    return parse_catalog(read_toml(path), path)


def parse_catalog(raw: dict[str, Any], path: Path) -> Catalog:
    catalog = parse(Catalog, raw, path)
    for fault in _faults(catalog):
        raise ConfigError(f"{path}: {fault}")
    return catalog


NEW = select(model.Department).limit(1)
NAMED = select(model.Person).where(model.Person.name == bindparam("name"), col(model.Person.active))


def imported(db: Reads) -> bool:
    """A database that `init` made, or whose first start failed, still waits for its catalogue."""
    department: model.Department | None = db.first(NEW)
    return department is not None


def import_catalog(tx: Tx, catalog: Catalog) -> None:
    """The whole file into a new database; `catalog_exists` where there is one already."""
    if imported(tx):
        raise Refused("catalog_exists")
    _insert(tx, model.Department, catalog.department)
    for zone in catalog.zones():
        tx.insert(model.Zone, **zone.model_dump())
    _insert(tx, model.Service, catalog.service)
    _import_guides(tx, catalog.service)
    _import_windows(tx, catalog.window)
    for kiosk in catalog.kiosk:
        tx.insert(model.Kiosk, **kiosk.model_dump())
    _insert(tx, model.Category, catalog.category)
    _insert(tx, model.PauseReason, catalog.pause_reason)
    _import_staff(tx, catalog)
    tx.insert(model.OpenHours, **hours_columns(catalog.hours))
    tx.log(departments=len(catalog.department), services=len(catalog.service), windows=len(catalog.window))


def _import_guides(tx: Tx, services: Iterable[Service]) -> None:
    for service in services:
        if service.guide is not None:
            tx.insert(
                GuideVersion, service=service.code, version=1, from_day=tx.day, made_at=tx.now, made_by=tx.actor,
                content=service.guide.model_dump_json(exclude_defaults=True),
            )  # fmt: skip


def _insert(tx: Tx, table: type[SQLModel], entries: Iterable[Section]) -> None:
    """In the file's order, which is the order on the screens."""
    for ord, entry in enumerate(entries):
        tx.insert(table, **columns(table, entry) | {"ord": ord})


def columns(table: type[SQLModel], entry: Section) -> dict[str, Any]:
    """What the table keeps of an entry."""
    values = {name: value for name, value in entry if name in table.model_fields and name != "partner"}
    if isinstance(entry, Service):
        values |= {"issue_from": entry.issue_from or "", "issue_until": entry.issue_until or ""}
        values |= {name: _joined(getattr(entry, name)) for name in ("days", "periods")}
    if isinstance(entry, PauseReason):
        values["public"] = entry.public or entry.name
    return values


def _joined(values: Iterable[Any] | None) -> str | None:
    """None, the hall's own, also for an empty list."""
    return ",".join(str(value) for value in sorted(set(values or ()))) or None


def _import_windows(tx: Tx, windows: tuple[Window, ...]) -> None:
    _insert(tx, model.Window, windows)
    for window in windows:
        for rank, service in enumerate(window.services):
            tx.insert(model.WindowService, window=window.no, service=service, rank=rank)


def _import_staff(tx: Tx, catalog: Catalog) -> None:
    """People without a password: the office gives them one, or they stay names at a window."""
    departments = {window.no: window.department for window in catalog.window}
    for person in catalog.staff:
        tx.insert(model.Person, department=departments[person.window], **person.model_dump())
    for window in catalog.window:
        if window.partner is not None:
            row = tx.get(model.Window, window.no)
            tx.update(row, partner=partner_of(tx, window))


def partner_of(db: Reads, window: Window) -> int | None:
    """The person of that name. None: nobody is named, or there is no such person."""
    person = db.first(NAMED, name=window.partner) if window.partner is not None else None
    return person.id if person is not None else None


def hours_columns(hours: Hours) -> dict[str, Any]:
    return {
        "days": ",".join(str(day) for day in sorted(set(hours.days))),
        "periods": ",".join(sorted(hours.open)),
        "issue_from": hours.issue_from or _half_an_hour_before(min(hours.open)[:5]),
        "issue_until": hours.issue_until or max(hours.open)[-5:],
        "holidays": hours.holidays,
    }


def _half_an_hour_before(time: str) -> str:
    minutes = max(0, int(time[:2]) * 60 + int(time[3:]) - 30)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _zone(code: str) -> Zone:
    """ "2F" is the hall of the second floor; any other name stands for itself."""
    floor = re.match(r"(\d+)F", code)
    if floor and floor.end() == len(code):
        return Zone(code=code, name="大厅", name_en="Hall", floor=int(floor[1]))
    return Zone(code=code, name=code, name_en=code, floor=int(floor[1]) if floor else 1)


# --- what no single entry can know


def _faults(catalog: Catalog) -> Iterable[str]:
    yield from _twice(catalog)
    yield from _dangling(catalog)
    yield from bad_hours(catalog.hours)
    for service in catalog.service:
        yield from bad_periods(f'service "{service.code}": periods', service.periods or ())
    if (model.ORDINARY, False) not in ((c.code, c.green) for c in catalog.category):
        yield f'category: "{model.ORDINARY}" with green = false is missing; add it'


def _twice(catalog: Catalog) -> Iterable[str]:
    keys = {
        "department": "code", "zone": "code", "service": "code", "window": "no", "kiosk": "id",
        "category": "code", "pause_reason": "code", "staff": "name",
    }  # fmt: skip
    for table, key in keys.items():
        for value, times in Counter(getattr(entry, key) for entry in getattr(catalog, table)).items():
            if times > 1:
                yield f'{table}: {key} "{value}" stands {times} times; make each different'
    for window in catalog.window:
        if len(set(window.services)) < len(window.services):
            yield f'window "{window.no}": services: one stands twice; remove it'
    for number, times in Counter(person.staff_no for person in catalog.staff if person.staff_no).items():
        if times > 1:
            yield f'staff: staff_no "{number}" stands {times} times; make each different'


def _dangling(catalog: Catalog) -> Iterable[str]:
    departments = {d.code for d in catalog.department}
    services = {s.code for s in catalog.service}
    windows = {w.no for w in catalog.window}
    zones = {z.code for z in catalog.zones()}
    staff = {person.name for person in catalog.staff}
    for service in catalog.service:
        yield from _missing(f'service "{service.code}"', "department", [service.department], departments)
    for window in catalog.window:
        yield from _missing(f'window "{window.no}"', "department", [window.department], departments)
        yield from _missing(f'window "{window.no}"', "service", window.services, services)
        yield from _missing(f'window "{window.no}"', "zone", [window.zone], zones)
        yield from _missing(f'window "{window.no}"', "staff", filter(None, [window.partner]), staff)
    for kiosk in catalog.kiosk:
        yield from _missing(f'kiosk "{kiosk.id}"', "zone", [kiosk.zone], zones)
    for person in catalog.staff:
        yield from _missing(f'staff "{person.name}"', "window", [person.window], windows)


def _missing(entry: str, kind: str, named: Iterable[str], known: set[str]) -> Iterable[str]:
    for name in named:
        if name not in known:
            yield f'{entry}: {kind} "{name}" is not in the file; add [[{kind}]] or correct the name'


def bad_hours(hours: Hours) -> Iterable[str]:
    return bad_periods("hours.open", hours.open)


def bad_periods(where: str, periods: Iterable[str]) -> Iterable[str]:
    end = ""
    for period in sorted(periods):
        start, _, until = period.partition("-")
        if not end <= start < until:
            yield f'{where}: "{period}" ends before it begins or overlaps another; correct it'
        end = until
