"""Nothing is lost or done twice, whatever the line loses, repeats or garbles, whichever end starts anew."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import firmware_protocols.eval_pad as pad
from firmware_protocols import ProtocolError
from firmware_protocols.eval_pad_memory import CAPACITY, HubMemory, PadMemory

TOKENS = ["t-one", "t-two", "t-three"]


@dataclass
class Line:
    """What is under way, frame by frame and in order, as on a cable or a TCP connection."""

    frames: deque[bytes] = field(default_factory=deque)

    def send(self, *messages: pad.Message) -> None:
        self.frames.extend(message.encode() for message in messages)


class PadEnd:
    """A pad as the specification asks for it: greeting, memory, decoder."""

    def __init__(self, out: Line, boot_id: int, now: int, kept: bytes) -> None:
        self.out, self.boot_id = out, boot_id
        self.memory = PadMemory(kept, now)
        self.stream, self.up, self.seen = pad.Device(), False, 0
        self.kept = kept

    def tick(self, now: int) -> None:
        self.memory.dropped(now)
        if self.up:
            self.out.send(*self.memory.due(now))
        else:
            self.greet()

    def greet(self) -> None:
        self.up = False
        self.out.send(pad.PadHello(1, 1, self.boot_id, 1, "m", "1", "s"))

    def rate(self, now: int, token: str, level: int, reasons: tuple[str, ...]) -> None:
        assert self.memory.rate(now, token, level, reasons)
        self.kept = self.memory.kept()

    def hear(self, data: bytes) -> None:
        for message in self.stream.feed(data):
            match message:
                case pad.AskHello():
                    self.greet()
                case pad.HubHello(boot_id=self.boot_id):
                    self.up = True
                    self.memory.linked()
                case pad.Screen(clerk=clerk):
                    self.seen = clerk.version
                case pad.KeyResult() | pad.RatingStored():
                    self.memory.heard(message)
                    self.kept = self.memory.kept()


class Database:
    """What a hub keeps over a restart: the window's version, one rating a token, and for the test all that was done."""

    def __init__(self) -> None:
        self.version = 1
        self.ratings: dict[str, tuple[int, tuple[str, ...]]] = {}
        self.outcomes: list[tuple[str, pad.Stored]] = []
        self.arrivals: list[tuple[int, str, int, tuple[str, ...]]] = []
        self.keys: list[tuple[int, int]] = []

    def store(self, rating: pad.Rating) -> pad.Stored:
        arrival = (rating.rating_id, rating.token, rating.level, rating.reasons)
        if not self.arrivals or self.arrivals[-1] != arrival:
            self.arrivals.append(arrival)
        outcome = self._outcome(rating)
        if outcome is not pad.Stored.ALREADY:
            self.ratings[rating.token] = (rating.level, rating.reasons)
        self.outcomes.append((rating.token, outcome))
        return outcome

    def _outcome(self, rating: pad.Rating) -> pad.Stored:
        stored = self.ratings.get(rating.token)
        if stored is None:
            return pad.Stored.STORED
        if stored[0] != rating.level:
            return pad.Stored.REPLACED
        return pad.Stored.JOINED if rating.reasons and not stored[1] else pad.Stored.ALREADY


class HubEnd:
    def __init__(self, out: Line, rows: Database) -> None:
        self.out, self.rows = out, rows
        self.memory, self.stream = HubMemory(), pad.Host()
        self.boot_id: int | None = None

    def hear(self, data: bytes, busy: bool) -> None:
        for message in self.stream.feed(data):
            if isinstance(message, pad.PadHello):
                self._greet(message)
            elif self.boot_id is None and not isinstance(message, ProtocolError):
                self.out.send(pad.AskHello())
            elif isinstance(message, pad.Key):
                self._key(message)
            elif isinstance(message, pad.Rating) and not busy:
                self.out.send(pad.RatingStored(message.rating_id, self.rows.store(message)))

    def _greet(self, hello: pad.PadHello) -> None:
        self.boot_id = hello.boot_id
        self.memory.greeted(hello.boot_id)
        self.out.send(pad.HubHello(1, hello.boot_id, "3", "h", "h", "zh-CN", 1), self._screen())

    def _screen(self) -> pad.Screen:
        return pad.Screen(self.rows.version, pad.CitizenSide(pad.CitizenKind.IDLE), pad.ClerkSide(self.rows.version, 1))

    def _key(self, key: pad.Key) -> None:
        match self.memory.judge(key):
            case pad.Key() as wanted:
                self.out.send(self.memory.answered(self._carry_out(wanted)), self._screen())
            case pad.KeyResult() as answer:
                self.out.send(answer)

    def _carry_out(self, key: pad.Key) -> pad.KeyResult:
        if key.seen != self.rows.version:
            return pad.KeyResult(key.key_id, pad.Code.STALE)
        self.rows.version += 1
        assert self.boot_id is not None
        self.rows.keys.append((self.boot_id, key.key_id))
        return pad.KeyResult(key.key_id, pad.Code.OK)


