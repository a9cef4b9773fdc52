"""One day under several policies: the same people, the promise of the bound, and answers that repeat."""

from __future__ import annotations

from random import Random

import pytest

from hallq.rows import Reader
from hallq.simulate import policy
from hallq.simulate.day import Day, run
from hallq.simulate.engine import Engine
from hallq.simulate.hall import Hall
from hallq.simulate.observers import Observer, Overtaking
from hallq.simulate.report import as_json, policy_name, table
from hallq.ticketing.model import Ticket
from tests.simulate.conftest import FRIDAY, ONE_ROOM, Write, at, calls, comes, lived, rows
from tests.simulate.test_engine import TWO_SERVICES

BUSY = """
[citizen]
categories = {{ elderly = {green} }}
no_show = 0.05
found = {{ share = 0.6, minutes = 10 }}
park = {{ share = 0.1, minutes = 25 }}
patience_min = 200

[[service]]
code = "a"
per_day = 90
mean_min = 6
cases = [0.8, 0.2]
cases_per_call = 1

[[service]]
code = "b"
per_day = 60
mean_min = 9
transfer = {{ share = 0.3, to = "a" }}

[[window]]
count = 2
services = ["a"]

[[window]]
count = 2
services = ["b", "a"]

[[staff]]
windows = ["1-4"]
pauses = {{ per_shift = 2, minutes = 12 }}

[[closure]]
window = "{closed}"
from = "09:30"
until = "11:00"
"""


def a_busy_day(write: Write, seed: int, bound: int) -> Day:
    random = Random(seed)
    green = random.choice((0.1, 0.3, 0.5, 0.9))  # also half of all numbers, and nearly all
    head = FRIDAY.replace('"2026-11-20"', f'"2026-11-20"\nseed = {seed}').replace("bound:5", f"bound:{bound}")
    return write.day(head, BUSY.format(green=green, closed=random.randint(1, 4)))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("bound", [0, 1, 5])
def test_the_bound_is_never_broken(write: Write, seed: int, bound: int) -> None:
    """A22: pauses, closures, transfers, returns and re-queues in the day; counted by someone who knows no rule."""
    figures = run(a_busy_day(write, seed, bound), f"bound:{bound}")
    assert figures.holds, (figures.overtaken, bound)
    assert figures.served > 100
    assert figures.left == 0


@pytest.mark.parametrize(("a", "b"), [("rota", "carry"), ("finish", "rota"), ("carry", "finish")])
@pytest.mark.parametrize("seed", range(3))
def test_the_bound_holds_through_the_break(write: Write, a: str, b: str, seed: int) -> None:
    """A22, C11: windows that offer a service on duty at noon beside one that rests."""
    busy = BUSY.format(green=0.4, closed=3).replace('code = "a"', f'code = "a"\nat_noon = "{a}"')
    busy = busy.replace('code = "b"', f'code = "b"\nat_noon = "{b}"')
    busy = busy.replace('windows = ["1-4"]', 'windows = ["1-4"]\nshifts = ["08:30-17:30"]')
    figures = run(write.day(FRIDAY.replace("[day]", f"[day]\nseed = {seed}"), busy), "bound:1")
    assert figures.holds, figures.overtaken
    assert figures.left == 0


def test_who_rests_at_noon_is_not_overtaken_then(write: Write) -> None:
    """The window goes on with `b`; nobody of `a` is called in the break, so nobody is called instead of them."""
    room = TWO_SERVICES.replace('"b"\nper_day', '"b"\nat_noon = "rota"\nper_day').replace('["b"]', '["a", "b"]')
    day = write.day(FRIDAY, room, '[[staff]]\nwindows = ["2"]\nshifts = ["08:30-17:30"]')
    watch = Overtaking({"1": frozenset("a"), "2": frozenset("ab")})
    engine = lived(day, comes("12:30", 5), comes("13:00", 5, "b", category="elderly"), observers=[watch])
    assert calls(engine) == [("B001", "13:00"), ("A001", "14:30")]
    assert watch.most == 0


def test_the_counter_counts(write: Write) -> None:
    """Under strict priority three who came later go first; with a bound of two the third waits."""
    day = write.day(FRIDAY, ONE_ROOM.replace("count = 2", "count = 1"))
    old = [comes(f"09:0{minute}", 5, category="elderly") for minute in (3, 4, 5)]
    for name, most in (("strict", 3), ("bound:2", 2), ("fifo", 0)):
        hall = Hall(policy.apply(day.rules, name), day.fill, at("07:00"))
        watch = Overtaking(hall.offers)
        plan = day.plan._replace(citizens=(comes("09:00", 20), comes("09:01", 5), *old))
        for _ in Engine(hall, plan, [watch]).run():
            pass
        assert watch.most == most, name


