"""Hands deliveries over, one after the other per hook, beside the hall: what hangs out there holds up nobody here.

httpx is imported where it is used: a hall without webhooks has no memory to spare for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from hallq.config import ConfigError, Settings, WebhookSection
from hallq.hall import Hall
from hallq.hooks import adapters, commands
from hallq.hooks.adapters import Adapter, Outgoing
from hallq.hooks.model import Delivery
from hallq.kernel import SECOND

if TYPE_CHECKING:
    import httpx

LOOK = 2.0  # seconds between looks at a quiet hook
PATIENCE = 10.0  # seconds for an answer
SHORTEST = 16  # bytes of a secret
ANSWER = 200  # characters of an answer that are kept


class Line(NamedTuple):
    name: str
    url: str
    secret: bytes
    adapter: Adapter


def lines(settings: Settings) -> list[Line]:
    """What hall.toml names, with its secrets. Raises ConfigError that says what to do."""
    return [Line(hook.name, hook.url, _secret(settings, hook), _adapter(settings, hook)) for hook in settings.webhook]


async def send(hall: Hall, line: Line, client: httpx.AsyncClient) -> None:
    """For ever. Errors of the network are answers like others."""
    while True:
        row = await hall.read(commands.first, hook=line.name)
        if row is None or row.next_at > hall.now():
            await asyncio.sleep(LOOK if row is None else min(LOOK, max(0.05, (row.next_at - hall.now()) / SECOND)))
            continue
        await hand_over(hall, line, client, row)


async def hand_over(hall: Hall, line: Line, client: httpx.AsyncClient, row: Delivery) -> None:
    import httpx

    assert row.id is not None
    post = line.adapter.post(Outgoing(row.id, row.event, row.body.encode()), line.secret, hall.now())
    if post is None:
        await hall.do(commands.taken, delivery=row.id, answer="")
        return
    verdict, answer = "again", ""
    try:
        response = await client.post(line.url, content=post.body, headers=post.headers)
        verdict = line.adapter.judge(response.status_code, response.content)
        answer = f"{response.status_code} {response.text[:ANSWER]}".strip()
    except httpx.HTTPError as error:
        answer = type(error).__name__
    command = {"done": commands.taken, "refused": commands.refused}.get(verdict, commands.failed)
    await hall.do(command, delivery=row.id, answer=answer)


async def send_all(hall: Hall, known: Sequence[Line], transport: httpx.AsyncBaseTransport | None = None) -> None:
    """For ever, where there is anybody to tell."""
    if known:
        import httpx

        async with httpx.AsyncClient(timeout=PATIENCE, transport=transport, trust_env=False) as client:
            await asyncio.gather(*(send(hall, line, client) for line in known))


def _secret(settings: Settings, hook: WebhookSection) -> bytes:
    path = settings.beside(hook.secret_file)
    try:
        secret = path.read_bytes().strip()
    except OSError:
        secret = b""
    if len(secret) < SHORTEST:
        raise ConfigError(
            f'{settings.file}: webhook "{hook.name}": {path} holds no secret of {SHORTEST} bytes or more; make one: '
            f"`python -c \"import secrets; print(secrets.token_hex(32))\"` and let only the hub read it"
        )
    return secret


def _adapter(settings: Settings, hook: WebhookSection) -> Adapter:
    found = adapters.find(hook.adapter)
    if found is None:
        known = ", ".join(adapters.BUILT_IN)
        raise ConfigError(
            f'{settings.file}: webhook "{hook.name}": no adapter "{hook.adapter}"; there are {known}, and those of '
            "installed packages"
        )
    return found
