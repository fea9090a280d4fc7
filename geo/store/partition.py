"""Writing the partition: codes, releases, grids; and filing what stands on the ground under them."""

from __future__ import annotations

from datetime import date

from geopandas import GeoDataFrame
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo.store import tables
from geo.store.copy import copy_frame

#: Imports of one database take turns: codes are issued and numbers given out one after the other.
IMPORT_LOCK = 0x77616E67


def wait_for_turn(session: Session) -> None:
    """Let no other import of this database run until the transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})


def count_in_force(session: Session, level: int, day: date) -> int:
    """Grids of a level in force on a day or later."""
    grid = tables.Grid
    later = func.coalesce(func.upper(grid.valid) > day, True)
    return session.scalar(select(func.count()).where(grid.level == level, later)) or 0


def issued_codes(session: Session) -> dict[str, int]:
    """Level of every grid code ever issued."""
    rows = session.execute(select(tables.GridCode.code, tables.GridCode.level))
    return {row.code: row.level for row in rows}


def add_release(session: Session, in_force_from: date, title: str) -> int:
    """Publish a release and give its id."""
    release = tables.Release(in_force_from=in_force_from, title=title)
    session.add(release)
    session.flush()
    return release.id


def add_grids(session: Session, grids: GeoDataFrame, *, srid: int) -> int:
    """Issue the codes of new grids and write them.

    Parameters
    ----------
    grids
        Columns of table ``grid``; ``valid`` as text such as ``[2026-01-01,)``.
    """
    connection = session.connection()
    copy_frame(connection, tables.metadata.tables["grid_code"], grids[["code", "level"]])
    return copy_frame(connection, tables.metadata.tables["grid"], grids, srid=srid)


def refile_buildings(session: Session, level: int, day: date) -> int:
    """File every building under the finest grid that covers its label point; count the changes."""
    return _refile(session, "building", "t.label_point", level, day)


def refile_neighbourhoods(session: Session, level: int, day: date) -> int:
    """File every neighbourhood with an outline under the grid that covers a point inside it."""
    return _refile(session, "neighbourhood", "ST_PointOnSurface(t.geom)", level, day)


def _refile(session: Session, table: str, place: str, level: int, day: date) -> int:
    # Of the grids whose closed polygon holds the place the one with the lowest code: the border rule.
    statement = text(f"""
        WITH found AS (
            SELECT t.code, (
                SELECT g.code FROM grid g
                WHERE g.level = :level AND g.valid @> CAST(:day AS date) AND ST_Covers(g.geom, {place})
                ORDER BY g.code LIMIT 1
            ) AS grid_code
            FROM {table} t WHERE t.geom IS NOT NULL
        )
        UPDATE {table} t SET grid_code = found.grid_code FROM found
        WHERE t.code = found.code AND t.grid_code IS DISTINCT FROM found.grid_code
    """)  # noqa: S608 - our own table and expression
    return int(session.execute(statement, {"level": level, "day": day}).rowcount)  # type: ignore[attr-defined]
