"""The reasons a citizen may choose from: the standard `reasons` in force. A code is never given another meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from hallq.assessment.standards import commands as standards
from hallq.kernel import Reads, Refused

KIND = "reasons"
GROUPS = ("eff", "lvl", "att", "other")
OF = ("bad", "good")
CODE = re.compile(r"[a-z0-9]+(\.[a-z0-9]+)?")  # joined by commas in a rating's row
FIXED = ("group", "of", "zh")

Reason = Mapping[str, Any]


def known(db: Reads) -> list[Reason]:
    """Also those that are switched off: older ratings hold them."""
    return list(standards.current(db, KIND).content["reason"])


def offered(db: Reads) -> list[Reason]:
    return [row for row in known(db) if row["active"]]


def accepted(db: Reads, codes: Iterable[str]) -> int:
    """The version that these codes are from. Raises Refused `invalid` for one that is unknown or switched off."""
    in_force = standards.current(db, KIND)
    if not {row["code"] for row in in_force.content["reason"] if row["active"]}.issuperset(codes):
        raise Refused("invalid", field="reasons")
    return in_force.version


def check(content: standards.Content) -> None:
    """Codes that a row can hold, once each, in the groups of the national indicators, with words in two languages."""
    codes = [row["code"] for row in content["reason"]]
    for number, row in enumerate(content["reason"], start=1):
        faults = {
            "code": not CODE.fullmatch(row["code"]) or codes.count(row["code"]) > 1,
            "group": row["group"] not in GROUPS,
            "of": row["of"] not in OF,
            "zh": not row["zh"].strip(),
            "en": not row["en"].strip(),
        }
        for column in (name for name, wrong in faults.items() if wrong):
            raise Refused("invalid", field=f"reason {number} {column}")


def check_next(before: standards.Content, content: standards.Content) -> None:
    """Codes are added or switched off, never removed, regrouped or reworded: figures of two years stay comparable."""
    rows = {row["code"]: row for row in content["reason"]}
    for old in before["reason"]:
        new = rows.get(old["code"])
        if new is None or any(new[name] != old[name] for name in FIXED):
            raise Refused("reason_meaning", reason=old["code"])


standards.CHECKS[KIND] = check
standards.NEXT_CHECKS[KIND] = check_next
