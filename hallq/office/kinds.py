"""A01: calling (strips and loudspeakers), taking numbers (kiosks), rating (pads), showing guides (query machines): of
each kind how many are online.

A kiosk is online when its printer and its keys are and, where its page was paired, that page is open; so is a pad.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from hallq.kernel import Tx
from hallq.office import alarms
from hallq.office.going import Going
from hallq.ticketing.opening import hours

CALLER, KIOSK, PAD, QUERY = "caller", "kiosk", "pad", "query"
KINDS = (CALLER, KIOSK, PAD, QUERY)
BY_KIND = {"strip": CALLER, "voice": CALLER, "printer": KIOSK, "pad": PAD, "evaluator": PAD}
BY_ROLE = {"kiosk": KIOSK, "pad-citizen": PAD}


class Part(NamedTuple):
    """A device on a wire, or a page that was paired. One that shows or speaks calls stands for itself."""

    kind: str
    place: str
    up: bool


def of(kind: str, place: str) -> str | None:
    """What a device counts as, at a window, a kiosk or in a zone. A kiosk's keypad gives numbers, a window's helps a
    clerk; a kiosk gives numbers without its card reader too."""
    return KIOSK if (kind, place) == ("keypad", "kiosk") else BY_KIND.get(kind)


def told_apart(parts: Iterable[Part], machines: frozenset[str]) -> list[Part]:
    """A query machine has what a kiosk has: it counts as its own kind."""
    return [part._replace(kind=QUERY) if part.kind == KIOSK and part.place in machines else part for part in parts]


def counts(parts: Iterable[Part]) -> dict[str, dict[str, int]]:
    """Of each kind the places where everything is up, and all places."""
    places: dict[tuple[str, str], bool] = {}
    for part in parts:
        key = (part.kind, part.place)
        places[key] = places.get(key, True) and part.up
    return {
        kind: {"online": sum(up for (its, _), up in places.items() if its == kind),
               "total": sum(its == kind for its, _ in places)}
        for kind in KINDS
    }  # fmt: skip


def gone(known: dict[str, dict[str, int]]) -> frozenset[str]:
    """The kinds that the hall has, with nothing online."""
    return frozenset(kind for kind, count in known.items() if count["total"] and not count["online"])


def report(tx: Tx, *, kinds: frozenset[str]) -> None:
    """An alarm for each kind without anything online; at night nobody minds."""
    missing = sorted(kinds) if hours.hall(tx).is_open(tx.now) else []
    alarms.settle(tx, ("kind",), [Going("kind", kind, f"al.kind_{kind}", {}) for kind in missing])
