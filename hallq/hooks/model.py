"""What still has to be told to another system. Written with its cause, in one transaction; kept until it is taken."""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Delivery(SQLModel, table=True):
    __table_args__ = (
        Index("delivery_waiting", "hook", "id", sqlite_where=text("state = 'waiting'")),
        Index("delivery_settled", "settled_at", sqlite_where=text("settled_at IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    hook: str
    event: str
    body: str  # JSON
    at: int
    state: str = "waiting"  # waiting done refused given_up
    tries: int = 0
    next_at: int  # not tried again before
    answer: str = ""  # the last one: a status, or why there was none
    settled_at: int | None = None
