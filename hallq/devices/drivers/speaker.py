"""The host's loudspeaker. Speech is made and played in a child process that can be killed; its pipe is the wire.

One job at a time. A call is never silent: where one voice fails or hangs, the next one speaks, at last the espeak-ng
program.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from firmware_protocols import Decoder
from hallq.devices import driver, far_sound, links
from hallq.devices.driver import Desk, Driver
from hallq.devices.entry import Entry, Report
from hallq.devices.links import Line, LinkLost
from hallq.devices.speech_child import Answer, Answers, Order
from hallq.devices.wire import Wire
from hallq.displays.screens import Speech
from hallq.kernel import Clock

START_S = 30.0  # a cold machine loads the engine
MAKE_S = 10.0
PLAY_S = 10.0  # and the length of the sound
KEPT = 200


class SpeakerOptions(driver.Options):
    clips: str = ""  # a voice's folder beside hall.toml, tried first
    voice: str = ""  # espeak-ng's name; empty: the first that reads hanzi right
    rate: Annotated[int, Field(ge=80, le=300)] = 150  # words a minute
    volume: Annotated[int, Field(ge=0, le=100)] = 100


class Speaker(Driver):
    name = "speaker"
    Options = SpeakerOptions
    places = frozenset({"zone"})
    schemes = links.SOUNDS
    performs = Speech

    @classmethod
    def beside(cls, options: dict[str, Any], directory: Path) -> dict[str, Any]:
        return options | {"clips": str(directory / options["clips"])} if options.get("clips") else options

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0, command: tuple[str, ...] = ()) -> None:
        super().__init__(entry, clock, tempo)
        assert isinstance(entry.options, SpeakerOptions)
        self.options = entry.options
        self.link = links.parse(entry.link)
        self._command = command or (sys.executable, "-m", "hallq.devices.speech_child")
        self._engine = "pyttsx3"
        self._spoke = ""
        self._fault = ""  # of the clips
        self._count = itertools.count(1)
        self._folder = Path()

    async def open(self) -> Line:
        ours, theirs = socket.socketpair()
        try:
            self._prepare_folder()
            child = subprocess.Popen(  # noqa: ASYNC220  returns when the child has begun; nothing is waited for
                [*self._command, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            ours.close()
            raise LinkLost(f"cannot start: {error}") from None
        finally:
            theirs.close()
        return Line(ours.fileno(), lambda: self._end(ours, child))

    def decoder(self) -> Decoder:
        return Answers()

    async def greet(self, wire: Wire, desk: Desk) -> None:
        """Finds the voice and says a first word to nobody, so that the first call is as quick as the next."""
        look = self.options
        order = Order("start", engine=self._engine, clips=look.clips, voice=look.voice, rate=look.rate,
                      volume=look.volume, file=str(self._folder / ".first.wav"))  # fmt: skip
        found = await self._order(wire, order, START_S)
        if found.error:
            raise LinkLost(found.error)
        self._spoke, self._fault = found.engine, found.fault

    async def poll(self, wire: Wire) -> Report:
        """Which of its voices spoke last. LinkLost: the other machine, or its sound card, is away."""
        if self.link.scheme == "relay":
            (await self.open_line(self.entry.link)).close()
        return Report({"voice": self._spoke} | ({"clips": self._fault} if self._fault else {}))

    async def perform(self, wire: Wire, job: Speech, seconds: float) -> str:
        file = self._file()
        try:
            made = await self._make(wire, job, file)
            if made.error:
                return "failed"
            self._spoke = made.engine
            return await self._play(wire, file, made.seconds)
        finally:
            self._keep(file)

    async def _make(self, wire: Wire, job: Speech, file: Path) -> Answer:
        """LinkLost when the engine hangs: nothing was heard yet, so a new child says it with the plain program."""
        order = Order("make", text=job.text, words=job.words, english=job.english, times=job.times, chime=job.chime,
                      gain=job.volume, file=str(file))  # fmt: skip
        try:
            return await self._order(wire, order, MAKE_S)
        except LinkLost:
            self._engine = "espeak-ng"
            raise

    async def _play(self, wire: Wire, file: Path, seconds: float) -> str:
        if self.link.scheme == "relay":
            return await self._play_there(file, seconds)
        pcm = self.link.target if self.link.scheme == "alsa" else ""
        pace = seconds * self.tempo
        try:
            played = await self._order(wire, Order("play", file=str(file), pcm=pcm, seconds=pace), PLAY_S + seconds)
        except LinkLost:
            return "unknown"
        return "failed" if played.error else "done"

    async def _play_there(self, file: Path, seconds: float) -> str:
        """On another machine's card. LinkLost while it cannot be reached: nothing was heard yet."""
        sound = await asyncio.to_thread(file.read_bytes)
        line = await self.open_line(self.entry.link)
        try:
            played = await far_sound.play(line, sound, PLAY_S + seconds)
        except LinkLost:
            return "unknown"
        return "failed" if played.error else "done"

    async def _order(self, wire: Wire, order: Order, seconds: float) -> Answer:
        answer = await wire.ask(order, Answer, seconds=seconds * max(self.tempo, 0.2), tries=1)
        assert isinstance(answer, Answer)
        return answer

    # -- files

    def _prepare_folder(self) -> None:
        if self.link.scheme == "wav":
            self._folder = Path(self.link.target)
            self._folder.mkdir(parents=True, exist_ok=True)
        else:
            self._folder = Path(tempfile.mkdtemp(prefix="hallq-speech-"))

    def _file(self) -> Path:
        """A new name each time, in order of speaking; hidden until it is whole."""
        return self._folder / f".{self.clock.wall()}-{next(self._count):05}.wav"

    def _keep(self, file: Path) -> None:
        if self.link.scheme != "wav":
            file.unlink(missing_ok=True)
            return
        if file.exists():
            file.rename(file.with_name(file.name.removeprefix(".")))
        for old in sorted(self._folder.glob("[!.]*.wav"))[:-KEPT]:
            old.unlink(missing_ok=True)

    def _end(self, ours: socket.socket, child: subprocess.Popen[bytes]) -> None:
        """With all that it started: an aplay that hangs too."""
        ours.close()
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        if self.link.scheme != "wav":
            shutil.rmtree(self._folder, ignore_errors=True)
