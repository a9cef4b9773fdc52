"""Devices that went down together are one alarm: what they share is a network of 256 addresses, a bus or a machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from hallq.kernel import MINUTE, Ms, Tx
from hallq.office import alarms
from hallq.office.going import Going

TOGETHER = 5
WITHIN: Ms = MINUTE


class Down(NamedTuple):
    id: str
    link: str
    since: Ms
    window: str | None = None
    zone: str | None = None


def segment(link: str) -> str:
    """`tcp://10.0.3.17:5005` -> `10.0.3.0/24`, `serial:/dev/ttyUSB0?baud=9600` -> `/dev/ttyUSB0`, `relay:k1/usb0` ->
    `k1`. Empty: it shares its link with nobody."""
    kind, _, rest = link.partition(":")
    if kind in ("tcp", "rfc2217"):
        host = urlsplit(link).hostname or ""
        try:
            return str(ipaddress.ip_network(f"{host}/24", strict=False))
        except ValueError:
            return host
    if kind == "serial":
        return rest.partition("?")[0]
    return rest.partition("/")[0] if kind == "relay" else ""


def together(downs: Iterable[Down], known: frozenset[str] = frozenset()) -> tuple[dict[str, list[Down]], list[Down]]:
    """(segments with their devices, the others): five of one segment within a minute, or more of a segment that is
    `known` to be down."""
    groups: dict[str, list[Down]] = {}
    alone: list[Down] = []
    shared: dict[str, list[Down]] = {}
    for down in sorted(downs, key=lambda each: each.since):
        shared.setdefault(segment(down.link), []).append(down)
    for name, members in shared.items():
        if name and (name in known or _at_once(members)):
            groups[name] = members
        else:
            alone += members
    return groups, alone


def report(tx: Tx, *, downs: list[Down], unsure: frozenset[str]) -> None:
    """Alarms for what is down. `unsure`: devices just lost or just starting, and their segments: nothing is said of
    them either way."""
    spells = [spell for spell in tx.find(alarms.OPEN_SPELLS) if spell.kind in alarms.WIRED]
    known = frozenset(spell.subject for spell in spells if spell.kind == "segment")
    groups, alone = together(downs, known)
    goings = [_segment(name, members) for name, members in groups.items()] + [_device(down) for down in alone]
    keep = frozenset((spell.kind, spell.subject) for spell in spells if spell.subject in unsure)
    alarms.settle(tx, alarms.WIRED, goings, keep)


def _segment(name: str, members: list[Down]) -> Going:
    return Going("segment", name, "al.segment", {"n": len(members), "segment": name}, members[0].since)


def _device(down: Down) -> Going:
    return Going(
        "device", down.id, "al.device", {"id": down.id}, down.since, window=down.window, zone=down.zone
    )  # fmt: skip


def _at_once(members: list[Down]) -> bool:
    pairs = zip(members, members[TOGETHER - 1 :], strict=False)
    return any(last.since - first.since <= WITHIN for first, last in pairs)
