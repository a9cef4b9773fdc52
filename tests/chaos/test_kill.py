"""kill -9 in the middle of the work, again and again: nothing acknowledged is lost, nothing is half there."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from bench.chaos import kill_often
from bench.hub import ROOT, make_site
from bench.nursery import nursery

KILLS, SEED = int(os.environ.get("HALLQ_KILLS", "20")), 2


async def test_kills_lose_nothing(tmp_path: Path) -> None:
    site = await asyncio.to_thread(make_site, tmp_path / "hall", windows=8, services=4)
    with nursery() as hubs:
        books = await kill_often(site, hubs, KILLS, SEED, each=lambda life: None)
    assert books.faults(site) == []
    assert min(books.answers) >= KILLS, books.answers  # each life has done something of each kind
    verify = [sys.executable, "-m", "hallq", "audit", "verify", "-c", str(site.file)]
    assert subprocess.run(verify, cwd=ROOT, check=False).returncode == 0
