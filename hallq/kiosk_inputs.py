"""What people do at a kiosk's own devices: cards on its reader. Other places' inputs are hallq/keys.py's."""

from __future__ import annotations

from hallq.cards import Cards
from hallq.devices import inputs
from hallq.devices.inputs import Answer
from hallq.hall import Hall


class KioskInputs:
    def __init__(self, hall: Hall, cards: Cards) -> None:
        self._hall = hall
        self._cards = cards

    async def take(self, device: str, kiosk: str, what: inputs.Input) -> Answer:
        """What the device is told; nothing is raised but bugs."""
        match what:
            case inputs.CardRead():
                await self._cards.read(kiosk, device, what)
            case inputs.CardUnread():
                self._cards.unread(kiosk)
            case _:
                return Answer("invalid")
        return Answer()
