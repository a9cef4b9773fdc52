"""One-time notices: what is missing told once, on paper, with the same number; a second one needs a leader's word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from hallq.assessment.ledger.model import Entry
from hallq.items.content import Guide
from hallq.items.model import GuideVersion
from hallq.kernel import Tx
from hallq.outcomes.model import OneTimeNotice
from hallq.outcomes.one_time import commands as one_time
from hallq.outcomes.one_time import looks as one_time_looks
from hallq.outcomes.one_time import paper as one_time_paper
from hallq.outcomes.one_time import second as one_time_second
from hallq.outcomes.one_time import watch as one_time_watch
from hallq.outcomes.one_time import words as one_time_words
from hallq.outcomes.one_time.content import Content
from hallq.texts import EN, ZH
from hallq.ticketing import commands as do
from hallq.ticketing.model import Ticket
from hallq.ticketing.tickets import returns
from tests.commands.conftest import Bench

BOOK = {"name": "户口簿", "how": "带原件，复印首页和本人页"}
NEEDS = Content.model_validate({"missing": [BOOK, {"name": "近期照片"}], "next": "补齐后受理", "fee": "不收费"})
COMPLETE = Content(accepted="yes", next="5 个工作日内办结", fee="不收费")
DAY = 24 * 3600


@pytest.fixture
def desk(hall: Bench) -> Iterator[Bench]:
    """Clerk 1 at window 1; service a has a guide (version 3), service b is a permit."""
    hall.store.followers.append(one_time_watch.follow)
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.sign_in, window="2", person=2)
    hall.do(guide, service="a", kind="service", version=3)
    hall.do(guide, service="b", kind="permit", version=1)
    yield hall


def guide(tx: Tx, *, service: str, kind: str, version: int) -> None:
    book = {"name": "户口簿", "name_en": "Household register", "how": "带原件"}
    content = json.dumps({"kind": kind, "special": "实地勘查", "materials": [book]})
    tx.insert(GuideVersion, service=service, version=version, from_day="2024-01-01", content=content, made_at=0,
              made_by="t")  # fmt: skip


def called(hall: Bench, window: str = "1", service: str = "a") -> Ticket:
    hall.do(do.issue, service=service, kiosk="k1")
    ticket: Ticket = hall.do(do.call_next, window=window)
    hall.do(do.start, window=window)
    return ticket


def give(hall: Bench, **wish: Any) -> OneTimeNotice:
    notice: OneTimeNotice = hall.do(one_time.give, **{"window": "1", "content": NEEDS, "aside": True, **wish})
    return notice


def comes_back(hall: Bench, ticket: Ticket) -> None:
    hall.do(do.restore, number=ticket.number, check_code=hall.row(Ticket, ticket.id).check_code)
    hall.do(do.call_next, window="1")
    hall.do(do.start, window="1")


def state_of(hall: Bench, notice: OneTimeNotice) -> str:
    state: str = hall.row(OneTimeNotice, notice.id).state
    return state


def test_h04_h06_a_notice_is_numbered_printed_and_brings_back_without_a_new_number(desk: Bench) -> None:
    ticket = called(desk)
    notice = give(desk, case_no="2024-881")
    assert (notice.no, notice.state, notice.nth, notice.guide, notice.papers) == ("2024-00001", "given", 1, 3, 2)
    parked = desk.row(Ticket, ticket.id)
    assert (parked.state, parked.park_kind, parked.return_by) == ("parked", "papers", "2024-05-11")
    assert notice.return_by == "2024-05-11" and desk.picture.windows["1"].ticket is None
    printed = [ref for _, ref in desk.effects("print")]
    assert printed == [f"paper/one_time/{notice.id}"]  # one paper: the slip of the return is left out
    comes_back(desk, ticket)
    assert desk.row(Ticket, ticket.id).priority == "return"
    assert one_time.met_on(desk.db, ticket=ticket.id, service="a") is None  # type: ignore[arg-type]
    desk.do(do.finish, window="1")
    assert state_of(desk, notice) == "met"
    assert one_time.met_on(desk.db, ticket=ticket.id, service="a") == "2024-05-06"  # type: ignore[arg-type]
    assert one_time.met_on(desk.db, ticket=ticket.id, service="b") is None  # type: ignore[arg-type]
    desk.do(do.undo, window="1")
    assert state_of(desk, notice) == "given"
    assert one_time.met_on(desk.db, ticket=ticket.id, service="a") is None  # type: ignore[arg-type]
    desk.do(one_time.meet, notice=notice.id, window="1")
    assert state_of(desk, notice) == "met"


def test_h04_h10_the_slip_says_the_five_parts_and_how_to_come_back(desk: Bench) -> None:
    called(desk)
    known = one_time_paper.values(desk.db, key=give(desk).id or 0, lang=ZH)
    assert known["missing"] == ("户口簿：带原件，复印首页和本人页", "近期照片") and known["complete"] == ""
    assert (known["accepted"], known["next"], known["fee"]) == ("材料补齐后受理", "补齐后受理", "不收费")
    assert (known["return_by"], known["windows"], len(str(known["check_code"]))) == ("5月11日", "1", 4)
    in_english = one_time_paper.values(desk.db, key=1, lang=EN)
    assert in_english["missing"] == ("Household register: 带原件，复印首页和本人页", "近期照片")


def test_h09_h11_given_without_setting_aside_the_visit_goes_on(desk: Bench) -> None:
    ticket = called(desk)
    notice = give(desk, content=COMPLETE, aside=False)
    assert (notice.no, notice.return_by, notice.papers) == ("2024-00001", None, 0)
    assert desk.row(Ticket, ticket.id).state == "serving"
    assert desk.refused(do.undo, window="1").code == "undo_expired"
    oral = give(desk, content=COMPLETE, aside=False, form="oral")
    assert (oral.no, oral.nth, len(desk.effects("print"))) == ("2024-00002", 1, 1)


@pytest.mark.parametrize(
    ("wish", "code", "field"),
    [
        ({"content": Content(accepted="no")}, "invalid", "content.reason"),
        ({"content": Content()}, "invalid", "content.missing"),
        ({"content": Content.model_validate({"missing": [{"name": " "}]})}, "invalid", "content.missing"),
        ({"content": COMPLETE}, "invalid", "aside"),
        ({"form": "oral"}, "notice_written", None),
        ({"seen": 0}, "stale", None),
    ],
)
def test_a_notice_that_says_too_little_is_refused(desk: Bench, wish: dict[str, Any], code: str, field: Any) -> None:
    called(desk)
    error = desk.refused(one_time.give, **{"window": "1", "content": NEEDS, "aside": True, **wish})
    assert (error.code, error.detail.get("field")) == (code, field)


def test_h08_a_permit_is_told_in_writing(desk: Bench) -> None:
    called(desk, "2", "b")
    wish = {"window": "2", "content": COMPLETE, "form": "oral"}
    assert desk.refused(one_time.give, **wish).code == "notice_written"
    assert give(desk, window="2", content=COMPLETE, aside=False).form == "slip"


def test_h06_h11_without_a_printer_it_is_the_a4_page(desk: Bench) -> None:
    desk.store.served = frozenset()
    called(desk)
    assert give(desk).form == "a4"


def second(desk: Bench) -> tuple[Ticket, OneTimeNotice]:
    """The citizen is back, and more papers are asked for."""
    ticket = called(desk)
    give(desk)
    comes_back(desk, ticket)
    assert desk.refused(one_time.give, window="1", content=NEEDS, aside=True).detail == {"field": "why"}
    return ticket, give(desk, why="政策有变，需要另一份证明")


def test_h07_a_second_request_waits_for_a_leader_and_is_then_given(desk: Bench) -> None:
    ticket, notice = second(desk)
    assert (notice.state, notice.no, notice.nth) == ("asked", None, 2)
    assert desk.row(Ticket, ticket.id).state == "serving" and len(desk.effects("print")) == 1
    [alarm] = [view for view in desk.picture.notices.values() if view.key == f"onetime/{notice.id}"]
    assert (alarm.rank, alarm.window) == (2, "1")
    assert desk.refused(one_time.give, window="1", content=NEEDS, why="x").code == "notice_asked"
    desk.wait(181)
    desk.do(one_time_watch.keep)
    assert [view.rank for view in desk.picture.notices.values()] == [3]
    wish: dict[str, Any] = {"notice": notice.id, "leader": "张局长", "said": "同意"}
    assert desk.refused(one_time_second.approve, **wish, person=1).code == "own_matter"
    given = desk.do(one_time_second.approve, **wish, person=9)
    assert (given.no, given.state, given.return_by) == ("2024-00002", "given", "2024-05-11")
    assert desk.row(Ticket, ticket.id).state == "parked" and len(desk.effects("print")) == 2
    [entry] = desk.db.find(select(Entry))
    assert (entry.kind, entry.person, entry.department, entry.ref) == (
        "notice_again", 1, "social", f"onetime/{notice.id}")  # fmt: skip
    figures = one_time_looks.figures(desk.db, since="2024-05-06", until="2024-05-06")
    assert (figures["total"]["second"], figures["total"]["cases"]) == (1, 1)
    assert desk.refused(one_time_second.refuse, **wish).code == "wrong_state"


def test_h07_refused_the_clerk_goes_on_and_other_cases_are_their_own(desk: Bench) -> None:
    ticket, notice = second(desk)
    desk.do(one_time_second.refuse, notice=notice.id, leader="张局长", said="按现有材料办理")
    assert (state_of(desk, notice), desk.row(Ticket, ticket.id).state) == ("refused", "serving")
    [told] = [view for view in desk.picture.notices.values() if view.kind == "message"]
    assert (told.words, told.person) == ("ot.didRefuse", 1)
    desk.do(do.finish, window="1")
    called(desk)
    assert give(desk, case_no="X-1").nth == 1
    called(desk)
    assert give(desk, case_no="X-1", why="y").state == "asked"  # the same case with another number
    desk.do(do.finish, window="1")
    assert [view for view in desk.picture.notices.values() if view.kind == "alarm"] == []  # nobody needs the answer


def test_h06_d10_who_was_sent_for_papers_without_a_notice_is_counted(desk: Bench) -> None:
    called(desk)
    desk.do(returns.park, window="1", kind="papers")
    called(desk)
    give(desk)
    figures = one_time_looks.figures(desk.db, since="2024-05-06", until="2024-05-06", department="social")
    assert (figures["total"]["sent"], figures["total"]["unwritten"], figures["total"]["given"]) == (2, 1, 1)
    listed = one_time_looks.unwritten(desk.db, since="2024-05-06", until="2024-05-06", department="social")
    assert [(row["number"], row["clerk"]) for row in listed] == [("A001", "clerk1")]


def test_a_notice_lapses_when_nobody_came_and_its_question_ends_with_the_day(desk: Bench) -> None:
    called(desk)
    first = give(desk)
    ticket = called(desk)
    kept = give(desk)
    desk.wait(5 * DAY)
    desk.do(do.day_change)
    desk.do(do.sign_in, window="1", person=1)
    desk.do(do.restore, number=ticket.number, check_code=desk.row(Ticket, ticket.id).check_code)
    desk.wait(DAY)
    desk.do(one_time_watch.keep)
    assert (state_of(desk, first), state_of(desk, kept)) == ("lapsed", "given")  # who is back is not late
    desk.do(do.day_change)
    late = desk.row(Ticket, first.ticket)
    over = desk.refused(do.restore, number=late.number, check_code=late.check_code)
    assert (over.code, over.detail) == ("return_over", {"day": "2024-05-11"})
    assert desk.refused(do.restore, number=late.number, check_code="").code == "wrong_code"
    assert desk.rows("notice") == []


def test_sent_for_papers_once_more_the_first_notice_waits_with_the_second(desk: Bench) -> None:
    ticket = called(desk)
    first = give(desk)
    desk.wait(4 * DAY)
    desk.do(do.day_change)
    desk.do(do.sign_in, window="1", person=1)
    comes_back(desk, ticket)
    again = give(desk, why="政策有变，需要另一份证明")
    desk.do(one_time_second.approve, notice=again.id, leader="张局长", said="同意", person=9)
    desk.wait(3 * DAY)
    desk.do(one_time_watch.keep)
    assert (state_of(desk, first), state_of(desk, again)) == ("given", "given")
    desk.wait(30 * DAY)
    desk.do(one_time_watch.keep)
    assert (state_of(desk, first), state_of(desk, again)) == ("lapsed", "lapsed")


def test_h07_another_case_number_is_another_case_only_as_far_as_the_number_has_cases(desk: Bench) -> None:
    called(desk)
    give(desk, aside=False, case_no="CASE-1")
    assert give(desk, aside=False, case_no="CASE-2", why="政策有变，需要另一份证明").state == "asked"
    desk.do(do.issue, service="a", cases=2)
    desk.do(do.finish, window="1", next=True)
    give(desk, aside=False, case_no="CASE-3")
    assert give(desk, aside=False, case_no="CASE-4").state == "given"


def test_h07_papers_are_not_asked_for_once_more_by_the_kind_of_the_case(desk: Bench) -> None:
    ticket = called(desk)
    notice = give(desk)
    comes_back(desk, ticket)
    again = {"window": "1", "outcome": "supplement", "reason": "还缺一份证明"}
    assert desk.refused(do.finish, **again).code == "notice_again"
    asked = give(desk, aside=False, why="政策有变，需要另一份证明")
    desk.do(one_time_second.approve, notice=asked.id, leader="张局长", said="同意", person=9)
    desk.do(do.finish, **again)
    assert state_of(desk, notice) == "given"  # it was not complete


def test_a_case_that_is_given_back_leaves_its_notice_unmet(desk: Bench) -> None:
    ticket = called(desk)
    notice = give(desk)
    comes_back(desk, ticket)
    desk.do(do.finish, window="1", outcome="giveback", reason="申请材料不齐全，逾期未补正")
    assert state_of(desk, notice) == "given"
    desk.wait(7 * DAY)
    desk.do(one_time_watch.keep)
    assert state_of(desk, notice) == "lapsed"


def test_the_papers_of_one_item_are_not_those_of_the_next_a20(desk: Bench) -> None:
    ticket = called(desk, "2")
    give(desk, window="2", aside=False)
    desk.do(do.finish, window="2", outcome="supplement", then=["b"])
    assert desk.do(do.call_next, window="2").id == ticket.id
    assert desk.refused(do.finish, window="2", outcome="supplement").code == "outcome_reason"


def test_in_english_a_notice_says_what_the_guide_says_in_english_and_the_rest_as_it_was_written() -> None:
    guide = Guide.model_validate({
        "materials": [
            {"name": "户口簿", "name_en": "Household register", "how": "带原件", "how_en": "Bring the original"},
            {"name": "照片", "name_en": "Photo", "how": "近期免冠"},
        ],
        "steps": [{"name": "受理"}, {"name": "核查", "name_en": "Site visit", "note": "预约"}],
        "fee": "不收费", "fee_en": "Free",
    })  # fmt: skip
    written = [
        {"name": "户口簿", "how": "带原件"}, {"name": "户口簿", "how": "还要复印件"}, {"name": "照片"},
        {"name": "证明"},
    ]  # fmt: skip
    content = Content.model_validate({"missing": written, "fee": "不收费", "next": "核查：预约", "special": "现场看"})
    said = one_time_words.english(content, guide)
    assert [(paper.name, paper.how) for paper in said.missing] == [
        ("Household register", "Bring the original"), ("Household register", "还要复印件"), ("Photo", ""), ("证明", ""),
    ]  # fmt: skip
    assert (said.fee, said.next, said.special) == ("Free", "核查：预约", "现场看")  # a step half in English is none
