"""Ratings beside the pads' own page: by number and check code, read aloud, reviewed, listed; and every refused attempt.

The rating of a pad stands here too, since whatever is tried against these endpoints leaves a trace in the journal.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from hallq.assessment.ratings import commands, coverage, elsewhere, flags, listing
from hallq.assessment.ratings.model import Rating
from hallq.hall import Hall
from hallq.kernel import Reads, Refused, iso
from hallq.limits import Limit
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.texts import EN, ZH
from hallq.web import bodies
from hallq.web.common import codes, hall_of, period, reply
from hallq.web.errors import STATUS, Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.pages import reason_json

Json = dict[str, Any]
TRIED = (401, 403, 404, 409)  # what is journaled of the refusals
PAGE = 200
Level = Annotated[int, Field(ge=1, le=5)]
Reasons = Annotated[list[bodies.Code], Field(max_length=12)]
Comment = Annotated[str, Field(max_length=commands.LONGEST_COMMENT)]
Note = Annotated[str, Field(min_length=1, max_length=flags.LONGEST_NOTE)]
Number = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
Named = Annotated[str | None, Query(max_length=64)]


class WatchedRoute(GuardedRoute):
    """A refused attempt to rate is journaled: who, where, with what code. A flood does not fill the journal."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        handle = super().get_route_handler()

        async def watched(request: Request) -> Response:
            try:
                return await handle(request)
            except (Problem, Refused) as error:
                status = error.status if isinstance(error, Problem) else STATUS.get(error.code, 409)
                if request.method == "POST" and status in TRIED:
                    await _note_attempt(request, error.code)
                raise

        return watched


async def _note_attempt(request: Request, code: str) -> None:
    limit: Limit = request.app.state.rating_attempts
    try:
        known = await request.app.state.gate.candidates(request)
    except Problem:  # a token that nobody has
        known = []
    actor, no = (known[0].actor if known else "anonymous"), request.path_params.get("no", "")
    if limit.spent(actor):
        return
    limit.count(actor)
    hall = hall_of(request)
    window = no if no in hall.picture.windows else ""
    await hall.do(elsewhere.rating_refused, actor, code=code, window=window)


watched = APIRouter(prefix="/api/v1", route_class=WatchedRoute)
router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)


# -- at the pad


@watched.post("/pads/{no}/rating", status_code=201)
@allow("rate")
async def rate(request: Request, no: str, body: bodies.Rate) -> Response:
    hall = own(request, no)
    rated = await hall.do(
        commands.rate,
        caller(request).actor,
        token=body.token,
        window=no,
        level=body.level,
        reasons=body.reasons or (),
        comment=body.comment or "",
        channel="page",
        answered=body.reasons is not None,
    )
    return reply(rating_json(rated.rating) | {"seq": hall.seq}, 201 if rated.new else 200)


@watched.post("/pads/{no}/touch")
@allow("rate")
async def touch(request: Request, no: str, body: bodies.Invited) -> Response:
    hall = own(request, no)
    await hall.do(commands.touch, caller(request).actor, token=body.token, window=no)
    return reply({"seq": hall.seq})


@watched.post("/pads/{no}/skip")
@allow("rate")
async def skip(request: Request, no: str, body: bodies.Invited) -> Response:
    hall = own(request, no)
    await hall.do(commands.skip, caller(request).actor, token=body.token, window=no)
    return reply({"seq": hall.seq})


def own(request: Request, no: str) -> Hall:
    if caller(request).place != no:
        raise Problem(403, "forbidden", window=no)
    return hall_of(request)


def rating_json(rating: Any) -> Json:
    return {"id": rating.id, "level": rating.level, "reasons": codes(rating.reasons), "comment": rating.comment or None}


# -- by number and check code


class Find(bodies.Body):
    number: bodies.Code
    check_code: bodies.Code


class RateTicket(Find):
    visit: int | None = None  # which of the ticket's visits; the latest when left out
    level: Level
    reasons: Reasons | None = None
    comment: Comment | None = None
    request_id: bodies.RequestId = None


@watched.post("/ratings/find")
@allow("rate.code", "rate.assist")
async def find(request: Request, body: Find) -> Response:
    """The visits of this ticket that may be rated, the latest first. No level is told: a slip lies about at windows."""
    hall = hall_of(request)
    wish = {"number": body.number.strip().upper(), "check_code": body.check_code}
    number, found = await _guessed(request, lambda: hall.read(_visits, **wish))
    return reply({"number": number, "items": [visit_json(hall, each) for each in found], "next": None})


@watched.post("/ratings", status_code=201)
@allow("rate.code", "rate.assist")
async def rate_ticket(request: Request, body: RateTicket) -> Response:
    """At a kiosk the citizen's own press; through a guide or the office an assisted one, marked as such."""
    hall, who = hall_of(request), caller(request)
    by_staff = who.role != "kiosk"
    wish = body.model_dump(exclude={"request_id"}) | {"number": body.number.strip().upper()}
    command = once(
        _rate_once, caller=who.actor, route="/ratings", request_id=body.request_id, body=wish, again=_known
    )
    channel = "desk" if by_staff else "kiosk"
    done = await _guessed(request, lambda: hall.do(command, who.actor, **wish, channel=channel, assisted=by_staff))
    shown = {"id": done.id} if by_staff else rating_json(done.rating)
    return reply(shown | {"seq": hall.seq}, 201 if done.new else 200)


