"""The scenario's file, version 1 (docs/simulate.md): read strictly, and checked as a whole before the day is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PrivateAttr

from hallq.catalog import Catalog, ClockTime, Code, Hours, Name, Period, Prefix, WindowNo, Words, load_catalog
from hallq.catalog import parse_catalog as catalogue_of
from hallq.config import RulesSection, timezone_name
from hallq.simulate import faults
from hallq.simulate.policy import policy_name
from hallq.ticketing.rules import Rules
from hallq.toml_file import ConfigError, Section, parse, read_toml

T = TypeVar("T")
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, le=1e6)]
NotNegative = Annotated[float, Field(ge=0, le=1e6)]
Weights = Annotated[tuple[NotNegative, ...], Field(min_length=1, max_length=99)]
Policy = Annotated[str, AfterValidator(policy_name)]
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f'"{text}" is no date; write one such as "2026-11-20"') from None


def _windows(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,8}|\d+-\d+", text):
        raise ValueError(f'"{text}": write a window\'s number, or a row of them as "1-20"')
    return text


class Day(Section):
    date: Annotated[str, AfterValidator(_date)] = ""
    seed: int = 1
    timezone: Annotated[str, AfterValidator(timezone_name)] = "Asia/Shanghai"
    open: Literal["hours", "always"] = "hours"
    walk_s: Annotated[int, Field(ge=0, le=600)] = 20
    extended: bool = True


class Compare(Section):
    compare: Annotated[tuple[Policy, ...], Field(min_length=1, max_length=8)]


class Profile(Section):
    begin: Annotated[ClockTime, Field(alias="from")]
    weights: Weights


class Back(Section):
    """Who comes back after a while."""

    share: Share
    minutes: Positive


class Transfer(Section):
    share: Share
    to: Code


class Manners(Section):
    """How citizens are; in [citizen] for all, in a [[service]] for its own."""

    distribution: Literal["lognormal", "gamma", "exponential", "fixed"] | None = None
    cv: Positive | None = None
    categories: dict[Code, Share] | None = None
    people: Weights | None = None
    cases: Weights | None = None
    no_show: Share | None = None
    patience_min: Positive | None = None
    found: Back | None = None
    park: Back | None = None


class Service(Manners):
    code: Code
    per_day: NotNegative
    profile: Code | None = None
    mean_min: Positive | None = None
    transfer: Transfer | None = None
    quota: Annotated[int, Field(ge=0, le=9999)] | None = None
    cases_per_call: Annotated[int, Field(ge=1, le=99)] | None = None
    at_noon: Literal["finish", "carry", "rota"] | None = None
    name: Name | None = None  # this and what follows: only without a catalogue
    department: Code | None = None
    prefix: Prefix | None = None


class Windows(Section):
    """A row of equal windows; numbered on from the row before."""

    count: Annotated[int, Field(ge=1, le=999)]
    services: Annotated[tuple[Code, ...], Field(min_length=1)]
    zone: Code = "1F"


class Pauses(Section):
    per_shift: Annotated[float, Field(ge=0, le=20)]
    minutes: Annotated[float, Field(ge=1, le=240)]
    reason: Code = "leave"


class Staff(Section):
    windows: tuple[Annotated[str, AfterValidator(_windows)], ...]
    shifts: tuple[Period, ...] = ()
    pauses: Pauses | None = None


class Closure(Section):
    window: WindowNo
    begin: Annotated[ClockTime, Field(alias="from")]
    until: ClockTime


class Recorded(Section):
    database: Name
    day: Annotated[str, AfterValidator(_date)]


class Scenario(Section):
    version: Literal[1]
    name: Name
    name_en: Words = ""
    catalog: Name | None = None
    day: Day = Day()
    policy: Compare
    rules_section: Annotated[RulesSection, Field(alias="rules")] = RulesSection()
    hours: Hours | None = None
    recorded: Recorded | None = None
    profile: dict[Code, Profile] = Field(default_factory=dict)
    citizen: Manners = Manners()
    service: tuple[Service, ...] = ()
    window: tuple[Windows, ...] = ()
    staff: tuple[Staff, ...] = ()
    closure: tuple[Closure, ...] = ()
    _file: Path = PrivateAttr(default=Path("scenario.toml"))
    _catalogue: Catalog | None = PrivateAttr(default=None)

    @property
    def file(self) -> Path:
        return self._file

    @property
    def catalogue(self) -> Catalog:
        """The hall of a drawn day; a recorded one has its own."""
        assert self._catalogue is not None
        return self._catalogue

    @property
    def date(self) -> str:
        return self.recorded.day if self.recorded is not None else self.day.date

    def with_seed(self, seed: int) -> Scenario:
        return self.model_copy(update={"day": self.day.model_copy(update={"seed": seed})})

    def rules(self) -> Rules:
        always = self.day.open == "always"
        return Rules(timezone=ZoneInfo(self.day.timezone), always_open=always, **self.rules_section.model_dump())

    def manner(self, service: Service, name: str, otherwise: T) -> T:
        """A service's own, or else everybody's, or else what it is without either."""
        own = getattr(service, name)
        common = getattr(self.citizen, name)
        found: T = own if own is not None else common if common is not None else otherwise
        return found

    def numbers(self, staff: Staff) -> list[str]:
        """The windows of a [[staff]] entry, "1-20" written out."""
        return [no for entry in staff.windows for no in _written_out(entry)]


def load_scenario(path: Path) -> Scenario:
    scenario = parse(Scenario, read_toml(path), path)
    scenario._file = path
    _check(path, faults.of_form(scenario))
    if scenario.recorded is None:
        scenario._catalogue = _catalogue(scenario)
        _check(path, faults.of_names(scenario))
    return scenario


def _check(path: Path, found: Iterable[str]) -> None:
    for fault in found:
        raise ConfigError(f"{path}: {fault}")


def _catalogue(scenario: Scenario) -> Catalog:
    if scenario.catalog is not None:
        return load_catalog(scenario.file.parent / scenario.catalog)
    return catalogue_of(_short_form(scenario), scenario.file)


def _short_form(scenario: Scenario) -> dict[str, Any]:
    """A catalogue of what the scenario says of its services and windows, and of nothing else."""
    services = [
        {
            "code": service.code, "name": service.name or service.code, "department": service.department or "hall",
            "prefix": service.prefix or _prefix(at), "minutes": service.mean_min,
        }
        for at, service in enumerate(scenario.service)
    ]  # fmt: skip
    departments = {entry["code"]: entry["department"] for entry in services}
    windows: list[dict[str, Any]] = []
    for row in scenario.window:
        department = departments.get(row.services[0], "hall")
        for _ in range(row.count):
            no = str(len(windows) + 1)
            windows.append({"no": no, "department": department, "zone": row.zone, "services": row.services})
    return {
        "department": [{"code": code, "name": code} for code in dict.fromkeys(departments.values())],
        "service": services,
        "window": windows,
        **({} if scenario.hours is None else {"hours": scenario.hours.model_dump(exclude_none=True)}),
    }


def _prefix(at: int) -> str:
    letter = LETTERS[at % len(LETTERS)]
    return letter if at < len(LETTERS) else f"{letter}{at // len(LETTERS)}"


def _written_out(entry: str) -> Iterator[str]:
    row = re.fullmatch(r"(\d+)-(\d+)", entry)
    if row is None:
        yield entry
    else:
        yield from map(str, range(int(row[1]), int(row[2]) + 1))
