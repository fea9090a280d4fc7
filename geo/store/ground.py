"""Writing neighbourhoods, buildings and their addresses."""

from __future__ import annotations

from geopandas import GeoDataFrame
from pandas import DataFrame
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.store import tables
from geo.store.copy import copy_frame


def building_codes(session: Session) -> set[str]:
    """Codes of all buildings, standing or not."""
    return set(session.scalars(select(tables.Building.code)))


def neighbourhood_codes(session: Session) -> set[str]:
    """Codes of all neighbourhoods."""
    return set(session.scalars(select(tables.Neighbourhood.code)))


def add_buildings(session: Session, buildings: GeoDataFrame, *, srid: int) -> int:
    """Write buildings; columns of table ``building``."""
    return copy_frame(session.connection(), tables.metadata.tables["building"], buildings, srid=srid)


def add_addresses(session: Session, addresses: DataFrame) -> int:
    """Write standard addresses; columns ``building_code`` and ``text``."""
    return copy_frame(session.connection(), tables.metadata.tables["address"], addresses)


def add_neighbourhoods(session: Session, neighbourhoods: GeoDataFrame, *, srid: int) -> int:
    """Write neighbourhoods; columns of table ``neighbourhood``."""
    return copy_frame(
        session.connection(), tables.metadata.tables["neighbourhood"], neighbourhoods, srid=srid
    )


def join_neighbourhoods(session: Session) -> int:
    """Let buildings that name no neighbourhood join the one whose outline covers their label point."""
    statement = text("""
        WITH found AS (
            SELECT b.code, (
                SELECT n.code FROM neighbourhood n WHERE ST_Covers(n.geom, b.label_point)
                ORDER BY n.code LIMIT 1
            ) AS neighbourhood_code
            FROM building b WHERE b.neighbourhood_code IS NULL
        )
        UPDATE building b SET neighbourhood_code = found.neighbourhood_code FROM found
        WHERE b.code = found.code AND found.neighbourhood_code IS NOT NULL
    """)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
