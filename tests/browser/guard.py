"""What a page may not do: ask anything of another host, or complain. A test that lets it happen fails.

Answers that refuse (401, 409 ...) and a hub that is away also stand in the console; a test names those it expects.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, WebSocket

LOCAL = ("data", "blob", "about")
AWAY = re.compile(r"ERR_(FAILED|CONNECTION|INTERNET|EMPTY_RESPONSE|NETWORK|SOCKET|ABORTED)|WebSocket connection to")
REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


class Guard:
    """Watches one browser context. `check` at the end of the test."""

    def __init__(self, context: BrowserContext, port: int) -> None:
        self._faults: list[str] = []
        self._complaints: list[ConsoleMessage] = []
        self._host = f"127.0.0.1:{port}"
        self._refusals: set[int] = set()
        self._away = False
        context.on("request", self._request)
        context.on("console", self._complain)
        context.on("weberror", lambda error: self._faults.append(f"script error: {error.error}"))
        context.on("page", self._page)

    def expects(self, *statuses: int) -> None:
        """The test is about being refused."""
        self._refusals.update(statuses)

    def expects_silence(self) -> None:
        """The test is about a hub that is away."""
        self._away = True

    def check(self) -> None:
        faults = self._faults + [found for found in map(self._console, self._complaints) if found]
        assert not faults, "\n".join(faults)

    def _complain(self, message: ConsoleMessage) -> None:
        self._complaints.append(message)

    def _page(self, page: Page) -> None:
        page.on("websocket", self._websocket)

    def _request(self, request: Request) -> None:
        self._look(request.url)

    def _websocket(self, socket: WebSocket) -> None:
        self._look(socket.url)

    def _look(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in LOCAL and parts.netloc != self._host:
            self._faults.append(f"request that leaves the hub: {url}")

    def _console(self, message: ConsoleMessage) -> str | None:
        if message.type not in ("error", "warning", "assert"):
            return None
        refusal = REFUSAL.search(message.text)
        if refusal and int(refusal[1]) in self._refusals:
            return None
        if self._away and AWAY.search(message.text):
            return None
        return f"console {message.type}: {message.text} ({message.location.get('url', '')})"
