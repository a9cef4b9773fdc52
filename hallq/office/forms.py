"""The forms' rules, pure: which step follows which, and what stands against a closure or a suspension.

Two state machines, never one: a closed window's business goes on elsewhere, a suspended business stops. A finding says
what would be allowed; `lift`: a leader may set it aside with reason and name (原则上).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from hallq.kernel import MINUTE, Ms, Refused
from hallq.ticketing.rules import Rules

DRAFT, SIGNED, APPROVED, PUBLISHED, ACTIVE, ENDED = "draft", "signed", "approved", "published", "active", "ended"
REFUSED, WITHDRAWN = "refused", "withdrawn"
COMING = (APPROVED, PUBLISHED, ACTIVE)  # granted, and not over
DAY: Ms = 24 * 60 * MINUTE
Steps = dict[str, dict[str, str]]

# verb -> state before -> state after
CLOSING: Steps = {
    "sign": {DRAFT: SIGNED},
    "approve": {SIGNED: APPROVED},
    "refuse": {SIGNED: REFUSED},
    "withdraw": {DRAFT: WITHDRAWN, SIGNED: WITHDRAWN, APPROVED: WITHDRAWN, PUBLISHED: WITHDRAWN},
    "publish": {APPROVED: PUBLISHED},
    "start": {APPROVED: ACTIVE, PUBLISHED: ACTIVE},
    "end": {ACTIVE: ENDED},
    "reserve": {ACTIVE: ENDED},  # B16: its windows are spare from then on
}
SUSPENDING: Steps = {
    "sign": {DRAFT: SIGNED},
    "approve": {SIGNED: APPROVED},
    "refuse": {SIGNED: REFUSED},
    "withdraw": {DRAFT: WITHDRAWN, SIGNED: WITHDRAWN, APPROVED: WITHDRAWN, PUBLISHED: WITHDRAWN},
    "publish": {APPROVED: PUBLISHED},
    "start": {PUBLISHED: ACTIVE},  # B20: never without a public notice
    "end": {ACTIVE: ENDED},
}
CHANGING: Steps = {
    "sign": {DRAFT: SIGNED},
    "approve": {SIGNED: APPROVED},
    "refuse": {SIGNED: REFUSED},
    "withdraw": {DRAFT: WITHDRAWN, SIGNED: WITHDRAWN, APPROVED: WITHDRAWN, PUBLISHED: WITHDRAWN},
    "publish": {APPROVED: PUBLISHED},
    "start": {APPROVED: ENDED, PUBLISHED: ENDED},  # B06: for good
}


def after(steps: Steps, verb: str, state: str) -> str:
    """Raises Refused("wrong_state")."""
    becomes = steps[verb].get(state) if verb in steps else None
    if becomes is None:
        raise Refused("wrong_state", state=state)
    return becomes


def verbs(steps: Steps, state: str) -> list[str]:
    """What may follow; what the clock does by itself is left out, but an active one may end before its time."""
    return [verb for verb, ways in steps.items() if state in ways and verb != "start"]


class Finding(NamedTuple):
    code: str
    weight: str  # refuse, lift, warn
    detail: dict[str, Any]


class Lead(NamedTuple):
    """Working days from the filing until the start, and the first day that the rule would allow."""

    days: int
    earliest: str


class Shut(NamedTuple):
    """A window that is or will be closed; `until` None: for good."""

    window: str
    since: Ms
    until: Ms | None


class Unit(NamedTuple):
    """The department as its closure finds it."""

    windows: Sequence[str]  # that are its own to open
    offers: Mapping[str, Sequence[str]]  # of every window of the hall
    names: Mapping[str, str]  # of services
    shut: Sequence[Shut]  # granted closures of the hall, without this one
    peaks: Sequence[tuple[Ms, Ms | None]] = ()  # in force, or planned and approved
    cover: Sequence[str] = ()  # who is free and may serve at these windows
    spare: Sequence[str] = ()  # who of them is needed at no window of their own
    away: Sequence[str] = ()  # whose leave it is
    load: tuple[int, int] | None = None  # (hour, percent): the busiest hour on the windows that stay


class Asked(NamedTuple):
    windows: Sequence[str]
    since: Ms
    until: Ms
    season: bool = False


def closure_limit(windows: int, rules: Rules) -> int:
    """B12: how many may be closed at the same time; of one window, none."""
    if windows < rules.closure_min_windows:
        return 0
    if windows <= rules.closure_small:
        return 1
    return windows // rules.closure_share


def closed_at(shut: Iterable[Shut], moment: Ms) -> set[str]:
    return {one.window for one in shut if one.since <= moment and (one.until is None or moment < one.until)}


def moments(asked: Asked, shut: Iterable[Shut]) -> list[Ms]:
    """When the number of closed windows can rise within the time asked for."""
    return sorted({asked.since} | {one.since for one in shut if asked.since < one.since < asked.until})


def closure_findings(asked: Asked, unit: Unit, lead: Lead, rules: Rules) -> list[Finding]:
    found = [*_late(lead, rules), *_few(unit, rules), *_overlap(asked, unit), *_crowd_out(asked, unit, rules)]
    found += [*_left_alone(asked, unit), *_peak(asked, unit), *_warnings(asked, unit, rules)]
    return found


def _late(lead: Lead, rules: Rules) -> Iterable[Finding]:
    if lead.days < rules.closure_ahead_days:  # B13
        yield Finding("closure_late", "lift", {"days": rules.closure_ahead_days, "earliest": lead.earliest})


def _few(unit: Unit, rules: Rules) -> Iterable[Finding]:
    if len(unit.windows) < rules.closure_min_windows:  # B09
        yield Finding("closure_few", "refuse", {"least": rules.closure_min_windows, "windows": len(unit.windows)})


def _overlap(asked: Asked, unit: Unit) -> Iterable[Finding]:
    for one in unit.shut:
        if one.window in asked.windows and one.since < asked.until and (one.until is None or one.until > asked.since):
            yield Finding("closure_overlap", "refuse", {"window": one.window})
            return


def _crowd_out(asked: Asked, unit: Unit, rules: Rules) -> Iterable[Finding]:
    """B12, at every moment of the time asked for, never in total."""
    limit, own = closure_limit(len(unit.windows), rules), set(unit.windows)
    most = max(len((closed_at(unit.shut, at) | set(asked.windows)) & own) for at in moments(asked, unit.shut))
    if most > limit and len(own) >= rules.closure_min_windows:
        yield Finding("closure_too_many", "lift", {"limit": limit, "closed": most, "windows": len(own)})


def _left_alone(asked: Asked, unit: Unit) -> Iterable[Finding]:
    """B10: each business keeps a window that is open at that time."""
    business = {service for window in asked.windows for service in unit.offers.get(window, ())}
    alone: set[str] = set()
    for at in moments(asked, unit.shut):
        away = closed_at(unit.shut, at) | set(asked.windows)
        kept = {service for window, services in unit.offers.items() if window not in away for service in services}
        alone |= business - kept
    if alone:
        names = "、".join(unit.names.get(code, code) for code in sorted(alone))
        yield Finding("closure_alone", "refuse", {"services": names})


def _peak(asked: Asked, unit: Unit) -> Iterable[Finding]:
    if any(since < asked.until and (until is None or until > asked.since) for since, until in unit.peaks):  # C04
        yield Finding("closure_peak", "refuse", {})


def _warnings(asked: Asked, unit: Unit, rules: Rules) -> Iterable[Finding]:
    if unit.spare and not asked.season:  # B08
        yield Finding("closure_cover", "lift", {"names": "、".join(unit.spare)})
    elif unit.cover:
        yield Finding("cover", "warn", {"names": "、".join(unit.cover)})
    if unit.away:
        yield Finding("away", "warn", {"names": "、".join(unit.away)})
    if unit.load and unit.load[1] > rules.closure_load_percent:  # B10
        yield Finding("load", "warn", {"hour": f"{unit.load[0]:02d}:00", "percent": unit.load[1]})
    if not asked.season and asked.until - asked.since > rules.reserve_days * DAY:  # B16
        yield Finding("reserve", "warn", {"days": rules.reserve_days})


def reopening_findings(windows: Sequence[str], closed: set[str], lead: Lead, rules: Rules) -> list[Finding]:
    """B17, B18: five working days ahead, for a spare window and for a season's alike."""
    found = [Finding("reopen_open", "refuse", {"window": no}) for no in windows if no not in closed][:1]
    if lead.days < rules.reopen_ahead_days:
        found.append(Finding("reopen_late", "lift", {"days": rules.reopen_ahead_days, "earliest": lead.earliest}))
    return found


