"""What the citizens and clerks of a day share: the hall, the agenda, the windows, who is expected and who watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from hallq.kernel import Ms, Refused
from hallq.simulate.agenda import Agenda
from hallq.simulate.desks import Desk
from hallq.simulate.hall import Hall
from hallq.simulate.observers import Observer
from hallq.ticketing.model import Ticket


class Floor:
    def __init__(self, hall: Hall, observers: Sequence[Observer] = ()) -> None:
        self.hall = hall
        self.agenda = Agenda()
        self.desks = {no: Desk(no, services) for no, services in hall.offers.items()}
        self.idle: dict[str, Desk] = {}  # the longest idle first
        self.expected: Counter[str] = Counter()  # visits still to come by who is in the house, by service
        self.refusals: Counter[str] = Counter()
        self._observers = observers

    @property
    def now(self) -> Ms:
        return self.agenda.now

    def do(self, command: Callable[..., Any], *, at: Ms | None = None, **details: Any) -> Any:
        """The command's answer; None when the rules say no, which is counted."""
        try:
            return self.hall.do(self.now if at is None else at, command, **details)
        except Refused as refused:
            self.refusals[refused.code] += 1
            return None

    def tell(self, step: str, ticket: Ticket) -> None:
        db = self.hall.reader(self.now)
        for observer in self._observers:
            getattr(observer, step)(db, ticket)
