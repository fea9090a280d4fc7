"""Grid polygons made light enough to stand in a page: simplified together, so that borders stay shared."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo.errors import InvalidInput

Grids: TypeAlias = Mapping[int, GeoDataFrame] | GeoDataFrame

# About two metres: finer than a screen shows at any zoom a grid is looked at whole.
SIMPLIFY_DEGREES = 2e-5
DECIMALS = 6
# How much of a parent's area its children may miss before it keeps a shape of its own.
_SAME_AREA = 1e-3


def by_level(grids: Grids) -> dict[int, GeoDataFrame]:
    """Return one frame a level, in longitude and latitude, coarse levels first.

    Parameters
    ----------
    grids
        A frame a level, or one frame with a column ``level``; indexed by code, with a CRS.

    Raises
    ------
    InvalidInput
        If there is neither a level nor a CRS to go by, or a code comes twice.
    """
    if isinstance(grids, GeoDataFrame):
        if "level" not in grids.columns:
            raise InvalidInput("the grids have no column 'level'; add it, or pass a dict of level to frame")
        grids = {int(level): frame for level, frame in grids.groupby("level", sort=True)}
    frames = {int(level): _in_degrees(grids[level], level) for level in sorted(grids)}
    codes = pd.Index([code for frame in frames.values() for code in frame.index])
    if not codes.is_unique:
        raise InvalidInput(f"code {codes[codes.duplicated()][0]!r} comes twice; a code names one grid")
    return frames


def _in_degrees(frame: GeoDataFrame, level: int) -> GeoDataFrame:
    if frame.crs is None:
        raise InvalidInput(f"the level-{level} grids have no CRS; set it, for example to EPSG:4490")
    frame = (
        frame.copy() if frame.index.name == "code" or "code" not in frame.columns else frame.set_index("code")
    )
    frame.index = frame.index.astype(str)
    return frame if frame.crs.is_geographic else frame.to_crs(4326)


@dataclass(frozen=True)
class Shapes:
    """The polygons of one level as drawn.

    Attributes
    ----------
    polygons
        Simplified and rounded, indexed by code.
    places
        Where labels stand: see ``label_places``.
    """

    polygons: GeoSeries
    places: pd.DataFrame


def drawn_shapes(frames: Mapping[int, GeoDataFrame]) -> dict[int, Shapes]:
    """Return what is drawn of each level; worked out once while the polygons stay the same."""
    key = hashlib.sha256()
    for level, frame in frames.items():
        key.update(repr((level, list(frame.index), frame.get("parent_code", pd.Series()).tolist())).encode())
        for part in shapely.to_wkb(frame.geometry.to_numpy()):
            key.update(part or b"")
    return _KNOWN.get(key.digest(), lambda: _drawn_shapes(frames))


def _drawn_shapes(frames: Mapping[int, GeoDataFrame]) -> dict[int, Shapes]:
    return {
        level: Shapes(rounded(polygons), label_places(polygons))
        for level, polygons in light_shapes(frames).items()
    }


class _Recent:
    """Keeps the shapes of the partitions drawn last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[bytes, dict[int, Shapes]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: bytes, make: Callable[[], dict[int, Shapes]]) -> dict[int, Shapes]:
        with self._lock:
            known = self._kept.get(key)
        made = make() if known is None else known
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


_KNOWN = _Recent(most=3)


def light_shapes(frames: Mapping[int, GeoDataFrame]) -> dict[int, GeoSeries]:
    """Return simplified polygons by level, parents as the union of their simplified children.

    Each border is simplified once, so neighbours still meet and a parent's border runs exactly along its
    children's.
    """
    shapes: dict[int, GeoSeries] = {}
    for level in sorted(frames, reverse=True):
        frame = frames[level]
        own = None
        if level + 1 in shapes and "parent_code" in frames[level + 1].columns:
            own = _unions(frame, shapes[level + 1], frames[level + 1]["parent_code"])
        shapes[level] = own if own is not None else _simplified(frame.geometry)
    return shapes


def _simplified(polygons: GeoSeries) -> GeoSeries:
    values = polygons.to_numpy()
    if not len(values):
        return polygons
    if shapely.coverage_is_valid(values):
        values = shapely.coverage_simplify(values, SIMPLIFY_DEGREES)
    else:
        values = shapely.simplify(values, SIMPLIFY_DEGREES, preserve_topology=True)
    return GeoSeries(values, index=polygons.index, crs=polygons.crs)


def _unions(parents: GeoDataFrame, children: GeoSeries, parent_codes: pd.Series) -> GeoSeries | None:
    """Return the union of each parent's children, or None if the children do not make up the parents."""
    groups = children.groupby(parent_codes.astype(str)).agg(lambda part: shapely.union_all(part.to_numpy()))
    if not parents.index.isin(groups.index).all():
        return None
    unions = GeoSeries(groups.reindex(parents.index), crs=children.crs)
    strange = np.abs(shapely.area(unions.to_numpy()) - shapely.area(parents.geometry.to_numpy()))
    if (strange > _SAME_AREA * shapely.area(parents.geometry.to_numpy())).any():
        return None
    return unions


def rounded(polygons: GeoSeries) -> GeoSeries:
    """Return polygons with coordinates of six decimals (about a decimetre)."""
    values = shapely.transform(polygons.to_numpy(), lambda xy: np.round(xy, DECIMALS))
    return gpd.GeoSeries(values, index=polygons.index, crs=polygons.crs)


def pack(polygon: shapely.Geometry) -> list[list[list[int]]]:
    """Return a polygon as whole numbers, each vertex but a ring's first as the step from the one before.

    Degrees times ``10 ** DECIMALS``: a third of the length GeoJSON has. One list a part, in it one a ring.

    >>> pack(shapely.box(0, 0, 0.000003, 0.000002))
    [[[3, 0, 0, 2, -3, 0, 0, -2]]]
    """
    return [
        [_steps(ring) for ring in (part.exterior, *part.interiors)] for part in shapely.get_parts(polygon)
    ]


def _steps(ring: shapely.LinearRing) -> list[int]:
    places = np.rint(shapely.get_coordinates(ring)[:-1] * 10**DECIMALS).astype(np.int64)
    steps: list[int] = np.diff(places, axis=0, prepend=[[0, 0]]).ravel().tolist()
    return steps


def label_places(polygons: GeoSeries) -> pd.DataFrame:
    """Return where each polygon's label stands and how much room it has there.

    Returns
    -------
    DataFrame
        Columns ``lon``, ``lat``: the centre of the largest circle inside; ``room``: width in degrees of the
        polygon at that latitude through that point.
    """
    values = polygons.to_numpy()
    circles = shapely.maximum_inscribed_circle(values)
    centres = shapely.get_coordinates(shapely.get_point(circles, 0))
    wide = np.array([_width(polygon, *centre) for polygon, centre in zip(values, centres, strict=True)])
    return pd.DataFrame(
        {
            "lon": centres[:, 0].round(DECIMALS),
            "lat": centres[:, 1].round(DECIMALS),
            "room": wide.round(DECIMALS),
        },
        index=polygons.index,
    )


def _width(polygon: shapely.Geometry, lon: float, lat: float) -> float:
    west, _, east, _ = polygon.bounds
    across = shapely.intersection(polygon, shapely.LineString([(west, lat), (east, lat)]))
    parts = [part for part in shapely.get_parts(across) if part.bounds[0] <= lon <= part.bounds[2]]
    return max((shapely.length(part) for part in parts), default=0.0)
