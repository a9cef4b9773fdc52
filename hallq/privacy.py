"""What people left with the hall is emptied, with its salt, some days after its purpose is over: one job, journaled.

docs/privacy.md is the map of all personal fields; of those that end otherwise (with their day) it says how.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlmodel import SQLModel, bindparam, literal_column, or_, select

from hallq import files
from hallq.assessment.cases.model import Case, CaseStep
from hallq.assessment.ratings.model import Rating
from hallq.kernel import MINUTE, Tx
from hallq.office.post_model import Handover
from hallq.outcomes.model import Extension, OneTimeNotice, Outcome, Referral, RefusalRecord
from hallq.outcomes.one_time.content import FORGOTTEN
from hallq.registers.model import FoundItem, FoundStep, Mail
from hallq.store import HubState
from hallq.ticketing.model import OutOfOrder, Visit
from hallq.ticketing.opening.calendar import days_after

DAY = 24 * 60 * MINUTE
AT_ONCE = 200  # rows of a table in one go: a hall's writer has more to do
MARK = "words_forgotten"  # in hub_state: the last day whose words have gone


class Kept(NamedTuple):
    """Columns of a table that stay so many days (a setting) after a moment of the row."""

    model: type[SQLModel]
    columns: tuple[str, ...]
    since: str
    days: str
    files: str = ""  # what its attachments belong to, before the row's id: they go too
    open_since: str = ""  # a day: a row that nobody ends is emptied all the same, so many times the days after it
    times: int = 1


class Words(NamedTuple):
    """What a clerk typed where no name belongs: it goes `remark_days` after the row's day, ended or not."""

    model: type[SQLModel]
    columns: tuple[str, ...]
    day: str = "day"


KEPT = (
    Kept(Case, ("name", "contact", "demand"), "closed_at", "case_identity_days"),  # E15
    Kept(CaseStep, ("note", "other_side"), "at", "remark_days"),
    Kept(Rating, ("comment",), "at", "remark_days"),
    Kept(  # chief and office are told from its day on (I17)
        Referral, ("name", "address", "phone", "message", "answer"), "closed_at", "register_days", open_since="due_day"
    ),
    # not before it is gone: as long as it lies here its marks say whose it is
    Kept(FoundItem, ("claimant", "id_masked", "phone", "owner", "features"), "closed_at", "register_days", "found"),
    Kept(FoundStep, ("note",), "at", "register_days"),
    # the desk is told after the first time (registers.mail.watch)
    Kept(Mail, ("name", "phone", "address"), "closed_at", "register_days", open_since="day", times=2),
)
WORDS = (
    Words(Visit, ("reason",)),
    Words(OutOfOrder, ("reason",)),
    Words(Outcome, ("reason",)),
    Words(Extension, ("reason",), "from_day"),
    Words(OneTimeNotice, ("content", "why", "said")),
    Words(RefusalRecord, ("what", "reason", "basis", "opinion")),
    Words(Referral, ("matter",)),
    Words(Mail, ("what", "why", "check_note")),
    Words(Handover, ("remark", "taken_remark")),
)
EMPTY = {"content": FORGOTTEN}  # where nothing at all is not what the column holds


def forget(tx: Tx) -> None:
    """What is over by now. The journal says how many of which, never what."""
    emptied: dict[str, int] = {}
    for kept in KEPT:
        days = getattr(tx.rules, kept.days)
        rows = tx.find(OVER[kept.model], before=tx.now - days * DAY)
        if kept.open_since:
            rows += tx.find(LEFT_OPEN[kept.model], before=days_after(tx.day, -days * kept.times))
        for row in rows:
            _empty(tx, kept, row)
        emptied[str(kept.model.__tablename__)] = len(rows)
    for name, number in _forget_words(tx).items():
        emptied[name] = emptied.get(name, 0) + number
    tx.log(**{name: number for name, number in emptied.items() if number})


def _empty(tx: Tx, kept: Kept, row: Any) -> None:
    marks = {"blanked_at": tx.now} if "blanked_at" in kept.model.model_fields else {}
    tx.update(row, **dict.fromkeys(kept.columns, ""), salt="", **marks)
    for file in tx.find(files.OF, ref=f"{kept.files}/{row.id}") if kept.files else ():
        files.remove(tx, file)


def _forget_words(tx: Tx) -> dict[str, int]:
    """Once for each day: those tables have no index of what is still written."""
    mark, until = tx.get(HubState, MARK), days_after(tx.day, -tx.rules.remark_days)
    since = mark.value if mark is not None else ""
    if until <= since:
        return {}
    emptied = {}
    for words in WORDS:
        rows = tx.find(WRITTEN[words.model], since=since, until=until)
        for row in rows:
            tx.update(row, **{name: EMPTY.get(name, "") for name in words.columns})
        emptied[str(words.model.__tablename__)] = len(rows)
    if max(emptied.values()) < AT_ONCE:
        if mark is None:
            tx.insert(HubState, key=MARK, value=until)
        else:
            tx.update(mark, value=until)
    return emptied


def _over(kept: Kept) -> Any:
    table = _columns(kept.model)
    return (
        select(kept.model)
        .where(table.salt != literal_column("''"), table[kept.since] < bindparam("before"))
        .limit(AT_ONCE)
    )


def _left_open(kept: Kept) -> Any:
    table = _columns(kept.model)
    since = table[kept.open_since]
    return (
        select(kept.model)
        .where(table.closed_at.is_(None), table.salt != literal_column("''"), since < bindparam("before"))
        .limit(AT_ONCE)
    )


def _written(words: Words) -> Any:
    table = _columns(words.model)
    day = table[words.day]
    written = or_(*(table[name] != literal_column(f"'{EMPTY.get(name, '')}'") for name in words.columns))
    return select(words.model).where(day > bindparam("since"), day <= bindparam("until"), written).limit(AT_ONCE)


def _columns(model: type[SQLModel]) -> Any:
    return model.__table__.columns  # type: ignore[attr-defined]


OVER: Mapping[type[SQLModel], Any] = {kept.model: _over(kept) for kept in KEPT}
LEFT_OPEN: Mapping[type[SQLModel], Any] = {kept.model: _left_open(kept) for kept in KEPT if kept.open_since}
WRITTEN: Mapping[type[SQLModel], Any] = {words.model: _written(words) for words in WORDS}
