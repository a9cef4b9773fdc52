"""Samples: joined whole and in order, quieter, at another rate, and back from a file."""

from __future__ import annotations

import time
import wave
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.devices import sound
from hallq.devices.sound import Sound

SAMPLES = st.lists(st.integers(-32768, 32767), min_size=1, max_size=200).map(lambda found: array("h", found))


@given(st.lists(SAMPLES, min_size=1, max_size=4), st.sampled_from([0.0, 0.01]))
def test_joined_whole_and_in_order(parts: list[array[int]], gap: float) -> None:
    joined = sound.join([Sound(1000, samples) for samples in parts], gap).samples
    silent = [0] * round(gap * 1000)
    wanted = [value for n, samples in enumerate(parts) for value in ([*silent] if n else []) + [*samples]]
    assert [*joined] == wanted


@given(SAMPLES, st.sampled_from([8000, 16000, 22050, 24000]))
def test_another_rate_keeps_length_and_bounds(samples: array[int], rate: int) -> None:
    other = Sound(16000, samples).at(rate)
    assert other.rate == rate
    assert abs(other.seconds - len(samples) / 16000) <= 2 / min(rate, 16000)
    assert min(samples) <= min(other.samples) and max(other.samples) <= max(samples)


@given(SAMPLES, st.integers(0, 100))
def test_quieter(samples: array[int], percent: int) -> None:
    quiet = Sound(8000, samples).quieter(percent).samples
    assert all(abs(after) <= abs(before) for before, after in zip(samples, quiet, strict=True) if before >= 0)
    assert Sound(8000, samples).quieter(100).samples is samples


def test_a_file_and_back(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    chime = sound.chime(22050)
    chime.write(file)
    assert sound.read(file) == chime
    assert 0.8 < chime.seconds < 1
    assert 5000 < max(chime.samples) < 16000


def test_silence_and_other_formats_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    sound.silence(0.1, 8000).write(file)
    with pytest.raises(ValueError, match="silence"):
        sound.read(file)
    with wave.open(str(file), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"\1\0\2\0" * 100)
    with pytest.raises(ValueError, match="mono"):
        sound.read(file)


def test_fifteen_words_are_joined_in_ten_milliseconds() -> None:
    word = Sound(24000, array("h", range(8000)))
    best = min(_timed(lambda: sound.join([word] * 15, 0.12)) for _ in range(5))
    assert best < 0.01


def _timed(work: object) -> float:
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun
