"""Personal data as those read it who need not know it: enough to tell two people apart, not enough to find one."""

from __future__ import annotations

import re

# a resident's ID number by its date of birth: one of a number that counts cases lies in this century's later years
ID_NUMBER = re.compile(
    "(?<![0-9A-Za-z-])[1-9][0-9]{5}(?:19[0-9]{2}|200[0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
    "(?![0-9A-Za-z-])"
)
MOBILE = re.compile("(?<![0-9A-Za-z-])1[3-9][0-9]{9}(?![0-9A-Za-z-])")


def name(full: str) -> str:
    """张建国 -> 张**."""
    return f"{full[:1]}**" if full else ""


def contact(full: str) -> str:
    """13812345678 -> 138****5678."""
    if not full:
        return ""
    return f"{full[:3]}****{full[-4:]}" if len(full) > 7 else "****"


def id_number(full: str) -> str:
    """K07: 150627199001011234 -> 1506************34; what is too short for that keeps its last two."""
    kept = 4 if len(full) >= 12 else 0
    return f"{full[:kept]}{'*' * max(0, len(full) - kept - 2)}{full[-2:]}" if len(full) > 2 else "*" * len(full)


def documents(words: str) -> str:
    """ID numbers within free words."""
    return ID_NUMBER.sub(lambda found: id_number(found[0]), words)


def numbers(words: str) -> str:
    """ID numbers and mobile telephones within free words."""
    return MOBILE.sub(lambda found: contact(found[0]), documents(words))
