"""A refusal record on A4 (I18): what was refused, why, by which rule; the clerk's signature and the leader's word."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.kernel import Reads, must_exist
from hallq.outcomes.handing import refusal_looks as looks
from hallq.outcomes.handing import refusals, whose
from hallq.texts import ZH, text
from hallq.texts.wording import named
from hallq.ticketing.model import Department
from hallq.web.common import hall_of
from hallq.web.guard import GuardedRoute, allow
from hallq.web.outcomes.handing_parts import Json, limited
from hallq.web.paper import Row, Signed, printed, written

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)


@router.get("/office/refusals/{number}/print")
@allow("verbs", "outcomes", "records")
async def print_refusal(request: Request, number: int) -> Response:
    hall = hall_of(request)
    row = await hall.read(_one, number=number, mine=limited(request))
    zone = hall.rules.timezone
    made, seen = written(row["at"], zone), written(row["seen_at"], zone)
    return printed(
        request, title=_say("refusalTitle", hall=hall.settings.hall.name), number=_say("slipNo", no=row["no"]),
        made=made, rows=_rows(row, made, seen), copies="",
    )  # fmt: skip


def _one(db: Reads, *, number: int, mine: Json) -> Json:
    """Raises Refused not_found: also for another department's."""
    wish = {"department": None, "by": None} | mine
    row = must_exist(next(whose.of([refusals.find(db, number)], **wish), None), "refusal", number)
    return looks.shape(db, row) | {"unit": named(db.get(Department, row.department), ZH)}


def _rows(row: Json, made: str, seen: str) -> list[Row]:
    window = [text("hv.windowNo", ZH, win=row["window"])] if row["window"] else []
    number = [_say("recordNumber", number=row["number"])] if row["number"] else []
    return [
        Row(_say("dept"), ["　".join([row["unit"], *window])]),
        Row(_say("what"), [row["what"], *number]),
        Row(_say("reason"), [row["reason"]]),
        *([Row(_say("basis"), [row["basis"]])] if row["basis"] else []),
        Row(_say("writer"), [], signed=Signed(_say("sign"), row["writer"], made, seal=False)),
        Row(_say("opinion"), [row["opinion"]], signed=Signed(_say("leader"), row["leader"] or "", seen, seal=False)),
    ]


def _say(key: str, **values: object) -> str:
    return text(f"hg.{key}", ZH, **values)
