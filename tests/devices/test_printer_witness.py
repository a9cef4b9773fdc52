"""Slips before a printer that this project did not write: emupos, where HALLQ_EMUPOS names its program.

It reads GB18030 as single bytes, so it is a witness of commands, sizes, codes, dots, cuts and status, not of hanzi.
`python3.13 -m venv DIR && DIR/bin/pip install emupos`, then HALLQ_EMUPOS=DIR/bin/emupos.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from hallq.devices.drivers.escpos_slip import rendered
from hallq.displays import slip as slips
from hallq.displays.screens import Slip
from hallq.slips import template
from tests.devices.rig import Rig, until
from tests.displays.scene import ZONE
from tests.displays.test_slip import FACTS

EMUPOS = os.environ.get("HALLQ_EMUPOS", "")
pytestmark = pytest.mark.skipif(not EMUPOS, reason="emupos (Python 3.13) is not named by HALLQ_EMUPOS")
TOKENS = """
import json, sys
from emupos.printer.escpos.tokenizer import Text, Tokenizer, Unknown
reader = Tokenizer()
tokens = reader.feed(sys.stdin.buffer.read())
rest = reader.close()
told = ["text" if isinstance(t, Text) else "unknown" if isinstance(t, Unknown) else t.name for t in tokens]
print(json.dumps(told + (["unknown"] if rest else [])))
"""


def made(name: str = "ticket", width: int = 48) -> Slip:
    rare = replace(FACTS, hall="云岭县政务服务中心㐂𠮷", device="p1")
    facts = replace(rare, phone_url="https://hall.example/t/x", reprint=True)
    return slips.slip(facts, template({}, name), zone=ZONE, width=width)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Emulator:
    def __init__(self, folder: Path) -> None:
        self.port, self._api, self._folder = free_port(), free_port(), folder
        config = {
            "schema": 1,
            "api": {"host": "127.0.0.1", "port": self._api},
            "devices": [
                {"id": "p", "type": "printer", "profile": "xprinter-xp80t", "receipts_dir": "paper",
                 "connections": [{"tcp": {"port": self.port}}]}
            ],
        }  # fmt: skip
        (folder / "emupos.yaml").write_text(json.dumps(config), "utf-8")
        self.process = subprocess.Popen([EMUPOS, "run"], cwd=folder, stdout=subprocess.DEVNULL)

    async def told(self, *words: str) -> None:
        tool = [EMUPOS, "--api", f"http://127.0.0.1:{self._api}", *words]
        process = await asyncio.create_subprocess_exec(*tool, stdout=subprocess.DEVNULL)
        assert await process.wait() == 0

    def receipts(self) -> list[Path]:
        return sorted((self._folder / "paper").glob("*.png"))


@pytest.fixture
async def emulator(tmp_path: Path) -> AsyncIterator[Emulator]:
    running = Emulator(tmp_path)
    yield running
    running.process.terminate()
    running.process.wait()


def test_it_knows_every_command_of_a_slip() -> None:
    for name in ("ticket", "return", "test"):
        python = Path(EMUPOS).parent / "python"
        answer = subprocess.run([python, "-c", TOKENS], input=rendered(made(name), 48), capture_output=True, check=True)
        tokens = json.loads(answer.stdout)
        assert "unknown" not in tokens and not {"DLE EOT", "DLE ENQ", "DLE DC4"} & set(tokens)
        assert tokens[0] == "ESC @" and tokens[-1] == "GS V" and "GS v 0" in tokens and "GS !" in tokens
        assert tokens.count("FS &") == tokens.count("FS .") > 5
        codes = {"ticket": (5, 0), "return": (0, 0), "test": (5, 1)}[name]
        assert (tokens.count("GS ( k"), tokens.count("GS k")) == codes


async def test_our_driver_prints_on_it_and_hears_its_faults(rig: Rig, emulator: Emulator) -> None:
    rig.entries.append(rig.entry("escpos", f"tcp://127.0.0.1:{emulator.port}", id="printer"))
    fleet = await rig.start(1.0)
    await rig.up("printer")
    assert await fleet.perform("printer", made(), seconds=10) == "done"
    await until(emulator.receipts)
    with Image.open(emulator.receipts()[0]) as paper:
        assert paper.width == 576 and paper.height > 600
    for fault, outcome in (("paper-out", "failed"), ("cover-open", "failed"), ("paper-near-end", "done")):
        await emulator.told("fault", "set", "p", fault)
        assert await fleet.perform("printer", made("return"), seconds=10) == outcome, fault
        await emulator.told("fault", "clear", "p", fault)
    await asyncio.get_running_loop().shutdown_default_executor()
