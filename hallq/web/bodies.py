"""What callers may send, exactly: an unknown key, a wrong type or a number out of range is refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hallq import masking

Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"\S")]  # blanks name nothing
RequestId = Annotated[str, Field(min_length=1, max_length=64)] | None
Secret = Annotated[str, Field(min_length=1, max_length=200)]
Minutes = Annotated[int, Field(ge=1, le=480)] | None
Count = Annotated[int, Field(ge=1, le=99)]
IdNumber = Annotated[str, Field(pattern=r"^([0-9]{17}[0-9Xx]|[0-9]{15})$")]
Handle = Annotated[str, Field(min_length=1, max_length=64)] | None
Stops = Annotated[list[Code], Field(max_length=5)]  # the services that follow in one visit


def _real_day(text: str) -> str:
    date.fromisoformat(text)  # its ValueError is pydantic's
    return text


# a day that there is, in a century that the hall may live to see
Day = Annotated[str, Field(pattern=r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_day)]

Free = AfterValidator(masking.numbers)  # words in which nobody's number belongs: it is masked before it is stored


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class TakeTicket(Body):
    service: Code
    category: Code = "ordinary"
    people: Count = 1
    cases: Count = 1
    needs: Annotated[list[Literal["escort", "deaf", "blind", "wheelchair", "interpreter"]], Field(max_length=5)] = []
    request_id: RequestId = None
    kiosk: Code | None = None
    beyond: Annotated[str, Field(max_length=100), Free] = ""  # staff alone: why, although there are none left
    then: Stops = []
    id_number: IdNumber | None = Field(default=None, repr=False)
    card: Handle = None  # of the card on this kiosk's reader


class Card(Body):
    card: Code


class Slip(Body):
    outcome: Literal["printed", "failed"]


class Verb(Body):
    seen: int | None = None
    request_id: RequestId = None


class Call(Verb):
    ticket: int
    reason: Annotated[str, Field(max_length=100), Free] = ""  # needed for a chosen one


class WalkIn(Verb):
    service: Code
    reason: Annotated[str, Field(min_length=1, max_length=100), Free]


class Finish(Verb):
    outcome: Code | None = None  # the kind of case (I02)
    case_no: Code | None = None  # in the approval system
    reason: Annotated[str, Field(max_length=200), Free] | None = None  # why it was refused or given back
    next: bool = False
    then: Stops = []


class Park(Verb):
    kind: Literal["papers", "kept", "step"] = "papers"
    any_window: bool = False
    # as a transfer may say it; a parked ticket has left the line and keeps its place
    position: Annotated[Literal["arrival", "front", "end"], Field(exclude=True)] = "arrival"


class Transfer(Verb):
    service: Code | None = None
    window: Code | None = None
    clerk: int | None = None  # a person's id: to where that clerk is signed in
    then: Stops = []
    position: Literal["arrival", "front", "end"] = "arrival"
    reason: Annotated[str, Field(max_length=100), Free] = ""  # needed for the front


class Pause(Verb):
    reason: Code
    minutes: Minutes = None


class Rate(Body):
    token: Secret
    level: Annotated[int, Field(ge=1, le=5)]
    reasons: Annotated[list[Code], Field(max_length=12)] | None = None
    comment: Annotated[str, Field(max_length=500)] | None = None
    request_id: RequestId = None


class Invited(Body):
    token: Secret


class SignIn(Body):
    name: Secret
    password: Secret


class PinSignIn(Body):
    staff_no: Code
    pin: Secret


class NewPassword(Body):
    old: Secret
    new: Annotated[str, Field(min_length=8, max_length=200)]


class AskPairing(Body):
    role: Code
    place: Annotated[str, Field(max_length=64)] = ""
    request_id: RequestId = None


class Confirm(Body):
    place: Annotated[str, Field(max_length=64)] | None = None


class AddPerson(Body):
    name: Annotated[str, Field(min_length=1, max_length=40)]
    role: Code
    window: Code | None = None
    title: Annotated[str, Field(max_length=40)] = ""
    staff_no: Code | None = None
    request_id: RequestId = None


class Badge(Body):
    badge: Annotated[str, Field(max_length=12, pattern=r"^\P{Cc}*$")]


class Pin(Body):
    pin: Annotated[str, Field(pattern=r"^[0-9]{4,8}$")]


class Empty(Body):
    request_id: RequestId = None
