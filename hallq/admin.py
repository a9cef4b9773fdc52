"""What the command line asks of a hall: through the running hub's Unix socket, or here under the lock when none runs.

The socket stands beside the database (mode 0600) and speaks JSON lines: {"op", "args"} -> {"ok": value} or
{"error": {"code", "message"}}. Passwords and tokens never pass it, only their hashes.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sqlite3
import struct
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import structlog

from hallq import journal, schema
from hallq.audit import cover
from hallq.audit.export import export
from hallq.audit.verify import Progress
from hallq.audit.verify import verify as held_against
from hallq.catalog import import_catalog, imported, load_catalog
from hallq.config import ConfigError, Settings
from hallq.items import sheet_import
from hallq.items.content import Guide
from hallq.items.sheet_import import Change
from hallq.kernel import Refused, SystemClock, Tx
from hallq.people import commands as people
from hallq.people.looks import PERSON, TOKENS
from hallq.rows import Reader
from hallq.store import Store, connect
from hallq.ticketing.model import Person

SHOWN = {"devices": "device", "relays": "relay"}  # op -> the live values that it tells
ANSWER = 30.0  # seconds; a hub that takes longer is stuck
LONGEST = 32 * 1024 * 1024  # bytes of a line: the guides of a whole hall
log = structlog.get_logger("hallq.admin")


class Running(Protocol):
    """The running hall."""

    def extras(self, kind: str) -> list[Any]: ...

    async def do(self, command: Callable[..., Any], actor: str = "hub", /, **kwargs: Any) -> Any: ...


Cut = Callable[[str], Awaitable[None]]
Ops = Mapping[str, Callable[[str, dict[str, Any]], Awaitable[Any]]]  # more operations: (actor, args) -> value


# --- the operations: commands by name, as people type them


def user_add(tx: Tx, *, name: str, role: str, window: str | None, password_hash: str | None) -> dict[str, Any]:
    return {"id": people.add_person(tx, name=name, role=role, window=window, password_hash=password_hash)}


def user_disable(tx: Tx, *, name: str) -> dict[str, Any]:
    return {"cut": people.disable(tx, person=_person(tx, name))}


def user_reset(tx: Tx, *, name: str, password_hash: str) -> dict[str, Any]:
    return {"cut": people.reset(tx, person=_person(tx, name), password_hash=password_hash)}


def token_add(tx: Tx, *, name: str, role: str, place: str, token_hash: str) -> dict[str, Any]:
    return {"id": people.add_token(tx, name=name, role=role, place=place, token_hash=token_hash)}


def token_revoke(tx: Tx, *, token: str) -> dict[str, Any]:
    """By number or by name; a name that several live tokens have is refused."""
    found = [row.id for row in tx.find(TOKENS) if token in (str(row.id), row.name) and row.revoked_at is None]
    if len(found) != 1 or found[0] is None:
        raise Refused("unknown_token" if not found else "several_tokens", token=token)
    return {"cut": people.revoke_token(tx, token=found[0])}


def guides_import(tx: Tx, *, changes: list[Any], leader: str, reason: str, from_day: str) -> dict[str, Any]:
    """(service, the version that it was compared with, the guide) of each item that the workbook changes."""
    read = [Change(service, "", version, Guide.model_validate(guide), []) for service, version, guide in changes]
    return {"entered": sheet_import.enter(tx, changes=read, leader=leader, reason=reason, from_day=from_day)}


COMMANDS = {
    op.__name__: op for op in (user_add, user_disable, user_reset, token_add, token_revoke, guides_import)
}


def _person(tx: Tx, name: str) -> int:
    person: Person | None = tx.first(PERSON, name=name)
    if person is None or person.id is None:
        raise Refused("unknown_person", name=name)
    return person.id


# --- the caller's side


def ask(settings: Settings, op: str, **args: Any) -> Any:
    """The operation's value. Raises Refused, Locked, and whatever keeps a database from being opened."""
    if hub_runs(settings):
        return ask_hub(settings, op, **args)
    with offline(settings) as store:
        return store.run(COMMANDS[op], actor=f"cli:{os.getuid()}", **args)


def hub_runs(settings: Settings) -> bool:
    """Someone answers on the socket. One that may not be opened is an error, not a no."""
    try:
        with _connected(settings):
            return True
    except (FileNotFoundError, ConnectionRefusedError):
        return False


def ask_hub(settings: Settings, op: str, **args: Any) -> Any:
    line = json.dumps({"op": op, "args": args}) + "\n"
    with _connected(settings) as connection:
        connection.settimeout(ANSWER)
        connection.sendall(line.encode())
        with connection.makefile("rb") as file:
            answer = json.loads(file.readline() or b'{"error": {"code": "hub_gone"}}')
    if "error" in answer:
        raise Refused(answer["error"]["code"], **answer["error"].get("detail", {}))
    return answer["ok"]


