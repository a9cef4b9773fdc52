"""A one-time notice in words, for the slip: what is missing, the other parts of H04, and how to come back."""

from __future__ import annotations

from hallq.items import guides
from hallq.items.known import SERVED_AT
from hallq.kernel import Reads
from hallq.outcomes.one_time import words
from hallq.outcomes.one_time.commands import find
from hallq.outcomes.one_time.content import Content, Missing
from hallq.texts import text
from hallq.texts.wording import Value, day, listed, named
from hallq.ticketing.lookups import name_of
from hallq.ticketing.model import Department, Service, Ticket


def values(db: Reads, *, key: int, lang: str) -> dict[str, Value]:
    notice = find(db, key)
    content, ticket = words.of(db, notice, lang), db.get(Ticket, notice.ticket)
    service, department = db.get(Service, notice.service), db.get(Department, notice.department)
    back = notice.return_by or ""
    return {
        "no": notice.no or "",
        "number": ticket.number if ticket else "",
        "service": named(service, lang, notice.service),
        "department": named(department, lang),
        "window": notice.window,
        "clerk": name_of(db, notice.person),
        "case_no": notice.case_no or "",
        "missing": tuple(line(paper, lang) for paper in content.missing),
        "complete": "" if content.missing else text("ot.complete", lang),
        "accepted": accepted(content, lang),
        "special": content.special,
        "next": content.next,
        "fee": content.fee,
        "return_by": day(back, lang),
        "check_code": ticket.check_code if ticket and back else "",
        "phone_token": ticket.phone_token if ticket else "",
        "windows": _windows(db, notice.window, bool(notice.any_window), service, lang) if back else "",
        "phone": _phone(db, notice.service),
    }


def line(paper: Missing, lang: str) -> str:
    return text("ot.paper", lang, name=paper.name, how=paper.how) if paper.how else paper.name


def accepted(content: Content, lang: str) -> str:
    """Accepted or not, and why (是否受理及其理由)."""
    said = text(f"ot.accepted_{content.accepted}", lang)
    return text("ot.because", lang, what=said, why=content.reason) if content.reason else said


def _windows(db: Reads, own: str, any_window: bool, service: Service | None, lang: str) -> str:
    """Where to go with the papers: this window, or any that serves the item."""
    if not any_window or service is None:
        return own
    served = [window.no for window in db.find(SERVED_AT, service=service.code)] or [own]
    return listed(served, lang)


def _phone(db: Reads, service: str) -> str:
    found = guides.current(db, service)
    return found.guide.phone if found else ""
