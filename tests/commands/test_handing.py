"""What is passed on, refused and handed over: referrals (I17), refusal records (I18), the end of a shift (B32)."""

from __future__ import annotations

import json
from typing import Any

from hallq.kernel import Reads
from hallq.office import posts
from hallq.office.post_model import Handover
from hallq.outcomes.handing import handovers, referral_looks, referral_paper, referrals, refusal_looks, refusals
from hallq.outcomes.model import Referral, RefusalRecord
from hallq.texts import ZH
from hallq.ticketing import commands as do
from hallq.ticketing.model import Ticket
from hallq.ticketing.tickets import phone
from tests.commands.conftest import Bench

DAY = 24 * 3600
ANN = {"name": "张建国", "address": "幸福路1号", "phone": "13812345678", "message": "请回电话"}
MAY: dict[str, Any] = {"since": "2024-05-01", "until": "2024-05-31"}


def told(hall: Bench) -> list[str]:
    return [notice.words for notice in hall.picture.notices.values()]


def passed_on(hall: Bench, **more: Any) -> Referral:
    wish = {"department": "tax", "matter": "车船税退税", "person": 4, "tel": "7210000"} | ANN | more
    row: Referral = hall.do(referrals.write, actor="person:1", **wish)
    return row


# -- 首问转交


def test_a_matter_is_passed_on_and_answered_i17(hall: Bench) -> None:
    row = passed_on(hall)
    assert (row.no, row.due_day, row.salt != "") == ("2024-00001", "2024-05-07", True)
    assert told(hall) == ["hg.new", "hg.toYou"]  # the department's chief and office; who is responsible, by name
    assert referral_paper.values(hall.db, key=row.id or 0, lang=ZH) | {"windows": "4", "due": "5月7日"} == {
        "no": "2024-00001", "number": "", "matter": "车船税退税", "department": "tax", "person": "clerk4",
        "tel": "7210000", "windows": "4", "due": "5月7日", "writer": "clerk1",
    }  # fmt: skip
    hall.do(referrals.take, actor="person:4", referral=row.id)
    assert hall.refused(referrals.take, referral=row.id).code == "wrong_state"
    hall.do(referrals.answer, actor="person:4", referral=row.id, answer="已电话答复")
    done = hall.row(Referral, row.id)
    assert (done.state, done.taken_by, done.closed_at) == ("answered", "person:4", hall.now)
    assert told(hall) == ["hg.toYou"]
    assert hall.refused(referrals.answer, referral=row.id, answer="再").code == "wrong_state"
    assert hall.refused(referrals.write, department="tax", matter="x", person=1).detail == {"field": "person"}
    assert hall.refused(referrals.write, department="tax", matter=" ").detail == {"field": "matter"}


def test_a_list_of_referrals_masks_the_citizen_and_counts_i17(hall: Bench) -> None:
    passed_on(hall)
    passed_on(hall, department="social", person=None)
    [own] = referral_looks.listing(hall.db, **MAY, department="social")
    assert (own["name"], own["phone"], own["no"]) == ("张**", "138****5678", "2024-00002")
    assert len(referral_looks.listing(hall.db, **MAY, department="social", by="person:1")) == 2
    hall.wait(2 * DAY)  # 8 May: the day to answer by was the 7th
    hall.do(referrals.watch)
    assert told(hall).count("hg.late") == 2
    rows = referral_looks.listing(hall.db, **MAY, open_only=True)
    assert referral_looks.figures(rows, hall.db)[0] == {"department": "social", "n": 1, "open": 1, "late": 1}
    hall.do(referrals.watch)
    assert not hall.changes  # told once


# -- 否定报备


