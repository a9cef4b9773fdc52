"""Window LED strips with a font card (ONBON BX-K). Needs nothing but ACK and NACK from the card.

The card forgets what the hub does not renew: after `lease_s` it shows its window's name alone. A card that lost its
power between two pings would stay blank. So the screen is sent again long before.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from firmware_protocols import onbon_bxk
from firmware_protocols.onbon_bxk import Ack, Header, Nack, Ping
from hallq.devices.driver import StripOptions
from hallq.devices.drivers.strip_driver import StripDriver
from hallq.devices.entry import Entry, Report
from hallq.devices.links import LinkLost
from hallq.devices.wire import Wire
from hallq.displays.screens import StripForm, StripScreen
from hallq.kernel import Clock

ANSWER_S = 1.0
TRIES = 2
COLUMN = 8  # dots of an ASCII character; a hanzi takes two columns
REFRESH_S = 20.0
SHORTEST_LEASE_S = 45  # twice the refresh, and a line that is slow once


def _lease(seconds: int) -> int:
    if seconds and seconds < SHORTEST_LEASE_S:
        raise ValueError(f"{seconds} s are over before the hub renews it: at least {SHORTEST_LEASE_S}, or 0 for none")
    return seconds


class BxkOptions(StripOptions):
    width: Annotated[int, Field(ge=16, le=4096)] = 96  # dots
    height: Annotated[int, Field(ge=8, le=512)] = 16
    address: Annotated[int, Field(ge=1, le=0xFFFD)] = 1
    charset: Literal["gb2312", "gbk"] = "gb2312"  # of the card's fonts
    overflow: Literal["page", "scroll"] = "page"
    lease_s: Annotated[int, Field(ge=0, le=0xFFFF), AfterValidator(_lease)] = 60  # 0: shows the last text for ever

    @property
    def form(self) -> StripForm:
        return StripForm(self.width // COLUMN, self.charset, self.overflow == "scroll")


class LedStrip(StripDriver):
    name = "onbon-bxk"
    Options = BxkOptions
    quiet_s = 0.02  # several cards may share one half-duplex line
    refresh_s = REFRESH_S

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0) -> None:
        super().__init__(entry, clock, tempo)
        assert isinstance(entry.options, BxkOptions)
        self.options = entry.options

    def mine(self, message: Any) -> bool:
        return bool(message.header.source == self.options.address)

    async def show(self, wire: Wire, screen: StripScreen) -> bool:
        self.note_replaced(screen)
        look = self.options
        lease = 0 if screen.lasts else look.lease_s
        await self._ask(
            wire,
            onbon_bxk.text(
                "\n".join(screen.pages), width=look.width, height=look.height, address=look.address,
                colour=screen.colour, scroll=screen.scrolls, lease=lease, after=screen.neutral,
            ),
        )  # fmt: skip
        return True

    async def poll(self, wire: Wire) -> Report:
        await self._ask(wire, self._ping())
        return Report(self.detail())

    def _ping(self) -> Ping:
        return Ping(header=Header(destination=self.options.address))

    async def _ask(self, wire: Wire, message: onbon_bxk.Message) -> None:
        """A card that refuses twice is as good as gone: opening the link anew may help it."""
        for _ in range(TRIES):
            answer = await wire.ask(message, self._is_answer, seconds=ANSWER_S * self.tempo, tries=TRIES)
            if isinstance(answer, Ack):
                return
        raise LinkLost(f"refuses: {answer.error}")

    def _is_answer(self, message: Any) -> bool:
        return isinstance(message, Ack | Nack) and self.mine(message)
