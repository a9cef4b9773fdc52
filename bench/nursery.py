"""Hubs that start at once: a process that has imported the hub's program, and forks a `hallq serve` for each start.

Importing takes longer than starting; whoever starts a hub hundreds of times would measure the imports.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.hub import ROOT, Process, Site, wait_for


class Nursery:
    def __init__(self, parent: subprocess.Popen[str]) -> None:
        self._parent = parent

    def start(self, site: Site) -> Process:
        """A running hub that listens."""
        assert self._parent.stdin and self._parent.stdout
        print(site.file, file=self._parent.stdin, flush=True)
        process = Process(int(self._parent.stdout.readline()), site.port)
        wait_for(site.port, lambda: alive(process))
        return process


def kill(process: Process) -> None:
    """kill -9, and gone when this returns."""
    os.kill(process.pid, signal.SIGKILL)
    while alive(process):
        time.sleep(0.005)


def alive(process: Process) -> bool:
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def nursery() -> Iterator[Nursery]:
    command = [sys.executable, "-m", "bench.nursery"]
    parent = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Nursery(parent)
    finally:
        parent.communicate()


def main() -> None:
    import hallq.web.server  # once, here
    from hallq.cli import main as cli

    assert hallq.web.server.__name__ in sys.modules
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children: they vanish by themselves
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sys.argv = ["hallq", "serve", "-c", line.rstrip("\n")]
            cli.main()
        print(child, flush=True)


if __name__ == "__main__":
    main()
