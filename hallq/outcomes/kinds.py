"""Kinds of cases (办件类型) are data: the standard `outcomes` in force. A code keeps its meaning (I02, I12).

A kind says which clock begins, which slip is printed, and whether a reason is needed.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from hallq.assessment.standards import commands as standards
from hallq.kernel import Reads, Refused

KIND = "outcomes"
SPOT, WORKING, NONE = "spot", "working", "none"
CLOCKS = (SPOT, WORKING, NONE)
SLIPS = ("", "accept", "refuse", "supplement", "giveback", "advice")
SUPPLEMENT = "supplement"  # the slip that asks for papers
NO = frozenset({"refuse", "giveback"})  # slips that say no
CODE = re.compile(r"[a-z0-9_]{1,20}")
FIXED = ("clock", "accepts")


class Kind(NamedTuple):
    code: str
    zh: str
    en: str
    clock: str
    slip: str
    reason: bool
    accepts: bool
    digit: str
    active: bool

    @property
    def completes(self) -> bool:
        """Whether a finish of this kind says that the papers which were missing have come."""
        return self.slip not in NO and self.slip != SUPPLEMENT


def known(db: Reads) -> dict[str, Kind]:
    """Also those that are switched off: older cases hold them."""
    return {row["code"]: Kind(**row) for row in standards.current(db, KIND).content["outcome"]}


def offered(db: Reads) -> list[Kind]:
    return [kind for kind in known(db).values() if kind.active]


def find(db: Reads, code: str) -> Kind:
    """Raises Refused `outcome_unknown`."""
    found = known(db).get(code)
    if found is None or not found.active:
        raise Refused("outcome_unknown", kind=code)
    return found


def of_digit(db: Reads, typed: str) -> str:
    """What a pad or keypad says: a digit of the list, or a code itself. Raises Refused `outcome_unknown`."""
    found = [kind.code for kind in offered(db) if typed in (kind.digit, kind.code)]
    if not found:
        raise Refused("outcome_unknown", kind=typed)
    return found[0]


def reasons(db: Reads) -> list[dict[str, Any]]:
    """Proposed words; what stands on the paper is the clerk's own."""
    rows: list[dict[str, Any]] = list(standards.current(db, KIND).content["reason"])
    return rows


def check(content: standards.Content) -> None:
    """Codes and digits once each, clocks and slips that there are, words in two languages."""
    codes, digits = ([row[name] for row in content["outcome"]] for name in ("code", "digit"))
    for number, row in enumerate(content["outcome"], start=1):
        faults = {
            "code": not CODE.fullmatch(row["code"]) or codes.count(row["code"]) > 1,
            "clock": row["clock"] not in CLOCKS,
            "slip": row["slip"] not in SLIPS,
            "digit": row["digit"] != "" and (not re.fullmatch("[1-9]", row["digit"]) or digits.count(row["digit"]) > 1),
            "zh": not row["zh"].strip(),
            "en": not row["en"].strip(),
        }
        for column in (name for name, wrong in faults.items() if wrong):
            raise Refused("invalid", field=f"outcome {number} {column}")
    for number, row in enumerate(content["reason"], start=1):
        if row["outcome"] not in codes:
            raise Refused("invalid", field=f"reason {number} outcome")


def check_next(before: standards.Content, content: standards.Content) -> None:
    """Kinds are added, renamed or switched off; a code's clock stays, so that rates of two years can be compared."""
    rows = {row["code"]: row for row in content["outcome"]}
    for old in before["outcome"]:
        new = rows.get(old["code"])
        if new is None or any(new[name] != old[name] for name in FIXED):
            raise Refused("outcome_meaning", kind=old["code"])


standards.CHECKS[KIND] = check
standards.NEXT_CHECKS[KIND] = check_next
