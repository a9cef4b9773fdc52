"""A reader with its SAM module: cards are put on it and lifted. Their people are invented.

Faults: wrong_card (another kind of card), read_failed, unauthorised (the module), garbage (noise before answers).
"""

from __future__ import annotations

from typing import Any

from firmware_protocols import id_card
from firmware_protocols.id_card import CardData, Command, Reply
from firmware_protocols.id_card_text import Card, Citizen, check_digit
from hallq.devices.simulators.base import Simulator

NUMBER = bytes.fromhex("050001007b3b340187d61200b168de3a")  # 05.01-20200315-0001234567-0987654321
PHOTO = b"WLf" + bytes(1021)  # no face
FAULTS = ("wrong_card", "read_failed", "unauthorised", "garbage")


def person(name: str, birth: str, n: int = 1) -> Citizen:
    """Somebody who cannot be: no place has the code 990000."""
    body = f"990000{birth}{n:03}"
    return Citizen(name=name, sex="1" if n % 2 else "2", nation="01", birth=birth, number=body + check_digit(body))


class SimCardReader(Simulator):
    protocol = "idcard-sam"

    def __init__(self, tempo: float = 1.0) -> None:
        super().__init__(tempo)
        self._card: Card | None = None
        self._found = self._selected = False
        self._read = False  # found again only after it was lifted
        self._faults: set[str] = set()
        self.looks = 0  # for a card
        self.reads = 0

    def put(self, card: Card) -> None:
        self.lift()
        self._card = card
        self.changed()

    def lift(self) -> None:
        self._card = None
        self._found = self._selected = self._read = False
        self.changed()

    def state(self) -> dict[str, Any]:
        return {"kind": "card-reader", "card": self._card is not None, "read": self._read, "reads": self.reads}

    def fault(self, name: str, on: bool) -> None:
        if name not in FAULTS:
            super().fault(name, on)
        (self._faults.add if on else self._faults.discard)(name)

    def heard(self, message: Command) -> None:
        if "garbage" in self._faults:
            self._say(b"\x00\xaa\xaa\xaa\x96")  # as some USB streams begin
        self.say(self._answer(message))

    def _answer(self, command: Command) -> Reply | CardData:
        if command in (id_card.STATUS, id_card.RESET):
            return Reply(0x66 if "unauthorised" in self._faults else id_card.OK)
        if command == id_card.SAM_NUMBER:
            return Reply(id_card.OK, NUMBER)
        if command == id_card.FIND:
            return self._find()
        if command == id_card.SELECT:
            return self._select()
        if command in (id_card.READ, id_card.READ_FINGERPRINT):
            return self._say_card(command)
        return Reply(id_card.OK) if command.command == 0x60 else Reply(0x21)

    def _find(self) -> Reply:
        self.looks += 1
        self._found = self._card is not None and not self._read
        self._selected = False
        return Reply(id_card.FOUND, bytes(4)) if self._found else Reply(id_card.NO_CARD)

    def _select(self) -> Reply:
        self._selected = self._found and "wrong_card" not in self._faults
        return Reply(id_card.OK, bytes(8)) if self._selected else Reply(0x40 if self._found else 0x81)

    def _say_card(self, command: Command) -> Reply | CardData:
        chosen, self._found, self._selected = self._selected, False, False
        if self._card is None or not chosen or "read_failed" in self._faults:
            return Reply(0x41)
        self._read = True
        self.reads += 1
        return CardData(self._card, PHOTO, bytes(1024) if command == id_card.READ_FINGERPRINT else None)
