"""A scenario's day, drawn: who comes when, how long it takes, who sits where. One stream of chance for each question.

A stream's seed is the scenario's seed and the question's name, so a change of one service leaves all others alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hallq.kernel import MINUTE, SECOND, Ms
from hallq.simulate.plan import NO_SHOW, PARKED, TRANSFERRED, Citizen, Closing, Duty, Plan, Rest, Step
from hallq.simulate.scenario import Back, Pauses, Profile, Scenario, Service
from hallq.ticketing.model import ORDINARY
from hallq.ticketing.opening.hours import FINISH

HALF_HOUR: Ms = 30 * MINUTE
SHORTEST: Ms = 5 * SECOND  # of a visit
BEFORE_PAPERS = 0.4  # of the handling is done when someone must fetch papers
PATIENCE_CV = 0.5
LONGEST_REST = 4  # times the mean


def draw(scenario: Scenario) -> Plan:
    duties = tuple(_duties(scenario))
    citizens = (citizen for service in scenario.service for citizen in _citizens(scenario, service))
    return Plan(
        tuple(sorted(citizens)),
        duties,
        tuple(_rests(scenario, duties)),
        tuple(
            Closing(entry.window, at(scenario, entry.begin), at(scenario, entry.until)) for entry in scenario.closure
        ),
    )


def at(scenario: Scenario, clock: str) -> Ms:
    """A time of the scenario's day, of the hall's wall clock; 24:00 is the next day's 00:00."""
    hour, minute = map(int, clock.split(":"))
    wall = datetime.combine(datetime.fromisoformat(scenario.day.date), time()) + timedelta(hours=hour, minutes=minute)
    return int(wall.replace(tzinfo=ZoneInfo(scenario.day.timezone)).timestamp() * 1000)


def stream(scenario: Scenario, question: str) -> Random:
    return Random(f"{scenario.day.seed}/{question}")


# -- citizens


def _citizens(scenario: Scenario, service: Service) -> Iterator[Citizen]:
    """Their answers come from streams of their own: each asks the same questions, whatever the answers are."""
    streams = {name: stream(scenario, f"{name}/{service.code}") for name in ("coming", "kind", "fate", "patience")}
    times = Times(scenario, service)
    onward = None
    if service.transfer is not None:
        target = next(entry for entry in scenario.service if entry.code == service.transfer.to)
        onward = Times(scenario, target, f"onward/{service.code}")
    for came in _arrivals(scenario, service, streams["coming"]):
        kind = streams["kind"]
        category = _category(scenario.manner(service, "categories", {}), kind)
        people = _weighted(scenario.manner(service, "people", (1.0,)), kind)
        cases = _weighted(scenario.manner(service, "cases", (1.0,)), kind)
        patience = lognormal(streams["patience"], 1.0, PATIENCE_CV) * scenario.manner(service, "patience_min", 0.0)
        steps = _steps(scenario, service, times.draw(cases), onward.draw(cases) if onward else 0, streams["fate"])
        yield Citizen(came, steps, category, people, cases, round(patience * MINUTE) or None)


def _arrivals(scenario: Scenario, service: Service, random: Random) -> Iterator[Ms]:
    """A Poisson stream whose rate changes with each half hour."""
    profile = _profile(scenario, service)
    total = sum(profile.weights)
    begin = at(scenario, profile.begin)
    for number, weight in enumerate(profile.weights):
        start = begin + number * HALF_HOUR
        rate = service.per_day * weight / total / HALF_HOUR if total else 0.0
        came = start + random.expovariate(rate) if rate else math.inf
        while came < start + HALF_HOUR:
            yield int(came)
            came += random.expovariate(rate)


