"""How many will come, learnt from the hall's own days: a Poisson regression of the day, its shape by half hours.

Pure but for `remember` and `history`. A forecast stops nothing: it warns (A05, C02).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, cast, func, select
from sqlmodel import col

from hallq.kernel import MINUTE, Ms, Reads, Tx
from hallq.office.peak_model import Arrivals
from hallq.ticketing.model import Ticket

SLOT: Ms = 30 * MINUTE
LONG_BREAK = 4  # days since the last open day: after a holiday more people come
SHAPE_PRIOR = 40.0  # arrivals' worth of the service's overall shape in each weekday's own
TODAY_PRIOR = 20.0  # so many expected arrivals weigh as much as today's own
NONE, THIN, MODEL = "none", "thin", "model"  # what a forecast stands on

_SLOT = col(Ticket.issued_at).op("/")(SLOT)
BY_SLOT = (
    select(col(Ticket.service), _SLOT, func.count())
    .where(col(Ticket.day) == bindparam("day"))
    .group_by(col(Ticket.service), _SLOT)
)
REMEMBERED = select(func.max(col(Arrivals.day)))
NEXT_DAY = select(func.min(col(Ticket.day))).where(
    col(Ticket.day) > bindparam("after"), col(Ticket.day) < bindparam("today")
)
TOTALS = (
    select(col(Arrivals.service), col(Arrivals.day), func.sum(col(Arrivals.count)))
    .where(col(Arrivals.day) >= bindparam("since"))
    .group_by(col(Arrivals.service), col(Arrivals.day))
)
_WEEKDAY = cast(func.strftime("%w", col(Arrivals.day)), Integer)
SHAPES = (
    select(col(Arrivals.service), _WEEKDAY, col(Arrivals.slot), func.sum(col(Arrivals.count)))
    .where(col(Arrivals.day) >= bindparam("since"))
    .group_by(col(Arrivals.service), _WEEKDAY, col(Arrivals.slot))
)


class Rate(NamedTuple):
    """A day's arrivals: `spread` is variance over mean, 1 for pure chance."""

    mean: float
    spread: float = 1.0

    def range80(self) -> tuple[int, int]:
        half = 1.28 * (max(self.mean, 0.0) * max(self.spread, 1.0)) ** 0.5
        return max(0, round(self.mean - half)), round(self.mean + half)


@dataclass(frozen=True, slots=True)
class History:
    """`totals`: service -> day -> arrivals; `shapes`: service -> (ISO weekday, slot) -> arrivals."""

    days: tuple[date, ...] = ()
    totals: Mapping[str, Mapping[date, int]] = field(default_factory=dict)
    shapes: Mapping[str, Mapping[tuple[int, int], int]] = field(default_factory=dict)

    def basis(self, least: int) -> str:
        return NONE if not self.days else THIN if len(self.days) < least else MODEL


def by_slot(history: History, day: date, rates: Mapping[str, Rate]) -> dict[str, dict[int, float]]:
    """service -> half hour -> arrivals on this day."""
    return {
        code: {slot: rate.mean * share for slot, share in shape(history.shapes[code], day.isoweekday()).items()}
        for code, rate in rates.items()
    }


def day_rates(history: History, day: date, last_open: date | None, *, least: int) -> dict[str, Rate]:
    """Of each service. `last_open`: the working day before this one. With fewer than `least` days: their mean."""
    basis = history.basis(least)
    rates: dict[str, Rate] = {}
    for code, totals in history.totals.items():
        counts = [totals.get(known, 0) for known in history.days]
        mean = Rate(sum(counts) / len(counts))
        rates[code] = _regress(history.days, counts, day, last_open) if basis == MODEL and any(counts) else mean
    return rates


