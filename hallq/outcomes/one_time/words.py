"""What a notice says, in the language of who reads it: what stands there as in the guide has the guide's English words.

What a clerk has written has none, and stays in Chinese; pages mark it so.
"""

from __future__ import annotations

from sqlmodel import bindparam, col, select

from hallq.items.content import Guide
from hallq.items.guides import parsed as guide_of
from hallq.items.model import GuideVersion
from hallq.kernel import Reads
from hallq.outcomes.model import OneTimeNotice
from hallq.outcomes.one_time.content import Content, Missing, parsed, proposal
from hallq.texts import EN

TICKED_FROM = select(GuideVersion).where(
    col(GuideVersion.service) == bindparam("service"), col(GuideVersion.version) == bindparam("version")
)


def of(db: Reads, notice: OneTimeNotice, lang: str) -> Content:
    content = parsed(notice.content)
    if lang != EN or notice.guide is None:
        return content
    row = db.first(TICKED_FROM, service=notice.service, version=notice.guide)
    return content if row is None else english(content, guide_of(row.content))


def english(content: Content, guide: Guide) -> Content:
    materials = {material.name: material for material in guide.materials}
    said, told = proposal(guide), proposal(guide, EN)
    parts = {name: getattr(told, name) for name in ("special", "next", "fee")
             if getattr(told, name) and getattr(content, name) == getattr(said, name)}  # fmt: skip
    missing = tuple(
        Missing(name=known.name_en or paper.name, how=(known.how_en if paper.how == known.how else "") or paper.how)
        if (known := materials.get(paper.name)) else paper
        for paper in content.missing
    )  # fmt: skip
    return content.model_copy(update=parts | {"missing": missing})
