"""A database with its tables: made once, since most tests begin with one."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from hallq.schema import create
from hallq.store import connect


@cache
def empty_hall() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        create(path)
        connect(path).close()  # its log is beside it from here on
        return path.read_bytes()
