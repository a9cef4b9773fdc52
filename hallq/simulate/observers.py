"""Who watches a simulated day. An observer hears of each step of each ticket and may read the rows of that moment."""

from __future__ import annotations

from collections import defaultdict

from hallq.kernel import Reads
from hallq.ticketing.model import Ticket
from hallq.ticketing.opening import noon
from hallq.ticketing.rules import Place


class Observer:
    """Hears of everything and does nothing about it."""

    def on_issue(self, db: Reads, ticket: Ticket) -> None:
        """Just taken: the ticket waits."""

    def on_return(self, db: Reads, ticket: Ticket) -> None:
        """It waits again: transferred, or with cases left."""

    def on_call(self, db: Reads, ticket: Ticket) -> None:
        """Called out of the queue; `ticket.window` is where."""

    def on_end(self, db: Reads, ticket: Ticket) -> None:
        """Finished, cancelled, not there, or parked: it waits no longer."""


class Overtaking(Observer):
    """Counts by itself how often the green channel went past each ordinary citizen, to hold the bound against.

    Overtaken: a window that offers one's service calls someone of the green channel who came later. Not while one's own
    service rests in the midday break: then nobody of it is called at all, and nobody is called instead.
    """

    def __init__(self, offers: dict[str, frozenset[str]]) -> None:
        self._offers = offers  # window -> services
        self._waiting: dict[str, dict[int, Ticket]] = defaultdict(dict)  # ordinary ones, by service
        self._times: dict[int, int] = {}
        self.most = 0

    def on_issue(self, db: Reads, ticket: Ticket) -> None:
        if not ticket.green and ticket.id is not None:
            self._waiting[ticket.service][ticket.id] = ticket
            self._times[ticket.id] = 0

    def on_return(self, db: Reads, ticket: Ticket) -> None:
        self.on_issue(db, ticket)

    def on_call(self, db: Reads, ticket: Ticket) -> None:
        self._forget(ticket)
        if ticket.green and ticket.window is not None:
            for service in self._offers[ticket.window]:
                self._count(db, service, ticket)

    def on_end(self, db: Reads, ticket: Ticket) -> None:
        self._forget(ticket)

    def _forget(self, ticket: Ticket) -> None:
        self._waiting[ticket.service].pop(ticket.id or 0, None)

    def _count(self, db: Reads, service: str, caller: Ticket) -> None:
        for place in noon.callable_now(db, self._earlier(service, caller)):
            self._times[place.id] += 1
            self.most = max(self.most, self._times[place.id])

    def _earlier(self, service: str, caller: Ticket) -> list[Place]:
        return [
            Place(ticket.arrival, key, service, False)
            for key, ticket in self._waiting[service].items()
            if (ticket.arrival, key) < (caller.arrival, caller.id) and ticket.for_window in (None, caller.window)
        ]
