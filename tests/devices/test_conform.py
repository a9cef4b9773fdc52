"""The bench for makers: the simulated pad passes it on a terminal and a socket, a careless one fails its lines."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from firmware_protocols.__main__ import main
from firmware_protocols.conform import conform, opener
from firmware_protocols.eval_pad import CitizenKind, HubHello, Key, Rating, Screen, Shown
from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.pad import SimPad
from tests.fair_loop import FairTime

TEMPO = 0.02


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bench's time stands still with the pad's."""
    monkeypatch.setattr("firmware_protocols.conform.bench.time", FairTime())


class AutoPad(SimPad):
    """Presses by itself: a key wherever one is offered, a level wherever one is asked for."""

    def _draw(self, screen: Screen) -> None:
        super()._draw(screen)
        if screen.clerk.verbs:
            self.press("call_next")
        if self._kind == CitizenKind.RATE and not self.touch_only(screen):
            self.rate(4)

    def touch_only(self, screen: Screen) -> bool:
        self.touch()
        return screen.citizen.seconds == 60


class CarelessPad(AutoPad):
    """Takes anybody's answer, forgets ratings when the link goes, sends each key once, shows what is torn."""

    last_key = 0

    def say(self, message: Any) -> None:
        if isinstance(message, Key):
            if message.key_id == self.last_key:
                return
            self.last_key = message.key_id
        super().say(message)

    def _greeted(self, hello: HubHello) -> None:
        super()._greeted(HubHello(1, self._boot_id, hello.window, "", "", "", hello.lists))

    def plugged(self) -> None:
        self._kept = b""
        self.reset()
        super().plugged()

    def misheard(self, error: Any) -> None:
        if "CRC" in str(error) and self._screen is not None:
            super().say(Shown(self._screen.version + 1))


async def beside(link: str, out: io.StringIO) -> int:
    """The bench waits in a thread of its own; the simulator lives on the loop."""
    work = partial(conform, "eval-pad", opener(link), auto=True, tempo=TEMPO, out=out)
    with ThreadPoolExecutor(1) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, work)


async def bench(pad: SimPad, folder: Path, transport: str) -> tuple[int, list[str]]:
    host, out = SimHost(pad), io.StringIO()
    link = host.start_pty(folder / "pad") if transport == "pty" else host.start_tcp()
    try:
        return await beside(link, out), out.getvalue().splitlines()
    finally:
        await host.stop()


@pytest.mark.parametrize("transport", ["pty", "tcp"])
async def test_the_simulated_pad_conforms(tmp_path: Path, transport: str) -> None:
    code, lines = await bench(AutoPad(TEMPO), tmp_path, transport)
    assert [line for line in lines if line.startswith("failed")] == []
    assert (code, lines[-1]) == (0, "27 passed, 0 failed, 2 skipped")


async def test_a_careless_pad_fails_the_right_lines(tmp_path: Path) -> None:
    code, lines = await bench(CarelessPad(TEMPO), tmp_path, "tcp")
    failed = {line.split(": ")[0].split(maxsplit=1)[1] for line in lines if line.startswith("failed")}
    assert code == 1
    assert failed == {
        "6 (81)   an answer to another boot id is ignored, and it greets again",
        "2        a wrong CRC is dropped",
        "5.2      a key is sent again with its id until it is answered, and then no more",
        "5.3      a rating that was not answered comes again on the next connection, once",
    }


async def test_a_silent_line_stops_the_bench(tmp_path: Path) -> None:
    host = SimHost(AutoPad(TEMPO))
    host.fault("mute", True)
    out = io.StringIO()
    try:
        assert await beside(host.start_tcp(), out) == 1
        assert out.getvalue().splitlines()[-1] == "0 passed, 1 failed, 28 skipped"
    finally:
        await host.stop()


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conform", "eval-pad", "udp://here:1"]) == 2
    assert "write tcp://host:port" in capsys.readouterr().err
    assert main(["conform", "eval-pad", "tcp://127.0.0.1:1", "--auto", "--tempo", "0.01"]) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("failed  4.1")
    assert "Connection refused" in first
    assert Rating.private  # what a citizen pressed stands in no line
