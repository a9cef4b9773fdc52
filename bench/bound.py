"""Random days of a hall in memory: whom `rules.choose` calls, and how often each waiting citizen was really overtaken.

The rows that the rule counts are kept as `ticketing.queue` keeps them; the truth is counted apart, citizen by citizen.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from heapq import heappop, heappush
from random import Random

from hallq.ticketing.rules import Place, choose

SERVICES, WINDOWS = "abcde", 6
Line = tuple[str, bool, int | None]  # service, green, the only window that may call


class RandomHall:
    """`worst`: so often the most overtaken citizen was overtaken in one stay in the queue."""

    def __init__(self, seed: int, bound: int) -> None:
        self.random = Random(seed)
        self.bound = bound
        self.lines: dict[Line, list[Place]] = {}
        self.offers = [set(self.random.sample(SERVICES, 2)) for _ in range(WINDOWS)]
        self.rows: dict[str, list[tuple[int, int]]] = {service: [] for service in SERVICES}
        self.suffered: dict[int, int] = {}
        self.waiting = 0
        self.taken = 0
        self.worst = 0

    def run(self, decisions: int) -> None:
        for _ in range(decisions):
            while self.waiting < 5 or (self.waiting < 60 and self.random.random() < 0.5):
                self.arrive()
            if self.random.random() < 0.1:
                self.offers[self.random.randrange(WINDOWS)] ^= {self.random.choice(SERVICES)}
            self.call(self.random.randrange(WINDOWS))

    def arrive(self) -> None:
        self.taken += 1
        green = self.random.random() < 0.5
        self.wait(Place(self.taken // 2, self.taken, self.random.choice(SERVICES), green), None)

    def wait(self, place: Place, window: int | None) -> None:
        heappush(self.lines.setdefault((place.service, place.green, window), []), place)
        self.suffered[place.id] = 0
        self.waiting += 1

    def call(self, window: int) -> None:
        both = [
            [line for only in (None, window) if (line := self.lines.get((service, green, only)))]
            for service in sorted(self.offers[window])
            for green in (True, False)
        ]
        chosen = choose([min(line[0] for line in lines) for lines in both if lines], self.overtaken, self.bound)
        if chosen is None:
            return
        lines = [line for pair in both for line in pair]
        heappop(next(line for line in lines if line[0] == chosen))
        self.waiting -= 1
        if chosen.green:
            self.overtake(chosen, lines)
        if self.random.random() < 0.1:  # passed on with the old place, perhaps to one window alone
            only = self.random.choice([None, self.random.randrange(WINDOWS)])
            self.wait(chosen._replace(service=self.random.choice(SERVICES)), only)

    def overtake(self, green: Place, lines: list[list[Place]]) -> None:
        passed = [line for line in lines if line and not line[0].green and line[0] < green]
        for service in {line[0].service for line in passed}:
            insort(self.rows[service], green[:2])
        for place in (place for line in passed for place in line if place < green):  # the truth
            self.suffered[place.id] += 1
            self.worst = max(self.worst, self.suffered[place.id])

    def overtaken(self, place: Place) -> int:
        rows = self.rows[place.service]
        return len(rows) - bisect_right(rows, place[:2])
