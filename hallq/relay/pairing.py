"""How this machine gets its token: it asks the hub, shows a short code, and the office confirms it in /office.

The token is kept in a file that only its owner reads; an office may also put one there (`hallq token add`).
"""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Callable
from pathlib import Path

import httpx

from hallq.relay.settings import RelaySettings
from hallq.toml_file import ConfigError

ASK_S = 2.0  # seconds between two looks whether the office has answered
ROLE = "relay"


class Failed(Exception):
    """Not this time: the hub is away, or the code has expired."""


class TurnedAway(Exception):
    """The office said no."""


def stored(path: Path) -> str:
    """Empty: there is none yet. A file that others may read is refused."""
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigError(f"{path}: others may read this token; chmod 600 it")
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None


async def pair(settings: RelaySettings, tls: ssl.SSLContext | None, say: Callable[[str], None]) -> str:
    """The token, stored. Raises Failed, TurnedAway."""
    base = f"{settings.hub.url}/api/v1/pairings"
    verify: ssl.SSLContext | bool = True if tls is None else tls
    try:
        async with httpx.AsyncClient(verify=verify, trust_env=False, timeout=5) as http:
            asked = await http.post(base, json={"role": ROLE, "place": settings.name})
            if asked.status_code != 201:
                raise Failed(_told(asked))
            say(f"confirm in /office, devices: {settings.name} shows the code {asked.json()['code']}")
            return _keep(settings, await _confirmed(http, f"{base}/{asked.json()['id']}"))
    except httpx.HTTPError as error:
        raise Failed(str(error) or type(error).__name__) from None


async def _confirmed(http: httpx.AsyncClient, address: str) -> str:
    while True:
        answer = await http.get(address)
        state = answer.json().get("state") if answer.status_code == 200 else _told(answer)
        if state == "confirmed":
            [token] = [value for name, value in answer.cookies.items() if name.startswith(f"hallq_{ROLE}_")]
            return token
        if state == "refused":
            raise TurnedAway("the office refused this machine; start it again to ask once more")
        if state != "waiting":
            raise Failed(f"pairing: {state}")
        await asyncio.sleep(ASK_S)


def _keep(settings: RelaySettings, token: str) -> str:
    path = settings.token_path
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token + "\n")
    return token


def _told(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"the hub answered {answer.status_code}"
