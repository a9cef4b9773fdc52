"""Which steps a case goes through, until when, and who sees the complainant. Pure; the days are the standard's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

BAD_RATING, SUGGESTION, SERIOUS = "bad_rating", "suggestion", "serious"
KINDS = (BAD_RATING, SUGGESTION, "ordinary", SERIOUS, "letter", "township")
CHANNELS = (
    "pad", "phone", "kiosk", "register", "box", "window", "telephone", "network", "12345", "guide",
)  # fmt: skip  # E01-E03, D04
VERDICTS = ("upheld", "partly", "unfounded")
REJECTED = ("invalid", "withdrawn", "out_of_scope")  # E06
ENDED = ("closed", "archived", "rejected", "withdrawn", "terminated")
OPEN = (
    "open", "verified", "contacted", "rectified", "accepted", "investigated", "proposed", "approved", "decided",
    "handled", "answered", "visited",
)  # fmt: skip


class Move(NamedTuple):
    step: str
    state: str
    becomes: str
    needs: frozenset[str] = frozenset()  # what must be so of the case, of `facts`


def _move(step: str, state: str, becomes: str, *needs: str) -> Move:
    return Move(step, state, becomes, frozenset(needs))


# D05, 国办发〔2019〕51号: verify, contact, rectify, answer, visit again. A named one ends in an answer and a visit
RATING_MOVES = (
    _move("verify", "open", "verified"),
    _move("contact", "verified", "contacted", "named"),
    _move("rectify", "contacted", "rectified", "founded"),
    _move("rectify", "verified", "rectified", "founded", "anonymous"),
    _move("answer", "rectified", "answered", "named"),
    _move("answer", "contacted", "answered", "unfounded"),
    _move("visit", "answered", "visited"),
    _move("return", "answered", "contacted"),
    _move("close", "visited", "closed"),
    _move("close", "rectified", "closed", "anonymous"),
    _move("close", "verified", "closed", "anonymous", "unfounded"),
)
# E06-E14
COMPLAINT_MOVES = (
    _move("accept", "open", "accepted"),
    _move("reject", "open", "rejected"),
    _move("investigate", "accepted", "investigated"),
    _move("answer", "accepted", "answered", "suggestion"),  # E07
    _move("decide", "investigated", "decided", "plain"),
    _move("decide", "investigated", "proposed", "serious"),
    _move("approve", "proposed", "approved"),  # E11: two approvals
    _move("confirm", "approved", "decided"),
    _move("handle", "decided", "handled"),
    _move("answer", "handled", "answered"),
    _move("visit", "answered", "archived"),
    _move("return", "answered", "decided"),  # E14: not satisfied
    *(_move("withdraw", state, "withdrawn") for state in OPEN),
)
ENDINGS = tuple(_move("terminate", state, "terminated") for state in OPEN)  # E13
STEPS = tuple(dict.fromkeys(move.step for move in (*RATING_MOVES, *COMPLAINT_MOVES, *ENDINGS)))
# what a department's chief representative does; the rest is the office's
OF_DEPARTMENT = frozenset({"contact", "rectify", "handle"})
NEEDS_NOTE = frozenset(STEPS) - {"accept", "approve", "confirm", "visit"}
NEEDS_RESULT: Mapping[str, tuple[str, ...]] = {"verify": VERDICTS, "decide": VERDICTS, "reject": REJECTED}


def facts(kind: str, named: bool, verdict: str) -> frozenset[str]:
    return frozenset({
        "named" if named else "anonymous",
        "unfounded" if verdict == "unfounded" else "founded",
        SERIOUS if kind == SERIOUS else "plain",
        kind,
    })  # fmt: skip


def moves(kind: str, state: str, named: bool, verdict: str) -> dict[str, str]:
    """The steps that may come next, and the state that each leads to."""
    table, known = (RATING_MOVES if kind == BAD_RATING else COMPLAINT_MOVES), facts(kind, named, verdict)
    return {move.step: move.becomes for move in (*table, *ENDINGS) if move.state == state and move.needs <= known}


def ahead(kind: str, state: str, named: bool, verdict: str) -> set[str]:
    """Every step that may still come: a deadline for any other binds nobody, as an answer to who gave no name."""
    found: set[str] = set()
    seen, reach = {state}, [state]
    while reach:
        for step, becomes in moves(kind, reach.pop(), named, verdict).items():
            found.add(step)
            reach += [becomes] if becomes not in seen else []
            seen.add(becomes)
    return found


def may(step: str, kind: str) -> str:
    """Who takes the step: `department` or `office`. A bad rating is answered by who rectified it (谁办理、谁负责)."""
    own = step in OF_DEPARTMENT or (step == "answer" and kind == BAD_RATING)
    return "department" if own else "office"


# -- deadlines


@dataclass(frozen=True, slots=True)
class Limit:
    kind: str
    step: str
    after: str
    days: int
    unit: str  # working calendar
    duty: str  # department office
    source: str = ""


def limits(content: Mapping[str, Any]) -> tuple[Limit, ...]:
    return tuple(Limit(**row) for row in content["deadlines"])


def running(known: Iterable[Limit], kind: str, done: Sequence[str]) -> dict[str, Limit]:
    """What has begun and is not done yet: step -> its limit. `done`: the case's steps in their order."""
    last = {step: place for place, step in enumerate(done)}
    found: dict[str, Limit] = {}
    for limit in known:
        if limit.kind != kind or limit.after not in last or last.get(limit.step, -1) > last[limit.after]:
            continue
        other = found.get(limit.step)
        if other is None or last[other.after] < last[limit.after]:
            found[limit.step] = limit
    return found


def fault(limit: Mapping[str, Any]) -> str:
    """The column of a standard's row that cannot be."""
    steps = {move.step for move in (RATING_MOVES if limit["kind"] == BAD_RATING else COMPLAINT_MOVES)}
    good = {
        "kind": limit["kind"] in KINDS,
        "step": limit["step"] in steps,
        "after": limit["after"] in steps | {"open"},
        "days": isinstance(limit["days"], int) and 1 <= limit["days"] <= 365,
        "unit": limit["unit"] in ("working", "calendar"),
        "duty": limit["duty"] in ("department", "office"),
    }
    return next((column for column, fine in good.items() if not fine), "")


# -- who complained (E15)


def sees_identity(
    *, person: int | None, role: str, registrar: str, officer: int | None, handlers: Iterable[int | None], secret: bool
) -> bool:
    """Registrar, deciding officer and handlers; who wishes secrecy is not named to the department either. The auditor,
    whose looks stand in the case like all others."""
    if person is None:
        return False
    if role == "auditor" or registrar == f"person:{person}" or officer == person:
        return True
    return not secret and person in handlers


# -- figures


class Outcome(NamedTuple):
    """A bad rating's case as the rates count it; a terminated one is none."""

    named: bool
    done: bool
    late: bool  # done late, or still open after its day
    visited: bool
    founded: bool = True


class Rate(NamedTuple):
    numerator: int
    denominator: int


def rates(outcomes: Iterable[Outcome]) -> dict[str, Rate]:
    """整改率, 按期整改率 and 实名差评回访整改率, each with what it is a share of. What proved unfounded needs no
    rectification, but a named one is still visited."""
    rows = list(outcomes)
    due = [row for row in rows if row.founded]
    named = [row for row in rows if row.named]
    timely = [row for row in due if row.done or row.late]
    return {
        "rectified": Rate(sum(row.done for row in due), len(due)),
        "on_time": Rate(sum(row.done and not row.late for row in timely), len(timely)),
        "visited": Rate(sum(row.visited for row in named), len(named)),
    }
