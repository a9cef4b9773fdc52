"""What it costs to find items: 2,000 of them, by initials, pinyin, hanzi and English, each query typed for the first
time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random
from statistics import median

from bench.report import Line
from hallq.items.search import Entry, Index

ITEMS = 2_000
HANZI = "办理身份证户口社保医疗养老金公司注册变更许可食品经营房屋买卖缴税登记备案补贴护照驾驶结婚生育重庆银行绿色"
SYLLABLES = ("ban", "li", "shen", "fen", "zheng", "hu", "kou", "gong", "si", "zhu", "ce", "xu", "ke", "shi", "pin")
BOUND = 50  # milliseconds


def search(*, quick: bool) -> Iterator[Line]:
    random = Random(3)
    began = time.perf_counter()
    index = Index(_entry(random, n) for n in range(ITEMS))
    built = (time.perf_counter() - began) * 1000
    index.search("a")
    taken = [_timed(index, _typed(random)) for _ in range(60 if quick else 600)]
    costs, busy = (sorted(column) for column in zip(*taken, strict=True))
    yield Line(f"building the index of {ITEMS:,} items, with the table of readings", f"{built:.0f} ms", "", None)
    late = costs[len(costs) * 99 // 100]
    value = f"p50 {median(costs):.1f} ms, p99 {late:.1f} ms, longest {busy[-1]:.1f} ms CPU"
    yield Line(f"a search over {ITEMS:,} items", value, "", None, f"< {BOUND} ms", late < BOUND)


def _typed(random: Random) -> str:
    """Initials, whole syllables, hanzi or a word, up to four of them."""
    known = random.choices(SYLLABLES, k=random.randint(1, 4))
    start = random.randrange(len(HANZI) - 4)
    ways = ("".join(one[0] for one in known), "".join(known), HANZI[start : start + len(known)], "register")
    return random.choice(ways)


def _entry(random: Random, n: int) -> Entry:
    def words() -> str:
        return "".join(random.choices(HANZI, k=random.randint(4, 14)))

    return Entry(f"s{n}", (words(), f"Register {n} and renew"), (words(), words(), words()), (words(), f"部门{n % 30}"))


def _timed(index: Index, query: str) -> tuple[float, float]:
    """Milliseconds on the wall, and of the processor."""
    began, busy = time.perf_counter(), time.thread_time()
    index.search(query)
    return (time.perf_counter() - began) * 1000, (time.thread_time() - busy) * 1000
