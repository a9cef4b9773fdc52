"""A machine that lends ports, as the demo's: both real ends of a relay's connection, joined without a socket."""

from __future__ import annotations

from hallq.demo.lender import Lender
from hallq.kernel import SystemClock
from hallq.relay.registry import Relays

NAME = "far"


class FarMachine(Lender):
    """`ports` may grow before it is plugged in."""

    def __init__(self) -> None:
        super().__init__(NAME)
        self._relays = self.relays = Relays([NAME], SystemClock())

    def plug(self) -> None:
        """Connects; the older connection, if any, is dead."""
        self.unplug()
        super().plug()
