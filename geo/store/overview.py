"""What can be said of a database without knowing its tables."""

from __future__ import annotations

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from geo.store.engine import make_engine, store_errors


def schema_and_size(owner_url: str) -> tuple[str | None, int]:
    """Give the schema's version (None before the first migration) and the size of the database in bytes."""
    engine = make_engine(owner_url, pool_size=1)
    try:
        with store_errors(), engine.connect() as connection:
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
            known = inspect(connection).has_table("alembic_version")
            version = connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None
            return version, int(size or 0)
    finally:
        engine.dispose()


def has_tables(session: Session) -> bool:
    """Whether the migrations have made our tables."""
    return bool(session.scalar(text("SELECT to_regclass('zone') IS NOT NULL")))
