"""Cases on real rows: what opens them, how they go, when they are late, who looked, and what the ledger holds."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from hallq import files, privacy
from hallq.assessment.cases import commands, looks, registry, rules, watch
from hallq.assessment.cases.model import Case
from hallq.assessment.ledger.model import Entry
from hallq.assessment.ratings import commands as ratings
from hallq.assessment.ratings.model import Invitation, Rating
from hallq.people.identity import Identity
from hallq.ticketing import commands as ticketing
from hallq.ticketing.model import Notice, Window
from tests.commands.conftest import Bench

DAY = 24 * 3600
OFFICE = Identity("person", "office", 9, "office")
CASES, ENTRIES, NOTICES = select(Case), select(Entry), select(Notice)


def served(hall: Bench) -> str:
    """A citizen is served at window 1 by clerk 1 and may rate: the invitation's token."""
    if hall.row(Window, "1").shift is None:
        hall.do(ticketing.sign_in, window="1", person=1)
    ticket = hall.do(ticketing.issue, service="a", category="ordinary")
    hall.do(ticketing.call_next, window="1")
    hall.do(ticketing.start, window="1")
    hall.do(ticketing.finish, window="1")
    [invitation] = [row for row in hall.db.find(select(Invitation)) if row.ticket == ticket.id]
    return invitation.token


def rate(hall: Bench, level: int, token: str | None = None) -> Rating:
    rated: Rating = hall.do(ratings.rate, token=token or served(hall), window="1", level=level).rating
    return rated


def step(hall: Bench, case: Case, taken: str, **words: Any) -> Case:
    values = {"note": "已办", "name": "张三"} | words
    moved: Case = hall.do(commands.take_step, case=case.id, step=taken, **values)
    return moved


def complaint(hall: Bench, **columns: Any) -> Case:
    values: dict[str, Any] = {"kind": "ordinary", "channel": "telephone", "window": "1", "person": 1} | columns
    made: Case = hall.do(registry.register, **values)
    return made


def shown(hall: Bench, case: Case) -> dict[str, Any]:
    return looks.detail(hall.db, case=case.id or 0, who=OFFICE)


def open_notices(hall: Bench, prefix: str) -> list[Notice]:
    return [row for row in hall.db.find(NOTICES) if row.done_at is None and (row.key or "").startswith(prefix)]


@pytest.mark.parametrize(("level", "cases"), [(5, 0), (3, 0), (2, 1), (1, 1)])
def test_the_two_lowest_levels_open_one_case_each_d04(hall: Bench, level: int, cases: int) -> None:
    rating = rate(hall, level)
    found = hall.db.find(CASES)
    assert len(found) == cases
    for case in found:
        assert (case.kind, case.rating, case.window, case.person, case.department) == (
            "bad_rating", rating.id, "1", 1, "social",
        )  # fmt: skip
        assert (case.no, case.due_step, case.due_day) == ("2024-0001", "rectify", "2024-05-11")  # a make-up Saturday


def test_a_rating_corrected_upwards_leaves_its_case_and_is_noted(hall: Bench) -> None:
    token = served(hall)
    rate(hall, 1, token)
    rate(hall, 5, token)
    [case] = hall.db.find(CASES)
    assert case.state == "open"
    steps = shown(hall, case)["steps"]
    assert [(one["step"], one["note"]) for one in steps] == [("open", ""), ("corrected", "1 → 5")]


def test_one_number_runs_through_both_ledgers_and_begins_anew_each_year_d05(hall: Bench) -> None:
    rate(hall, 2)
    assert complaint(hall).no == "2024-0002"
    hall.wait(300 * DAY)
    assert complaint(hall).no == "2025-0001"


def test_a_complaint_about_a_badly_rated_visit_joins_its_case_d05(hall: Bench) -> None:
    rate(hall, 1)
    [first] = hall.db.find(select(Case))
    joined = complaint(hall, number="A001", matter="材料没说全", name="王先生", contact="13800001111", secret=True)
    assert (joined.no, joined.kind, joined.named, joined.secret) == (first.no, "bad_rating", True, True)
    assert len(hall.db.find(select(Case))) == 1
    assert [row["step"] for row in shown(hall, joined)["steps"]] == ["open", "joined"]


