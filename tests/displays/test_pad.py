"""Both sides of a pad in every state; the clerk's side is the same for every rating and for none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hallq.assessment.ratings.picture import InvitationView
from hallq.displays.pad import pad
from hallq.displays.screens import CitizenScreen, ClerkScreen, PadScreen
from hallq.ticketing.picture import QueueView, UndoView, WindowView
from tests.displays.scene import CLERK, NOW, at, pause, picture, queue, ticket, window

VISIT = {"finish", "finish_and_next", "transfer", "park", "away", "help"}
NOBODY = queue(waiting=0, head_green=False, head_since=None)


def shown(view: WindowView, invitation: InvitationView | None = None, *queues: QueueView, **hall: Any) -> PadScreen:
    return pad(picture(view, queues=queues, **hall), "3", invitation, now=NOW)


def visit(of: str = "called", **changes: Any) -> WindowView:
    return window(**({"state": "serving", "visit": 40, "ticket": ticket(state=of)} | changes))


def asked(screen: str = "rate", level: int | None = None) -> InvitationView:
    return InvitationView("3", "token-1", screen, level, NOW + 5000, "pension")


STATES = [
    (window(clerk=None, state="closed"), "closed", "closed", "sign_in", {"sign_in", "help"}),
    (window(), "idle", "open", "call_next", {"call_next", "pause", "sign_out", "help"}),
    (window(parked=(ticket(state="parked"),)), "idle", "open", "call_next",
     {"call_next", "call", "pause", "sign_out", "help"}),
    (visit(), "called", "called", "finish_and_next", {"recall", "start"} | VISIT),
    (visit(no_show_at=NOW + 9), "called", "called", "finish_and_next", {"recall", "start", "no_show"} | VISIT),
    (visit("serving"), "serving", "serving", "finish_and_next", VISIT),
    (visit("serving", state="away", pause=pause(kind="away")), "away", "away", "back", {"back", "help"}),
    (window(state="paused", pause=pause()), "paused", "paused", "resume", {"resume", "sign_out", "help"}),
    (window(state="advice_only"), "idle", "advice_only", "", {"pause", "sign_out", "help"}),
    (visit("serving", outage=True), "serving", "serving", "continue", {"continue", "return", "help"}),
]  # fmt: skip


@pytest.mark.parametrize(("view", "citizen", "state", "primary", "verbs"), STATES)
def test_each_state(view: WindowView, citizen: str, state: str, primary: str, verbs: set[str]) -> None:
    screen = shown(view)
    assert (screen.citizen.screen, screen.clerk.state, screen.clerk.primary) == (citizen, state, primary)
    assert screen.clerk.verbs == verbs
    assert screen.version == 118
    assert not primary or primary in verbs


def test_with_nobody_waiting_finishing_is_the_next_verb() -> None:
    assert shown(visit("serving"), None, NOBODY).clerk.primary == "finish"
    assert shown(window(), None, NOBODY).clerk.next_category == ""


def test_undo_while_it_lasts() -> None:
    lasting = shown(window(undo=UndoView("finish", NOW + 1))).clerk
    assert "undo" in lasting.verbs and (lasting.undo_verb, lasting.undo_until) == ("finish", NOW + 1)
    over = shown(window(undo=UndoView("finish", NOW))).clerk
    assert "undo" not in over.verbs and (over.undo_verb, over.undo_until) == ("", None)


def test_who_serves_and_what() -> None:
    """B24, D07, H16: the citizen's own display: number, business, who serves."""
    screen = shown(visit())
    assert screen.citizen == CitizenScreen(
        "called", "3", "王秀兰", "首席代表", "0312", number="A012", service="领养老金认证", service_en="Pension check"
    )
    assert (screen.clerk.clerk_name, screen.clerk.number, screen.clerk.category) == ("王秀兰", "A012", "普通号")
    assert (screen.clerk.waiting, screen.clerk.next_category) == (4, "绿色通道")


def test_a_badge_stands_in_the_line_of_the_title_h17() -> None:
    screen = shown(visit(clerk=replace(CLERK, badge="党员示范岗")))
    assert screen.citizen is not None and screen.citizen.clerk_title == "首席代表　党员示范岗"


@pytest.mark.parametrize(
    ("category", "green", "word"),
    [("soldier", True, "军人"), ("blood_donor", True, "绿色通道"), ("x", False, "普通号")],
)
def test_a_halls_own_category_has_a_word_too(category: str, green: bool, word: str) -> None:
    assert shown(visit(ticket=ticket(category=category, green=green))).clerk.category == word


def test_the_outage_asks_with_the_number() -> None:
    clerk = shown(visit("serving", outage=True)).clerk
    assert clerk.outage_number == "A012" and "A012" in clerk.message


def test_paused_says_why_and_until_when_but_promises_nothing_past() -> None:
    citizen = shown(window(state="paused", pause=pause())).citizen
    assert (citizen.reason, citizen.reason_en, citizen.until) == ("工作人员暂时离开", "Away for a moment", at("10:20"))
    assert shown(window(state="paused", pause=pause(until=NOW))).citizen.until is None


def test_closed_says_when_it_opens() -> None:
    closed = shown(window(clerk=None, state="closed"), hall_open=False, opens="14:30").citizen
    assert (closed.screen, closed.opens) == ("closed", "14:30")
    assert shown(window()).citizen.opens == ""


def test_advice_only_says_so() -> None:
    assert shown(window(state="advice_only")).citizen.reason == "业务临时停办，仅提供咨询"


@pytest.mark.parametrize("screen", ["rate", "reasons", "thanks"])
def test_an_open_invitation_stands_before_the_windows_state(screen: str) -> None:
    level = None if screen == "rate" else 2
    citizen = shown(visit(), asked(screen, level)).citizen
    assert (citizen.screen, citizen.token, citizen.until, citizen.level) == (screen, "token-1", NOW + 5000, level or 0)
    assert citizen.service == "领养老金认证" and citizen.number == ""


@pytest.mark.parametrize("view", [state[0] for state in STATES])
def test_the_clerks_side_is_the_same_for_every_rating_and_for_none(view: WindowView) -> None:
    invitations = [None, asked(), *(asked(s, level) for s in ("reasons", "thanks") for level in range(1, 6))]
    sides: set[ClerkScreen] = {shown(view, invitation).clerk for invitation in invitations}
    assert len(sides) == 1
    assert not {"token-1"} & {str(value) for value in vars_of(sides.pop()).values()}


def vars_of(screen: ClerkScreen) -> dict[str, object]:
    return {name: getattr(screen, name) for name in screen.__slots__}


def test_what_showing_it_proves() -> None:
    assert shown(visit(ticket=ticket(calls=2))).proof == ("call", 40, 2)
    assert shown(window(state="paused", pause=pause())).proof == ("pause", 9, 1)
    assert shown(visit(), asked()).proof is None  # the citizen reads the invitation, not the call
    assert shown(visit("serving")).proof is None


def test_an_unknown_window_blanks_no_pad() -> None:
    screen = pad(picture(), "77", None, now=NOW)
    assert screen.citizen.screen == "closed" and screen.citizen.window == "77" and not screen.clerk.verbs


def test_names_are_only_text() -> None:
    view = window(clerk=replace(CLERK, name="<b>{no}</b>"))
    assert shown(view).citizen.clerk_name == "<b>{no}</b>"
