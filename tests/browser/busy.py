"""A busy morning in the demo's county hall: every kind of state that a page has to show, at once."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import orjson
from playwright.async_api import Page, WebSocketRoute

from hallq.config import Settings, load_settings
from hallq.hall import Hall
from hallq.kernel import Refused
from hallq.people.looks import people
from hallq.ticketing import commands
from tests.browser.stage import RunningClock
from tests.hub import write_hall

CATALOG = Path("hallq/demo/catalog.toml")
ABSENT = ("9", "20")  # windows without a clerk this morning
PAUSED = {"5": ("meal", 30), "16": ("system", None), "28": ("paper", 5)}
AWAY = ("8", "22")


def county_hall(folder: Path, *, devices: str = "", server: str = "") -> Settings:
    """The demo's catalogue in a hall that is no demo, and that waits for its printer as long as a picture takes."""
    write_hall(folder, devices=devices, server=server, rules='manual_prefix = "S"\nprint_s = 600')
    toml = (folder / "hall.toml").read_text("utf-8").replace("测试大厅", "青禾县政务服务中心")
    (folder / "hall.toml").write_text(toml, "utf-8")
    (folder / "catalog.toml").write_bytes(CATALOG.read_bytes())
    return load_settings(folder / "hall.toml")


async def morning(hall: Hall, clock: RunningClock) -> None:
    """Clerks come, citizens take numbers, visits begin and end; two windows stand empty."""
    await _clerks_come(hall)
    await _numbers(hall, 70)
    for no in hall.picture.windows:
        if hall.picture.windows[no].clerk is None:
            continue
        for _ in range(2):
            clock.pass_(7)
            await _serve(hall, no)
    await _numbers(hall, 50)
    for no, (reason, minutes) in PAUSED.items():
        await hall.do(commands.pause, window=no, reason=reason, minutes=minutes)
    clock.pass_(19 * 60)
    for no in hall.picture.windows:
        if no not in PAUSED and hall.picture.windows[no].clerk is not None:
            clock.pass_(2)
            await _call(hall, no)
    for no in AWAY:
        await hall.do(commands.start, window=no)
        await hall.do(commands.away, window=no, reason="check", minutes=5)


async def _clerks_come(hall: Hall) -> None:
    for row in await hall.read(people):
        no = row["window"]
        if no and no not in ABSENT and hall.picture.windows[no].clerk is None:
            await hall.do(commands.sign_in, f"person:{row['id']}", window=no, person=row["id"])


async def _numbers(hall: Hall, count: int) -> None:
    random = Random(7)
    codes = sorted(hall.picture.services)
    for i in range(count):
        category = random.choice(("elderly", "infant", "soldier")) if i % 8 == 3 else "ordinary"
        await hall.do(commands.issue, service=random.choice(codes), category=category, kiosk="k1")


async def _serve(hall: Hall, no: str) -> None:
    if await _call(hall, no):
        await hall.do(commands.finish, window=no)


async def _call(hall: Hall, no: str) -> bool:
    try:
        await hall.do(commands.call_next, window=no)
    except Refused:
        return False
    return True


async def sixty_windows(page: Page) -> list[WebSocketRoute]:
    """From the next connection on the page hears of a hall of so many. The connections, as they come."""
    lines: list[WebSocketRoute] = []

    def widened(words: str | bytes) -> str:
        said = orjson.loads(words)
        if one := said.get("all", {}).get("window/1"):
            said["all"] |= {f"window/{no}": one | {"no": str(no)} for no in range(37, 61)}
        return orjson.dumps(said).decode()

    def through(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server().on_message(lambda words: line.send(widened(words)))

    await page.route_web_socket(re.compile("/live"), through)
    return lines