class Taken(Observer):
    def __init__(self) -> None:
        self.known: list[tuple[int, str, str]] = []

    def on_issue(self, db: object, ticket: Ticket) -> None:
        self.known.append((ticket.issued_at, ticket.service, ticket.category))


def test_policies_meet_the_same_people(write: Write) -> None:
    day = a_busy_day(write, 3, 5)
    seen = []
    for name in ("bound:5", "strict"):
        taken = Taken()
        changed = Day(policy.apply(day.rules, name), day.fill, day.plan)
        lived(changed, *day.plan.citizens, observers=[taken])
        seen.append(taken.known)
    assert seen[0] == seen[1]
    strict, bound, fifo = (run(day, name) for name in ("strict", "bound:5", "fifo"))
    assert strict.waits["priority"].mean < bound.waits["priority"].mean < fifo.waits["priority"].mean
    assert strict.waits["ordinary"].mean > bound.waits["ordinary"].mean > fifo.waits["ordinary"].mean
    assert fifo.overtaken == 0


def test_the_same_seed_gives_the_same_bytes(write: Write) -> None:
    def answers(seed: int) -> list[str]:
        known = [run(a_busy_day(write, seed, 5), name) for name in ("bound:5", "ratio:2")]
        return [as_json({}, known), table(known, "zh-CN"), table(known, "en")]

    assert answers(7) == answers(7)
    assert answers(7) != answers(8)


def test_a_service_more_leaves_the_others_alone(write: Write) -> None:
    """Each question has its stream: who comes for `a` does not depend on what else is offered."""
    one = write.day(FRIDAY, ONE_ROOM)
    more = write.day(FRIDAY, ONE_ROOM.replace("[[window]]", '[[service]]\ncode="b"\nper_day=9\nmean_min=5\n[[window]]'))
    assert [c for c in more.plan.citizens if c.steps[0].service == "a"] == list(one.plan.citizens)


def test_numbers_add_up(write: Write) -> None:
    figures = run(a_busy_day(write, 1, 5), "bound:5")
    ends = figures.served + figures.no_shows + figures.gave_up + figures.left + figures.to_return
    assert ends == figures.numbers
    assert figures.waits["all"].people == figures.waits["ordinary"].people + figures.waits["priority"].people
    assert sum(waits.people for waits in figures.services.values()) == figures.waits["all"].people
    use = figures.windows
    assert use.busy + use.idle + use.paused == pytest.approx(1, abs=0.002)
    waits = figures.waits["all"]
    assert waits.p50 <= waits.p90 <= waits.most


def test_the_figures_are_the_rows(write: Write) -> None:
    """A27: mean wait and what nine in ten wait, held against the rows by hand."""
    day = write.day(FRIDAY, ONE_ROOM.replace("count = 2", "count = 1"))
    engine = lived(day, *(comes("09:00", 10),) * 10)
    waits = sorted(w for (w,) in rows(engine, "SELECT (called_at - issued_at) / 60000 FROM ticket"))
    assert waits == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]
    plan = day.plan._replace(citizens=(comes("09:00", 10),) * 10)
    figures = run(Day(day.rules, day.fill, plan), "fifo")
    known = figures.waits["ordinary"]
    assert (known.people, known.mean, known.p50, known.p90, known.most) == (10, 45.0, 50.0, 90.0, 90.0)


@pytest.mark.parametrize("name", ["bound", "bound:x", "ratio:0", "strict:1", "fifo:2", "lottery", "bound:-1"])
def test_unknown_policies_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no policy; write"):
        policy.policy_name(name)


def test_policies_have_names_in_both_languages() -> None:
    assert policy_name("bound:5", "zh-CN") == "老化，最多被超 5 次"
    assert [policy_name(name, "en") for name in ("strict", "ratio:3", "fifo")] == [
        "strict priority", "3 priority, 1 ordinary", "first come first served",
    ]  # fmt: skip


def test_codes_repeat_and_nothing_is_random(write: Write) -> None:
    """Check codes, too: a day's rows are the same to the last digit."""
    days = [lived(write.day(FRIDAY, ONE_ROOM), comes("09:00", 5), comes("09:01", 5)) for _ in range(2)]
    codes = [rows(engine, "SELECT check_code, phone_token FROM ticket") for engine in days]
    assert codes[0] == codes[1]
    assert codes[0][0] != codes[0][1]
    assert isinstance(days[0].hall.reader(at("10:00")), Reader)
