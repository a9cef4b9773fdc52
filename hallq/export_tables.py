"""What can be exported: each table's columns, units and query. Column names stay as they are; words may change.

What a column means stands in hallq/texts/audit.toml, outcomes.toml and exports.toml, tables `ex` (name) and `exd`
(meaning). Of slips and registers no column is exported that a duty blanks: none tells who the citizen was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from hallq.assessment.ledger.model import Entry
from hallq.assessment.ratings.model import Rating
from hallq.office.day_model import DayFacts
from hallq.office.post_model import Handover, Spell
from hallq.outcomes.model import OneTimeNotice, Outcome, Referral, RefusalRecord
from hallq.registers.model import FoundItem, Mail
from hallq.ticketing.model import Person, Ticket, Visit

TIME, DAY, SECONDS, COUNT, CODE, WORDS, YES, LEVEL = "ISO 8601", "day", "s", "n", "code", "text", "0/1", "1-5"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    unit: str
    value: Any
    words: str = ""  # the key of its words, where that is not its name

    def __post_init__(self) -> None:
        if not self.words:
            object.__setattr__(self, "words", self.name)


@dataclass(frozen=True, slots=True)
class Table:
    kind: str
    columns: tuple[Column, ...]
    query: Select[Any]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _table(kind: str, columns: tuple[Column, ...], model: Any, *joins: tuple[Any, Any]) -> Table:
    """`model` has `id` and `day`."""
    query = select(*(column.value for column in columns)).select_from(model)
    for other, on in joins:
        query = query.outerjoin(other, on)
    query = query.where(col(model.day).between(bindparam("since"), bindparam("until")))
    return Table(kind, columns, query.order_by(col(model.day), col(model.id)))


def _of(model: Any, names: str, unit: str) -> tuple[Column, ...]:
    return tuple(Column(name, unit, getattr(model, name)) for name in names.split())


def _seconds(later: Any, earlier: Any = 0) -> Any:
    """Whole ones, of milliseconds."""
    return (later - earlier) // 1000


_CLERK = Column("clerk", WORDS, func.coalesce(col(Person.name), ""))
_BEGUN = func.coalesce(col(Visit.started_at), col(Visit.called_at))

RATINGS = _table(
    "ratings",
    (
        Column("ticket", CODE, Ticket.number), *_of(Rating, "service window", CODE), _CLERK,
        *_of(Rating, "level", LEVEL),
        *_of(Rating, "reasons", CODE), *_of(Rating, "comment", WORDS), *_of(Rating, "at", TIME),
        *_of(Rating, "channel", CODE),
    ),
    Rating, (Ticket, col(Ticket.id) == Rating.ticket), (Person, col(Person.id) == Rating.person),
)  # fmt: skip
TICKETS = _table(
    "tickets",
    (
        *_of(Ticket, "id", CODE), *_of(Ticket, "day", DAY), *_of(Ticket, "number service category", CODE),
        *_of(Ticket, "green", YES), *_of(Ticket, "state window kiosk source", CODE),
        *_of(Ticket, "people cases", COUNT), *_of(Ticket, "needs", CODE),
        *_of(Ticket, "issued_at called_at started_at finished_at", TIME),
        *_of(Ticket, "calls moves restored reissued", COUNT), *_of(Ticket, "ended_by outcome appointment", CODE),
    ),
    Ticket,
)  # fmt: skip
VISITS = _table(
    "visits",
    (
        *_of(Visit, "id", CODE), *_of(Visit, "day", DAY), Column("ticket", CODE, Visit.ticket, "ticket_id"),
        Column("number", CODE, Ticket.number), *_of(Visit, "service window", CODE), *_of(Visit, "person", CODE), _CLERK,
        *_of(Visit, "green", YES), *_of(Visit, "arrival called_at started_at ended_at", TIME), *_of(Visit, "end", CODE),
        Column("wait_s", SECONDS, _seconds(col(Visit.called_at), Visit.arrival)),
        Column("handling_s", SECONDS, _seconds(col(Visit.ended_at) - Visit.outage, _BEGUN)),
        Column("away_s", SECONDS, _seconds(col(Visit.away))), Column("outage_s", SECONDS, _seconds(col(Visit.outage))),
        *_of(Visit, "calls cases", COUNT),
    ),
    Visit, (Ticket, col(Ticket.id) == Visit.ticket), (Person, col(Person.id) == Visit.person),
)  # fmt: skip
STAFF = _table(
    "staff",
    (
        *_of(DayFacts, "day", DAY), *_of(DayFacts, "person", CODE), _CLERK,
        *_of(DayFacts, "window windows department", CODE), *_of(DayFacts, "sign_in sign_out", TIME),
        *_of(DayFacts, "marks", CODE),
        *_of(DayFacts, "on_post_s paused_s away_s off_post_s", SECONDS), *_of(DayFacts, "off_posts", COUNT),
        *_of(DayFacts, "idle_s", SECONDS), *_of(DayFacts, "idles calls served cases", COUNT),
        *_of(DayFacts, "handling_s walking_s gap_s", SECONDS), *_of(DayFacts, "extended", COUNT),
        *_of(DayFacts, "extended_s", SECONDS),
    ),
    DayFacts, (Person, col(Person.id) == DayFacts.person),
)  # fmt: skip
LEDGER = _table(
    "ledger",
    (
        *_of(Entry, "id", CODE), *_of(Entry, "day", DAY), *_of(Entry, "at", TIME),
        Column("kind", CODE, Entry.kind, "ledger_kind"), *_of(Entry, "person", CODE), _CLERK,
        *_of(Entry, "department window", CODE), *_of(Entry, "amount", COUNT), *_of(Entry, "ref", CODE),
        *_of(Entry, "clause note", WORDS), *_of(Entry, "cancels by", CODE),
    ),
    Entry, (Person, col(Person.id) == Entry.person),
)  # fmt: skip
SPELLS = _table(
    "spells",
    (
        *_of(Spell, "id", CODE), *_of(Spell, "day", DAY), Column("kind", CODE, Spell.kind, "spell_kind"),
        *_of(Spell, "subject", CODE), *_of(Spell, "person", CODE), _CLERK, *_of(Spell, "since ended_at", TIME),
        Column("seconds", SECONDS, _seconds(col(Spell.ended_at), Spell.since)),
    ),
    Spell, (Person, col(Person.id) == Spell.person),
)  # fmt: skip
OUTCOMES = _table(
    "outcomes",
    (
        *_of(Outcome, "id", CODE), *_of(Outcome, "day", DAY), *_of(Outcome, "at", TIME),
        Column("number", CODE, Ticket.number), *_of(Outcome, "service department window", CODE), _CLERK,
        Column("kind", CODE, Outcome.kind, "oc_kind"), Column("clock", CODE, Outcome.clock, "oc_clock"),
        *_of(Outcome, "accepts", YES), *_of(Outcome, "slip", CODE), Column("no", CODE, Outcome.no, "oc_no"),
        *_of(Outcome, "case_no", CODE), Column("reason", WORDS, Outcome.reason, "oc_reason"),
        *_of(Outcome, "accepted_at", TIME), *_of(Outcome, "clock_from", DAY),
        Column("promised", COUNT, Outcome.days), *_of(Outcome, "due_day", DAY), *_of(Outcome, "done_at", TIME),
        *_of(Outcome, "done_day", DAY), *_of(Outcome, "told_at system_at void_at", TIME),
    ),
    Outcome, (Ticket, col(Ticket.id) == Outcome.ticket), (Person, col(Person.id) == Outcome.person),
)  # fmt: skip
ONE_TIME = _table(
    "one_time",
    (
        *_of(OneTimeNotice, "id", CODE), Column("no", CODE, OneTimeNotice.no, "reg_no"),
        *_of(OneTimeNotice, "day", DAY), *_of(OneTimeNotice, "at", TIME), Column("number", CODE, Ticket.number),
        *_of(OneTimeNotice, "service department window", CODE), _CLERK, *_of(OneTimeNotice, "case_no", CODE),
        *_of(OneTimeNotice, "nth", COUNT), Column("guide", COUNT, OneTimeNotice.guide, "guide_version"),
        *_of(OneTimeNotice, "papers", COUNT), *_of(OneTimeNotice, "aside any_window", YES),
        Column("form", CODE, OneTimeNotice.form, "ot_form"), Column("state", CODE, OneTimeNotice.state, "ot_state"),
        *_of(OneTimeNotice, "why leader said", WORDS), *_of(OneTimeNotice, "decided_at", TIME),
        *_of(OneTimeNotice, "return_by", DAY), *_of(OneTimeNotice, "met_at", TIME),
    ),
    OneTimeNotice, (Ticket, col(Ticket.id) == OneTimeNotice.ticket), (Person, col(Person.id) == OneTimeNotice.person),
)  # fmt: skip
REFERRALS = _table(
    "referrals",
    (
        *_of(Referral, "id", CODE), Column("no", CODE, Referral.no, "reg_no"), *_of(Referral, "day", DAY),
        *_of(Referral, "window department", CODE), Column("state", CODE, Referral.state, "hg_state"),
        Column("due_day", DAY, Referral.due_day, "hg_due"), Column("answered_at", TIME, Referral.closed_at),
    ),
    Referral,
)  # fmt: skip
REFUSALS = _table(
    "refusals",
    (
        *_of(RefusalRecord, "id", CODE), Column("no", CODE, RefusalRecord.no, "reg_no"),
        *_of(RefusalRecord, "day", DAY), *_of(RefusalRecord, "at", TIME), Column("number", CODE, Ticket.number),
        *_of(RefusalRecord, "service department window", CODE), _CLERK,
        Column("outcome", CODE, RefusalRecord.outcome, "outcome_id"), *_of(RefusalRecord, "what", WORDS),
        Column("reason", WORDS, RefusalRecord.reason, "no_reason"), *_of(RefusalRecord, "basis", WORDS),
        Column("leader", WORDS, RefusalRecord.leader, "seen_leader"), *_of(RefusalRecord, "opinion", WORDS),
        *_of(RefusalRecord, "seen_at", TIME), Column("void_at", TIME, RefusalRecord.void_at, "no_void"),
    ),
    RefusalRecord,
    (Ticket, col(Ticket.id) == RefusalRecord.ticket), (Person, col(Person.id) == RefusalRecord.person),
)  # fmt: skip
_GIVER, _TAKER = aliased(Person), aliased(Person)
HANDOVERS = _table(
    "handovers",
    (
        *_of(Handover, "id", CODE), *_of(Handover, "day", DAY), *_of(Handover, "at", TIME),
        *_of(Handover, "window", CODE), Column("giver", WORDS, _GIVER.name), *_of(Handover, "signed_at", TIME),
        *_of(Handover, "remark", WORDS), Column("taker", WORDS, _TAKER.name), *_of(Handover, "taken_over_at", TIME),
        *_of(Handover, "taken_remark", WORDS), *_of(Handover, "parked faults", CODE),
    ),
    Handover, (_GIVER, col(_GIVER.id) == Handover.giver), (_TAKER, col(_TAKER.id) == Handover.taker),
)  # fmt: skip
FOUND = _table(
    "found",
    (
        *_of(FoundItem, "id", CODE), Column("no", CODE, FoundItem.no, "reg_no"), *_of(FoundItem, "day", DAY),
        Column("name", WORDS, FoundItem.name, "thing"), Column("count", COUNT, FoundItem.count, "things"),
        *_of(FoundItem, "features", WORDS), *_of(FoundItem, "found_at", TIME), *_of(FoundItem, "place", WORDS),
        *_of(FoundItem, "zone finder", CODE), *_of(FoundItem, "perishable valuable", YES),
        Column("number", CODE, Ticket.number), Column("state", CODE, FoundItem.state, "found_state"),
        Column("due_day", DAY, FoundItem.due_day, "found_due"), *_of(FoundItem, "receipt", CODE),
        *_of(FoundItem, "closed_at", TIME),
    ),
    FoundItem, (Ticket, col(Ticket.id) == FoundItem.ticket),
)  # fmt: skip
MAIL = _table(
    "mail",
    (
        *_of(Mail, "id", CODE), Column("no", CODE, Mail.no, "reg_no"), *_of(Mail, "direction", CODE),
        *_of(Mail, "day", DAY), *_of(Mail, "at", TIME), Column("number", CODE, Ticket.number),
        *_of(Mail, "service window", CODE), Column("what", WORDS, Mail.what, "mailed"), *_of(Mail, "carrier", WORDS),
        *_of(Mail, "waybill payer", CODE), Column("state", CODE, Mail.state, "mail_state"),
        *_of(Mail, "sent_day", DAY), *_of(Mail, "closed_at checked_at", TIME), *_of(Mail, "check_note", WORDS),
    ),
    Mail, (Ticket, col(Ticket.id) == Mail.ticket),
)  # fmt: skip
REGISTERS = {table.kind: table for table in (FOUND, MAIL)}  # over HTTP: web/registers/, masked
TABLES = {
    table.kind: table
    for table in (
        RATINGS, TICKETS, VISITS, STAFF, LEDGER, SPELLS, OUTCOMES, ONE_TIME, REFERRALS, REFUSALS, HANDOVERS,
    )
}  # fmt: skip
