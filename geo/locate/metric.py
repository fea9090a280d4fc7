"""Distances from points to polygons, in metres."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.errors import InvalidInput
from geo.locate.build import Rings

Floats = NDArray[np.float64]


class MetricLayer:
    """A layer's polygons in a plane measured in metres."""

    def __init__(self, rings: Rings, order: NDArray[np.int32], crs: pyproj.CRS) -> None:
        self._rings, self._order, self._crs = rings, order, crs

    @cached_property
    def _to_metric(self) -> pyproj.Transformer | None:
        """From degrees to the transverse Mercator plane of the layer's middle; None when it is in metres."""
        unit = self._crs.axis_info[0].unit_name
        if unit == ("metre" if self._crs.is_projected else "degree"):
            return None if self._crs.is_projected else pyproj.Transformer.from_pipeline(self._pipeline)
        raise InvalidInput(
            f"the layer's CRS measures in {unit}; "
            "transform it to one in metres or degrees to ask for distances"
        )

    @property
    def _pipeline(self) -> str:
        # Written out: every thread makes its own transformer, and this takes microseconds.
        xs, ys, shape = self._rings.xs, self._rings.ys, self._crs.ellipsoid
        lon, lat = (float(xs.min()) + float(xs.max())) / 2, (float(ys.min()) + float(ys.max())) / 2
        size = "+ellps=WGS84" if shape is None else f"+a={shape.semi_major_metre} +b={shape.semi_minor_metre}"
        return (
            "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
            f"+step +proj=tmerc +lon_0={lon} +lat_0={lat} {size}"
        )

    @cached_property
    def _geod(self) -> pyproj.Geod:
        geod = self._crs.get_geod()
        if geod is None:
            raise InvalidInput(f"the layer's CRS {self._crs.name} has no ellipsoid to measure on")
        return geod

    def _plane(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        return (x, y) if self._to_metric is None else self._to_metric.transform(x, y)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        """Tree of the polygons in the order of ranks."""
        rings = self._rings
        points = np.column_stack(self._plane(np.array(rings.xs), np.array(rings.ys)))
        shapes = shapely.linestrings(
            points, indices=np.repeat(np.arange(len(rings.ring_start) - 1), np.diff(rings.ring_start))
        )
        owner = np.repeat(np.arange(len(rings.polygon_ring) - 1), np.diff(rings.polygon_ring))
        held = np.unique(owner)
        # Only the distance from outside is asked: rings are enough.
        borders = np.full(len(self._order), None, dtype=object)
        borders[held] = shapely.multilinestrings(shapes, indices=np.searchsorted(held, owner))
        return shapely.STRtree(borders[self._order])

    def nearest(self, x: Floats, y: Floats) -> tuple[NDArray[np.int32], Floats]:
        """Rows of the nearest polygons of points outside all, and metres to them."""
        rows, distance = np.full(len(x), -1, dtype=np.int32), np.full(len(x), np.nan)
        px, py = self._plane(x, y)
        near = np.isfinite(px) & np.isfinite(py)
        rows[near], distance[near] = self._nearest_in_plane(
            x[near], y[near], shapely.points(px[near], py[near])
        )
        if not near.all():
            rows[~near], distance[~near] = self._nearest_on_the_globe(x[~near], y[~near])
        return rows, distance

    def _nearest_in_plane(
        self, x: Floats, y: Floats, points: NDArray[np.object_]
    ) -> tuple[NDArray[np.int32], Floats]:
        (asked, rank), metres = self._tree.query_nearest(points, return_distance=True)
        best = np.full(len(x), len(self._order), dtype=np.int64)
        np.minimum.at(best, asked, rank)
        distance = np.full(len(x), np.nan)
        distance[asked] = metres
        if self._to_metric is not None:
            found = np.flatnonzero(np.isfinite(distance))
            feet = self._feet(self._to_metric, points[found], best[found])
            distance[found] = self._geod.inv(x[found], y[found], *feet)[2]
        rows = np.append(self._order, np.int32(-1))[best]
        return rows, distance

    def _nearest_on_the_globe(self, x: Floats, y: Floats) -> tuple[NDArray[np.int32], Floats]:
        """For points beyond the plane's reach: seen from so far, a border is no more than its vertices."""
        tree, ranks = self._vertices
        vertex = tree.query(_on_sphere(x, y))[1]
        xs, ys = self._rings.xs[vertex], self._rings.ys[vertex]
        return self._order[ranks[vertex]], self._geod.inv(x, y, xs, ys)[2]

    @cached_property
    def _vertices(self) -> tuple[cKDTree, NDArray[np.int64]]:
        """All vertices on a sphere, and the ranks of their polygons."""
        rings = self._rings
        ring = np.repeat(np.arange(len(rings.ring_start) - 1), np.diff(rings.ring_start))
        polygon = np.repeat(np.arange(len(rings.polygon_ring) - 1), np.diff(rings.polygon_ring))[ring]
        return cKDTree(_on_sphere(rings.xs, rings.ys)), np.argsort(self._order)[polygon]

    def _feet(
        self, to_metric: pyproj.Transformer, points: NDArray[np.object_], rank: NDArray[np.int64]
    ) -> tuple[Floats, Floats]:
        """Places of borders nearest in the plane to points, in the layer's CRS."""
        lines = shapely.shortest_line(points, self._tree.geometries[rank])
        feet = shapely.get_coordinates(shapely.get_point(lines, 1))
        lon, lat = to_metric.transform(feet[:, 0], feet[:, 1], direction="INVERSE")
        return lon, lat


def _on_sphere(lon: Floats, lat: Floats) -> Floats:
    """Degrees as points of the unit sphere."""
    east, north = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
