"""Facts of service: how many came, how long they waited, crowds and peaks, extended service, outages.

Sums are made by the database: a month is 100,000 rows. Waits are counted by the minute, so that a percentile is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Integer, bindparam, func, literal_column, select
from sqlmodel import col

from hallq.assessment.bulletins.content import Chart, Facts, Json, Row, Table
from hallq.assessment.bulletins.facts_posts import departments
from hallq.assessment.bulletins.period import Period, clock, here, minutes, one_of, share, total, within
from hallq.assessment.bulletins.words import say, titles
from hallq.assessment.record.comparison import compare
from hallq.assessment.waiting import UNTIMED
from hallq.kernel import MINUTE, SECOND, Reads
from hallq.office import day_sheet
from hallq.office.peak_model import PeakPlan
from hallq.office.post_model import Spell
from hallq.ticketing.lookups import how_many
from hallq.ticketing.model import FINISHED, NO_SHOW, Outage, OutOfOrder, Service, Ticket, Visit, Window

VOLUME = (
    select(
        col(Service.department),
        func.count(),
        how_many(col(Ticket.state) == FINISHED),
        how_many(col(Ticket.state) == NO_SHOW),
        how_many(col(Ticket.green)),
    )
    .select_from(Ticket)
    .join(Service, col(Service.code) == Ticket.service)
    .where(within(col(Ticket.day)), here(col(Service.department)))
    .group_by(col(Service.department))
    .order_by(func.count().desc())
)
BY_DAY = (
    select(col(Ticket.day), func.count())
    .join(Service, col(Service.code) == Ticket.service)
    .where(within(col(Ticket.day)), here(col(Service.department)))
    .group_by(col(Ticket.day))
    .order_by(col(Ticket.day))
)
_FIRST = (
    select(
        col(Visit.ticket).label("ticket"),
        col(Visit.service).label("service"),
        func.min(col(Visit.called_at)).label("at"),
    )
    .join(Ticket, col(Ticket.id) == Visit.ticket)
    .where(
        within(col(Ticket.day)), col(Visit.end) != "undone", ~one_of(func.coalesce(col(Ticket.source), ""), *UNTIMED)
    )
    .group_by(col(Visit.ticket))
    .subquery()
)
_LOST = (  # of a wait, in outages
    select(
        func.coalesce(
            func.sum(func.min(_FIRST.c.at, col(Outage.until)) - func.max(col(Ticket.issued_at), col(Outage.since))), 0
        )
    )
    .where(col(Outage.until) > col(Ticket.issued_at), col(Outage.since) < _FIRST.c.at)
    .correlate(_FIRST, Ticket)
    .scalar_subquery()
)
_WAIT = func.max(_FIRST.c.at - col(Ticket.issued_at) - _LOST, 0)
_MINUTE = literal_column(str(MINUTE), Integer)
WAITS = (  # how many waited so many whole minutes, and how long altogether
    select(col(Service.department), (_WAIT // _MINUTE).label("minute"), func.count(), func.sum(_WAIT))
    .select_from(_FIRST)
    .join(Ticket, col(Ticket.id) == _FIRST.c.ticket)
    .join(Service, col(Service.code) == _FIRST.c.service)
    .where(here(col(Service.department)))
    .group_by(col(Service.department), literal_column("minute"))
)
CROWDS = (
    select(col(Spell.id), col(Spell.subject), col(Spell.since), func.coalesce(col(Spell.ended_at), bindparam("now")))
    .where(within(col(Spell.day)), col(Spell.kind) == "crowd")
    .order_by(col(Spell.since))
)
PEAKS = select(func.count()).where(
    col(PeakPlan.began_at) < bindparam("end"),
    func.coalesce(col(PeakPlan.ended_at), bindparam("now")) >= bindparam("begin"),
)
OUTAGES = (
    select(col(Outage.id), col(Outage.since), col(Outage.until))
    .where(col(Outage.until) > bindparam("begin"), col(Outage.since) < bindparam("end"))
    .order_by(col(Outage.since))
)
CHOSEN = (
    select(col(OutOfOrder.kind), func.count())
    .outerjoin(Window, col(Window.no) == OutOfOrder.window)
    .where(within(col(OutOfOrder.day)), here(col(Window.department)))
    .group_by(col(OutOfOrder.kind))
)


def volume(db: Reads, period: Period) -> Facts:
    """Numbers taken, served and missed; a ratio is never without what it is a share of."""
    found = db.values(VOLUME, **period.place)
    if not found:
        return Facts([say("volumeNone")])
    names = departments(db)
    issued, served, missed = (sum(row[place] for row in found) for place in (1, 2, 3))
    line = say("volume", issued=issued, served=served, missed=missed, rate=share(missed, served + missed))
    rows = [Row([names[code], n, done, gone, share(gone, done + gone), green], department=code)
            for code, n, done, gone, green in found]  # fmt: skip
    table = Table(say("volumeTitle"), titles("department", "issued", "served", "missed", "missedRate", "green"),
                  total(rows, 6, 1, 2, 3, 5))  # fmt: skip
    return Facts([line], [table], [_daily(db, period)])


def _daily(db: Reads, period: Period) -> Chart:
    bars = [(day[5:], float(count)) for day, count in db.values(BY_DAY, **period.place)]
    return Chart(say("dailyTitle"), say("unit.numbers"), bars)


def percentile(counts: Iterable[tuple[int, int]], part: float) -> int:
    """The whole minutes that at least this share of all did not exceed, of (minute, how many)."""
    ordered = sorted(counts)
    left = ceil(part * sum(count for _, count in ordered))
    for minute, count in ordered:
        left -= count
        if left <= 0:
            return minute
    return 0


def waits(db: Reads, period: Period) -> Facts:
    """A27: from the number's issue to its first call, outages left out; what was never called has no wait."""
    by_department: dict[str | None, list[Any]] = {}
    found = db.values(WAITS, **period.place)
    for code, *row in found:
        by_department.setdefault(code, []).append(row)
    if not by_department:
        return Facts()
    names = departments(db)
    known = {code: _waits(by_department[code]) for code in names if code in by_department}
    rows = [Row([names[code], *figures], department=code) for code, figures in known.items()]
    everyone = _waits([row[1:] for row in found])
    line = say("waits", n=everyone[0], mean=everyone[1], p50=everyone[2], p90=everyone[3])
    if len(rows) > 1:
        rows.append(Row([say("total"), *everyone]))
    table = Table(say("waitsTitle"), titles("department", "waited", "mean", "p50", "p90"), rows)
    bars = [(names[code], figures[1]) for code, figures in known.items()]
    return Facts([line], [table], [Chart(say("waitsChart"), say("unit.minutes"), bars)])


