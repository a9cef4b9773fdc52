"""A device as hall.toml names it, and how it is. Plain values between the hall and its fleet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from pydantic import BaseModel

from hallq.kernel import Ms


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    driver: str
    link: str
    place: dict[str, str]  # {"window": "3"}
    options: BaseModel  # the driver's own Options
    hall: str = ""  # its name: pads show it
    timezone: tzinfo = UTC  # pads show times of return as hours and minutes


@dataclass(frozen=True, slots=True)
class Report:
    """What a driver learned by asking. An error means: it answers, and somebody must look after it."""

    detail: Mapping[str, str] = field(default_factory=dict)  # {"paper": "low", "cover": "closed"}
    error: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """`starting` until first reached; `down` = nobody there; `fault` = there, and in need of help."""

    state: str  # starting up down fault
    since: Ms  # wall time
    error: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    round_trip_ms: float | None = None  # of the last question that was answered
    bad_frames: int = 0  # since the hub started
    losses: int = 0  # how often it went, since the hub started
    heard_at: Ms | None = None  # wall time of its last message