def test_a_named_bad_rating_ends_in_an_answer_and_a_visit(hall: Bench) -> None:
    rating = rate(hall, 1)
    hall.do(registry.leave_contact, rating=rating.id, contact="13812345678")
    [case] = hall.db.find(CASES)
    step(hall, case, "verify", result="upheld")
    refused = hall.refused(commands.take_step, case=case.id, step="rectify", name="x", note="x")
    assert (refused.code, refused.detail["allowed"]) == ("case_step", ["contact", "terminate"])
    for name in ("contact", "rectify", "answer", "return", "rectify", "answer", "visit"):
        case = step(hall, case, name)
    assert step(hall, case, "close").closed_at == hall.now
    found = looks.counts(hall.db, since="2024-05-01", until="2024-05-31")
    assert found["rates"]["visited"] == {"numerator": 1, "denominator": 1}
    assert found["bad_ratings"] == 1


def test_an_anonymous_bad_rating_may_close_without_contact_but_not_without_the_reason(hall: Bench) -> None:
    rate(hall, 1)
    [case] = hall.db.find(CASES)
    step(hall, case, "verify", result="upheld")
    step(hall, case, "rectify")
    assert hall.refused(commands.take_step, case=case.id, step="close", name="x").detail == {"field": "note"}
    assert step(hall, case, "close").state == "closed"


def test_a_deadline_binds_only_what_may_still_come_d05(hall: Bench) -> None:
    """Who gave no name gets no answer, what was unfounded is not rectified: neither is ever late."""
    rate(hall, 1)
    [case] = hall.db.find(CASES)
    step(hall, case, "verify", result="upheld")
    case = step(hall, case, "rectify")
    assert (case.due_step, case.due_day) == ("", None)
    case = hall.do(commands.identify, case=case.id, by_name="x", name="王小明", contact="13812345678")
    assert case.due_step == "answer"
    assert rules.ahead("bad_rating", "contacted", True, "unfounded") == {
        "answer", "visit", "return", "close", "terminate"
    }  # fmt: skip


def test_whom_a_complaint_is_about_may_be_found_out_later_d16_d17(hall: Bench) -> None:
    case = hall.do(registry.register, kind="ordinary", channel="telephone", matter="x", window="1")
    refused = hall.refused(commands.assign, case=case.id, name="x", no_award="person")
    assert refused.detail == {"field": "person"}
    case = hall.do(commands.assign, case=case.id, name="x", person=1, no_award="person")
    assert (case.person, case.no_award) == (1, "person")
    step(hall, case, "accept")
    step(hall, case, "investigate", other_side="x")
    step(hall, case, "decide", result="upheld")
    assert hall.refused(commands.assign, case=case.id, name="x", person=2).detail == {"field": "person"}


def test_an_unfounded_bad_rating_needs_no_rectification(hall: Bench) -> None:
    rate(hall, 1)
    [case] = hall.db.find(CASES)
    step(hall, case, "verify", result="unfounded")
    assert step(hall, case, "close").verdict == "unfounded"
    assert looks.counts(hall.db, since="2024-05-01", until="2024-05-31")["rates"]["rectified"]["denominator"] == 0


def test_a_complaint_is_investigated_on_both_sides_and_an_upheld_one_enters_the_ledger_e08_d16(hall: Bench) -> None:
    case = complaint(hall)
    step(hall, case, "accept")
    assert hall.refused(commands.take_step, case=case.id, step="investigate", name="x", note="a").detail == {
        "field": "other_side"
    }
    step(hall, case, "investigate", other_side="当事人说明")
    case = step(hall, case, "decide", result="upheld")
    assert (case.due_step, case.due_day) == ("handle", "2024-05-11")  # E10
    [entry] = hall.db.find(ENTRIES)
    assert (entry.kind, entry.ref, entry.person, entry.department, entry.clause) == (
        "complaint_upheld", f"case/{case.id}", 1, "social", "投诉处理 五(一)",
    )  # fmt: skip
    case = step(hall, case, "handle")
    assert (case.due_step, case.due_day) == ("answer", "2024-05-08")  # E14
    step(hall, case, "answer")
    case = step(hall, case, "return", note="没有解决")
    assert (case.state, case.due_step) == ("decided", "handle")
    for name in ("handle", "answer"):
        step(hall, case, name)
    assert step(hall, case, "visit").state == "archived"
    assert len(hall.db.find(ENTRIES)) == 1


