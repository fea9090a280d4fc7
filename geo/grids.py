"""Grids as people ask for them: a level, the children of one, one by its code, what is filed under it.

Frames in the storage CRS unless ``crs`` names another: ``EPSG:n``, ``GCJ-02`` or ``BD-09``.
"""

from __future__ import annotations

from datetime import date

from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo.errors import NotFound
from geo.frames import buildings_frame, grids_frame
from geo.zones import get_zone


def list_grids(
    session: Session,
    *,
    level: int | None = None,
    parent: str | None = None,
    as_of: date | None = None,
    crs: str | None = None,
) -> GeoDataFrame:
    """Grids in force on a day by level and code; of a level, or the children of the grid ``parent``."""
    grids = grids_frame(session, level=level, as_of=as_of, crs=crs)
    return grids if parent is None else grids[grids["parent_code"] == parent]


def get_grid(
    session: Session, code: str, *, as_of: date | None = None, crs: str | None = None
) -> GeoDataFrame:
    """One grid, as a frame of one row.

    Raises
    ------
    NotFound
        No grid of that code is in force on that day.
    """
    grids = grids_frame(session, as_of=as_of, crs=crs)
    if code not in grids.index:
        day = as_of or get_zone(session).today()
        raise NotFound(f"no grid {code!r} is in force on {day}; GET /grids?as_of={day} lists those that are")
    return grids.loc[[code]]


def list_buildings(
    session: Session, code: str, *, as_of: date | None = None, crs: str | None = None
) -> GeoDataFrame:
    """Buildings filed under a grid of any level or under the grids below it.

    Raises
    ------
    NotFound
        No grid of that code is in force on that day.
    """
    get_grid(session, code, as_of=as_of)
    return buildings_frame(session, grid_code=code, as_of=as_of, crs=crs)


def get_building(
    session: Session, code: str, *, as_of: date | None = None, crs: str | None = None
) -> GeoDataFrame:
    """One building, as a frame of one row.

    Raises
    ------
    NotFound
        No building of that code stands on that day.
    """
    building = buildings_frame(session, code=code, as_of=as_of, crs=crs)
    if building.empty:
        raise NotFound(f"no building {code!r} stands on {as_of or get_zone(session).today()}")
    return building
