"""Who sits at which window, and what a clerk does between two visits: call, rest, close, stay on, go home."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import MINUTE, Ms, Tx
from hallq.office import closures
from hallq.simulate.desks import Desk
from hallq.simulate.floor import Floor
from hallq.simulate.plan import Closing, Duty, Plan, Rest
from hallq.ticketing import commands
from hallq.ticketing.model import QueueCount, Ticket, Window
from hallq.ticketing.waiting.queue import IS_WAITING

CAME_BEFORE = (
    select(col(Ticket.service)).where(col(Ticket.state) == IS_WAITING, col(Ticket.issued_at) < bindparam("before"))
).distinct()
QUEUES = select(col(QueueCount.service)).where(col(QueueCount.waiting) > 0)
NO_FORM = SimpleNamespace(id=None)


class Clerks:
    """`call`: the window calls its next, if there is one."""

    def __init__(self, floor: Floor, plan: Plan, call: Callable[[Desk], bool]) -> None:
        self._floor = floor
        self._call = call
        agenda = floor.agenda
        for duty in plan.duties:
            agenda.at(duty.since, self._begin_duty, duty)
            agenda.at(duty.until, self._end_duty, duty)
        for closing in plan.closings:
            agenda.at(closing.since, self._close, closing)
            agenda.at(closing.until, self._reopen, closing)
        for rest in plan.rests:
            agenda.at(rest.at, self._rest_due, rest)

    def look_up(self) -> None:
        """Once a minute: someone may be callable by the clock alone, and who may go home goes."""
        floor = self._floor
        if floor.idle:
            queues = {service for (service,) in floor.hall.reader(floor.now).values(QUEUES)}
            for desk in [desk for desk in floor.idle.values() if queues & desk.services or desk.over(floor.now)]:
                self.free(desk)

    def free(self, desk: Desk) -> None:
        """What a window without a visit does now."""
        over = desk.over(self._floor.now)
        if desk.closed:
            self._left(desk)
        elif over and not self._stays(desk):
            self.leave(desk)
        elif desk.rest is not None and not over:
            self._pause(desk, desk.rest)
        else:
            self._call(desk)

    def _stays(self, desk: Desk) -> bool:
        """After the end of its duty: while someone who came before waits, or someone in the house may still come."""
        match desk.duty:
            case Duty(stays="house"):
                return any(self._floor.expected[service] > 0 for service in desk.services)
            case Duty(stays="queue", until=until):
                waiting = self._floor.hall.reader(self._floor.now).values(CAME_BEFORE, before=until)
                return any(service in desk.services for (service,) in waiting)
        return False

    def settle(self, desk: Desk, lasts: Ms) -> None:
        """Something of the clerk's own, before the next call."""
        desk.settling = True
        self._floor.agenda.at(self._floor.now + lasts, self._settled, desk)

    def _settled(self, desk: Desk) -> None:
        desk.settling = False
        if desk.free:
            self.free(desk)

    def _begin_duty(self, duty: Duty) -> None:
        desk = self._floor.desks[duty.window]
        desk.duty = duty
        if not desk.open and not desk.closed:
            self._enter(desk)

    def _enter(self, desk: Desk) -> None:
        if self._floor.do(commands.sign_in, window=desk.no, person=self._floor.hall.people[desk.no]) is not None:
            desk.open, desk.opened = True, self._floor.now
            self.free(desk)

    def _end_duty(self, duty: Duty) -> None:
        desk = self._floor.desks[duty.window]
        if desk.duty is duty and desk.free:
            self.free(desk)

    def leave(self, desk: Desk) -> None:
        if desk.open and self._floor.do(commands.sign_out, window=desk.no) is not None:
            self._left(desk)

    def _left(self, desk: Desk) -> None:
        """Nobody is signed in there any more."""
        if desk.resting:
            desk.used["paused"] += self._floor.now - desk.since
        self._floor.idle.pop(desk.no, None)
        desk.open, desk.rest, desk.resting, desk.settling = False, None, False, False
        desk.used["open"] += self._floor.now - desk.opened

    def _rest_due(self, rest: Rest) -> None:
        desk = self._floor.desks[rest.window]
        if desk.open and desk.rest is None:
            desk.rest = rest
            if desk.free:
                self.free(desk)

    def _pause(self, desk: Desk, rest: Rest) -> None:
        minutes = max(1, round(rest.lasts / MINUTE))
        if self._floor.do(commands.pause, window=desk.no, reason=rest.reason, minutes=minutes) is None:
            desk.rest = None
            self.free(desk)
            return
        self._floor.idle.pop(desk.no, None)
        desk.since, desk.resting = self._floor.now, True
        self._floor.agenda.at(self._floor.now + rest.lasts, self._resume, desk, rest)

    def _resume(self, desk: Desk, rest: Rest) -> None:
        if desk.rest is not rest or not desk.resting:  # the window was closed meanwhile
            return
        self._floor.do(commands.resume, window=desk.no)
        desk.used["paused"] += self._floor.now - desk.since
        desk.rest, desk.resting = None, False
        self.free(desk)

    def _close(self, closing: Closing) -> None:
        """As by an approved form: the shift ends at once, or with the visit that is open."""
        desk = self._floor.desks[closing.window]
        self._floor.do(closures.shut, no=desk.no, closed="temp", until=closing.until, to=None, form=NO_FORM)
        desk.closed = True
        if desk.open and desk.guest is None:
            self._left(desk)

    def _reopen(self, closing: Closing) -> None:
        desk = self._floor.desks[closing.window]
        self._floor.do(_open_again, window=desk.no)
        desk.closed = False
        if not desk.open and not desk.over(self._floor.now):
            self._enter(desk)


def _open_again(tx: Tx, *, window: str) -> None:
    row = tx.get(Window, window)
    if row is not None:
        tx.update(row, closed=None, closed_until=None)
