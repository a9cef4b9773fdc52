"""指标口径: what each figure means and how sure it must be, from the standard in force (D02, D13)."""

from __future__ import annotations

from hallq.assessment.record.statistics import Json
from hallq.assessment.standards import commands as standards
from hallq.kernel import Refused

KIND = "figures"
SUREST = 5.0  # standard deviations; beyond it an interval says nothing


def limits(content: standards.Content) -> Json:
    """What `statistics.satisfaction` asks for."""
    return {"least": int(content["rank_least"]), "z": float(content["z"])}


def defined(found: standards.InForce, keys: tuple[str, ...]) -> Json:
    """What each of these figures means."""
    rows = {row["key"]: row for row in found.content["figure"]}
    return {"definitions": [rows[key] for key in keys if key in rows], "definitions_version": found.version}


def check(content: standards.Content) -> None:
    """A place needs a rater at least, an interval a width, and no figure has two meanings."""
    if not 0 < content["z"] <= SUREST:
        raise Refused("invalid", field="z")
    if min(content["rank_least"], content["star_least"]) < 1 or content["star_complaints_most"] < 0:
        raise Refused("invalid", field="rank_least, star_least, star_complaints_most")
    keys = [row["key"] for row in content["figure"]]
    if len(set(keys)) != len(keys):
        raise Refused("invalid", field="figure key")


standards.CHECKS[KIND] = check
