"""The database's shape: made when new, checked and migrated when not. Every model of the hall is known here."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine
from sqlmodel import SQLModel

from hallq import files, journal, store
from hallq.assessment.bulletins import model as bulletins
from hallq.assessment.cases import model as cases
from hallq.assessment.ledger import model as ledger
from hallq.assessment.patrols import model as patrols
from hallq.assessment.ratings import model as ratings
from hallq.assessment.record import model as records
from hallq.assessment.score import model as scores
from hallq.assessment.standards import model as standards
from hallq.audit import model as audit
from hallq.hooks import model as hooks
from hallq.items import model as items
from hallq.office import day_model, device_model, peak_model, post_model
from hallq.office import model as office
from hallq.outcomes import model as outcomes
from hallq.people import model as people
from hallq.people import posting_model
from hallq.public import model as public
from hallq.registers import model as registers
from hallq.rows import Effect, RowType
from hallq.store import connect
from hallq.ticketing import model as ticketing
from hallq.ticketing.tickets import caps

if TYPE_CHECKING:
    from alembic.config import Config

MODELS = (
    journal, store, files, hooks, ratings, bulletins, cases, ledger, patrols, records, scores, standards, office,
    people, ticketing, post_model, peak_model, day_model, device_model, posting_model, caps, audit,
    items, outcomes, registers, public, Effect,
)  # fmt: skip
HERE = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The database cannot be used as it is; the message says what to do."""


def alembic_config(path: Path) -> Config:
    from alembic.config import Config  # only what migrates has use for it

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{path}")
    return config


def revisions() -> list[str]:
    """Of every migration, the oldest first: the number that its file's name begins with."""
    return sorted(path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


def latest() -> str:
    return revisions()[-1]


def revision(connection: sqlite3.Connection) -> str | None:
    """The schema's revision; None in an empty database."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" not in tables:
        return None
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return found[0] if found else None


def prepare(path: Path) -> None:
    """Make, check or migrate the database of a store that already holds the lock."""
    try:
        found = look(path)
    except sqlite3.DatabaseError as error:
        raise SchemaError(f"{path} is damaged ({error}); restore the last backup with `hallq restore`") from None
    if found is None:
        create(path)
    elif found != latest():
        migrate(path, found)


def look(path: Path) -> str | None:
    """The revision of a database that is sound."""
    connection = connect(path)
    try:
        found = revision(connection)
        [verdict] = connection.execute("PRAGMA quick_check(1)").fetchone()
    finally:
        connection.close()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    return found


def create(path: Path) -> None:
    """All tables at the latest revision, or none."""
    head = latest()
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql("BEGIN")  # the driver begins nothing by itself before a CREATE
        SQLModel.metadata.create_all(connection)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (head,))
    engine.dispose()
    path.chmod(0o600)


def migrate(path: Path, found: str) -> None:
    from alembic import command

    if found not in revisions():
        raise SchemaError(f"{path} was written by a newer HallQ (schema {found}); install that version or a newer one")
    copy = path.with_name(f"{path.name}.before-{latest()}")
    copy.touch(mode=0o600)  # it holds what the hall's own file holds
    source, target = connect(path), sqlite3.connect(copy)
    source.backup(target)
    source.close()
    target.close()
    command.upgrade(alembic_config(path), "head")


def covered() -> journal.Covered:
    """The tables under the journal's chain, for `audit.verify`."""
    kinds = [RowType.of(mapper.class_) for mapper in SQLModel._sa_registry.mappers]
    return {kind.name: (kind.columns, kind.keys, kind.personal) for kind in kinds if kind.covered}
