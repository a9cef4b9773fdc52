"""What loudspeakers say: a payload {"key": "v.call", "no": "A001", "win": "3"} in words for voice and caption.

The first letters of a value's name tell how it is read: no* ticket, win* window, floor* floor, t* clock time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

from hallq.displays import numbers
from hallq.displays.layout import plain
from hallq.displays.screens import Speech
from hallq.texts import EN, ZH, text

PLAIN, HANZI = "plain", "hanzi"
# the letters as Chinese syllables, for voices that read a lone letter badly
LETTERS = {
    "A": "诶", "B": "必", "C": "西", "D": "第", "E": "伊", "F": "艾弗", "G": "记", "H": "艾曲", "I": "艾", "J": "杰",
    "K": "开", "L": "艾勒", "M": "艾姆", "N": "恩", "O": "欧", "P": "批", "Q": "丘", "R": "啊", "S": "艾斯", "T": "替",
    "U": "优", "V": "维", "W": "达不溜", "X": "艾克斯", "Y": "外", "Z": "贼",
}  # fmt: skip
_MARKS = re.compile(r"([，、。！；：,.!])|\s+")
_OWN = re.compile(r"[A-Z]=[^\s=]{1,8}( [A-Z]=[^\s=]{1,8})*")


def letters(setting: str) -> Mapping[str, str]:
    """`plain`, `hanzi`, or some letters with the hall's own words: "A=诶 B=北京的必". ValueError: none of these."""
    if setting in (PLAIN, HANZI):
        return LETTERS if setting == HANZI else {}
    if not _OWN.fullmatch(setting):
        raise ValueError('write "plain", "hanzi", or letters with their words: "A=诶 B=必"')
    return dict(pair.split("=") for pair in setting.split(" "))


def speech(zone: str, payload: Mapping[str, object], *, ones: str = "一", spelled: str = PLAIN) -> Speech:
    """`spelled` is the rule `letters`."""
    key = str(payload["key"])
    values = {name: plain(str(value)) for name, value in payload.items() if name != "key"}
    words = _words(text(key, ZH, **{name: f"{{{name}}}" for name in values}), values, ones)
    caption = {name: _floor(value) if name.startswith("floor") else value for name, value in values.items()}
    english = {name: _english(name, value) for name, value in values.items()}
    return Speech(
        zone, _joined(words, letters(spelled)), text(key, ZH, **caption), text(key, EN, **values), words,
        text(key, EN, **english),
    )  # fmt: skip


def _words(sentence: str, values: Mapping[str, str], ones: str) -> tuple[str, ...]:
    """The phrases between values and punctuation, and the words of each value; other values stay whole."""
    words: list[str] = []
    for phrase, name, *_ in Formatter().parse(sentence):
        words += [part for part in _MARKS.split(phrase) if part]
        words += _spoken(name, values[name], ones) if name else ()
    return tuple(words)


def _spoken(name: str, value: str, ones: str) -> tuple[str, ...]:
    if name.startswith("no"):
        return tuple(numbers.ticket(value, ones))
    if name.startswith("win"):
        return tuple(numbers.window(value))
    if name.startswith("floor"):
        return tuple(_floor(value))
    if name.startswith("t"):
        part, clock = numbers.spoken_clock(value)
        return (part, *clock)
    return (value,)


def _joined(words: tuple[str, ...], spelled: Mapping[str, str]) -> str:
    """Letters apart from each other, so that a voice spells them."""
    found = ""
    for word in words:
        letter = len(word) == 1 and word.isascii() and word.isalpha()
        apart = letter and found[-1:].isascii() and found[-1:].isalpha()
        found += (" " if apart else "") + (spelled.get(word, word) if letter else word)
    return found


def _english(name: str, value: str) -> str:
    if name.startswith("no"):
        return numbers.english_ticket(value)
    if name.startswith("win"):
        return numbers.english_window(value)
    if name.startswith("floor"):
        return numbers.english_cardinal(int(value))
    return numbers.english_clock(value) if name.startswith("t") else value


def _floor(value: str) -> str:
    return text("s.floor", ZH, n=numbers.cardinal(int(value)))
