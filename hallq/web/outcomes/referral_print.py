"""A referral on paper for the citizen, where no slip printer stands: A4, without who it was that asked (I17)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.outcomes.handing import referral_paper, referrals
from hallq.texts import ZH, text
from hallq.web.common import hall_of
from hallq.web.guard import GuardedRoute, allow
from hallq.web.outcomes.referrals import STAFF
from hallq.web.paper import Row, Signed, printed, written

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)
ROWS = (("matter", "matter"), ("department", "department"), ("inCharge", "person"), ("phone", "tel"),
        ("windows", "windows"), ("due", "due"))  # fmt: skip


@router.get("/office/referrals/{number}/print")
@allow(*STAFF, "records")
async def print_referral(request: Request, number: int) -> Response:
    hall = hall_of(request)
    row = await hall.read(referrals.find, referral=number)
    known = await hall.read(referral_paper.values, key=number, lang=ZH)
    made = written(row.at, hall.rules.timezone)
    signed = Signed(_say("sign"), known["writer"], made, seal=True)
    rows = [Row(_say(label), [known[name]]) for label, name in ROWS if known[name]]
    return printed(
        request, title=_say("paperTitle", hall=hall.settings.hall.name), number=_say("slipNo", no=row.no), made=made,
        rows=[*rows, Row(_say("from"), [], signed=signed)], copies=_say("paperNote", tel=hall.rules.complaint_phones),
    )  # fmt: skip


def _say(key: str, **values: object) -> str:
    return text(f"hg.{key}", ZH, **values)