@contextmanager
def _connected(settings: Settings) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as connection, _address(settings.socket_path) as address:
        connection.connect(address)
        yield connection


@contextmanager
def offline(settings: Settings, *, catalog: bool = True) -> Iterator[Store]:
    """Takes the hub's lock; a new database gets its catalogue. It is no hub's start: outages and days stay for that."""
    store = Store(settings.database_path, SystemClock(), settings.rules())
    try:
        schema.prepare(store.path)
        store.load()
        cover.bring_in(store)
        if catalog and not imported(store.reader()):
            store.run(import_catalog, catalog=load_catalog(settings.catalog_path))
        yield store
    finally:
        store.close()


@contextmanager
def reading(settings: Settings) -> Iterator[Reader]:
    """A look at the rows as committed, beside a running hub or without one. Needs no lock."""
    with _rows(settings) as connection:
        yield Reader(connection, SystemClock().wall(), settings.rules())


def verify(
    settings: Settings, *, head: str | None = None, progress: Progress | None = None
) -> tuple[int, str, str | None]:
    """Entries and head hash of the journal, and the first wrong row if there is one."""
    with _rows(settings) as connection:
        fault = held_against(connection, schema.covered(), head=head, progress=progress)
        last = journal.Chain.load(connection)
    return last.seq, last.hash, fault


def audit_export(settings: Settings, file: Path, progress: Progress | None = None) -> str:
    with _rows(settings) as connection:
        return export(connection, schema.covered(), file, hall=settings.hall.id, progress=progress)


@contextmanager
def _rows(settings: Settings) -> Iterator[sqlite3.Connection]:
    path = settings.database_path
    if not path.is_file():
        raise ConfigError(f"{path}: there is no database yet; start the hub once")
    connection = connect(path, query_only=True)
    try:
        if schema.revision(connection) != schema.latest():
            raise schema.SchemaError(f"{path} has another version's schema; start the hub of this version once")
        connection.execute("BEGIN")  # every look within sees the same moment
        yield connection
    finally:
        connection.close()


# --- the hub's side


async def serve_admin(hall: Running, path: Path, *, cut: Cut, ops: Ops = MappingProxyType({})) -> None:
    """Answer the command line until cancelled. `cut` ends the open sockets of an actor that was put out."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await _answer(hall, line, _actor(writer), cut, ops)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):  # gone, or a line beyond all bounds
            log.info("admin connection dropped")
        finally:
            writer.close()

    with _listening(path) as listening:
        server = await asyncio.start_unix_server(answer, sock=listening, limit=LONGEST)
        await server.serve_forever()


@contextmanager
def _listening(path: Path) -> Iterator[socket.socket]:
    """The caller holds the hall's lock, so a socket that is found here is a dead one."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening, _address(path) as address:
        os.fchmod(listening.fileno(), 0o600)  # before bind: never open to others, not even for a moment
        listening.bind(address)
        try:
            yield listening
        finally:
            path.unlink(missing_ok=True)


async def _answer(hall: Running, line: bytes, actor: str, cut: Cut, ops: Ops) -> dict[str, Any]:
    try:
        request = json.loads(line)
        if request["op"] in ops:
            return {"ok": await ops[request["op"]](actor, request["args"])}
        return {"ok": await _perform(hall, request["op"], request["args"], actor, cut)}
    except Refused as refusal:
        return {"error": {"code": refusal.code, "message": str(refusal), "detail": refusal.detail}}
    except Exception as error:
        log.exception("admin operation failed")
        return {"error": {"code": "failed", "message": type(error).__name__}}


async def _perform(hall: Running, op: str, args: dict[str, Any], actor: str, cut: Cut) -> Any:
    if op in SHOWN:
        return hall.extras(SHOWN[op])
    if op not in COMMANDS:
        raise Refused("unknown_op", op=op)
    value = await hall.do(COMMANDS[op], actor, **args)
    if "cut" in value:
        await cut(value["cut"])
    return value


def _actor(writer: asyncio.StreamWriter) -> str:
    """Who is at the other end, as the kernel knows it."""
    connection = writer.get_extra_info("socket")
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return f"cli:{uid}"


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """A socket's address holds 107 bytes; a longer path goes through its directory's descriptor."""
    if len(os.fsencode(path)) <= 107:
        yield str(path)
        return
    directory = os.open(path.parent, os.O_PATH)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)
