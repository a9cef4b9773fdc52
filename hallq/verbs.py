"""The verbs of a window and who may use them: one table for the pages and for the keys of pads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hallq.hall import Hall
from hallq.kernel import Refused
from hallq.people.identity import Identity
from hallq.texts import EN, ZH, text
from hallq.ticketing import commands

VERBS: dict[str, Callable[..., Any]] = {
    "call-next": commands.call_next,
    "call": commands.call,
    "recall": commands.recall,
    "walk-in": commands.walk_in,
    "start": commands.start,
    "finish": commands.finish,
    "no-show": commands.no_show,
    "park": commands.park,
    "transfer": commands.transfer,
    "pause": commands.pause,
    "resume": commands.resume,
    "away": commands.away,
    "back": commands.back,
    "undo": commands.undo,
    "verified": commands.verified,
    "unproved": commands.unproved,
    "continue": commands.continue_visit,
    "return": commands.return_visit,
    "sign-out": commands.sign_out,
}
LANGUAGES = (("text", ZH), ("text_en", EN))
Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


async def perform(
    hall: Hall, who: Identity, no: str, verb: str, wish: dict[str, Any], *, wrap: Wrap | None = None
) -> Any:
    """One verb for one caller: what its command returns. `wrap` may make the command happen once per key press."""
    check_clerk(hall, who, no)
    if verb == "no-show":
        wish = wish | {"unproved": not hall.proves(no)}
    if verb in ("call", "transfer"):
        wish = wish | {"allowed": who.may("choose") or who.may_choose}
    if "window" in wish:  # where a transfer goes
        wish = {"to_window": wish["window"]} | {name: value for name, value in wish.items() if name != "window"}
    command = VERBS[verb] if wrap is None else wrap(VERBS[verb])
    return await hall.do(command, who.actor, window=no, **wish)


def check_clerk(hall: Hall, who: Identity, no: str) -> None:
    """The verbs belong to who is signed in there; to a chief in the department; to the window's own pad."""
    window = hall.picture.windows.get(no)
    if window is None:
        raise Refused("not_found", what="window", id=no)
    if who.role == "pad-clerk" and who.place != no:
        raise Refused("forbidden", window=no)
    if window.clerk is None:
        raise Refused("not_signed_in", window=no)
    if who.role == "chief" and window.department == who.department:
        return
    if who.kind == "person" and window.clerk.id != who.id:
        raise Refused("forbidden", window=no)


def help_words(*, window: str | None = None, kiosk: str | None = None) -> dict[str, str]:
    """A call for help, as guides and the office read it."""
    if window is not None:
        return {"window": window} | {name: text("n.helpWindow", lang, win=window) for name, lang in LANGUAGES}
    return {"kiosk": kiosk or ""} | {name: text("n.helpKiosk", lang, kiosk=kiosk) for name, lang in LANGUAGES}
