"""The lists behind a pad's keys: what a clerk may choose from, and the levels and reasons that a citizen is offered."""

from __future__ import annotations

from collections.abc import Iterable

from hallq.assessment.ratings import reasons as reasons_of
from hallq.assessment.ratings.rules import BAD
from hallq.devices.inputs import Answer
from hallq.hall import Hall
from hallq.texts import EN, ZH, text
from hallq.ticketing.looks import REASONS as PAUSE_REASONS

LEVELS = ("5", "4", "3", "2", "1")
PARK_KINDS = {"papers": "pk.parkPapers", "kept": "pk.parkKept", "step": "pk.parkStep"}
BAD_LEVELS = sum(1 << level for level in range(1, BAD + 1))
GOOD_LEVELS = sum(1 << level for level in range(BAD + 1, 6))


async def choices(hall: Hall, window: str, name: str) -> Answer:
    """The list of that name, as the window's pad may offer it."""
    picture = hall.picture
    match name:
        case "levels":
            return _worded((level, f"r.{level}") for level in LEVELS)
        case "reasons":
            rows = await hall.read(reasons_of.offered)
            return Answer(
                choices=tuple((row["code"], row["zh"]) for row in rows),
                english=tuple(row["en"] for row in rows),
                values=tuple(GOOD_LEVELS if row["of"] == "good" else BAD_LEVELS for row in rows),
            )
        case "services":
            services = picture.services.values()
            return Answer(choices=tuple((s.code, s.name) for s in services), english=tuple(s.name_en for s in services))
        case "windows":
            others = [other for no, other in picture.windows.items() if no != window]
            return Answer(choices=tuple((other.no, other.department_name) for other in others))
        case "parked":
            here = picture.windows.get(window)  # none: the office has switched it off
            return Answer(choices=tuple((str(one.id), one.number) for one in (here.parked if here else ())))
        case "park-kinds":
            return _worded(PARK_KINDS.items())
        case _:
            pauses = await hall.read(lambda db: db.find(PAUSE_REASONS, active=True))
            return Answer(choices=tuple((row.code, row.name) for row in pauses),
                          values=tuple(row.minutes or 0 for row in pauses))  # fmt: skip


def _worded(items: Iterable[tuple[str, str]]) -> Answer:
    """(code, key of its words) in both languages."""
    known = list(items)
    return Answer(
        choices=tuple((code, text(key, ZH)) for code, key in known),
        english=tuple(text(key, EN) for _, key in known),
    )
