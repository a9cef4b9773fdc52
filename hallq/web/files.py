"""Uploads: one file to a request, as it is. What it belongs to is said by the command that takes it on."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from hallq import files
from hallq.web.common import hall_of, reply
from hallq.web.guard import GuardedRoute, allow, caller, takes

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
Name = Annotated[str, Query(min_length=1, max_length=120)]


@router.post("/files", status_code=201)
@allow("files")
@takes(*files.MEDIA, most=files.MOST)
async def upload(request: Request, name: Name) -> Response:
    """JPEG, PNG or PDF of 4 MB at the most. One that nothing takes on is gone after a day."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await request.body()
    row = await hall_of(request).do(files.keep, caller(request).actor, name=name, media=media, content=content)
    return reply({"id": row.id, "name": row.name, "size": row.size, "media": row.media}, 201)


async def answer(request: Request, file: int, ref: str) -> Response:
    """The file of a record that the caller may see."""
    row, content = await hall_of(request).read(files.content, file=file, ref=ref)
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(row.name)}", "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
    }  # fmt: skip
    return Response(content, media_type=row.media, headers=headers)
