"""Suspicious ratings are flagged at the press and count nowhere until someone has reviewed them, with a reason.

`counts` is the one condition that every figure of ratings holds to.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, distinct, exists, func, literal_column, or_, select
from sqlmodel import col
from sqlmodel import select as rows_of

from hallq.assessment.ratings import suspicion
from hallq.assessment.ratings.model import Rating, RatingFlag, RatingPhone
from hallq.kernel import SECOND, Refused, Tx, must_exist
from hallq.ticketing.model import Visit

KEEP, EXCLUDE = "keep", "exclude"
LONGEST_NOTE = 500
ONE = rows_of(RatingFlag).where(
    col(RatingFlag.rating) == bindparam("rating"), col(RatingFlag.why) == bindparam("why")
).order_by(col(RatingFlag.id).desc())  # fmt: skip
NEAR = rows_of(Rating).where(
    col(Rating.window) == bindparam("window"),
    col(Rating.at).between(bindparam("since"), bindparam("until")),
    col(Rating.channel) == bindparam("channel"),
)
OF_PHONE = select(col(RatingPhone.rating)).where(col(RatingPhone.phone) == bindparam("phone"))
TICKETS_OF_PHONE = (
    select(func.count(distinct(col(Rating.ticket))))
    .select_from(RatingPhone)
    .join(Rating, col(Rating.id) == RatingPhone.rating)
    .where(col(RatingPhone.phone) == bindparam("phone"))
)
OLD_PHONES = rows_of(RatingPhone).where(col(RatingPhone.day) < bindparam("day"))


def counts() -> ColumnElement[bool]:
    """The rating counts: no flag of it is open, and none has excluded it. For a query over `Rating`."""
    against = or_(col(RatingFlag.verdict).is_(None), col(RatingFlag.verdict) == literal_column(f"'{EXCLUDE}'"))
    return ~exists(select(col(RatingFlag.id)).where(col(RatingFlag.rating) == col(Rating.id), against))


def judge(tx: Tx, rating: Rating, *, phone: str = "", from_staff: bool = False) -> None:
    """At each new press. `phone`: hash of the telephone, `from_staff`: staff are signed in at its address."""
    assert rating.id is not None
    visit = tx.get(Visit, rating.visit)
    if suspicion.too_fast(visit.ended_at if visit else None, rating.at, tx.rules):
        _raise(tx, rating.id, suspicion.FAST)
    for number in _run_of(tx, rating):
        _raise(tx, number, suspicion.RUN)
    if from_staff and tx.rules.rate_staff_address and not tx.rules.always_open:
        _raise(tx, rating.id, suspicion.ADDRESS)
    if phone:
        _judge_phone(tx, rating.id, phone)


def flag(tx: Tx, *, rating: int, note: str) -> RatingFlag:
    """By the office: mistaken or malicious, as somebody says (申诉复核). It counts no more until it is reviewed."""
    must_exist(tx.get(Rating, rating), "rating", rating)
    return _raise(tx, rating, suspicion.MANUAL, _note(note))


def review(tx: Tx, *, flag: int, verdict: str, note: str) -> RatingFlag:
    """Keep or exclude, with the reason. A verdict stands: whoever sees it otherwise flags the rating anew."""
    row = must_exist(tx.get(RatingFlag, flag), "rating_flag", flag)
    if verdict not in (KEEP, EXCLUDE):
        raise Refused("invalid", field="verdict")
    if row.verdict is not None:
        raise Refused("flag_reviewed", verdict=row.verdict)
    return tx.update(row, verdict=verdict, review_note=_note(note), reviewed_at=tx.now, reviewed_by=tx.actor)


def forget_phones(tx: Tx) -> None:
    """Once a day the telephones are forgotten."""
    for row in tx.find(OLD_PHONES, day=tx.day):
        tx.delete(row)


def _run_of(tx: Tx, rating: Rating) -> list[int]:
    span = tx.rules.rate_run_s * SECOND
    near: list[Any] = tx.find(
        NEAR, window=rating.window, since=rating.at - span, until=rating.at + span, channel=rating.channel
    )
    times = suspicion.in_a_run([row.at for row in near], rating.at, tx.rules)
    return [row.id for row in near if row.at in times]


def _judge_phone(tx: Tx, rating: int, phone: str) -> None:
    if tx.get(RatingPhone, rating) is None:
        tx.insert(RatingPhone, rating=rating, phone=phone, day=tx.day)
    [(tickets,)] = tx.values(TICKETS_OF_PHONE, phone=phone)
    for (number,) in tx.values(OF_PHONE, phone=phone) if suspicion.too_many(tickets, tx.rules) else ():
        _raise(tx, number, suspicion.PHONE)


def _raise(tx: Tx, rating: int, why: str, note: str = "") -> RatingFlag:
    """Once per cause. What was reviewed is not suspected of the same again, unless by a person."""
    known = tx.first(ONE, rating=rating, why=why)
    if known is not None and (known.verdict is None or why != suspicion.MANUAL):
        return known
    return tx.insert(RatingFlag, rating=rating, why=why, note=note, at=tx.now, by=tx.actor)


def _note(note: str) -> str:
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise Refused("invalid", field="note")
    return note.strip()
