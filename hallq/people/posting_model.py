"""The rows of entry and exit forms (M4, M5): what they say of a person is salted, and kept no longer than needed."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Posting(SQLModel, table=True):
    """入岗审批表 (entry), 离岗审批表 (exit)."""

    __covered__: ClassVar[bool] = True
    __personal__: ClassVar[frozenset[str]] = frozenset({
        "gender", "ethnicity", "born", "politics", "education", "school", "phone", "id_number", "standing",
    })  # fmt: skip
    __table_args__ = (
        Index("posting_person", "person"),
        Index("posting_state", "state", "kind"),
        Index("posting_clear", "clear_on"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str  # entry exit
    state: str = "draft"  # postings.STEPS
    department: str = Field(index=True)
    person: int | None = None  # an exit's; an entry's from its approval on
    name: str
    staff_no: str | None = None
    title: str = ""  # as the pad shows it
    window: str | None = None  # the home window
    skills: str = ""  # comma-separated: services beside the home window's
    gender: str = ""
    ethnicity: str = ""
    born: str = ""  # 出生年月: "1990-05"
    politics: str = ""  # 政治面貌
    education: str = ""
    school: str = ""  # 毕业学校及专业
    phone: str = ""
    id_number: str = ""  # masked before it is stored: never the number
    standing: str = ""  # 人员身份
    salt: str = ""
    employer: str = ""  # 工作单位及职务
    work: str = ""  # 主要工作职责
    window_kind: str = ""  # 窗口类型
    services: str = ""  # 服务事项, in words
    since: str  # 入岗时间: the first day; empty: of an exit whose entry nobody knows
    until: str | None = None  # 离岗时间: the last day
    reason: str = ""  # 离岗原因
    trained_on: str | None = None
    trained_until: str | None = None
    photo: int | None = None  # a file, until the person has it
    handed: str = "{}"  # JSON: item -> {by, at, note} (J08)
    remark: str = ""
    applicant: str
    made_at: int
    made_by: str
    signed_at: int | None = None
    signed_by: str = ""
    opinion: str = ""  # 工作单位审批意见
    approved_at: int | None = None
    approved_by: str = ""
    answer: str = ""  # 政务服务中心审批意见
    ended_at: int | None = None  # refused, withdrawn; an exit: the last day is over
    ended_by: str = ""
    why: str = ""
    lifted: str = ""  # as the office's other forms: what a leader has set aside
    lift_reason: str = ""
    lift_name: str = ""
    clear_on: str | None = None  # the day on which the personal columns are emptied
    cleared_at: int | None = None
