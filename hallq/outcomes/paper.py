"""A case's slip in words (M9): one set of values for the five notices, one for the written extension.

What is empty leaves its lines out, so that each template names only what its rule asks for.
"""

from __future__ import annotations

from hallq.kernel import Reads, must_exist
from hallq.office import dates
from hallq.outcomes import clock
from hallq.outcomes.kinds import SUPPLEMENT
from hallq.outcomes.model import Extension, Outcome
from hallq.outcomes.one_time import words
from hallq.outcomes.one_time.paper import line
from hallq.outcomes.progress import EXTENSIONS
from hallq.outcomes.recorded import notice_of
from hallq.texts import text
from hallq.texts.wording import Value, day, named
from hallq.ticketing.lookups import name_of
from hallq.ticketing.model import Department, Service, Ticket


def values(db: Reads, *, key: int, lang: str) -> dict[str, Value]:
    """Of accept, refuse, supplement, giveback and advice; also of one taken back while its slip was on the way."""
    row = must_exist(db.get(Outcome, key), "outcome", key)
    return _common(db, row, lang) | {
        "no": row.no or "",
        "accepted": dates.local(row.at, db.rules.timezone).strftime("%Y-%m-%d %H:%M"),
        "due": day(_promised(db, row), lang, year=True),
        "days": str(row.days) if row.due_day else "",
        "clock_from": day(row.clock_from, lang, year=True),
        "reason": row.reason,
        "missing": _missing(db, row, lang),
        "mail": _mail(db, row, lang),
    }


def extension(db: Reads, *, key: int, lang: str) -> dict[str, Value]:
    made = must_exist(db.get(Extension, key), "extension", key)
    row = must_exist(db.get(Outcome, made.outcome), "outcome", made.outcome)
    return _common(db, row, lang) | {
        "no": made.no, "from_day": day(made.from_day, lang, year=True), "to_day": day(made.to_day, lang, year=True),
        "reason": made.reason, "leader": made.leader,
    }  # fmt: skip


def _common(db: Reads, row: Outcome, lang: str) -> dict[str, Value]:
    ticket, guide = db.get(Ticket, row.ticket), clock.guide_of(db, row.service)
    return {
        "number": ticket.number if ticket else "",
        "service": named(db.get(Service, row.service), lang, row.service),
        "department": named(db.get(Department, row.department), lang, row.department),
        "case_no": row.case_no or "",
        "window": row.window,
        "clerk": name_of(db, row.person),
        "phone": guide.phone,
    }


def _promised(db: Reads, row: Outcome) -> str | None:
    """As it was accepted, also when it is printed once more: an extension has a paper of its own."""
    extended = db.first(EXTENSIONS, outcome=row.id)
    return extended.from_day if extended is not None else row.due_day


def _missing(db: Reads, row: Outcome, lang: str) -> tuple[str, ...]:
    """From the one-time notice, so that nothing is typed twice."""
    notice = notice_of(db, ticket=row.ticket, service=row.service) if row.slip == SUPPLEMENT else None
    return tuple(line(paper, lang) for paper in words.of(db, notice, lang).missing) if notice is not None else ()


def _mail(db: Reads, row: Outcome, lang: str) -> str:
    """L02, L05: where the item says that its result may be sent."""
    if not row.accepts or not clock.guide_of(db, row.service).mail:
        return ""
    phone = db.rules.mail_phone
    return text("ocp.mailAsk", lang, phone=phone) if phone != "none" else text("ocp.mail", lang)
