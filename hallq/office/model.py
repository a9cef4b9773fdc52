"""The office's forms: a window is closed for a time (M3), a business is suspended (M1), windows come and go (M2), the
year's plan (M11). Lists inside a column are comma-separated; times are milliseconds, days ISO dates.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Paper(SQLModel):
    """What every form carries: who asks and why, and its way from desk to desk."""

    id: int | None = Field(default=None, primary_key=True)
    department: str = Field(index=True)
    state: str = Field(default="draft", index=True)  # forms.CLOSING, SUSPENDING, CHANGING
    windows: str  # 窗口位置编号
    since: int
    reason: str  # 事由
    measures: str = ""  # 保障措施
    contact: str = ""
    phone: str = ""
    remark: str = ""
    applicant: str  # who applies, also where the office fills it in for them
    made_at: int
    made_by: str
    signed_at: int | None = None
    signed_by: str = ""
    signed_as: str = ""  # chief: 首席代表, leader: 分管领导
    opinion: str = ""  # the department's
    approved_at: int | None = None
    approved_by: str = ""
    answer: str = ""  # the office's opinion
    head: str = ""  # 旗政务服务中心有关负责人
    published_at: int | None = None
    began_at: int | None = None
    ended_at: int | None = None
    ended_by: str = ""
    why: str = ""  # why it was refused, withdrawn or ended early
    lifted: str = ""  # the rules (their refusal codes) that a leader set aside, with reason and name
    lift_reason: str = ""
    lift_name: str = ""


class Closure(Paper, table=True):
    """窗口临时关闭（重启）: the windows are shut for a time, their business goes on elsewhere."""

    __covered__: ClassVar[bool] = True
    kind: str  # close, season (as the year's plan has it), reopen
    until: int | None = None  # None: a reopening
    to_window: str | None = None  # who takes over; None: other windows
    watch: bool | None = None  # ended: nobody has been seen at the reopened windows yet


class BusinessSuspension(Paper, table=True):
    """业务临时停办: the business itself stops, its windows give advice only."""

    __tablename__ = "business_suspension"
    __covered__: ClassVar[bool] = True
    services: str
    until: int
    document: str = ""  # 证明文件文号
    content: str = ""  # 具体内容
    advisers: str = "[]"  # JSON: [{name, phone}], who stay for advice
    publicity: str = ""  # 宣传告知工作落实情况
    public_at: int | None = None  # the notice goes live by itself then
    advised: str = ""  # windows that were switched to advice only by this form


class WindowChange(Paper, table=True):
    """窗口变更: windows are added or taken away for this year or longer, from `since` on."""

    __tablename__ = "window_change"
    __covered__: ClassVar[bool] = True
    kind: str  # add, remove
    services: str = ""  # of an added window; empty for one that only comes back
    zone: str = ""
    business: str = ""  # 窗口办理业务内容, in words
    equipment: str = ""  # 自带（撤离）设施设备
    to_window: str | None = None  # a removed one has moved there


class WindowPlan(SQLModel, table=True):
    """本年度窗口使用计划: one per department and year; the seasons in which windows stand closed each year."""

    __tablename__ = "window_plan"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("window_plan_year", "department", "year", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    department: str
    year: int
    seasons: str = "[]"  # JSON: [{windows: [no], from: "11-01", until: "03-31"}]
    remark: str = ""
    made_at: int
    made_by: str


class MissedStep(SQLModel, table=True):
    """A step that came too late and was let pass (B22): evidence for the assessment's ledger."""

    __tablename__ = "missed_step"
    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    at: int
    kind: str  # closures suspensions
    form: int
    department: str
    step: str  # the refusal's code: closure_late, suspension_late, suspension_notice_late ...
    facts: str = "{}"  # JSON: what the rule asked and what was so
    reason: str = ""
    name: str = ""
