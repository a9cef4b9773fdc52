"""The desk's registers on A4: 遗失物品登记表 (M7), the hand-over list to the police (K03), the mail ledger (M8)."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from hallq.kernel import Ms, Reads
from hallq.office.dates import local
from hallq.registers import found_looks, ledger
from hallq.registers.found import CLAIMED, DESTROYED, MAILED, POLICE, find
from hallq.texts import ZH, text
from hallq.web.common import hall_of, period
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.paper import Row, Signed, printed, written, written_day
from hallq.web.registers.lost import look_at
from hallq.web.registers.mail import cell
from hallq.web.registers.parts import MOST_DAYS

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)
Json = dict[str, Any]
LIST = ("no", "name", "count", "features", "found_at", "place", "day")
LEDGER = ("no", "day", "number", "window", "service", "what", "name", "phone", "carrier", "waybill", "payer", "state",
          "sent_day")  # fmt: skip


@router.get("/office/found/{number}/print")
@allow("registers")
async def print_found(request: Request, number: int) -> Response:
    """The claimant stands masked; `full=1`, with name and signature, is a look like any other."""
    hall = hall_of(request)
    full = await look_at(request, number) if request.query_params.get("full") == "1" else None
    item = await hall.read(lambda db: found_looks.detail(db, item=number))
    if full is not None:
        item |= {"claimant": full.claimant, "phone": full.phone}
    signature = item["signature"] if full is not None else None
    return printed(
        request, "found.html", title=_say("title"), rows=_rows(item, hall.rules.timezone), copies=_say("law"),
        number=f"{_say('no')}　{item['no']}", made=f"{_say('announced')}　{written_day(item['day'])}",
        pictures=[f"/api/v1/found/{number}/files/{file}" for file in item["photos"]],
        signature=f"/api/v1/found/{number}/files/{signature}" if signature else None,
        signing=_say("sign"), signed_at=written(item["closed_at"] if signature else None, hall.rules.timezone),
        shown=_say("photos"),
    )  # fmt: skip


def _rows(item: Json, zone: ZoneInfo) -> list[Row]:
    row = [
        Row(_say("name"), [f"{item['name']}　× {item['count']}"]),
        Row(_say("features"), [item["features"]]),
        Row(_say("found_at"), [_when(item["found_at"], zone)]),
        Row(_say("place"), ["　".join(part for part in (item["zone_name"], item["place"]) if part)]),
        Row(_say("finder"), [_finder(item), _say("taken", name=item["by"], at=_when(item["at"], zone))]),
    ]
    if item["state"] in (CLAIMED, MAILED):
        named = f"{_say('claimant')}：{item['claimant']}　{_say('id')}：{item['id_masked']}"
        row.append(Row(_say("claim"), [named, f"{_say('phone')}：{item['phone']}", *_told(item, item["state"], zone)]))
    if item["state"] == POLICE:
        row.append(Row(_say("police"), [f"{_say('receipt')}：{item['receipt']}", *_told(item, POLICE, zone)]))
    if item["state"] == DESTROYED:
        row.append(Row(_say("destroyed"), _told(item, DESTROYED, zone)))
    contacts = _told(item, "contact", zone)
    return [*row, Row(_say("contacts"), contacts)] if contacts else row


def _finder(item: Json) -> str:
    return text(f"rg.finder_{item['finder']}", ZH) if item["finder"] else ""


def _told(item: Json, step: str, zone: ZoneInfo) -> list[str]:
    return [f"{_when(one['at'], zone)}　{one['by']}　{one['note']}" for one in item["steps"] if one["step"] == step]


@router.get("/office/found-handover/print")
@allow("registers")
async def print_handover(request: Request, item: Annotated[list[int], Query(max_length=200)]) -> Response:
    """K03, K05: these items in a list for both to sign, before they go."""
    hall = hall_of(request)
    rows = await hall.read(_items, numbers=item)
    zone = hall.rules.timezone
    lines = [[_shown(row, name, zone) for name in LIST] for row in rows]
    return printed(
        request, "register.html", title=_say("handover"), head=[_say(f"h_{name}") for name in LIST], lines=lines,
        number=_say("count", n=len(rows)), made=written(hall.now(), zone), copies=_say("twice"), lead=_say("law"),
        signed=[Signed(_say("gives"), caller(request).name, written(None, zone), True),
                Signed(_say("takes"), "", written(None, zone), True)],
    )  # fmt: skip


def _items(db: Reads, *, numbers: list[int]) -> list[Json]:
    return [found_looks.line(db, find(db, number)) for number in dict.fromkeys(numbers)]


def _shown(row: Json, name: str, zone: ZoneInfo) -> str:
    if name == "found_at":
        return _when(row["found_at"], zone)
    if name == "place":
        return "　".join(part for part in (row["zone_name"], row["place"]) if part)
    return str(row[name])


@router.get("/office/mail/print")
@allow("registers")
async def print_ledger(request: Request) -> Response:
    """The days `from` to `to`, masked."""
    hall, (since, until) = hall_of(request), period(request, MOST_DAYS)
    rows = await hall.read(ledger.listing, since=since, until=until)
    return printed(
        request, "register.html", title=_say("mail"), head=[text(f"rg.m_{name}", ZH) for name in LEDGER],
        lines=[[cell(row, name, ZH) for name in LEDGER] for row in reversed(rows)], number=f"{since} — {until}",
        made=written(hall.now(), hall.rules.timezone), copies="", lead="", signed=[], wide=True,
    )  # fmt: skip


def _when(at: Ms, zone: ZoneInfo) -> str:
    return f"{local(at, zone):%Y-%m-%d %H:%M}"


def _say(key: str, **values: object) -> str:
    return text(f"lp.{key}", ZH, **values)
