"""The closed vocabulary of the announcements: what a voice made of clips must be able to say, derived from the texts.

A sentence of the catalogue is parted at its values and at its punctuation; numbers are read by our own reader.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from hallq.displays import numbers
from hallq.texts import ZH, group, text

DIGITS = "零一二三四五六七八九"
BESIDE = ("幺", "两", "十", "点", "分", "负", "楼", "到", "号")  # other numbers, floors, times
SENTENCES = ("em.hold", "st.voice")  # spoken, but not in the group of the voice
AT_WINDOW = ("号窗口办理业务", "号窗口", "号窗口继续办理")  # how calls end
_PARTS = re.compile(r"\{[a-z]+\d?\}|[，、。！；：,.!]|\s")


def vocabulary() -> tuple[str, ...]:
    """Every word once: letters, digits, counting words, then the phrases between the values."""
    sentences = [*group(["v"])[ZH].values(), *(text(key, ZH) for key in SENTENCES)]
    phrases = {part for sentence in sentences for part in _PARTS.split(sentence) if part}
    return (*string.ascii_uppercase, *DIGITS, *BESIDE, *sorted(phrases.difference(BESIDE)))


def groups(windows: int) -> Iterator[tuple[str, ...]]:
    """Words that sound better said in one breath: two digits, the last digit of a ticket, and the way to each window
    from 1 to `windows`. A neural voice makes them; who records a voice may leave them out."""
    for first in DIGITS:
        yield from ((first, second) for second in DIGITS)
        yield (first, "号")
    for no in range(1, windows + 1):
        for end in AT_WINDOW:
            yield ("到", *numbers.window(str(no)), end)
