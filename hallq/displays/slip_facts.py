"""What a slip may say: the facts of a ticket at the moment of printing, and their values in words, by name.

A value that is empty leaves out whatever block names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hallq.displays import numbers
from hallq.displays.layout import plain
from hallq.kernel import SECOND, Ms
from hallq.texts import EN, ZH, text
from hallq.texts.wording import day, listed

VALUES = frozenset({
    "hall", "number", "service", "category", "ahead", "earliest", "latest", "over", "place", "windows", "check_code",
    "time", "people", "cases", "group", "stops", "reprint", "complaints", "unresolved", "return_by", "phone_url",
    "device",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """What a slip says of a ticket at the moment of printing. English names may be empty: the Chinese ones stand in."""

    hall: str
    number: str
    service: str
    ahead: int
    earliest: Ms  # the call is expected between these
    latest: Ms
    floor: int
    zone: str  # its name
    windows: tuple[str, ...]
    check_code: str
    issued_at: Ms
    category: str = ""  # the word of a green category; empty: ordinary
    people: int = 1
    cases: int = 1
    over: str = ""  # break around closing: what comes before the call
    phone_url: str = ""  # the citizen's page, only where `public_url` is set
    stops: tuple[str, ...] = ()  # names of the services that follow in this visit
    reprint: bool = False
    complaints: str = ""  # telephones
    unresolved: tuple[str, ...] = ()  # windows for what could not be done
    return_by: str = ""  # an ISO day: the notice of who fetches papers
    device: str = ""  # which printer
    service_en: str = ""
    category_en: str = ""
    zone_en: str = ""


def values(facts: SlipFacts, lang: str, zone: ZoneInfo) -> dict[str, str]:
    """Each of `VALUES` in one language, as one line of printable characters."""
    first, last = numbers.clock(facts.earliest, zone), numbers.clock(facts.latest, zone)
    several = facts.people > 1 or facts.cases > 1
    found = {
        "hall": facts.hall,
        "number": facts.number,
        "service": _named(facts.service, facts.service_en, lang),
        "category": _named(facts.category, facts.category_en, lang),
        "ahead": str(facts.ahead) if facts.ahead else "",
        "earliest": first,
        "latest": "" if first == last else last,
        "over": text(f"wt.note{facts.over.capitalize()}", lang) if facts.over else "",
        "place": _place(facts, lang),
        "windows": listed(facts.windows, lang),
        "check_code": facts.check_code,
        "time": datetime.fromtimestamp(facts.issued_at / SECOND, zone).strftime("%Y-%m-%d %H:%M"),
        "people": str(facts.people),
        "cases": str(facts.cases),
        "group": str(facts.people) if several else "",
        "stops": listed(facts.stops, lang),
        "reprint": text("s.reprint", lang) if facts.reprint else "",
        "complaints": facts.complaints,
        "unresolved": listed(facts.unresolved, lang),
        "return_by": day(facts.return_by, lang),
        "phone_url": facts.phone_url,
        "device": facts.device,
    }
    return {name: plain(value) for name, value in found.items()}


def _named(name: str, english: str, lang: str) -> str:
    return english if lang == EN and english else name


def _place(facts: SlipFacts, lang: str) -> str:
    """A zone's name often begins with its floor already."""
    if lang == EN:
        name = _named(facts.zone, facts.zone_en, lang)
        return ", ".join(filter(None, [text("s.floor", EN, n=facts.floor), name]))
    floor = text("s.floor", ZH, n="".join(numbers.cardinal(facts.floor)))
    return facts.zone if facts.zone.startswith(floor) else floor + facts.zone
