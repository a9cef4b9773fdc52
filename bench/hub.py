"""A generated hall and the hub's own process over it: `hallq serve` as it is installed, measured from outside."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hallq.config import Settings, load_settings
from hallq.hall import Hall
from hallq.people import commands as people
from hallq.people import secrets
from hallq.ticketing import commands
from hallq.web.guard import PERSON_COOKIE

ROOT = Path(__file__).parent.parent
CATALOG = """
[[zone]]
code = "1F"
name = "一楼"
[[department]]
code = "d"
name = "综合"
[[category]]
code = "ordinary"
name = "普通"
green = false
[[category]]
code = "elderly"
name = "老年人"
[[kiosk]]
id = "k1"
zone = "1F"
"""
HALL = """
[hall]
id = "bench"
name = "测试大厅"
[server]
port = {port}
public_url = "http://127.0.0.1:{port}"
[calendar]
open = "always"
"""
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Site:
    """A hall on disk, and the headers by which its devices and people are known."""

    settings: Settings
    port: int
    services: list[str]
    kiosk: str = ""
    screen: str = ""
    clerks: dict[str, str] = field(default_factory=dict)
    pads: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.settings.file


def make_site(folder: Path, *, windows: int, services: int = 8, devices: str = "", waiting: int = 0) -> Site:
    """Each window offers two of the services, and so each service has several windows."""
    folder.mkdir(parents=True)
    port = free_port()
    names = [f"s{number}" for number in range(services)]
    lines = [CATALOG]
    for number, name in enumerate(names):
        prefix = chr(ord("A") + number % 26)
        lines.append(f'[[service]]\ncode = "{name}"\nname = "{name}"\ndepartment = "d"\nprefix = "{prefix}"')
    for number in range(windows):
        offered = f'["{names[number % services]}", "{names[(number + 1) % services]}"]'
        lines.append(f'[[window]]\nno = "{number + 1}"\ndepartment = "d"\nzone = "1F"\nservices = {offered}')
    (folder / "catalog.toml").write_text("\n".join(lines), "utf-8")
    (folder / "hall.toml").write_text(HALL.format(port=port) + devices, "utf-8")
    site = Site(load_settings(folder / "hall.toml"), port, names)
    asyncio.run(_people_it(site, windows, waiting))
    return site


async def _people_it(site: Site, windows: int, waiting: int) -> None:
    async with Hall.open(site.settings) as hall:

        async def device(role: str, place: str = "") -> str:
            token = secrets.new_token()
            digest = secrets.fingerprint(token)
            await hall.do(people.add_token, name=f"{role} {place}", role=role, place=place, token_hash=digest)
            return f"authorization: Bearer {token}\r\n"

        async def clerk(window: str) -> str:
            number = await hall.do(people.add_person, name=f"clerk {window}", role="clerk", window=window)
            await hall.do(commands.sign_in, window=window, person=number)
            session = await hall.do(people.open_session, person=number)
            return f"cookie: {PERSON_COOKIE}={session}\r\n"

        site.kiosk, site.screen = await device("kiosk", "k1"), await device("screen", "1F")
        for window in map(str, range(1, windows + 1)):
            site.clerks[window] = await clerk(window)
            site.pads[window] = await device("pad-citizen", window)
        wishes = (site.services[number % len(site.services)] for number in range(waiting))
        await asyncio.gather(*(hall.do(commands.issue, service=service) for service in wishes))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
        return port


class Process:
    """A server process: what it used, and how it ends."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid = pid
        self.port = port

    def cpu(self) -> float:
        """Seconds of processor time so far, of all its threads."""
        return self._ticks(11, 13) / TICK

    def cpu_with_children(self) -> float:
        """And of the processes that it started and that have ended."""
        return self._ticks(11, 15) / TICK

    def _ticks(self, first: int, after: int) -> int:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[first:after]))

    def rss(self) -> float:
        """Resident memory in MB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def peak(self) -> float:
        """The most resident memory in MB since `forget_peak`."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6

    def forget_peak(self) -> None:
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")


@contextmanager
def running(command: list[str], port: int) -> Iterator[Process]:
    """The command as a process, from when it listens to when the block ends."""
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        wait_for(port, lambda: process.poll() is None)
        yield Process(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def serving(site: Site) -> Iterator[Process]:
    """`hallq serve` over the site."""
    with running([sys.executable, "-m", "hallq", "serve", "-c", str(site.file)], site.port) as process:
        yield process


def wait_for(port: int, alive: Callable[[], bool], seconds: float = 30) -> None:
    """Until something listens there. Raises RuntimeError when it ended or took too long."""
    end = time.monotonic() + seconds
    while alive() and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise RuntimeError(f"nothing listens on port {port}")
