"""Alembic's entry: migrates the SQLite file that the configuration names, in batch mode."""

from typing import Literal

from alembic import context
from sqlalchemy import create_engine
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString


def plain(kind: str, item: object, _: object) -> str | Literal[False]:
    """sqlmodel's own string type is the plain one; migrations name only SQLAlchemy."""
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, render_item=plain)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
