"""Where a point lies, asked of PostGIS: the rule of ``domain.md`` in SQL, one place at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.model import GridRef, NamedRef, NearestBuilding, NearestGrid, ReleaseRef

#: How far a building may be to be worth naming as the nearest.
NEAREST_BUILDING_M = 200.0


@dataclass(frozen=True, slots=True)
class Place:
    """A point in the storage CRS on a day."""

    lon: float
    lat: float
    srid: int
    day: date

    @property
    def bound(self) -> dict[str, Any]:
        """Values of the statement's parameters."""
        point = shapely.set_srid(shapely.Point(self.lon, self.lat), self.srid)
        return {"point": shapely.to_wkb(point, hex=True, include_srid=True), "day": self.day}


# Of the grids whose closed polygon holds the point, the one with the lowest code, per level.
CHAIN = text("""
    SELECT DISTINCT ON (level) level, code, name FROM grid
    WHERE valid @> CAST(:day AS date) AND ST_Covers(geom, CAST(:point AS geometry))
    ORDER BY level, code
""")

BUILDING = text("""
    SELECT b.code, b.kind, b.name, a.text AS address, b.neighbourhood_code FROM building b
    LEFT JOIN address a ON a.building_code = b.code AND a.is_standard
    WHERE b.valid @> CAST(:day AS date) AND ST_Covers(b.geom, CAST(:point AS geometry))
    ORDER BY b.code LIMIT 1
""")

NEIGHBOURHOOD = text("""
    SELECT code, kind, name FROM neighbourhood
    WHERE valid @> CAST(:day AS date)
      AND (code = :code OR (CAST(:code AS text) IS NULL AND ST_Covers(geom, CAST(:point AS geometry))))
    ORDER BY code LIMIT 1
""")

# The index orders by degrees, the answer by metres: enough candidates by the one, sorted by the other.
NEAREST_GRID = text("""
    SELECT level, code, name, ST_Distance(geom::geography, CAST(:point AS geometry)::geography) AS distance_m
    FROM (
        SELECT * FROM grid
        WHERE valid @> CAST(:day AS date)
          AND level = (SELECT max(level) FROM grid WHERE valid @> CAST(:day AS date))
        ORDER BY geom <-> CAST(:point AS geometry) LIMIT 50
    ) AS near
    ORDER BY distance_m, code LIMIT 1
""")

NEAREST_BUILDING = text("""
    SELECT b.code, b.kind, b.name, a.text AS address, b.distance_m
    FROM (
        SELECT *, ST_Distance(geom::geography, CAST(:point AS geometry)::geography) AS distance_m
        FROM (
            SELECT * FROM building WHERE valid @> CAST(:day AS date)
            ORDER BY geom <-> CAST(:point AS geometry) LIMIT 20
        ) AS near
    ) AS b
    LEFT JOIN address a ON a.building_code = b.code AND a.is_standard
    WHERE b.distance_m <= :limit_m
    ORDER BY b.distance_m, b.code LIMIT 1
""")

RELEASE = text("""
    SELECT id, title, in_force_from FROM release
    WHERE in_force_from <= :day ORDER BY in_force_from DESC, id DESC LIMIT 1
""")


def find_grids(session: Session, place: Place) -> tuple[GridRef, ...]:
    """The grids of all levels that hold the place, coarse to fine."""
    return tuple(GridRef(*row) for row in session.execute(CHAIN, place.bound))


def find_building(session: Session, place: Place) -> tuple[NamedRef, str | None] | None:
    """The building that holds the place, and the code of its neighbourhood."""
    row = session.execute(BUILDING, place.bound).first()
    return (
        None if row is None else (NamedRef(row.code, row.kind, row.name, row.address), row.neighbourhood_code)
    )


def find_neighbourhood(session: Session, place: Place, code: str | None) -> NamedRef | None:
    """The neighbourhood of that code, or without one the neighbourhood whose outline holds the place."""
    row = session.execute(NEIGHBOURHOOD, place.bound | {"code": code}).first()
    return None if row is None else NamedRef(row.code, row.kind, row.name)


def find_nearest_grid(session: Session, place: Place) -> NearestGrid | None:
    """The finest-level grid nearest to the place."""
    row = session.execute(NEAREST_GRID, place.bound).first()
    return None if row is None else NearestGrid(*row)


def find_nearest_building(session: Session, place: Place) -> NearestBuilding | None:
    """The building nearest to the place, within :data:`NEAREST_BUILDING_M`."""
    row = session.execute(NEAREST_BUILDING, place.bound | {"limit_m": NEAREST_BUILDING_M}).first()
    return None if row is None else NearestBuilding(*row)


def find_release(session: Session, day: date) -> ReleaseRef | None:
    """The release of the partition in force on a day."""
    row = session.execute(RELEASE, {"day": day}).first()
    return None if row is None else ReleaseRef(*row)
