"""The keys of a call keypad become what the hall does: digits are gathered, a function key or a code with confirm takes
them. Pure, and the same for RS-485 and USB keypads; docs/devices/keypads.md is the card for the desk.
"""

from __future__ import annotations

from collections.abc import Sequence

from hallq.devices.inputs import Answer, Key, SignIn

DIGITS = frozenset("0123456789")
CODES: dict[str, tuple[str, str]] = {  # digits before confirm: verb and argument
    "0": ("park", "papers"),
    "01": ("park", "kept"),
    "02": ("park", "step"),
    "1": ("start", ""),
    "2": ("verified", ""),
    "20": ("unproved", ""),
    "3": ("call-back", ""),
    "4": ("continue", ""),
    "5": ("return", ""),
    "6": ("no-show", ""),
    "70": ("sign-out", ""),
    "8": ("undo", ""),
    "9": ("help", ""),
}
SIGN_IN = "7"  # then the staff number and the PIN
SHORTEST_STAFF_NO = 3  # where nobody is signed in it needs no 7 before; a shorter one is a code
VERBS = frozenset({"finish", "call-next", "recall", "no-show", "park", "call-back", "start", "undo", "help"})
FUNCTIONS = VERBS | {"pause", "transfer", "confirm", "enter", "cancel"}  # enter: confirms digits, else calls the next
MOST_DIGITS = 16
TYPED_S = 30.0  # then digits that nobody confirmed are forgotten

GOOD, WRONG = Answer(), Answer("invalid")
Wish = Key | SignIn | Answer  # an answer: nothing for the hall to do


class CallKeys:
    """One per keypad."""

    def __init__(self) -> None:
        self._digits = ""
        self._asked = ""  # "staff" or "pin", within a sign-in
        self._staff_no = ""
        self._at = 0.0

    def press(self, keys: Sequence[str], key_id: str, *, now: float, closed: bool) -> Wish:
        """Keys of one frame, in order: digits, or a name of FUNCTIONS behind them. `closed`: nobody is signed in."""
        if now - self._at > TYPED_S:
            self._forget()
        self._at = now
        typed = "".join(key for key in keys if key in DIGITS)
        # some keypads may send a digit by itself and then again with its function key
        if len(keys) == 1 or not self._digits.endswith(typed):
            self._digits += typed
        if len(self._digits) > MOST_DIGITS:
            self._forget()
            return WRONG
        return GOOD if keys[-1] in DIGITS else self._function(keys[-1], key_id, closed)

    def _function(self, key: str, key_id: str, closed: bool) -> Wish:
        if key == "enter":
            key = "confirm" if self._digits or self._asked else "call-next"
        digits, self._digits = self._digits, ""
        if key == "confirm":
            return self._confirmed(digits, key_id, closed)
        self._forget()
        if key == "pause":
            return Key(key_id, None, "pause-or-resume", digits)
        if key == "transfer" and digits:
            return Key(key_id, None, "transfer", window=digits)
        if key == "finish":  # a digit before it is the kind of case (I02)
            return Key(key_id, None, key, digits)
        if key in VERBS:
            return Key(key_id, None, key)
        return GOOD if key == "cancel" else WRONG

    def _confirmed(self, digits: str, key_id: str, closed: bool) -> Wish:
        if self._asked == "pin":
            staff_no = self._staff_no
            self._forget()
            return SignIn(key_id, staff_no, digits)
        if self._asked == "staff" or (closed and len(digits) >= SHORTEST_STAFF_NO):
            self._asked, self._staff_no = "pin", digits
            return GOOD
        if digits == SIGN_IN:
            self._asked = "staff"
            return GOOD
        verb, argument = CODES.get(digits, ("", ""))
        return Key(key_id, None, verb, argument) if verb else WRONG

    def _forget(self) -> None:
        self._digits = self._asked = self._staff_no = ""
