"""Cases on real rows: the kind at the finish, the clocks, the slips' numbers, what is late, and the rates."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from hallq.assessment.ledger.model import Entry
from hallq.assessment.standards import commands as standards
from hallq.backup import skip_numbers
from hallq.items.content import Guide
from hallq.items.model import GuideVersion
from hallq.kernel import Tx
from hallq.outcomes import kinds, looks, own, paper, progress, rates, recorded
from hallq.outcomes.handing import referrals
from hallq.outcomes.model import OneTimeNotice, Outcome, RefusalRecord
from hallq.outcomes.one_time.content import Content, Missing
from hallq.outcomes.rates import Rate
from hallq.texts import ZH
from hallq.ticketing import commands as do
from hallq.ticketing.model import Notice, Ticket, Visit
from tests.commands.conftest import Bench

DAY = 24 * 3600
ALL, ENTRIES = select(Outcome), select(Entry)
MAY = {"since": "2024-05-01", "until": "2024-05-31"}
PERMIT = {"kind": "permit", "handling": "promise"}


def guide(hall: Bench, service: str = "a", **fields: Any) -> None:
    def put(tx: Tx) -> None:
        tx.insert(
            GuideVersion, service=service, version=1, from_day="2020-01-01", content=Guide(**fields).model_dump_json(),
            made_at=tx.now, made_by="test",
        )  # fmt: skip

    hall.do(put)


def called(hall: Bench, service: str = "a", window: str = "1") -> Ticket:
    if hall.picture.windows[window].clerk is None:
        hall.do(do.sign_in, window=window, person=int(window))
    hall.do(do.issue, service=service, category="ordinary", kiosk="k1", printer=True)
    ticket: Ticket = hall.do(do.call_next, window=window)
    return ticket


def finish(hall: Bench, kind: str | None = "promise", window: str = "1", **more: Any) -> Outcome | None:
    called(hall, window=window)
    hall.do(do.finish, window=window, outcome=kind, **more)
    return hall.db.first(recorded.OF_VISIT, visit=max(row[0] for row in hall.rows("visit")))


def case(hall: Bench, kind: str = "promise", **more: Any) -> Outcome:
    row = finish(hall, kind, **more)
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("promised", "met", "clock_from", "due"),
    [
        (5, None, "2024-05-07", "2024-05-11"),  # Saturday the 11th is worked (调休)
        (6, None, "2024-05-07", "2024-05-13"),  # and Sunday is not
        (0, None, "2024-05-07", "2024-05-31"),  # no days in the guide: the law's twenty
        (1, "2024-05-02", "2024-05-06", "2024-05-06"),  # papers came within the May holidays, the 6th is the first day
        (5, "2024-04-30", "2024-05-06", "2024-05-10"),
    ],
)
def test_a_promise_counts_working_days_from_the_day_after_i03_i04_i10(
    hall: Bench, promised: int, met: str | None, clock_from: str, due: str
) -> None:
    guide(hall, promised_days=promised)
    ticket = called(hall)
    if met is not None:
        at = hall.now - round((6 - int(met[-2:]) if met > "2024-05" else 6) * DAY * 1000)
        hall.do(notice, ticket=ticket, met_at=at)
    hall.do(do.finish, window="1", outcome="promise")
    [row] = hall.db.find(ALL)
    assert (row.clock_from, row.due_day, row.days) == (clock_from, due, promised or 20)
    assert (row.accepted_at, row.done_at, row.no) == (hall.now, None, "2024-00001")  # I10


def notice(tx: Tx, *, ticket: Ticket, met_at: int | None) -> None:
    content = Content(missing=(Missing(name="户口簿原件", how="带原件来"),))
    tx.insert(
        OneTimeNotice, no="2024-00001", day=tx.day, at=tx.now, ticket=ticket.id, visit=1, service="a",
        department="social", window="1", content=content.model_dump_json(), papers=1, met_at=met_at,
        state="given" if met_at is None else "met",
    )  # fmt: skip


def test_two_presses_a_visit_still_work_and_make_no_case_i02(hall: Bench) -> None:
    assert finish(hall, None) is None
    found = rates.of_period(hall.db, **MAY)["hall"]
    assert (found["total"], found["without_kind"], found["rates"]["spot"]["percent"]) == (0, 1, None)


def test_a_kind_that_is_done_on_the_spot_is_done_and_told_i02(hall: Bench) -> None:
    row = case(hall, "spot")
    assert (row.done_at, row.told_at, row.due_day, row.no) == (hall.now, hall.now, None, None)
    assert looks.shape(hall.db, row)["state"] == "done"


def test_what_the_rules_do_not_take_changes_nothing_i02_i06_i09_i11(hall: Bench) -> None:
    guide(hall, **PERMIT)
    called(hall)
    for wish, code in (
        ({"outcome": "nonsense"}, "outcome_unknown"), ({"outcome": "giveback", "reason": " "}, "outcome_reason"),
        ({"outcome": "refuse"}, "outcome_reason"), ({"outcome": "supplement"}, "outcome_reason"),
        ({"outcome": "promise"}, "case_no_needed"), ({"outcome": "spot"}, "case_no_needed"),
    ):  # fmt: skip
        assert hall.refused(do.finish, window="1", **wish).code == code
    assert hall.row(Visit, 1).end == "" and hall.db.find(ALL) == []
    hall.do(do.finish, window="1", outcome="promise", case_no="SP-1")
    [row] = hall.db.find(ALL)
    assert row.case_no == "SP-1"


def test_slips_are_printed_at_the_window_else_at_the_kiosk_and_numbered_by_kind_i08(hall: Bench) -> None:
    papers = [case(hall, *wish[:1], reason=wish[1]) for wish in (
        ("promise", None), ("refuse", "不属于本机关职权"), ("giveback", "自愿撤回"), ("advice", None),
        ("promise", None), ("supplement", "材料不齐全"), ("joint", None),
    )]  # fmt: skip
    assert [(row.slip, row.no) for row in papers] == [
        ("accept", "2024-00001"), ("refuse", "2024-00001"), ("giveback", "2024-00001"), ("advice", "2024-00001"),
        ("accept", "2024-00002"), ("supplement", "2024-00001"), ("accept", "2024-00003"),
    ]  # fmt: skip
    printed = [ref for _, ref in hall.effects("print") if ref.startswith("paper/")]
    assert printed == [f"paper/{row.slip}/{row.id}" for row in papers]  # the bench has a printer at its kiosk alone


def test_a_finish_that_is_taken_back_takes_its_case_with_it_and_its_number_stays_used(hall: Bench) -> None:
    first = case(hall)
    hall.do(do.undo, window="1")
    assert hall.row(Outcome, first.id).void_at == hall.now
    assert hall.row(Visit, first.visit).outcome is None
    assert hall.refused(progress.done, outcome=first.id).code == "not_found"
    hall.do(do.finish, window="1", outcome="joint")
    assert [(row.kind, row.no, row.void_at) for row in hall.db.find(ALL)] == [
        ("promise", "2024-00001", hall.now), ("joint", "2024-00002", None),
    ]  # fmt: skip
    assert looks.at_window(hall.db, window="1")["last"]["kind"] == "joint"


def test_after_a_restore_no_number_that_may_be_on_paper_is_given_again_i06(hall: Bench) -> None:
    case(hall)
    hall.wait(60)
    hall.do(skip_numbers)
    given = [case(hall, kind, reason="不属于本机关职权").no for kind in ("promise", "promise", "refuse", "refuse")]
    assert given == ["2024-00101", "2024-00102", "2024-00101", "2024-00102"]
    assert [row.no for row in hall.db.find(select(RefusalRecord))] == ["2024-00101", "2024-00102"]
    hall.wait(60)
    hall.do(skip_numbers)
    assert case(hall).no == "2024-00201"
    hall.wait(241 * DAY)  # the second of January
    hall.do(do.day_change)
    assert case(hall).no == "2025-00001"


def test_the_list_of_missing_papers_is_not_typed_twice_i08_i11(hall: Bench) -> None:
    ticket = called(hall)
    hall.do(notice, ticket=ticket, met_at=None)
    hall.do(do.finish, window="1", outcome="supplement")
    [row] = hall.db.find(ALL)
    assert paper.values(hall.db, key=row.id or 0, lang=ZH)["missing"] == ("户口簿原件：带原件来",)


def test_an_extension_is_written_once_before_the_day_and_within_the_law_i05(hall: Bench) -> None:
    guide(hall, promised_days=5)
    row = case(hall)
    wish: dict[str, Any] = {"outcome": row.id, "reason": "需要专家评审", "leader": "王主任"}
    assert hall.refused(progress.extend, **wish, to_day="2024-05-18").code == "invalid"  # a Saturday
    assert hall.refused(progress.extend, **wish, to_day="2024-05-27").detail["until"] == "2024-05-24"
    made = hall.do(progress.extend, **wish, to_day="2024-05-24")
    assert (made.no, made.from_day, hall.row(Outcome, row.id).due_day) == ("2024-00001", "2024-05-11", "2024-05-24")
    assert paper.extension(hall.db, key=made.id, lang=ZH)["to_day"] == "2024年5月24日"
    assert ("paper/extension/1") in [ref for _, ref in hall.effects("print")]
    [told] = [view for view in hall.picture.notices.values() if view.kind == "message"]
    assert (told.words, told.person) == ("oc.extended", row.person)
    used = hall.refused(progress.extend, **wish, to_day="2024-05-27")
    assert (used.code, used.detail["until"]) == ("extension_limit", "2024-05-24")  # the day that stands now
    hall.wait(19 * DAY)
    assert hall.refused(progress.extend, **wish, to_day="2024-05-27").code == "extension_late"
    hall.do(progress.done, outcome=row.id)
    assert hall.refused(progress.extend, **wish, to_day="2024-05-27").code == "outcome_done"


def test_a_broken_promise_is_entered_once_on_the_department_and_taken_back_d11(hall: Bench) -> None:
    guide(hall, promised_days=5)
    row, other = case(hall, case_no="SP-1"), case(hall)
    hall.wait(5 * DAY)
    hall.do(progress.watch)
    assert hall.db.find(ENTRIES) == []  # the day itself is in time
    hall.wait(DAY)
    for _ in range(2):
        hall.do(progress.watch)
    late = hall.db.find(ENTRIES)
    assert [(one.kind, one.department, one.person, one.ref) for one in late] == [
        ("promise_late", "social", None, "outcome/1"), ("promise_late", "social", None, "outcome/2"),
    ]  # fmt: skip
    assert [one.id for one in rates.late(hall.db, **MAY)] == [row.id, other.id]  # I01: behind the rate
    in_time = hall.now - 3 * DAY * 1000
    hall.do(progress.done_there, case_no="SP-1", at=in_time)  # the approval system had it in time
    assert [one.cancels for one in hall.db.find(ENTRIES)] == [None, None, 1]
    hall.do(progress.done, outcome=other.id)
    found = rates.of_period(hall.db, **MAY)["items"][0]
    assert found["rates"]["promise"] == {"numerator": 1, "denominator": 2, "percent": "50.00"}
    assert (found["late"], found["department"]) == (1, "social")


def test_the_citizen_is_told_of_the_result_i21(hall: Bench) -> None:
    row = case(hall)
    assert hall.refused(progress.told, outcome=row.id).code == "outcome_open"
    tomorrow = hall.now + DAY * 1000
    assert hall.refused(progress.done, outcome=row.id, at=tomorrow).detail == {"field": "at"}
    hall.do(progress.done, outcome=row.id)
    assert hall.refused(progress.done, outcome=row.id).code == "outcome_done"
    open_ones = select(Notice).where(Notice.key == "outcomes/social")
    [task] = hall.db.find(open_ones)
    assert (task.words, task.kind, task.done_at) == ("oc.tellThem", "alert", None)
    assert [one["id"] for one in looks.listing(hall.db, **MAY, state="untold")] == [row.id]
    hall.do(progress.told, outcome=row.id)
    assert hall.db.find(open_ones)[0].done_at == hall.now


def test_the_approval_system_says_when_it_accepted_i07(hall: Bench) -> None:
    row = case(hall)
    number = hall.row(Ticket, row.ticket).number
    hall.wait(90)
    assert hall.refused(progress.accepted, case_no="SP-9").code == "not_found"
    hall.do(progress.accepted, case_no="SP-9", number=number)
    hall.wait(60)
    hall.do(progress.accepted, case_no="SP-9")  # said twice: the first stands
    assert looks.shape(hall.db, hall.row(Outcome, row.id))["apart_s"] == 90
    assert rates.of_period(hall.db, **MAY)["hall"]["system"] == {"linked": 1, "median_s": 90}


def test_the_approval_system_means_the_case_that_runs_i07(hall: Bench) -> None:
    row = case(hall, case_no="SP-1")
    case(hall, "advice", case_no="SP-1")  # its citizen has asked how it stands
    assert hall.do(progress.accepted, case_no="SP-1").id == row.id
    assert hall.do(progress.done_there, case_no="SP-1").id == row.id
    assert hall.do(progress.done_there, case_no="SP-1").id == row.id  # said twice


def test_cases_are_listed_a_page_at_a_time_the_newest_first(hall: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [case(hall, kind) for kind in ("spot", "promise", "spot")]
    wish: dict[str, Any] = MAY | {"kind": None, "department": None, "after": None}
    monkeypatch.setattr(looks, "BETWEEN", looks.BETWEEN.limit(2))
    assert [one["id"] for one in looks.page(hall.db, **wish)] == [cases[2].id, cases[1].id]
    assert [one["id"] for one in looks.page(hall.db, **wish | {"after": cases[1].id})] == [cases[0].id]
    assert [one["id"] for one in looks.page(hall.db, **wish | {"kind": "spot"})] == [cases[2].id, cases[0].id]
    assert looks.page(hall.db, **wish | {"department": "elsewhere"}) == []


def test_permits_without_kind_or_number_are_listed_i09(hall: Bench) -> None:
    guide(hall, **PERMIT)
    finish(hall, None)
    assert [one["number"] for one in looks.without_kind(hall.db, **MAY)] == ["A001"]
    row = case(hall, case_no="SP-1")
    hall.do(progress.number, outcome=row.id, case_no="SP-2")
    assert looks.listing(hall.db, **MAY, state="unnumbered") == []
    assert looks.detail(hall.db, number=row.id or 0)["case_no"] == "SP-2"


def test_what_should_have_been_done_on_the_spot_counts_against_the_rate_i01(hall: Bench) -> None:
    guide(hall, handling="spot")
    for kind in ("spot", "spot", "promise"):
        case(hall, kind)
    found = rates.of_period(hall.db, **MAY)["hall"]["rates"]
    assert found["spot"] == {"numerator": 2, "denominator": 3, "percent": "66.67"}
    assert found["promise"]["denominator"] == 0  # nothing decided yet


def test_a_clerk_sees_what_the_own_visits_came_to_and_nobody_elses_i01_i17(hall: Bench) -> None:
    guide(hall, promised_days=5)
    kept, _, _ = case(hall), case(hall), case(hall, "spot")  # the second promise is never kept
    case(hall, window="2")  # another clerk's
    for wrote in ("person:1", "person:1", "person:2"):
        hall.do(referrals.write, actor=wrote, department="tax", matter="退税", person=4)
    hall.do(referrals.answer, referral=1, answer="已退税")
    hall.do(notice, ticket=called(hall), met_at=None)
    hall.do(lambda tx: tx.update(tx.get(OneTimeNotice, 1), person=1, nth=2))
    hall.do(progress.done, outcome=kept.id)
    hall.wait(10 * DAY)
    found, other = (own.counts(hall.db, person=person, **MAY) for person in (1, 4))
    assert [(row["kind"], row["n"]) for row in found["kinds"]] == [("spot", 1), ("promise", 2)]
    assert found["promises"] == {"numerator": 1, "denominator": 2, "percent": "50.00", "late": 1}
    assert (found["notices"], found["referrals"]["written"]) == ({"given": 1, "second": 1}, 2)
    assert (found["referrals"]["answered"], found["referrals"]["received"]) == (1, 0)
    assert (other["total"], other["referrals"]) == (0, {"written": 0, "answered": 0, "received": 3, "replied": 1})


def test_a_rate_is_computed_from_rows_i16(hall: Bench) -> None:
    """4657 of 4839 are 96.24 %, whatever a report says (98.37 %)."""
    row = {"day": "2024-05-06", "at": 1, "ticket": 1, "service": "a", "department": "tax", "window": "4",
           "kind": "promise", "clock": "working", "due_day": "2024-06-30"}  # fmt: skip

    def fill(tx: Tx) -> None:
        for n in range(4839):
            tx.insert(Outcome, visit=n, done_at=1 if n < 4657 else None, done_day="2024-05-08" if n < 4657 else None,
                      **row)  # fmt: skip

    hall.do(fill)
    found = rates.of_period(hall.db, **MAY)["hall"]["rates"]
    assert found["done"] == {"numerator": 4657, "denominator": 4839, "percent": "96.24"}
    assert found["promise"]["percent"] == "100.00"  # all that were decided in these days
    assert (Rate(99999, 100000).percent, Rate(0, 0).percent, Rate(3, 3).percent) == ("99.99", None, "100.00")


def test_papers_have_come_by_any_kind_but_those_that_say_otherwise_i02(hall: Bench) -> None:
    open_still = [kind.code for kind in kinds.offered(hall.db) if not kind.completes]
    assert open_still == ["supplement", "giveback", "refuse"]


def test_kinds_are_data_of_four_to_many_and_keep_their_clock_i12(hall: Bench) -> None:
    content = dict(standards.shipped("outcomes").content)
    assert [kind.zh for kind in kinds.offered(hall.db)] == [
        "即办件", "承诺件", "补办件", "退回件", "咨询件", "不予受理", "联办件", "特办件", "上报件",
    ]  # fmt: skip
    enact = {"kind": "outcomes", "from_day": "2024-05-06", "source": "局务会"}
    named = ("spot", "promise", "supplement", "giveback")
    four = [row | {"active": row["code"] in named} for row in content["outcome"]]
    hall.do(standards.enact, **enact, content=content | {"outcome": four})
    assert len(kinds.offered(hall.db)) == 4
    called(hall)
    assert hall.refused(do.finish, window="1", outcome="advice").code == "outcome_unknown"
    for change, code in (
        (four[1:], "outcome_meaning"), ([four[0] | {"clock": "working"}, *four[1:]], "outcome_meaning"),
        ([four[0] | {"digit": "2"}, *four[1:]], "invalid"),
    ):  # fmt: skip
        assert hall.refused(standards.enact, **enact, content=content | {"outcome": change}).code == code
