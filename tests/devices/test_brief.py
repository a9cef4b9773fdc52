"""A frame in a line: what says something, and nothing of what is private."""

from __future__ import annotations

from hallq.devices.brief import brief


def test_a_message_in_a_line() -> None:
    message = {
        "message": "TextAreas", "header": {"lead": 8}, "reserved": "00 00", "response": 1, "delete": None,
        "areas": [{"kind": 0, "x": 0, "width": 96, "pages": ["请A001号到", "3号窗口"]}],
    }  # fmt: skip
    assert brief(message) == "TextAreas response=1 areas=(width=96 pages=请A001号到, 3号窗口)"
    assert brief({"message": "SignIn"}) == "SignIn"
