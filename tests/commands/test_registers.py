"""The guide desk's registers: a found item's three clocks and ways out, mail from the wish to the waybill."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from hallq import files
from hallq.kernel import Refused
from hallq.privacy import forget
from hallq.registers import found, found_looks, ledger, mail, slips
from hallq.registers.model import FoundItem, FoundStep, Mail
from hallq.texts import ZH
from hallq.ticketing import commands as ticketing
from hallq.ticketing.model import Notice, Ticket
from tests.commands.conftest import START, Bench

DAY = 24 * 3600
PNG = b"\x89PNG\r\n\x1a\n signature"
OWNER: dict[str, Any] = {
    "claimant": "张建国", "id_masked": "1506************34", "phone": "13812345678", "checked": True,
}  # fmt: skip
HOME = {"name": "张建国", "phone": "13812341234", "address": "某旗某镇某街1号"}


def item(hall: Bench, **columns: Any) -> FoundItem:
    values: dict[str, Any] = {"name": "雨伞", "features": "黑色，弯柄", "found_at": START - 60_000, "place": "3号椅"}
    made: FoundItem = hall.do(found.register, **values | {"zone": "1F"} | columns)
    return made


def signature(hall: Bench) -> int:
    kept: int = hall.do(files.keep, name="sign.png", media="image/png", content=PNG).id
    return kept


def told(hall: Bench) -> list[str]:
    hall.do(found.watch)
    rows = hall.db.find(select(Notice))
    return sorted(row.key or "" for row in rows if row.done_at is None and (row.key or "").startswith("found/"))


def test_the_public_hears_what_day_and_area_and_no_mark_k02(hall: Bench) -> None:
    first, second = item(hall), item(hall, name="手机", valuable=True, zone=None)
    assert (first.no, second.no) == ("2024-0001", "2024-0002")
    assert found.public(hall.db) == [
        {"no": "2024-0002", "name": "手机", "count": 1, "day": "2024-05-06", "zone": None, "place": "", "place_en": ""},
        {"no": "2024-0001", "name": "雨伞", "count": 1, "day": "2024-05-06", "zone": "1F", "place": "1F",
         "place_en": "1F"},
    ]  # fmt: skip
    assert hall.refused(found.register, name="伞", features="a", place="b", found_at=hall.now + DAY * 1000).detail == {
        "field": "found_at"
    }
    hall.wait(240 * DAY)
    assert item(hall, found_at=hall.now).no == "2025-0001"


def test_half_a_year_from_the_notice_it_goes_to_the_police_k03(hall: Bench) -> None:
    row = item(hall)
    assert row.due_day == "2024-11-05"  # day 183
    assert hall.refused(found.hand_over, items=[row.id], receipt="回执1").code == "found_early"
    hall.wait(182 * DAY)
    assert told(hall) == []
    hall.wait(DAY)
    assert told(hall) == ["found/old"]
    assert [line["no"] for line in found_looks.kept(hall.db, due=True)] == [row.no]
    [gone] = hall.do(found.hand_over, items=[row.id, row.id], receipt="回执1")
    assert (gone.state, gone.receipt, found.public(hall.db)) == ("police", "回执1", [])
    assert told(hall) == []


def test_what_spoils_is_disposed_of_after_three_days_with_a_record_k04(hall: Bench) -> None:
    food, other = item(hall, name="药品", perishable=True), item(hall)
    assert told(hall) == []
    hall.wait(3 * DAY)
    assert told(hall) == ["found/perishable"]
    assert hall.refused(found.destroy, item=other.id, words="扔", witness="李四").code == "found_not_perishable"
    hall.do(found.destroy, item=food.id, words="已变质，装袋销毁", witness="李四")
    steps = found_looks.detail(hall.db, item=food.id or 0)["steps"]
    assert steps[-1]["step"] == "destroyed" and steps[-1]["note"] == "已变质，装袋销毁（李四）"
    assert told(hall) == []
    hall.wait(400 * DAY)
    hall.do(forget)
    assert "销毁" in found_looks.detail(hall.db, item=food.id or 0)["steps"][-1]["note"]


def test_valuables_go_at_once_with_a_receipt_k05(hall: Bench) -> None:
    row = item(hall, name="手机", valuable=True)
    assert told(hall) == ["found/valuable"]
    hall.do(found.hand_over, items=[row.id], receipt="派出所 5号")
    assert told(hall) == []


def test_a_ticket_that_lay_with_it_says_where_its_owner_was_k06(hall: Bench) -> None:
    hall.do(ticketing.sign_in, window="1", person=1)
    ticket: Ticket = hall.do(ticketing.issue, service="a", category="ordinary")
    hall.do(ticketing.call_next, window="1")
    with pytest.raises(Refused, match="invalid"):
        item(hall, number="Z9")
    row = item(hall, number=ticket.number.lower())
    hall.do(found.contact, item=row.id, words="请窗口转告")
    shown = found_looks.detail(hall.db, item=row.id or 0)
    assert (shown["ticket"]["window"], shown["ticket"]["service"], shown["ticket"]["number"]) == ("1", "a", "A001")
    assert [step["step"] for step in shown["steps"]] == ["found", "contact"]


def test_it_is_returned_on_marks_document_and_signature_and_closed_at_once_k07_k09(hall: Bench) -> None:
    row, sign = item(hall), signature(hall)
    refused = hall.refused(found.claim, item=row.id, signature=sign, **OWNER | {"checked": False})
    assert refused.code == "found_unchecked"
    assert hall.refused(found.claim, item=row.id, signature=999, **OWNER).code == "not_found"
    hall.do(found.claim, item=row.id, signature=sign, **OWNER)
    assert found.public(hall.db) == []
    shown = found_looks.detail(hall.db, item=row.id or 0)
    assert (shown["claimant"], shown["phone"], shown["signature"]) == ("张**", "138****5678", sign)
    assert hall.refused(found.claim, item=row.id, signature=sign, **OWNER).code == "found_closed"
    hall.wait(91 * DAY)
    hall.do(forget)
    blank = hall.row(FoundItem, row.id)
    assert (blank.claimant, blank.id_masked, blank.phone, blank.features, blank.name) == ("", "", "", "", row.name)
    assert hall.db.get(files.FileContent, sign) is None
    assert [step.note for step in hall.db.find(select(FoundStep)) if step.step == "claimed"] == [""]


def test_the_owner_pays_for_what_is_mailed_k08(hall: Bench) -> None:
    row = item(hall)
    hall.do(found.send_home, item=row.id, signature=signature(hall), address="外地某街", **OWNER)
    [line] = ledger.open_ones(hall.db)
    assert (line["payer"], line["state"], line["what"]) == ("citizen", "ready", "2024-0001 雨伞")
    assert hall.row(FoundItem, row.id).state == "mailed"


@pytest.fixture
def served(hall: Bench) -> Bench:
    hall.store.served |= {("print", "window/1")}
    hall.do(ticketing.sign_in, window="1", person=1)
    hall.do(ticketing.issue, service="a", category="ordinary")
    assert hall.refused(mail.ask, window="1", person=1).code == "mail_no_visit"
    hall.do(ticketing.call_next, window="1")
    return hall


def test_the_citizen_types_the_address_on_the_pad_and_gets_a_receipt_l02_l04(served: Bench) -> None:
    asked: Mail = served.do(mail.ask, window="1", person=1, what="营业执照")
    assert served.do(mail.ask, window="1", person=1).id == asked.id  # the same visit: the form once more
    assert served.refused(mail.fill, mail=asked.id, window="2", **HOME).code == "mail_form_over"
    served.do(mail.fill, mail=asked.id, window="1", **HOME)
    assert served.refused(mail.fill, mail=asked.id, window="1", **HOME).code == "mail_form_over"
    [(payload, _)] = served.effects("print")
    assert '"paper":"mail"' in payload
    values = slips.mail_values(served.db, key=asked.id or 0, lang=ZH)
    assert (values["no"], values["name"], values["phone"]) == ("2024-0001", "张**", "138****1234")
    assert HOME["address"] not in str(values) + str(ledger.open_ones(served.db))
    late = served.do(mail.ask, window="1", person=1)
    served.wait(301)
    assert served.refused(mail.decline, mail=late.id, window="1").code == "mail_form_over"


def test_the_next_citizen_is_not_asked_for_the_one_before_l04(served: Bench) -> None:
    asked = served.do(mail.ask, window="1", person=1)
    served.do(ticketing.issue, service="a", category="ordinary")
    served.do(ticketing.finish, window="1")
    served.do(ticketing.call_next, window="1")
    assert served.refused(mail.fill, mail=asked.id, window="1", **HOME).code == "mail_form_over"
    assert served.do(mail.ask, window="1", person=1).id != asked.id


def test_nothing_is_sent_without_address_and_what_was_sent_is_forgotten_l04(hall: Bench) -> None:
    row: Mail = hall.do(mail.register, name="张建国", what="批文")
    hall.do(mail.ready, mail=row.id)
    assert hall.refused(mail.ready, mail=row.id).code == "mail_state"
    assert hall.refused(mail.send, mail=row.id, waybill="EA1").detail == {"field": "address"}
    hall.do(mail.correct, mail=row.id, **HOME)
    hall.do(mail.send, mail=row.id, waybill="EA123456789CN")
    sent = hall.do(mail.send, mail=row.id, waybill="EA123456780CN")  # mistyped
    assert (sent.state, sent.carrier, sent.waybill) == ("sent", "EMS", "EA123456780CN")
    assert hall.refused(mail.cancel, mail=row.id, why="x").code == "mail_state"
    came = hall.do(mail.register, direction="in", name="李四", waybill="EB1", what="申请材料原件")
    assert (came.state, came.closed_at) == ("received", hall.now)  # L03
    hall.wait(91 * DAY)
    hall.do(forget)
    blank = hall.row(Mail, row.id)
    assert (blank.name, blank.phone, blank.address, blank.waybill) == ("", "", "", "EA123456780CN")


def test_a_letter_that_nobody_sends_is_told_then_emptied_and_can_be_addressed_anew_l04(hall: Bench) -> None:
    row: Mail = hall.do(mail.register, **HOME, what="批文")
    hall.wait(90 * DAY)
    hall.do(mail.watch)
    assert not hall.db.find(select(Notice))
    hall.wait(DAY)
    hall.do(mail.watch)
    hall.do(forget)
    [notice] = hall.db.find(select(Notice))
    assert (notice.words, notice.done_at) == ("rg.due_mail", None) and hall.row(Mail, row.id).address
    hall.wait(90 * DAY)
    hall.do(forget)
    blank = hall.row(Mail, row.id)
    assert (blank.name, blank.phone, blank.address, blank.salt, blank.state) == ("", "", "", "", "asked")
    anew = hall.do(mail.correct, mail=row.id, **HOME)
    assert anew.salt and anew.blanked_at is None
    hall.do(mail.send, mail=row.id, waybill="EA123456789CN")
    hall.do(mail.watch)
    assert hall.row(Notice, notice.id).done_at == hall.now


@pytest.mark.parametrize("due", [False, True])
def test_what_is_kept_is_read_a_page_at_a_time_the_first_to_go_before(
    hall: Bench, due: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [item(hall, perishable=number % 2 == 0) for number in range(4)]
    hall.wait(200 * DAY)
    name = "DUE_PAGE" if due else "HERE_PAGE"
    monkeypatch.setattr(found_looks, name, getattr(found_looks, name).limit(3))
    first = [line["id"] for line in found_looks.kept(hall.db, due=due)]
    assert first == [rows[0].id, rows[2].id, rows[1].id]  # three days, then half a year
    assert [line["id"] for line in found_looks.kept(hall.db, due=due, after=first[-1])] == [rows[3].id]


def test_the_ledger_is_read_a_page_at_a_time(hall: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [hall.do(mail.register, **HOME) for _ in range(3)]
    for name in ("OPEN_PAGE", "PAGE_BETWEEN"):
        monkeypatch.setattr(ledger, name, getattr(ledger, name).limit(2))
    days = {"since": "2024-05-01", "until": "2024-05-31"}
    assert [line["id"] for line in ledger.open_ones(hall.db, after=rows[0].id)] == [rows[1].id, rows[2].id]
    assert [line["id"] for line in ledger.page(hall.db, **days, after=None)] == [rows[2].id, rows[1].id]
    assert [line["id"] for line in ledger.page(hall.db, **days, state="asked", after=rows[1].id)] == [rows[0].id]
    assert ledger.page(hall.db, **days, direction="in", after=None) == []


def test_a_sample_is_the_same_for_the_same_seed_and_fees_are_counted_l06(hall: Bench) -> None:
    for number in range(12):
        row = hall.do(mail.register, **HOME, payer="citizen" if number == 0 else "hall")
        hall.do(mail.send, mail=row.id, waybill=f"EA{number}", carrier="顺丰" if number < 3 else "")
    month = {"since": "2024-05-01", "until": "2024-05-31"}
    drawn = [line["no"] for line in ledger.sample(hall.db, seed="抽查5", n=4, **month)]
    assert drawn == [line["no"] for line in ledger.sample(hall.db, seed="抽查5", n=4, **month)] and len(set(drawn)) == 4
    assert drawn != [line["no"] for line in ledger.sample(hall.db, seed="抽查6", n=4, **month)]
    assert ledger.fees(hall.db, **month) == [
        {"carrier": "EMS", "hall": 9, "citizen": 0}, {"carrier": "顺丰", "hall": 2, "citizen": 1},
    ]  # fmt: skip
    hall.do(mail.check, mail=1, name="林静", note="运单号与存单不符")
    assert hall.row(Mail, 1).check_note == "运单号与存单不符"
