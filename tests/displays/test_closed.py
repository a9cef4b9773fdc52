"""What strip and pad show of a window that a form keeps closed, and what that proves (B14, B07)."""

from __future__ import annotations

import pytest

from hallq.displays import pad as pads
from hallq.displays import strip as strips
from hallq.displays.layout import columns
from hallq.displays.screens import StripForm
from tests.displays.scene import NOW, ZONE, picture, ticket, window

CLOSED = {"state": "closed", "clerk": None, "form": 4}


@pytest.mark.parametrize(
    ("closed", "to", "pages", "what"),
    [
        ("temp", "5", ("临时关闭", "请到5号窗口"), "closure"),
        ("temp", "15", ("临时关闭", "请到15号窗口"), "closure"),
        ("season", "", ("临时关闭", "请到其他窗口"), "closure"),
        ("reserve", "", ("备用窗口",), "closure"),
        ("moved", "5", ("已迁5号窗口",), "change"),
    ],
)
def test_b14_a_closed_window_says_where_to_go(closed: str, to: str, pages: tuple[str, ...], what: str) -> None:
    drawn = picture(window(**CLOSED, closed=closed, closed_to=to))
    shown = strips.strip(drawn, "3", form=StripForm(12), now=NOW, zone=ZONE)
    assert (shown.pages, shown.colour, shown.proof) == (pages, "red", (what, 4, 1))
    assert all(columns(page) <= 12 for page in shown.pages)
    side = pads.pad(picture(window(**CLOSED, closed=closed, closed_to=to)), "3", None, now=NOW)
    assert (side.citizen.screen, side.proof) == ("closed", (what, 4, 1))
    assert side.citizen.reason and side.citizen.reason_en
    assert (to in side.citizen.reason) or not to


def test_b14_a_visit_that_goes_on_is_shown_until_its_end() -> None:
    last = window(closed="temp", form=4, state="serving", ticket=ticket(state="serving"), visit=1)
    shown = strips.strip(picture(last), "3", form=StripForm(12), now=NOW, zone=ZONE)
    assert (shown.pages, shown.proof) == (("A012", "正在办理"), None) or "A012" in "".join(shown.pages)


def test_b21_advice_only_proves_the_suspension() -> None:
    shown = strips.strip(picture(window(state="advice_only", form=7)), "3", form=StripForm(12), now=NOW, zone=ZONE)
    assert shown.proof == ("suspension", 7, 1)
    assert "仅提供咨询" in "".join(shown.pages)
