"""docs/devices/add-a-driver.md, taken at its word: its code is loaded, its frames are checked, its sign is hung up."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from firmware_protocols import PROTOCOLS, Codec, ProtocolError
from firmware_protocols.__main__ import check
from hallq.devices.catalogue import DRIVERS
from hallq.devices.simulators.host import SimHost
from hallq.displays.screens import StripScreen
from tests.devices.rig import TEMPO, Rig, until

PAGE = Path(__file__).parents[2] / "docs" / "devices" / "add-a-driver.md"
BLOCK = re.compile(r"```python\n# (\S+)\.py\n(.*?)```", re.DOTALL)


@pytest.fixture
def sign(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The page's modules, registered as it says."""
    text, found = PAGE.read_text("utf-8"), []
    for path, code in BLOCK.findall(text):
        module = ModuleType(path.replace("/", "."))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(compile(code, f"{path}.py", "exec"), module.__dict__)
        found.append(module)
        if path.startswith("firmware_protocols/"):
            monkeypatch.setitem(PROTOCOLS, "line-sign", Codec(module.Host, module.Device))
    codec, driver, simulator = found
    monkeypatch.setitem(DRIVERS, "line-sign", driver.LineSign)
    vectors = json.loads(text.split("```json\n")[1].split("```")[0])["vectors"]
    yield SimpleNamespace(codec=codec, simulator=simulator, vectors=vectors)


def test_its_frames_pass(sign: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(sign.vectors) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "3 passed, 0 failed, 0 skipped"
    assert all(vector["source"] and vector["meaning"] for vector in sign.vectors)


def test_its_decoder_bears_anything(sign: Any) -> None:
    for data in (b"T\xff\xfe\r", b"\r", b"Q\r", b"T" * 1000, bytes(range(256)) * 20):
        stream = sign.codec.Device()
        items = [item for at in range(0, len(data), 7) for item in stream.feed(data[at : at + 7])] + stream.end()
        assert any(isinstance(item, ProtocolError) for item in items)
        assert len(stream._buffer) < 200


@pytest.mark.parametrize("fault", ["unplug", "mute", "garble", "jammed"])
async def test_its_sign_shows_fails_and_comes_back(rig: Rig, transport: str, sign: Any, fault: str) -> None:
    host = SimHost(device := sign.simulator.SimSign(TEMPO))
    link = host.start_pty(rig.folder / "sign") if transport == "pty" else host.start_tcp()
    rig.hosts.append(host)
    rig.entries.append(rig.entry("line-sign", link, id="sign"))
    fleet = await rig.start()
    fleet.show("sign", StripScreen(("A001",)))
    await until(lambda: device.state()["text"] == "A001")
    host.fault(fault, True)
    fleet.show("sign", StripScreen(("A002",)))
    fleet.show("sign", last := StripScreen(("A003",)))
    host.fault(fault, False)
    await until(lambda: device.state()["text"] == "A003" and ("sign", last) in rig.events.shown)
