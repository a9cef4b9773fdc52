"""A sentence to every loudspeaker of its zone at once, as the rules have it: wording, volume, quiet hours, emergencies.

One device that is away, or slow, keeps no other waiting for longer than `GRACE_S`.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from hallq.devices.fleet import Fleet
from hallq.displays import hall_state, loudness, numbers, voice
from hallq.displays.announcements import Turn
from hallq.displays.screens import Speech
from hallq.hall import Hall
from hallq.kernel import iso

GRACE_S = 3.0  # for the others, once a device has said the sentence
TO_ALL = 2  # rank of what is said to everybody
BEST_FIRST = ("done", "unknown", "failed")


class Speaking:
    def __init__(self, hall: Hall, fleet: Fleet) -> None:
        self._hall = hall
        self._fleet = fleet

    async def say(self, zone: str, turn: Turn, seconds: float) -> tuple[str, str]:
        """outbox.Say: what became of it, and a device that said it."""
        rules, clock = self._hall.rules, numbers.clock(self._hall.now(), self._hall.rules.timezone)
        if self._hall.picture.mode.emergency is not None and turn.payload["key"] not in hall_state.EMERGENCY.values():
            return "expired", ""  # nothing else is said meanwhile, nor late
        if turn.rank == TO_ALL and loudness.is_quiet(rules.quiet_hours, clock):
            return "shed", ""
        said = voice.speech(zone, turn.payload, ones=rules.ones, spelled=rules.letters)
        said = replace(
            said,
            english=said.english if turn.english else "",
            times=turn.times,
            chime=turn.chime,
            volume=100 if turn.rank == 0 else loudness.volume(rules.volume_by_hour, clock),
        )
        return await self._speak(said, seconds)

    async def _speak(self, speech: Speech, seconds: float) -> tuple[str, str]:
        """The caption stands on the screens while the voice speaks."""
        key = f"notice/voice-{speech.zone}"
        at = iso(self._hall.now(), self._hall.rules.timezone)
        caption = {"id": key[7:], "kind": "caption", "zone": speech.zone, "at": at}
        self._hall.set_extra(key, caption | {"text": speech.caption, "text_en": speech.caption_en})
        try:
            return await self._by_all(self._devices(speech.zone), speech, seconds)
        finally:
            self._hall.set_extra(key, None)

    def _devices(self, zone: str) -> list[str]:
        """Of the zone: those that are there, or all where none is, since one may come back in time."""
        health, settings = self._fleet.health(), self._hall.settings
        speakers = (each for each in settings.device if each.zone == zone and each.effect == "speak")
        known = [each.id for each in speakers if each.id in health]
        return [each for each in known if health[each].state in ("up", "fault")] or known

    async def _by_all(self, devices: list[str], speech: Speech, seconds: float) -> tuple[str, str]:
        jobs = {asyncio.create_task(self._fleet.perform(each, speech, seconds=seconds)): each for each in devices}
        if not jobs:
            return "failed", ""
        try:
            said, waiting = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            while waiting and not any(job.result() == "done" for job in said):
                more, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                said |= more
            if waiting:
                late, _ = await asyncio.wait(waiting, timeout=GRACE_S)
                said |= late
            told = [(job.result(), device) for job, device in jobs.items() if job in said]
            return min(told, key=lambda one: BEST_FIRST.index(one[0]))
        finally:
            for job in jobs:
                job.cancel()  # what has not begun is withdrawn; what has goes on to its end
