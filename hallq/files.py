"""Pictures and scans that belong to a record: photos of findings, stamped pages, proofs of training, staff photos.

The content is kept apart from the covered row, which holds its SHA-256: an altered file is found like an altered row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import ClassVar

from sqlmodel import Field, SQLModel, bindparam, col, select

from hallq.kernel import MINUTE, Reads, Refused, Tx

# media type -> how its content begins
MEDIA = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "application/pdf": b"%PDF-"}
MOST = 4 * 1024 * 1024  # bytes
UNUSED = 24 * 60 * MINUTE  # an upload that nothing took on


class Attachment(SQLModel, table=True):
    __covered__: ClassVar[bool] = True
    __personal__: ClassVar[frozenset[str]] = frozenset({"name"})
    id: int | None = Field(default=None, primary_key=True)
    ref: str | None = Field(default=None, index=True)  # what it belongs to: "case/12", "finding/4", "person/7"
    sha256: str
    media: str
    size: int
    name: str
    salt: str = ""
    at: int
    by: str


class FileContent(SQLModel, table=True):
    __tablename__ = "file_content"
    attachment: int = Field(primary_key=True)
    content: bytes = Field(repr=False)


OF = select(Attachment).where(col(Attachment.ref) == bindparam("ref")).order_by(col(Attachment.id))
OLD = select(Attachment).where(col(Attachment.ref).is_(None), col(Attachment.at) < bindparam("before"))


def keep(tx: Tx, *, name: str, media: str, content: bytes) -> Attachment:
    """Belongs to nobody until a command takes it on with `attach`."""
    if media not in MEDIA or not content.startswith(MEDIA[media]):
        raise Refused("invalid", field="file")
    return store(tx, name=name, media=media, content=content)


def store(tx: Tx, *, name: str, media: str, content: bytes, ref: str | None = None) -> Attachment:
    """What the hub has made itself, of any kind."""
    row = tx.insert(
        Attachment, ref=ref, sha256=hashlib.sha256(content).hexdigest(), media=media, size=len(content), name=name,
        salt=tx.token(), at=tx.now, by=tx.actor,
    )  # fmt: skip
    tx.insert(FileContent, attachment=row.id, content=content)
    return row


def attach(tx: Tx, ids: Iterable[int], ref: str) -> None:
    """Only by who has uploaded them. Raises Refused `not_found`."""
    for number in ids:
        row = tx.get(Attachment, number)
        if row is None or row.ref not in (None, ref) or row.by != tx.actor:
            raise Refused("not_found", what="file", id=number)
        if row.ref is None:
            tx.update(row, ref=ref)


def of(db: Reads, ref: str) -> list[dict[str, object]]:
    names = ("id", "name", "media", "size", "at")
    return [{name: getattr(row, name) for name in names} for row in db.find(OF, ref=ref)]


def content(db: Reads, *, file: int, ref: str) -> tuple[Attachment, bytes]:
    """Who asks must have been let to see `ref` before. Raises Refused `not_found`."""
    row, kept = db.get(Attachment, file), db.get(FileContent, file)
    if row is None or kept is None or row.ref != ref:
        raise Refused("not_found", what="file", id=file)
    return row, kept.content


def remove(tx: Tx, row: Attachment) -> None:
    kept = tx.get(FileContent, row.id)
    if kept is not None:
        tx.delete(kept)
    tx.delete(row)


def forget_unused(tx: Tx) -> None:
    for row in tx.find(OLD, before=tx.now - UNUSED):
        remove(tx, row)
