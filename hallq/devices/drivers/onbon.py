"""Window LED strips with a font card (ONBON BX-K). Needs nothing but ACK and NACK from the card.

A card that lost its power between two pings would stay blank, so the screen is sent again once a minute.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from firmware_protocols import onbon_bxk
from firmware_protocols.onbon_bxk import Ack, Header, Nack, Ping
from hallq.devices import driver
from hallq.devices.driver import Driver
from hallq.devices.entry import Entry, Report
from hallq.devices.links import LinkLost
from hallq.devices.wire import Wire
from hallq.displays.screens import StripScreen
from hallq.kernel import Clock

ANSWER_S = 1.0
TRIES = 2


class StripOptions(driver.Options):
    width: Annotated[int, Field(ge=16, le=4096)] = 96  # dots
    height: Annotated[int, Field(ge=8, le=512)] = 16
    address: Annotated[int, Field(ge=1, le=0xFFFD)] = 1


class LedStrip(Driver):
    name = "onbon-bxk"
    Options = StripOptions
    places = frozenset({"window"})
    shows = StripScreen
    quiet_s: ClassVar[float] = 0.02  # several cards may share one half-duplex line
    refresh_s = 60.0

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0) -> None:
        super().__init__(entry, clock, tempo)
        assert isinstance(entry.options, StripOptions)
        self.options = entry.options

    def mine(self, message: Any) -> bool:
        return bool(message.header.source == self.options.address)

    async def show(self, wire: Wire, screen: StripScreen) -> bool:
        look = self.options
        words = "\n".join(screen.pages)
        message = onbon_bxk.text(
            words, width=look.width, height=look.height, address=look.address, colour=screen.colour
        )
        await self._ask(wire, message)
        return True

    async def poll(self, wire: Wire) -> Report:
        await self._ask(wire, self._ping())
        return Report()

    def _ping(self) -> Ping:
        return Ping(header=Header(destination=self.options.address))

    async def _ask(self, wire: Wire, message: onbon_bxk.Message) -> None:
        """A card that refuses twice is as good as gone: opening the link anew may help it."""
        for _ in range(TRIES):
            answer = await wire.ask(message, self._is_mine, seconds=ANSWER_S * self.tempo, tries=TRIES)
            if isinstance(answer, Ack):
                return
        raise LinkLost(f"refuses: {answer.error}")

    def _is_mine(self, message: Any) -> bool:
        return isinstance(message, Ack | Nack) and message.header.source == self.options.address
