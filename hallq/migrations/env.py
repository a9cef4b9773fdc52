"""Alembic's entry: migrates the SQLite file that the configuration names, in batch mode."""

from alembic import context
from sqlalchemy import create_engine
from sqlmodel import SQLModel

engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
