"""Keys of pads become the commands of the pages' verbs; ratings of pads are stored once, whatever is sent again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from hallq.assessment.ratings import commands as assessment
from hallq.assessment.ratings import reasons
from hallq.assessment.ratings.elsewhere import press_button, rating_refused
from hallq.choices import choices
from hallq.devices import inputs
from hallq.devices.inputs import Answer
from hallq.doors import pin_sign_in
from hallq.hall import Hall
from hallq.kernel import Refused, Tx
from hallq.limits import Limit
from hallq.people.identity import Identity
from hallq.store import Request, StorageError
from hallq.texts import ZH, refusal
from hallq.ticketing.commands import help_call
from hallq.verbs import VERBS, help_words, perform
from hallq.wiring.keypad_verbs import meant

MAX_AGE = 10_000  # ms; an older press is refused as stale


class Keys:
    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._attempts = Limit(hall.clock, most=20, seconds=60)  # refused ratings that the journal takes, per device

    async def take(self, device: str, window: str, what: inputs.Input) -> Answer:
        """What the device is told. Refusals are answers; nothing is raised but bugs."""
        try:
            match what:
                case inputs.Key():
                    return await self._key(device, window, what)
                case inputs.SignIn():
                    await pin_sign_in(self._hall, self._hall.pin_limit, window, what.staff_no, what.pin)
                    return Answer()
                case inputs.Rated():
                    return await self._rated(device, window, what)
                case inputs.Touched():
                    await self._hall.do(assessment.touch, f"device:{device}", token=what.token, window=window)
                    return Answer()
                case inputs.Skipped():
                    await self._hall.do(assessment.skip, f"device:{device}", token=what.token, window=window)
                    return Answer()
                case inputs.AskChoices():
                    return await choices(self._hall, window, what.list)
                case inputs.Button():
                    return await self._button(device, window, what)
                case _:
                    raise Refused("invalid", field="input")
        except Refused as refused:
            return told(refused)
        except StorageError:
            return Answer("unavailable", refusal("storage", ZH, {}))

    async def _key(self, device: str, window: str, key: inputs.Key) -> Answer:
        who = Identity("device", "pad-clerk", name=device, place=window)
        if key.age_ms > MAX_AGE:
            raise Refused("stale")
        key = await meant(self._hall, window, key)
        if key.verb == "help":
            await self._hall.do(help_call, f"device:{device}", **help_words(window=window))
            return Answer()
        verb = {"finish-and-next": "finish"}.get(key.verb, key.verb)
        if verb not in VERBS:
            raise Refused("invalid", field="verb")
        wish = arguments(key) | {"seen": key.seen}
        await perform(self._hall, who, window, verb, wish, wrap=partial(pressed_once, device=device, key_id=key.key_id))
        return Answer()

    async def _rated(self, device: str, window: str, rated: inputs.Rated) -> Answer:
        try:
            result = await self._hall.do(
                rate,
                f"device:{device}",
                token=rated.token,
                window=window,
                level=rated.level,
                reasons=rated.reasons,
                comment=rated.comment,
                age_s=rated.age_ms // 1000,
            )
        except Refused as refused:
            await self._tried(device, window, refused.code)
            return Answer("unknown_token" if refused.code == "not_found" else refused.code)
        return Answer(result)

    async def _button(self, device: str, window: str, button: inputs.Button) -> Answer:
        try:
            await self._hall.do(press_button, f"device:{device}", window=window, level=button.level)
        except Refused as refused:
            await self._tried(device, window, refused.code)
            return Answer(refused.code)
        return Answer()

    async def _tried(self, device: str, window: str, code: str) -> None:
        if not self._attempts.spent(device):
            self._attempts.count(device)
            await self._hall.do(rating_refused, f"device:{device}", code=code, window=window)


def told(refused: Refused) -> Answer:
    """A refusal in the pads' own words. Seconds only where waiting alone would help."""
    seconds = 0 if refused.detail.get("calls") else min(int(refused.detail.get("seconds", 0)), 0xFFFF)
    code = {"too_many": "too_often"}.get(refused.code, refused.code)
    return Answer(code, refusal(refused.code, ZH, refused.detail), seconds)


def arguments(key: inputs.Key) -> dict[str, Any]:
    """What the verb's command wants of the key's argument."""
    match key.verb:
        case "call":
            if not (key.argument.isdecimal() and len(key.argument) < 19):  # a row's number has 64 bits
                raise Refused("invalid", field="ticket")
            return {"ticket": int(key.argument)}
        case "finish" | "finish-and-next":
            return {"next": key.verb == "finish-and-next", "outcome": key.argument or None}
        case "park":
            return {"kind": key.argument or "papers"}
        case "transfer":
            return {"service": key.argument or None, "to_window": key.window or None, "position": key.position}
        case "pause" | "away":
            return {"reason": key.argument, "minutes": key.minutes or None}
        case _:
            return {}


def pressed_once(command: Callable[..., Any], device: str, key_id: str) -> Callable[..., Any]:
    """A key that is sent again, because its answer was lost, does nothing again."""

    def press(tx: Tx, **kwargs: Any) -> None:
        if tx.get(Request, f"device:{device}", "key", key_id) is not None:
            return
        command(tx, **kwargs)
        tx.insert(Request, caller=f"device:{device}", route="key", request_id=key_id, body="", result="", day=tx.day)

    press.__name__ = command.__name__
    return press


def rate(tx: Tx, /, **press: Any) -> str:
    """What the pad is told of a rating: stored, replaced, joined or already."""
    off = {row["code"] for row in reasons.known(tx) if not row["active"]}  # since the pad has read its list
    press["reasons"] = [code for code in press["reasons"] if code not in off]
    before = tx.first(assessment.RATING_OF, token=press["token"])
    now = assessment.rate(tx, **press).rating
    if before is None:
        return "stored"
    if before.level != now.level:
        return "replaced"
    return "already" if (before.reasons, before.comment) == (now.reasons, now.comment) else "joined"