def suspension_findings(advisers: int, filed: Lead, public: Lead, rules: Rules) -> list[Finding]:
    """B19: filed five working days ahead; B20: in public four; B21: two or three people stay. `public`: counted from
    the first day on which the notice can still go live."""
    found = []
    if filed.days < rules.suspension_ahead_days:
        found.append(
            Finding("suspension_late", "lift", {"days": rules.suspension_ahead_days, "earliest": filed.earliest})
        )
    if public.days < rules.suspension_notice_days:
        found.append(
            Finding(
                "suspension_notice_late", "lift", {"days": rules.suspension_notice_days, "earliest": public.earliest}
            )
        )
    if not rules.advisers_min <= advisers <= rules.advisers_max:
        found.append(
            Finding("suspension_advisers", "refuse", {"least": rules.advisers_min, "most": rules.advisers_max})
        )
    return found


def season_covers(seasons: Iterable[Mapping[str, Any]], windows: Sequence[str], first: str, last: str) -> bool:
    """Whether the year's plan has these windows closed from `first` to `last`. Days are "11-01"; a season may run over
    the turn of the year."""
    for season in seasons:
        begins, ends = season["from"], season["until"]
        inside = [begins <= day <= ends if begins <= ends else day >= begins or day <= ends for day in (first, last)]
        if set(windows) <= set(season["windows"]) and all(inside):
            return True
    return False


def stands(findings: Iterable[Finding], lifted: bool) -> list[Finding]:
    """What stands against the form; with a leader's word only what nobody may set aside."""
    return [one for one in findings if one.weight == "refuse" or (one.weight == "lift" and not lifted)]
