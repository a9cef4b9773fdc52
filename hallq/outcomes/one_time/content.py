"""What a one-time notice says: the five parts of H04. Pure; ticked from the item's guide and completed by the clerk.

What is written by hand is limited as in a guide, so that a slip and a page can hold it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from hallq import masking
from hallq.items.content import Guide, Line, Long, Named
from hallq.kernel import Refused
from hallq.texts import EN, ZH
from hallq.toml_file import Section

PERMIT = "permit"
Free = AfterValidator(masking.documents)  # whom to ring about it may well be said
FORGOTTEN = "{}"  # what a notice said, once it has been emptied (hallq.privacy)


class Missing(Section):
    """A paper that is not there yet, and how it is completed (如何补正)."""

    name: Annotated[Named, Free]
    how: Annotated[Long, Free] = ""


class Content(Section):
    missing: Annotated[tuple[Missing, ...], Field(strict=False, max_length=60)] = ()  # empty: the papers are complete
    accepted: Literal["yes", "no", "later"] = "later"  # later: once the papers are complete
    reason: Annotated[Long, Free] = ""  # why not
    special: Annotated[Long, Free] = ""  # 特殊程序: 实地勘查 ...
    next: Annotated[Long, Free] = ""  # the step that follows
    fee: Line = ""


@lru_cache(1000)
def parsed(content: str) -> Content:
    return Content.model_validate_json(content)


def check(content: Content, *, aside: bool, form: str, guide: Guide | None) -> None:
    """Raises Refused: invalid with the part that is missing; notice_written for a permit by word of mouth (H08)."""
    if content.accepted == "no" and not content.reason.strip():
        raise Refused("invalid", field="content.reason")
    nameless = any(not paper.name.strip() for paper in content.missing)
    if nameless or (content.accepted == "later" and not content.missing):
        raise Refused("invalid", field="content.missing")
    if aside and (not content.missing or content.accepted == "no"):
        raise Refused("invalid", field="aside")
    if form == "oral" and (aside or (guide is not None and guide.kind == PERMIT)):
        raise Refused("notice_written")


def proposal(guide: Guide | None, lang: str = ZH) -> Content:
    """What the guide knows already of the five parts; in English as far as it says it in English."""
    if guide is None:
        return Content()
    if lang == EN:
        return Content(special=guide.special_en, next=_after_acceptance(guide, EN), fee=guide.fee_en)
    return Content(special=guide.special, next=_after_acceptance(guide, ZH), fee=guide.fee)


def _after_acceptance(guide: Guide, lang: str) -> str:
    """The step that follows 受理; where no step is called so, the second one."""
    taken = next((n for n, step in enumerate(guide.steps) if "受理" in step.name), 0)
    following = guide.steps[taken + 1] if taken + 1 < len(guide.steps) else None
    if following is None:
        return ""
    if lang == EN:
        whole = following.name_en and (following.note_en or not following.note)
        return ": ".join(filter(None, (following.name_en, following.note_en))) if whole else ""
    return "：".join(filter(None, (following.name, following.note)))
