"""The queue's settings and its pure choices. Defaults are the regulations' values; docs/rules.md lists every key."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Rules:
    """`[rules]` of hall.toml, and what of `[hall]` and `[calendar]` the queue needs. Durations in seconds."""

    timezone: ZoneInfo
    always_open: bool = False  # [calendar] open = "always"
    undo_s: int = 60
    no_show_calls: int = 2  # calls that were really shown or spoken before a no-show is allowed
    no_show_wait_s: int = 60
    max_calls: int = 5  # a visit's first call and its recalls
    green_bound: int = 5  # no ordinary citizen is overtaken more often by the green channel
    announce_s: int = 40  # an announcement older than this is dropped
    print_s: int = 30
    rate_s: int = 30  # an invitation stays on the pad
    rate_min_s: int = 15  # also when the next citizen is called
    rate_touched_s: int = 60
    rate_change_s: int = 8  # another level replaces the first
    rate_reasons_s: int = 30  # reasons may still join
    rate_thanks_s: int = 5
    ones: str = "一"  # how the voice says 1: 一 or 幺
