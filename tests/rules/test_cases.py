"""Cases: which step may follow which, what runs until when, who sees the complainant, and what the rates count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq import masking
from hallq.assessment.cases import rules
from hallq.assessment.cases.rules import Outcome
from hallq.assessment.standards import commands as standards

LIMITS = rules.limits(standards.shipped("deadlines").content)


@pytest.mark.parametrize(
    ("kind", "state", "named", "verdict", "steps"),
    [
        ("bad_rating", "open", False, "", {"verify"}),
        ("bad_rating", "verified", True, "upheld", {"contact"}),
        ("bad_rating", "verified", False, "upheld", {"rectify"}),
        ("bad_rating", "verified", False, "unfounded", {"close"}),
        ("bad_rating", "contacted", True, "upheld", {"rectify"}),
        ("bad_rating", "contacted", True, "unfounded", {"answer"}),
        ("bad_rating", "rectified", True, "upheld", {"answer"}),
        ("bad_rating", "rectified", False, "upheld", {"close"}),
        ("bad_rating", "answered", True, "upheld", {"visit", "return"}),
        ("bad_rating", "visited", True, "upheld", {"close"}),
        ("ordinary", "open", False, "", {"accept", "reject", "withdraw"}),
        ("ordinary", "accepted", False, "", {"investigate", "withdraw"}),
        ("suggestion", "accepted", False, "", {"investigate", "answer", "withdraw"}),
        ("ordinary", "investigated", True, "", {"decide", "withdraw"}),
        ("serious", "proposed", True, "upheld", {"approve", "withdraw"}),
        ("serious", "approved", True, "upheld", {"confirm", "withdraw"}),
        ("serious", "decided", True, "upheld", {"handle", "withdraw"}),
        ("letter", "handled", True, "upheld", {"answer", "withdraw"}),
        ("ordinary", "answered", True, "upheld", {"visit", "return", "withdraw"}),
        ("ordinary", "archived", True, "upheld", set()),
    ],
)
def test_steps_come_in_their_order_d05_e05(
    kind: str, state: str, named: bool, verdict: str, steps: set[str]
) -> None:
    found = set(rules.moves(kind, state, named, verdict)) - {"terminate"}
    assert found == steps
    assert ("terminate" in rules.moves(kind, state, named, verdict)) == (state in rules.OPEN)


def test_a_serious_complaint_waits_for_two_approvals_e11() -> None:
    assert rules.moves("serious", "investigated", True, "")["decide"] == "proposed"
    assert rules.moves("ordinary", "investigated", True, "")["decide"] == "decided"


@given(st.sampled_from(rules.KINDS), st.booleans(), st.sampled_from(rules.VERDICTS), st.randoms(use_true_random=False))
def test_every_case_can_end_and_a_named_bad_rating_ends_answered_and_visited(
    kind: str, named: bool, verdict: str, random: object
) -> None:
    state: str = "open"
    taken: list[str] = []
    for _ in range(40):
        known = "" if not {"verify", "decide"} & set(taken) else verdict
        ways = {s: b for s, b in rules.moves(kind, state, named, known).items() if s not in ("terminate", "withdraw")}
        if not ways:
            break
        step = random.choice(sorted(ways)) if len(taken) < 20 else sorted(ways)[-1]  # type: ignore[attr-defined]
        state = ways[step]
        taken.append(step)
    assert state in rules.ENDED
    if kind == "bad_rating" and named:
        assert "answer" in taken and taken[-2:] == ["visit", "close"]


@pytest.mark.parametrize(
    ("kind", "done", "running"),
    [
        ("bad_rating", ["open"], {"rectify": ("open", 5, "working")}),
        (
            "bad_rating", ["open", "verify", "contact"],
            {"rectify": ("open", 5, "working"), "answer": ("verify", 7, "working")},
        ),
        ("bad_rating", ["open", "verify", "contact", "rectify"], {"answer": ("rectify", 2, "working")}),
        ("bad_rating", ["open", "rectify", "answer", "return"], {"rectify": ("return", 5, "working")}),
        ("suggestion", ["open"], {"answer": ("open", 5, "working")}),  # E07
        ("ordinary", ["open", "accept"], {}),
        ("ordinary", ["open", "accept", "investigate", "decide"], {"handle": ("decide", 5, "working")}),  # E10
        ("ordinary", ["open", "decide", "handle"], {"answer": ("handle", 2, "working")}),  # E14
        ("ordinary", ["open", "decide", "handle", "answer", "return"], {"handle": ("return", 5, "working")}),
        ("serious", ["open", "decide", "approve"], {}),
        ("serious", ["open", "decide", "approve", "confirm"], {"handle": ("confirm", 10, "working")}),  # E11
        ("letter", ["open"], {"answer": ("open", 15, "working")}),  # E17
        ("township", ["open", "accept"], {"answer": ("open", 15, "calendar")}),  # E18
        ("township", ["open", "accept", "answer"], {}),
    ],
)
def test_which_deadline_runs(kind: str, done: list[str], running: dict[str, tuple[str, int, str]]) -> None:
    found = {step: (limit.after, limit.days, limit.unit) for step, limit in rules.running(LIMITS, kind, done).items()}
    assert found == running


@pytest.mark.parametrize(
    ("column", "value"),
    [("kind", "gossip"), ("step", "accept"), ("after", "lunch"), ("days", 0), ("unit", "hours"), ("duty", "nobody")],
)
def test_a_deadline_that_cannot_be_is_named(column: str, value: object) -> None:
    row = dict(standards.shipped("deadlines").content["deadlines"][0])
    assert rules.fault(row) == ""
    assert rules.fault(row | {column: value}) == column


@pytest.mark.parametrize(
    ("name", "contact", "shown"),
    [("王小明", "13812345678", ("王**", "138****5678")), ("", "", ("", "")), ("Ann", "12345", ("A**", "****"))],
)
def test_who_complained_is_masked_e15(name: str, contact: str, shown: tuple[str, str]) -> None:
    assert (masking.name(name), masking.contact(contact)) == shown


@pytest.mark.parametrize(
    ("person", "role", "secret", "sees"),
    [
        (1, "office", False, True),  # who registered it
        (2, "office", False, True),  # who decides
        (3, "chief", False, True),  # who handles it
        (3, "chief", True, False),  # but not what is to be kept secret
        (4, "office", False, False),
        (5, "leader", False, False),
        (6, "auditor", True, True),
        (None, "kiosk", False, False),
    ],
)
def test_who_sees_the_complainant_e15(person: int | None, role: str, secret: bool, sees: bool) -> None:
    found = rules.sees_identity(
        person=person, role=role, registrar="person:1", officer=2, handlers=[3, None], secret=secret
    )
    assert found == sees


def test_rates_say_of_how_many() -> None:
    outcomes = [
        Outcome(named=True, done=True, late=False, visited=True),
        Outcome(named=True, done=True, late=True, visited=False),
        Outcome(named=False, done=False, late=True, visited=False),
        Outcome(named=False, done=False, late=False, visited=False),  # its time is not over
        Outcome(named=True, done=False, late=False, visited=True, founded=False),
    ]
    assert rules.rates(outcomes) == {"rectified": (2, 4), "on_time": (1, 3), "visited": (2, 3)}
    assert rules.rates([]) == {"rectified": (0, 0), "on_time": (0, 0), "visited": (0, 0)}