def test_a_case_that_is_refused_is_put_before_the_leader_i18(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(do.finish, window="1", outcome="refuse", reason="不属于本机关职权", actor="person:1")
    [row] = refusal_looks.listing(hall.db, **MAY)
    assert (row["what"], row["reason"], row["number"], row["writer"]) == ("a", "不属于本机关职权", "A001", "clerk1")
    assert told(hall) == ["hg.unseen"]
    hall.do(do.undo, window="1")  # taken back with the finish
    assert refusal_looks.listing(hall.db, **MAY) == [] and told(hall) == []
    assert hall.refused(refusals.note, refusal=row["id"], leader="周局", opinion="").code == "not_found"


def test_a_spoken_no_is_recorded_and_seen_i18(hall: Bench) -> None:
    wish: dict[str, Any] = {"department": "tax", "what": "容缺受理", "reason": "缺主件", "person": 4, "window": "4"}
    row: RefusalRecord = hall.do(refusals.record, **wish)
    hall.do(refusals.record, department="tax", what="延期", reason="已过期限")
    for other in ({"window": "99"}, {"service": "x"}, {"ticket": 9}, {"department": "x"}):
        assert hall.refused(refusals.record, **wish | other).code == "not_found"
    assert refusal_looks.figures(refusal_looks.listing(hall.db, **MAY), hall.db) == [
        {"department": "tax", "n": 2, "unseen": 2}
    ]
    hall.do(refusals.note, refusal=row.id, leader="周局", opinion="同意")
    assert hall.refused(refusals.note, refusal=row.id, leader="周局", opinion="").code == "wrong_state"
    assert [each["no"] for each in refusal_looks.listing(hall.db, **MAY, unseen=True)] == ["2024-00002"]
    [notice] = hall.picture.notices.values()
    assert json.loads(notice.detail)["n"] == 1


# -- 交接班


def handed(db: Reads, number: int = 1) -> Any:
    row = db.get(Handover, number)
    assert row is not None
    return handovers.shape(db, row)


def test_a_window_is_handed_over_with_two_signatures_b32(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(do.park, window="1", kind="kept")
    hall.do(do.pause, window="1", reason="meal")
    assert hall.refused(handovers.sign, window="1", person=2).code == "window_taken"
    hall.do(handovers.sign, window="1", person=1, faults="led-1", remark="A001 等电话")
    assert handovers.signed_by_another(hall.db, "1", 1) is None  # nobody takes over from oneself
    hall.wait(60)
    hall.do(handovers.take_over, window="1", person=2, faults="led-1", remark="收到")
    shape = handed(hall.db)
    assert (shape["giver_name"], shape["taker_name"], shape["faults"]) == ("clerk1", "clerk2", ["led-1"])
    assert (shape["remark"], shape["taken_remark"]) == ("A001 等电话", "收到")
    assert shape["taken_over_at"] - shape["signed_at"] == 60_000
    assert [each["number"] for each in shape["content"]["parked"]] == ["A001"]
    assert [each["reason"] for each in shape["content"]["pauses"]] == ["轮换用餐"]
    assert handovers.listing(hall.db, **MAY) == [shape]


def test_what_was_signed_in_the_evening_is_confirmed_in_the_morning_b32(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(handovers.sign, window="1", person=1)
    hall.do(handovers.sign, window="1", person=1, remark="明早先叫 A003")  # signed anew: as things stand now
    hall.do(do.sign_out, window="1")
    hall.wait(DAY)
    assert hall.refused(handovers.confirm, window="1", person=2).code == "not_signed_in"
    hall.do(do.sign_in, window="1", person=2)
    hall.do(handovers.confirm, window="1", person=2)
    assert handed(hall.db)["remark"] == "明早先叫 A003"
    assert handed(hall.db)["taker"] == 2
    assert hall.refused(handovers.confirm, window="1", person=2).code == "not_found"
    assert posts.signed(hall.db, "1") is None


def test_a_signature_that_nobody_confirmed_is_not_written_over_b32(hall: Bench) -> None:
    for person in (1, 2):
        hall.do(do.sign_in, window="1", person=person)
        hall.do(handovers.sign, window="1", person=person)
        hall.do(do.sign_out, window="1")
    assert [(row["giver"], row["taker"]) for row in handovers.listing(hall.db, **MAY)] == [(2, None), (1, None)]
    hall.do(do.sign_in, window="1", person=3)
    assert hall.do(handovers.confirm, window="1", person=3).giver == 2  # what the last one left
    assert handovers.signed_by_another(hall.db, "1", 3) is None


# -- more time, asked on the phone


def test_more_time_puts_a_number_behind_the_next_three_of_its_line(hall: Bench) -> None:
    tickets: list[Ticket] = []
    hall.do(do.sign_in, window="1", person=1)
    for _ in range(5):
        tickets.append(hall.do(do.issue, service="a"))
        hall.wait(1)
    hall.do(do.issue, service="a", category="elderly")
    token = tickets[0].phone_token
    assert phone.may_postpone(hall.db, tickets[0])
    hall.do(phone.postpone, token=token)
    assert hall.refused(phone.postpone, token=token).code == "postponed_before"
    assert hall.refused(phone.postpone, token=tickets[-1].phone_token).code == "nobody_behind"
    order = []
    for _ in range(6):
        order.append(hall.do(do.call_next, window="1").number)
        hall.do(do.finish, window="1")
    assert order == ["A006", "A002", "A003", "A004", "A001", "A005"]  # the green channel has a line of its own
    assert hall.refused(phone.leave, token=token).code == "wrong_state"