def test_a_serious_complaint_needs_two_approvers_and_the_stamped_page_e11(hall: Bench) -> None:
    case = complaint(hall, kind="serious")
    for name, words in (("accept", {}), ("investigate", {"other_side": "x"}), ("decide", {"result": "partly"})):
        case = step(hall, case, name, **words)
    assert case.state == "proposed" and not hall.db.find(ENTRIES)
    step(hall, case, "approve", name="李主任")
    assert hall.refused(commands.take_step, case=case.id, step="confirm", name="李主任").code == "case_second_approver"
    case = step(hall, case, "confirm", name="王局长")
    assert case.due_day == "2024-05-17"  # ten working days, the make-up Saturday among them
    assert [entry.kind for entry in hall.db.find(ENTRIES)] == ["complaint_serious"]
    assert hall.refused(commands.take_step, case=case.id, step="handle", name="x", note="x").code == "case_scan"
    scan = hall.do(files.keep, name="落实情况.pdf", media="application/pdf", content=b"%PDF-1.4")
    assert step(hall, case, "handle", files=[scan.id]).state == "handled"


def test_what_is_not_accepted_stays_stored_with_its_reason_e06(hall: Bench) -> None:
    case = complaint(hall)
    refused = hall.refused(commands.take_step, case=case.id, step="reject", name="x", note="x")
    assert refused.detail == {"field": "result"}
    assert step(hall, case, "reject", result="out_of_scope").closed_at is not None
    assert looks.listing(hall.db, since="2024-05-01", until="2024-05-31")[0]["state"] == "rejected"


@pytest.mark.parametrize(("kind", "due"), [("township", "2024-05-21"), ("letter", "2024-05-24")])
def test_letters_count_working_days_and_townships_calendar_days_e17_e18(hall: Bench, kind: str, due: str) -> None:
    assert complaint(hall, kind=kind).due_day == due


def test_alerts_before_and_after_the_deadline_and_the_ledger_d05(hall: Bench) -> None:
    rate(hall, 1)
    [case] = hall.db.find(CASES)
    hall.do(watch.watch)
    assert not hall.changes  # nothing moves at the time of the press: it would tell whose it was
    hall.wait(3600)
    hall.do(watch.watch)
    assert [row.words for row in open_notices(hall, "case")] == ["cs.new"]
    hall.wait(4 * DAY)  # Friday; due on the make-up Saturday
    hall.do(watch.watch)
    hall.do(watch.watch)
    [soon] = open_notices(hall, "case/")
    assert (soon.words, soon.rank, soon.window, soon.audience) == ("cs.soon", 2, None, "office")
    hall.wait(3 * DAY)
    hall.do(watch.watch)
    hall.do(watch.watch)
    [late] = open_notices(hall, "case/")
    assert (late.words, late.rank) == ("cs.late", 3)
    [entry] = hall.db.find(ENTRIES)
    assert (entry.kind, entry.person, entry.department) == ("bad_rating_rectified_late", None, "social")
    step(hall, case, "verify", result="upheld")
    assert not open_notices(hall, "case/")
    case = step(hall, case, "rectify")
    assert bool(case.done_late)
    rates = looks.counts(hall.db, since="2024-05-01", until="2024-05-31")["rates"]
    assert rates["on_time"] == {"numerator": 0, "denominator": 1}


def test_an_urgent_one_calls_the_office_at_once_e21(hall: Bench) -> None:
    case = complaint(hall, urgent=True)
    assert [(row.rank, row.level) for row in open_notices(hall, f"case/{case.id}")] == [(3, "alarm")]
    step(hall, case, "accept")
    assert not open_notices(hall, f"case/{case.id}")


def test_somebody_comes_to_the_kiosk_and_nobody_beside_it_reads_why_e01(hall: Bench) -> None:
    complaint(hall, channel="kiosk", kiosk="k1", come=True, window=None, person=None, topic="attitude")
    [help_] = [row for row in hall.db.find(NOTICES) if row.kind == "help"]
    assert (help_.kiosk, help_.words, help_.text) == ("k1", None, "")


