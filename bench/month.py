"""A month of 100,000 transactions in a real hub: its pages, bulletin, files and proof, and what it costs while idle."""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import time
import zipfile
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Any

from bench import within
from bench.hub import ROOT, Process, Site, free_port, serving
from bench.load import Connection, get, go, post, timed
from bench.measures import Calls, call_slowly
from bench.report import Line
from hallq.config import load_settings
from hallq.demo.past import history
from hallq.hall import Hall
from hallq.people import commands as people
from hallq.people import secrets
from hallq.ticketing import commands
from hallq.web.guard import PERSON_COOKIE

HALL = """
[hall]
id = "bench"
name = "测试大厅"
[server]
port = {port}
[calendar]
open = "always"
"""
EACH, FEW = 160, 6  # visits of a clerk and day
SHOWN = 12  # people whose pages are looked at
TABLES = ("visits", "tickets", "ratings", "ledger")
LOOK = 0.05
PATIENCE = 120.0
HOME, SERVICE = "1", "advice"  # a window of the demo's hall, and what it offers
IDLE = 15  # seconds
FLAT = 20  # MB: a connection of its own with its page cache


@dataclass
class Month:
    """The last whole month, filled."""

    site: Site
    since: date
    until: date
    visits: int
    clerks: list[int]
    office: str  # the header by which the office is known

    def days(self, until: date | None = None) -> str:
        return f"from={self.since}&to={until or self.until}"


def month(folder: Path, *, quick: bool) -> Iterator[Line]:
    found = make_month(folder / "month", each=FEW if quick else EACH)
    began = time.perf_counter()
    with serving(found.site) as hub:
        took = time.perf_counter() - began
        yield Line(f"start of a hub with {found.visits:,} visits", f"{took:.1f} s")
        be_quiet(hub)
        yield _idle(hub)
        yield from go(_pages(found, hub))
        yield go(_bulletin(found, hub))
        yield from go(_exports(found, hub))
        yield go(_calls_meanwhile(found))
    yield from _proof(found, folder)
    yield from within.duties(found.site.settings)
    yield from within.followers(found.site.settings)


def make_month(folder: Path, *, each: int) -> Month:
    folder.mkdir(parents=True)
    port = free_port()
    (folder / "catalog.toml").write_bytes((files("hallq") / "demo" / "catalog.toml").read_bytes())
    (folder / "hall.toml").write_text(HALL.format(port=port), "utf-8")
    settings = load_settings(folder / "hall.toml")
    after = date.today().replace(day=1)
    until = after - timedelta(days=1)
    visits = history.fill(settings, until=after, days=monthrange(until.year, until.month)[1], each=each)
    found = Month(Site(settings, port, [SERVICE]), until.replace(day=1), until, visits, [], "")
    asyncio.run(_people_it(found))
    return found


async def _people_it(found: Month) -> None:
    async with Hall.open(found.site.settings) as hall:

        async def session(person: int) -> str:
            return f"cookie: {PERSON_COOKIE}={await hall.do(people.open_session, person=person)}\r\n"

        clerks = await hall.read(lambda db: db.find(history.CLERKS))
        found.clerks = list({row.window: row.id for row in reversed(clerks) if row.id is not None}.values())
        found.office = await session(await hall.do(people.add_person, name="office", role="office", window=None))
        clerk = next(row.id for row in clerks if row.window == HOME and row.id is not None)
        await hall.do(commands.sign_in, window=HOME, person=clerk)
        found.site.clerks[HOME] = await session(clerk)
        token = secrets.new_token()
        digest = secrets.fingerprint(token)
        await hall.do(people.add_token, name="kiosk", role="kiosk", place="k1", token_hash=digest)
        found.site.kiosk = f"authorization: Bearer {token}\r\n"


def be_quiet(hub: Process, most: float = 90) -> None:
    """Until it has done what was due since the month ended."""
    end = time.monotonic() + most
    while time.monotonic() < end:
        before = hub.cpu()
        time.sleep(6)
        if hub.cpu() - before < 0.1:
            return


def _idle(hub: Process) -> Line:
    before = hub.cpu()
    time.sleep(IDLE)
    busy = (hub.cpu() - before) / IDLE
    return Line("processor time of that hub while idle", f"{busy:.1%} of a core, {hub.rss():.0f} MB")


# -- pages


