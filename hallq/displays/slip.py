"""The paper slip of a ticket, in columns (a hanzi takes two). No word of phones unless phones can reach the hub."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hallq.displays import numbers
from hallq.displays.layout import columns, plain, wrap
from hallq.displays.screens import Slip, SlipLine
from hallq.kernel import SECOND, Ms
from hallq.texts import EN, ZH, text

_NUMBER_SIZE = 6  # at most: about 18 mm high
_BOLD_SIZE = 2


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """What a slip says of a ticket at the moment of printing."""

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


def slip(facts: SlipFacts, *, zone: ZoneInfo, width: int = 48) -> Slip:
    """`width` in columns: 48 on 80 mm paper, 32 on 58 mm."""
    lines = [*_head(facts, width), *_body(facts, zone, width), *_foot(facts, zone, width)]
    return Slip(facts.number, tuple(lines))


def notice(facts: SlipFacts, *, width: int = 48) -> Slip:
    """What who fetches papers takes along: until when, and how to come back."""
    day = date.fromisoformat(facts.return_by)
    lines = [
        *_head(facts, width),
        *_lines(_say("svc", svc=facts.service), width, bold=True),
        *_lines(_say("notice", date=f"{day.month}月{day.day}日"), width, size=_BOLD_SIZE, bold=True),
        *_lines(_say("wins", wins="、".join(facts.windows)) if facts.windows else "", width),
        SlipLine(rule=True),
        *_lines(_say("code", code=facts.check_code), width, bold=True),
        *_lines(_say("noticeHow"), width),
    ]
    return Slip(facts.number, tuple(lines))


def _head(facts: SlipFacts, width: int) -> Iterator[SlipLine]:
    yield from _lines(facts.hall, width, align="centre", bold=True)
    yield SlipLine(rule=True)
    yield from _lines(f"{_say('no')}　{text('s.no', EN)}", width, align="centre")
    size = max(1, min(_NUMBER_SIZE, width // columns(facts.number)))
    yield SlipLine(facts.number, size=size, align="centre", bold=True)
    if facts.reprint:
        yield from _lines(_say("reprint"), width, align="centre", bold=True)
    if facts.category:
        yield from _lines(_say("green", category=facts.category), width, align="centre", bold=True)
    yield SlipLine(rule=True)


def _body(facts: SlipFacts, zone: ZoneInfo, width: int) -> Iterator[SlipLine]:
    yield from _lines(_say("svc", svc=facts.service), width, bold=True)
    if facts.people > 1 or facts.cases > 1:
        yield from _lines(_say("group", n=facts.people, m=facts.cases), width)
    if facts.stops:
        yield from _lines(_say("stops", list="、".join(facts.stops)), width, bold=True)
    yield from _lines(_where(facts), width, size=_BOLD_SIZE, bold=True)
    if facts.windows:
        yield from _lines(_say("wins", wins="、".join(facts.windows)), width)
    yield from _lines(_say("ahead", n=facts.ahead) if facts.ahead else _say("first"), width, bold=True)
    yield from _lines(_when(facts, zone), width)
    if facts.over:
        yield from _lines(text(f"wt.note{facts.over.capitalize()}", ZH), width)
    yield SlipLine(rule=True)


def _foot(facts: SlipFacts, zone: ZoneInfo, width: int) -> Iterator[SlipLine]:
    yield from _lines(_say("code", code=facts.check_code), width, bold=True)
    yield from _lines(_say("time", t=_stamp(facts.issued_at, zone)), width)
    for note in ("order", "missed", "valid"):
        yield from _lines(_say(note), width)
    yield from _complaints(facts, width)
    if facts.phone_url:
        yield SlipLine(qr=facts.phone_url, align="centre")
        yield from _lines(_say("qr"), width, align="centre")


def _complaints(facts: SlipFacts, width: int) -> Iterator[SlipLine]:
    """E03."""
    if facts.complaints:
        yield from _lines(text("kc.slip", ZH, tel=plain(facts.complaints)), width)
    if facts.unresolved:
        yield from _lines(text("kc.slipWindow", ZH, win="、".join(facts.unresolved)), width)


def _where(facts: SlipFacts) -> str:
    """A zone's name often begins with its floor already."""
    floor = _say("floor", n=numbers.cardinal(facts.floor))
    return _say("where", floor="" if facts.zone.startswith(floor) else floor, zone=facts.zone)


def _when(facts: SlipFacts, zone: ZoneInfo) -> str:
    first, last = numbers.clock(facts.earliest, zone), numbers.clock(facts.latest, zone)
    return _say("whenOne", t1=first) if first == last else _say("when", t1=first, t2=last)


def _stamp(at: Ms, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at / SECOND, zone).strftime("%Y-%m-%d %H:%M")


def _say(key: str, **values: object) -> str:
    return text(f"s.{key}", ZH, **{name: plain(str(value)) for name, value in values.items()})


def _lines(words: str, width: int, *, size: int = 1, align: str = "left", bold: bool = False) -> Iterator[SlipLine]:
    for line in wrap(plain(words), width // size):
        yield SlipLine(line, size=size, align=align, bold=bold)
