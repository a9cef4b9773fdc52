"""What the loudspeakers say, written down: the table in docs/devices/voices.md. python -m tests.displays.spoken"""

from __future__ import annotations

import re
from pathlib import Path

from hallq.displays import voice

PAGE = Path(__file__).parents[2] / "docs" / "devices" / "voices.md"
BEGIN, END = "<!-- spoken: python -m tests.displays.spoken writes this table -->", "<!-- end of spoken -->"
EXAMPLES = (
    ("a call", {"key": "v.call", "no": "A012", "win": "3"}),
    ("a call, window of a large hall", {"key": "v.call", "no": "B1005", "win": "101"}),
    ("a call with the floor", {"key": "v.call.floor", "no": "A012", "floor": "2", "win": "13"}),
    ("a recall", {"key": "v.recall", "no": "A012", "win": "3"}),
    ("the last recall", {"key": "v.last", "no": "A012", "win": "3"}),
    ("two calls at once", {"key": "v.merge", "no1": "A012", "win1": "3", "no2": "B007", "win2": "8"}),
    ("sent on", {"key": "v.transfer", "no": "A012", "win": "5"}),
    ("the next stop of a chain", {"key": "v.onward", "no": "A012", "win": "21"}),
    ("back with papers", {"key": "v.back", "no": "A012", "win": "3"}),
    ("a call taken back", {"key": "v.undo", "no": "A012"}),
    ("a window pauses", {"key": "v.pause", "win": "12"}),
    ("midday", {"key": "v.noon", "t": "14:30"}),
    ("the end of the day", {"key": "v.closing", "t": "17:00"}),
)


def table() -> str:
    rows = ["| event | on the screen | said | in English |", "|---|---|---|---|"]
    for what, payload in EXAMPLES:
        said = voice.speech("1F", payload, ones="幺", spelled=voice.HANZI)
        rows.append(f"| {what} | {said.caption} | {said.text} | {said.english} |")
    return "\n".join(rows)


def written(page: str) -> str:
    """The page with today's table."""
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", f"{BEGIN}\n\n{table()}\n\n{END}", page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
