"""Tells a frame that is sent again from a second press, where frames have no number: by time, and by whether the first
one was answered. A press that was not answered is the same press for long; one that was, only for a moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

UNANSWERED_S = 10.0  # the answer may have been lost with the line
MOST_ANSWERS = 8


@dataclass(eq=False)
class Press:
    what: Any
    id: str
    at: float  # heard last, or answered last: a repetition may cross its answer
    state: str = "busy"  # busy taken refused; again: the hall could not take it now
    answers: int = 0
    wish: Any = None  # what the hall is asked

    def has_answer(self, now: float) -> None:
        self.answers, self.at = self.answers + 1, now

    @property
    def is_endless(self) -> bool:
        """A key that is stuck, or a line on which the hub hears itself: answering goes on for ever."""
        return self.answers >= MOST_ANSWERS


class Presses:
    """The last press of one device, over its reconnections. `run` makes ids that no other run of the hub has used."""

    def __init__(self, run: int) -> None:
        self._run = run
        self._count = 0
        self.last: Press | None = None

    def heard(self, what: Any, now: float, moment: float, long: float = UNANSWERED_S) -> tuple[Press, bool]:
        """The press, and whether it is a new one. `moment`: so soon after the last it is the same, answered or not."""
        last = self.last
        if last is not None and last.what == what:
            waits = last.state != "refused" and not last.answers
            if now - last.at < (long if waits else moment):
                last.at = now
                return last, False
        self._count += 1
        self.last = Press(what, f"{self._run:x}-{self._count}", now)
        return self.last, True
