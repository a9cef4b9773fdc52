"""Numbers of people within free words are masked; numbers of cases, laws and letters stand as they were typed."""

from __future__ import annotations

import pytest

from hallq import masking


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("申请人150627199001011234不在", "申请人1506************34不在"),
        ("证件 15062720091231123x", "证件 1506************3x"),
        ("请拨13812345678，谢谢", "请拨138****5678，谢谢"),
    ],
)
def test_numbers_of_people_are_masked(typed: str, kept: str) -> None:
    assert masking.numbers(typed) == kept
    assert masking.numbers(kept) == kept


@pytest.mark.parametrize(
    "words",
    [
        "150627202611220001",  # a case: area, day, serial
        "15062720261122000123", "BJ-13812345678", "SP20261112345", "内政发〔2026〕12号", "EA123456789CN",
        "0477-7218686", "7218686", "91150627MA0Q1X2Y3Z", "2026-00012", "150627199013011234", "",
    ],
)  # fmt: skip
def test_other_numbers_stand_as_they_are(words: str) -> None:
    assert masking.numbers(words) == words


def test_a_notice_may_say_whom_to_ring() -> None:
    assert masking.documents("150627199001011234，请拨13812345678") == "1506************34，请拨13812345678"