class _Done:
    __slots__ = ("id", "new", "rating")

    def __init__(self, rating: Any, new: bool) -> None:
        self.rating, self.new, self.id = rating, new, rating.id


def _rate_once(tx: Any, **wish: Any) -> _Done:
    return _Done(*elsewhere.rate_by_code(tx, **wish))


def _known(tx: Any, number: str) -> _Done:
    return _Done(tx.get(Rating, int(number)), True)


async def _guessed(request: Request, ask: Callable[[], Awaitable[Any]]) -> Any:
    """A caller that has guessed wrong too often waits: 429."""
    limit: Limit = request.app.state.code_limit
    who = caller(request).actor
    limit.check(who)
    try:
        return await ask()
    except Refused as error:
        if error.code == "wrong_code":
            limit.count(who)
        raise


def _visits(db: Reads, *, number: str, check_code: str) -> tuple[str, list[elsewhere.Choice]]:
    ticket = elsewhere.by_code(db, number=number, check_code=check_code)
    found = elsewhere.choices(db, ticket)
    if not found:
        raise Refused("nothing_to_rate")
    return ticket.number, found


def visit_json(hall: Hall, choice: elsewhere.Choice) -> Json:
    invitation, rating = choice
    service = hall.picture.services.get(invitation.service)
    return {
        "visit": invitation.visit, "window": invitation.window, "service": invitation.service,
        "name": service.name if service else invitation.service, "name_en": service.name_en if service else "",
        "at": iso(invitation.opened_at, hall.rules.timezone), "rated": rating is not None,
    }  # fmt: skip


# -- words and voice


@router.get("/ratings/reasons")
@allow("rate", "rate.code", "rate.assist", "records")
async def get_reasons(request: Request) -> Response:
    return reply({"items": await hall_of(request).read(reason_json), "next": None})


@router.get("/ratings/speech/{lang}/{name}.wav")
@allow("rate", "rate.code")
async def speech(request: Request, lang: Literal["zh", "en"], name: str) -> Response:
    """One sentence of the closed set, read aloud."""
    sound = await request.app.state.speech.wav(name, EN if lang == "en" else ZH)
    if sound is None:
        raise Problem(404, "not_found", what="sentence", id=name)
    return Response(sound, media_type="audio/wav", headers={"Cache-Control": "private, max-age=86400"})


# -- the office


@router.get("/ratings")
@allow("records")
async def list_ratings(
    request: Request, clerk: Number = None, service: Named = None, window: Named = None, channel: Named = None,
    level: Annotated[int | None, Query(ge=1, le=5)] = None, bad: bool = False,
    flagged: Literal["open", "any"] | None = None, next: Number = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Response:  # fmt: skip
    hall, who = hall_of(request), caller(request)
    since, until = period(request)
    wish = listing.Wish(since, until, clerk, service, window, channel, level, bad, flagged or "", next)
    rows = await hall.read(listing.ratings, wish=wish, limit=limit)
    last = rows[-1]["id"] if len(rows) == limit else None
    return reply({"items": [_listed(hall, who, row) for row in rows], "next": last})


def _listed(hall: Hall, who: Identity, row: Json) -> Json:
    """What a citizen wrote is personal: not for who may read all but that."""

    def time(at: int | None) -> str | None:
        return iso(at, hall.rules.timezone)

    shape = row | {"at": time(row["at"]), "changed_at": time(row["changed_at"]), "reasons": codes(row["reasons"])}
    flagged = [each | {name: time(each[name]) for name in ("at", "reviewed_at")} for each in row["flags"]]
    shape |= {"flags": flagged}
    return shape if who.may("personal") else shape | {"comment": None}


@router.get("/ratings/coverage")
@allow("records")
async def get_coverage(request: Request, by: Literal["person", "window", "service", "day"] = "person") -> Response:
    """Numerator and denominator of each, and what became of the rest."""
    since, until = period(request)
    found = await hall_of(request).read(coverage.coverage, since=since, until=until, by=by)
    items = [{"key": key} | _covered(each) for key, each in sorted(found.items(), key=lambda item: str(item[0]))]
    return reply({"items": items, "total": _covered(coverage.total(list(found.values()))), "next": None})


def _covered(each: coverage.Coverage) -> Json:
    return each._asdict() | {"invited": each.invited, "unrated": each.unrated, "share": each.share}


class Raise(bodies.Body):
    note: Note


class Review(Raise):
    verdict: Literal["keep", "exclude"]


@router.post("/ratings/{number}/flags", status_code=201)
@allow("cases")
async def raise_flag(request: Request, number: int, body: Raise) -> Response:
    made = await hall_of(request).do(flags.flag, caller(request).actor, rating=number, note=body.note)
    return reply({"id": made.id}, 201)


@router.post("/ratings/flags/{number}/review")
@allow("cases")
async def review_flag(request: Request, number: int, body: Review) -> Response:
    done = await hall_of(request).do(
        flags.review, caller(request).actor, flag=number, verdict=body.verdict, note=body.note
    )
    return reply({"id": done.id, "verdict": done.verdict})