def _waits(rows: list[Any]) -> tuple[int, float, int, int]:
    """How many waited; mean, median and ninth decile in minutes."""
    counts = [(minute, count) for minute, count, _ in rows]
    number = sum(count for _, count in counts)
    mean = sum(length for _, _, length in rows) / number / SECOND / 60
    return number, round(mean, 1), percentile(counts, 0.5), percentile(counts, 0.9)


def comparison(db: Reads, period: Period) -> Facts:
    """D13, D14: the departments as on the comparison's page."""
    found = compare(db, by="department", since=period.since, until=period.until, department=period.department)
    columns = titles("department", "cases", "weighted", "perCase", "pace", "interval", "place")
    return Facts(tables=[Table(say("comparisonTitle"), columns, [_compared(each) for each in found["items"]])])


def _compared(each: Json) -> Row:
    per_case = round((each["mean_case_s"] or 0) / 60, 1)
    cells = [each["name"], each["cases"], each["weighted"], per_case, each["pace"], _interval(each["satisfaction"])]
    shown = [say("none") if cell is None else cell for cell in [*cells, each["place"]]]
    return Row(shown, department=each["department"])


def _interval(found: Json) -> str:
    if not found["raters"]:
        return say("none")
    return f"{found['low']:.1%}—{found['high']:.1%}（{found['raters']}）"


def crowds(db: Reads, period: Period) -> Facts:
    """C09: crowds beside the peak plans that were in force."""
    begin, end = period.span(db)
    [(plans,)] = db.values(PEAKS, begin=begin, end=end, now=db.now)
    found = db.values(CROWDS, now=db.now, **period.days)
    if not found:
        return Facts([say("crowdsNone", plans=plans)])
    lengths = [minutes(until - since) for _, _, since, until in found]
    line = say("crowds", n=len(found), minutes=sum(lengths), longest=max(lengths), plans=plans)
    rows = [Row([clock(db, since), say("zone", zone=zone) if zone else say("wholeHall"), length], f"spell/{key}")
            for (key, zone, since, _), length in zip(found, lengths, strict=True)]  # fmt: skip
    tables = [Table(say("crowdsTitle"), titles("since", "place", "minutes"), rows)] if period.names else []
    return Facts([line], tables)


def extended(db: Reads, period: Period) -> Facts:
    """C06, C07: whoever held a number at closing time was served."""
    day, last, served, spent = date.fromisoformat(period.since), date.fromisoformat(period.until), 0, 0
    while day <= last:
        rows = day_sheet.extended(db, day=day.isoformat())
        served += sum(row["tickets"] for row in rows)
        spent += sum(row["minutes"] for row in rows)
        day += timedelta(days=1)
    return Facts([say("extended", n=served, minutes=spent)] if served else [])


def outages(db: Reads, period: Period) -> Facts:
    """They count in no figure, and are therefore told."""
    begin, end = period.span(db)
    found = db.values(OUTAGES, begin=begin, end=end)
    if not found:
        return Facts([say("outagesNone")])
    lost = sum(until - since for _, since, until in found)
    return Facts([say("outages", n=len(found), minutes=max(1, minutes(lost)))])


def out_of_order(db: Reads, period: Period) -> Facts:
    """A22, A23: called or placed out of order, each with its reason on the monthly list."""
    found = dict(db.values(CHOSEN, **period.place))
    parts = say("and").join(say(f"chosen.{kind}", n=count) for kind, count in sorted(found.items()))
    return Facts([say("chosen", n=sum(found.values()), parts=parts)] if found else [])
