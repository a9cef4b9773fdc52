"""What a call keypad shows its clerk, the number at the window and how many wait; and whether an evaluator asks."""

from __future__ import annotations

from hallq.assessment.ratings.picture import InvitationView
from hallq.displays.layout import plain, wrap
from hallq.displays.screens import EvaluatorScreen, KeypadScreen, Slip, SlipLine
from hallq.ticketing.picture import Picture


def keypad(picture: Picture, no: str) -> KeypadScreen:
    window = picture.windows.get(no)
    if window is None:
        return KeypadScreen(0, "closed")
    waiting = sum(picture.queues[code].waiting for code in window.services if code in picture.queues)
    number = window.ticket.number if window.ticket else ""
    return KeypadScreen(window.version, window.state, number, waiting, window.pause is not None)


def evaluator(invitation: InvitationView | None) -> EvaluatorScreen:
    """It has no thanks and no question why: it asks once for each invitation."""
    return EvaluatorScreen(invitation.token if invitation is not None and invitation.screen == "rate" else "")


def refusal(words: str, *, width: int) -> Slip:
    """What a push-button dispenser, which has no screen, gives instead of a number. `width` in columns."""
    return Slip("", tuple(SlipLine(line, size=2, align="centre", bold=True) for line in wrap(plain(words), width // 2)))
