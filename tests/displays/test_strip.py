"""Every state of a window on its strip, at every width: never blank, never over the width, always only text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallq.displays import glyphs
from hallq.displays.layout import columns
from hallq.displays.screens import StripForm
from hallq.displays.strip import neutral, roll_call, strip
from hallq.kernel import Ms
from hallq.ticketing.picture import Picture, UndoView, WindowView
from tests.displays.scene import NOW, ZONE, at, pause, picture, ticket, window

CALLED = {"state": "serving", "ticket": ticket(), "visit": 40}
SHUT: dict[str, Any] = {"hall_open": False}


def dots(width: int) -> StripForm:
    return StripForm(width // 8)


def pages(view: WindowView | None, width: int = 96, now: Ms = NOW, **hall: Any) -> tuple[str, ...]:
    drawn = picture(view, **hall) if view else Picture()
    return strip(drawn, "3", form=dots(width), now=now, zone=ZONE).pages


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
    assert strip(drawn, "12", form=dots(96), now=NOW, zone=ZONE).pages == ("12号窗口", "社保")
    assert strip(drawn, "12", form=dots(128), now=NOW, zone=ZONE).pages == ("12号窗口 社保",)


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
    assert strip(picture(called(calls=2)), "3", form=dots(96), now=NOW, zone=ZONE).proof == ("call", 40, 2)
    paused = picture(window(state="paused", pause=pause()))
    assert strip(paused, "3", form=dots(96), now=NOW, zone=ZONE).proof == ("pause", 9, 1)
    for view in (window(), called(state="serving"), window(clerk=None, state="closed")):
        assert strip(picture(view), "3", form=dots(96), now=NOW, zone=ZONE).proof is None


STATES = st.sampled_from(["closed", "open", "serving", "away", "paused", "advice_only"])
NAMES = st.text(max_size=20)
VIEWS = st.builds(
    lambda state, name, number, held, calls, green, to: window(
        state=state, department_name=name, closed="temp" if to else "", closed_to=to,
        ticket=ticket(number=number, state=held, calls=calls, green=green) if held else None,
        pause=pause() if state == "paused" else None,
    ),
    STATES, NAMES, st.from_regex(r"[A-Z]{1,2}[0-9]{3,4}", fullmatch=True), st.sampled_from([None, "called", "serving"]),
    st.integers(1, 5), st.booleans(), st.sampled_from(["", "", "12"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(VIEWS, st.integers(32, 192), st.booleans())
def test_never_blank_never_too_wide_and_nothing_lost(view: WindowView, width: int, hall: bool) -> None:
    shown = pages(view, width, hall_open=hall)
    assert shown
    for page in shown:
        assert page.strip() and page.isprintable()
        assert columns(page) * 8 <= width
        assert page.encode("gbk").decode("gb2312")  # every character is in the card's font
    if view.ticket:
        assert view.ticket.number in "".join(shown)
    whole = "".join(pages(view, 8000, hall_open=hall))
    assert "".join(shown).replace(" ", "") == whole.replace(" ", "")


@settings(max_examples=60, deadline=None)
@given(VIEWS, st.integers(32, 192))
def test_a_strip_that_scrolls_runs_through_all_of_it(view: WindowView, width: int) -> None:
    runs = strip(picture(view), "3", form=StripForm(width // 8, scrolls=True), now=NOW, zone=ZONE)
    assert len(runs.pages) == 1
    assert runs.scrolls == (columns(runs.pages[0]) * 8 > width)
    assert runs.pages[0].replace(" ", "") == "".join(pages(view, width)).replace(" ", "")


@settings(max_examples=60, deadline=None)
@given(VIEWS, st.integers(1, 20), st.sampled_from(["3", "12"]))
def test_a_display_without_hanzi_says_the_number_or_a_sign(view: WindowView, width: int, no: str) -> None:
    drawn = picture(replace(view, no=no))
    shown = strip(drawn, no, form=StripForm(width, "ascii"), now=NOW, zone=ZONE)
    assert all(page.isascii() and page for page in shown.pages)
    assert view.ticket is None or "".join(shown.pages) in (view.ticket.number, view.ticket.number.lstrip(LETTERS))
    if width >= len(no):
        assert all(len(page) <= width for page in (*shown.pages, shown.neutral))


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIGNS = [
    (called(), 4, ("A012",)),
    (called(number="A1000"), 4, ("1000",)),
    (called(number="A1000"), 6, ("A1000",)),
    (called(state="serving"), 4, ("A012",)),
    (window(), 4, ("-3-",)),
    (window(), 2, ("3",)),
    (window(state="paused", pause=pause()), 4, ("----",)),
    (window(clerk=None, state="closed"), 6, ("----",)),
    (window(closed="temp", closed_to="5"), 4, ("----",)),
]


@pytest.mark.parametrize(("view", "width", "shown"), SIGNS)
def test_the_signs_of_a_digit_display(view: WindowView, width: int, shown: tuple[str, ...]) -> None:
    form = StripForm(width, "ascii")
    assert strip(picture(view), "3", form=form, now=NOW, zone=ZONE).pages == shown


def test_a_character_that_the_font_lacks_is_replaced_and_named() -> None:
    screen = strip(picture(window(department_name="𬭊Ａ邨〇喆")), "3", form=dots(192), now=NOW, zone=ZONE)
    assert screen.pages == ("3号窗口 □Ａ村○哲",)
    assert screen.replaced == "𬭊邨〇喆"
    gbk = StripForm(24, "gbk")
    assert strip(picture(window(department_name="邨〇")), "3", form=gbk, now=NOW, zone=ZONE).pages == ("3号窗口 邨〇",)
    assert glyphs.fitting("é①\ufe0f㎡", "gb2312") == "é①m2"
    assert glyphs.fitting("Ａ窗", "ascii") == "A?"


@pytest.mark.parametrize(
    ("width", "no", "alone", "roll"),
    [(96, "3", "3号窗口", "★3号窗口★"), (64, "12", "12号窗口", "12号窗口"), (32, "12", "12", "12")],
)
def test_neutral_and_roll_call_fit_one_page(width: int, no: str, alone: str, roll: str) -> None:
    assert neutral(no, dots(width)).pages == (alone,)
    assert neutral(no, dots(width)).lasts
    assert (roll_call(no, dots(width)).pages, roll_call(no, dots(width)).colour) == ((roll,), "yellow")
    assert strip(Picture(), no, form=dots(width), now=NOW, zone=ZONE).neutral == alone


def test_marks_and_markup_in_names_are_only_text() -> None:
    assert "".join(pages(window(department_name="<b>a/b|c</b>{no}"), 192)) == "3号窗口<b>a／b｜c<／b>{no}"
