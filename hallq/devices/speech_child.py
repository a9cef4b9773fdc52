"""The child process that makes and plays speech: everything that can hang is here. Run with its socket's number.

JSON lines both ways: an Order, then its Answer. The engine is set up once; each sentence is a file of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from firmware_protocols import ProtocolError
from hallq.devices import sound
from hallq.devices.clips import Clips

VOICES = ("cmn-latn-pinyin", "cmn", "zh", "yue")  # Debian 12's plain cmn reads pinyin as English
ENGLISH = "en"
RIGHT = "tS;h"  # how a Mandarin voice begins 请
PROBE_S = 5
GAP_S = 0.4  # between a sentence and its repetition


@dataclass(frozen=True, slots=True)
class Order:
    do: str  # start make play
    text: str = ""
    words: tuple[str, ...] = ()  # the text out of the closed vocabulary
    english: str = ""
    times: int = 1
    chime: bool = False
    gain: int = 100  # per cent
    file: str = ""
    engine: str = ""  # the first to try: pyttsx3 espeak-ng
    clips: str = ""  # a folder of clips, tried before any engine
    voice: str = ""
    rate: int = 150
    volume: int = 100
    pcm: str = ""  # an ALSA name; empty: nothing is played, and the time passes
    seconds: float = 0.0

    def encode(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Answer:
    error: str = ""
    seconds: float = 0.0  # of the sound made
    engine: str = ""
    voice: str = ""
    fault: str = ""  # why the clips are not used

    def encode(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"


class Answers:
    """Decodes what the child says."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[Answer | ProtocolError]:
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        return [_answer(line) for line in lines]

    def end(self) -> list[Answer | ProtocolError]:
        return []


def _answer(line: bytes) -> Answer | ProtocolError:
    try:
        return Answer(**json.loads(line))
    except (ValueError, TypeError):
        return ProtocolError("no answer of the speech process")


class Maker(Protocol):
    """One way to speak."""

    name: str

    def make(self, text: str, words: Sequence[str], file: str) -> None:
        """Writes mono wav of 16 bits. Any exception: the next way is tried."""
        ...


class Pyttsx3:
    name = "pyttsx3"

    def __init__(self, order: Order, voice: str) -> None:
        import pyttsx3

        self._engine = pyttsx3.init(driverName="espeak")
        self._engine.setProperty("voice", voice)
        self._engine.setProperty("rate", order.rate)
        self._engine.setProperty("volume", order.volume / 100)

    def make(self, text: str, words: Sequence[str], file: str) -> None:
        self._engine.save_to_file(text, file)
        self._engine.runAndWait()


class Joined:
    name = "clips"

    def __init__(self, order: Order) -> None:
        self._clips = Clips(Path(order.clips))
        self._volume = order.volume

    def make(self, text: str, words: Sequence[str], file: str) -> None:
        self._clips.join(words).quieter(self._volume).write(file)


class Program:
    name = "espeak-ng"

    def __init__(self, order: Order, voice: str) -> None:
        self._style = ["-v", voice, "-s", str(order.rate), "-a", str(order.volume)]

    def make(self, text: str, words: Sequence[str], file: str) -> None:
        subprocess.run(["espeak-ng", *self._style, "-w", file, text], check=True, timeout=PROBE_S, capture_output=True)


class Voice:
    """Makes sentences, each by the first of its makers that can."""

    def __init__(self) -> None:
        self._makers: list[Maker] = []
        self._english: Maker | None = None

    def start(self, order: Order) -> Answer:
        """Makers in their order; those that fail here are left out."""
        voice = order.voice or right_voice()
        kinds: list[type[Any]] = [Pyttsx3, Program] if order.engine == Pyttsx3.name else [Program]
        self._makers = []
        fault = ""
        if order.clips:
            try:
                self._makers.append(Joined(order))
            except (ValueError, OSError) as error:  # said by the next, and told to who looks after it
                fault = str(error)
        for kind in kinds:
            with suppress(Exception):  # any fault of it means: the next
                self._makers.append(kind(order, voice))
        self._english = Program(order, ENGLISH)
        made = self.make(Order("make", text="请", words=("请",), file=order.file))
        with suppress(OSError):
            os.unlink(order.file)
        return replace(made, voice=voice, fault=fault)

    def make(self, order: Order) -> Answer:
        try:
            spoken, maker = self._spoken(order)
        except LookupError as error:
            return Answer(f"no speech: {error}")
        parts = [spoken] * order.times + self._in_english(order)
        whole = sound.join(parts, GAP_S).quieter(order.gain)
        if order.chime:
            whole = sound.join([sound.chime(whole.rate).quieter(order.gain), whole])
        whole.write(order.file)
        return Answer(seconds=whole.seconds, engine=maker)

    def _spoken(self, order: Order) -> tuple[sound.Sound, str]:
        why = "there is no voice"
        for maker in self._makers:
            try:
                maker.make(order.text, order.words, order.file)
                return sound.read(order.file), maker.name
            except Exception as error:
                why = f"{maker.name}: {error}"
        raise LookupError(why)

    def _in_english(self, order: Order) -> list[sound.Sound]:
        """A call is never lost for its second language."""
        if not order.english or self._english is None:
            return []
        try:
            self._english.make(order.english, (), order.file)
            return [sound.read(order.file)]
        except Exception:
            return []


def right_voice() -> str:
    """By how it reads 请, not by its name."""
    for name in VOICES:
        with suppress(OSError, subprocess.SubprocessError):
            heard = subprocess.run(
                ["espeak-ng", "-v", name, "-x", "-q", "请"], capture_output=True, text=True, timeout=PROBE_S, check=True
            )
            if heard.stdout.strip().startswith(RIGHT):
                return name
    return VOICES[0]


def play(order: Order) -> Answer:
    if not order.pcm:
        time.sleep(order.seconds)
        return Answer()
    if not shutil.which("aplay"):
        return Answer("aplay is missing")
    done = subprocess.run(["aplay", "-q", "-D", order.pcm, order.file], capture_output=True, text=True, check=False)
    return Answer(done.stderr.strip()[:200] if done.returncode else "")


def main(fd: int) -> None:
    parent = socket.socket(fileno=fd)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the engine prints
    voice = Voice()
    for line in parent.makefile("rb"):
        order = Order(**json.loads(line))
        act = {"start": voice.start, "make": voice.make, "play": play}[order.do]
        parent.sendall(act(order).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]))
