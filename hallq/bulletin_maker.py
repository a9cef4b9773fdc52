"""Bulletins are gathered and printed beside the writer and the event loop, with progress that a page can show.

Facts are read on the hall's reading threads, files are made by a process of their own (`assessment.bulletins.render`).
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
import structlog

from hallq.assessment.bulletins import commands, due, facts
from hallq.assessment.bulletins.facts_posts import departments
from hallq.assessment.bulletins.model import APPROVED, Bulletin
from hallq.assessment.bulletins.paper import Paper, paper
from hallq.assessment.bulletins.render import FORMS
from hallq.hall import Hall
from hallq.kernel import Reads

LOOK = 2.0  # seconds between looks for drafts that wait for their facts
PATIENCE = 120.0  # seconds for one file
log = structlog.get_logger("hallq.bulletins")


@dataclass
class Job:
    percent: int = 0
    error: str = ""  # why it ended without its work done


class NotMade(Exception):
    """The process ended without a file; the message is its last word."""


class BulletinMaker:
    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.jobs: dict[int, Job] = {}  # what runs, or has failed, by bulletin
        self.drafts: dict[tuple[int, str], tuple[int, bytes]] = {}  # of a draft: (version, file) by bulletin and form
        self._tasks: set[asyncio.Task[None]] = set()
        self._begun = asyncio.Event()

    async def keep(self) -> None:
        """Fills the drafts that a duty or the office has begun."""
        try:
            while True:
                for number in await self.hall.read(due.waiting_for_facts):
                    if number not in self.jobs:
                        self.jobs[number] = Job()
                        await self._run(number, self._gather)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK):
                        await self._begun.wait()
                self._begun.clear()
        finally:
            for task in self._tasks:
                task.cancel()

    def print(self, number: int) -> None:
        """PDF and Word: of an approved one into the archive, of a draft to look at."""
        if number in self.jobs and not self.jobs[number].error:
            return
        self.jobs[number] = Job()
        task = asyncio.create_task(self._run(number, self._print))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def gather(self, number: int) -> None:
        """At once, also what has failed before."""
        self.jobs.pop(number, None)
        self._begun.set()

    async def _run(self, number: int, work: Any) -> None:
        job = self.jobs[number]
        try:
            await work(number, job)
        except NotMade as error:
            job.error = str(error)
            log.warning("a bulletin was not printed", bulletin=number, why=job.error)
        except Exception as error:
            job.error = type(error).__name__
            log.exception("a bulletin was not made", bulletin=number)
        else:
            self.jobs.pop(number, None)

    async def _gather(self, number: int, job: Job) -> None:
        def told(percent: int) -> None:
            job.percent = percent

        found = await self.hall.read(facts.gather, number=number, told=told)
        if found is not None:
            await self.hall.do(commands.fill, bulletin=number, found=found)

    async def _print(self, number: int, job: Job) -> None:
        row, sheet = await self.hall.read(laid_out, number=number, hall=self.hall.settings.hall.name)
        asked = orjson.dumps(as_json(sheet))
        made = await self._made(asked, job)
        if row.state == APPROVED:
            files = [{"name": f"{row.number}.{form}", "media": FORMS[form][0], "content": made[form]} for form in FORMS]
            await self.hall.do(commands.archive, bulletin=number, attachments=files)
        else:
            self.drafts |= {(number, form): (row.version, content) for form, content in made.items()}

    async def _made(self, asked: bytes, job: Job) -> dict[str, bytes]:
        """Both at once, each on a core of its own where there are two; they yield to the hub (`render`)."""
        made: dict[str, bytes] = {}

        async def make(form: str) -> None:
            made[form] = await render(form, asked)
            job.percent = 5 + len(made) * 90 // len(FORMS)

        job.percent = 5
        await asyncio.gather(*map(make, FORMS))
        return made


def laid_out(db: Reads, *, number: int, hall: str) -> tuple[Bulletin, Paper]:
    row = commands.find(db, number)
    corrected = "" if row.corrects is None else commands.find(db, row.corrects).number
    kind, zone = commands.kind_of(db, row), db.rules.timezone
    return row, paper(row, kind, hall=hall, departments=departments(db), corrected=corrected, zone=zone)


def as_json(sheet: Paper) -> dict[str, Any]:
    return sheet._asdict() | {"sections": [section._asdict() for section in sheet.sections]}


async def render(form: str, asked: bytes) -> bytes:
    """Raises NotMade, with the sentence that says what is missing."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hallq.assessment.bulletins.render", form, stdin=pipe, stdout=pipe, stderr=pipe
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, said = await child.communicate(asked)
    except TimeoutError:
        raise NotMade(f"{form}: {PATIENCE:.0f} s") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not out:
        lines = said.decode(errors="replace").strip().splitlines()
        raise NotMade(lines[-1] if lines else form)
    return out
