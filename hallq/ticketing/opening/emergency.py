"""An emergency: everything shows it, no number is given and nobody is called, until it ends and all is as it was.

Only time passes meanwhile, and that counts nowhere. What is open may still be finished or set aside.
"""

from __future__ import annotations

from hallq.kernel import SECOND, Ms, Reads, Refused, Tx
from hallq.ticketing import lookups
from hallq.ticketing.model import HallMode, Said
from hallq.ticketing.opening import outages
from hallq.ticketing.told import hush, tell

EVACUATE, HOLD = "evacuate", "hold"
WORDS = {EVACUATE: "v.fire", HOLD: "em.hold"}  # shown and spoken
OVER = "em.over"
KEY = "emergency"
SPOKEN: Ms = 25 * SECOND  # older words are not said


def on(db: Reads) -> bool:
    mode = db.get(HallMode, 1)
    return mode is not None and mode.emergency_since is not None


def must_be_off(db: Reads) -> None:
    """Numbers and calls stand still. Raises Refused("emergency")."""
    if on(db):
        raise Refused("emergency")


def begin(tx: Tx, *, kind: str = EVACUATE, speak: bool | None = None) -> HallMode:
    """`speak`: whether our voice speaks; None: as the hall's rule says. A second press changes nothing."""
    mode = tx.get(HallMode, 1) or tx.insert(HallMode)
    if mode.emergency_since is not None:
        return mode
    voice = tx.rules.emergency_voice if speak is None else speak
    tell(tx, KEY, WORDS[kind], {"kind": kind}, kind="emergency", audience="public", level="alarm")
    tx.log(kind=kind, voice=voice)
    begun = tx.update(mode, emergency_since=tx.now, emergency_by=tx.actor, emergency_kind=kind, emergency_voice=voice)
    speak_due(tx)
    return begun


def end(tx: Tx) -> HallMode:
    """The hall goes on where it stood; what passed since the beginning counts nowhere."""
    mode = tx.get(HallMode, 1)
    if mode is None or mode.emergency_since is None:
        raise Refused("wrong_state", state="open")
    since = mode.emergency_since
    for begun, ended in list(outages.pieces(since, tx.now, tx.values(outages.KNOWN, since=since))):
        outages.stand_still(tx, since=begun, until=ended)
    hush(tx, KEY)
    tx.log(since=since)
    if mode.emergency_voice:
        _speak(tx, OVER)
    return tx.update(mode, emergency_since=None, emergency_by=None, emergency_kind=None, emergency_voice=None)


def speak_due(tx: Tx) -> None:
    """A duty: the words again, every half minute."""
    mode = tx.get(HallMode, 1)
    if mode is None or mode.emergency_since is None or not mode.emergency_voice:
        return
    said = tx.get(Said, KEY)
    if said is not None and mode.emergency_since <= said.at and tx.now < said.at + tx.rules.emergency_voice_s * SECOND:
        return
    if said is None:
        tx.insert(Said, what=KEY, at=tx.now)
    else:
        tx.update(said, at=tx.now)
    _speak(tx, WORDS[mode.emergency_kind or EVACUATE])


def _speak(tx: Tx, key: str) -> None:
    for zone in tx.find(lookups.ZONES):
        tx.effect("speak", zone.code, {"key": key}, lasts=SPOKEN, ref=KEY)
