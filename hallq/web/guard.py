"""Who calls, and may they: decided before the body is read. Fails closed: a route without `allow` does not start.

A caller may bring several identities (a browser can be a kiosk and hold a person's session); the route picks one.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from hallq.hall import Hall
from hallq.people.identity import ANONYMOUS, Identity
from hallq.people.looked import looked
from hallq.people.looks import by_session, by_token
from hallq.web.errors import Problem

MAX_BODY = 64 * 1024
JSON = ("application/json",)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PERSON_COOKIE = "hallq_person"
NOTHING_READ = ("/session", "/audit")  # who one is; how far a verification is
TRUST = 30.0  # seconds that a found identity is believed without another look
STAFF_STAYS = 3600.0  # seconds that an address counts as one where staff work (web.phone)
F = TypeVar("F", bound=Callable[..., Any])
Look = Callable[..., Identity | None]


def allow(*permissions: str) -> Callable[[F], F]:
    """Who may call the endpoint: whoever has one of the permissions (hallq.people.identity). `public`: everyone."""

    def mark(endpoint: F) -> F:
        endpoint.allowed = permissions  # type: ignore[attr-defined]
        return endpoint

    return mark


def takes(*media: str, most: int) -> Callable[[F], F]:
    """The endpoint reads its body itself: one of these media types, so many bytes at the most."""

    def mark(endpoint: F) -> F:
        endpoint.takes = (media, most)  # type: ignore[attr-defined]
        return endpoint

    return mark


def device_cookie(role: str, place: str) -> str:
    return f"hallq_{role}_{place}" if place else f"hallq_{role}"


@dataclass
class Gate:
    """Knows the identities behind tokens and cookies; forgets them when anything about people or tokens changes."""

    hall: Hall
    _known: dict[tuple[Look, str], tuple[float, Identity]] = field(default_factory=dict)
    _staff: dict[str, float] = field(default_factory=dict)  # address -> when it was last a person's; in memory alone

    def __post_init__(self) -> None:
        self.hall.listeners.append(self._forget)

    def _forget(self, keys: set[str]) -> None:
        if "identity" in keys:
            self._known = {}  # a new one: who is looked up just now goes into the old

    async def _find(self, look: Look, secret: str) -> Identity | None:
        now = self.hall.clock.monotonic()
        cache = self._known
        known = cache.get((look, secret))
        if known is not None and now - known[0] < TRUST:
            return known[1]
        found = await self.hall.read(look, token=secret)
        if found is not None:
            cache[look, secret] = (now, found)
        return found

    async def candidates(self, connection: HTTPConnection) -> list[Identity]:
        """Everyone that this caller can be. A bearer token stands alone."""
        bearer = connection.headers.get("authorization")
        if bearer is not None:
            scheme, _, secret = bearer.partition(" ")
            found = await self._find(by_token, secret.strip()) if scheme.lower() == "bearer" else None
            if found is None:
                raise Problem(401, "unauthorized")
            return [found]
        cookies = [(name, value) for name, value in connection.cookies.items() if name.startswith("hallq_")]
        seen = [await self._find(by_session if name == PERSON_COOKIE else by_token, value) for name, value in cookies]
        return [identity for identity in seen if identity is not None]

    def is_staff_address(self, host: str) -> bool:
        seen = self._staff.get(host)
        return seen is not None and self.hall.clock.monotonic() - seen < STAFF_STAYS

    async def admit(
        self, connection: HTTPConnection, allowed: tuple[str, ...], place: str | None = None, people_first: bool = False
    ) -> Identity:
        """The identity this route takes: one of this place first, then devices. Problem 401 or 403."""
        candidates = await self.candidates(connection)
        wanted = place or connection.headers.get("x-hallq-place")
        candidates.sort(key=lambda who: (who.place != wanted, (who.kind == "person") != people_first))
        for identity in candidates:
            if any(identity.may(permission) for permission in allowed):
                if identity.kind == "person" and connection.client:
                    self._staff[connection.client.host] = self.hall.clock.monotonic()
                return identity
        if "public" in allowed:
            return candidates[0] if candidates else ANONYMOUS
        raise Problem(403, "forbidden") if candidates else Problem(401, "unauthorized")


def same_site(connection: HTTPConnection) -> bool:
    """Programs send neither header; a browser's request must come from the hub's own pages."""
    if connection.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = connection.headers.get("origin")
    public = connection.app.state.hall.settings.server.public_url  # behind a proxy that says another Host
    own = [connection.headers.get("host"), *([urlsplit(public).netloc] if public else [])]
    return origin is None or urlsplit(origin).netloc in own


class LimitedRequest(Request):
    """A request of no more than `most` bytes, whose JSON is parsed strictly: no NaN, no endless nesting."""

    most = MAX_BODY

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            chunks, size = [], 0
            async for chunk in self.stream():
                size += len(chunk)
                if size > self.most:
                    raise Problem(413, "too_large", limit=self.most)
                chunks.append(chunk)
            self._body = b"".join(chunks)
        return self._body

    async def json(self) -> Any:
        body = await self.body()
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise json.JSONDecodeError(error.msg, "", error.pos) from None


class GuardedRoute(APIRoute):
    """Admits the caller, then looks at the size and kind of the body, then lets FastAPI read it."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        handle = super().get_route_handler()
        allowed: tuple[str, ...] = self.endpoint.allowed  # type: ignore[attr-defined]
        media, most = getattr(self.endpoint, "takes", (JSON, MAX_BODY))

        async def guarded(request: Request) -> Response:
            gate: Gate = request.app.state.gate
            if request.method not in SAFE and not same_site(request):
                raise Problem(403, "forbidden", origin=request.headers.get("origin"))
            people_first = "/windows/" in request.url.path
            request.state.identity = await gate.admit(request, allowed, _place_in(request), people_first)
            if request.method not in SAFE:
                _check_body(request, media, most)
            elif "public" not in allowed:
                await trace(gate.hall, request.state.identity, request.url.path)
            limited = LimitedRequest(request.scope, request.receive)
            limited.most = most
            return await handle(limited)

        return guarded


async def trace(hall: Hall, who: Identity, path: str) -> None:
    """An auditor reads all, and each read is journaled before it is answered: the path, never what was searched."""
    if who.role == "auditor" and not path.endswith(NOTHING_READ):
        await hall.do(looked, who.actor, what="read", ref=path)


def _place_in(request: Request) -> str | None:
    return request.path_params.get("no") or request.path_params.get("kiosk")


def _check_body(request: Request, media: tuple[str, ...], most: int) -> None:
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > most:
        raise Problem(413, "too_large", limit=most)
    has_body = length != "0" or "transfer-encoding" in request.headers
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if has_body and kind not in media:
        raise Problem(415, "unsupported")


def caller(request: Request) -> Identity:
    identity: Identity = request.state.identity
    return identity
