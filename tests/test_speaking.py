"""From an announcement's row to the loudspeakers of its zone and back to the row, on a clock that the test turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hallq.devices.entry import Health
from hallq.displays.screens import Speech
from hallq.hall import Hall
from hallq.kernel import SECOND
from hallq.outbox import Outbox
from hallq.ticketing import commands as do
from hallq.ticketing.opening import noon
from hallq.ticketing.rules import Rules
from hallq.wiring import speaking
from hallq.wiring.speaking import Speaking
from tests.commands.conftest import SHANGHAI, Bench, open_bench
from tests.devices.rig import until

NOBODY: Any = None


class Voices:
    """Loudspeakers that say what the test lets them say."""

    def __init__(self, *devices: str) -> None:
        self.states = dict.fromkeys(devices, "up")
        self.said: list[tuple[str, Speech]] = []
        self.mute: set[str] = set()
        self.outcome = "done"
        self.withdrawn: list[str] = []
        self.go = asyncio.Event()
        self.go.set()

    def health(self) -> dict[str, Health]:
        return {device: Health(state, 0) for device, state in self.states.items()}

    async def perform(self, device: str, job: Speech, *, seconds: float) -> str:
        assert seconds > 0
        self.said.append((device, job))
        try:
            if device in self.mute:
                await asyncio.Event().wait()
            await self.go.wait()
        except asyncio.CancelledError:
            self.withdrawn.append(device)
            raise
        return self.outcome

    def texts(self) -> list[str]:
        return [job.text for _, job in self.said]


class Stage:
    """A hall as the outbox sees it, over a real database: voice-1 and voice-1b in zone 1F, voice-2 in 2F."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.effects_waiting = asyncio.Event()
        self.extra: dict[str, Any] = {}
        self.captions: list[str] = []
        device = [SimpleNamespace(id=id, zone=zone, effect="speak") for id, zone in PLACES.items()]
        self.settings = SimpleNamespace(device=device)
        self.now = bench.clock.wall

    @property
    def rules(self) -> Rules:
        return self.bench.store.rules

    @property
    def picture(self) -> Any:
        return self.bench.picture

    async def do(self, command: Any, **kwargs: Any) -> Any:
        return self.bench.do(command, **kwargs)

    async def read(self, look: Any, **kwargs: Any) -> Any:
        return look(self.bench.db, **kwargs)

    def set_extra(self, key: str, value: Any) -> None:
        if value:
            self.captions.append(value["text"])

    def effects(self) -> list[str]:
        return [row[5] for row in self.bench.rows("effect", "kind = 'speak'")]


PLACES = {"voice-1": "1F", "voice-1b": "1F", "voice-2": "2F"}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "hall.db", Rules(timezone=SHANGHAI)) as bench:
        for window in ("1", "2", "3", "4"):
            bench.do(do.sign_in, window=window, person=int(window))
        yield bench


@asynccontextmanager
async def outbox(bench: Bench, voices: Voices) -> AsyncIterator[Stage]:
    stage = Stage(bench)
    hall = cast("Hall", stage)
    box = Outbox(hall, NOBODY, Speaking(hall, cast("Any", voices)).say)
    await box.start()
    try:
        yield stage
    finally:
        await box.stop()


def call(bench: Bench, window: str, service: str) -> None:
    bench.do(do.issue, service=service, category="ordinary")
    bench.do(do.call_next, window=window)


def change(bench: Bench, **rules: Any) -> None:
    bench.store.rules = replace(bench.store.rules, **rules)


async def settled(stage: Stage, *states: str) -> None:
    await until(lambda: stage.effects() == list(states), 5)


async def test_a_burst_is_said_together_and_each_call_is_proved(bench: Bench) -> None:
    change(bench, merge_calls=3)
    for window, service in (("1", "a"), ("2", "b"), ("3", "b")):
        call(bench, window, service)
    voices = Voices("voice-1")
    async with outbox(bench, voices) as stage:
        await settled(stage, "done", "done", "done")
    assert voices.texts() == ["请A零零一号到一号窗口，B零零一号到二号窗口", "请B零零二号到三号窗口办理业务"]
    assert stage.captions[0] == "请A001号到1号窗口，B001号到2号窗口"
    proofs = [(row[1], row[2], row[5]) for row in bench.rows("shown")]
    assert sorted(proofs) == [("1", "call", "voice-1"), ("2", "call", "voice-1"), ("3", "call", "voice-1")]


async def test_a_sentence_that_failed_proves_nothing(bench: Bench) -> None:
    call(bench, "1", "a")
    voices = Voices("voice-1")
    voices.outcome = "failed"
    async with outbox(bench, voices) as stage:
        await settled(stage, "failed")
    assert not bench.rows("shown")


async def test_a_call_that_was_taken_back_is_not_said(bench: Bench) -> None:
    call(bench, "1", "a")
    bench.do(do.undo, window="1")
    voices = Voices("voice-1")
    async with outbox(bench, voices) as stage:
        await settled(stage, "expired", "done")
    assert voices.texts() == ["A零零一号请稍候，请继续等候叫号"]


