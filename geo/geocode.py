"""Points to grid chains: which grids of every level, neighbourhood and building hold a place."""

from __future__ import annotations

import math
from datetime import date

from sqlalchemy.orm import Session

from geo.crs import to_storage_xy
from geo.errors import InvalidInput
from geo.ground import Grounds
from geo.model import GridChain, Zone


def geocode(
    session: Session,
    grounds: Grounds,
    *,
    lon: float,
    lat: float,
    crs: str | None = None,
    as_of: date | None = None,
) -> GridChain:
    """Find the grid chain of a place.

    Parameters
    ----------
    grounds
        Indexes by day; the session is asked only for what they do not hold.
    lon, lat
        The place in ``crs``: longitude and latitude, or easting and northing of a projected CRS.
    crs
        Declared reference system: ``EPSG:n``, ``GCJ-02``, ``BD-09``; the storage CRS when None.
    as_of
        Day the partition is asked for; today in the zone when None.

    Returns
    -------
    GridChain
        A place outside every grid is an answer too: an empty chain with the nearest grid.

    Raises
    ------
    InvalidInput
        The coordinates are no numbers, out of range, or the CRS is unknown.
    NotFound
        The database serves no zone yet.
    """
    zone = grounds.zone(session)
    x, y = storage_xy(zone, lon, lat, crs)
    day = as_of or zone.today()
    return grounds.at(session, day).place(x, y, day)


def storage_xy(zone: Zone, lon: float, lat: float, crs: str | None) -> tuple[float, float]:
    """Bring a point to the storage CRS, refusing what cannot be on Earth."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise InvalidInput(
            f"coordinates {lon}, {lat} are no numbers; send lon and lat in {crs or zone.storage_crs}"
        )
    x, y = to_storage_xy(lon, lat, crs=crs or zone.storage_crs, storage_crs=zone.storage_crs)
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise InvalidInput(
            f"coordinates {lon}, {lat} in {crs or zone.storage_crs} are not on Earth "
            "(longitude ±180, latitude ±90); send longitude first, and say crs= when they are not degrees"
        )
    return x, y
