"""The moving clock: a plan's day, event by event, through the commands that the hall's pages and pads give.

A window that becomes free calls the next. When someone comes whom idle windows may call, the longest idle one does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import MINUTE, SECOND, Ms, Refused, Tx
from hallq.office import closures
from hallq.simulate.agenda import Agenda
from hallq.simulate.desks import Desk, Guest
from hallq.simulate.hall import Hall
from hallq.simulate.observers import Observer
from hallq.simulate.plan import FINISHED, NO_SHOW, PARKED, TRANSFERRED, Citizen, Closing, Duty, Plan, Rest, Step
from hallq.ticketing import commands, rules
from hallq.ticketing.model import WAITING, QueueCount, Service, Ticket, Window
from hallq.ticketing.queue import IS_WAITING

RECALL: Ms = 30 * SECOND  # a clerk calls again, and then gives up, after so long
CAME_BEFORE = (
    select(col(Ticket.service)).where(col(Ticket.state) == IS_WAITING, col(Ticket.issued_at) < bindparam("before"))
).distinct()
NO_FORM = SimpleNamespace(id=None)
QUEUES = select(col(QueueCount.service)).where(col(QueueCount.waiting) > 0)


class Engine:
    """Runs one day once."""

    def __init__(self, hall: Hall, plan: Plan, observers: Sequence[Observer] = ()) -> None:
        self.hall = hall
        self.agenda = Agenda(self._minute)
        self.refusals: Counter[str] = Counter()
        self.guests: dict[int, Guest] = {}  # by ticket
        self.desks = {no: Desk(no, services) for no, services in hall.offers.items()}
        self._observers = observers
        self._idle: dict[str, Desk] = {}  # the longest idle first
        self._expected: Counter[str] = Counter()  # visits still to come by who is in the house, by service
        self._put_plan(plan)

    @property
    def now(self) -> Ms:
        return self.agenda.now

    def run(self) -> Iterator[Ms]:
        """The whole day; yields each minute."""
        yield from self.agenda.run()
        for desk in self.desks.values():
            self._leave(desk)
        self._do(commands.day_change, at=self.now + 24 * 60 * MINUTE)

    # -- the plan's events

    def _put_plan(self, plan: Plan) -> None:
        for duty in plan.duties:
            self.agenda.at(duty.since, self._begin_duty, duty)
            self.agenda.at(duty.until, self._end_duty, duty)
        for closing in plan.closings:
            self.agenda.at(closing.since, self._close, closing)
            self.agenda.at(closing.until, self._reopen, closing)
        for rest in plan.rests:
            self.agenda.at(rest.at, self._rest_due, rest)
        for citizen in plan.citizens:
            self.agenda.at(citizen.at, self._arrive, citizen)

    def _minute(self) -> None:
        """Clerks look up: someone may be callable by the clock alone, and who may go home goes."""
        if self._idle:
            queues = {service for (service,) in self.hall.reader(self.now).values(QUEUES)}
            for desk in [desk for desk in self._idle.values() if queues & desk.services or desk.over(self.now)]:
                self._free(desk)

    # -- citizens

    def _arrive(self, citizen: Citizen) -> None:
        ticket = self._do(
            commands.issue, service=citizen.steps[0].service, category=citizen.category, people=citizen.people,
            cases=citizen.cases,
        )  # fmt: skip
        if ticket is None:
            return
        guest = self.guests[ticket.id] = Guest(citizen, ticket.id)
        self._expected.update(guest.to_come)
        if citizen.patience is not None:
            self.agenda.at(self.now + citizen.patience, self._give_up, guest)
        self._tell("on_issue", ticket)
        self._offer(ticket)

    def _give_up(self, guest: Guest) -> None:
        """Who has not been called by now goes."""
        ticket = self.hall.reader(self.now).get(Ticket, guest.ticket)
        if guest.called or ticket is None or ticket.state != WAITING:
            return
        cancelled = self._do(commands.cancel, ticket=guest.ticket)
        if cancelled is not None:
            self._expected.subtract(guest.to_come)
            self._tell("on_end", cancelled)

    def _return(self, guest: Guest) -> None:
        """Back with the papers, or a missed number found again: by the check code, if anyone can still serve them."""
        known = self.hall.reader(self.now).get(Ticket, guest.ticket)
        if known is None or not any(desk.open and guest.to_come[0] in desk.services for desk in self.desks.values()):
            return
        ticket = self._do(commands.restore, number=known.number, check_code=known.check_code)
        if ticket is not None:
            self._expected.update(guest.to_come)
            self._tell("on_return", ticket)
            self._offer(ticket)

    # -- windows

    def _offer(self, ticket: Ticket) -> None:
        """Someone waits: the longest idle window that may call them does."""
        for desk in [desk for desk in self._idle.values() if ticket.service in desk.services]:
            if self._call(desk):
                return

    def _free(self, desk: Desk) -> None:
        """What a window without a visit does now."""
        over = desk.over(self.now)
        if desk.closed:
            self._left(desk)
        elif over and not self._stays(desk):
            self._leave(desk)
        elif desk.rest is not None and not over:
            self._pause(desk, desk.rest)
        else:
            self._call(desk)

    def _stays(self, desk: Desk) -> bool:
        """After the end of its duty: while someone who came before waits, or someone in the house may still come."""
        match desk.duty:
            case Duty(stays="house"):
                return any(self._expected[service] > 0 for service in desk.services)
            case Duty(stays="queue", until=until):
                waiting = self.hall.reader(self.now).values(CAME_BEFORE, before=until)
                return any(service in desk.services for (service,) in waiting)
        return False

    def _call(self, desk: Desk) -> bool:
        """The next of the queue; idle when there is nobody."""
        try:
            ticket = self.hall.do(self.now, commands.call_next, window=desk.no)
        except Refused as refused:
            if refused.code not in ("nobody_waiting", desk.refused):  # each minute's look would count again
                self.refusals[refused.code] += 1
            desk.refused = refused.code
            self._idle.setdefault(desk.no, desk)
            return False
        self._idle.pop(desk.no, None)
        desk.refused = ""
        guest = self.guests[ticket.id]
        guest.called += 1
        self._expected[guest.step.service] -= 1
        desk.guest, desk.since = guest, self.now
        self._tell("on_call", ticket)
        self._serve(desk, guest.step, ticket)
        return True

    def _serve(self, desk: Desk, step: Step, ticket: Ticket) -> None:
        if step.end == NO_SHOW:
            self.agenda.at(self.now + RECALL, self._call_again, desk)
            return
        if step.walk:
            self.agenda.at(self.now + step.walk, self._start, desk)
        self.agenda.at(self.now + step.walk + self._handling(step, ticket), self._end, desk)

    def _handling(self, step: Step, ticket: Ticket) -> Ms:
        """Of this call's share of the ticket's cases."""
        service = self.hall.reader(self.now).get(Service, step.service)
        per_call = service.cases_per_call if service is not None else None
        cases, _ = rules.cases_of_call(ticket.cases, ticket.cases_done or 0, per_call)
        return step.handling * cases // ticket.cases

    def _start(self, desk: Desk) -> None:
        self._do(commands.start, window=desk.no)

    def _call_again(self, desk: Desk) -> None:
        self._do(commands.recall, window=desk.no)
        self.agenda.at(self.now + RECALL, self._miss, desk)

    def _miss(self, desk: Desk) -> None:
        """Nobody came: when the rules agree, the next."""
        try:
            ticket = self.hall.do(self.now, commands.no_show, window=desk.no, unproved=True)
        except Refused as refused:
            missing = refused.detail.get("calls")
            wait = RECALL if missing else refused.detail.get("seconds", 0) * SECOND or RECALL
            self.agenda.at(self.now + wait, self._call_again if missing else self._miss, desk)
            return
        self._ended(desk, ticket)

    def _end(self, desk: Desk) -> None:
        assert desk.guest is not None
        step = desk.guest.step
        if step.end == PARKED:
            ticket = self._do(commands.park, window=desk.no, kind="papers")
        elif step.end == TRANSFERRED:
            target = desk.guest.to_come[0]
            ticket = self._do(commands.transfer, window=desk.no, service=target)
        else:
            ticket = self._do(commands.finish, window=desk.no)
        self._ended(desk, ticket)

    def _ended(self, desk: Desk, ticket: Ticket) -> None:
        """The visit is over: where its citizen goes, and what the window does next."""
        guest = desk.guest
        assert guest is not None
        desk.used["busy"] += self.now - desk.since
        desk.guest, step = None, guest.step
        if ticket.state == WAITING:
            self._wait_again(guest, ticket)
        else:
            self._tell("on_end", ticket)
            self._expected.subtract(guest.to_come)
            if guest.to_come and step.back is not None:
                self.agenda.at(self.now + step.back, self._return, guest)
        if step.after:
            desk.settling = True
            self.agenda.at(self.now + step.after, self._settled, desk)
        else:
            self._free(desk)

    def _settled(self, desk: Desk) -> None:
        desk.settling = False
        if desk.free:
            self._free(desk)

    def _wait_again(self, guest: Guest, ticket: Ticket) -> None:
        """Transferred; or further cases of the same step are left."""
        if guest.step.end == FINISHED:
            guest.called -= 1
            self._expected[guest.step.service] += 1
        self._tell("on_return", ticket)
        self._offer(ticket)

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
        if desk.duty is duty and desk.free:
            self._free(desk)

    def _leave(self, desk: Desk) -> None:
        if desk.open and self._do(commands.sign_out, window=desk.no) is not None:
            self._left(desk)

    def _left(self, desk: Desk) -> None:
        """Nobody is signed in there any more."""
        if desk.resting:
            desk.used["paused"] += self.now - desk.since
        self._idle.pop(desk.no, None)
        desk.open, desk.rest, desk.resting, desk.settling = False, None, False, False
        desk.used["open"] += self.now - desk.opened

    def _rest_due(self, rest: Rest) -> None:
        desk = self.desks[rest.window]
        if desk.open and desk.rest is None:
            desk.rest = rest
            if desk.free:
                self._free(desk)

    def _pause(self, desk: Desk, rest: Rest) -> None:
        minutes = max(1, round(rest.lasts / MINUTE))
        if self._do(commands.pause, window=desk.no, reason=rest.reason, minutes=minutes) is None:
            desk.rest = None
            self._free(desk)
            return
        self._idle.pop(desk.no, None)
        desk.since, desk.resting = self.now, True
        self.agenda.at(self.now + rest.lasts, self._resume, desk, rest)

    def _resume(self, desk: Desk, rest: Rest) -> None:
        if desk.rest is not rest or not desk.resting:  # the window was closed meanwhile
            return
        self._do(commands.resume, window=desk.no)
        desk.used["paused"] += self.now - desk.since
        desk.rest, desk.resting = None, False
        self._free(desk)

    def _close(self, closing: Closing) -> None:
        """As by an approved form: the shift ends at once, or with the visit that is open."""
        desk = self.desks[closing.window]
        self._do(closures.shut, no=desk.no, closed="temp", until=closing.until, to=None, form=NO_FORM)
        desk.closed = True
        if desk.open and desk.guest is None:
            self._left(desk)

    def _reopen(self, closing: Closing) -> None:
        desk = self.desks[closing.window]
        self._do(_open_again, window=desk.no)
        desk.closed = False
        if not desk.open and not desk.over(self.now):
            self._enter(desk)

    # -- both

    def _do(self, command: Callable[..., Any], *, at: Ms | None = None, **details: Any) -> Any:
        """The command's answer; None when the rules say no, which is counted."""
        try:
            return self.hall.do(self.now if at is None else at, command, **details)
        except Refused as refused:
            self.refusals[refused.code] += 1
            return None

    def _tell(self, step: str, ticket: Ticket) -> None:
        db = self.hall.reader(self.now)
        for observer in self._observers:
            getattr(observer, step)(db, ticket)


def _open_again(tx: Tx, *, window: str) -> None:
    row = tx.get(Window, window)
    if row is not None:
        tx.update(row, closed=None, closed_until=None)
