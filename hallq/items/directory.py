"""All items that a hall offers, each in one line, with the ways to find it: by words, matter, department, life event.

Built as a whole from the rows, then kept until services, departments or guides change, or another day begins.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from hallq.assessment.standards import commands as standards
from hallq.items.guides import everything
from hallq.items.search import Entry, Index
from hallq.kernel import Reads
from hallq.ticketing.lookups import DEPARTMENTS, SERVICES
from hallq.ticketing.model import Department, Service

Json = dict[str, Any]
NEAR = 6
SHORT = ("summary", "summary_en", "handling", "promised_days", "fee", "fee_en", "online", "online_en", "events")


class Wish(NamedTuple):
    """What somebody looks for; an empty one is everything."""

    words: str = ""
    department: str = ""
    matter: str = ""
    event: str = ""


class Directory:
    def __init__(self, items: list[Json], aliases: dict[str, tuple[str, ...]], events: list[Json]) -> None:
        self.items = {item["service"]: item for item in items}
        self._events = events
        self._index = Index(_entry(item, aliases.get(item["service"], ())) for item in items)

    def find(self, wish: Wish) -> list[Json]:
        """The best match first; without words in the hall's own order."""
        found = (self.items[code] for code in self._index.search(wish.words))
        return [item for item in found if _fits(item, wish)]

    def near(self, wish: Wish) -> list[Json]:
        """A few that might be meant, where nothing is found."""
        found = (self.items[code] for code in self._index.near(wish.words))
        return [item for item in found if _fits(item, wish)][:NEAR]

    def groups(self) -> Json:
        """What one may choose from, each with the number of its items; nothing that is empty."""
        items = self.items.values()
        return {
            "departments": _counted((item["department"], item["department_name"], item["department_name_en"])
                                    for item in items),
            "matters": _counted((item["matter"],) * 2 + (item["matter_en"],) for item in items if item["matter"]),
            "events": self._event_groups(),
        }  # fmt: skip

    def _event_groups(self) -> list[Json]:
        named = [code for item in self.items.values() for code in item["events"]]
        return [
            {"code": event["code"], "name": event["zh"], "name_en": event["en"], "who": event["who"], "items": count}
            for event in self._events if (count := named.count(event["code"]))
        ]  # fmt: skip


def take(db: Reads) -> Directory:
    departments = {row.code: row for row in db.find(DEPARTMENTS)}
    guides = everything(db)
    items: list[Json] = []
    for service in db.find(SERVICES):
        found = guides.get(service.code)
        guide = found.guide.model_dump(mode="json", include={*SHORT}) if found else dict.fromkeys(SHORT, "")
        items.append(_item(service, departments.get(service.department)) | guide | {
            "events": guide["events"] or [], "promised_days": found.guide.promised_days if found else None,
            "guide": found is not None,
        })  # fmt: skip
    places = {code: place for place, code in enumerate(departments)}
    items.sort(key=lambda item: places.get(item["department"], len(places)))
    aliases = {code: found.guide.aliases for code, found in guides.items()}
    return Directory(items, aliases, standards.current(db, "life_events").content["event"])


def _item(service: Service, department: Department | None) -> Json:
    return {
        "service": service.code, "name": service.name, "name_en": service.name_en,
        "department": service.department,
        "department_name": department.name if department else service.department,
        "department_name_en": department.name_en if department else "",
        "matter": service.matter, "matter_en": service.matter_en, "common": bool(service.common),
    }  # fmt: skip


def _entry(item: Json, aliases: tuple[str, ...]) -> Entry:
    matter, department = item["matter"], item["department_name"]
    return Entry(item["service"], (item["name"], item["name_en"]), aliases, (matter, department))


def _fits(item: Json, wish: Wish) -> bool:
    return (
        wish.department in ("", item["department"])
        and wish.matter in ("", item["matter"])
        and (not wish.event or wish.event in item["events"])
    )


def _counted(named: Iterable[tuple[str, str, str]]) -> list[Json]:
    """In the order of first appearance."""
    counts: dict[str, Json] = {}
    for code, name, name_en in named:
        counts.setdefault(code, {"code": code, "name": name, "name_en": name_en, "items": 0})["items"] += 1
    return list(counts.values())
