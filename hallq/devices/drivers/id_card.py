"""Readers of ID cards (SAM module): find, select, read, again and again; a card is lifted before the next one counts.

Photo and fingerprint end here. Name, number and birth go on once, as an input, and are not remembered.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from firmware_protocols import Decoder, id_card
from firmware_protocols.id_card import CardData, Command, Reply
from firmware_protocols.id_card_text import RawCard
from hallq.devices import inputs, links
from hallq.devices.driver import Desk, Driver
from hallq.devices.entry import Entry, Report
from hallq.devices.wire import Wire
from hallq.kernel import Clock

BAUD = 115200  # where the link names none
ANSWER_S = 1.0
READ_S = 4.0  # the module talks to the card, then sends 1295 bytes
BETWEEN_S = 0.4  # from one look for a card to the next
TRIES = 3  # to read a card that lies there
IN_NEED = (0x60, 0x66)  # the module's own troubles


class WithoutPictures:
    """The codec's decoder; nobody behind it sees a photo."""

    def __init__(self) -> None:
        self._host = id_card.Host()

    def feed(self, data: bytes) -> list[Any]:
        return [_bare(item) for item in self._host.feed(data)]

    def end(self) -> list[Any]:
        return [_bare(item) for item in self._host.end()]


class CardReader(Driver):
    name = "idcard-sam"
    places = frozenset({"kiosk"})
    listens: ClassVar[bool] = True

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0) -> None:
        super().__init__(entry, clock, tempo)
        self._number = ""  # the module's
        self._trouble = ""  # what the module said of itself last
        self._at_card = asyncio.Lock()  # no other question between find, select and read

    async def open(self) -> links.Line:
        return await self.open_line(with_baud(self.entry.link))

    def decoder(self) -> Decoder:
        return WithoutPictures()

    async def greet(self, wire: Wire, desk: Desk) -> None:
        answer = await self._ask(wire, id_card.SAM_NUMBER)
        self._number = id_card.sam_number(answer.data) if answer.sw3 == id_card.OK else ""

    async def poll(self, wire: Wire) -> Report:
        async with self._at_card:
            answer = await self._ask(wire, id_card.STATUS)
        self._trouble = _word(answer) if answer.sw3 != id_card.OK else ""
        return Report({"sam": self._number} if self._number else {}, self._trouble)

    async def listen(self, wire: Wire, desk: Desk) -> None:
        lifted = True
        while True:
            async with self._at_card:
                lies_there = (await self._ask(wire, id_card.FIND)).sw3 == id_card.FOUND
                read = await self._read(wire) if lies_there and lifted else None
            lifted = not lies_there
            if read is not None:
                desk.finish(_told(desk, read))
            await asyncio.sleep(BETWEEN_S * self.tempo)

    async def _read(self, wire: Wire) -> inputs.CardRead | inputs.CardUnread | None:
        """What lies on the reader; None where it was taken away meanwhile."""
        why = ""
        for _ in range(TRIES):
            answer = await self._ask(wire, id_card.SELECT)
            if answer.sw3 == id_card.OK:
                answer = await self._ask(wire, id_card.READ, READ_S)
            if isinstance(answer, CardData):
                return _card(answer)
            why = _word(answer)
            if answer.sw3 in IN_NEED:
                break
            if (await self._ask(wire, id_card.FIND)).sw3 != id_card.FOUND:
                break
        return inputs.CardUnread(why)

    async def _ask(self, wire: Wire, command: Command, seconds: float = ANSWER_S) -> Any:
        return await wire.ask(command, _answers, seconds=seconds * self.tempo)


def with_baud(link: str) -> str:
    if links.parse(link).scheme not in links.PORTS or "baud=" in link:
        return link
    return f"{link}{'&' if '?' in link else '?'}baud={BAUD}"


def _bare(item: Any) -> Any:
    return item.without_pictures() if isinstance(item, CardData) else item


def _answers(message: Any) -> bool:
    return isinstance(message, Reply | CardData)


def _card(found: CardData) -> inputs.CardRead | inputs.CardUnread:
    card = found.card
    if isinstance(card, RawCard) or not card.is_right:
        return inputs.CardUnread("unknown layout" if isinstance(card, RawCard) else "check digit")
    return inputs.CardRead(card.number, card.called, card.birth, card.KIND)


async def _told(desk: Desk, read: inputs.CardRead | inputs.CardUnread) -> None:
    await desk.input(read)


def _word(answer: Any) -> str:
    return getattr(answer, "meaning", None) or f"status {answer.sw3:02X}"
