"""What the machine's own loudspeaker has spoken into files: the newest one that is whole, for browsers to play."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

NAME = re.compile(r"\.?(\d+-\d+\.wav)")  # hidden while it is being made and played


def newest(folder: Path) -> str:
    """Its name without the dot; empty when nothing was said yet."""
    spoken = sorted(_spoken(folder), reverse=True)
    return next((name for name, path in spoken if _whole(path)), "")


def read(folder: Path, name: str) -> bytes | None:
    if not NAME.fullmatch(name):
        return None
    for path in (folder / name, folder / f".{name}"):
        if path.is_file():
            return path.read_bytes()
    return None


def _spoken(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.iterdir() if folder.is_dir() else ():
        if found := NAME.fullmatch(path.name):
            yield found[1], path


def _whole(path: Path) -> bool:
    """The length in its head is set last."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
        return len(head) == 8 and int.from_bytes(head[4:], "little") + 8 == path.stat().st_size
    except FileNotFoundError:  # renamed since
        return False
