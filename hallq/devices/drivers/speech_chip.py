"""Serial speech modules SYN6288, SYN6658 and XFS5152CE: one driver, three profiles.

A new sentence would cut the one being spoken, so none is sent before the chip said, or was asked, that it is idle.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from firmware_protocols import speech_chip
from firmware_protocols.speech_chip import ACCEPTED, IDLE, REJECTED, SPEAKING, Speak, Status, StatusQuery
from hallq.devices import driver
from hallq.devices.driver import Driver
from hallq.devices.entry import Entry, Report
from hallq.devices.links import LinkLost
from hallq.devices.wire import Wire
from hallq.displays.screens import Speech
from hallq.kernel import Clock

ANSWER_S = 1.0
ASK_S = 2.0  # no end heard for so long: ask whether it still speaks
LONGEST_S = 10.0  # and a second for each byte of text: longer than any chip needs
TRIES = 2


class VoiceOptions(driver.Options):
    volume: Annotated[int, Field(ge=0, le=100)] = 80
    chime: bool = True  # its own sound before calls, where the rules wish one; false: this chip spells the name instead


class SpeechChip(Driver):
    Options = VoiceOptions
    places = frozenset({"zone"})
    performs = Speech

    def __init__(self, entry: Entry, clock: Clock, tempo: float = 1.0) -> None:
        super().__init__(entry, clock, tempo)
        assert isinstance(entry.options, VoiceOptions)
        self.volume = entry.options.volume
        self._chime = entry.options.chime
        self._gap = speech_chip.PROFILES[self.name].frame_gap_ms / 1000

    async def poll(self, wire: Wire) -> Report:
        await self._status(wire)
        return Report()

    async def perform(self, wire: Wire, job: Speech, seconds: float) -> str:
        """Once begun it is said to its end, whatever the time."""
        if await self._status(wire) is SPEAKING:  # of an earlier connection
            await self._until_idle(wire, LONGEST_S)
        for frame in self._frames(job):
            try:
                if not await self._said(wire, frame):
                    return "failed"
            except LinkLost:
                return "unknown"
        return "done"

    def _frames(self, job: Speech) -> Iterator[Speak]:
        """Chime once, the text as often as wished, English where the chip reads it."""
        volume = self.volume * job.volume // 100
        for n in range(job.times):
            yield from speech_chip.speak(self.name, job.text, volume=volume, chime=self._chime and job.chime and n == 0)
        if job.english and speech_chip.PROFILES[self.name].english:
            yield from speech_chip.speak(self.name, job.english, volume=volume)

    async def _said(self, wire: Wire, frame: Speak) -> bool:
        """Sent again only to a chip that is idle and gave no sign of having taken it."""
        for _ in range(TRIES):
            await asyncio.sleep(self._gap)
            if await self._taken(wire, frame) or await self._status(wire) is SPEAKING:
                await self._until_idle(wire, LONGEST_S + len(frame.data))
                return True
        return False

    async def _taken(self, wire: Wire, frame: Speak) -> bool:
        wire.forget()
        await wire.send(frame)
        try:
            while (found := await wire.receive(ANSWER_S * self.tempo)) not in (ACCEPTED, REJECTED):
                pass
        except TimeoutError:
            return False
        return bool(found == ACCEPTED)

    async def _until_idle(self, wire: Wire, longest: float) -> None:
        """The end of speech comes by itself; when it does not come, ask."""
        try:
            async with asyncio.timeout(longest * self.tempo):
                while not await self._ended(wire):
                    pass
        except TimeoutError:
            raise LinkLost("never ends speaking") from None

    async def _ended(self, wire: Wire) -> bool:
        try:
            return bool(await wire.receive(ASK_S * self.tempo) == IDLE)
        except TimeoutError:
            return await self._status(wire) is IDLE

    async def _status(self, wire: Wire) -> Status:
        """Some chips put "accepted" in front of the answer."""
        await asyncio.sleep(self._gap)
        answer = await wire.ask(StatusQuery(self.name), _is_status, seconds=ANSWER_S * self.tempo)
        return SPEAKING if answer == SPEAKING else IDLE


class Syn6288(SpeechChip):
    name = "syn6288"


class Syn6658(SpeechChip):
    name = "syn6658"


class Xfs5152(SpeechChip):
    name = "xfs5152"


def _is_status(message: Any) -> bool:
    return message in (SPEAKING, IDLE)
