"""What people do at devices, and what the device is told of it. Plain values between drivers and the hall."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Key:
    """A clerk's key on a pad. The same `key_id` again is the same press."""

    key_id: str
    seen: int | None  # the screen's version that the clerk saw
    verb: str  # as in CONTRACT's paths: call-next, finish, finish-and-next, pause ...
    argument: str = ""  # ticket, service, reason or kind, as the verb wants
    window: str = ""  # where a transfer goes
    position: str = "arrival"  # of a transfer: arrival front end
    minutes: int = 0
    age_ms: int = 0


@dataclass(frozen=True, slots=True)
class SignIn:
    key_id: str
    staff_no: str
    pin: str = field(repr=False)
    age_ms: int = 0


@dataclass(frozen=True, slots=True)
class Rated:
    token: str
    level: int
    reasons: tuple[str, ...] = ()
    comment: str = ""
    age_ms: int = 0


@dataclass(frozen=True, slots=True)
class Touched:
    token: str
    age_ms: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    token: str
    age_ms: int = 0


@dataclass(frozen=True, slots=True)
class AskChoices:
    """The list behind a key: services, windows, pause-reasons, parked, park-kinds; of the citizen's side: levels,
    reasons."""

    list: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button evaluator: no token, it rates what its window asks for now."""

    level: int
    age_ms: int = 0


@dataclass(frozen=True, slots=True)
class TakeTicket:
    """A push-button dispenser: one key, one service, one slip."""

    key_id: str
    service: str


@dataclass(frozen=True, slots=True)
class CardRead:
    """An ID card on a kiosk's reader. In memory for the ticket only; nothing of it is ever shown in a log."""

    number: str = field(repr=False)
    name: str = field(repr=False)
    birth: str = field(repr=False, default="")  # YYYYMMDD
    kind: str = "citizen"  # citizen resident foreigner


@dataclass(frozen=True, slots=True)
class CardUnread:
    """A card lay on the kiosk's reader and could not be read; `why` is the reader's word."""

    why: str


Input = Key | SignIn | Rated | Touched | Skipped | AskChoices | Button | TakeTicket | CardRead | CardUnread


@dataclass(frozen=True, slots=True)
class Answer:
    """`code`: ok, or a refusal's code; for a rating: stored replaced joined already unknown_token forbidden
    rating_closed; unavailable: not now, it is asked again."""

    code: str = "ok"
    text: str = ""  # words for the clerk
    seconds: int = 0  # until it would be allowed, where that is known
    choices: tuple[tuple[str, str], ...] = ()  # (code, label)
    english: tuple[str, ...] = ()  # their labels in English, or none
    values: tuple[int, ...] = ()  # pause-reasons: usual minutes; reasons: bit n = offered for level n; or none
