"""Entry and exit forms as they are sent: the fields of the annexes M4 and M5."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hallq.web.bodies import Body, Code, Day, IdNumber, RequestId
from hallq.web.office.form_bodies import Given, Lift, Line, Name, Words

Files = Annotated[list[int], Field(max_length=8, default_factory=list)]
Month = Annotated[str, Field(pattern=r"^((19|20)[0-9]{2}-(0[1-9]|1[0-2]))?$")]


class Personal(Body):
    """As little as the paper form needs; the ID number is masked before anything is kept."""

    gender: Literal["", "男", "女"] = ""
    ethnicity: Line = ""
    born: Month = ""
    politics: Line = ""
    education: Line = ""
    school: Line = ""
    phone: Line = ""
    id_number: IdNumber | Literal[""] = Field(default="", repr=False)
    standing: Line = ""


class File(Personal):
    department: Code | None = None  # a chief representative's own when left out
    employer: Line = ""
    work: Words = ""
    window_kind: Line = ""
    services: Words = ""
    remark: Words = ""
    applicant: Name | None = None
    lift: Lift | None = None
    request_id: RequestId = None


class FileEntry(File):
    kind: Literal["entry"]
    name: Name
    staff_no: Code | None = None
    title: Line = ""
    window: Code
    skills: Annotated[list[Code], Field(max_length=60, default_factory=list)]
    since: Day
    trained_on: Day | None = None
    trained_until: Day | None = None
    proofs: Files
    photo: int | None = None


class FileExit(File):
    kind: Literal["exit"]
    person: int
    since: Day | None = None  # where the hall does not know it
    until: Day
    reason: Given


Filed = Annotated[FileEntry | FileExit, Field(discriminator="kind")]


class Sign(Body):
    name: Name | None = None  # of who signed on paper, where the office enters it
    opinion: Words = ""
    lift: Lift | None = None


class Approve(Body):
    answer: Words = ""
    lift: Lift | None = None


class Handed(Body):
    item: Literal["badge", "keys", "equipment", "accounts", "files", "attendance", "signed_off"]
    note: Line = ""
    done: bool = True


def masked(number: str) -> str:
    """150627199001011234 -> 150***********1234."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if number else ""
