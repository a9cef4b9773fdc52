"""The rows of posts: what is going on that should not, guides' short leaves, hand-overs. Times as in ticketing."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Spell(SQLModel, table=True):
    """Something that should not be, from when to when: an off-post window, an idle one, an empty post, a crowd.

    Its minutes are the lists' figures; its notice is the alarm, raised once per spell."""

    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("spell_open", "kind", sqlite_where=text("ended_at IS NULL")),)
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    kind: str  # pause idle empty vacant crowd green guide device segment kind
    subject: str  # a window, a service, a zone, a person's id, a device, a segment
    mark: str = ""  # another mark is another spell: the pause's id, the window's version
    since: int
    ended_at: int | None = None
    person: int | None = None
    notice: int | None = None


class GuideLeave(SQLModel, table=True):
    """A guide's short leave (G02). With a stand-in it is asked first, and begins once that person confirms (G03)."""

    __tablename__ = "guide_leave"
    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("guide_leave_open", "person", unique=True, sqlite_where=text("ended_at IS NULL")),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    person: int
    replacement: int | None = None
    since: int
    ended_at: int | None = None
    asked_at: int | None = None  # the stand-in was asked; until `confirmed_at` the guide is still here
    confirmed_at: int | None = None


class GuidePost(SQLModel, table=True):
    """Where a guide stands, or walks, from when to when (G05, G08)."""

    __tablename__ = "guide_post"
    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("guide_post_open", "person", unique=True, sqlite_where=text("ended_at IS NULL")),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    person: int
    kind: str  # desk moving
    zone: str | None = None
    since: int
    ended_at: int | None = None


class DeviceCheck(SQLModel, table=True):
    """B28: a check of all devices by one press."""

    __tablename__ = "device_check"
    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    at: int
    actor: str
    ended_at: int | None = None
    devices: int
    failed: int = 0
    results: str = "{}"  # JSON: device -> done failed unknown down busy


class Handover(SQLModel, table=True):
    """B32: what is handed on at a window. Who leaves signs with a remark, who comes signs by confirming."""

    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("handover_open", "window", sqlite_where=text("taker IS NULL")),)
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    at: int
    window: str
    giver: int | None = None
    taker: int | None = None  # None: nobody has taken over yet
    parked: str = ""  # comma-separated numbers of the tickets that are parked here
    faults: str = ""  # comma-separated ids of devices that are down
    content: str | None = None  # JSON: what stood open at the window then (outcomes.handovers)
    signed_at: int | None = None  # the giver's signature
    remark: str | None = None
    taken_over_at: int | None = None  # the taker's
    taken_remark: str | None = None
