"""The rows of the guide desk's registers. Personal columns go with their salt, days after the end."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class FoundItem(SQLModel, table=True):
    """遗失物品登记表 (M7, K02)."""

    __tablename__ = "found_item"
    __covered__: ClassVar[bool] = True
    __personal__: ClassVar[frozenset[str]] = frozenset({"claimant", "id_masked", "phone", "owner"})
    __table_args__ = (
        Index("found_item_kept", "due_day", sqlite_where=text("state = 'kept'")),
        Index("found_item_day", "day"),
        Index("found_item_closed", "closed_at", sqlite_where=text("salt <> ''")),
        Index("found_item_no", "no", unique=True),
    )
    id: int | None = Field(default=None, primary_key=True)
    no: str
    day: str  # of the public notice: the half year begins (K03)
    due_day: str  # on which it goes on if nobody has claimed it (K03-K05)
    at: int
    by: str
    name: str  # what it is, in a word: the only one of its marks that screens show
    count: int = 1
    features: str = ""  # told by who claims it: never on a screen
    found_at: int
    place: str
    zone: str | None = None
    finder: str = ""  # citizen guard cleaner staff: what, not who
    perishable: bool = False  # K04
    valuable: bool = False  # K05
    ticket: int | None = None  # a number lay with it (K06)
    owner: str = ""  # who it may belong to, as far as a paper in it says
    state: str = "kept"  # kept claimed mailed police destroyed
    claimant: str = ""
    id_masked: str = ""
    phone: str = ""
    signature: int | None = None  # attachment: drawn on the tablet, or the signed form of who has it mailed
    receipt: str = ""  # number of the police's receipt
    salt: str = ""
    closed_at: int | None = None
    closed_by: str | None = None
    blanked_at: int | None = None


class FoundStep(SQLModel, table=True):
    """What was done with a found item, one line each: owner called, claimed, handed over."""

    __tablename__ = "found_step"
    __covered__: ClassVar[bool] = True
    __personal__: ClassVar[frozenset[str]] = frozenset({"note"})  # what was written about an owner goes, too
    __table_args__ = (Index("found_step_kept", "at", sqlite_where=text("salt <> ''")),)
    id: int | None = Field(default=None, primary_key=True)
    item: int = Field(index=True)
    at: int
    by: str
    step: str  # found contact claimed mailed police destroyed
    note: str = ""
    salt: str = ""  # only of what concerns the owner: how a thing was disposed of stays


class Mail(SQLModel, table=True):
    """邮寄台账 (M8, L04): a result that goes out, or papers that come in (L03)."""

    __covered__: ClassVar[bool] = True
    __personal__: ClassVar[frozenset[str]] = frozenset({"name", "phone", "address"})
    __table_args__ = (
        Index("mail_day", "day"),
        Index("mail_open", "id", sqlite_where=text("state IN ('asked', 'ready')")),
        Index("mail_sent", "sent_day", sqlite_where=text("sent_day IS NOT NULL")),
        Index("mail_kept", "closed_at", sqlite_where=text("salt <> ''")),
    )
    id: int | None = Field(default=None, primary_key=True)
    no: str
    direction: str = "out"  # out in
    day: str
    at: int
    by: str
    ticket: int | None = None
    visit: int | None = None
    service: str | None = None
    window: str | None = None
    found: int | None = None  # a found item that its owner has mailed (K08)
    what: str = ""  # which papers
    form_until: int | None = None  # so long the window's pad asks its citizen for the address
    name: str = ""
    phone: str = ""
    address: str = ""
    salt: str = ""
    carrier: str = "EMS"
    waybill: str = ""
    payer: str = "hall"  # hall citizen
    state: str = "asked"  # asked (by the citizen) ready sent received cancelled
    sent_day: str | None = None
    why: str = ""  # it was cancelled
    closed_at: int | None = None
    checked_at: int | None = None  # L06: drawn by the centre, and looked at
    checked_by: str = ""
    check_note: str = ""  # what was wrong; empty: nothing
    blanked_at: int | None = None
