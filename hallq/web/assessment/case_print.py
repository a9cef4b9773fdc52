"""A case on paper: the work order of a bad rating (M13) and the complaint register form (M6), A4, for signature."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.assessment.cases import looks, rules
from hallq.assessment.cases.model import Case
from hallq.kernel import Ms, Reads
from hallq.office.dates import local
from hallq.people.identity import Identity
from hallq.texts import ZH, text
from hallq.ticketing.model import Department, Service
from hallq.web.assessment.cases import READERS, look_at, mine
from hallq.web.common import hall_of
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.paper import Row, Signed, printed, written

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)
Json = dict[str, Any]


@router.get("/office/cases/{number}/print")
@allow(*READERS)
async def print_case(request: Request, number: int) -> Response:
    """Who complained stands masked, since the paper goes round; `full=1` is a look at it like any other."""
    hall, who = hall_of(request), caller(request)
    full = request.query_params.get("full") == "1"
    if full:
        await look_at(request, number)
    row, rows = await hall.read(_page, number=number, who=who, full=full)
    kind = rules.BAD_RATING if row.kind == rules.BAD_RATING else "complaint"
    return printed(
        request, title=_say(f"paper.{kind}", hall=hall.settings.hall.name), rows=rows, copies=_say("paper.copies"),
        number=f"{_say('no')} {row.no}", made=written(row.at, hall.rules.timezone),
    )  # fmt: skip


def _page(db: Reads, *, number: int, who: Identity, full: bool) -> tuple[Case, list[Row]]:
    row = mine(db, number=number, who=who)
    case = looks.detail(db, case=number, who=who)
    zone = db.rules.timezone
    last = {step["step"]: step for step in case["steps"]}

    def lines(*steps: str) -> list[str]:
        return [_told(step, zone) for step in case["steps"] if step["step"] in steps]

    def signed(label: str, at: Ms | None, name: str = "") -> Signed:
        return Signed(_say("paper.sign"), name, written(at, zone), seal=label == "unit")

    done = last.get("handle") or last.get("rectify")
    approvals = [Row(_say("paper.approved"), lines("approve", "confirm"))] if row.kind == rules.SERIOUS else []
    plans = [_plan(plan) for plan in case["plans"]]
    return row, [
        Row(f"{_say('kind')}、{_say('channel')}", [f"{_say(f'kind.{row.kind}')}　{_say(f'channel.{row.channel}')}"]),
        Row(_say("name"), [f"{row.name}　{row.contact}", row.demand] if full else [_who(case, who)]),
        Row(_say("about"), [_about(db, row, case)]),
        Row(_say("matter"), _matter(case)),
        Row(_say("paper.both"), lines("verify", "contact", "investigate", "explain")),
        Row(_say("paper.opinion"), lines("decide", "accept", "reject"),
            signed=signed("office", (last.get("decide") or {}).get("at"), (last.get("decide") or {}).get("name", ""))),
        *approvals,
        Row(_say("paper.measure"), [*_due(row), *lines("rectify", "handle"), *plans],
            signed=signed("unit", done["at"] if done else None, done["name"] if done else "")),
        Row(_say("paper.reply"), lines("answer")),
        Row(_say("paper.satisfied"), lines("visit", "return", "close", "withdraw", "terminate")),
    ]  # fmt: skip


def _told(step: Json, zone: ZoneInfo) -> str:
    other = f"{_say('otherSide')}：{step['other_side']}" if step["other_side"] else ""
    words = [_say(f"result.{step['result']}") if step["result"] else "", step["note"], other]
    late = f"（{_say('lateWord')}）" if step["late"] else ""
    when = local(step["at"], zone)
    said = "　".join(word for word in words if word)
    return f"{_say('step.' + step['step'])}　{when:%m-%d %H:%M}　{step['name']}{late}　{said}"


def _who(case: Json, who: Identity) -> str:
    shown = case["complainant"]
    if who.role == "leader" or not (shown["name"] or shown["contact"]):
        return _say("named" if case["named"] else "anonymous")
    secret = f"　{_say('secret')}" if case["secret"] else ""
    return f"{shown['name']}　{shown['contact']}{secret}"


def _about(db: Reads, row: Case, case: Json) -> str:
    department = db.get(Department, row.department) if row.department else None
    service = db.get(Service, row.service) if row.service else None
    window = _say("windowNo", win=row.window) if row.window else ""
    names = [department.name if department else "", window, case["clerk"], service.name if service else "",
             f"{_say('number')} {case['number']}" if case["number"] else ""]  # fmt: skip
    return "　".join(name for name in names if name)


def _matter(case: Json) -> list[str]:
    rating = case["rating_is"]
    words = [text(f"r.{rating['level']}", ZH), *(reason["zh"] for reason in rating["reasons"])] if rating else []
    topic = [text(f"ct.{case['topic']}", ZH)] if case["topic"] else []
    return ["　".join([*words, *topic]), case["matter"]]


def _due(row: Case) -> list[str]:
    if not row.due_day:
        return []
    return [f"{_say('paper.due')}：{_say('dueOn', day=row.due_day, step=_say(f'step.{row.due_step}'))}"]


def _plan(plan: Json) -> str:
    """M12 in a line: what, how, until when, who, and what came of it."""
    due = _say("planBy", day=plan["due_day"], who=plan["responsible"])
    parts = (plan["content"], plan["measures"], due, plan["progress"], plan["result"])
    return "　".join(part for part in parts if part)


def _say(key: str, **values: object) -> str:
    return text(f"cs.{key}", ZH, **values)
