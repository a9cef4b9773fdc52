"""What a telephone's page is refused is said on a page: nobody is shown JSON. Programs get the error as everywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hallq.kernel import Refused
from hallq.texts import EN, ZH, refusal, text
from hallq.web.common import hall_of
from hallq.web.errors import STATUS, Problem, language
from hallq.web.guard import GuardedRoute
from hallq.web.pages import HEADERS, templates


class PhoneRoute(GuardedRoute):
    """For pages below `/t/{token}`."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        handle = super().get_route_handler()

        async def spoken(request: Request) -> Response:
            try:
                return await handle(request)
            except (Problem, Refused) as error:
                if "text/html" not in request.headers.get("accept", ""):
                    raise
                return _page(request, error)

        return spoken


def wished(request: Request) -> str:
    """The phone's language, unless the page's key chose the other one."""
    return {"en": EN, "zh": ZH}.get(request.query_params.get("lang", ""), language(request))


def wish(request: Request) -> str:
    """Kept in the addresses that a page leads to."""
    return f"?lang={wished(request)[:2]}" if "lang" in request.query_params else ""


def _page(request: Request, error: Problem | Refused) -> Response:
    if isinstance(error, Problem):
        status, facts = error.status, error.facts
    else:
        status, facts = STATUS.get(error.code, 409), error.detail
    lang, gone = wished(request), status == 404
    html = templates.get_template("phone_problem.html").render(
        hall=hall_of(request).settings.hall.name, lang=lang, build=request.app.state.build, back=text("ph.back", lang),
        message=text("ph.over", lang) if gone else refusal(error.code, lang, facts),
        over=text("ph.overNote", lang) if gone else "",
        token=request.path_params["token"], wish=wish(request),
    )  # fmt: skip
    return HTMLResponse(html, status, HEADERS)