async def _pages(found: Month, hub: Process) -> Iterable[Line]:
    """Each asked once for each of several people, as a page asks it; the mean of the hub's processor time beside it."""
    days, name = found.days(), f"{found.since:%Y-%m}"
    some = found.clerks[:: max(1, len(found.clerks) // SHOWN)][:SHOWN]
    wishes: list[tuple[str, list[str]]] = [
        ("a person's record", [f"/staff/{one}/record?{days}" for one in some]),
        ("a person's score sheet", [f"/scores/{one}?month={name}" for one in some[:4]]),
        ("everybody's scores", [f"/scores?month={name}"] * 3),
        ("windows compared", [f"/figures/comparison?by=window&{days}"] * 3),
        ("departments compared", [f"/figures/comparison?by=department&{days}"] * 3),
        ("the ledger of cases", [f"/cases?{days}"] * 3),
        ("a page of ratings", [f"/ratings?{days}"] * 3),
        ("bad ratings", [f"/ratings?{days}&bad=true"] * 3),
        ("coverage by person", [f"/ratings/coverage?{days}"] * 3),
    ]
    lines, connection = [], await Connection.open(found.site.port)
    for what, paths in wishes:
        before = hub.cpu()
        took = [await timed(connection, get(f"/api/v1{path}", found.office), 200) * 1000 for path in paths]
        cpu = (hub.cpu() - before) * 1000 / len(paths)
        aim = ("< 200 ms", max(took) < 200) if what == "a person's record" else ("", None)
        text = f"median {median(took):.0f} ms, worst {max(took):.0f} ms"
        lines.append(Line(f"{what}", text, f"{len(paths)} asked, {cpu:.0f} ms CPU", None, *aim))
    connection.close()
    return lines


# -- the bulletin


async def _bulletin(found: Month, hub: Process) -> Line:
    """The one that the hub has begun on the 1st: its facts anew, then both files, looking on as the page does."""
    connection, seen = await Connection.open(found.site.port), set[int]()
    rows = (await connection.ask(get("/api/v1/bulletins", found.office))).json()["items"]
    number = next(row["id"] for row in rows if row["kind"] == "monthly" and row["since"] == f"{found.since}")
    path = f"/api/v1/bulletins/{number}"
    before, began = hub.cpu_with_children(), time.perf_counter()
    await timed(connection, post(f"{path}/refresh", found.office, {}), 200)
    await _ready(connection, found, path, seen, "facts_at")
    gathered = time.perf_counter() - began
    await timed(connection, post(f"{path}/print", found.office, {}), 200)
    await _ready(connection, found, path, seen, "files")
    took = time.perf_counter() - began
    connection.close()
    cpu, text = hub.cpu_with_children() - before, f"{took:.1f} s, facts {gathered:.1f} s"
    floor = f"{cpu:.1f} s CPU, {len(seen)} steps of progress"
    return Line("bulletin as PDF and Word", text, floor, None, "< 10 s", took < 10)


async def _ready(connection: Connection, found: Month, path: str, seen: set[int], key: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        row = (await connection.ask(get(path, found.office))).json()
        job: dict[str, Any] = row["job"] or {}
        if job.get("error"):
            raise RuntimeError(job["error"])
        if row[key] and not job:
            return
        seen.add(job.get("percent", 0))
        await asyncio.sleep(LOOK)
    raise RuntimeError(f"{path}: no {key}")


# -- files


async def _exports(found: Month, hub: Process) -> Iterable[Line]:
    """A tenth of the month and the whole of it: what the hub's memory rose by at its highest."""
    tenth, lines = found.since + timedelta(days=3), []
    connection = await Connection.open(found.site.port)
    for table in TABLES:
        for form in ("csv", "xlsx"):
            rises, took = [], 0.0
            for until in (tenth, found.until):
                wish = get(f"/api/v1/export/{table}.{form}?{found.days(until)}", found.office)
                before = hub.rss()
                hub.forget_peak()
                took = await timed(connection, wish, 200)
                rises.append(hub.peak() - before)
            text, floor = f"{took:.1f} s, peak +{rises[1]:.0f} MB", f"a tenth: peak +{rises[0]:.0f} MB"
            lines.append(Line(f"{table}.{form}", text, floor, None, f"< {FLAT} MB", rises[1] < FLAT))
    connection.close()
    return lines


async def _calls_meanwhile(found: Month) -> Line:
    """The clerk's own call while the longest of the exports is made."""
    alone, meanwhile = Calls(), Calls()
    connection = await Connection.open(found.site.port)
    await timed(connection, post("/api/v1/tickets", found.site.kiosk, {"service": SERVICE}), 201)
    await call_slowly(found.site, 20, 0.02, alone)
    export = asyncio.create_task(
        connection.ask(get(f"/api/v1/export/visits.xlsx?{found.days()}", found.office))
    )
    while not export.done():
        await call_slowly(found.site, 5, 0.02, meanwhile)
    connection.close()
    ratio, floor = meanwhile.p50 / alone.p50, f"{alone.p50:.1f} ms, worst {max(alone.took):.0f} ms"
    text = f"{meanwhile.p50:.1f} ms, worst {max(meanwhile.took):.0f} ms"
    return Line("a call while visits.xlsx is made", text, floor, ratio)


# -- proof


def _proof(found: Month, folder: Path) -> Iterator[Line]:
    """On the command line, and elsewhere with the file's own program."""
    config, file, elsewhere = str(found.site.file), folder / "proof.zip", folder / "elsewhere"
    hallq = [sys.executable, "-m", "hallq", "audit"]
    yield _timed("hallq audit verify", [*hallq, "verify", "-c", config])
    yield _timed("hallq audit export", [*hallq, "export", str(file), "-c", config])
    with zipfile.ZipFile(file) as archive:
        archive.extract("verify.py", elsewhere)
    yield _timed("verify.py over the export", [sys.executable, "-I", str(elsewhere / "verify.py"), str(file)])


def _timed(what: str, command: list[str]) -> Line:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{what}: {done.stdout}{done.stderr}")
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Line(what, f"{took:.1f} s, {cpu:.1f} s CPU")
