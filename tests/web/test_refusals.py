"""Every refusal has a code that never changes, words in both languages, and a test that meets it by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from hallq.admin import token_revoke
from hallq.kernel import Refused
from hallq.people import commands as people
from hallq.texts import ZH, group
from tests.hub import Caller, Hub

TESTS = Path(__file__).parent.parent


def test_each_code_is_met_by_a_test() -> None:
    codes = {key.removeprefix("refusal.") for key in group(["refusal"])[ZH]} - {"internal"}  # a bug has no test
    tests = "\n".join(path.read_text("utf-8") for path in TESTS.rglob("*.py"))
    marks = [(f'"{code}"', f'"{code} ', f"`{code}`") for code in codes]
    assert not [known[0] for known in marks if not any(mark in tests for mark in known)]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [("/tickets", b"{", 400, "malformed"), ("/windows/2/no-such-verb", b"{}", 404, "not_found")],
)
async def test_before_any_rule(kiosk: Caller, path: str, body: bytes, status: int, code: str) -> None:
    answer = await kiosk.post(path, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_nobody(hall_hub: Hub) -> None:
    answer = await hall_hub.anyone.post("/tickets", {"service": "id"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")


async def test_a_name_of_two_lines(hall_hub: Hub) -> None:
    office = await hall_hub.person("林静", "office")
    answer = await office.post("/people", {"name": "王\n芳", "role": "clerk"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_name")


async def test_two_tokens_of_one_name(hall_hub: Hub) -> None:
    for number in range(2):
        await hall_hub.hall.do(people.add_token, name="大屏", role="board", place="", token_hash=f"hash{number}")
    with pytest.raises(Refused) as refused:
        await hall_hub.hall.do(token_revoke, token="大屏")
    assert refused.value.code == "several_tokens"
