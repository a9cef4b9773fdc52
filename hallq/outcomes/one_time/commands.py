"""一次性告知书: what is missing and how to complete it, all at once, on paper, numbered, with the visit (H04-H11).

One request for papers to a case. A second one waits for a leader's word, is listed, and enters the ledger (H07, D10).
"""

from __future__ import annotations

from sqlmodel import bindparam, col, select

from hallq.items import guides
from hallq.kernel import SECOND, Reads, Refused, Tx, must_exist
from hallq.office import dates
from hallq.outcomes import numbers
from hallq.outcomes.model import OneTimeNotice
from hallq.outcomes.one_time.content import FORGOTTEN, Content, check
from hallq.outcomes.printing import at_hand
from hallq.ticketing.model import Ticket, Window
from hallq.ticketing.tickets import returns
from hallq.ticketing.told import hush, tell
from hallq.ticketing.windows import desk

ASKED, GIVEN, REFUSED, MET, LAPSED, VOID = "asked", "given", "refused", "met", "lapsed", "void"
STATES = (ASKED, GIVEN, REFUSED, MET, LAPSED, VOID)
UNMET = (GIVEN, LAPSED)
HELD = (ASKED, GIVEN, MET, LAPSED)  # those that count as a request for papers

OF_TICKET = select(OneTimeNotice).where(col(OneTimeNotice.ticket) == bindparam("ticket"))
OF_CASE = select(OneTimeNotice).where(col(OneTimeNotice.case_no) == bindparam("case_no"))
LAST = select(OneTimeNotice).where(col(OneTimeNotice.no).is_not(None)).order_by(col(OneTimeNotice.no).desc()).limit(1)


def give(
    tx: Tx,
    *,
    window: str,
    content: Content,
    case_no: str | None = None,
    why: str = "",
    aside: bool = False,
    any_window: bool = False,
    form: str = "slip",
    seen: int | None = None,
) -> OneTimeNotice:
    """During a visit. `aside`: the visit is set aside in the same moment, and the citizen comes back with priority. A
    second request for papers in one case needs `why`, and is `asked` until a leader has decided.

    Raises Refused: invalid, notice_written, notice_asked, stale, wrong_state."""
    row = desk.at(tx, window, seen)
    ticket, visit = desk.its_ticket(tx, row), desk.its_visit(tx, row)
    found = guides.current(tx, ticket.service)
    check(content, aside=aside, form=form, guide=found.guide if found else None)
    nth = _which(tx, ticket, content, case_no, why)
    notice = tx.insert(
        OneTimeNotice, day=tx.day, at=tx.now, ticket=ticket.id, visit=visit.id, service=ticket.service,
        department=row.department, window=window, person=visit.person, case_no=case_no or None, nth=nth,
        guide=found.version if found else None, content=content.model_dump_json(), papers=len(content.missing),
        state=ASKED, why=why.strip() or None, aside=aside, any_window=any_window, form=form,
    )  # fmt: skip
    if nth > 1:
        ask(tx, notice)
        return notice
    return hand_over(tx, notice)


def hand_over(tx: Tx, notice: OneTimeNotice) -> OneTimeNotice:
    """Numbered, the visit set aside where it is still open here, and printed: one paper, not two."""
    row = tx.get(Window, notice.window)
    if row is not None and row.visit == notice.visit:
        if notice.aside:
            returns.park(
                tx, window=notice.window, kind=returns.PAPERS, any_window=bool(notice.any_window), slip=False
            )
        else:
            desk.changed(tx, row, undo="")  # a paper has been given: the call stands
    ticket = must_exist(tx.get(Ticket, notice.ticket), "ticket", notice.ticket)
    notice = tx.update(notice, no=numbers.following(tx, LAST), state=GIVEN, return_by=ticket.return_by)
    if notice.form == "slip" and not print_slip(tx, notice):
        notice = tx.update(notice, form="a4")
    return notice


