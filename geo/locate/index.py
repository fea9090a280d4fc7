"""Points to polygons: which row of a layer holds each point, millions at a time."""

from __future__ import annotations

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import ArrayLike, NDArray

from geo.errors import InvalidInput

#: Points asked of the tree at a time, so that memory stays flat.
BLOCK_POINTS = 262_144
_POLYGONS = (3, 6)


def pick(values: NDArray[np.object_], rows: NDArray[np.int32]) -> NDArray[np.object_]:
    """Values of the rows that :meth:`Locator.locate` found; None for -1.

    >>> pick(np.array(["a", "b"], dtype=object), np.array([1, -1], dtype=np.int32))
    array(['b', None], dtype=object)
    """
    picked = np.full(len(rows), None, dtype=object)
    held = rows >= 0
    picked[held] = values[rows[held]]
    return picked


class Locator:
    """An index over a polygon layer.

    Polygons are closed: a point on a border is held by every polygon that shares it, and the one with the
    lowest index value (the lowest code) answers, as ``ST_Covers … ORDER BY code LIMIT 1`` does.

    Examples
    --------
    >>> from shapely import box
    >>> layer = GeoDataFrame(geometry=[box(1, 0, 2, 1), box(0, 0, 1, 1)], index=["b", "a"], crs="EPSG:4490")
    >>> Locator.from_frame(layer).locate(lon=[0.5, 1.0, 1.5, 9.0], lat=[0.5, 0.5, 0.5, 0.5])
    array([ 1,  1,  0, -1], dtype=int32)
    """

    def __init__(self, polygons: NDArray[np.object_], rank: NDArray[np.intp]) -> None:
        self._row_of_rank = np.argsort(rank).astype(np.int32)
        self._polygons = np.asarray(polygons, dtype=object)[self._row_of_rank]
        shapely.prepare(self._polygons)
        self._tree = shapely.STRtree(self._polygons)

    @classmethod
    def from_frame(cls, frame: GeoDataFrame) -> Locator:
        """Build the index of a layer.

        Parameters
        ----------
        frame
            Polygons or multipolygons in any CRS, index values unique and comparable (codes). Rows without
            a geometry hold no point.

        Raises
        ------
        InvalidInput
            Index values repeat, or a geometry is no polygon.
        """
        if not frame.index.is_unique:
            repeated = list(frame.index[frame.index.duplicated()].unique()[:5])
            raise InvalidInput(f"index values repeat ({repeated}); give every polygon a code of its own")
        geometry = frame.geometry.to_numpy()
        types = shapely.get_type_id(geometry)
        if not np.isin(types, (-1, *_POLYGONS)).all():
            raise InvalidInput(
                "the layer holds geometries that are no polygons; points are located in polygons"
            )
        rank = np.empty(len(frame), dtype=np.intp)
        rank[frame.index.argsort()] = np.arange(len(frame))
        return cls(geometry, rank)

    def __len__(self) -> int:
        return len(self._row_of_rank)

    def locate(self, *, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int32]:
        """Find the polygon of each point.

        Parameters
        ----------
        lon, lat
            Coordinates in the layer's CRS (x and y), arrays of one length.

        Returns
        -------
        numpy.ndarray
            int32 positions of rows of the layer; -1 outside every polygon and for missing coordinates.

        Raises
        ------
        InvalidInput
            The arrays differ in length.
        """
        x, y = np.asarray(lon, dtype=np.float64).ravel(), np.asarray(lat, dtype=np.float64).ravel()
        if len(x) != len(y):
            raise InvalidInput(f"{len(x)} longitudes and {len(y)} latitudes; give as many of each")
        points = np.full(len(x), None, dtype=object)
        known = np.isfinite(x) & np.isfinite(y)
        points[known] = shapely.points(x[known], y[known])
        return self.locate_points(points)

    def locate_points(self, points: NDArray[np.object_]) -> NDArray[np.int32]:
        """Find the polygon of each shapely point; for callers who ask several layers about the same points.

        Returns
        -------
        numpy.ndarray
            As :meth:`locate`; -1 for None and empty points.
        """
        found = np.full(len(points), -1, dtype=np.int32)
        for start in range(0, len(points), BLOCK_POINTS):
            block = slice(start, start + BLOCK_POINTS)
            found[block] = self._locate_block(points[block])
        return found

    def _locate_block(self, points: NDArray[np.object_]) -> NDArray[np.int32]:
        lowest = np.full(len(points), len(self), dtype=np.intp)
        # The tree alone only compares boxes; asking the prepared polygons afterwards is three times faster
        # than its own predicate, which prepares the points instead.
        hits, ranks = self._tree.query(points)
        held = shapely.intersects(self._polygons[ranks], points[hits])
        np.minimum.at(lowest, hits[held], ranks[held])
        rows = np.append(self._row_of_rank, np.int32(-1))
        return rows[lowest]
