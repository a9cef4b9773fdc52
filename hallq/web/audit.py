"""The auditor's page: the journal's head, a verification of everything, a seeded sample of visits, who wrote what."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from hallq import admin, journal
from hallq.audit import entries, order
from hallq.audit.check import parsed_head
from hallq.hall import Hall
from hallq.kernel import Ms, Reads, Tx, iso
from hallq.office.dates import begin_of
from hallq.people.looks import PERSON
from hallq.ticketing.lookups import name_of_actor
from hallq.ticketing.model import Visit
from hallq.ticketing.opening.calendar import days_after
from hallq.web.bodies import Body
from hallq.web.common import hall_of, period, reply
from hallq.web.downloads import download
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
MOST = 200  # visits to a sample
PAGE = 50
SHOWN_ROWS = 40  # of an entry
Word = Annotated[str, Query(max_length=64)]
About = Literal[
    "", "rules", "catalogue", "closures", "calendar", "people", "order", "ratings", "cases", "ledger", "reads"
]
log = structlog.get_logger("hallq.web")


@dataclass
class Verification:
    """The one that runs, and the last one's verdict. In memory: the journal has both as entries."""

    task: asyncio.Task[None] | None = None
    done: int = 0
    all: int = 0
    last: Json | None = field(default=None)

    @property
    def running(self) -> bool:
        return self.task is not None and not self.task.done()


class Verify(Body):
    head: Annotated[str, Field(max_length=100)] | None = None


@router.get("/audit")
@allow("verify")
async def get_audit(request: Request) -> Response:
    """The head, and how the last verification since the hub's start went."""
    return reply(await _state(request))


@router.post("/audit/verify")
@allow("verify")
async def begin_verify(request: Request, body: Verify) -> Response:
    """Begins one, or tells of the one that runs; its verdict stands in `GET /audit`."""
    hall, state = hall_of(request), _verification(request)
    if body.head is not None:
        _check(body.head)
    if not state.running:
        state.task = asyncio.create_task(_verify(hall, state, body.head, caller(request).actor))
    return reply(await _state(request))


def _check(head: str) -> None:
    try:
        parsed_head(head)
    except ValueError:
        raise Problem(422, "invalid", field="head") from None


def _verification(request: Request) -> Verification:
    state: Verification = request.app.state.verification
    return state


async def _state(request: Request) -> Json:
    state, head = _verification(request), await hall_of(request).read(journal.head)
    running = {"done": state.done, "all": state.all} if state.running else None
    return {"head": head, "entries": int(head.partition(":")[0]), "running": running, "last": state.last}


async def _verify(hall: Hall, state: Verification, head: str | None, actor: str) -> None:
    def tell(done: int, all_: int) -> None:
        state.done, state.all = done, all_

    try:
        count, last, fault = await asyncio.to_thread(admin.verify, hall.settings, head=head, progress=tell)
        state.last = {
            "at": iso(hall.now(), hall.rules.timezone),
            "entries": count,
            "head": f"{count}:{last}",
            "fault": fault,
        }
        await hall.do(verified, actor, entries=count, head=last, fault=fault)
    except Exception:
        log.exception("the verification broke off")


def verified(tx: Tx, *, entries: int, head: str, fault: str | None) -> None:
    tx.log(entries=entries, head=head, fault=fault)


@router.get("/audit/sample")
@allow("verify")
async def get_sample(
    request: Request,
    seed: Annotated[str, Query(min_length=1, max_length=64)],
    n: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Response:
    """`from` and `to`, the month so far when left out. The same seed draws the same visits, for everyone."""
    hall = hall_of(request)
    since, until = period(request)

    def look(db: Reads) -> list[Json]:
        return order.explained(db, order.sample(db, seed=seed, n=n, since=since, until=until))

    items = [_call(hall, found) for found in await hall.read(look)]
    return reply({"items": items, "from": since, "to": until, "seed": seed, "next": None})


@router.get("/audit/visits/{number}")
@allow("verify")
async def get_visit(request: Request, number: int) -> Response:
    hall = hall_of(request)
    found = await hall.read(lambda db: order.explained(db, [number]) if db.get(Visit, number) else [])
    if not found:
        raise Problem(404, "not_found", what="visit", id=number)
    return reply(_call(hall, found[0]))


def _call(hall: Hall, found: Json) -> Json:
    def clock(at: Ms) -> str:
        return iso(at, hall.rules.timezone)

    waited = [wait | {"arrival": clock(wait["arrival"]), "since": clock(wait["since"])} for wait in found["waited"]]
    return found | {"at": clock(found["at"]), "arrival": clock(found["arrival"]), "waited": waited}


@router.get("/audit/journal")
@allow("verify")
async def get_journal(
    request: Request, about: About = "", actor: Word = "", verb: Word = "",
    next: Annotated[int | None, Query(ge=1)] = None, limit: Annotated[int, Query(ge=1, le=500)] = PAGE,
) -> Response:  # fmt: skip
    """Newest first. `actor`: `person:7`, or a person's name."""
    hall = hall_of(request)
    first, last = period(request)
    since, until = (begin_of(day, hall.rules.timezone) for day in (first, days_after(last, 1)))

    def look(db: Reads) -> list[Json]:
        wish = {"about": about, "actor": _actor(db, actor), "verb": verb}
        found = entries.search(db, **wish, since=since, until=until, before=next, most=limit)
        return [_entry(hall, db, one) for one in found]

    items = await hall.read(look)
    return reply({"items": items, "next": items[-1]["seq"] if len(items) == limit else None})


def _actor(db: Reads, words: str) -> str:
    row = db.first(PERSON, name=words) if words and ":" not in words else None
    return words if row is None else f"person:{row.id}"


def _entry(hall: Hall, db: Reads, one: entries.Found) -> Json:
    return {
        "seq": one.seq, "at": iso(one.at, hall.rules.timezone), "actor": one.actor, "verb": one.verb,
        "facts": one.facts, "name": name_of_actor(db, one.actor) or None,
        "rows": [_label(row) for row in [*one.rows][:SHOWN_ROWS]], "written": len(one.rows),
    }  # fmt: skip


def _label(row: str) -> str:
    """An invitation is named by its token, which nobody else may hold while its day lasts."""
    return f"{row[:17]}…" if row.startswith("invitation/") else row


@router.get("/audit/export")
@allow("verify")
async def get_export(request: Request) -> Response:
    """docs/audit.md: the journal and the covered rows, personal values as digests, with the verifier inside."""
    hall = hall_of(request)
    name = f"audit-{hall.settings.hall.id}-{hall.store.reader().day}.zip"
    return await download(lambda path: admin.audit_export(hall.settings, path), name=name, media="application/zip")
