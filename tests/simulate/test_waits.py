"""A06: waits on simulated days, beside the standard predictors. `python -m bench --only waits` measures at length."""

from __future__ import annotations

import pytest

from bench.wait_conditions import conditions
from bench.waits import Result, watch_days


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("steady, load 0.9, lognormal", 1.08),  # so few days: at length it is 1.00
        ("peak", 0.95),
        ("queue carried over", 0.5),
        ("close by a form", 0.95),
    ],
)
def test_the_error_is_that_of_the_best_and_smaller_when_things_change(name: str, most: float) -> None:
    [condition] = [each for each in conditions() if name in each.name]
    found = Result.of(condition.name, watch_days(condition, 4, 4))
    assert found.ratio < most
    assert 0.65 < found.covered < 0.95
