"""Printers that need a hand: the roll is nearly at its end, or out; a lid open, a cutter stuck. One alarm each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hallq.kernel import Tx
from hallq.office import alarms
from hallq.office.going import Going
from hallq.texts import EN, ZH, text


class Need(NamedTuple):
    device: str
    what: str  # low out cover cutter
    kind: str  # of its place: kiosk or window
    place: str


def need(detail: Mapping[str, str]) -> str:
    """The gravest thing that a printer says of itself; empty: nothing."""
    if detail.get("paper") == "out":
        return "out"
    if detail.get("cover") == "open":
        return "cover"
    if detail.get("cutter") == "error":
        return "cutter"
    return "low" if detail.get("paper") == "low" else ""


def report(tx: Tx, *, needs: Iterable[Need], unsure: frozenset[str]) -> None:
    """`unsure`: printers that nobody reaches now: what was told of them stands."""
    alarms.settle(tx, ("paper",), map(_going, needs), frozenset(("paper", device) for device in unsure))


def _going(each: Need) -> Going:
    place = {name: text(f"sp.{each.kind}", lang, id=each.place) for name, lang in (("place", ZH), ("place_en", EN))}
    window = each.place if each.kind == "window" else None
    return Going("paper", each.device, f"al.paper_{each.what}", place, mark=each.what, window=window)
