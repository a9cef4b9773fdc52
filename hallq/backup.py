"""One file that holds a hall: database, hall.toml and catalogue, copied while the hub runs and put back elsewhere."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import structlog
from sqlmodel import select

from hallq.config import ConfigError, Settings, load_settings
from hallq.id_hash import key_file
from hallq.kernel import Ms, SystemClock, Tx
from hallq.outcomes import numbers
from hallq.slips import FOLDER
from hallq.store import Store, connect
from hallq.ticketing.model import Counter, Service

KEPT = 14
NIGHT = 2  # o'clock: nobody waits for a number
LOOK = 600.0  # seconds
DATABASE, SETTINGS, CATALOG = "hall.db", "hall.toml", "catalog.toml"
ID_KEY = "id.key"  # without it nobody would be known again who holds a number

SERVICES = select(Service)
log = structlog.get_logger("hallq.backup")


class Living(Protocol):
    """What a nightly backup needs of the hall."""

    settings: Settings

    def now(self) -> Ms: ...


def make_backup(settings: Settings, target: Path) -> None:
    """A consistent copy, there as a whole or not at all. Writers are not held up: it reads one snapshot."""
    if not target.parent.is_dir():
        raise ConfigError(f"{target}: there is no folder {target.parent}; make it, or name another")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".hallq-backup-") as work:
        copy, archive = Path(work, DATABASE), Path(work, "archive")
        _copy_database(settings.database_path, copy)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.write(copy, DATABASE)
            file.write(settings.file, SETTINGS)
            if settings.catalog_path.is_file():
                file.write(settings.catalog_path, CATALOG)
            for own in sorted(settings.beside(FOLDER).glob("*.*")):
                file.write(own, f"{FOLDER}/{own.name}")
            if key_file(settings.database_path).is_file():
                file.write(key_file(settings.database_path), ID_KEY)
        archive.chmod(0o600)
        with archive.open("rb") as written:
            os.fsync(written.fileno())
        archive.replace(target)


def restore_backup(archive: Path, file: Path) -> Settings:
    """The hall of a backup in the empty directory of `file`, which becomes its hall.toml."""
    directory = file.absolute().parent
    directory.mkdir(parents=True, exist_ok=True)
    if any(entry != archive.absolute() for entry in directory.iterdir()):
        raise ConfigError(f"{directory}: not empty; restore into an empty directory with -c DIR/hall.toml")
    try:
        with zipfile.ZipFile(archive) as opened:
            settings = _unpack(opened, file)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ConfigError(f"{archive}: not a backup of HallQ ({error})") from None
    store = Store(settings.database_path, SystemClock(), settings.rules())
    try:
        store.load()
        store.run(skip_numbers)
    finally:
        store.close()
    return settings


def skip_numbers(tx: Tx) -> None:
    """What was given after the copy was made is on paper: today goes on at the next hundred above the copy's, and so do
    the papers and registers of the year."""
    numbers.skip(tx)
    for prefix in sorted({service.prefix for service in tx.find(SERVICES)}):
        counter = tx.get(Counter, prefix, tx.day)
        if counter is None:
            tx.insert(Counter, prefix=prefix, day=tx.day, last=100)
        else:
            tx.update(counter, last=(counter.last // 100 + 1) * 100)
    tx.log(day=tx.day)


async def every_night(hall: Living) -> None:
    """Until cancelled. Where machines are switched off at night it is the first thing in the morning."""
    while True:
        try:
            await nightly(hall)
        except (OSError, sqlite3.Error, ConfigError) as error:
            log.error("no backup was made", error=str(error))
        await asyncio.sleep(LOOK)


async def nightly(hall: Living) -> Path | None:
    """Today's backup, made in a thread, unless there is one; all but the newest are removed."""
    now = datetime.fromtimestamp(hall.now() / 1000, UTC).astimezone(hall.settings.rules().timezone)
    target = hall.settings.backup_dir / f"{hall.settings.hall.id}-{now.date().isoformat()}.zip"
    if now.hour < NIGHT or target.exists():
        return None
    await asyncio.to_thread(_keep, hall.settings, target)
    return target


def last_backup(settings: Settings) -> Path | None:
    """The newest of the nightly ones."""
    return max(_nightly(settings), default=None)


def _keep(settings: Settings, target: Path) -> None:
    settings.backup_dir.mkdir(mode=0o700, exist_ok=True)
    make_backup(settings, target)
    for old in sorted(_nightly(settings))[:-KEPT]:
        old.unlink()


def _nightly(settings: Settings) -> list[Path]:
    return list(settings.backup_dir.glob(f"{settings.hall.id}-????-??-??.zip"))


def _copy_database(path: Path, copy: Path) -> None:
    if not path.is_file():
        raise ConfigError(f"{path}: there is no database yet; start the hub once")
    source, target = connect(path, query_only=True), sqlite3.connect(copy)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    finally:
        target.close()
        source.close()


def _unpack(archive: zipfile.ZipFile, file: Path) -> Settings:
    _extract(archive, SETTINGS, file)
    settings = load_settings(file)
    _extract(archive, DATABASE, settings.database_path)
    settings.database_path.chmod(0o600)
    if CATALOG in archive.namelist():
        _extract(archive, CATALOG, settings.catalog_path)
    for name in archive.namelist():
        if name.startswith(f"{FOLDER}/"):
            _extract(archive, name, file.parent / FOLDER / Path(name).name)
    if ID_KEY in archive.namelist():
        _extract(archive, ID_KEY, key_file(settings.database_path))
        key_file(settings.database_path).chmod(0o600)
    return settings


def _extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    if target.exists():  # an absolute path of hall.toml: perhaps the hall that still runs
        raise ConfigError(f"{target}: exists already; restore on another machine, or move it away first")
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as source, target.open("wb") as out:
        shutil.copyfileobj(source, out)
