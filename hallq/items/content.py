"""What a guide says of a service item: the six elements (H01, H02) and the fields of H05. Chinese, with English beside.

One shape for the catalogue's file, the API and the workbook. What is empty is missing in the completeness report.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hallq.toml_file import Section

Line = Annotated[str, Field(max_length=200, pattern=r"^\P{Cc}*$")]
Long = Annotated[str, Field(max_length=1000, pattern=r"^[\P{Cc}\n]*$")]
Named = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\P{Cc}+$")]
Lines = Annotated[tuple[Long, ...], Field(strict=False, max_length=40)]
Days = Annotated[int, Field(ge=0, le=999)]  # working days; 0: on the spot


class Material(Section):
    """One of the papers to bring (申请材料)."""

    name: Named
    name_en: Line = ""
    form: Literal["original", "copy", "both", "form", "electronic"] = "original"
    copies: Annotated[int, Field(ge=0, le=99)] = 1
    when: Line = ""  # needed only then; empty: always
    when_en: Line = ""
    source: Line = ""  # who issues it
    how: Line = ""  # how it is completed, as the one-time notice says it
    how_en: Line = ""
    samples: Annotated[tuple[int, ...], Field(strict=False, max_length=8)] = ()  # attachments: blank, filled in


class Step(Section):
    """One step of the procedure (办理流程)."""

    name: Named
    name_en: Line = ""
    note: Line = ""
    note_en: Line = ""


class Guide(Section):
    summary: Long = ""  # 服务内容
    summary_en: Long = ""
    kind: Literal["", "permit", "confirm", "benefit", "levy", "register", "service", "other"] = ""  # 事项类型
    handling: Literal["", "spot", "promise"] = ""  # 即办件, 承诺件
    audience: Literal["", "person", "company", "both"] = ""  # 服务对象
    basis: Lines = ()  # 设定依据
    conditions: Lines = ()  # 受理条件
    conditions_en: Lines = ()
    materials: Annotated[tuple[Material, ...], Field(strict=False, max_length=60)] = ()
    no_materials: bool = False  # nothing is to be brought: said, not forgotten
    steps: Annotated[tuple[Step, ...], Field(strict=False, max_length=20)] = ()
    promised_days: Days | None = None  # 承诺时限
    legal_days: Days | None = None  # 法定时限
    time_source: Literal["", "law", "promise", "reference"] = ""  # where the promise comes from (I22)
    fee: Line = ""  # 收费标准: 不收费, or how much
    fee_en: Line = ""
    fee_basis: Line = ""  # 收费依据
    place: Line = ""  # 办理地点; empty: the windows that serve it
    place_en: Line = ""
    hours: Line = ""  # 办理时间; empty: the hall's
    hours_en: Line = ""
    phone: Line = ""  # 咨询电话
    supervision_phone: Line = ""  # 监督电话
    approver: Line = ""  # 审批人员 (H14)
    result: Line = ""  # what one gets in the end
    result_en: Line = ""
    special: Line = ""  # 特殊程序: 实地勘查, 听证, 公示 ...
    special_en: Line = ""
    online: Line = ""  # where it is done without coming
    online_en: Line = ""
    mail: bool = False  # the result may be sent by post (L02)
    publish: bool = False  # its results are made public (H21)
    aliases: Annotated[tuple[Named, ...], Field(strict=False, max_length=30)] = ()  # what people call it
    events: Annotated[tuple[Named, ...], Field(strict=False, max_length=20)] = ()  # codes of life events
