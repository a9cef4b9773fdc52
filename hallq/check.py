"""`hallq check`: everything that would go wrong tomorrow morning, found today. One line per finding."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

from hallq import admin
from hallq.catalog import load_catalog
from hallq.config import ConfigError, Settings
from hallq.kernel import Reads
from hallq.ticketing.model import Kiosk, Window, Zone

MIN_FREE = 500_000_000  # bytes; with less the hub reports itself as not ready
PLACES: dict[str, type[Window | Kiosk | Zone]] = {"window": Window, "kiosk": Kiosk, "zone": Zone}


class Finding(NamedTuple):
    ok: bool
    what: str
    text: str


def check(settings: Settings) -> Iterator[Finding]:
    yield Finding(True, "settings", str(settings.file))
    yield _catalog(settings)
    yield from _tls(settings)
    yield _disk(settings)
    yield _fonts()
    yield _voice(settings)
    if settings.database_path.is_file():
        with admin.reading(settings) as db:
            yield from _places(settings, db)


def _catalog(settings: Settings) -> Finding:
    """Once imported, the file may be gone: the office edits the database."""
    if settings.database_path.is_file() and not settings.catalog_path.is_file():
        return Finding(True, "catalogue", "in the database")
    try:
        catalog = load_catalog(settings.catalog_path)
    except ConfigError as error:
        return Finding(False, "catalogue", str(error))
    return Finding(True, "catalogue", f"{len(catalog.service)} services, {len(catalog.window)} windows")


def _tls(settings: Settings) -> Iterator[Finding]:
    for path in settings.tls or ():
        yield Finding(path.is_file(), "tls", str(path) if path.is_file() else f"{path}: there is no such file")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.file.parent).free
    need = f"; the hub needs {MIN_FREE // 10**6} MB" if free < MIN_FREE else ""
    return Finding(free >= MIN_FREE, "disk", f"{free // 10**6} MB free{need}")


def _fonts() -> Finding:
    fonts = sorted({line.partition(",")[0] for line in _run("fc-list", ":lang=zh", "family")})
    if not fonts:
        return Finding(False, "fonts", "no Chinese font; install fonts-noto-cjk (or fonts-wqy-microhei)")
    return Finding(True, "fonts", f"{len(fonts)} Chinese families, such as {fonts[0]}")


def _voice(settings: Settings) -> Finding:
    """Needed only where the hub itself speaks."""
    if any("cmn" in line.split() or "cmn-latn-pinyin" in line.split() for line in _run("espeak-ng", "--voices=zh")):
        return Finding(True, "voice", "espeak-ng speaks Mandarin")
    speakers = [device.id for device in settings.device if device.driver == "speaker"]
    users = f"; needed by {', '.join(speakers)}" if speakers else "; no device needs it"
    return Finding(not speakers, "voice", f"no Mandarin voice: install espeak-ng{users}")


def _places(settings: Settings, db: Reads) -> Iterator[Finding]:
    """A device of a window that the office removed is left out at start: here it is named."""
    for device in settings.device:
        for kind, name in device.place.items():
            if db.get(PLACES[kind], name) is None:
                yield Finding(False, f"device {device.id}", f'there is no {kind} "{name}" in the database')


def _run(*command: str) -> list[str]:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return done.stdout.splitlines()
