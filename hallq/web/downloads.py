"""Files that are made for one caller, under a name to save them by; never kept in between."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response


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


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
