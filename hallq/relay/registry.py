"""The hub's end: which machines lend ports, and how one of their ports becomes a line.

A machine that connects again takes the place of its own older connection.
"""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import json
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import structlog
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from hallq.devices import links
from hallq.devices.links import Line, LinkLost
from hallq.kernel import Clock, Ms
from hallq.relay.frames import Frame, Kind
from hallq.relay.mux import Mux, Receive, Send
from hallq.toml_file import Id

OPENING_S = 3.0
BUFFER = 4096  # bytes between driver and channel: as little as a serial port would take
MOST_PORTS = 64
log = structlog.get_logger("hallq.relay")


@dataclass(slots=True)
class Port:
    name: str
    kind: str  # its link's scheme over there: serial evdev alsa wav
    state: str = "closed"  # open closed
    error: str = ""  # why it could not be opened, or was lost


@dataclass(slots=True)
class Relay:
    """One machine, connected or not."""

    name: str
    since: Ms  # wall time, of the state
    state: str = "down"  # up down
    ports: dict[str, Port] = field(default_factory=dict)

    def shape(self) -> dict[str, Any]:
        """As live clients and the command line see it, but for `since`."""
        ports = [dataclasses.asdict(port) for port in self.ports.values()]
        return {"name": self.name, "state": self.state, "ports": ports}


def relay_names(device_links: Iterable[str]) -> set[str]:
    """Of the machines that these links need."""
    return {link[6:].partition("/")[0] for link in device_links if link.startswith("relay:")}


class Told(BaseModel):
    """A port as its machine tells of it."""

    name: Id
    kind: Literal["serial", "evdev", "alsa", "wav"]


PORTS = TypeAdapter(Annotated[list[Told], Field(max_length=MOST_PORTS)])


class Relays:
    """`named`: those that hall.toml's links name; they are known before they come. `told` hears what changed."""

    def __init__(self, named: Iterable[str], clock: Clock, told: Callable[[Relay], None] = lambda relay: None) -> None:
        self._clock = clock
        self._told = told
        self._relays = {name: Relay(name, clock.wall()) for name in named}
        self._ends: dict[str, HubEnd] = {}
        for relay in self._relays.values():
            told(relay)

    def known(self) -> list[Relay]:
        return sorted(self._relays.values(), key=lambda relay: relay.name)

    async def open_line(self, url: str) -> Line:
        """Any link: a relay's, or one of this machine. LinkLost when there is nobody."""
        if not url.startswith("relay:"):
            return await links.open_line(url)
        link = links.parse(url)
        name, _, port = link.target.partition("/")
        end = self._ends.get(name)
        if end is None:
            raise LinkLost(f"relay {name} is away")
        return await end.open(port, {key: value for key, value in link.settings.items() if key in links.OF_PORT})

    async def serve(self, name: str, send: Send, receive: Receive) -> None:
        """One connection of an admitted machine, from its first word to its last."""
        relay = self._relays.setdefault(name, Relay(name, self._clock.wall()))
        end = HubEnd(relay, send, receive, lambda: self._told(relay))
        older, self._ends[name] = self._ends.get(name), end
        if older is not None:
            log.warning("relay came twice, the newer connection stays", relay=name)
            older.stop("it came again")
        self._set(relay, "up")
        log.info("relay connected", relay=name)
        try:
            why = await end.run()
        finally:
            if self._ends.get(name) is end:
                del self._ends[name]
                self._set(relay, "down")
        log.warning("relay lost", relay=name, error=why)

    def _set(self, relay: Relay, state: str) -> None:
        relay.state, relay.since = state, self._clock.wall()
        self._told(relay)


class HubEnd:
    """One connection, and what is opened over it."""

    def __init__(self, relay: Relay, send: Send, receive: Receive, changed: Callable[[], None]) -> None:
        self._relay = relay
        self._changed = changed
        self._mux = Mux(send, receive, self._handle, self._ended)
        self._numbers = itertools.count(1)
        self._opening: dict[int, tuple[str, asyncio.Future[Line]]] = {}
        self._ports: dict[int, str] = {}  # open channel -> port
        self.stop = self._mux.stop

    async def run(self) -> str:
        try:
            return await self._mux.run()
        finally:
            for _, answer in self._opening.values():
                if not answer.done():
                    answer.set_exception(LinkLost(f"relay {self._relay.name} is away"))

    async def open(self, port: str, settings: dict[str, str]) -> Line:
        number = next(self._numbers)
        answer: asyncio.Future[Line] = asyncio.get_running_loop().create_future()
        self._opening[number] = port, answer
        wish = json.dumps({"port": port, "settings": settings})
        self._mux.send(Frame(Kind.OPEN, number, wish.encode()))
        try:
            async with asyncio.timeout(OPENING_S):
                return await answer
        except TimeoutError:
            raise LinkLost(f"relay {self._relay.name} does not answer") from None
        except asyncio.CancelledError:
            if not answer.cancelled() and answer.exception() is None:  # it was opened at that moment
                answer.result().close()
            raise
        finally:
            del self._opening[number]

    def _handle(self, frame: Frame) -> None:
        """ValueError: no frame of a relay."""
        if frame.kind is Kind.PORTS:
            self._relay.ports = _ports(frame.data)
            self._changed()
        elif frame.kind is Kind.OPENED:
            self._opened(frame.channel, _seconds(frame.data))
        elif frame.kind is Kind.REFUSED:
            self._refused(frame)
        else:
            raise ValueError(f"a relay sends no {frame.kind.name}")

    def _opened(self, number: int, byte_s: float) -> None:
        """The channel begins here and now: its first bytes may be the next frame."""
        port, answer = self._opening.get(number, ("", None))
        if answer is None or answer.done():
            self._mux.send(Frame(Kind.LOST, number, b"too late"))
            return
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        self._ports[number] = port
        channel = self._mux.join(number, links.over_socket(theirs))
        self._note(port, "open", "")

        def close() -> None:
            ours.close()
            channel.hang_up()

        line = Line(ours.fileno(), close)
        line.byte_s = byte_s
        answer.set_result(line)

    def _refused(self, frame: Frame) -> None:
        port, answer = self._opening.get(frame.channel, ("", None))
        self._note(port, "closed", frame.text)
        if answer is not None and not answer.done():
            answer.set_exception(LinkLost(f"relay {self._relay.name}: {frame.text}"))

    def _ended(self, number: int, why: str) -> None:
        self._note(self._ports.pop(number), "closed", why)

    def _note(self, port: str, state: str, error: str) -> None:
        known = self._relay.ports.get(port)
        if known is not None and (known.state, known.error) != (state, error):
            known.state, known.error = state, error
            self._changed()


def _seconds(data: bytes) -> float:
    """ValueError: not what a byte can take."""
    seconds = float(data)
    if not 0.0 <= seconds <= 1.0:
        raise ValueError(f"{seconds} s for a byte")
    return seconds


def _ports(data: bytes) -> dict[str, Port]:
    """ValueError: no list of ports."""
    try:
        return {told.name: Port(told.name, told.kind) for told in PORTS.validate_json(data)}
    except ValidationError:
        raise ValueError("no list of ports") from None
