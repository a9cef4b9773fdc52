"""Every state of a window on its strip, at every width: never blank, never over the width, always only text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.displays.layout import columns
from hallq.displays.strip import strip
from hallq.kernel import Ms
from hallq.ticketing.picture import Picture, UndoView, WindowView
from tests.displays.scene import NOW, ZONE, at, pause, picture, ticket, window

CALLED = {"state": "serving", "ticket": ticket(), "visit": 40}
SHUT: dict[str, Any] = {"hall_open": False}


def pages(view: WindowView | None, width: int = 96, now: Ms = NOW, **hall: Any) -> tuple[str, ...]:
    drawn = picture(view, **hall) if view else Picture()
    return strip(drawn, "3", width=width, now=now, zone=ZONE).pages


def called(**changes: Any) -> WindowView:
    return window(state="serving", visit=40, ticket=ticket(**changes))


WIDE = [
    (None, ("3号窗口",)),
    (window(), ("3号窗口 社保",)),
    (window(channel="green"), ("3号窗口 社保", "绿色通道")),  # A10
    (window(department_name="市场监管"), ("3号窗口", "市场监管")),
    (window(clerk=None, state="closed"), ("3号窗口", "暂停服务")),
    (called(), ("请A012号办理",)),
    (called(number="A1000"), ("请A1000办理",)),
    (called(green=True), ("优先A012办理",)),
    (called(green=True, number="A1000"), ("优先A1000",)),
    (called(calls=2), ("再请A012办理",)),
    (called(calls=3, green=True, number="A1000"), ("再请A1000",)),
    (called(state="serving"), ("A012正在办理",)),
    (called(state="serving", number="A1000"), ("A1000办理中",)),
    (window(state="away", visit=40, ticket=ticket(state="serving"), pause=pause(kind="away")), ("A012核实中",)),
    (window(state="paused", pause=pause()), ("暂停服务", "10:20恢复", "请等其他窗口")),
    (window(state="paused", pause=pause(until=None)), ("暂停服务", "请等其他窗口")),
    (window(state="paused", pause=pause(until=NOW - 1)), ("暂停服务", "请等其他窗口")),
    (window(state="advice_only"), ("业务临时停办", "仅提供咨询")),
    (window(undo=UndoView("transfer", NOW + 1, "A012", "5")), ("A012转5号窗",)),  # A24
    (window(undo=UndoView("transfer", NOW, "A012", "5")), ("3号窗口 社保",)),
]


@pytest.mark.parametrize(("view", "shown"), WIDE, ids=lambda value: "-".join(value) if isinstance(value, tuple) else "")
def test_a_window_on_96_dots(view: WindowView | None, shown: tuple[str, ...]) -> None:
    assert pages(view) == shown


def test_two_digit_windows_page_their_department() -> None:
    drawn = picture(window(no="12"))
    assert strip(drawn, "12", width=96, now=NOW, zone=ZONE).pages == ("12号窗口", "社保")
    assert strip(drawn, "12", width=128, now=NOW, zone=ZONE).pages == ("12号窗口 社保",)


HOURS = [
    ("07:50", "08:30", None, ("8:30开始办理",)),
    ("12:10", "14:30", None, ("午间休息", "14:30恢复")),
    ("17:40", "08:30", None, ("今日已办完",)),
    ("17:40", None, None, ("今日已办完",)),
    ("07:50", "08:30", "clerk", ("3号窗口 社保",)),
    ("12:10", "14:30", "clerk", ("3号窗口", "午间值班")),
    ("17:40", "08:30", "clerk", ("3号窗口", "延时服务")),
]


@pytest.mark.parametrize(("now", "opens", "clerk", "shown"), HOURS)
def test_outside_the_hours(now: str, opens: str | None, clerk: str | None, shown: tuple[str, ...]) -> None:
    view = window() if clerk else window(clerk=None, state="closed")
    assert pages(view, now=at(now), hall_open=False, opens=opens) == shown


NARROW = [
    (called(), 64, ("请A012号", "办理")),
    (called(number="A1000"), 64, ("请A1000", "办理")),
    (called(state="serving"), 64, ("A012", "正在办理")),
    (window(state="paused", pause=pause()), 64, ("暂停服务", "10:20", "恢复", "请等", "其他窗口")),
    (window(state="advice_only"), 64, ("业务", "临时停办", "仅提供", "咨询")),
    (window(state="paused", pause=pause(until=None)), 128, ("暂停服务", "请等其他窗口")),
    (window(department_name="不动产登记"), 192, ("3号窗口 不动产登记",)),
    (window(department_name="住房公积金管理中心"), 64, ("3号窗口", "住房公", "积金管", "理中心")),
]


@pytest.mark.parametrize(("view", "width", "shown"), NARROW)
def test_other_widths(view: WindowView, width: int, shown: tuple[str, ...]) -> None:
    assert pages(view, width) == shown


def test_what_showing_it_proves() -> None:
    assert strip(picture(called(calls=2)), "3", width=96, now=NOW, zone=ZONE).proof == ("call", 40, 2)
    paused = picture(window(state="paused", pause=pause()))
    assert strip(paused, "3", width=96, now=NOW, zone=ZONE).proof == ("pause", 9, 1)
    for view in (window(), called(state="serving"), window(clerk=None, state="closed")):
        assert strip(picture(view), "3", width=96, now=NOW, zone=ZONE).proof is None


STATES = st.sampled_from(["closed", "open", "serving", "away", "paused", "advice_only"])
NAMES = st.text(max_size=20)


@given(
    state=STATES,
    name=NAMES,
    number=st.from_regex(r"[A-Z]{1,2}[0-9]{3,4}", fullmatch=True),
    held=st.sampled_from([None, "called", "serving"]),
    calls=st.integers(1, 5),
    width=st.sampled_from([64, 96, 128, 192]),
    hall=st.booleans(),
)
def test_never_blank_and_never_too_wide(
    state: str, name: str, number: str, held: str | None, calls: int, width: int, hall: bool
) -> None:
    visitor = ticket(number=number, state=held, calls=calls) if held else None
    view = window(state=state, department_name=name, ticket=visitor, pause=pause() if state == "paused" else None)
    shown = pages(view, width, hall_open=hall)
    assert shown
    for page in shown:
        assert page.strip() and page.isprintable()
        assert columns(page) * 8 <= width
    if held:
        assert number in "".join(shown)


def test_marks_and_markup_in_names_are_only_text() -> None:
    assert "".join(pages(window(department_name="<b>a/b|c</b>{no}"), 192)) == "3号窗口<b>a／b｜c<／b>{no}"
