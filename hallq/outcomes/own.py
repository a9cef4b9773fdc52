"""What one clerk's visits came to, for the own eyes: cases by kind, promises, notices given, referrals (I01, I17, H04).

A promise is whose case it is, not who reported it done; it counts in the period in which it was decided.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, literal_column
from sqlalchemy import select as columns
from sqlmodel import col

from hallq.kernel import Reads
from hallq.outcomes import kinds, rates
from hallq.outcomes.kinds import WORKING
from hallq.outcomes.model import OneTimeNotice, Outcome, Referral
from hallq.outcomes.one_time.commands import GIVEN, LAPSED, MET
from hallq.outcomes.rates import Rate
from hallq.outcomes.recorded import NOT_VOID

Json = dict[str, Any]
_DAYS: tuple[Any, Any] = (bindparam("since"), bindparam("until"))
_MINE = (col(Outcome.person) == bindparam("person"), NOT_VOID)
KINDS = (
    columns(col(Outcome.kind), func.count()).where(col(Outcome.day).between(*_DAYS), *_MINE).group_by(col(Outcome.kind))
)
KEPT = columns(func.count()).where(
    col(Outcome.done_day).between(*_DAYS), col(Outcome.done_day) <= col(Outcome.due_day),
    col(Outcome.clock) == literal_column(f"'{WORKING}'"), *_MINE,
)  # fmt: skip
NOTICES = columns(func.count(), func.count().filter(col(OneTimeNotice.nth) > 1)).where(
    col(OneTimeNotice.day).between(*_DAYS),
    col(OneTimeNotice.person) == bindparam("person"),
    col(OneTimeNotice.state).in_([literal_column(f"'{state}'") for state in (GIVEN, MET, LAPSED)]),
)
_ANSWERED = func.count(col(Referral.closed_at))
WRITTEN = columns(func.count(), _ANSWERED).where(
    col(Referral.day).between(*_DAYS), col(Referral.by) == bindparam("actor")
)
RECEIVED = columns(func.count(), _ANSWERED).where(
    col(Referral.day).between(*_DAYS), col(Referral.person) == bindparam("person")
)


def counts(db: Reads, *, person: int, since: str, until: str) -> Json:
    days: Json = {"since": since, "until": until}
    found = dict(db.values(KINDS, **days, person=person))
    [(kept,)] = db.values(KEPT, **days, person=person)
    late = sum(row.person == person for row in rates.late(db, **days))
    [(given, second)] = db.values(NOTICES, **days, person=person)
    [(written, answered)] = db.values(WRITTEN, **days, actor=f"person:{person}")
    [(received, replied)] = db.values(RECEIVED, **days, person=person)
    return {
        "from": since, "to": until, "total": sum(found.values()),
        "kinds": [
            {"kind": kind.code, "zh": kind.zh, "en": kind.en, "n": found[kind.code]}
            for kind in kinds.known(db).values() if kind.code in found
        ],
        "promises": Rate(kept, kept + late).shape() | {"late": late},
        "notices": {"given": given, "second": second},
        "referrals": {"written": written, "answered": answered, "received": received, "replied": replied},
    }  # fmt: skip
