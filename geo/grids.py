"""Grids as people ask for them: a level, the children of one, one by its code, what is filed under it."""

from __future__ import annotations

from datetime import date

from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo.crs import to_storage
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
    """Grids in force on a day, ordered by level and code.

    Parameters
    ----------
    parent
        Only the children of the grid of this code.
    crs
        ``EPSG:n``, ``GCJ-02`` or ``BD-09`` for the geometries; the storage CRS when None.
    """
    grids = grids_frame(session, level=level, as_of=as_of)
    if parent is not None:
        grids = grids[grids["parent_code"] == parent]
    return in_crs(session, grids, crs)


def get_grid(
    session: Session, code: str, *, as_of: date | None = None, crs: str | None = None
) -> GeoDataFrame:
    """One grid, as a frame of one row.

    Raises
    ------
    NotFound
        No grid of that code is in force on that day.
    """
    grids = grids_frame(session, as_of=as_of)
    if code not in grids.index:
        day = as_of or get_zone(session).today()
        raise NotFound(f"no grid {code!r} is in force on {day}; GET /grids?as_of={day} lists those that are")
    return in_crs(session, grids.loc[[code]], crs)


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
    grids = grids_frame(session, as_of=as_of)
    under = {code}
    for _ in range(int(grids["level"].max())):
        under |= set(grids.index[grids["parent_code"].isin(under)])
    buildings = buildings_frame(session, as_of=as_of)
    return in_crs(session, buildings[buildings["grid_code"].isin(under)], crs)


def get_building(
    session: Session, code: str, *, as_of: date | None = None, crs: str | None = None
) -> GeoDataFrame:
    """One building, as a frame of one row.

    Raises
    ------
    NotFound
        No building of that code stands on that day.
    """
    buildings = buildings_frame(session, as_of=as_of)
    if code not in buildings.index:
        raise NotFound(f"no building {code!r} stands on {as_of or get_zone(session).today()}")
    return in_crs(session, buildings.loc[[code]], crs)


def in_crs(session: Session, frame: GeoDataFrame, crs: str | None) -> GeoDataFrame:
    """The frame with its geometries in another CRS, Chinese map offsets included."""
    if crs is None:
        return frame
    return to_storage(frame, get_zone(session).storage_crs, crs)
