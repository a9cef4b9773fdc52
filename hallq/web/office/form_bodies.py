"""The office's forms as they are sent: the fields of the annexes M1, M2, M3 and M11."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import orjson
from pydantic import Field

from hallq.kernel import Ms, Refused
from hallq.office import papers
from hallq.web.bodies import Body, Code, RequestId

Line = Annotated[str, Field(max_length=120)]
Words = Annotated[str, Field(max_length=2000)]
Given = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"\S")]
When = Annotated[str, Field(min_length=10, max_length=35)]  # ISO 8601; without an offset the hall's own time
Codes = Annotated[list[Code], Field(max_length=60)]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class Lift(Body):
    """A leader's word for what the rules would not allow (原则上)."""

    reason: Given
    name: Name


class Apply(Body):
    department: Code | None = None  # a chief representative's own when left out
    windows: Annotated[list[Code], Field(min_length=1, max_length=60)]
    start: When = Field(alias="from")
    reason: Given
    measures: Words = ""
    contact: Line = ""
    phone: Line = ""
    remark: Words = ""
    applicant: Name | None = None  # who applies, where the office fills it in for them
    lift: Lift | None = None
    request_id: RequestId = None


class ApplyClosure(Apply):
    kind: Literal["close", "season", "reopen"] = "close"
    until: When | None = None
    to_window: Code | None = None


class Adviser(Body):
    name: Name
    phone: Annotated[str, Field(min_length=1, max_length=40)]


class ApplySuspension(Apply):
    services: Annotated[list[Code], Field(min_length=1, max_length=60)]
    until: When
    document: Line = ""
    content: Words = ""
    advisers: Annotated[list[Adviser], Field(max_length=9, default_factory=list)]
    publicity: Words = ""


class ApplyChange(Apply):
    kind: Literal["add", "remove"]
    services: Annotated[Codes, Field(default_factory=list)]
    zone: Code | Literal[""] = ""
    business: Words = ""
    equipment: Words = ""
    to_window: Code | None = None


class Sign(Body):
    name: Name | None = None  # of who signed on paper, where the office enters it
    rank: Literal["chief", "leader"] = Field(default="chief", alias="as")
    opinion: Words = ""
    lift: Lift | None = None


class Approve(Body):
    answer: Words = ""
    head: Line = ""
    lift: Lift | None = None


class Why(Body):
    why: Words = ""


class Reason(Body):
    why: Given


class Season(Body):
    windows: Annotated[list[Code], Field(min_length=1, max_length=60)]
    start: MonthDay = Field(alias="from")
    until: MonthDay


class Plan(Body):
    department: Code | None = None
    year: Annotated[int, Field(ge=2000, le=2999)]
    seasons: Annotated[list[Season], Field(max_length=60, default_factory=list)]
    remark: Words = ""
    request_id: RequestId = None  # filed again it is replaced: a repeat changes nothing


BODIES: dict[str, type[Apply]] = {
    "closures": ApplyClosure,
    "suspensions": ApplySuspension,
    "window-changes": ApplyChange,
}


def moment(text: str, field: str, zone: ZoneInfo) -> Ms:
    """A day alone begins at midnight, and as an end it is that day too."""
    try:
        when = datetime.fromisoformat(text)
        if field == "until" and len(text) <= len("2026-12-01"):
            when += timedelta(days=1)
    except (ValueError, OverflowError):
        raise Refused("invalid", field=field) from None
    return round((when if when.tzinfo else when.replace(tzinfo=zone)).timestamp() * 1000)


def columns(body: Apply, department: str, applicant: str, zone: ZoneInfo) -> dict[str, Any]:
    """The form's row, without its way."""
    values = body.model_dump(exclude={"request_id", "lift", "start", "department", "applicant"})
    values |= {"department": department, "applicant": applicant, "since": moment(body.start, "from", zone)}
    for name in ("windows", "services"):
        if name in values:
            values[name] = ",".join(values[name])
    if values.get("until") is not None:
        values["until"] = moment(values["until"], "until", zone)
    if "advisers" in values:
        values["advisers"] = orjson.dumps(values["advisers"]).decode()
    return values


def lift_of(lift: Lift | None) -> papers.Lift | None:
    return None if lift is None else papers.Lift(lift.reason, lift.name)
