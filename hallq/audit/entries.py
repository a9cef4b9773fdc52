"""The journal, read: by time, and by what was written, by whom, on which days. Newest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson
from sqlalchemy import bindparam, func, literal, or_, select
from sqlmodel import col

from hallq.journal import Journal
from hallq.kernel import Ms, Reads

# what an auditor asks for, and in which tables it is written; `reads` are the journaled looks at personal data
ABOUT = {
    "rules": ("rule_in_force", "standard"),
    "catalogue": ("service", "window_service", "department", "zone", "kiosk", "category", "pause_reason"),
    "closures": ("closure", "business_suspension", "window_change", "suspension", "missed_step"),
    "calendar": ("open_hours", "calendar_day", "calendar_year"),
    "people": ("person", "credential", "token", "skill", "cover"),
    "order": ("out_of_order",),
    "ratings": ("rating",),
    "cases": ("assessment_case", "case_step", "case_plan"),
    "ledger": ("ledger_entry",),
}
READS = "looked"
PLACES = range(max(map(len, ABOUT.values())))
COLUMNS = (
    col(Journal.seq),
    col(Journal.at),
    col(Journal.actor),
    col(Journal.verb),
    col(Journal.facts),
    col(Journal.rows),
)
LAST = select(func.coalesce(func.max(col(Journal.seq)), 0))
AT = select(col(Journal.at)).where(col(Journal.seq) == bindparam("seq"))
BETWEEN = (
    select(*COLUMNS).where(col(Journal.seq).between(bindparam("low"), bindparam("high"))).order_by(col(Journal.seq))
)
OF_VERB = (
    select(*COLUMNS)
    .where(col(Journal.verb) == bindparam("verb"), col(Journal.seq).between(bindparam("low"), bindparam("high")))
    .order_by(col(Journal.seq))
)
SEARCH = (
    select(*COLUMNS)
    .where(
        col(Journal.seq).between(bindparam("low"), bindparam("high")),
        or_(bindparam("actor") == "", col(Journal.actor) == bindparam("actor")),
        or_(bindparam("verb") == "", col(Journal.verb) == bindparam("verb")),
        or_(
            bindparam("any_table"),
            *(func.instr(col(Journal.rows), literal('"') + bindparam(f"table{n}") + "/") > 0 for n in PLACES),
        ),
    )
    .order_by(col(Journal.seq).desc())
    .limit(bindparam("most"))
)  # fmt: skip


class Found(NamedTuple):
    seq: int
    at: Ms
    actor: str
    verb: str
    facts: dict[str, Any]
    rows: dict[str, str | None]


def first_at(db: Reads, at: Ms) -> int:
    """The first entry at this time or later; times never go back."""
    [(last,)] = db.values(LAST)
    low, high = 1, (last or 0) + 1
    while low < high:
        middle = (low + high) // 2
        [(known,)] = db.values(AT, seq=middle)
        low, high = (middle + 1, high) if known < at else (low, middle)
    return low


def between(db: Reads, since: Ms, until: Ms) -> Iterator[Found]:
    """Entries of `since` <= at <= `until`, in order."""
    for row in db.values(BETWEEN, low=first_at(db, since), high=first_at(db, until + 1) - 1):
        yield _found(row)


def of_verb(db: Reads, verb: str, since: Ms, until: Ms) -> list[Found]:
    rows = db.values(OF_VERB, verb=verb, low=first_at(db, since), high=first_at(db, until) - 1)
    return [_found(row) for row in rows]


def search(
    db: Reads, *, about: str = "", actor: str = "", verb: str = "", since: Ms, until: Ms, before: int | None, most: int
) -> list[Found]:
    """`about`: a key of ABOUT, or `reads`. `before`: entries with a smaller number."""
    tables = ABOUT.get(about, ())
    names = {f"table{n}": tables[n] if n < len(tables) else "\0" for n in PLACES}
    high = first_at(db, until) - 1
    rows = db.values(
        SEARCH, low=first_at(db, since), high=high if before is None else min(high, before - 1), actor=actor,
        verb=READS if about == "reads" else verb, any_table=not tables, most=most, **names,
    )  # fmt: skip
    return [_found(row) for row in rows]


def _found(row: tuple[Any, ...]) -> Found:
    seq, at, actor, verb, facts, rows = row
    return Found(seq, at, actor, verb, orjson.loads(facts), orjson.loads(rows))
