"""Devices that went down together are one alarm: they share a network of 256 addresses, a bus or a machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from hallq.kernel import MINUTE, Ms, Tx
from hallq.office import alarms
from hallq.office.going import Going

TOGETHER = 5  # of a network, which may have many devices with nothing in common but their switch
NAMED = 8  # devices that an alarm names; the office's page has them all
WITHIN: Ms = MINUTE
NOBODY: Mapping[str, int] = {}


class Down(NamedTuple):
    id: str
    link: str
    since: Ms
    window: str | None = None
    zone: str | None = None


def segment(link: str) -> str:
    """`tcp://10.0.3.17:5005` -> `10.0.3.0/24`, `serial:/dev/ttyUSB0?baud=9600` -> `/dev/ttyUSB0`, `relay:k1/usb0` ->
    `k1`. Empty: it shares its link with nobody."""
    return segments(link)[0]


def segments(link: str) -> tuple[str, str]:
    """The network, and in it the bus or machine (a serial server, a relay); where there is no network, that twice."""
    kind, _, rest = link.partition(":")
    if kind in ("tcp", "rfc2217"):
        host = urlsplit(link).hostname or ""
        try:
            return str(ipaddress.ip_network(f"{host}/24", strict=False)), host
        except ValueError:
            return host, host
    near = rest.partition("?")[0] if kind == "serial" else rest.partition("/")[0] if kind == "relay" else ""
    return near, near


def sizes(links: Iterable[str]) -> dict[str, int]:
    """How many devices hang on each bus or machine."""
    counted: dict[str, int] = {}
    for link in links:
        counted[segments(link)[1]] = counted.get(segments(link)[1], 0) + 1
    return counted


def together(
    downs: Iterable[Down], known: frozenset[str] = frozenset(), on: Mapping[str, int] = NOBODY
) -> tuple[dict[str, list[Down]], list[Down]]:
    """(segments with their devices, the others). A network: five within a minute, of more than one machine. A bus or a
    machine: five as well, or all that hang `on` it. More of a segment that is `known` to be down belongs to it."""

    def is_network(name: str, its: list[Down]) -> bool:
        return _at_once(its, TOGETHER) and len({segments(down.link)[1] for down in its}) > 1

    def is_machine(name: str, its: list[Down]) -> bool:
        return _at_once(its, TOGETHER) or (len(its) == on.get(name) and _at_once(its, 2))

    ordered = sorted(downs, key=lambda each: each.since)
    networks, others = _grouped(ordered, 0, known, is_network)
    machines, alone = _grouped(others, 1, known, is_machine)
    return networks | machines, alone


def report(tx: Tx, *, downs: list[Down], unsure: frozenset[str], on: Mapping[str, int] = NOBODY) -> None:
    """Alarms for what is down. `unsure`: devices just lost or just starting, and their segments: nothing is said of
    them either way."""
    spells = [spell for spell in tx.find(alarms.OPEN_SPELLS) if spell.kind in alarms.WIRED]
    known = frozenset(spell.subject for spell in spells if spell.kind == "segment")
    groups, alone = together(downs, known, on)
    goings = [_segment(name, members) for name, members in groups.items()] + [_device(down) for down in alone]
    keep = frozenset((spell.kind, spell.subject) for spell in spells if spell.subject in unsure)
    alarms.settle(tx, alarms.WIRED, goings, keep)


def _grouped(
    downs: list[Down], level: int, known: frozenset[str], is_one: Callable[[str, list[Down]], bool]
) -> tuple[dict[str, list[Down]], list[Down]]:
    """By network (0) or by bus and machine (1)."""
    shared: dict[str, list[Down]] = {}
    for down in downs:
        shared.setdefault(segments(down.link)[level], []).append(down)
    groups = {name: its for name, its in shared.items() if name and (name in known or is_one(name, its))}
    return groups, [down for name, its in shared.items() if name not in groups for down in its]


def _segment(name: str, members: list[Down]) -> Going:
    listed = "、".join(down.id for down in members[:NAMED]) + ("……" if len(members) > NAMED else "")
    facts = {"n": len(members), "segment": name, "list": listed, "list_en": listed.replace("、", ", ")}
    return Going("segment", name, "al.segment", facts, members[0].since)


def _device(down: Down) -> Going:
    return Going(
        "device", down.id, "al.device", {"id": down.id}, down.since, window=down.window, zone=down.zone
    )  # fmt: skip


def _at_once(members: list[Down], count: int) -> bool:
    pairs = zip(members, members[count - 1 :], strict=False)
    return any(last.since - first.since <= WITHIN for first, last in pairs)
