"""What callers may send about cases, exactly."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hallq.web.bodies import Body, Code, Day, RequestId

Words = Annotated[str, Field(max_length=2000)]
Needed = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(max_length=60)]
Files = Annotated[tuple[int, ...], Field(max_length=10, strict=False)]
Person = Annotated[int, Field(ge=1)]
Kind = Literal["suggestion", "ordinary", "serious", "letter", "township"]
Channel = Literal["register", "box", "window", "telephone", "network", "12345", "guide"]
Topic = Literal["", "wait", "attitude", "skill", "trips", "stuck", "device", "idea", "other"]


class Register(Body):
    """A kiosk sends no more than KIOSK, a guide no more than GUIDE (web.cases)."""

    kind: Kind = "ordinary"
    channel: Channel = "register"
    topic: Topic = ""
    matter: Words = ""
    number: Annotated[str, Field(max_length=16)] = ""
    number_day: Day | None = None
    window: Code | None = None
    person: Person | None = None
    service: Code | None = None
    department: Code | None = None
    zone: Code | None = None
    name: Name = ""
    contact: Annotated[str, Field(max_length=60)] = ""
    demand: Annotated[str, Field(max_length=500)] = ""
    secret: bool = False
    urgent: bool = False
    come: bool = False
    files: Files = ()
    request_id: RequestId = None


class Step(Body):
    note: Words = ""
    other_side: Words = ""
    result: Literal["", "upheld", "partly", "unfounded", "invalid", "withdrawn", "out_of_scope"] = ""
    name: Name = ""  # of the leader who approves; else who is signed in
    files: Files = ()


class Owner(Body):
    department: Code
    person: Person | None = None


class Assign(Body):
    kind: Kind | None = None
    person: Person | None = None
    officer: Person | None = None
    owners: Annotated[list[Owner], Field(min_length=1, max_length=8)] | None = None
    urgent: bool | None = None
    secret: bool | None = None
    no_award: Literal["", "person", "department", "both"] | None = None


class Identify(Body):
    contact: Annotated[str, Field(min_length=1, max_length=60)]
    name: Name = ""
    demand: Annotated[str, Field(max_length=500)] = ""


class Note(Body):
    note: Needed
    files: Files = ()


class Plan(Body):
    content: Needed
    measures: Needed
    due_day: Day
    responsible: Annotated[str, Field(min_length=1, max_length=60)]
    request_id: RequestId = None


class MovePlan(Body):
    progress: Words = ""
    result: Words = ""
