"""Sound as samples: read, put together, made quieter, written; and a computed chime. Mono, 16 bits, stdlib only.

Joining is a copy of arrays, so that a sentence made of clips is ready in milliseconds.
"""

from __future__ import annotations

import math
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHIME = (659.3, 523.3)  # Hz, e2 and c2: ding, dong
TONE_S = 0.45
DECAY_S = 0.15  # in which a tone falls to a third
LOUDNESS = 0.35  # of full scale: no louder than speech
FULL = 32767


@dataclass(frozen=True, slots=True)
class Sound:
    rate: int  # samples a second
    samples: array[int]

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def at(self, rate: int) -> Sound:
        """The same at another rate, each sample between its two neighbours."""
        if rate == self.rate or not self.samples:
            return Sound(rate, self.samples)
        step, last = self.rate / rate, len(self.samples) - 1
        return Sound(rate, array("h", (self._between(min(n * step, last)) for n in range(int(last / step) + 1))))

    def quieter(self, percent: int) -> Sound:
        if percent >= 100:
            return self
        return Sound(self.rate, array("h", (sample * percent // 100 for sample in self.samples)))

    def write(self, file: str | Path) -> None:
        with wave.open(str(file), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(self.rate)
            out.writeframes(self.samples.tobytes())

    def _between(self, place: float) -> int:
        n = int(place)
        after = self.samples[min(n + 1, len(self.samples) - 1)]
        return round(self.samples[n] + (after - self.samples[n]) * (place - n))


def read(file: str | Path) -> Sound:
    """ValueError: not mono of 16 bits, or nothing but silence. wave.Error, OSError: no sound file."""
    with wave.open(str(file)) as sound:
        if (sound.getnchannels(), sound.getsampwidth()) != (1, 2):
            raise ValueError(f"{file}: write it as mono, 16 bits")
        data = sound.readframes(sound.getnframes())
        rate = sound.getframerate()
    if not any(data):
        raise ValueError(f"{file}: silence")
    return Sound(rate, array("h", data[: len(data) // 2 * 2]))


def silence(seconds: float, rate: int) -> Sound:
    return Sound(rate, array("h", bytes(2 * round(seconds * rate))))


def join(sounds: Sequence[Sound], gap_s: float = 0.0) -> Sound:
    """One after the other, at the first one's rate, with a pause between two. At least one."""
    rate = sounds[0].rate
    joined = array("h")
    for number, sound in enumerate(sounds):
        if number:
            joined.extend(silence(gap_s, rate).samples)
        joined.extend(sound.at(rate).samples)
    return Sound(rate, joined)


@cache
def chime(rate: int) -> Sound:
    """Two tones that fade."""
    return join([Sound(rate, array("h", _tone(hertz, rate))) for hertz in CHIME])


def _tone(hertz: float, rate: int) -> list[int]:
    """It begins and ends without a click."""
    found = []
    for n in range(round(TONE_S * rate)):
        at = n / rate
        edge = min(1.0, at / 0.005, (TONE_S - at) / 0.02)
        found.append(round(FULL * LOUDNESS * edge * math.exp(-at / DECAY_S) * math.sin(2 * math.pi * hertz * at)))
    return found
