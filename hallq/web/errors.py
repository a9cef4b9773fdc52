"""Every error as `{"error": {code, message, detail}}`, the framework's own included; worded by Accept-Language."""

from __future__ import annotations

import re
from typing import Any

import orjson
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from hallq.kernel import Refused
from hallq.store import StorageError
from hallq.texts import refusal

STATUS = {
    **dict.fromkeys(("not_found", "unknown_person", "unknown_token", "unknown_pairing"), 404),
    **dict.fromkeys(("invalid", "unknown_window", "unknown_place", "unknown_role"), 422),
    "wrong_code": 404,
    **dict.fromkeys(("bad_name", "weak_password", "weak_pin"), 422),
    "manual_lines": 422,
    "outcome_unknown": 422,
    "forbidden": 403,
    "forbidden_order": 403,
    "case_people": 403,
    "not_qualified": 403,
    **dict.fromkeys(("own_matter", "same_decider"), 403),
    "unauthorized": 401,
    "malformed": 400,
    "too_many": 429,
    "busy": 503,
}  # every other refusal: 409
FRAMEWORK = {400: "malformed", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
             413: "too_large", 415: "unsupported", 422: "invalid", 429: "too_many"}  # fmt: skip
log = structlog.get_logger("hallq.web")


class Problem(HTTPException):
    """An answer other than success, from the edge itself. (FastAPI lets no other exception out of body reading.)"""

    def __init__(self, status: int, code: str, **facts: Any) -> None:
        super().__init__(status, code)
        self.status, self.code, self.facts = status, code, facts


def language(connection: HTTPConnection) -> str:
    """zh-CN unless the caller prefers English."""
    accepted = connection.headers.get("accept-language", "").lower().split(",")
    wishes = [(_weight(wish), wish.strip()[:2]) for wish in accepted if wish.strip()[:2] in ("zh", "en")]
    best = max(wishes, default=(0.0, "zh"), key=lambda wish: wish[0])  # of equals the first
    return "en" if best[0] > 0 and best[1] == "en" else "zh-CN"


def _weight(wish: str) -> float:
    """`en;q=0.5` -> 0.5; one without a number, or with nonsense for it, counts in full."""
    found = re.search(r";\s*q=([01](?:\.\d*)?)\s*$", wish)
    return float(found[1]) if found else 1.0


def answer(connection: HTTPConnection, status: int, code: str, detail: dict[str, Any] | None = None) -> Response:
    detail = {key: _told(value) for key, value in (detail or {}).items() if value is not None}
    body = {"error": {"code": code, "message": refusal(code, language(connection), detail), "detail": detail}}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return Response(orjson.dumps(body), status, headers, "application/json")


def _told(value: Any) -> Any:
    """What the caller sent may be a number that no JSON writer takes back."""
    return str(value) if isinstance(value, int) and value.bit_length() > 63 else value


def install(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def on_problem(request: Request, error: Problem) -> Response:
        return answer(request, error.status, error.code, error.facts)

    @app.exception_handler(Refused)
    async def on_refused(request: Request, error: Refused) -> Response:
        return answer(request, STATUS.get(error.code, 409), error.code, error.detail)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> Response:
        fault = error.errors()[0]
        if fault["type"] == "json_invalid":
            return answer(request, 400, "malformed", {"reason": fault["ctx"]["error"]})
        field = ".".join(str(part) for part in fault["loc"][1:]) or str(fault["loc"][0])
        return answer(request, 422, "invalid", {"field": field, "reason": fault["msg"]})

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        response = answer(request, error.status_code, FRAMEWORK.get(error.status_code, "internal"))
        if error.headers:
            response.headers.update(error.headers)
        return response

    @app.exception_handler(StorageError)
    async def on_storage(request: Request, error: StorageError) -> Response:
        return answer(request, 503, "storage")

    @app.exception_handler(OverflowError)
    async def on_huge(request: Request, error: OverflowError) -> Response:
        """A number beyond the 64 bits of a row's: there is nothing of that id."""
        return answer(request, 404, "not_found")

    @app.exception_handler(Exception)
    async def on_bug(request: Request, error: Exception) -> Response:
        route = request.scope.get("route")  # not the path itself, which may hold a secret
        log.error("request failed", route=getattr(route, "path", None), exc_info=error)
        return answer(request, 500, "internal")
