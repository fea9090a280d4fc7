"""Geometries on their way out of the database into frames."""

from __future__ import annotations

from typing import Any

from geopandas import GeoDataFrame
from pandas import DataFrame
from sqlalchemy import LargeBinary, type_coerce

from geo.wkb import unpack


def ewkb(column: Any, name: str = "geom") -> Any:
    """Leave a geometry as PostGIS itself writes it: EWKB in hexadecimal."""
    return type_coerce(column, LargeBinary).label(name)


def geometries(frame: DataFrame, name: str = "geom") -> Any:
    """Take a column of :func:`ewkb` out of a frame as shapely geometries; None where there is none."""
    return unpack(frame.pop(name).to_numpy(dtype=object, na_value=None))


def shaped(frame: DataFrame, crs: str) -> GeoDataFrame:
    """Make a frame with a column ``geom`` of :func:`ewkb` a GeoDataFrame."""
    shapes = geometries(frame)
    return GeoDataFrame(frame, geometry=shapes, crs=crs)
