"""An ID number becomes a keyed hash at the edge: nothing behind it, no row, log or journal, ever holds the number.

The key lies beside the database, readable by the hub alone, and is made at its first use.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import cached_property
from pathlib import Path


def key_file(database: Path) -> Path:
    return database.with_suffix(".id.key")


class IdHash:
    def __init__(self, database: Path) -> None:
        self._file = key_file(database)

    def of(self, number: str) -> str:
        return hmac.new(self._key, number.strip().upper().encode(), hashlib.sha256).hexdigest()

    @cached_property
    def _key(self) -> bytes:
        if not self._file.exists():
            _write(self._file, secrets.token_bytes(32))
        return self._file.read_bytes()


def _write(file: Path, key: bytes) -> None:
    """There as a whole or not at all."""
    new = file.with_name(file.name + ".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