def shape(counts: Mapping[tuple[int, int], int], weekday: int) -> dict[int, float]:
    """Shares of the day's half hours: this weekday's own, leaning on the service's overall ones."""
    whole: dict[int, float] = {}
    own: dict[int, float] = {}
    for (known, slot), count in counts.items():
        whole[slot] = whole.get(slot, 0.0) + count
        if known == weekday:
            own[slot] = own.get(slot, 0.0) + count
    total, mine = sum(whole.values()), sum(own.values())
    if not total:
        return {}
    return {
        slot: (own.get(slot, 0.0) + SHAPE_PRIOR * count / total) / (mine + SHAPE_PRIOR) for slot, count in whole.items()
    }


def level(came: float, expected: float) -> float:
    """How today goes beside the forecast, as far as it has gone: gamma-Poisson, so a quiet first hour says little."""
    return (TODAY_PRIOR + came) / (TODAY_PRIOR + expected)


def _regress(days: Sequence[date], counts: Sequence[int], day: date, last_open: date | None) -> Rate:
    """Poisson regression on the weekday, the trend of the weeks, and whether a long break went before."""
    import numpy as np
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    weekdays = sorted({known.isoweekday() for known in days})
    rows = np.array([_features(known, before, weekdays, day) for before, known in _with_last(days)])
    varies = np.ptp(rows, axis=0) > 0
    varies[0] = True  # the constant
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a weekday without anyone: its effect has no bound, and the mean is right
        fitted = GLM(np.array(counts) + 0.1, rows[:, varies], family=Poisson()).fit()
        ahead = np.array([_features(day, last_open, weekdays, day)])[:, varies]
        mean = float(fitted.predict(ahead)[0])
    ceiling = 3.0 * max(counts)  # a trend is not carried beyond what the hall has seen
    return Rate(min(mean, ceiling), float(fitted.pearson_chi2 / max(1, fitted.df_resid)))


def _features(day: date, last_open: date | None, weekdays: Sequence[int], today: date) -> list[float]:
    """Constant, weekdays (a make-up day of a new one: the mean of all), half years since `today`, after a break."""
    new = day.isoweekday() not in weekdays
    which = [1 / len(weekdays) if new else float(day.isoweekday() == known) for known in weekdays[1:]]
    long_break = last_open is not None and (day - last_open).days >= LONG_BREAK
    return [1.0, *which, (day - today).days / 182, float(long_break)]


def _with_last(days: Sequence[date]) -> Iterable[tuple[date | None, date]]:
    return zip((None, *days[:-1]), days, strict=True)


# -- rows


def remember(tx: Tx) -> str | None:
    """A duty: the arrivals of the oldest past day that is not in the history yet. Its day, or None."""
    [(day,)] = tx.values(NEXT_DAY, after=newest(tx), today=tx.day)
    if not day:  # SQL's minimum of nothing
        return None
    for (service, slot), count in came_on(tx, day).items():
        tx.insert(Arrivals, day=day, service=service, slot=slot, count=count)
    return str(day)


def came_on(db: Reads, day: str) -> dict[tuple[str, int], int]:
    """(service, half hour of the hall's day) -> numbers taken."""
    found: dict[tuple[str, int], int] = {}
    for service, number, count in db.values(BY_SLOT, day=day):
        key = service, slot_of(number * SLOT, db)
        found[key] = found.get(key, 0) + count
    return found


def slot_of(at: Ms, db: Reads) -> int:
    local = datetime.fromtimestamp(at / 1000, db.rules.timezone)
    return local.hour * 2 + local.minute // 30


def newest(db: Reads) -> str:
    """The last day that the history holds; empty: none."""
    [(day,)] = db.values(REMEMBERED)
    return day or ""


def history(db: Reads) -> History:
    since = (date.fromisoformat(db.day) - timedelta(weeks=db.rules.forecast_weeks)).isoformat()
    totals: dict[str, dict[date, int]] = {}
    for service, day, count in db.values(TOTALS, since=since):
        totals.setdefault(service, {})[date.fromisoformat(day)] = count
    shapes: dict[str, dict[tuple[int, int], int]] = {}
    for service, weekday, slot, count in db.values(SHAPES, since=since):
        shapes.setdefault(service, {})[int(weekday) or 7, slot] = count
    days: set[date] = set().union(*totals.values()) if totals else set()
    return History(tuple(sorted(days)), totals, shapes)