class PadAndHub(RuleBasedStateMachine):
    """Losses, repeats, garbled bytes and resets of either end at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.boots = 0, 1
        self.to_hub, self.to_pad = Line(), Line()
        self.rows = Database()
        self.pad = PadEnd(self.to_hub, 1, 0, b"")
        self.hub = HubEnd(self.to_pad, self.rows)
        self.pressed: list[tuple[str, int, tuple[str, ...]]] = []
        self.all_is_well()

    @rule()
    def all_is_well(self) -> None:
        """For a moment, so that the trouble finds a session that is up."""
        self.pad.tick(self.now)
        while self.to_hub.frames or self.to_pad.frames:
            self._deliver()

    @precondition(lambda self: self.pad.memory.pending < CAPACITY)
    @rule(token=st.sampled_from(TOKENS), level=st.integers(1, 5), why=st.sampled_from([(), ("eff.wait",)]))
    def rate(self, token: str, level: int, why: tuple[str, ...]) -> None:
        self.pad.rate(self.now, token, level, why)
        self.pressed.append((token, level, why))

    @rule()
    def press(self) -> None:
        if self.pad.up:
            self.pad.memory.press(self.now, self.pad.seen, pad.Verb.CALL_NEXT)

    @rule(ms=st.sampled_from([100, 1000, 2500, 12000]))
    def time_passes(self, ms: int) -> None:
        self.now += ms
        self.pad.tick(self.now)

    @precondition(lambda self: self.to_hub.frames)
    @rule(busy=st.booleans(), again=st.booleans())
    def hub_hears(self, busy: bool, again: bool) -> None:
        data = self.to_hub.frames.popleft()
        self.hub.hear(data * (1 + again), busy)

    @precondition(lambda self: self.to_pad.frames)
    @rule(again=st.booleans())
    def pad_hears(self, again: bool) -> None:
        self.pad.hear(self.to_pad.frames.popleft() * (1 + again))

    @rule(towards_hub=st.booleans(), at=st.integers(0, 60), instead=st.integers(0, 255), lost=st.booleans())
    def the_line_errs(self, towards_hub: bool, at: int, instead: int, lost: bool) -> None:
        frames = (self.to_hub if towards_hub else self.to_pad).frames
        if frames:
            data = bytearray(frames.popleft())
            data[at % len(data)] = instead
            frames.extendleft([] if lost else [bytes(data)])

    @rule()
    def pad_starts_anew(self) -> None:
        self.boots += 1
        self.pad = PadEnd(self.to_hub, self.boots, self.now, self.pad.kept)

    @rule()
    def hub_starts_anew(self) -> None:
        self.to_pad.frames.clear()
        self.hub = HubEnd(self.to_pad, self.rows)
        self.to_pad.send(pad.AskHello())

    @invariant()
    def each_rating_is_stored_once_and_in_the_order_of_the_presses(self) -> None:
        arrived = [arrival[1:] for arrival in self.rows.arrivals]
        assert arrived == self.pressed[: len(arrived)]
        stored = [token for token, outcome in self.rows.outcomes if outcome is pad.Stored.STORED]
        assert sorted(stored) == sorted(self.rows.ratings)

    @invariant()
    def each_key_is_carried_out_once(self) -> None:
        assert len(set(self.rows.keys)) == len(self.rows.keys)

    def teardown(self) -> None:
        """On a line that works again everything arrives."""
        for _ in range(4 * (len(self.pressed) + 8)):
            self.now += 2500
            self.all_is_well()
        assert [arrival[1:] for arrival in self.rows.arrivals] == self.pressed
        assert self.pad.memory.pending == 0
        assert set(self.rows.ratings) == {token for token, _, _ in self.pressed}

    def _deliver(self) -> None:
        if self.to_hub.frames:
            self.hub.hear(self.to_hub.frames.popleft(), busy=False)
        if self.to_pad.frames:
            self.pad.hear(self.to_pad.frames.popleft())


PadAndHub.TestCase.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
TestPadAndHub = PadAndHub.TestCase


def test_a_rating_survives_a_reset_with_its_reasons_and_says_that_its_age_is_a_lower_bound() -> None:
    memory = PadMemory()
    memory.rate(0, "t", 2, touched=True)
    memory.rate(9000, "t", 2, ["eff.wait"], "慢")
    again = PadMemory(memory.kept(), now=50)
    (first,) = again.due(300)
    flags = pad.RatingFlag.TOUCHED | pad.RatingFlag.RESTARTED
    assert first == pad.Rating(1, "t", 2, 250, flags)
    assert again.heard(pad.RatingStored(1, pad.Stored.STORED))
    assert again.due(300) == [pad.Rating(2, "t", 2, 250, pad.RatingFlag.RESTARTED, ("eff.wait",), "慢")]


def test_ids_of_ratings_are_not_used_again_after_a_reset() -> None:
    memory = PadMemory()
    memory.rate(0, "t", 5)
    memory.heard(pad.RatingStored(1, pad.Stored.STORED))
    again = PadMemory(memory.kept())
    again.rate(0, "u", 5)
    assert [each.rating_id for each in again.due(0) if isinstance(each, pad.Rating)] == [2]


def test_a_record_cut_by_a_loss_of_power_does_not_take_the_others_with_it() -> None:
    memory = PadMemory()
    memory.rate(0, "t", 5)
    whole = memory.kept()
    memory.rate(0, "u", 5)
    assert PadMemory(memory.kept()[:-3]).pending == PadMemory(whole).pending == 1


def test_a_full_memory_thanks_nobody() -> None:
    memory = PadMemory()
    assert all(memory.rate(0, "t", 5) for _ in range(CAPACITY))
    assert not memory.rate(0, "t", 5)


def test_ratings_go_one_at_a_time_until_answered() -> None:
    memory = PadMemory()
    memory.rate(0, "t", 2)
    memory.rate(10, "u", 5)
    assert [message.encode() for message in memory.due(20)] == [pad.Rating(1, "t", 2, 20).encode()]
    assert memory.due(1000) == []
    assert memory.due(2020) == [pad.Rating(1, "t", 2, 2020)]
    assert not memory.heard(pad.RatingStored(2, pad.Stored.STORED))
    assert memory.heard(pad.RatingStored(1, 200))  # a result of a later specification is final too
    assert memory.due(2030) == [pad.Rating(2, "u", 5, 2020)]
    memory.linked()
    assert memory.due(2031) == [pad.Rating(2, "u", 5, 2021)]


def test_a_key_is_repeated_then_dropped_with_a_word() -> None:
    memory = PadMemory()
    assert memory.press(0, 7, pad.Verb.PAUSE, "meal", minutes=40)
    assert memory.key_open
    assert not memory.press(100, 7, pad.Verb.PAUSE, "meal")
    sent: list[Any] = [memory.due(now) for now in range(0, 10_001, 500)]
    keys = [key for batch in sent for key in batch]
    assert [key.age_ms for key in keys] == list(range(0, 10_001, 1000))
    assert {key.key_id for key in keys} == {1}
    assert not memory.dropped(10_000)
    assert memory.dropped(10_001)
    assert not memory.dropped(10_002)
    assert memory.due(10_003) == []
    assert memory.sign_in(10_004, "0017", "246810")
    assert memory.due(10_004) == [pad.SignIn(2, 0, "0017", "246810")]


def test_the_hub_carries_a_key_out_once_and_answers_repeats_alike() -> None:
    memory = HubMemory()
    memory.greeted(1)
    key = pad.Key(1, 7, 0, pad.Verb.CALL_NEXT)
    assert memory.judge(key) is key
    assert memory.judge(key) is None  # still at work
    answer = memory.answered(pad.KeyResult(1, pad.Code.OK))
    memory.greeted(1)  # the same pad after a loss of the link
    assert memory.judge(key) is answer
    late = pad.Key(2, 7, 10_001, pad.Verb.CALL_NEXT)
    assert memory.judge(late) == pad.KeyResult(2, pad.Code.STALE)
    assert memory.judge(key) is None
    memory.greeted(2)  # the pad was reset: it counts from 1 again
    assert memory.judge(key) is key


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_a_whole_visit_from_head_to_tail(size: int) -> None:
    """Greeting, call, no press lost, a bad rating with reasons: bytes in pieces of any size."""
    to_hub, to_pad, rows = Line(), Line(), Database()
    device, hub = PadEnd(to_hub, 1, 0, b""), HubEnd(to_pad, rows)

    def exchange(now: int) -> None:
        device.tick(now)
        for _ in range(6):
            for line, hear in ((to_hub, lambda data: hub.hear(data, busy=False)), (to_pad, device.hear)):
                data = b"".join(line.frames)
                line.frames.clear()
                for at in range(0, len(data), size):
                    hear(data[at : at + size])

    to_pad.send(pad.AskHello())
    exchange(0)
    assert device.up
    device.memory.press(10, device.seen, pad.Verb.CALL_NEXT)
    exchange(20)
    device.memory.press(30, device.seen, pad.Verb.FINISH)
    exchange(40)
    assert rows.keys == [(1, 1), (1, 2)]
    device.rate(5000, "t", 2, ())
    exchange(5000)
    device.rate(9000, "t", 2, ("eff.wait",))
    exchange(9000)
    assert rows.outcomes == [("t", pad.Stored.STORED), ("t", pad.Stored.JOINED)]
    assert rows.ratings == {"t": (2, ("eff.wait",))}
    assert not device.memory.key_open
    assert device.memory.pending == 0
