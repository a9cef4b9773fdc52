"""Pure: the checklist as data, what a finding may become, repeats, due dates of patrols, which windows come first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from hallq.kernel import Refused

# F01-F04, F16: 抽查、暗访、座谈会、查阅案卷 beside the walks and the camera
SOURCES = ("daily", "joint", "leader", "camera", "spot", "covert", "meeting", "files")
WALKS = ("daily", "joint", "leader")  # each of them is that day's patrol of the whole (F01)
AREAS = ("front", "back", "public")  # F05: 前台受理区、后台审批区、公共区域
PRAISE = "praise"
HUB_KINDS = ("off_post", "late", "early", "missing_sign", "empty_post", "idle")  # the hub sees these itself
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

TOLD, OBJECTED, STANDS, WITHDRAWN = "told", "objected", "stands", "withdrawn"
STEPS: Mapping[str, Mapping[str, str]] = {  # F07: step -> state before -> state after
    "accept": {TOLD: STANDS},
    "lapse": {TOLD: STANDS},  # nobody objected in time
    "object": {TOLD: OBJECTED},
    "uphold": {OBJECTED: STANDS},
    "change": {OBJECTED: STANDS},
    "withdraw": {TOLD: WITHDRAWN, OBJECTED: WITHDRAWN, STANDS: WITHDRAWN},
}
DUE, REPORTED, CONFIRMED = "due", "reported", "confirmed"
FIXES: Mapping[str, Mapping[str, str]] = {  # the same of its rectification
    "plan": {DUE: DUE},
    "report": {DUE: REPORTED},
    "confirm": {REPORTED: CONFIRMED},
    "send_back": {REPORTED: DUE},
}
CHIEF_STEPS = ("accept", "object", "plan", "report")
OFFICE_STEPS = ("uphold", "change", "withdraw", "confirm", "send_back")


def after(step: str, state: str, fix: str) -> tuple[str, str]:
    """State and rectification after a step. Raises Refused `wrong_state`."""
    if step in FIXES:
        becomes = None if state in (OBJECTED, WITHDRAWN) else FIXES[step].get(fix)
        if becomes is None:
            raise Refused("wrong_state", state=fix or state)
        return state, becomes
    settled = STEPS[step].get(state)
    if settled is None:
        raise Refused("wrong_state", state=state)
    return settled, "" if settled == WITHDRAWN else fix


def possible(steps: Iterable[str], state: str, fix: str) -> list[str]:
    """The steps that may be taken now; a page shows no others."""
    if state in (OBJECTED, WITHDRAWN):
        fix = ""
    return [step for step in steps if (fix in FIXES[step] if step in FIXES else state in STEPS[step])]


def subject(person: int | None, window: str | None, department: str | None) -> tuple[str, Any]:
    """F06: what a repeat is counted at: the person, else the window, else the department."""
    known = (("person", person), ("window", window), ("department", department))
    return next(((name, value) for name, value in known if value is not None), ("hall", None))


def on_time(due_day: str, fixed_day: str, fix: str, today: str) -> bool | None:
    """F08: whether it was put right in time. None: nothing is to be put right, the time still runs, or it was reported
    in time and the office has not looked yet."""
    if not fix or (fix == REPORTED and fixed_day <= due_day):
        return None
    if fix == CONFIRMED:
        return fixed_day <= due_day
    return False if today > due_day else None


def missing(working: Iterable[str], walked: Iterable[str], today: str) -> list[str]:
    """F01: the working days before today on which nobody went round."""
    known = set(walked)
    return [day for day in working if day < today and day not in known]


def to_do(done: int, needed: int, day: str, remind_from: int) -> int:
    """F02, F03: how many of the month's patrols to remind of: all that are missing, from its fourth week on."""
    return max(0, needed - done) if int(day[8:]) >= remind_from else 0


class Risk(NamedTuple):
    """F20: what makes a window worth looking at: people who wait, work of today, complaints."""

    window: str
    waiting: int
    served: int
    complaints: int


def first(risks: Sequence[Risk]) -> list[Risk]:
    """The order to go round in: each of the three as a share of the hall's highest, all three weigh the same."""
    parts = {risk.window: (risk.waiting, risk.served, risk.complaints) for risk in risks}
    tops = [max(column) or 1 for column in zip(*parts.values(), strict=True)]

    def weight(risk: Risk) -> float:
        return sum(value / top for value, top in zip(parts[risk.window], tops, strict=True))

    return sorted(risks, key=lambda risk: (-weight(risk), risk.window))


# -- the checklist


def row(content: Mapping[str, Any], table: str, code: str) -> Mapping[str, Any]:
    """Raises Refused `invalid`."""
    found = next((each for each in content[table] if each["code"] == code), None)
    if found is None:
        raise Refused("invalid", field=table)
    known: Mapping[str, Any] = found
    return known


def listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


def check(content: Mapping[str, Any]) -> None:
    """What the shape cannot say: that items name groups, areas and codes that there are."""
    groups, codes = _codes(content, "group"), _codes(content, "code")
    severities = _codes(content, "severity")
    for number, item in enumerate(content["item"], start=1):
        areas, its = listed(item["areas"]), listed(item["codes"])
        if item["group"] not in groups or not areas or not its or set(areas) - set(AREAS) or set(its) - codes:
            raise Refused("invalid", field=f"item {number}")
    for number, code in enumerate(content["code"], start=1):
        bad = code["severity"] not in severities or code["whose"] not in ("person", "place")
        if bad or code["code"] == PRAISE or set(listed(code.get("same_as", ""))) - set(HUB_KINDS):
            raise Refused("invalid", field=f"code {number}")
    for name in ("objection_days", "repeat_days", "remind_from"):
        if content[name] != int(content[name]) or content[name] < 1:
            raise Refused("invalid", field=name)
    if not CLOCK.fullmatch(content["remind_at"]):
        raise Refused("invalid", field="remind_at")


def _codes(content: Mapping[str, Any], table: str) -> set[str]:
    found = [each["code"] for each in content[table]]
    if len(set(found)) != len(found):
        raise Refused("invalid", field=table)
    return set(found)
