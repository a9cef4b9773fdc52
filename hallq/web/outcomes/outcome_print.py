"""A case's notices on A4 (M9), with the unit's seal, for halls whose windows have no printer and for the file."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.kernel import Reads, must_exist
from hallq.outcomes import paper
from hallq.outcomes.model import Extension
from hallq.texts import ZH, text
from hallq.texts.wording import Value
from hallq.web.common import hall_of
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.outcomes.outcomes import READERS, WORKERS, mine
from hallq.web.paper import Row, Signed, printed, written

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)
Values = dict[str, Value]
Line = tuple[str, str]  # the words on the slip, and the value without which they are left out
# what stands on each after its first words, in order
LINES: dict[str, tuple[Line, ...]] = {
    "accept": (("caseNo", "case_no"), ("accepted", "accepted"), ("due", "due"), ("dueHow", "due"), ("start", "no")),
    "refuse": (("at", "accepted"), ("refuseReason", "reason"), ("review", "no")),
    "supplement": (("at", "accepted"), ("supplementReason", "reason"), ("supplementClock", "no")),
    "giveback": (("at", "accepted"), ("givebackReason", "reason")),
    "advice": (("at", "accepted"), ("adviceReason", "reason"), ("adviceNext", "no")),
    "extension": (
        ("caseNo", "case_no"), ("fromDay", "from_day"), ("toDay", "to_day"), ("extensionReason", "reason"),
        ("leader", "leader"),
    ),
}  # fmt: skip
ASK: tuple[Line, ...] = (("phone", "phone"), ("complaints", "complaints"))


@router.get("/window/outcomes/{number}/print")
@allow(*READERS, *WORKERS)
async def print_outcome(request: Request, number: int) -> Response:
    hall = hall_of(request)
    row = await hall.read(mine, number=number, who=caller(request), hall=hall)
    known = await hall.read(paper.values, key=number, lang=ZH)
    return _page(request, must_exist(row.slip or None, "paper", number), known, row.at)


@router.get("/window/extensions/{number}/print")
@allow(*READERS, *WORKERS)
async def print_extension(request: Request, number: int) -> Response:
    hall = hall_of(request)
    made = await hall.read(_extension, number=number)
    await hall.read(mine, number=made.outcome, who=caller(request), hall=hall)
    return _page(request, "extension", await hall.read(paper.extension, key=number, lang=ZH), made.at)


def _extension(db: Reads, *, number: int) -> Extension:
    return must_exist(db.get(Extension, number), "extension", number)


def _page(request: Request, name: str, known: Values, at: int) -> Response:
    hall = hall_of(request)
    zone, lines = hall.rules.timezone, [_say(f"{name}Words"), *_lines(LINES[name], known)]
    missing = known.get("missing") or ()
    unit = Signed(_say("signed"), str(known["clerk"]), written(at, zone), seal=True)
    taken = Signed(_say("received"), "", written(None, zone), seal=False)
    rows = [
        Row(_say("rowItem"), [str(known["service"]), *_lines((("number", "number"),), known)]),
        Row(_say(name), lines),
        *([Row(_say("rowMissing"), [f"{n}. {one}" for n, one in enumerate(missing, start=1)])] if missing else []),
        Row(_say("rowAsk"), _lines(ASK, known | {"complaints": hall.rules.complaint_phones})),
        Row(_say("rowUnit"), [str(known["department"]), *_lines((("window", "window"),), known)], signed=unit),
        Row(_say("received"), [], signed=taken),
    ]
    return printed(
        request, title=f"{hall.settings.hall.name}{_say(name)}", rows=rows, copies=_say("copies"),
        number=_say("no", no=known["no"]), made=written(at, zone),
    )  # fmt: skip


def _lines(lines: tuple[Line, ...], known: Values) -> list[str]:
    return [text(f"ocp.{words}", ZH, **known) for words, needed in lines if known[needed]]


def _say(key: str, **values: object) -> str:
    return text(f"ocp.{key}", ZH, **values)
