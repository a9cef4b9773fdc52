"""What the hub was started with: a rule's value is a row, so that its change stands in the journal."""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import Field, SQLModel


class RuleInForce(SQLModel, table=True):
    """A key of [rules], the calendar's `open`, or the version of HallQ, as it has been since `since`."""

    __tablename__ = "rule_in_force"
    __covered__: ClassVar[bool] = True
    key: str = Field(primary_key=True)
    value: str
    since: int
