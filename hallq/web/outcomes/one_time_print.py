"""A one-time notice on A4 (M9): the five parts of H04, the unit's seal, two signatures, two copies."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.kernel import Reads
from hallq.outcomes.model import OneTimeNotice
from hallq.outcomes.one_time import paper
from hallq.outcomes.one_time.commands import on_paper
from hallq.outcomes.one_time.content import Content, parsed
from hallq.texts import ZH, text
from hallq.texts.wording import Value
from hallq.ticketing.model import Ticket
from hallq.web.common import hall_of
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.outcomes.one_time import mine
from hallq.web.paper import Row, Signed, printed, qr_drawing, written, written_day

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)


@router.get("/window/notices/{number}/print")
@allow("verbs", "department", "outcomes", "records")
async def print_notice(request: Request, number: int) -> Response:
    hall = hall_of(request)
    await hall.read(mine, number=number, who=caller(request), hall=hall)
    row = await hall.read(on_paper, notice=number)
    rows, token = await hall.read(_page, row=row)
    base = hall.settings.server.public_url
    return printed(
        request, "one_time.html", title=_say("pageTitle", hall=hall.settings.hall.name), rows=rows,
        number=_say("no", no=row.no), made=written(row.at, hall.rules.timezone), copies=_say("copiesNote"),
        qr=qr_drawing(f"{base}/t/{token}") if base and token else None, scan=_say("pageScan"),
    )  # fmt: skip


def _page(db: Reads, *, row: OneTimeNotice) -> tuple[list[Row], str]:
    known, content = paper.values(db, key=row.id or 0, lang=ZH), parsed(row.content)
    ticket, zone = db.get(Ticket, row.ticket), db.rules.timezone
    number = "　".join(str(known[name]) for name in ("number", "case_no") if known[name])
    unit = Signed(_say("pageSign"), str(known["clerk"]), written(row.at, zone), seal=True)
    taken = Signed(_say("pageTakenSign"), "", written(None, zone), seal=False)
    rows = [
        Row(_say("pageItem"), [str(known["service"])]),
        Row(_say("pageNumber"), [number]),
        Row(_say("pageMissing"), _missing(content)),
        Row(_say("accepted"), [str(known["accepted"])]),
        Row(_say("special"), [content.special or _say("none")]),
        Row(_say("next"), [content.next or _say("none")]),
        Row(_say("fee"), [content.fee or _say("none")]),
        *([Row(_say("pageReturn"), [_back(row, known)])] if row.return_by else []),
        *([Row(_say("pageSecond"), [_say("approvedBy", leader=row.leader, said=row.said)])] if row.leader else []),
        Row(_say("pageUnit"), [f"{known['department']}　{_say('lineWindowOnly', window=row.window)}"], signed=unit),
        Row(_say("pageTaken"), [], signed=taken),
    ]
    return rows, ticket.phone_token if ticket else ""


def _missing(content: Content) -> list[str]:
    if not content.missing:
        return [_say("complete")]
    papers = [f"{n}. {paper.line(one, ZH)}" for n, one in enumerate(content.missing, start=1)]
    return [*papers, _say("missingAll")]


def _back(row: OneTimeNotice, known: dict[str, Value]) -> str:
    values = {"d": written_day(row.return_by), "win": known["windows"], "no": known["number"],
              "code": known["check_code"]}  # fmt: skip
    return _say("pageReturnLine", **values)


def _say(key: str, **values: object) -> str:
    return text(f"ot.{key}", ZH, **values)