def print_slip(tx: Tx, notice: OneTimeNotice) -> bool:
    """At the window's printer, else where the number was taken. False: no printer stands there."""
    return at_hand(tx, "one_time", notice.id, window=notice.window, ticket=notice.ticket)


def print_again(tx: Tx, *, notice: int) -> bool:
    row = on_paper(tx, notice)
    tx.log(notice=notice)
    return print_slip(tx, row)


def meet(tx: Tx, *, notice: int, window: str) -> OneTimeNotice:
    """材料已补齐: the clerk who has the citizen at the window again says so."""
    row = find(tx, notice)
    ticket = desk.its_ticket(tx, desk.at(tx, window, None))
    if row.ticket != ticket.id:
        raise Refused("invalid", field="window")
    if row.state not in UNMET:
        raise Refused("wrong_state", state=row.state)
    return tx.update(row, state=MET, met_at=tx.now)


def met_on(db: Reads, *, ticket: int, service: str) -> str | None:
    """The day on which the papers for this item were complete (I04: a promise runs from the day after). None: nothing
    was missing, or it still is."""
    notices = [notice for notice in db.find(OF_TICKET, ticket=ticket) if notice.service == service]
    met = [notice.met_at for notice in notices if notice.met_at is not None]
    if not met:
        return None
    return dates.day_of(max(met), db.rules.timezone)


def earlier(db: Reads, *, ticket: Ticket, case_no: str | None) -> list[OneTimeNotice]:
    """The requests for papers in the same case: of this number and item, unless another case number says that it is
    another of the number's cases; and of this case number, whatever the number in the queue."""
    of_item = [row for row in db.find(OF_TICKET, ticket=ticket.id) if row.service == ticket.service]
    told = {row.case_no for row in of_item if row.state in HELD} - {None, case_no}
    another = bool(case_no) and len(told) < ticket.cases
    known = {row.id: row for row in of_item if not another or row.case_no in (None, case_no)}
    if case_no:
        known |= {row.id: row for row in db.find(OF_CASE, case_no=case_no)}
    return sorted((row for row in known.values() if row.papers and row.state in HELD), key=lambda row: row.at)


def find(db: Reads, notice: int) -> OneTimeNotice:
    return must_exist(db.get(OneTimeNotice, notice), "one_time_notice", notice)


def on_paper(db: Reads, notice: int) -> OneTimeNotice:
    """Raises Refused wrong_state: it was not given, or what it said has been emptied."""
    row = find(db, notice)
    if row.no is None or row.content == FORGOTTEN:
        raise Refused("wrong_state", state=row.state)
    return row


def ask(tx: Tx, notice: OneTimeNotice) -> None:
    """The chief representative is told, after a while the office too; the clerk's terminal says that it waits."""
    ticket = tx.get(Ticket, notice.ticket)
    rank = 3 if tx.now - notice.at >= tx.rules.alarm_step_s * SECOND else 2
    detail = {"no": ticket.number if ticket else "", "win": notice.window, "n": notice.nth,
              "department": notice.department, "one_time": notice.id}  # fmt: skip
    tell(tx, f"onetime/{notice.id}", "ot.asks", detail, since=notice.at, kind="alarm", rank=rank, level="warn",
         audience="office", window=notice.window)  # fmt: skip


def drop(tx: Tx, notice: OneTimeNotice) -> None:
    """Nobody needs an answer any more: the visit ended otherwise, or the day did."""
    tx.update(notice, state=VOID)
    hush(tx, f"onetime/{notice.id}")


def _which(tx: Tx, ticket: Ticket, content: Content, case_no: str | None, why: str) -> int:
    """Which request for papers of its case this one is."""
    before = earlier(tx, ticket=ticket, case_no=case_no)
    if any(notice.state == ASKED for notice in before):
        raise Refused("notice_asked")
    nth = len(before) + 1 if content.missing else 1
    if nth > 1 and not why.strip():
        raise Refused("invalid", field="why")
    return nth
