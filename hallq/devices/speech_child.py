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
import wave
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from firmware_protocols import ProtocolError

VOICES = ("cmn-latn-pinyin", "cmn", "zh", "yue")  # Debian 12's plain cmn reads pinyin as English
RIGHT = "tS;h"  # how a Mandarin voice begins 请
PROBE_S = 5


@dataclass(frozen=True, slots=True)
class Order:
    do: str  # start make play
    text: str = ""
    file: str = ""
    engine: str = ""  # pyttsx3 espeak-ng
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


class Voice:
    """pyttsx3, or the espeak-ng program where that fails."""

    def __init__(self) -> None:
        self._order = Order("start")
        self._engine: Any = None
        self._name = ""

    def start(self, order: Order) -> Answer:
        self._order = order
        self._name = order.voice or right_voice()
        if order.engine == "pyttsx3":
            with suppress(Exception):  # any fault of it means: the program instead
                self._engine = self._pyttsx3()
        made = self.make(Order("make", text="请", file=order.file))
        with suppress(OSError):
            os.unlink(order.file)
        return Answer(made.error, made.seconds, "pyttsx3" if self._engine else "espeak-ng", self._name)

    def make(self, order: Order) -> Answer:
        if self._engine:
            with suppress(Exception):
                self._engine.save_to_file(order.text, order.file)
                self._engine.runAndWait()
                return Answer(seconds=length(order.file))
            self._engine = None
        try:
            subprocess.run(self._program(order), check=True, timeout=PROBE_S, capture_output=True)
            return Answer(seconds=length(order.file))
        except Exception as error:
            return Answer(f"no speech: {error}")

    def _pyttsx3(self) -> Any:
        import pyttsx3

        engine = pyttsx3.init(driverName="espeak")
        engine.setProperty("voice", self._name)
        engine.setProperty("rate", self._order.rate)
        engine.setProperty("volume", self._order.volume / 100)
        return engine

    def _program(self, order: Order) -> list[str]:
        look = self._order
        style = ["-v", self._name, "-s", str(look.rate), "-a", str(look.volume)]
        return ["espeak-ng", *style, "-w", order.file, order.text]


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


def length(file: str) -> float:
    """Seconds. A file without sound is an error."""
    with wave.open(file) as sound:
        frames = sound.readframes(sound.getnframes())
        if not any(frames):
            raise ValueError("silence")
        return float(len(frames) / (sound.getframerate() * sound.getsampwidth() * sound.getnchannels()))


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
