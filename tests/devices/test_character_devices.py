"""Ports that are no terminals: a USB printer's node, and a keypad's, which is ours alone."""

from __future__ import annotations

import fcntl
import os
import tty
from pathlib import Path

import pytest

from hallq.devices import ports
from hallq.devices.links import LinkLost, open_line
from tests.devices.rig import until


async def test_a_usb_printer_has_nothing_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "NO_TERMINALS", (1,))  # /dev/random is one without a printer behind it
    line = await open_line("serial:/dev/random")
    heard: list[bytes] = []
    line.listen(heard.append, lambda: None)
    line.write(b"slip")
    await line.drain(1)
    await until(lambda: heard)
    line.close()
    assert not line.ends  # its empty packets are no end


async def test_a_keypad_is_taken_for_us_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    (tmp_path / "keys").symlink_to(os.ttyname(slave))
    with pytest.raises(LinkLost):  # what cannot be grabbed is no keypad
        await open_line(f"evdev:{tmp_path / 'keys'}")
    grabs: list[tuple[int, int]] = []
    monkeypatch.setattr(fcntl, "ioctl", lambda fd, request, value: grabs.append((request, value)))
    line = await open_line(f"evdev:{tmp_path / 'keys'}")
    assert grabs == [(0x40044590, 1)]
    heard: list[bytes] = []
    line.listen(heard.append, lambda: None)
    os.write(master, bytes(24))
    await until(lambda: heard == [bytes(24)])
    line.close()
    os.close(master)
    os.close(slave)
