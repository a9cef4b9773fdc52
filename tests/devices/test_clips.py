"""Voices of clips: the vocabulary covers every announcement, sentences are joined at once, another voice takes over."""

from __future__ import annotations

import json
import time
from array import array
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import pytest

from hallq.devices import sound
from hallq.devices.clips import Clips
from hallq.devices.sound import Sound
from hallq.devices.speech_child import Order, Voice
from hallq.displays.voice import speech
from hallq.texts import ZH, group
from hallq.voices import build, phonemes
from hallq.voices.vocabulary import groups, vocabulary

VALUES = {"no": "Z9081", "win": "47", "floor": "3", "t": "14:05"}
FORMAT = b"fmt \x10\0\0\0\x01\0\x02\0@\x1f\0\0\0}\0\0\x04\0\x10\0"
STEREO = b"RIFF,\0\0\0WAVE" + FORMAT + b"data\x08\0\0\0" + b"\1\0" * 4
PERFORMED = [key for key in group(["v"])[ZH] if not key.startswith("v.clock")]


def tone(spoken: str) -> Any:
    """Instead of the neural voice: as long as what is spoken, with silence around it."""
    quiet, n = np.zeros(2400), 400 * len(spoken)
    return np.concatenate([quiet, 0.3 * np.sin(np.arange(n) / 20), quiet])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("voice")
    build.build(made, tone, 5, lambda done, of: None)
    return made


def payload(key: str) -> dict[str, str]:
    names = [name for _, name, *_ in Formatter().parse(group(["v"])[ZH][key]) if name]
    return {"key": key} | {name: VALUES[name.rstrip("123")] for name in names}


@pytest.mark.parametrize("key", PERFORMED)
def test_every_announcement_can_be_said_with_the_vocabulary(folder: Path, key: str) -> None:
    said = speech("1F", payload(key), ones="幺")
    assert Clips(folder).lacks(said.words) == []


def test_every_word_can_be_pronounced() -> None:
    spelled = build.pinyin()
    for words in [(word,) for word in vocabulary()] + list(groups(99)):
        for word in words:
            spoken = phonemes.phonemes(spelled.get(word, word))
            assert len(phonemes.ids(spoken)) >= 3, word


def test_pinyin_becomes_phonemes() -> None:
    said = {"qing3": "ʨʰi↓ŋ", "hao4 dao4": "xau↘ tau↘", "chuang1": "ꭧʰwa→ŋ", "yuan2 de5": "ɥɛ↗n tɤ", "A": "ˈA"}
    assert {spelled: phonemes.phonemes(spelled) for spelled in said} == said
    for wrong in ("hao", "hao6", "hxo4", "号"):
        with pytest.raises(ValueError, match="no pinyin"):
            phonemes.phonemes(wrong)


def test_a_sentence_is_joined_within_ten_milliseconds(folder: Path) -> None:
    clips = Clips(folder)
    words = speech("1F", {"key": "v.call.floor", "no": "B4071", "floor": "2", "win": "3"}).words
    took = []
    for _ in range(20):
        begun = time.perf_counter()
        joined = clips.join(words)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.010
    assert 2 < joined.seconds < 20


def test_groups_of_words_are_taken_before_single_ones(tmp_path: Path) -> None:
    for word, samples in (("一", 100), ("二", 100), ("一二", 7), ("号", 100)):
        Sound(8000, array("h", [500] * samples)).write(tmp_path / f"{word}.wav")
    joined = Clips(tmp_path).join(("一", "二", "号"))
    assert len(joined.samples) == 7 + round(0.05 * 8000) + 100


def test_clips_of_other_rates_and_pauses_fit(tmp_path: Path) -> None:
    Sound(8000, array("h", [500] * 800)).write(tmp_path / "请.wav")
    Sound(16000, array("h", [500] * 1600)).write(tmp_path / "号.wav")
    assert Clips(tmp_path).join(("请", "，", "号")).seconds == pytest.approx(0.1 + 0.05 + 0.22 + 0.05 + 0.1, abs=0.002)


@pytest.mark.parametrize(("data", "why"), [(None, "no clips"), (b"RIFF", "no wav file"), (STEREO, "mono, 16 bits")])
def test_a_folder_that_is_no_voice_says_why(tmp_path: Path, data: bytes | None, why: str) -> None:
    if data is not None:
        (tmp_path / "请.wav").write_bytes(data)
    with pytest.raises(ValueError, match=why):
        Clips(tmp_path)


def test_what_the_clips_cannot_say_the_next_voice_does(folder: Path, tmp_path: Path) -> None:
    voice = Voice()
    begun = voice.start(Order("start", engine="espeak-ng", clips=str(folder), file=str(tmp_path / "first.wav")))
    assert (begun.error, begun.engine, begun.fault) == ("", "clips", "")
    file = str(tmp_path / "said.wav")
    call = speech("1F", {"key": "v.call", "no": "A001", "win": "3"})
    assert voice.make(Order("make", text=call.text, words=call.words, file=file)).engine == "clips"
    free = voice.make(Order("make", text="请王先生到服务台", words=("请王先生到服务台",), file=file))
    assert (free.error, free.engine) == ("", "espeak-ng")
    assert sound.read(file).seconds > 1


def test_a_voice_that_is_missing_is_told_and_another_speaks(tmp_path: Path) -> None:
    begun = Voice().start(Order("start", engine="espeak-ng", clips=str(tmp_path), file=str(tmp_path / "first.wav")))
    assert (begun.error, begun.engine) == ("", "espeak-ng")
    assert "no clips" in begun.fault
    json.dumps(begun.fault)


def test_only_files_of_the_known_hash_make_a_voice(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"something else")
    (tmp_path / "zf_xiaoyi.bin").write_bytes(b"something else")
    with pytest.raises(build.BuildError, match="SHA-256"):
        build.model_of(tmp_path / "model.onnx")
    with pytest.raises(build.BuildError, match="not the style"):
        build.style_of(tmp_path / "zf_xiaoyi.bin", "zf_xiaoyi")
    with pytest.raises(build.BuildError, match="no speaker"):
        build.style_of(tmp_path / "zf_xiaoyi.bin", "somebody")