async def test_a_call_that_waited_too_long_is_not_said(bench: Bench) -> None:
    voices = Voices("voice-1")
    call(bench, "1", "a")
    call(bench, "2", "b")
    voices.go.clear()
    async with outbox(bench, voices) as stage:
        await until(lambda: voices.said)
        bench.wait(41)
        voices.go.set()
        await settled(stage, "done", "expired")
    assert len(voices.said) == 1


async def test_a_recall_goes_ahead_but_never_into_what_is_being_said(bench: Bench) -> None:
    voices = Voices("voice-1")
    for window, service in (("1", "a"), ("2", "b"), ("3", "b")):
        call(bench, window, service)
    voices.go.clear()
    async with outbox(bench, voices) as stage:
        await until(lambda: voices.said)
        bench.do(do.recall, window="1")
        stage.effects_waiting.set()
        await until(lambda: not stage.effects_waiting.is_set())
        voices.go.set()
        await settled(stage, *["done"] * 4)
    assert [text[:7] for text in voices.texts()] == ["请A零零一号到", "再次呼叫，请A", "请B零零一号到", "请B零零二号到"]


async def test_what_waited_when_the_hub_was_killed_is_said_once_it_is_back(bench: Bench) -> None:
    voices = Voices("voice-1")
    for window, service in (("1", "a"), ("2", "b"), ("3", "b")):
        call(bench, window, service)
    voices.go.clear()
    async with outbox(bench, voices) as stage:
        await settled(stage, "sending", "pending", "pending")
        await until(lambda: voices.said)
    voices.go.set()
    async with outbox(bench, voices) as stage:
        await settled(stage, "unknown", "done", "done")
    assert [text[:7] for text in voices.texts()] == ["请A零零一号到", "请B零零一号到", "请B零零二号到"]


async def test_each_zone_hears_its_own_calls_and_waits_for_no_other(bench: Bench) -> None:
    voices = Voices("voice-1", "voice-2")
    voices.mute = {"voice-1"}
    call(bench, "1", "a")
    call(bench, "4", "c")
    async with outbox(bench, voices) as stage:
        await settled(stage, "sending", "done")
    assert sorted((device, job.text[:6]) for device, job in voices.said) == [
        ("voice-1", "请A零零一号"), ("voice-2", "请C零零一号"),
    ]  # fmt: skip


async def test_two_loudspeakers_of_a_zone_say_it_both_and_a_mute_one_delays_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaking, "GRACE_S", 0.01)
    voices = Voices("voice-1", "voice-1b")
    call(bench, "1", "a")
    async with outbox(bench, voices) as stage:
        await settled(stage, "done")
        assert [device for device, _ in voices.said] == ["voice-1", "voice-1b"]
        voices.mute = {"voice-1"}
        call(bench, "2", "b")
        stage.effects_waiting.set()
        await settled(stage, "done", "done")
    assert voices.withdrawn == ["voice-1"]
    assert [row[5] for row in bench.rows("shown")] == ["voice-1", "voice-1b"]


async def test_one_that_is_away_is_asked_only_where_no_other_is_there(bench: Bench) -> None:
    voices = Voices("voice-1", "voice-1b")
    voices.states["voice-1"] = "down"
    call(bench, "1", "a")
    async with outbox(bench, voices) as stage:
        await settled(stage, "done")
        assert [device for device, _ in voices.said] == ["voice-1b"]
        voices.states["voice-1b"] = "starting"
        call(bench, "2", "b")
        stage.effects_waiting.set()
        await settled(stage, "done", "done")
    assert [device for device, _ in voices.said][1:] == ["voice-1", "voice-1b"]


async def test_quiet_hours_keep_all_but_calls_silent_and_hours_have_their_volume(bench: Bench) -> None:
    at = "12:00"
    bench.wait(_until(bench, at))
    change(bench, quiet_hours="12:00-14:30", volume_by_hour="00:00 100, 12:00 40")
    bench.do(noon.say_hours)
    voices = Voices("voice-1", "voice-2")
    async with outbox(bench, voices) as stage:
        await settled(stage, "shed", "shed")
        bench.store.rules = replace(bench.store.rules, at_noon="rota")
        call(bench, "1", "a")
        stage.effects_waiting.set()
        await settled(stage, "shed", "shed", "done")
    [(_, job)] = voices.said
    assert (job.volume, job.chime) == (40, True)


def _until(bench: Bench, hhmm: str) -> float:
    now = datetime.fromtimestamp(bench.now / SECOND, SHANGHAI)
    hour, minute = map(int, hhmm.split(":"))
    return (now.replace(hour=hour, minute=minute, second=0) - now).total_seconds()


async def test_an_emergency_comes_before_all_and_nothing_else_is_said(bench: Bench) -> None:
    change(bench, volume_by_hour="00:00 10")
    for window, service in (("1", "a"), ("2", "b")):
        call(bench, window, service)
    bench.do(do.begin_emergency)
    voices = Voices("voice-1")
    async with outbox(bench, voices) as stage:
        await until(lambda: stage.effects()[:2] == ["expired"] * 2, 5)
    [(_, job)] = voices.said
    assert "安全出口" in job.text and job.volume == 100