def test_the_number_brings_window_person_and_its_own_timeline_as_evidence_e08(hall: Bench) -> None:
    served(hall)
    case = complaint(hall, number="a001", window=None, person=None)
    assert (case.window, case.person, case.department) == ("1", 1, "social")
    events = [event["what"] for event in shown(hall, case)["timeline"]]
    assert events == ["issued", "called", "started", "finished"]
    assert hall.refused(registry.register, channel="box", number="Z999").detail == {"field": "number"}


def test_looks_at_who_complained_stand_in_the_case_and_the_rest_is_masked_e15(hall: Bench) -> None:
    case = complaint(hall, name="王小明", contact="13812345678", actor="person:3")
    before = shown(hall, case)
    assert before["complainant"] == {"name": "王**", "contact": "138****5678", "blanked_at": None}
    assert not before["sees_identity"]
    hall.do(commands.looked, case=case.id, name="审计员", actor="person:8")
    seen = shown(hall, case)
    assert [one["name"] for one in seen["looks"]] == ["审计员"]
    assert "look" not in [one["step"] for one in seen["steps"]]
    verbs = [row[3] for row in hall.rows("journal")]
    assert verbs[-1] == "looked" and "王小明" not in str(hall.rows("journal"))


def test_who_complained_is_forgotten_after_its_time_e15(hall: Bench) -> None:
    case = step(hall, complaint(hall, name="王小明", contact="13812345678", demand="道歉"), "reject", result="invalid")
    hall.wait((hall.store.rules.case_identity_days - 1) * DAY)
    hall.do(privacy.forget)
    assert hall.row(Case, case.id).name == "王小明"
    hall.wait(2 * DAY)
    hall.do(privacy.forget)
    row = hall.row(Case, case.id)
    assert (row.name, row.contact, row.demand, row.salt, row.blanked_at) == ("", "", "", "", hall.now)


def test_the_clerk_sees_a_case_only_once_heard_and_then_without_the_complainant_e20(hall: Bench) -> None:
    case = complaint(hall, name="王小明", contact="13812345678", matter="态度冷淡")
    assert looks.own(hall.db, person=1) == []
    hall.do(commands.hear, case=case.id, name="office")
    [seen] = looks.own(hall.db, person=1)
    assert seen["matter"] == "态度冷淡" and "13812345678" not in str(seen) and "王" not in str(seen)
    hall.do(commands.add, case=case.id, step="explain", name="clerk1", note="当时系统故障")
    assert looks.own(hall.db, person=1)[0]["steps"][-1]["note"] == "当时系统故障"


def test_several_departments_share_a_case_e12_and_its_plan_is_struck_off_m12(hall: Bench) -> None:
    case = complaint(hall)
    hall.do(commands.assign, case=case.id, name="x", officer=2, owners={"social": 1, "tax": 4}, no_award="person")
    assert [row["no"] for row in looks.listing(hall.db, since="2024-05-01", until="2024-05-31", department="tax")]
    plan = hall.do(
        commands.plan, case=case.id, name="x", content="培训", measures="集中学习", due_day="2024-05-20",
        responsible="李四",
    )  # fmt: skip
    hall.do(commands.move_plan, case=case.id, plan=plan.id, name="x", progress="已开两次课")
    hall.do(commands.move_plan, case=case.id, plan=plan.id, name="x", result="已完成")
    [struck] = shown(hall, case)["plans"]
    assert (struck["progress"], struck["result"]) == ("已开两次课", "已完成") and struck["struck_at"]
    refused = hall.refused(commands.move_plan, case=case.id, plan=plan.id, name="x", result="again")
    assert refused.code == "wrong_state"


def test_days_since_the_last_case_of_each_window_d26(hall: Bench) -> None:
    complaint(hall)
    hall.wait(3 * DAY)
    found = {row["window"]: row["days"] for row in looks.quiet_days(hall.db)}
    assert found == {"1": 3, "2": None, "3": None, "4": None}


def test_scores_can_ask_by_person(hall: Bench) -> None:
    made = complaint(hall)
    assert [row.id for row in looks.by_person(hall.db, person=1, since="2024-05-06", until="2024-05-06")] == [made.id]
    assert looks.by_person(hall.db, person=2, since="2024-05-06", until="2024-05-06") == []
    assert rules.BAD_RATING not in {row.kind for row in hall.db.find(CASES)}
