"""A hand-over on paper (B32): A4, with the two signatures that the hub has, and places for those by hand."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.kernel import Reads, Refused, must_exist
from hallq.office.dates import local
from hallq.office.post_model import Handover
from hallq.outcomes.handing import handovers as commands
from hallq.texts import ZH, text
from hallq.web.common import hall_of
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.outcomes.handing_parts import department_of, limited
from hallq.web.paper import Row, Signed, printed, written

Json = dict[str, Any]
router = APIRouter(route_class=GuardedRoute, include_in_schema=False)


@router.get("/office/handovers/{number}/print")
@allow("records", "department", "verbs")
async def print_handover(request: Request, number: int) -> Response:
    hall, who = hall_of(request), caller(request)
    row = await hall.read(_one, number=number)
    if limited(request) and department_of(hall, who) != row["department"]:
        raise Refused("not_found", what="handover", id=number)
    zone = hall.rules.timezone
    return printed(
        request, title=_say("title", hall=hall.settings.hall.name), rows=_rows(row, zone), copies="",
        number=_say("windowNo", win=row["window"]), made=written(row["at"], zone),
    )  # fmt: skip


def _one(db: Reads, *, number: int) -> Json:
    return commands.shape(db, must_exist(db.get(Handover, number), "handover", number))


def _rows(row: Json, zone: ZoneInfo) -> list[Row]:
    found = row["content"]
    parked = [_say("parkedLine", no=each["number"], day=each["return_by"]) if each["return_by"] else each["number"]
              for each in found["parked"]]  # fmt: skip
    notices = [_say("noticeLine", no=each["no"] or "", number=each["number"]) for each in found.get("notices", [])]
    cases = [_say("outcomeLine", no=each["no"] or each["case_no"] or "—", service=each["service"],
                  day=each["due_day"] or "—") for each in found.get("outcomes", [])]  # fmt: skip
    pauses = [f"{local(each['since'], zone):%H:%M}　{each['reason']}" for each in found.get("pauses", [])]
    waiting = "、".join([*([found["ticket"]] if found.get("ticket") else []), *found.get("waiting", [])])
    signed = Signed(_say("signed"), row["giver_name"], _at(row["signed_at"], zone), seal=False)
    taken = Signed(_say("signed"), row["taker_name"], _at(row["taken_over_at"], zone), seal=False)
    none = [_say("none")]
    return [
        Row(_say("open"), [waiting] if waiting else none),
        Row(_say("parked"), parked or none),
        Row(_say("notices"), notices or none),
        Row(_say("outcomes"), cases or none),
        Row(_say("pauses"), pauses or none),
        Row(_say("faults"), ["、".join(row["faults"])] if row["faults"] else none),
        Row(_say("giver"), [row["remark"] or ""], signed=signed),
        Row(_say("taker"), [row["taken_remark"] or ""], signed=taken),
    ]


def _at(at: int | None, zone: ZoneInfo) -> str:
    return written(at, zone) + ("" if at is None else f" {local(at, zone):%H:%M}")


def _say(key: str, **values: object) -> str:
    return text(f"hv.{key}", ZH, **values)
