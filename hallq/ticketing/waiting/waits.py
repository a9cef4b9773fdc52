"""How long until a ticket is called: until the windows have worked off what stands before it. Pure: seconds from now.

Work is window time. A window that works without a break takes someone new, in the long run, once per mean handling
time, wherever in a visit it stands now; `Staff.worked` says how much work is behind the windows at each moment to come,
breaks and returns included, and the ticket is called when that reaches the work before it. docs/waits.md measures this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, sqrt
from typing import NamedTuple

from hallq.ticketing.rules import Wait

TENTH = 1.2816  # standard deviations to the tenth and the ninetieth of a hundred: a range that holds in 80 %
LATE = 40.0  # a window that is due begins within so long
TOO_FAR = 24 * 3600.0
FRESH = 0.75  # of the variance, where all windows begin together


class Handling(NamedTuple):
    """The window time of one case: mean and variance, and how far the mean itself may be off (a share of it)."""

    mean: float
    var: float
    doubt: float = 0.0

    def rest(self, elapsed: float) -> float:
        """What a visit that has taken so long will still take. Exact where handling is exponential (it forgets), and
        within a percent of the wait for the lognormal times of real counters, with less or more spread."""
        spread = self.var / self.mean**2
        slope = (spread - 1) / (spread + 1)
        return min(3 * self.mean, max(self.mean / 4, self.mean + slope * elapsed))

    @property
    def rest_of_any(self) -> float:
        """The same for a visit that someone walks in on."""
        return self.mean * (1 + self.var / self.mean**2) / 2


class Work(NamedTuple):
    """What waits before a ticket: window time, its variance, and tickets."""

    mean: float = 0.0
    var: float = 0.0
    tickets: float = 0.0


class Span(NamedTuple):
    """A window is expected to work between two moments, in seconds of the day, with this probability."""

    start: float
    end: float
    sure: float = 1.0


class Post(NamedTuple):
    """A window of the pool: whether it offers the ticket's own service, and others of the pool; what is left of its
    visit (None: free)."""

    own: bool
    left: float | None
    spans: Sequence[Span]
    others: bool = False


class Done(NamedTuple):
    """Work that windows will have done by a moment: of the own service alone, of it and others, of others alone."""

    at: float = 0.0
    own: float = 0.0
    shared: float = 0.0
    others: float = 0.0

    def lacks(self, own: float, others: float) -> float:
        """Of the own work. Shared windows first do what came before of the others and what their windows leave; that
        never keeps a window which offers the own service alone."""
        behind = max(0.0, others - self.others)
        return own - self.own - max(0.0, self.shared - behind)


class Staff:
    """The windows of a pool over time: the work that they will have done, and what those of the own service have."""

    def __init__(self, posts: Iterable[Post], handling: Handling, now: float = 0.0) -> None:
        self.windows = 0.0  # of the own service, that work at this moment
        self.free = 0  # and surely take someone now
        self._now = now
        self._handling = handling
        self._turns: list[tuple[float, int, float]] = []  # moment, kind of window, change of its speed
        self._starts: set[float] = set()
        for post in posts:
            before = Span(0, 0, 0.0)
            for span in post.spans:
                self._put(post, span, span.sure - before.sure if span.start == before.end else span.sure)
                before = span
        self.course = self._course()

    def _put(self, post: Post, span: Span, new: float) -> None:
        """`new`: the part of it that was not there just before."""
        start, end = max(0.0, span.start - self._now), span.end - self._now
        if end <= 0:
            return
        self._turn(start, end, span.sure, post)
        mean, rest = self._handling.mean, self._handling.rest_of_any
        if start <= 0 and post.own:
            self.windows += span.sure
        if start <= 0 and post.left is not None:
            # ahead of a window somewhere in a visit by what is less to do there, behind it by what is more
            self._turn(0.0, min(2 * post.left, end), span.sure * (rest - post.left) / (2 * post.left), post)
            return
        if new <= 0:
            return
        self.free += post.own and start <= 0 and span.sure > 0.99
        # takes someone at once, and is then at the beginning of a visit, not somewhere in it
        begins = LATE if start > 0 else 1.0
        self._starts.add(start)
        self._turn(start, min(start + begins, end), new * mean / begins, post)
        later = start + begins, min(start + begins + 2 * mean, end)
        self._turn(*later, new * (rest - mean) / (2 * mean), post)

    def _turn(self, start: float, end: float, speed: float, post: Post) -> None:
        if end <= start:
            return
        kind = 0 if post.own and not post.others else 1 if post.own else 2
        self._turns += [(start, kind, speed), (end, kind, -speed)]

    def _course(self) -> list[Done]:
        """At each turn; straight between them."""
        speeds = [0.0, 0.0, 0.0]
        last = Done()
        course = [last]
        for moment, kind, change in sorted(self._turns):
            if moment > last.at:
                last = _after(last, speeds, moment)
                course.append(last)
            speeds[kind] += change
        return course

    def worked(self, own: float, others: float) -> float:
        """When so much is done."""
        last = self.course[0]
        for done in self.course:
            if done.lacks(own, others) <= 0 and done.at > last.at:
                return _between(last, done, own, others)
            last = done
        return min(TOO_FAR, last.at + max(0.0, last.lacks(own, others)))  # one window goes on, whatever was planned

    def punctual(self, moment: float) -> float:
        """The same moment where nobody is late."""
        return max((start for start in self._starts if 0 < start <= moment < start + LATE), default=moment)


def _after(last: Done, speeds: list[float], moment: float) -> Done:
    passed = moment - last.at
    own, shared, others = (max(0.0, speed) * passed for speed in speeds)
    return Done(moment, last.own + own, last.shared + shared, last.others + others)


def _between(first: Done, last: Done, own: float, others: float) -> float:
    """The moment between two at which nothing lacks any more. `Done.lacks` is the least of what lacks without shared
    windows and of what lacks with them, which is the most of before and after the others' work is done: all three are
    straight lines, so the moment where each is at zero says it."""
    lines = []
    for done in (first, last):
        alone = own - done.own
        shared = alone - done.shared
        lines.append((alone, shared, shared + others - done.others))
    alone, after, before = (_zero(start, end) for start, end in zip(*lines, strict=True))
    return first.at + min(1.0, alone, max(after, before)) * (last.at - first.at)


def _zero(start: float, end: float) -> float:
    """The share of the way at which a falling line is at zero."""
    if start <= 0:
        return 0.0
    return start / (start - end) if end <= 0 else inf


def expect(own: Work, others: Work, handling: Handling, staff: Staff) -> Wait:
    """`own`: the work of the ticket's own service before it; `others`: of the services that share its windows, which
    stands in its way only where their other windows do not keep up. `handling`: of the pool, on average."""
    if staff.free > own.tickets + others.tickets:
        return Wait(0, 0, 0)
    first = own.mean + handling.mean  # the last before it has begun when a whole visit more would be done
    every = first + others.mean
    var = _variance(own, others, handling, staff.windows)
    shares = (_quantile(every, var, z) / every for z in (-TENTH, 0.0, TENTH))
    low, likely, high = (staff.worked(first * share, others.mean * share) for share in shares)
    return Wait(max(0, int(staff.punctual(low)) - 1), round(likely), round(high))  # `now` is a whole second


def _variance(own: Work, others: Work, handling: Handling, windows: float) -> float:
    """Many windows in the middle of visits finish at random, like one with exponential times, however regular each is;
    few of them, or a long queue, show each one's own spread. Where none works yet, they all begin at once."""
    scatter = own.var + others.var
    if not windows:
        scatter *= FRESH
    else:
        tickets, spread = own.tickets + others.tickets, handling.var / handling.mean**2
        mixed = 0.5 * windows / (tickets + windows)
        scatter += handling.var + (tickets + 1) * handling.mean**2 * (1 - spread) * mixed
    return max(1.0, scatter + (handling.doubt * (own.mean + others.mean + handling.mean)) ** 2)


def _quantile(mean: float, var: float, z: float) -> float:
    """Of a gamma distribution (Wilson and Hilferty)."""
    shape = mean * mean / var
    return mean * max(0.0, 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))) ** 3
