"""Files that are made for one caller, under a name to save them by; never kept in between."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from hallq import exports
from hallq.web.errors import Problem


async def download(write: Callable[[Path], object], *, name: str, media: str) -> Response:
    """A long one: written beside the event loop, sent in pieces, removed when it is sent. `write` gets the path of an
    empty file and runs on a thread."""
    handle, made = tempfile.mkstemp(prefix="hallq-")
    os.close(handle)
    path = Path(made)
    try:
        await asyncio.to_thread(write, path)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    gone = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, media_type=media, headers=_headers(name), background=gone)


def attached(content: bytes, *, name: str, media: str) -> Response:
    """A short one."""
    return Response(content, media_type=media, headers=_headers(name))


def table(name: str, days: str, kind: str, head: list[str], lines: list[list[Any]]) -> Response:
    """A list as csv or xlsx. Any other kind is a Problem 404."""
    if kind not in ("csv", "xlsx"):
        raise Problem(404, "not_found", what="export", id=kind)
    content = exports.sheet(head, lines) if kind == "csv" else exports.book([(name, head, lines)])
    return attached(content, name=f"{name}-{days}.{kind}", media=exports.MEDIA[kind])


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
