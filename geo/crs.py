"""Coordinate reference systems: declared on input, one for storage, always x = longitude, y = latitude.

A declared CRS is an EPSG code (or another authority's), ``CGCS2000``, ``WGS84``, ``GCJ-02`` or ``BD-09``.
It is never guessed. EPSG:4490 and EPSG:4547 are defined latitude first and northing first: everything here
is ``always_xy``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, overload

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.errors import InvalidInput
from geo.offsets import (
    Floats,
    Pair,
    bd09_to_gcj02,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_gcj02,
)

GCJ02 = "GCJ-02"
BD09 = "BD-09"
WGS84 = CRS.from_epsg(4326)
_NAMES = {
    "CGCS2000": "EPSG:4490",
    "WGS84": "EPSG:4326",
    "CRS84": "EPSG:4326",
    "GCJ02": GCJ02,
    "AMAP": GCJ02,
    "TENCENT": GCJ02,
    "BD09": BD09,
    "BAIDU": BD09,
}
#: Geodetic datums that agree with WGS 84 to about a metre, so that no transformation between them is needed.
_MODERN = re.compile(
    r"WGS.?84|World Geodetic System 1984|China Geodetic Coordinate System 2000|CGCS.?2000"
    r"|China.?2000|European Terrestrial Reference System 1989|ETRS.?(19)?89"
    r"|North American Datum 1983|NAD.?(19)?83|GDA(94|2020)|JGD20|ITRF",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class DeclaredCrs:
    """A CRS as it was declared.

    Attributes
    ----------
    name
        How it is written: ``EPSG:4490``, ``GCJ-02``, ``BD-09`` or the name a file gives it.
    base
        Its system in PROJ; for GCJ-02 and BD-09 the WGS 84 they are an offset of.
    offset
        ``GCJ-02``, ``BD-09`` or None.
    """

    name: str
    base: CRS
    offset: str | None = None

    @property
    def is_degrees(self) -> bool:
        """Whether its coordinates are longitude and latitude."""
        return bool(self.base.is_geographic)

    @property
    def is_rough(self) -> bool:
        """Whether PROJ knows no transformation to WGS 84, so that places may be 100 m off."""
        return _route(self.base)[1]

    def __str__(self) -> str:
        return self.name


Declarable = str | int | CRS | DeclaredCrs


def parse_crs(value: Declarable) -> DeclaredCrs:
    """Read a declared CRS.

    >>> parse_crs("gcj02").name, parse_crs("EPSG:4547").is_degrees, parse_crs("CGCS2000").name
    ('GCJ-02', False, 'EPSG:4490')

    Raises
    ------
    InvalidInput
        It is no CRS known here.
    """
    if isinstance(value, DeclaredCrs):
        return value
    if isinstance(value, CRS):
        return DeclaredCrs(_name_of(value), value)
    return _parse_text(str(value))


@lru_cache(maxsize=64)
def _parse_text(value: str) -> DeclaredCrs:
    text = value.strip()
    if text.isascii() and text.isdigit():
        text = f"EPSG:{text}"
    text = _NAMES.get(re.sub(r"[\s_-]", "", text).upper(), text)
    if text in (GCJ02, BD09):
        return DeclaredCrs(text, WGS84, text)
    # Only authority:code: a PROJ string could name grid files of this machine.
    if not re.fullmatch(r"[A-Za-z]{2,10}:[0-9A-Za-z]{1,12}", text):
        raise InvalidInput(_unknown(value))
    try:
        crs = CRS.from_user_input(text.upper())
    except CRSError as error:
        raise InvalidInput(_unknown(value)) from error
    if crs.is_geocentric or crs.is_vertical:
        raise InvalidInput(f"CRS {value!r} has no x and y on the ground; give a geographic or projected one")
    return DeclaredCrs(text.upper(), crs)


def _unknown(value: str) -> str:
    shown = value if len(value) <= 60 else value[:57] + "…"
    return (
        f"CRS {shown!r} is not known; write EPSG:4490 (CGCS2000), EPSG:4326 (WGS 84), GCJ-02 (Amap, "
        "Tencent), BD-09 (Baidu) or another EPSG code"
    )


def _name_of(crs: CRS) -> str:
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else str(crs.name)


@overload
def to_storage_xy(x: float, y: float, *, crs: Declarable, storage_crs: Declarable) -> tuple[float, float]: ...
@overload
def to_storage_xy(
    x: NDArray[Any], y: NDArray[Any], *, crs: Declarable, storage_crs: Declarable
) -> tuple[Floats, Floats]: ...
def to_storage_xy(x: Any, y: Any, *, crs: Declarable, storage_crs: Declarable) -> Any:
    """Bring coordinates from the CRS they were declared in to the storage CRS.

    Parameters
    ----------
    x, y
        Longitude and latitude in degrees, or easting and northing; numbers or arrays of one shape.
    crs, storage_crs
        Declared CRS, and the CRS wanted.

    Returns
    -------
    tuple
        x and y of the same kind; NaN where the point cannot be transformed.
    """
    return _transform_xy(x, y, parse_crs(crs), parse_crs(storage_crs))


def from_storage_xy(x: ArrayLike, y: ArrayLike, *, storage_crs: Declarable, crs: Declarable) -> Any:
    """Bring coordinates from the storage CRS to another one; the inverse of :func:`to_storage_xy`."""
    return _transform_xy(x, y, parse_crs(storage_crs), parse_crs(crs))


def to_storage(what: Any, crs: Declarable, storage_crs: Declarable) -> Any:
    """Bring a frame, an array of geometries or an ``(n, 2)`` array of coordinates to the storage CRS.

    Returns
    -------
    GeoDataFrame or numpy.ndarray
        Of the kind that was given; a frame carries the storage CRS. Third dimensions are dropped; a geometry
        that cannot be transformed is None, a coordinate NaN.
    """
    source, target = parse_crs(crs), parse_crs(storage_crs)
    if isinstance(what, GeoDataFrame):
        moved = _geometries(what.geometry.to_numpy(), source, target)
        return what.set_geometry(GeoSeries(moved, index=what.index, name=what.geometry.name, crs=target.base))
    array = np.asarray(what)
    if array.dtype == object:
        return _geometries(array, source, target)
    return np.column_stack(_move(array[:, 0].astype(float), array[:, 1].astype(float), source, target))


def _geometries(geometries: NDArray[Any], source: DeclaredCrs, target: DeclaredCrs) -> NDArray[Any]:
    """Geometries in another CRS; None where a coordinate cannot be transformed."""
    flat = np.array(shapely.force_2d(geometries), dtype=object)
    coordinates, owners = shapely.get_coordinates(flat, return_index=True)
    moved = np.column_stack(_move(coordinates[:, 0], coordinates[:, 1], source, target))
    lost = np.unique(owners[~np.isfinite(moved).all(axis=1)])
    flat[lost] = None
    kept = ~np.isin(owners, lost)
    # Set by ourselves: a ring with a coordinate that is not finite would not even be closed.
    return np.asarray(shapely.set_coordinates(flat, moved[kept]), dtype=object)


def _transform_xy(x: Any, y: Any, source: DeclaredCrs, target: DeclaredCrs) -> Any:
    xs, ys = np.atleast_1d(np.asarray(x, dtype=np.float64)), np.atleast_1d(np.asarray(y, dtype=np.float64))
    moved_x, moved_y = _move(xs, ys, source, target)
    if np.ndim(x) == 0 and np.ndim(y) == 0:
        return float(moved_x[0]), float(moved_y[0])
    return moved_x, moved_y


def _move(x: Floats, y: Floats, source: DeclaredCrs, target: DeclaredCrs) -> Pair:
    if source == target or (source.base == target.base and source.offset == target.offset):
        return x, y
    if source.offset is None and target.offset is None:
        direct = _direct(source.base, target.base)
        if direct is not None:
            return _finite(*direct.transform(x, y))
    lon, lat = _to_wgs84(x, y, source)
    return _from_wgs84(lon, lat, target)


def _to_wgs84(x: Floats, y: Floats, source: DeclaredCrs) -> Pair:
    if source.offset == BD09:
        x, y = bd09_to_gcj02(x, y)
    if source.offset is not None:
        return gcj02_to_wgs84(x, y)
    return _finite(*_route(source.base)[0].transform(x, y))


def _from_wgs84(lon: Floats, lat: Floats, target: DeclaredCrs) -> Pair:
    if target.offset is not None:
        lon, lat = wgs84_to_gcj02(lon, lat)
        return gcj02_to_bd09(lon, lat) if target.offset == BD09 else (lon, lat)
    return _finite(*_route(target.base)[0].transform(lon, lat, direction="INVERSE"))


@lru_cache(maxsize=64)
def _direct(source: CRS, target: CRS) -> Transformer | None:
    """The transformation on one datum, such as unprojecting; None when the datum changes."""
    if source.geodetic_crs is None or target.geodetic_crs is None:
        return None
    if source.geodetic_crs.datum != target.geodetic_crs.datum:
        return None
    return Transformer.from_crs(source, target, always_xy=True)


@lru_cache(maxsize=64)
def _route(source: CRS) -> tuple[Transformer, bool]:
    """The way to WGS 84, and whether it is a rough one that leaves the datum shift out."""
    try:
        return Transformer.from_crs(source, WGS84, always_xy=True, allow_ballpark=False), False
    except ProjError:
        datum = source.geodetic_crs.datum.name if source.geodetic_crs and source.geodetic_crs.datum else ""
        rough = _MODERN.search(f"{datum} {source.name}") is None
        return Transformer.from_crs(source, WGS84, always_xy=True), rough


def _finite(x: Any, y: Any) -> Pair:
    """PROJ says infinity for what it cannot transform; missing is NaN here."""
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    lost = ~(np.isfinite(xs) & np.isfinite(ys))
    return np.where(lost, np.nan, xs), np.where(lost, np.nan, ys)
