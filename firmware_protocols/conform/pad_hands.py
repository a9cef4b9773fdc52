"""The checks of a pad that need a finger on it: keys and ratings. Sections are those of specs/eval-pad.md."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from firmware_protocols.conform.bench import Failed, Skipped
from firmware_protocols.conform.lines import LineLost
from firmware_protocols.conform.pad_bench import BEAT, KEY_AGAIN, KEY_LIFE, RESEND, Check, PadBench, into
from firmware_protocols.eval_pad import (
    CitizenKind,
    CitizenSide,
    Code,
    Key,
    KeyResult,
    PadBeat,
    Rating,
    RatingStored,
    SignIn,
    Stored,
    Touched,
    Verb,
    verb_bits,
)  # fmt: skip

CHECKS: list[Check] = []
check = partial(into, CHECKS)


def repeats(bench: PadBench, same: Callable[[Any], bool], every: float, since: int) -> int:
    """How often the same message has come; fails unless it is sent again in time."""
    first = next(at for at, (_, got) in enumerate(bench.heard) if at >= since and same(got))
    if bench.wait(same, bench.within(every * 2), first + 1) is None:
        raise Failed(f"not sent again after {every:.0f} s without an answer")
    bench.listen(every)
    return sum(1 for _, got in bench.heard[since:] if same(got))


# -- keys


def _key(verb: Verb) -> Callable[[Any], bool]:
    return lambda got: isinstance(got, Key) and got.verb == verb


@check("5.2", "a key is sent again with its id until it is answered, and then no more")
def key_repeats(bench: PadBench) -> str:
    screen = bench.draw(verbs=verb_bits([Verb.CALL_NEXT]), primary=Verb.CALL_NEXT)
    with _settling(bench), bench.holding(Key, SignIn):
        at = len(bench.heard)
        bench.show(screen)
        key = bench.hand("press 叫下一位 / Call next once", _key(Verb.CALL_NEXT), at)
        if key.seen != screen.clerk.version:
            raise Failed(f"seen is {key.seen}, not the ClerkSide.version {screen.clerk.version} on display")
        bench.say(KeyResult(key.key_id + 100, Code.OK))
        count = repeats(bench, lambda got: isinstance(got, Key) and got.key_id == key.key_id, KEY_AGAIN, at)
        ages = [got.age_ms for _, got in bench.heard[at:] if isinstance(got, Key) and got.key_id == key.key_id]
        if ages != sorted(ages) or ages[-1] == ages[0]:
            raise Failed(f"age_ms does not count: {ages}")
        if others := {got.key_id for _, got in bench.heard[at:] if isinstance(got, Key)} - {key.key_id}:
            raise Failed(f"another key while one was open: {others}")
        bench.say(KeyResult(key.key_id, Code.OK))
        bench.listen(0.1)
        if any(isinstance(got, Key) and got.key_id == key.key_id for got in bench.listen(KEY_AGAIN * 2)):
            raise Failed("sent on after its answer")
        return f"key {key.key_id}, {count} times"


@check("5.2", "the next key has a higher id; unanswered it is dropped after 10 s")
def key_is_dropped(bench: PadBench) -> str:
    before = next((got.key_id for _, got in reversed(bench.heard) if isinstance(got, Key)), 0)
    if not before:
        raise Skipped("no key was pressed before")
    with bench.holding(Key, SignIn):
        at = len(bench.heard)
        bench.show(bench.draw(verbs=verb_bits([Verb.CALL_NEXT]), primary=Verb.CALL_NEXT))
        key = bench.hand("press 叫下一位 / Call next once more, and then nothing", _key(Verb.CALL_NEXT), at)
        if key.key_id <= before:
            raise Failed(f"key id {key.key_id} after {before}")
        bench.listen(KEY_LIFE + KEY_AGAIN)
        if any(isinstance(got, Key) and got.key_id == key.key_id for got in bench.listen(KEY_AGAIN * 2)):
            raise Failed("still sent after 11 s")
        return f"key {key.key_id}"


# -- ratings


def _invite(bench: PadBench, wish: str, fits: Callable[[Rating], bool] = lambda _: True) -> tuple[Rating, int]:
    """An invitation, and the press on it. The index in `heard` where it began."""
    token = f"bench-{bench.version + 1}"
    at = len(bench.heard)
    bench.show(bench.draw(CitizenSide(CitizenKind.RATE, seconds=120, token=token)))
    mine = bench.hand(wish, lambda got: isinstance(got, Rating) and got.token == token and fits(got), at)
    assert isinstance(mine, Rating)
    return mine, at


def _same(rating: Rating) -> Callable[[Any], bool]:
    return lambda got: isinstance(got, Rating) and got.rating_id == rating.rating_id


@check("5.3", "a rating is sent again until it is stored, and then no more")
def rating_once(bench: PadBench) -> str:
    with bench.holding(Rating):
        rating, at = _invite(bench, "press 满意 / Satisfied (4)")
        if not bench.auto and rating.level != 4:
            raise Failed(f"level {rating.level} came for 满意")
        bench.say(RatingStored(rating.rating_id ^ 1, Stored.STORED))
        count = repeats(bench, _same(rating), RESEND, at)
        beat = bench.wait(lambda got: isinstance(got, PadBeat), bench.within(BEAT * 1.2))
        if beat is None or not beat.pending:
            raise Failed("PadBeat.pending is 0 although the rating is not answered")
        bench.say(RatingStored(rating.rating_id, Stored.STORED))
        bench.listen(0.1)
        if any(_same(rating)(got) for got in bench.listen(RESEND * 2)):
            raise Failed("sent on after its answer")
        return f"rating {rating.rating_id}, {count} times, the same id and token"


@check("5.3", "a rating that was not answered comes again on the next connection, once")
def rating_over_reconnection(bench: PadBench) -> str:
    with bench.holding(Rating):
        rating, _ = _invite(bench, "press 满意 / Satisfied (4) once more")
        bench.drop()
        at = len(bench.heard)
        bench.greet()
        if bench.wait(_same(rating), bench.within(RESEND * 1.5), at) is None:
            raise Failed("the rating is lost")
        bench.say(RatingStored(rating.rating_id, Stored.STORED))
        bench.listen(RESEND * 2)
        ids = {got.rating_id for _, got in bench.heard[at:] if isinstance(got, Rating) and got.token == rating.token}
        if ids != {rating.rating_id}:
            raise Failed(f"one press, and rating ids {sorted(ids)}")
        return f"rating {rating.rating_id}"


@check("5.3", "reasons follow a bad level as a second record, one at a time")
def reasons_follow(bench: PadBench) -> str:
    if bench.auto:
        raise Skipped("needs a hand: 不满意, a reason, 提交")
    with bench.holding(Rating):
        first, at = _invite(bench, "press 不满意 / Dissatisfied (2), choose a reason, press 提交 / Submit")
        bench.listen(10)
        if ids := {got.rating_id for _, got in bench.heard[at:] if isinstance(got, Rating)} - {first.rating_id}:
            raise Failed(f"records {sorted(ids)} were sent before the first was answered")
        bench.held = ()
        bench.say(RatingStored(first.rating_id, Stored.STORED))
        second = bench.hand("press 提交 / Submit, if you have not", lambda got: _is_other(got, first))
        if (second.token, second.level) != (first.token, first.level) or not second.reasons:
            raise Failed("the second record has another token or level, or no reasons")
        return f"{len(second.reasons)} reasons"


@check("5.4", "a touch beside the keys is told")
def touch(bench: PadBench) -> str:
    token = f"bench-{bench.version + 1}"
    at = len(bench.heard)
    bench.show(bench.draw(CitizenSide(CitizenKind.RATE, seconds=60, token=token)))
    bench.hand("touch the citizen's side beside the keys", lambda got: _touches(got, token), at)
    return "Touched"


@check("10.7", "a rating survives a loss of power")
def power_loss(bench: PadBench) -> str:
    if bench.auto:
        raise Skipped("needs a hand: pull the power")
    with bench.holding(Rating):
        boot = bench.greeting.boot_id if bench.greeting else 0
        rating, _ = _invite(bench, "press 满意 / Satisfied (4) and pull the pad's power at once, then put it back")
        bench.drop()
        end = time.monotonic() + 120
        while time.monotonic() < end and bench.greeting is not None and bench.greeting.boot_id == boot:
            _try(bench)
        if bench.greeting is None or bench.greeting.boot_id == boot:
            raise Skipped("the pad did not start anew within 120 s")
        again = bench.wait(_same(rating), bench.within(RESEND * 2), 0)
        if again is None or not any(_same(rating)(got) and got.flags & 2 for _, got in bench.heard):
            raise Failed("the rating did not come again with flag RESTARTED")
        return f"rating {rating.rating_id}, flag RESTARTED"


def _try(bench: PadBench) -> None:
    try:
        bench.greet()
    except (Failed, LineLost):
        bench.drop()
        bench.stopped = ""
        time.sleep(1)


@contextmanager
def _settling(bench: PadBench) -> Iterator[None]:
    """No key stays open for the next check, whatever became of this one."""
    try:
        yield
    finally:
        for key_id in {got.key_id for _, got in bench.heard if isinstance(got, Key)}:
            bench.say(KeyResult(key_id, Code.OK))


def _touches(got: Any, token: str) -> bool:
    return isinstance(got, Touched) and got.token == token


def _is_other(got: Any, first: Rating) -> bool:
    return isinstance(got, Rating) and got.rating_id != first.rating_id
