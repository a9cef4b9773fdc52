"""One file that proves itself elsewhere: the journal, the covered rows with personal values as digests only, and the
program that checks them (docs/audit.md: the format). Nothing of it is held in memory.
"""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import orjson

from hallq import __version__
from hallq.audit.check import Fault
from hallq.audit.verify import ENTRIES, Progress, contents, every_byte
from hallq.journal import Chain, Covered

FORMAT = 1
STEP = 2000


def export(
    connection: sqlite3.Connection, covered: Covered, file: Path, *, hall: str, progress: Progress | None = None
) -> str:
    """The head, SEQ:HASH. Raises Fault where a row cannot be read as what it was."""
    last = Chain.load(connection)
    head = f"{last.seq}:{last.hash}"
    with every_byte(connection), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        archive.writestr("verify.py", (files("hallq") / "audit" / "check.py").read_bytes())
        archive.writestr("manifest.json", orjson.dumps(_manifest(covered, last, hall), option=orjson.OPT_INDENT_2))
        _write(archive, "journal.jsonl", _counted(map(orjson.dumps, connection.execute(ENTRIES)), last.seq, progress))
        for name in covered:
            _write(archive, f"tables/{name}.jsonl", _rows(connection, name, covered))
    return head


def _manifest(covered: Covered, last: Chain, hall: str) -> dict[str, object]:
    tables = [
        {"name": name, "columns": columns, "keys": keys, "digests": sorted(personal)}
        for name, (columns, keys, personal) in covered.items()
    ]
    return {
        "format": FORMAT, "hallq": __version__, "hall": hall, "entries": last.seq, "at": last.at,
        "head": f"{last.seq}:{last.hash}", "tables": tables,
    }  # fmt: skip


def _rows(connection: sqlite3.Connection, name: str, covered: Covered) -> Iterable[bytes]:
    for label, content in contents(connection, name, covered):
        if content is None:
            raise Fault(f"row {label} was altered")
        yield content


def _counted(lines: Iterable[bytes], count: int, progress: Progress | None) -> Iterable[bytes]:
    for number, line in enumerate(lines):
        if progress is not None and number % STEP == 0:
            progress(number, count)
        yield line


def _write(archive: zipfile.ZipFile, name: str, lines: Iterable[bytes]) -> None:
    with archive.open(name, "w", force_zip64=True) as raw, io.BufferedWriter(raw, 1 << 16) as out:
        for line in lines:
            out.write(line)
            out.write(b"\n")
