"""What is answered is on the disk: the log's fdatasync ends before the answer leaves. A full disk loses nothing."""

from __future__ import annotations

import asyncio
import re
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.consistency import faults
from bench.hub import Process, Site, make_site, serving
from bench.load import Answer, Connection, get, post

TICKETS = 5
CALLS = "fdatasync,fsync,write,writev,sendto,sendmsg"


@contextmanager
def traced(process: Process, output: Path) -> Iterator[None]:
    """Every sync and every send of the process, in order, with the files and sockets that they went to."""
    command = ["strace", "-f", "-qq", "-y", "-s", "64", "-e", f"trace={CALLS}"]
    tracer = subprocess.Popen(
        [*command, "-o", str(output), "-p", str(process.pid)], stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        assert tracer.stderr is not None
        while not output.exists() or output.stat().st_size == 0:  # the hub's own ticks show up when it is attached
            assert tracer.poll() is None, f"strace may not attach here: {tracer.stderr.read().decode()}"
            asyncio.run(ask(process.port, get("/healthz")))
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=60)


async def ask(port: int, *requests: bytes) -> list[Answer]:
    """One after the other, on one connection."""
    connection = await Connection.open(port)
    try:
        return [await connection.ask(request) for request in requests]
    finally:
        connection.close()


def take(site: Site) -> bytes:
    return post("/api/v1/tickets", site.kiosk, {"service": site.services[0]})


def test_the_log_is_on_the_disk_before_each_answer(tmp_path: Path) -> None:
    site = make_site(tmp_path / "hall", windows=2)
    with serving(site) as hub, traced(hub, tmp_path / "trace"):
        answers = asyncio.run(ask(hub.port, *[take(site)] * TICKETS))
    assert [answer.status for answer in answers] == [201] * TICKETS
    synced = sent = 0
    for line in finished(tmp_path / "trace"):
        if re.search(rf"f(data)?sync\(\d+<{re.escape(str(site.settings.database_path))}-wal>\) += 0", line):
            synced = 1
        elif "HTTP/1.1 201" in line:
            assert synced, f"an answer left before the log was on the disk: {line}"
            synced, sent = 0, sent + 1
    assert sent == TICKETS


def test_a_full_disk_answers_503_and_loses_nothing(tmp_path: Path) -> None:
    """Full: no file of the hub may grow past where its log is now."""
    site = make_site(tmp_path / "hall", windows=2)
    log = site.settings.database_path.with_name("hall.db-wal")
    with serving(site) as hub:
        before = asyncio.run(ask(hub.port, *[take(site)] * TICKETS))
        _, allowed = resource.prlimit(hub.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(hub.pid, resource.RLIMIT_FSIZE, (log.stat().st_size, allowed))
        refused = asyncio.run(ask(hub.port, *[take(site)] * TICKETS))
        [unready, services] = asyncio.run(ask(hub.port, get("/readyz"), get("/api/v1/services")))
        resource.prlimit(hub.pid, resource.RLIMIT_FSIZE, (allowed, allowed))
        after = asyncio.run(ask(hub.port, *[take(site)] * TICKETS))
        [ready] = asyncio.run(ask(hub.port, get("/readyz")))
    assert [answer.status for answer in (*before, *after)] == [201] * 2 * TICKETS
    assert [(answer.status, answer.json()["error"]["code"]) for answer in refused] == [(503, "storage")] * TICKETS
    assert (unready.status, services.status, ready.status) == (503, 200, 200)
    assert [answer.json()["number"] for answer in (*before, *after)] == [f"A{n:03}" for n in range(1, 2 * TICKETS + 1)]
    assert services.json()["items"][0]["waiting"] == TICKETS
    assert faults(site.settings.database_path) == []


def finished(trace: Path) -> Iterator[str]:
    """The system calls in the order in which they ended; strace cuts one in two when others come between."""
    begun: dict[str, str] = {}
    for line in trace.read_text("utf-8").splitlines():
        thread, _, call = line.partition(" ")
        if call.endswith("<unfinished ...>"):
            begun[thread] = call.removesuffix("<unfinished ...>").rstrip()
            if "HTTP/1.1" in call:  # what leaves counts from its beginning
                yield call
        elif "resumed>" in call:
            whole = begun.pop(thread, "") + call.partition("resumed>")[2]
            if "HTTP/1.1" not in whole:
                yield whole
        else:
            yield call
