"""What people do at a kiosk's own devices: cards on its reader, keys of a push-button dispenser. A dispenser has no
screen: who gets no number gets the reason on paper. Other places' inputs are hallq/wiring/keys.py's.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from hallq.devices import inputs
from hallq.devices.inputs import Answer
from hallq.hall import Hall
from hallq.kernel import Refused, Tx, must_exist
from hallq.requests import once
from hallq.store import StorageError
from hallq.texts import ZH, refusal
from hallq.ticketing import commands
from hallq.ticketing.model import Ticket
from hallq.ticketing.tickets import caps
from hallq.wiring.cards import Cards

log = structlog.get_logger("hallq.kiosk")


class KioskInputs:
    """`notices` gives what prints words at a kiosk; None while it has no printer that works."""

    def __init__(self, hall: Hall, cards: Cards, notices: Callable[[str], Callable[[str], None] | None]) -> None:
        self._hall = hall
        self._cards = cards
        self._notices = notices

    async def take(self, device: str, kiosk: str, what: inputs.Input) -> Answer:
        """What the device is told; nothing is raised but bugs."""
        match what:
            case inputs.CardRead():
                await self._cards.read(kiosk, device, what)
            case inputs.CardUnread():
                self._cards.unread(kiosk)
            case inputs.TakeTicket():
                return await self._ticket(device, kiosk, what)
            case _:
                return Answer("invalid")
        return Answer()

    async def _ticket(self, device: str, kiosk: str, press: inputs.TakeTicket) -> Answer:
        """As POST /tickets of that kiosk. Without paper no number is given: nobody could read it."""
        notice = self._notices(kiosk)
        if notice is None:
            log.warning("key pressed, but there is no printer that works", device=device, kiosk=kiosk)
            return Answer("unavailable")
        try:
            await self._issue(f"device:{device}", kiosk, press)
            return Answer()
        except StorageError:
            answer = Answer("unavailable", refusal("storage", ZH, {}))
        except Refused as refused:
            answer = Answer(refused.code, refusal(refused.code, ZH, refused.detail))
        notice(answer.text)
        if why := caps.TURNED_AWAY.get(answer.code):
            await self._hall.do(caps.turn_away, f"device:{device}", service=press.service, why=why, kiosk=kiosk)
        return answer

    async def _issue(self, actor: str, kiosk: str, press: inputs.TakeTicket) -> None:
        wish = {"service": press.service, "kiosk": kiosk, "self_service": True}
        command = once(
            commands.issue, caller=actor, route="/tickets", request_id=press.key_id, body=wish, again=_again
        )
        await self._hall.do(command, actor, **wish, printer=True)


def _again(tx: Tx, ticket: str) -> Ticket:
    return must_exist(tx.get(Ticket, int(ticket)), "ticket", ticket)
