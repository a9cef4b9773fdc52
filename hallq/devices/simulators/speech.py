"""A speech chip: takes its time for each sentence, says 4F at the end, and lets a new sentence cut the old one."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from typing import Any

from firmware_protocols import ProtocolError
from firmware_protocols.speech_chip import ACCEPTED, IDLE, READY, REJECTED, SPEAKING, Speak, StatusQuery, Stop
from hallq.devices.simulators.base import Simulator

CHARACTER_S = 0.22
GAP_S = 0.4  # a chip's own is 8 to 15 ms; a machine that simulates many may be busy for longer
KEPT = 100  # sentences
MARKS = re.compile(r"\[[^\[\]]*\]")
CHIME = re.compile(r"(sound[a-y]|sound[0-9]{3})，?")


class SimSpeechChip(Simulator):
    def __init__(self, chip: str, tempo: float = 1.0) -> None:
        self.protocol = chip  # type: ignore[misc]  # one class for three chips
        super().__init__(tempo)
        self._spoken: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._now: str | None = None
        self._volume: int | None = None
        self._chimes = 0
        self._end: asyncio.TimerHandle | None = None
        self._count = 0
        self._heard_at = 0.0

    def state(self) -> dict[str, Any]:
        return {
            "kind": "speech",
            "chip": self.protocol,
            "speaking": self._now,
            "volume": self._volume,
            "chimes": self._chimes,
            "spoken": list(self._spoken),
            "count": self._count,
        }

    def take(self, data: bytes) -> None:
        """A frame that stops in its middle is given up, as the chip's own gap has it."""
        now = asyncio.get_running_loop().time()
        if now - self._heard_at > GAP_S * self.tempo:
            for _ in self._decoder.end():
                self.say(REJECTED)
        self._heard_at = now
        super().take(data)

    def power_on(self) -> None:
        self._silence(cut=True)
        self.say(READY)

    def heard(self, message: Any) -> None:
        match message:
            case Speak():
                self._speak(message)
            case StatusQuery():
                self.say(SPEAKING if self._now is not None else IDLE)
            case Stop():
                self.say(ACCEPTED)
                self._silence(cut=True)
            case _:
                self.say(ACCEPTED)

    def misheard(self, error: ProtocolError) -> None:
        self.say(REJECTED)

    def _speak(self, message: Speak) -> None:
        text = message.text
        if text is None:
            self.say(REJECTED)
            return
        self._silence(cut=True)
        self.say(ACCEPTED)
        volume = re.match(r"\[v(\d+)\]", text)
        self._volume = int(volume[1]) if volume else self._volume
        self._now, chimes = CHIME.subn("", MARKS.sub("", text))
        self._chimes += chimes
        self._end = self.later(CHARACTER_S * len(self._now), self._finish)

    def _finish(self) -> None:
        self._silence(cut=False)
        self.say(IDLE)

    def _silence(self, cut: bool) -> None:
        if self._now is None:
            return
        if self._end is not None:
            self._end.cancel()
        self._spoken.append({"text": self._now, "cut": cut})
        self._count += 1
        self._now = None
