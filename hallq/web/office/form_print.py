"""The filled form as in the annexes M1, M2 and M3, field by field in their order, for paper, signature and seal."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.kernel import Ms, Reads
from hallq.office import closures, dates, device_check, papers
from hallq.office.post_model import DeviceCheck
from hallq.texts import ZH, text
from hallq.ticketing.model import Service, Zone
from hallq.web.common import hall_of
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.paper import Row, Signed, printed, written

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)


@router.get("/office/checks/{number}/print")
@allow("devices.read", "devices")
async def print_check(request: Request, number: int) -> Response:
    """B28: the report of a full check, for paper and signature."""
    hall = hall_of(request)
    found = await hall.read(_check, number=number)
    if found is None:
        raise Problem(404, "not_found", what="check", id=number)
    made = f"{written(found['at'], hall.rules.timezone)} {dates.local(found['at'], hall.rules.timezone):%H:%M}"
    kinds = sorted(set(found["results"].values()))
    rows = [Row(text(f"st.{kind}", ZH), ["、".join(_with(found["results"], kind))]) for kind in kinds]
    rows.append(Row(text("st.checkedBy", ZH), [], signed=Signed(text("st.sign", ZH), found["by"], made, seal=False)))
    return printed(
        request, title=text("st.report", ZH, hall=hall.settings.hall.name), rows=rows, made=made,
        number=_say("number", no=f"{number:04d}"), copies=text("st.copies", ZH, n=found["devices"], m=found["failed"]),
    )  # fmt: skip


def _with(results: dict[str, str], kind: str) -> list[str]:
    return [device for device, result in results.items() if result == kind]


def _check(db: Reads, *, number: int) -> dict[str, Any] | None:
    row = db.get(DeviceCheck, number)
    return None if row is None else device_check.report(db, row)


@router.get("/office/forms/{kind}/{number}/print")
@allow("forms", "records")
async def print_form(request: Request, kind: str, number: int) -> Response:
    hall, who = hall_of(request), caller(request)
    if kind not in papers.KINDS:
        raise Problem(404, "not_found", what="form", id=kind)
    form, rows = await hall.read(_page, kind=kind, number=number, hall_name=hall.settings.hall.name)
    if who.role == "chief" and form.department != who.department:
        raise Problem(403, "forbidden")
    return printed(
        request, title=_say(f"title.{kind}", hall=hall.settings.hall.name), rows=rows, copies=_say("copies"),
        number=_say("number", no=f"{form.id:04d}"), made=written(form.made_at, hall.rules.timezone),
    )  # fmt: skip


def _page(db: Reads, *, kind: str, number: int, hall_name: str) -> tuple[Any, list[Row]]:
    form = papers.find(db, kind, number)
    fields = {"closures": _closure, "suspensions": _suspension, "window-changes": _change}[kind]
    rows = [*fields(db, form), _opinion(db, kind, form), _answer(db, kind, form, hall_name)]
    if kind == "suspensions":
        rows += [_row("contact", [f"{form.contact}　{form.phone}"]), _row("remark", [form.remark])]
    else:
        rows.append(_row("head", [], Signed("", form.head, written(form.approved_at, db.rules.timezone), seal=False)))
    return form, [*rows, *_lifted(form)]


def _closure(db: Reads, form: Any) -> list[Row]:
    """M3."""
    spans = [_choice(form.kind == kind, f"span.{kind}", _span(db, form)) for kind in ("close", "reopen", "season")]
    measures = [form.measures, _people(form.contact, form.phone)]
    return [
        _row("department", [closures.department_name(db, form.department)]),
        _row("reason", [form.reason], hint="proof"),
        _row("windows", [_windows(form.windows)]),
        _row("span", spans),
        _row("measures", measures, hint="measures.M3"),
    ]


def _suspension(db: Reads, form: Any) -> list[Row]:
    """M1."""
    names = [db.get(Service, code) for code in closures.split(form.services)]
    what = "、".join(row.name for row in names if row is not None)
    advisers = "；".join(f"{one['name']} {one['phone']}" for one in orjson.loads(form.advisers))
    document = [_say("document", no=form.document)] if form.document else []
    return [
        _row("applicant", [closures.department_name(db, form.department)]),
        _row("stop", [form.reason, *document, _say("services", svc=what), form.content], hint="stop"),
        _row("windows", [_windows(form.windows)]),
        _row("time", [_span(db, form)]),
        _row("measures", [form.measures, _say("advisers", names=advisers), form.publicity], hint="measures.M1"),
    ]


def _change(db: Reads, form: Any) -> list[Row]:
    """M2."""
    adds = form.kind == "add"
    zone = db.get(Zone, form.zone) if form.zone else None
    windows = closures.split(form.windows)
    place = f"{zone.name if zone else ''}{_windows(form.windows)}　{_say('count', n=len(windows))}"
    moved = [_say("moved", to=form.to_window)] if form.to_window else []
    names = [db.get(Service, code) for code in closures.split(form.services)]
    business = form.business or "、".join(row.name for row in names if row is not None)
    kinds = f"{_choice(adds, 'kind.add', '')}　{_choice(not adds, 'kind.remove', '')}"
    return [
        _row("department", [closures.department_name(db, form.department)]),
        _row("why", [kinds, form.reason], hint="why"),
        _row("place", [place, *moved]),
        _row("begins", [written(form.since, db.rules.timezone)]),
        _row("business", [business], hint="business"),
        _row("equipment", [form.equipment]),
    ]


def _opinion(db: Reads, kind: str, form: Any) -> Row:
    """M3 may be signed by either of two (A.3 6)."""
    rank = {"closures": "either", "suspensions": "signature", "window-changes": "chief"}[kind]
    signed = Signed(_say(f"signed.{rank}"), form.signed_by, written(form.signed_at, db.rules.timezone), seal=True)
    return _row("unit" if kind == "suspensions" else "opinion", [form.opinion], signed)


def _answer(db: Reads, kind: str, form: Any, hall: str) -> Row:
    answer = form.why if form.state == "refused" else form.answer
    at = form.approved_at or (form.ended_at if form.state == "refused" else None)
    name = form.approved_by or (form.ended_by if form.state == "refused" else "")
    signed = Signed(_say("signed.signature"), name, written(at, db.rules.timezone), seal=True)
    label = _say("office.of", hall=hall) if kind == "suspensions" else _say("office")
    return Row(label, [answer] if answer else [], signed=signed)


def _lifted(form: Any) -> list[Row]:
    """原则上: an exception stands on the form with reason and name."""
    if not form.lifted:
        return []
    return [_row("lifted", [form.lift_reason, _say("lifted.by", name=form.lift_name)])]


def _row(key: str, lines: list[str], signed: Signed | None = None, *, hint: str = "") -> Row:
    return Row(_say(key), [line for line in lines if line.strip()], _say(f"hint.{hint}") if hint else "", signed)


def _choice(on: bool, key: str, span: str) -> str:
    return f"{'☑' if on else '☐'} {_say(key)}{f'：{span}' if on and span else ''}"


def _span(db: Reads, form: Any) -> str:
    zone, until = db.rules.timezone, getattr(form, "until", None)
    since = _moment(form.since, zone)
    return since if until is None else _say("from.until", a=since, b=_moment(until, zone, ends=True))


def _windows(column: str) -> str:
    return "、".join(_say("window", no=no) for no in closures.split(column))


def _people(name: str, phone: str) -> str:
    return _say("contact.is", name=name, phone=phone) if name or phone else ""


def _moment(at: Ms, zone: ZoneInfo, *, ends: bool = False) -> str:
    return f"{dates.local(at - (1 if ends else 0), zone).year}年{dates.spoken(at, zone, ends=ends)[0]}"


def _say(key: str, **values: object) -> str:
    return text(f"fp.{key}", ZH, **values)
