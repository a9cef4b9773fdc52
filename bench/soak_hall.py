"""The soak's hall: a device of each wired kind on its line, people at work beside them, and what goes wrong with both.

People's times are seconds of the hall's clock, which runs SPEED times as fast as the wall's; the devices' own waiting
is scaled less, so that a busy machine does not pass for a mute device.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from bench.chaos import Client
from bench.hub import Site
from bench.load import post
from hallq.devices.drivers.modbus_profile import load
from hallq.devices.simulators.base import Simulator
from hallq.devices.simulators.bus import SimBus
from hallq.devices.simulators.card_reader import SimCardReader, person
from hallq.devices.simulators.ff68 import SimEvaluator, SimKeypad
from hallq.devices.simulators.host import LINE_FAULTS, SimHost
from hallq.devices.simulators.modbus import SimModbus
from hallq.devices.simulators.pad import SimPad
from hallq.devices.simulators.printer import SimPrinter
from hallq.devices.simulators.speech import SimSpeechChip
from hallq.devices.simulators.strip import SimStrip
from hallq.relay.client import lend
from hallq.relay.settings import RelaySettings
from hallq.web.guard import PERSON_COOKIE
from tests.devices.rfc2217_host import Rfc2217Host

SPEED, PACE = 40.0, 12.0  # of the hall's clock; of its devices
WINDOWS = 8
KEYPAD, PADS = "3", ("1", "2", "8")  # windows
FAR = "far"  # the machine that lends ports
CABLE = "cable"
OWN_FAULTS: dict[type[Simulator], tuple[str, ...]] = {
    SimPrinter: ("paper_low", "paper_out", "cover_open", "cutter"),
    SimStrip: ("refuse", "power"),
    SimKeypad: ("stuck", "deaf", "wrong-sum"),
    SimCardReader: ("wrong_card", "read_failed", "unauthorised", "garbage"),
}
EVERY_S, LASTS_S = (5.0, 30.0), (5.0, 120.0)  # of the faults


class House:
    """The devices, on terminals, TCP ports, another machine's ports and a server's."""

    def __init__(self, folder: Path) -> None:
        self.tempo = tempo = 1 / PACE
        self.folder = folder
        self.keypad, self.evaluator = SimKeypad(tempo), SimEvaluator(tempo, address=2)
        self.pads = {no: SimPad(tempo, serial=f"pad-{no}") for no in PADS}
        self.card, self.printer = SimCardReader(tempo), SimPrinter(tempo)
        self.hosts: dict[str, SimHost] = {}
        self.blocks: list[str] = []
        self.lent: dict[str, str] = {}

    def plug(self) -> None:
        strips = {f"strip-{number}": SimStrip(self.tempo, address=number) for number in (1, 2, 3, 4)}
        link = self._host("bus", SimBus(strips), "pty")
        for number, name in enumerate(strips, 1):
            self._block(name, "onbon-bxk", link, "window", str(number), f"address = {number}")
        link = self._host("ff68", SimBus({"keypad": self.keypad, "evaluator": self.evaluator}), "pty")
        self._block("keypad", "ff68-keypad", link, "window", KEYPAD, "address = 1")
        self._block("evaluator", "ff68-evaluator", link, "window", KEYPAD, "address = 2")
        display = SimModbus(self.tempo, profile=load("led-485"), unit=1)
        self._device("display", "modbus-text", display, "tcp", "window", "5")
        self._device("served", "onbon-bxk", SimStrip(self.tempo), "rfc2217", "window", "6")
        self._device("lent", "onbon-bxk", SimStrip(self.tempo), "relay", "window", "7")
        for (no, pad), transport in zip(self.pads.items(), ("pty", "tcp", "relay"), strict=True):
            self._device(f"pad-{no}", "eval-pad", pad, transport, "window", no)
        self._device("printer", "escpos", self.printer, "pty", "kiosk", "k1")
        self._device("card", "idcard-sam", self.card, "tcp", "kiosk", "k1")
        self._device("voice", "syn6658", SimSpeechChip("syn6658", self.tempo), "pty", "zone", "1F")

    def _device(self, name: str, driver: str, simulator: Simulator, transport: str, kind: str, place: str) -> None:
        self._block(name, driver, self._host(name, simulator, transport), kind, place)

    def _host(self, name: str, simulator: Simulator, transport: str) -> str:
        host = self.hosts[name] = Rfc2217Host(simulator) if transport == "rfc2217" else SimHost(simulator)
        if isinstance(host, Rfc2217Host):
            return host.start_rfc2217()
        link = host.start_tcp() if transport == "tcp" else host.start_pty(self.folder / name)
        if transport == "relay":
            self.lent[name], link = link, f"relay:{FAR}/{name}"
        return link

    def _block(self, name: str, driver: str, link: str, kind: str, place: str, options: str = "") -> None:
        block = f'[[device]]\nid = "{name}"\ndriver = "{driver}"\nlink = "{link}"\n{kind} = "{place}"\n'
        self.blocks.append(block + f"options = {{ {options} }}\n")

    def relay(self, port: int, token: str) -> RelaySettings:
        ports = [{"name": name, "link": link} for name, link in self.lent.items()]
        settings = RelaySettings.model_validate(
            {"name": FAR, "hub": {"url": f"http://127.0.0.1:{port}"}, "port": ports}, strict=False
        )
        settings._file = self.folder / "relay.toml"
        settings.token_path.touch(0o600)
        settings.token_path.write_text(token, "ascii")
        return settings

    async def stop(self) -> None:
        for host in self.hosts.values():
            await host.stop()


@dataclass
class Crowd:
    """Everybody in the hall. `rest` stops them all where they are."""

    site: Site
    house: House
    relay: RelaySettings
    random: Random
    done: Counter[str] = field(default_factory=Counter)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _faulty: list[tuple[SimHost, str]] = field(default_factory=list)
    _cable: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.reconnect()
        robots: list[Callable[[], Awaitable[None]]] = [self._arrive, self._put_card, self._watch, self._break]
        self._tasks = [asyncio.create_task(self._over(robot)) for robot in robots]
        for no in map(str, range(1, WINDOWS + 1)):
            self._tasks.append(asyncio.create_task(self._clerk(no)))

    async def rest(self) -> None:
        """Nobody does anything, and every device is well."""
        for task in self._tasks:
            task.cancel()
        for result in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result
        for host, fault in self._faulty:
            host.fault(fault, False)
        self._faulty.clear()
        self.house.card.lift()

    def reconnect(self) -> None:
        if self._cable is None:
            self._cable = asyncio.create_task(lend(self.relay, lambda words: None))

    async def disconnect(self) -> None:
        if self._cable is not None:
            cable, self._cable = self._cable, None
            cable.cancel()
            await asyncio.gather(cable, return_exceptions=True)

    async def pass_(self, least: float, most: float) -> None:
        await asyncio.sleep(self.random.uniform(least, most) / SPEED)

    async def _over(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            await step()

    # -- citizens

    async def _arrive(self) -> None:
        connection = Client(self.site.port)
        try:
            while True:
                wish = {"service": self.random.choice(self.site.services)}
                answer = await connection.insist(post("/api/v1/tickets", self.site.kiosk, wish))
                self.done["tickets"] += answer.status == 201
                await self.pass_(5, 35)
        finally:
            connection.close()

    async def _put_card(self) -> None:
        await self.pass_(30, 120)
        self.house.card.put(person("张三丰", "19800101", self.random.randrange(1, 999)))
        await self.pass_(2, 6)
        self.done["cards"] += self.house.card.state()["read"]
        self.house.card.lift()

    async def _rate(self, no: str) -> None:
        await self.pass_(2, 8)
        if no in self.house.pads:
            self.done["ratings"] += self.house.pads[no].rate(self.random.randint(1, 5))
        if no == KEYPAD and not self.house.evaluator.busy:
            self.house.evaluator.press(self.random.randrange(4))
            self.done["buttons"] += 1

    async def _watch(self) -> None:
        """A public screen that is switched off and on."""
        name, _, value = self.site.screen.strip().partition(": ")
        url = f"ws://127.0.0.1:{self.site.port}/live?view=screen"
        with suppress(OSError, WebSocketException, TimeoutError):
            async with asyncio.timeout(self.random.uniform(60, 600) / SPEED):
                async with connect(url, additional_headers={name: value}, compression=None) as socket:
                    async for _ in socket:
                        self.done["news to a screen"] += 1

    # -- clerks

    async def _clerk(self, no: str) -> None:
        connection = Client(self.site.port)
        try:
            while True:
                await (self._by_keypad() if no == KEYPAD else self._by_page(connection, no))
        finally:
            connection.close()

    async def _by_page(self, connection: Client, no: str) -> None:
        if not await self._press(connection, no, "call-next"):
            await self.pass_(10, 30)
            await self._press(connection, no, "finish")  # where a rest interrupted
            return
        self.done["calls"] += 1
        await self.pass_(5, 20)
        await self._press(connection, no, self.random.choice(("start", "start", "recall", "no-show")))
        await self.pass_(60, 240)
        await self._press(connection, no, "finish")
        await self._rate(no)

    async def _press(self, connection: Client, no: str, verb: str) -> bool:
        answer = await connection.insist(post(f"/api/v1/windows/{no}/{verb}", self.site.clerks[no], {}))
        if answer.status == 401 or b"not_signed_in" in answer.body:
            session = (await connection.insist(post(f"/soak/come/{no}"))).json()["session"]
            self.site.clerks[no] = f"cookie: {PERSON_COOKIE}={session}\r\n"
        return answer.status == 200

    async def _by_keypad(self) -> None:
        for keys in (("call_next",), ("confirm",), ("1", "confirm"), ("evaluate",)):
            if not self.house.keypad.busy:
                self.house.keypad.press(*keys)
                self.done["keys"] += 1
            await self.pass_(5, 60)
        await self._rate(KEYPAD)

    # -- what goes wrong

    async def _break(self) -> None:
        """Faults overlap: each ends by itself."""
        await self.pass_(*EVERY_S)
        name = self.random.choice([*self.house.hosts, CABLE])
        self.done["faults"] += 1
        if name == CABLE:
            await self.disconnect()
            try:
                await self.pass_(*LASTS_S)
            finally:
                self.reconnect()
            return
        host = self.house.hosts[name]
        fault = self.random.choice(LINE_FAULTS + OWN_FAULTS.get(type(host.device), ()))
        host.fault(fault, True)
        self._faulty.append((host, fault))
        lasts = self.random.uniform(*LASTS_S) / SPEED
        asyncio.get_running_loop().call_later(lasts, self._mend, host, fault)

    def _mend(self, host: SimHost, fault: str) -> None:
        if (host, fault) in self._faulty:
            self._faulty.remove((host, fault))
            if (host, fault) not in self._faulty:
                host.fault(fault, False)
