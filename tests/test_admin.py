"""The command line beside a running hub: through the socket, seen at once, and out at once."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hallq import admin
from hallq.admin import ask, hub_runs, serve_admin
from hallq.config import Settings, load_settings
from hallq.hall import Hall
from hallq.init import new_hall
from hallq.items import guides
from hallq.kernel import Refused
from hallq.people import commands, looks, secrets


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("hall")
    new_hall(directory)
    return directory


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Settings:
    return load_settings(shutil.copytree(made, tmp_path / "hall") / "hall.toml")


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[tuple[Hall, list[str]]]:
    """A hall with its socket, and who was cut off."""
    ended: list[str] = []

    async def cut(who: str) -> None:
        ended.append(who)

    async with Hall.open(settings) as hall:
        task = asyncio.create_task(serve_admin(hall, settings.socket_path, cut=cut))
        while not hub_runs(settings):
            assert not task.done(), task
            await asyncio.sleep(0)
        try:
            yield hall, ended
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def asked(settings: Settings, op: str, **args: Any) -> Any:
    return await asyncio.to_thread(ask, settings, op, **args)


async def test_a_running_hub_does_what_the_command_line_asks(settings: Settings) -> None:
    async with running(settings) as (hall, ended):
        assert settings.socket_path.stat().st_mode & 0o777 == 0o600
        number = (await asked(settings, "user_add", name="sun", role="clerk", window="3", password_hash=None))["id"]
        cookie = await hall.do(commands.open_session, person=number)
        assert await hall.read(looks.by_session, token=cookie) is not None
        await asked(settings, "user_disable", name="sun")
        assert await hall.read(looks.by_session, token=cookie) is None
        assert ended == [f"person:{number}"]
        with pytest.raises(Refused, match="unknown_person"):
            await asked(settings, "user_disable", name="moon")
    assert not settings.socket_path.exists()


async def test_a_revoked_token_is_out_at_once(settings: Settings) -> None:
    async with running(settings) as (hall, ended):
        hashed = secrets.fingerprint("secret")
        number = (await asked(settings, "token_add", name="k", role="kiosk", place="k1", token_hash=hashed))["id"]
        assert await hall.read(looks.by_token, token="secret") is not None
        await asked(settings, "token_revoke", token="k")
        assert await hall.read(looks.by_token, token="secret") is None
        assert ended == [f"token:{number}"]


async def test_the_socket_of_a_killed_hub_is_no_hub(settings: Settings) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(settings.socket_path))
    assert not hub_runs(settings)
    assert ask(settings, "user_add", name="sun", role="clerk", window=None, password_hash=None)["id"]
    async with running(settings):
        assert await asked(settings, "devices") == []


async def test_nonsense_on_the_socket_is_answered_and_forgotten(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin, "LONGEST", 64 * 1024)
    async with running(settings):
        reader, writer = await asyncio.open_unix_connection(settings.socket_path)
        for line in (
            b"nonsense\n",
            b"[]\n",
            b'{"op": "user_add", "args": {"nmae": "x"}}\n',
            b'{"op": "rm", "args": {}}\n',
        ):
            writer.write(line)
            assert json.loads(await reader.readline())["error"]["code"] in ("failed", "unknown_op")
        writer.write(b"x" * 200_000)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
        assert await asked(settings, "devices") == []


async def test_guides_come_in_as_versions_or_not_at_all(settings: Settings) -> None:
    changes = [["id-card", 1, {"fee": "不收费"}]]
    wish: dict[str, Any] = {"changes": changes, "leader": "李局长", "reason": "核对", "from_day": ""}
    async with running(settings) as (hall, _):
        assert (await asked(settings, "guides_import", **wish))["entered"] == ["id-card"]
        found = await hall.read(guides.current, service="id-card")
        assert found is not None and (found.version, found.guide.fee) == (2, "不收费")
        with pytest.raises(Refused, match="stale"):
            await asked(settings, "guides_import", **wish)


async def test_a_path_too_long_for_a_socket_works(made: Path, tmp_path: Path) -> None:
    deep = tmp_path / ("long-" * 20)
    shutil.copytree(made, deep)
    settings = load_settings(deep / "hall.toml")
    assert len(str(settings.socket_path)) > 107
    async with running(settings):
        assert await asked(settings, "devices") == []
