"""The moving clock: a plan's day, event by event, through the commands that the hall's pages and pads give.

A window that becomes free calls the next. When someone comes whom idle windows may call, the longest idle one does.
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from hallq.kernel import MINUTE, SECOND, Ms, Refused
from hallq.simulate.hall import Hall
from hallq.simulate.observers import Observer
from hallq.simulate.plan import NO_SHOW, PARKED, TRANSFERRED, Citizen, Closing, Duty, Plan, Rest, Step
from hallq.ticketing import commands
from hallq.ticketing.model import WAITING, QueueCount, Ticket

RECALL: Ms = 30 * SECOND  # a clerk calls again, and then gives up, after so long
QUEUES = select(col(QueueCount.service)).where(col(QueueCount.waiting) > 0)


@dataclass(slots=True)
class Guest:
    """A citizen in the house."""

    citizen: Citizen
    ticket: int
    done: int = 0  # steps behind them

    @property
    def step(self) -> Step:
        return self.citizen.steps[self.done]


@dataclass(slots=True)
class Desk:
    """A window with its clerk, and how its time went."""

    no: str
    services: frozenset[str]
    open: bool = False  # signed in
    closed: bool = False
    duty: Duty | None = None
    guest: Guest | None = None
    rest: Rest | None = None  # due, or under way
    resting: bool = False
    back: deque[Guest] = field(default_factory=deque)  # parked here and there again
    since: Ms = 0  # when it was opened, called or paused
    opened: Ms = 0
    used: Counter[str] = field(default_factory=Counter)  # ms open, busy, paused


class Engine:
    """Runs one day once. `offers`: the services of each window."""

    def __init__(
        self, hall: Hall, plan: Plan, offers: dict[str, frozenset[str]], observers: Sequence[Observer] = ()
    ) -> None:
        self.hall = hall
        self.now: Ms = 0
        self.refusals: Counter[str] = Counter()
        self.desks = {no: Desk(no, services) for no, services in offers.items()}
        self._observers = observers
        self._idle: dict[str, Desk] = {}  # the longest idle first
        self._guests: dict[int, Guest] = {}
        self._expected: Counter[str] = Counter()  # visits still to come by who is in the house, by service
        self._heap: list[tuple[Ms, int, Callable[..., None], tuple[Any, ...]]] = []
        self._events = 0
        self._later = 0  # events that are not the minute's look
        self._put_plan(plan)

    def run(self, tell: Callable[[Ms], None] = lambda now: None) -> None:
        """`tell` hears of each minute."""
        while self._heap:
            self.now, _, event, details = heapq.heappop(self._heap)
            if event == self._minute:
                tell(self.now)
            else:
                self._later -= 1
            event(*details)
        for desk in self.desks.values():
            self._leave(desk)
        self._do(commands.day_change, at=self.now + 24 * 60 * MINUTE)

    # -- the plan's events

    def _put_plan(self, plan: Plan) -> None:
        for duty in plan.duties:
            self._at(duty.since, self._begin_duty, duty)
            self._at(duty.until, self._end_duty, duty)
        for closing in plan.closings:
            self._at(closing.since, self._close, closing)
            self._at(closing.until, self._reopen, closing)
        for rest in plan.rests:
            self._at(rest.at, self._rest_due, rest)
        for citizen in plan.citizens:
            self._at(citizen.at, self._arrive, citizen)
        self._at(min((at for at, *_ in self._heap), default=0), self._minute)

    def _at(self, at: Ms, event: Callable[..., None], *details: Any) -> None:
        self._events += 1
        self._later += event != self._minute
        heapq.heappush(self._heap, (at, self._events, event, details))

    def _minute(self) -> None:
        """Clerks look up: someone may be callable by the clock alone, and who may go home goes."""
        if self._idle:
            queues = {service for (service,) in self.hall.reader(self.now).values(QUEUES)}
            for desk in [desk for desk in self._idle.values() if queues & desk.services or self._over(desk)]:
                self._free(desk)
        if self._later:
            self._at(self.now + MINUTE, self._minute)

    # -- citizens

    def _arrive(self, citizen: Citizen) -> None:
        ticket = self._do(
            commands.issue, service=citizen.steps[0].service, category=citizen.category, people=citizen.people,
            cases=citizen.cases,
        )  # fmt: skip
        if ticket is None:
            return
        guest = self._guests[ticket.id] = Guest(citizen, ticket.id)
        self._expected.update(step.service for step in citizen.steps)
        if citizen.patience is not None:
            self._at(self.now + citizen.patience, self._give_up, guest)
        self._tell("on_issue", ticket)
        self._offer(ticket)

    def _give_up(self, guest: Guest) -> None:
        """Who has not been called by now goes."""
        ticket = self.hall.reader(self.now).get(Ticket, guest.ticket)
        if guest.done or ticket is None or ticket.state != WAITING:
            return
        cancelled = self._do(commands.cancel, ticket=guest.ticket)
        if cancelled is not None:
            self._gone(guest)
            self._tell("on_end", cancelled)

    def _return(self, desk: Desk, guest: Guest) -> None:
        """A parked citizen is there again, at the window that parked them."""
        if desk.open:
            desk.back.append(guest)
            self._expected.update(step.service for step in guest.citizen.steps[guest.done :])
            if desk.no in self._idle:
                self._free(desk)

    def _gone(self, guest: Guest) -> None:
        self._expected.subtract(step.service for step in guest.citizen.steps[guest.done :])

    # -- windows

    def _offer(self, ticket: Ticket) -> None:
        """Someone waits: the longest idle window that may call them does."""
        for desk in [desk for desk in self._idle.values() if ticket.service in desk.services]:
            if self._call(desk):
                return

    def _free(self, desk: Desk) -> None:
        """What a window without a visit does now."""
        self._idle.pop(desk.no, None)
        if desk.closed:
            self._leave(desk)
        elif desk.rest is not None and not self._over(desk):
            self._pause(desk, desk.rest)
        elif not self._may_call(desk) or (not self._call(desk) and self._over(desk) and not self._needed(desk)):
            self._leave(desk)

    def _over(self, desk: Desk) -> bool:
        return desk.duty is None or self.now >= desk.duty.until

    def _may_call(self, desk: Desk) -> bool:
        return not self._over(desk) or (desk.duty is not None and desk.duty.stays != "")

    def _needed(self, desk: Desk) -> bool:
        house = desk.duty is not None and desk.duty.stays == "house"
        return house and any(self._expected[service] > 0 for service in desk.services)

    def _call(self, desk: Desk) -> bool:
        """Call back who was parked here, or else the next of the queue; idle when there is nobody."""
        if desk.back:
            guest = desk.back.popleft()
            ticket = self._do(commands.call, window=desk.no, ticket=guest.ticket)
        else:
            ticket = self._do(commands.call_next, window=desk.no)
        if ticket is None:
            self._idle.setdefault(desk.no, desk)
            return False
        self._idle.pop(desk.no, None)
        desk.guest, desk.since = self._guests[ticket.id], self.now
        self._tell("on_call", ticket)
        self._serve(desk, desk.guest.step)
        return True

    def _serve(self, desk: Desk, step: Step) -> None:
        if step.end == NO_SHOW:
            self._at(self.now + RECALL, self._call_again, desk)
            return
        if step.walk:
            self._at(self.now + step.walk, self._start, desk)
        self._at(self.now + step.walk + step.handling, self._end, desk)

    def _start(self, desk: Desk) -> None:
        self._do(commands.start, window=desk.no)

    def _call_again(self, desk: Desk) -> None:
        self._do(commands.recall, window=desk.no)
        self._at(self.now + RECALL, self._miss, desk)

    def _miss(self, desk: Desk) -> None:
        """Nobody came: when the rules agree, the next."""
        try:
            ticket = self.hall.do(self.now, commands.no_show, window=desk.no, unproved=True)
        except Refused as refused:
            missing = refused.detail.get("calls")
            again = self._call_again if missing else self._miss
            self._at(self.now + (RECALL if missing else refused.detail["seconds"] * SECOND), again, desk)
            return
        self._ended(desk, ticket)

    def _end(self, desk: Desk) -> None:
        assert desk.guest is not None
        step = desk.guest.step
        if step.end == PARKED:
            ticket = self._do(commands.park, window=desk.no, kind="papers")
        elif step.end == TRANSFERRED:
            target = desk.guest.citizen.steps[desk.guest.done + 1].service
            ticket = self._do(commands.transfer, window=desk.no, service=target)
        else:
            ticket = self._do(commands.finish, window=desk.no)
        self._ended(desk, ticket)

    def _ended(self, desk: Desk, ticket: Ticket) -> None:
        """The visit is over: where its citizen goes, and what the window does next."""
        guest = desk.guest
        assert guest is not None
        desk.used["busy"] += self.now - desk.since
        desk.guest = None
        step = guest.step
        self._expected[step.service] -= 1
        guest.done += 1
        if ticket.state == WAITING:
            self._tell("on_return", ticket)
            self._offer(ticket)
        else:
            self._tell("on_end", ticket)
            self._gone(guest)
            if step.end == PARKED:
                self._at(self.now + step.back, self._return, desk, guest)
        self._free(desk)

    # -- clerks

    def _begin_duty(self, duty: Duty) -> None:
        desk = self.desks[duty.window]
        desk.duty = duty
        if not desk.open and not desk.closed:
            self._enter(desk)

    def _enter(self, desk: Desk) -> None:
        if self._do(commands.sign_in, window=desk.no, person=self.hall.people[desk.no]) is not None:
            desk.open, desk.opened = True, self.now
            self._free(desk)

    def _end_duty(self, duty: Duty) -> None:
        desk = self.desks[duty.window]
        if desk.duty is duty and desk.open and desk.guest is None and not desk.resting:
            self._free(desk)

    def _leave(self, desk: Desk) -> None:
        """Sign out; who was parked here comes again another time."""
        if desk.open and self._do(commands.sign_out, window=desk.no) is not None:
            self._idle.pop(desk.no, None)
            desk.open, desk.rest = False, None
            desk.used["open"] += self.now - desk.opened
            while desk.back:
                self._gone(desk.back.popleft())

    def _rest_due(self, rest: Rest) -> None:
        desk = self.desks[rest.window]
        if desk.open and desk.rest is None:
            desk.rest = rest
            if desk.guest is None:
                self._free(desk)

    def _pause(self, desk: Desk, rest: Rest) -> None:
        minutes = max(1, round(rest.lasts / MINUTE))
        if self._do(commands.pause, window=desk.no, reason=rest.reason, minutes=minutes) is None:
            desk.rest = None
            self._free(desk)
            return
        desk.since, desk.resting = self.now, True
        self._at(self.now + rest.lasts, self._resume, desk)

    def _resume(self, desk: Desk) -> None:
        self._do(commands.resume, window=desk.no)
        desk.used["paused"] += self.now - desk.since
        desk.rest, desk.resting = None, False
        self._free(desk)

    def _close(self, closing: Closing) -> None:
        desk = self.desks[closing.window]
        desk.closed = True
        if desk.open and desk.guest is None and not desk.resting:
            self._free(desk)

    def _reopen(self, closing: Closing) -> None:
        desk = self.desks[closing.window]
        desk.closed = False
        if not desk.open and not self._over(desk):
            self._enter(desk)

    # -- both

    def _do(self, command: Callable[..., Any], *, at: Ms | None = None, **details: Any) -> Any:
        """The command's answer; None when the rules say no, which is counted."""
        try:
            return self.hall.do(self.now if at is None else at, command, **details)
        except Refused as refused:
            if refused.code != "nobody_waiting":
                self.refusals[refused.code] += 1
            return None

    def _tell(self, step: str, ticket: Ticket) -> None:
        db = self.hall.reader(self.now)
        for observer in self._observers:
            getattr(observer, step)(db, ticket)