def _profile(scenario: Scenario, service: Service) -> Profile:
    """Without one: evenly over the hall's hours."""
    if service.profile is not None:
        return scenario.profile[service.profile]
    periods = sorted(scenario.catalogue.hours.open)
    begin, until = periods[0][:5], periods[-1][-5:]
    halves = max(1, (at(scenario, until) - at(scenario, begin)) // HALF_HOUR)
    weights = tuple(float(_open(periods, at(scenario, begin) + n * HALF_HOUR, scenario)) for n in range(halves))
    return Profile.model_construct(begin=begin, weights=weights)


def _open(periods: list[str], moment: Ms, scenario: Scenario) -> bool:
    return any(at(scenario, period[:5]) <= moment < at(scenario, period[-5:]) for period in periods)


def _category(shares: dict[str, float], random: Random) -> str:
    left = random.random()
    for code, share in shares.items():
        left -= share
        if left < 0:
            return code
    return ORDINARY


def _weighted(weights: tuple[float, ...], random: Random) -> int:
    """1, 2, 3 ... as often as their weights say."""
    left = random.random() * sum(weights)
    for number, weight in enumerate(weights, 1):
        left -= weight
        if left < 0:
            return number
    return 1


def _steps(scenario: Scenario, service: Service, handling: Ms, onward: Ms, random: Random) -> tuple[Step, ...]:
    walk = scenario.day.walk_s * SECOND
    missing, parks, moves, returns, away = (random.random() for _ in range(5))
    away = -math.log(1 - away)  # exponential, of mean 1
    step = Step(service.code, handling, walk)
    if missing < scenario.manner(service, "no_show", 0.0):
        found: Back | None = scenario.manner(service, "found", None)
        missed = step._replace(handling=0, walk=0, end=NO_SHOW)
        if found is None or returns >= found.share:
            return (missed,)
        return missed._replace(back=round(away * found.minutes * MINUTE)), step
    park: Back | None = scenario.manner(service, "park", None)
    if park is not None and parks < park.share:
        before = round(handling * BEFORE_PAPERS)
        back = round(away * park.minutes * MINUTE)
        return step._replace(handling=before, end=PARKED, back=back), step._replace(handling=handling - before)
    if service.transfer is not None and moves < service.transfer.share:
        return step._replace(end=TRANSFERRED), Step(service.transfer.to, onward, walk)
    return (step,)


class Times:
    """How long the cases of one service take."""

    def __init__(self, scenario: Scenario, service: Service, name: str = "handling") -> None:
        minutes = service.mean_min
        if minutes is None:
            minutes = next(entry.minutes for entry in scenario.catalogue.service if entry.code == service.code)
        self._mean = minutes * MINUTE
        self._cv: float = scenario.manner(service, "cv", 0.7)
        self._kind: str = scenario.manner(service, "distribution", "lognormal")
        self._random = stream(scenario, f"{name}/{service.code}")

    def draw(self, cases: int) -> Ms:
        return max(SHORTEST, round(sum(self._one() for _ in range(cases))))

    def _one(self) -> float:
        match self._kind:
            case "fixed":
                return self._mean
            case "exponential":
                return self._random.expovariate(1 / self._mean)
            case "gamma":
                shape = 1 / self._cv**2
                return self._random.gammavariate(shape, self._mean / shape)
            case _:
                return lognormal(self._random, self._mean, self._cv)


def lognormal(random: Random, mean: float, cv: float) -> float:
    spread = math.log(1 + cv**2)
    return random.lognormvariate(math.log(mean) - spread / 2, math.sqrt(spread))


# -- clerks


def _duties(scenario: Scenario) -> Iterator[Duty]:
    """Without [[staff]], someone sits at each window in the hall's hours."""
    hours = scenario.catalogue.hours.open
    shifts: dict[str, list[str]] = {}
    for staff in scenario.staff:
        for no in scenario.numbers(staff):
            shifts.setdefault(no, []).extend(staff.shifts or hours)
    if not scenario.staff:
        shifts = {window.no: list(hours) for window in scenario.catalogue.window}
    for no, periods in shifts.items():
        yield from _of_window(scenario, no, sorted(set(periods)))


def _of_window(scenario: Scenario, no: str, periods: list[str]) -> Iterator[Duty]:
    """At noon the rule of the break says who stays; at closing whoever is needed by someone in the house does."""
    closing = max(period[-5:] for period in scenario.catalogue.hours.open)
    for period in periods:
        begin, until = period[:5], period[-5:]
        house = "house" if scenario.day.extended else ""
        stays = house if until >= closing else "queue" if _finishes(scenario, no) else ""
        yield Duty(no, at(scenario, begin), at(scenario, until), stays)


def _finishes(scenario: Scenario, no: str) -> bool:
    """The window finishes a queue that stands there when the break begins."""
    offered = next(window.services for window in scenario.catalogue.window if window.no == no)
    own = {service.code: service.at_noon for service in scenario.service}
    return any((own.get(code) or scenario.rules().at_noon) == FINISH for code in offered)


def _rests(scenario: Scenario, duties: tuple[Duty, ...]) -> Iterator[Rest]:
    by_window: dict[str, list[Duty]] = {}
    for duty in duties:
        by_window.setdefault(duty.window, []).append(duty)
    for staff in scenario.staff:
        if staff.pauses is not None:
            for no in scenario.numbers(staff):
                random = stream(scenario, f"pauses/{no}")
                for duty in by_window[no]:
                    yield from _in_duty(duty, staff.pauses, random)


def _in_duty(duty: Duty, pauses: Pauses, random: Random) -> Iterator[Rest]:
    whole, part = divmod(pauses.per_shift, 1)
    for _ in range(int(whole) + (random.random() < part)):
        begins = duty.since + round(random.random() * (duty.until - duty.since))
        minutes = min(lognormal(random, pauses.minutes, 0.5), LONGEST_REST * pauses.minutes)
        yield Rest(duty.window, begins, round(minutes * MINUTE), pauses.reason)
