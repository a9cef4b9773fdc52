"""A01: calling, taking numbers, rating: of each kind how many are online, and the alarm when none is."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from hallq.devices.catalogue import DRIVERS
from hallq.office import kinds
from hallq.office.kinds import CALLER, KIOSK, PAD, Part
from hallq.ticketing.model import Notice
from tests.commands.conftest import Bench

OPEN = select(Notice).where(col(Notice.done_at).is_(None))


@pytest.mark.parametrize(
    ("parts", "online", "total"),
    [
        ([], 0, 0),
        ([Part(KIOSK, "k1", True)], 1, 1),
        ([Part(KIOSK, "k1", True), Part(KIOSK, "k1", False)], 0, 1),  # its page is not open, or its printer is down
        ([Part(KIOSK, "k1", True), Part(KIOSK, "k2", False)], 1, 2),
    ],
)
def test_a01_a_kiosk_is_online_as_a_whole(parts: list[Part], online: int, total: int) -> None:
    assert kinds.counts(parts)[KIOSK] == {"online": online, "total": total}


def test_a01_a_device_counts_as_what_it_does() -> None:
    assert kinds.of(DRIVERS["ff68-evaluator"].kind(), "window") == PAD
    assert kinds.of(DRIVERS["evdev-keypad"].kind(), "kiosk") == KIOSK  # a push-button dispenser
    assert {kinds.of(DRIVERS[name].kind(), "window") for name in ("onbon-bxk", "modbus-text")} == {CALLER}
    assert {kinds.of(DRIVERS[name].kind(), "zone") for name in ("speaker", "syn6288")} == {CALLER}
    assert kinds.of(DRIVERS["escpos"].kind(), "kiosk") == KIOSK
    assert kinds.of(DRIVERS["ff68-keypad"].kind(), "window") is kinds.of(DRIVERS["idcard-sam"].kind(), "kiosk") is None


def test_a01_a_kind_that_the_hall_does_not_have_is_not_missed() -> None:
    known = kinds.counts([Part(CALLER, "strip-1", False), Part(PAD, "1", True)])
    assert kinds.gone(known) == {CALLER}


def test_a01_none_of_a_kind_is_an_alarm_after_its_quiet_seconds(hall: Bench) -> None:
    hall.do(kinds.report, kinds=frozenset({PAD}))
    assert hall.db.find(OPEN) == []
    hall.wait(10)
    hall.do(kinds.report, kinds=frozenset({PAD}))
    [alarm] = hall.db.find(OPEN)
    assert (alarm.key, alarm.words, alarm.rank) == ("kind/pad", "al.kind_pad", 3)
    hall.do(kinds.report, kinds=frozenset())
    assert hall.db.find(OPEN) == []


def test_a01_at_night_nobody_minds(hall: Bench) -> None:
    hall.wait(10 * 3600)
    for _ in range(2):
        hall.do(kinds.report, kinds=frozenset({PAD, KIOSK}))
        hall.wait(60)
    assert hall.db.find(OPEN) == []
