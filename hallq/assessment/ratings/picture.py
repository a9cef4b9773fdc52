"""The part of the picture that citizens' pads show: open invitations to rate."""

from __future__ import annotations

from dataclasses import dataclass

from hallq.kernel import Ms


@dataclass(frozen=True, slots=True)
class InvitationView:
    """What the citizen's side of a window's pad shows instead of the window's state, until `until`."""

    window: str
    token: str
    screen: str  # rate reasons thanks
    level: int | None  # once rated
    until: Ms
    service: str
