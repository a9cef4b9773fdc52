"""The rows of service guides: versions that are never changed, and the requests that bring new ones."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class GuideVersion(SQLModel, table=True):
    """One version of an item's guide, in force from `from_day` until the next one's. Old ones are kept (H03)."""

    __tablename__ = "guide_version"
    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("guide_version_service", "service", "version", unique=True),
        Index("guide_version_day", "from_day"),
    )
    id: int | None = Field(default=None, primary_key=True)
    service: str
    version: int
    from_day: str
    content: str  # JSON of items.content.Guide
    request: int | None = None  # the change request that brought it
    note: str = ""
    made_at: int
    made_by: str


class GuideRequest(SQLModel, table=True):
    """A department asks for a change of its items (H14): approved, it becomes a version on its day."""

    __tablename__ = "guide_request"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("guide_request_open", "state", sqlite_where=text("state IN ('filed', 'approved')")),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str  # add change cancel
    service: str = Field(index=True)
    name: str = ""  # of an item that is not in the catalogue yet
    department: str
    trigger: str  # one of the six of H14
    reason: str
    document: str = ""  # the number of what it rests on
    approver: str  # who decides the item's cases from now on (审批人员): mandatory
    content: str = ""  # JSON of items.content.Guide; empty: cancel
    from_day: str
    state: str = "filed"  # filed approved refused withdrawn done
    at: int
    by: str
    decided_at: int | None = None
    decided_by: str | None = None
    leader: str | None = None  # in whose name it was decided
    why: str | None = None  # it was refused
    done_at: int | None = None
