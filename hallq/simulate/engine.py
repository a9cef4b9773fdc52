"""The moving clock: a plan's day, event by event, through the commands that the hall's pages and pads give.

A window that becomes free calls the next. When someone comes whom idle windows may call, the longest idle one does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hallq.kernel import MINUTE, SECOND, Ms, Refused
from hallq.simulate.clerks import Clerks
from hallq.simulate.desks import Desk, Guest
from hallq.simulate.floor import Floor
from hallq.simulate.hall import Hall
from hallq.simulate.observers import Observer
from hallq.simulate.plan import FINISHED, NO_SHOW, PARKED, TRANSFERRED, Citizen, Plan, Step
from hallq.ticketing import commands, rules
from hallq.ticketing.model import WAITING, Service, Ticket

RECALL: Ms = 30 * SECOND  # a clerk calls again, and then gives up, after so long


class Engine(Floor):
    """Runs one day once."""

    def __init__(self, hall: Hall, plan: Plan, observers: Sequence[Observer] = ()) -> None:
        super().__init__(hall, observers)
        self.guests: dict[int, Guest] = {}  # by ticket
        self._clerks = Clerks(self, plan, self._call)
        for citizen in plan.citizens:
            self.agenda.at(citizen.at, self._arrive, citizen)

    def run(self) -> Iterator[Ms]:
        """The whole day; yields each minute."""
        yield from self.agenda.run(self._clerks.look_up)
        for desk in self.desks.values():
            self._clerks.leave(desk)
        self.do(commands.day_change, at=self.now + 24 * 60 * MINUTE)

    # -- citizens

    def _arrive(self, citizen: Citizen) -> None:
        ticket = self.do(
            commands.issue, service=citizen.steps[0].service, category=citizen.category, people=citizen.people,
            cases=citizen.cases,
        )  # fmt: skip
        if ticket is None:
            return
        guest = self.guests[ticket.id] = Guest(citizen, ticket.id)
        self.expected.update(guest.to_come)
        if citizen.patience is not None:
            self.agenda.at(self.now + citizen.patience, self._give_up, guest)
        self.tell("on_issue", ticket)
        self._offer(ticket)

    def _give_up(self, guest: Guest) -> None:
        """Who has not been called by now goes."""
        ticket = self.hall.reader(self.now).get(Ticket, guest.ticket)
        if guest.called or ticket is None or ticket.state != WAITING:
            return
        cancelled = self.do(commands.cancel, ticket=guest.ticket)
        if cancelled is not None:
            self.expected.subtract(guest.to_come)
            self.tell("on_end", cancelled)

    def _return(self, guest: Guest) -> None:
        """Back with the papers, or a missed number found again: by the check code, if anyone can still serve them."""
        known = self.hall.reader(self.now).get(Ticket, guest.ticket)
        if known is None or not any(desk.open and guest.to_come[0] in desk.services for desk in self.desks.values()):
            return
        ticket = self.do(commands.restore, number=known.number, check_code=known.check_code)
        if ticket is not None:
            self.expected.update(guest.to_come)
            self.tell("on_return", ticket)
            self._offer(ticket)

    # -- windows

    def _offer(self, ticket: Ticket) -> None:
        """Someone waits: the longest idle window that may call them does."""
        for desk in [desk for desk in self.idle.values() if ticket.service in desk.services]:
            if self._call(desk):
                return

    def _call(self, desk: Desk) -> bool:
        """The next of the queue; idle when there is nobody."""
        try:
            ticket = self.hall.do(self.now, commands.call_next, window=desk.no)
        except Refused as refused:
            if refused.code not in ("nobody_waiting", desk.refused):  # each minute's look would count again
                self.refusals[refused.code] += 1
            desk.refused = refused.code
            self.idle.setdefault(desk.no, desk)
            return False
        self.idle.pop(desk.no, None)
        desk.refused = ""
        guest = self.guests[ticket.id]
        guest.called += 1
        self.expected[guest.step.service] -= 1
        desk.guest, desk.since = guest, self.now
        self.tell("on_call", ticket)
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
        self.do(commands.start, window=desk.no)

    def _call_again(self, desk: Desk) -> None:
        self.do(commands.recall, window=desk.no)
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
        step, ticket = desk.guest.step, None
        if step.end == PARKED:
            ticket = self.do(commands.park, window=desk.no, kind="papers")
        elif step.end == TRANSFERRED:
            ticket = self.do(commands.transfer, window=desk.no, service=desk.guest.to_come[0])
        if ticket is None:  # also where nobody offers the next service any more
            ticket = self.do(commands.finish, window=desk.no)
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
            self.tell("on_end", ticket)
            self.expected.subtract(guest.to_come)
            if guest.to_come and step.back is not None:
                self.agenda.at(self.now + step.back, self._return, guest)
        if step.after:
            self._clerks.settle(desk, step.after)
        else:
            self._clerks.free(desk)

    def _wait_again(self, guest: Guest, ticket: Ticket) -> None:
        """Transferred; or further cases of the same step are left."""
        if guest.step.end == FINISHED:
            guest.called -= 1
            self.expected[guest.step.service] += 1
        self.tell("on_return", ticket)
        self._offer(ticket)
