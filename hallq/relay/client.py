"""`hallq relay`: pairs once, then lends this machine's ports to the hub for as long as it runs.

Whatever is lost is tried again: the hub by this program, a port by the hub.
"""

from __future__ import annotations

import asyncio
import json
import signal
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from hallq.devices import links
from hallq.devices.links import Line, LinkLost
from hallq.relay import pairing
from hallq.relay.frames import LARGEST, Frame, Kind
from hallq.relay.mux import Mux, Receive, Send
from hallq.relay.settings import RelaySettings
from hallq.relay.sound import open_sound

BACK_OFF = (0.2, 2.0)  # the first pause and the longest, in seconds
CONNECT_S = 4.0
UNKNOWN = 4401  # close code: the hub does not know our token
SOUNDS = ("alsa", "wav")


async def lend(settings: RelaySettings, say: Callable[[str], None]) -> None:
    """Until cancelled. `say` is told each change, once. Raises pairing.TurnedAway, and ConfigError for a token file."""
    tls = _tls(settings)
    token = pairing.stored(settings.token_path)
    pause, told = BACK_OFF[0], ""
    while True:
        try:
            token = token or await pairing.pair(settings, tls, say)
            why = await _session(settings, token, tls, say)
            pause, told = BACK_OFF[0], ""
        except UnknownToken:
            token, why = "", "the hub does not know this machine any more"
        except (OSError, TimeoutError, WebSocketException, pairing.Failed) as error:
            why = str(error) or type(error).__name__
        if why != told:
            say(f"{settings.hub.url}: {why}")
        told = why
        await asyncio.sleep(pause)
        pause = min(pause * 2, BACK_OFF[1])


class UnknownToken(Exception):
    """Revoked, or never given."""


async def _session(
    settings: RelaySettings, token: str, tls: ssl.SSLContext | None, say: Callable[[str], None]
) -> str:
    """From connected to lost; why."""
    url = urlsplit(settings.hub.url)
    address = f"{'wss' if url.scheme == 'https' else 'ws'}://{url.netloc}/relay"
    async with connect(
        address, additional_headers={"authorization": f"Bearer {token}"}, ssl=tls, proxy=None, compression=None,
        open_timeout=CONNECT_S, close_timeout=1, ping_interval=None, max_size=LARGEST,
    ) as socket:  # fmt: skip
        say(f"{settings.hub.url}: connected as {settings.name}, lends {', '.join(settings.links)}")
        why = await RelayEnd(*_ends(socket), settings.links).run()
        if socket.close_code == UNKNOWN:
            raise UnknownToken
        return why


class RelayEnd:
    """This end of one connection: opens what the hub asks for, if the file names it."""

    def __init__(self, send: Send, receive: Receive, ports: dict[str, str]) -> None:
        self._ports = ports
        self._mux = Mux(send, receive, self._handle)
        self._opening: set[asyncio.Task[None]] = set()

    async def run(self) -> str:
        told = [{"name": name, "kind": link.partition(":")[0]} for name, link in self._ports.items()]
        self._mux.send(Frame(Kind.PORTS, data=json.dumps(told).encode()))
        try:
            return await self._mux.run()
        finally:
            for task in self._opening:
                task.cancel()

    def _handle(self, frame: Frame) -> None:
        """ValueError: no frame of a hub."""
        if frame.kind is not Kind.OPEN:
            raise ValueError(f"a hub sends no {frame.kind.name}")
        task = asyncio.create_task(self._open(frame))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _open(self, frame: Frame) -> None:
        try:
            line = await open_port(self._ports, frame.data)
        except LinkLost as lost:
            self._mux.send(Frame(Kind.REFUSED, frame.channel, str(lost).encode()))
            return
        self._mux.send(Frame(Kind.OPENED, frame.channel, str(line.byte_s).encode()))
        self._mux.join(frame.channel, line)


def _ends(socket: ClientConnection) -> tuple[Send, Receive]:
    """Bytes out and in; LinkLost when the socket is gone."""

    async def send(message: bytes) -> None:
        try:
            await socket.send(message)
        except ConnectionClosed as closed:
            raise LinkLost(_reason(closed)) from None

    async def receive() -> bytes:
        try:
            message = await socket.recv()
        except ConnectionClosed as closed:
            raise LinkLost(_reason(closed)) from None
        return message if isinstance(message, bytes) else b""  # words are no frame

    return send, receive


async def open_port(ports: dict[str, str], wish: bytes) -> Line:
    """What an OPEN asks for. LinkLost: it is not lent, or not there."""
    try:
        asked = json.loads(wish)
        name, settings = str(asked["port"]), {str(key): str(value) for key, value in asked["settings"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise LinkLost("no port was named") from None
    link = ports.get(name)
    if link is None:
        raise LinkLost(f'there is no port "{name}" here; lent are {", ".join(ports)}')
    scheme = link.partition(":")[0]
    if scheme in SOUNDS:
        return open_sound(link)
    if scheme == "serial" and settings:
        link += "?" + "&".join(f"{key}={value}" for key, value in settings.items())
    return await _opened(link, name)


async def _opened(link: str, name: str) -> Line:
    try:
        return await links.open_line(link)
    except (LinkLost, ValueError) as error:  # ValueError: settings that are none
        raise LinkLost(f"{name}: {error}") from None


def _tls(settings: RelaySettings) -> ssl.SSLContext | None:
    if not settings.hub.url.startswith("https:"):
        return None
    return ssl.create_default_context(cafile=None if settings.ca_path is None else str(settings.ca_path))


def _reason(closed: ConnectionClosed) -> str:
    return closed.rcvd.reason or f"closed ({closed.rcvd.code})" if closed.rcvd else "the connection is gone"


def run(settings: RelaySettings, say: Callable[[str], None]) -> None:
    """Until SIGINT or SIGTERM."""
    asyncio.run(_until_told(settings, say))


async def _until_told(settings: RelaySettings, say: Callable[[str], None]) -> None:
    work = asyncio.ensure_future(lend(settings, say))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        say("stopped")
