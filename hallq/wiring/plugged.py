"""Ports with something on them that no device of hall.toml names: where a device went that hangs elsewhere now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hallq.devices import discover

Json = dict[str, Any]


def unused(links: Iterable[str], relays: Iterable[Json]) -> list[Json]:
    """`links`: of hall.toml; `relays`: as the live picture has them. Looks at files alone, asks no device."""
    used = {discover.port_of(link) for link in links}
    here = [{"link": each.link, "at": each.at, "about": each.about} for each in discover.plugged()]
    lent = [
        {"link": f"relay:{relay['name']}/{port['name']}", "at": relay["name"], "about": port["kind"]}
        for relay in relays for port in relay["ports"]
    ]  # fmt: skip
    return [each for each in [*here, *lent] if discover.port_of(each["link"]) not in used]
