"""Alembic's entry: migrates the connection handed over, or the owner's database of the settings."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection

from geo.store.tables import metadata


def _is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Leave out what PostGIS brings along (``spatial_ref_sys`` and other schemas)."""
    del parents
    return not (kind == "table" and name == "spatial_ref_sys")


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=_is_ours,
        include_object=alembic_helpers.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


_handed_over = context.config.attributes.get("connection")
if _handed_over is None:
    from geo.database import database_urls
    from geo.settings import Settings
    from geo.store.engine import make_engine

    with make_engine(database_urls(Settings.from_environment()).owner, pool_size=1).begin() as _connection:
        _run(_connection)
else:
    _run(_handed_over)
