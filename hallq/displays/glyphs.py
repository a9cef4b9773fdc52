"""Which characters a strip's font has, and what stands for one that it has not: a plainer form, a variant, or □.

Rules in their order: the compatible form (wide letters become plain ones), the standard form of a variant hanzi,
nothing for a mark without a width, else □ (on an ASCII display ?).
"""

from __future__ import annotations

import unicodedata

# what GB 2312 lacks, and what print puts in its place: signs, and variants with the standard form of the 1955 list
_STANDS_FOR = str.maketrans("〇–−‐•‧・〜喆堃峯邨脩淩祕牀昇", "○---···～哲坤峰村修凌秘床升")


def fitting(text: str, charset: str) -> str:
    """As the font can show it."""
    return "".join(char if _has(charset, char) else _other(charset, char) for char in text)


def missing(text: str, charset: str) -> str:
    """The characters that the font has not, each once."""
    return "".join(dict.fromkeys(char for char in text if not _has(charset, char)))


def _has(charset: str, char: str) -> bool:
    """GB 2312 by way of GBK: Python's two tables differ in what they take · and — for."""
    if charset == "ascii":
        return " " <= char <= "~"
    try:
        char.encode("gbk").decode(charset)
    except UnicodeError:
        return False
    return True


def _other(charset: str, char: str) -> str:
    for other in (unicodedata.normalize("NFKC", char), char.translate(_STANDS_FOR)):
        if other and all(_has(charset, each) for each in other):
            return other
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return ""
    return "?" if charset == "ascii" else "□"
