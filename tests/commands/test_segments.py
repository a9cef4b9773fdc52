"""Devices that go down: one alarm each, one for five of a segment, none for a restart."""

from __future__ import annotations

import pytest

from hallq.office.segments import Down, report, segment, sizes, together
from hallq.ticketing import model
from tests.commands.conftest import Bench


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("tcp://10.0.3.17:5005", "10.0.3.0/24"),
        ("rfc2217://10.0.3.200:4001", "10.0.3.0/24"),
        ("tcp://[fd00::1]:5005", "fd00::/24"),
        ("tcp://switch-2:5005", "switch-2"),
        ("serial:/dev/ttyUSB0?baud=9600", "/dev/ttyUSB0"),
        ("relay:kiosk-1/usb0", "kiosk-1"),
        ("sim:", ""),
        ("alsa:default", ""),
    ],
)
def test_the_segment_of_a_link(link: str, name: str) -> None:
    assert segment(link) == name


def down(number: int, since: int = 0, link: str = "tcp://10.0.3.{}:5005") -> Down:
    return Down(f"led-{number}", link.format(number), since)


def test_five_of_one_segment_within_a_minute_are_one() -> None:
    groups, alone = together([down(n, n * 15_000) for n in range(5)])
    assert ([len(members) for members in groups.values()], alone) == ([5], [])
    groups, alone = together([down(n, n * 15_001) for n in range(5)])
    assert (groups, len(alone)) == ({}, 5)
    groups, alone = together([down(n) for n in range(4)] + [down(9, link="tcp://10.0.4.{}:5005")])
    assert (groups, len(alone)) == ({}, 5)
    assert together([down(n, link="sim:") for n in range(9)])[0] == {}
    assert together([down(1)], frozenset({"10.0.3.0/24"}))[1] == []


def alarms(hall: Bench) -> list[str]:
    return sorted(view.key for view in hall.picture.notices.values() if view.kind == "alarm")


def test_one_device_is_one_alarm_until_it_is_back(hall: Bench) -> None:
    hall.do(report, downs=[down(1, hall.now)], unsure=frozenset())
    assert alarms(hall) == ["device/led-1"]
    hall.do(report, downs=[], unsure=frozenset({"led-1"}))  # the hub restarts: nothing is known yet
    assert alarms(hall) == ["device/led-1"]
    hall.do(report, downs=[], unsure=frozenset())
    assert alarms(hall) == []
    assert hall.row(model.Notice, 1).why == "alw.deviceBack"


def test_a_dead_switch_is_one_alarm(hall: Bench) -> None:
    lost = [down(n, hall.now) for n in range(1, 39)]
    hall.do(report, downs=lost[:4], unsure=frozenset())
    assert len(alarms(hall)) == 4
    hall.do(report, downs=lost, unsure=frozenset())
    assert alarms(hall) == ["segment/10.0.3.0/24"]
    hall.do(report, downs=lost[:1], unsure=frozenset())  # one is still away
    assert alarms(hall) == ["segment/10.0.3.0/24"]
    hall.do(report, downs=[], unsure=frozenset())
    assert alarms(hall) == []


@pytest.mark.parametrize(
    ("links", "names"),
    [
        (["serial:/dev/rs485?baud=9600"] * 3, ["/dev/rs485"]),  # one bus
        (["relay:k1/usb0", "relay:k1/usb1"], ["k1"]),  # one machine that lends its ports
        ([f"tcp://10.0.3.17:{port}" for port in range(4001, 4007)], ["10.0.3.17"]),  # one serial server
        ([f"tcp://10.0.3.17:{port}" for port in (4001, 4002)] + [f"tcp://10.0.3.{n}:5" for n in (1, 2, 3)],
         ["10.0.3.0/24"]),  # the switch of all
        (["tcp://10.0.3.1:5", "tcp://10.0.3.2:5"], []),
    ],
)  # fmt: skip
def test_what_hangs_on_one_thing_is_one_alarm(hall: Bench, links: list[str], names: list[str]) -> None:
    lost = [Down(f"d{n}", link, hall.now) for n, link in enumerate(links)]
    assert list(together(lost, on=sizes(links))[0]) == names
    hall.do(report, downs=lost, unsure=frozenset(), on=sizes(links))
    assert len(alarms(hall)) == (1 if names else len(links))
    if names:
        [notice] = [view for view in hall.picture.notices.values() if view.kind == "alarm"]
        assert "d0" in notice.detail
        assert together(lost[:1], on=sizes(links))[0] == {}  # the others answer: it is the device
