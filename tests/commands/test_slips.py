"""A slip that does not come out: a guide is told once, and a kiosk nearby prints it with the same code."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from hallq.office import printers
from hallq.office.printers import Need
from hallq.ticketing import commands as do
from hallq.ticketing.model import Kiosk, Ticket
from hallq.ticketing.rules import Rules
from hallq.ticketing.tickets import slips
from tests.commands.conftest import SHANGHAI, Bench


@pytest.fixture
def desk(hall: Bench) -> Bench:
    hall.do(lambda tx: [tx.insert(Kiosk, id="k2", zone="1F"), tx.insert(Kiosk, id="k9", zone="2F")])
    hall.do(do.sign_in, window="1", person=1)
    hall.store.served |= {("print", "kiosk/k2")}
    return hall


def taken(desk: Bench) -> Ticket:
    ticket: Ticket = desk.do(do.issue, service="a", kiosk="k1", printer=True)
    return ticket


def told(desk: Bench) -> list[tuple[str, str]]:
    """The words and the number of the notices that are open."""
    return [(view.words, orjson.loads(view.detail).get("no", "")) for view in desk.picture.notices.values()]


def test_a_guide_is_told_once_per_kiosk_until_a_slip_comes_out_there(desk: Bench) -> None:
    first, second, third = (taken(desk) for _ in range(3))
    desk.do(do.set_print, ticket=first.id, state="failed")
    desk.do(do.set_print, ticket=second.id, state="unknown")
    assert told(desk) == [("sp.unknown", second.number)]
    desk.do(do.set_print, ticket=third.id, state="printed")
    assert told(desk) == []
    desk.do(do.set_print, ticket=first.id, state="failed", kiosk="k2")
    assert [view.kiosk for view in desk.picture.notices.values()] == ["k2"]


def test_where_printers_cannot_answer_unknown_slips_are_no_news(desk: Bench) -> None:
    desk.store.rules = Rules(timezone=SHANGHAI, slip_unknown_told=False)
    desk.do(do.set_print, ticket=taken(desk).id, state="unknown")
    assert told(desk) == []


def test_the_kiosk_nearby_prints_it_with_the_same_code(desk: Bench) -> None:
    ticket = taken(desk)
    wish: dict[str, Any] = {"ticket": ticket.id, "kiosk": "k2", "printers": ["k2"]}
    assert desk.refused(do.print_at, **wish).detail == {"state": "pending"}  # it may still come out at k1
    desk.do(do.set_print, ticket=ticket.id, state="failed")
    assert desk.refused(do.print_at, **(wish | {"printers": []})).code == "no_printer"
    new = desk.do(do.print_at, **wish)
    assert (new.print, new.check_code, new.reissued) == ("pending", ticket.check_code, None)
    assert [target for target, in desk.store._connection.execute("SELECT target FROM effect WHERE kind = 'print'")] == [
        "kiosk/k1", "kiosk/k2"]  # fmt: skip
    assert desk.refused(do.print_at, **wish).code == "wrong_state"  # a second press
    assert slips.beside(desk.db, kiosk="k1") == ["k2"] and slips.beside(desk.db, kiosk="?") == []


def test_paper_low_is_told_before_the_end_and_cleared_when_filled(desk: Bench) -> None:
    low, out = Need("printer-k1", "low", "kiosk", "k1"), Need("printer-k1", "out", "kiosk", "k1")
    none: frozenset[str] = frozenset()
    desk.do(printers.report, needs=[low], unsure=none)
    desk.do(printers.report, needs=[low], unsure=none)
    assert [words for words, _ in told(desk)] == ["al.paper_low"]
    desk.do(printers.report, needs=[out], unsure=none)
    assert [words for words, _ in told(desk)] == ["al.paper_out"]
    desk.do(printers.report, needs=[], unsure=frozenset({"printer-k1"}))  # nobody reaches it: it may still be out
    assert [words for words, _ in told(desk)] == ["al.paper_out"]
    desk.do(printers.report, needs=[], unsure=none)
    assert told(desk) == []


def test_the_gravest_need_is_told() -> None:
    assert printers.need({"paper": "out", "cover": "open"}) == "out"
    assert printers.need({"paper": "low", "cutter": "error"}) == "cutter"
    assert printers.need({"paper": "ok", "cover": "open"}) == "cover" and printers.need({"paper": "ok"}) == ""
