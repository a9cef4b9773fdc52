"""A relay's sound port with a sound card behind it: what aplay says is what the hub hears; closing cuts it short."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import pytest

from hallq.devices import far_sound
from hallq.devices.links import LinkLost
from hallq.relay import sound
from tests.devices.rig import until


def aplay(folder: Path, script: str) -> None:
    (folder / "aplay").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "aplay").chmod(0o755)


async def test_what_the_card_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        with pytest.raises(LinkLost, match="aplay is missing"):
            sound.open_sound("alsa:default")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    aplay(tmp_path, f'echo "$@" > {tmp_path}/said; cat > {tmp_path}/heard')
    with pytest.raises(LinkLost, match="no sound card Gone"):
        sound.open_sound("alsa:plughw:CARD=Gone")
    answer = await far_sound.play(sound.open_sound("alsa:default"), bytes(100_000), 5)
    assert answer.error == "" and (tmp_path / "heard").read_bytes() == bytes(100_000)
    assert (tmp_path / "said").read_text() == "-q -D default -\n"

    aplay(tmp_path, "echo busy >&2; exit 1")
    assert (await far_sound.play(sound.open_sound("alsa:default"), b"RIFF", 5)).error == "busy"

    aplay(tmp_path, f"echo $$ > {tmp_path}/new; mv {tmp_path}/new {tmp_path}/pid; exec sleep 60")
    playing = asyncio.create_task(far_sound.play(sound.open_sound("alsa:default"), b"RIFF", 60))
    await until((tmp_path / "pid").exists)
    pid = int((tmp_path / "pid").read_text())
    playing.cancel()
    with pytest.raises(LinkLost, match="not heard in time"):
        await far_sound.play(sound.open_sound("alsa:default"), b"RIFF", 0.05)
    await until(lambda: not Path(f"/proc/{pid}").exists())  # it does not hold the card
    await until(lambda: len(asyncio.all_tasks()) == 1 and not _waits_for_children())


def _waits_for_children() -> bool:
    """asyncio's own threads, one for each."""
    return any(thread.name.startswith("asyncio-waitpid") for thread in threading.enumerate())
