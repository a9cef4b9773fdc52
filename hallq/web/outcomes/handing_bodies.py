"""What callers send about what is passed on, refused, or handed over at a window."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hallq.web.bodies import Body, Code, Free, RequestId, Verb

Matter = Annotated[str, Field(min_length=1, max_length=500), Free]
Words = Annotated[str, Field(max_length=500), Free]
Short = Annotated[str, Field(max_length=100)]
Row = Annotated[int, Field(ge=1, le=2**63 - 1)]


class Write(Body):
    department: Code
    person: Row | None = None
    matter: Matter
    name: Short = ""
    address: Annotated[str, Field(max_length=200)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    message: Annotated[str, Field(max_length=500)] = ""  # a personal column
    tel: Annotated[str, Field(max_length=40)] = ""
    window: Code | None = None
    kiosk: Code | None = None  # a guide's: where the slip is printed
    ticket: Row | None = None
    request_id: RequestId = None


class Answer(Body):
    answer: Annotated[str, Field(min_length=1, max_length=500)]  # a personal column


class Place(Body):
    window: Code | None = None
    kiosk: Code | None = None


class Record(Body):
    what: Annotated[str, Field(min_length=1, max_length=200), Free]
    reason: Matter
    basis: Annotated[str, Field(max_length=300)] = ""
    department: Code | None = None  # the office's; who works at a window writes for the own one
    window: Code | None = None
    ticket: Row | None = None
    service: Code | None = None
    request_id: RequestId = None


class Note(Body):
    leader: Annotated[str, Field(min_length=1, max_length=60)]
    opinion: Words = ""


class Remark(Body):
    remark: Words = ""


class TakeOver(Verb):
    remark: Words = ""
