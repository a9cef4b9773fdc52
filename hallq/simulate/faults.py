"""What is wrong with a scenario that no single entry can know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hallq.simulate.scenario import Scenario, Service


def of_form(scenario: Scenario) -> Iterable[str]:
    """Each of the three forms has its own tables."""
    own: dict[str, object] = {
        "service": scenario.service, "window": scenario.window, "staff": scenario.staff,
        "closure": scenario.closure, "hours": scenario.hours, "profile": scenario.profile,
    }  # fmt: skip
    if scenario.recorded is not None:
        own |= {"catalog": scenario.catalog, "citizen": scenario.citizen.model_fields_set}
        own |= {"day.date": scenario.day.date}
        for key in (key for key, value in own.items() if value):
            yield f"{key}: a recorded day brings its own; remove it, or remove [recorded]"
        return
    if not scenario.day.date:
        yield "day.date: missing; add it"
    if not scenario.service:
        yield "service: missing; add [[service]], or [recorded]"
    if scenario.catalog is None:
        if not scenario.window:
            yield "window: missing; add [[window]], or catalog"
        for service in scenario.service:
            if service.mean_min is None:
                yield f'service "{service.code}": mean_min: missing; add it'
    for key in ("window", "hours") if scenario.catalog is not None else ():
        if own[key]:
            yield f"{key}: stands in the catalogue; remove it here, or remove catalog"


def of_names(scenario: Scenario) -> Iterable[str]:
    catalogue = scenario.catalogue
    services = {service.code for service in catalogue.service}
    demanded = Counter(service.code for service in scenario.service)
    for code in (code for code, times in demanded.items() if times > 1):
        yield f'service "{code}": stands {demanded[code]} times; keep one'
    windows = {window.no for window in catalogue.window}
    reasons = {reason.code for reason in catalogue.pause_reason}
    for service in scenario.service:
        where = f'service "{service.code}"'
        yield from _unknown(where, "service", [service.code], services)
        yield from _unknown(where, "transfer.to", [service.transfer.to] if service.transfer else [], demanded)
        yield from _unknown(where, "profile", [service.profile] if service.profile else [], scenario.profile)
        yield from _shares(scenario, service, {category.code for category in catalogue.category})
    for at, staff in enumerate(scenario.staff, 1):
        yield from _unknown(f"staff[{at}]", "window", scenario.numbers(staff), windows)
        yield from _unknown(f"staff[{at}]", "pauses.reason", [staff.pauses.reason] if staff.pauses else [], reasons)
    for at, closure in enumerate(scenario.closure, 1):
        yield from _unknown(f"closure[{at}]", "window", [closure.window], windows)
        if closure.until <= closure.begin:
            yield f"closure[{at}]: until: {closure.until} is not after {closure.begin}; correct it"


def _shares(scenario: Scenario, service: Service, known: set[str]) -> Iterable[str]:
    shares: dict[str, float] = scenario.manner(service, "categories", {})
    yield from _unknown(f'service "{service.code}"', "category", shares, known)
    if sum(shares.values()) > 1:
        yield f'service "{service.code}": categories: their shares are more than 1 together; correct them'


def _unknown(where: str, what: str, named: Iterable[str], known: Iterable[str]) -> Iterable[str]:
    for name in named:
        if name not in known:
            some = ", ".join(list(known)[:12])
            yield f'{where}: {what} "{name}" is not known; correct it (known: {some})'
