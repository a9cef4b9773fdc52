"""A file that is made for one caller: written beside the event loop, sent in pieces, removed when it is sent."""

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
    """`write` gets the path of an empty file and runs on a thread."""
    handle, made = tempfile.mkstemp(prefix="hallq-")
    os.close(handle)
    path = Path(made)
    try:
        await asyncio.to_thread(write, path)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return FileResponse(
        path, media_type=media, headers=headers, background=BackgroundTask(path.unlink, missing_ok=True)
    )
