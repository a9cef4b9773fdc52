"""A test bench for makers: `python -m firmware_protocols conform eval-pad LINK` acts as the hub towards a real device.
Checks follow the specification's sections; one line each says what was seen. Exit 1 when one failed."""

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any, TextIO

from firmware_protocols.conform import pad_checks, pad_hands
from firmware_protocols.conform.bench import Bench, Failed, Skipped
from firmware_protocols.conform.lines import Line, LineLost, opener
from firmware_protocols.conform.pad_bench import PadBench

__all__ = ["BENCHES", "Line", "conform", "opener"]

# protocol -> its bench, and its checks: section, what, and how (the answer is what was seen)
BENCHES: dict[str, tuple[type[Bench], list[tuple[str, str, Callable[[Any], str]]]]] = {
    "eval-pad": (PadBench, [*pad_checks.CHECKS, *pad_hands.CHECKS]),
}


def conform(
    protocol: str, connect: Callable[[], Line], *, auto: bool = False, tempo: float = 1.0, out: TextIO | None = None
) -> int:
    """`auto`: nobody is asked to press anything. `tempo` scales all times, for simulators that hurry."""
    make, checks = BENCHES[protocol]
    out = out or sys.stdout
    bench = make(connect)
    bench.auto, bench.tempo, bench.out = auto, tempo, out
    counts = Counter({"passed": 0, "failed": 0, "skipped": 0})
    for section, name, run in checks:
        result, seen = _result(bench, run)
        counts[result] += 1
        print(f"{result:7} {section:8} {name}: {seen}", file=out, flush=True)
    bench.close()
    print(", ".join(f"{count} {result}" for result, count in counts.items()), file=out)
    return int(counts["failed"] > 0)


def _result(bench: Bench, run: Callable[[Any], str]) -> tuple[str, str]:
    try:
        if bench.stopped:
            raise Skipped(bench.stopped)
        return "passed", run(bench)
    except Skipped as skipped:
        return "skipped", str(skipped)
    except Failed as failed:
        return "failed", str(failed)
    except LineLost as lost:
        bench.drop()
        return "failed", f"the line was lost: {lost}"
