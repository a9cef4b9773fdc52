"""The host's loudspeaker: real speech from a child process, one after the other, and no call is silent."""

from __future__ import annotations

import asyncio
import os
import signal
import wave
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hallq.devices import sound, speech_child
from hallq.devices.drivers.speaker import KEPT
from hallq.devices.speech_child import Order
from hallq.displays.screens import Speech
from tests.devices.rig import Rig, speech, until

CALL = "请A零零一号到三号窗口办理业务"


def speaker(rig: Rig, folder: Path, scheme: str = "wav", **options: object) -> str:
    rig.entries.append(rig.entry("speaker", f"{scheme}:{folder}", id="speaker", **options))
    return "speaker"


def sounds(folder: Path) -> list[Path]:
    return sorted(folder.glob("[!.]*.wav"))


def seconds(file: Path) -> float:
    with wave.open(str(file)) as sound:
        return float(sound.getnframes() / sound.getframerate())


def children() -> list[int]:
    """Children that have come since the test began: other layers' (a browser's) are none of ours."""
    return sorted(_children() - BEFORE)


def _children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


BEFORE: set[int] = set()


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A real child needs its time, however quick the simulated devices are."""
    for limit in ("MAKE_S", "PLAY_S"):
        monkeypatch.setattr(f"hallq.devices.drivers.speaker.{limit}", 100.0)


@pytest.fixture(autouse=True)
def _others() -> Iterator[None]:
    BEFORE.update(_children())
    yield
    BEFORE.clear()


def test_the_voice_is_chosen_by_how_it_reads_hanzi() -> None:
    """A25: Mandarin."""
    assert speech_child.right_voice() == "cmn-latn-pinyin"  # Debian 12's plain cmn says "king three"


async def test_calls_become_sound_in_order(rig: Rig, tmp_path: Path) -> None:
    folder = tmp_path / "spoken"
    name = speaker(rig, folder)
    fleet = await rig.start()
    jobs = [fleet.perform(name, speech(text), seconds=30) for text in (CALL, "三号窗口暂停服务")]
    assert await asyncio.gather(*jobs) == ["done", "done"]
    first, second = sounds(folder)
    assert seconds(first) > seconds(second) > 1
    assert 3 < seconds(first) < 8


async def test_a_killed_child_is_replaced(rig: Rig, tmp_path: Path) -> None:
    name = speaker(rig, tmp_path / "spoken")
    fleet = await rig.start()
    await rig.up(name)
    [child] = children()
    os.kill(child, signal.SIGKILL)
    await rig.state(name, "down")
    await rig.up(name)
    assert children() != [child]
    assert await fleet.perform(name, speech(CALL), seconds=30) == "done"
    assert len(sounds(tmp_path / "spoken")) == 1


async def test_a_child_that_hangs_is_killed_and_the_call_is_said_all_the_same(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hallq.devices.drivers.speaker.MAKE_S", 8.0)
    name = speaker(rig, tmp_path / "spoken")
    fleet = await rig.start()
    await rig.up(name)
    [child] = children()
    os.kill(child, signal.SIGSTOP)
    assert await fleet.perform(name, speech(CALL), seconds=60) == "done"
    assert children() != [child]
    assert len(sounds(tmp_path / "spoken")) == 1


async def test_where_pyttsx3_fails_the_program_speaks(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "lib" / "pyttsx3"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("def init(driverName): raise RuntimeError('no voice')\n")
    monkeypatch.setenv("PYTHONPATH", f"{broken.parent}:{Path.cwd()}")
    name = speaker(rig, tmp_path / "spoken")
    fleet = await rig.start()
    assert await fleet.perform(name, speech(CALL), seconds=30) == "done"
    [file] = sounds(tmp_path / "spoken")
    assert seconds(file) > 3


async def test_only_the_last_files_are_kept(rig: Rig, tmp_path: Path) -> None:
    folder = tmp_path / "spoken"
    folder.mkdir()
    for n in range(KEPT + 5):
        (folder / f"0-{n:05}.wav").touch()
    name = speaker(rig, folder)
    fleet = await rig.start()
    assert await fleet.perform(name, speech(CALL), seconds=30) == "done"
    assert len(sounds(folder)) == KEPT
    assert not (folder / "0-00005.wav").exists()


async def test_it_plays_to_an_alsa_device(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = tmp_path / "zone.wav"
    settings = tmp_path / "alsa.conf"
    settings.write_text(
        f'</usr/share/alsa/alsa.conf>\npcm.zone_a {{ type file file "{heard}" format wav slave.pcm {{ type null }} }}\n'
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(settings))
    rig.entries.append(rig.entry("speaker", "alsa:zone_a", id="speaker"))
    fleet = await rig.start()
    assert await fleet.perform("speaker", speech(CALL), seconds=30) == "done"
    assert heard.stat().st_size > 100_000


async def test_an_alsa_device_that_is_not_there_has_failed(rig: Rig) -> None:
    rig.entries.append(rig.entry("speaker", "alsa:nowhere", id="speaker"))
    fleet = await rig.start()
    assert await fleet.perform("speaker", speech(CALL), seconds=30) == "failed"


async def test_nothing_of_it_is_left_when_the_hub_stops(rig: Rig) -> None:
    rig.entries.append(rig.entry("speaker", "sim:", id="speaker"))
    fleet = await rig.start()
    job = asyncio.create_task(fleet.perform("speaker", speech(CALL), seconds=30))
    await until(children)
    await rig.stop()
    assert await job in ("failed", "unknown")
    assert not children()


SAID = Speech("1F", CALL, CALL, english="Number A zero zero one, please go to window three")


async def test_chime_repeats_and_english_are_one_sound(rig: Rig, tmp_path: Path) -> None:
    folder = tmp_path / "spoken"
    name = speaker(rig, folder)
    fleet = await rig.start()
    plain, whole = replace(SAID, english=""), replace(SAID, times=2, chime=True)
    for job in (plain, SAID, replace(plain, times=2), whole):
        assert await fleet.perform(name, job, seconds=30) == "done"
    once, english, twice, full = map(seconds, sounds(folder))
    assert english > once + 2
    assert abs(twice - 2 * once - speech_child.GAP_S) < 0.01
    assert abs(full - (twice + english - once + sound.chime(22050).seconds)) < 0.01
    assert fleet.health()[name].detail["voice"] in ("pyttsx3", "espeak-ng")


async def test_quieter_by_the_hour(rig: Rig, tmp_path: Path) -> None:
    folder = tmp_path / "spoken"
    name = speaker(rig, folder)
    fleet = await rig.start()
    for volume in (100, 40):
        assert await fleet.perform(name, replace(SAID, english="", volume=volume), seconds=30) == "done"
    loud, quiet = (max(sound.read(file).samples) for file in sounds(folder))
    assert abs(quiet - loud * 0.4) < loud * 0.02  # no two syntheses are quite alike


class Fails:
    name = "broken"

    def make(self, text: str, words: Sequence[str], file: str) -> None:
        raise KeyError(words)


def test_the_next_voice_says_what_one_cannot(tmp_path: Path) -> None:
    """One word without a clip, or a second language that fails: the call is said all the same."""
    voice = speech_child.Voice()
    file = str(tmp_path / "a.wav")
    started = voice.start(Order("start", engine="espeak-ng", file=file))
    assert (started.engine, started.voice, started.error) == ("espeak-ng", "cmn-latn-pinyin", "")
    voice._makers.insert(0, Fails())
    voice._english = Fails()
    made = voice.make(Order("make", text=CALL, words=("请", "号到"), english="Number one", file=file))
    assert (made.engine, made.error) == ("espeak-ng", "")
    voice._makers = [Fails()]
    assert "broken" in voice.make(Order("make", text=CALL, file=file)).error
