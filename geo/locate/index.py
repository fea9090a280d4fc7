"""Points to polygons: which row of a layer holds each point, hundreds of millions a second, exactly.

How it works and what it costs: ``docs/locator.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from geo.errors import InvalidInput
from geo.locate import files
from geo.locate.build import Cells, Rings, build_cells
from geo.locate.exact import rows_holding
from geo.locate.kernels import ask
from geo.locate.metric import MetricLayer

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]

#: Points handed to the compiled code at a time.
BLOCK_POINTS = 65_536
_POLYGONS = (3, 6)
_KIND = "Locator"


def pick(values: NDArray[np.object_], rows: Rows) -> NDArray[np.object_]:
    """Values of the rows that :meth:`Locator.locate` found; None for -1.

    >>> pick(np.array(["a", "b"], dtype=object), np.array([1, -1], dtype=np.int32))
    array(['b', None], dtype=object)
    """
    with_none = np.full(len(values) + 1, None, dtype=object)
    with_none[:-1] = values
    picked: NDArray[np.object_] = with_none[rows]
    return picked


class Locator:
    """An index over a polygon layer.

    Polygons are closed: a point on a border is held by every polygon that shares it, and the one with the
    lowest index value (the lowest code) answers, as ``ST_Covers … ORDER BY code LIMIT 1`` does. Answers are
    those of exact arithmetic. Several threads may ask at once; none holds the interpreter's lock meanwhile.

    Examples
    --------
    >>> from shapely import box
    >>> layer = GeoDataFrame(geometry=[box(1, 0, 2, 1), box(0, 0, 1, 1)], index=["b", "a"], crs="EPSG:4490")
    >>> Locator.from_frame(layer).locate(lon=[0.5, 1.0, 1.5, 9.0], lat=[0.5, 0.5, 0.5, 0.5])
    array([ 1,  1,  0, -1], dtype=int32)
    """

    def __init__(self, cells: Cells, rings: Rings, order: Rows, crs: str) -> None:
        self._cells, self._rings, self._order = cells, rings, order
        self.crs = crs

    @classmethod
    def from_frame(cls, frame: GeoDataFrame) -> Locator:
        """Build the index of a layer.

        Parameters
        ----------
        frame
            Polygons or multipolygons, with holes or without, apart or overlapping, in any CRS; index values
            unique and comparable (codes). Rows without a geometry, or with an empty one, hold no point.

        Raises
        ------
        InvalidInput
            Index values repeat, a geometry is no polygon or not valid, or the layer declares no CRS.
        """
        _check_layer(frame)
        rings = Rings.of(frame.geometry.to_numpy())
        order = frame.index.argsort().astype(np.int32)
        return cls(build_cells(rings, order), rings, order, str(frame.crs))

    def __len__(self) -> int:
        return len(self._order)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the layer; NaN when nothing is in it."""
        if not len(self._rings.xs):
            return (np.nan,) * 4
        xs, ys = self._rings.xs, self._rings.ys
        return float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())

    @property
    def nbytes(self) -> int:
        """Memory that the index takes, beside the vertices themselves."""
        return self._cells.nbytes

    def locate(self, *, lon: ArrayLike, lat: ArrayLike, threads: int = 1) -> Rows:
        """Find the polygon of each point.

        Parameters
        ----------
        lon, lat
            Coordinates in the layer's CRS (x and y), arrays of one length and of any real type.
        threads
            How many share the work.

        Returns
        -------
        numpy.ndarray
            int32 positions of rows of the layer; -1 outside every polygon and for coordinates that are
            missing or not finite.

        Raises
        ------
        InvalidInput
            The arrays differ in length.
        """
        x, y = points_of(lon, lat)
        found = np.empty(len(x), dtype=np.int32)
        in_blocks(lambda block: self.fill(plain(x[block]), plain(y[block]), found[block]), len(x), threads)
        return found

    def fill(self, lon: Floats, lat: Floats, found: Rows) -> None:
        """Write the polygon of each point into an array; as :meth:`locate`, for contiguous doubles."""
        if ask.locate(lon, lat, found, *self._cells.question()):
            for i in np.flatnonzero(found == ask.UNSURE):
                rows = rows_holding(self._rings, self._order, float(lon[i]), float(lat[i]))
                found[i] = rows[0] if rows else -1

    def locate_points(self, points: NDArray[np.object_]) -> Rows:
        """Find the polygon of each shapely point; -1 for None and empty ones."""
        placed = points.copy()
        placed[shapely.is_empty(points)] = None
        return self.locate(lon=shapely.get_x(placed), lat=shapely.get_y(placed))

    def locate_all(self, *, lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.int64], Rows]:
        """Find every polygon that holds each point, where polygons overlap.

        Returns
        -------
        starts : numpy.ndarray
            int64, one longer than the points: those of point i stand at ``rows[starts[i]:starts[i + 1]]``.
        rows : numpy.ndarray
            int32 positions of rows of the layer, of each point in the order of index values.

        Raises
        ------
        InvalidInput
            The arrays differ in length.

        Examples
        --------
        >>> from shapely import box
        >>> layer = GeoDataFrame(geometry=[box(0, 0, 2, 1), box(1, 0, 3, 1)], index=["b", "a"], crs=4490)
        >>> Locator.from_frame(layer).locate_all(lon=[0.5, 1.5, 9.0], lat=[0.5, 0.5, 0.5])
        (array([0, 1, 3, 3]), array([0, 1, 0], dtype=int32))
        """
        x, y = (plain(values) for values in points_of(lon, lat))
        starts = np.zeros(len(x) + 1, dtype=np.int64)
        question = self._cells.question()
        ask.locate_all(x, y, starts, np.empty(0, dtype=np.int32), *question)
        np.cumsum(starts, out=starts)
        rows = np.empty(starts[-1], dtype=np.int32)
        if len(rows):
            ask.locate_all(x, y, starts, rows, *question)
        return self._with_certainty(x, y, starts, rows)

    def _with_certainty(
        self, x: Floats, y: Floats, starts: NDArray[np.int64], rows: Rows
    ) -> tuple[NDArray[np.int64], Rows]:
        """Put in what only rational arithmetic can tell."""
        unsure = np.flatnonzero(rows == ask.UNSURE)
        if not len(unsure):
            return starts, rows
        parts = np.split(rows, starts[1:-1])
        for i in np.searchsorted(starts, unsure, side="right") - 1:
            parts[i] = np.array(rows_holding(self._rings, self._order, x[i], y[i]), dtype=np.int32)
        lengths = np.array([len(part) for part in parts])
        return np.concatenate([[0], np.cumsum(lengths)]), np.concatenate(parts)

    def nearest(self, *, lon: ArrayLike, lat: ArrayLike) -> tuple[Rows, Floats]:
        """Find the polygon nearest to each point, and how far it is.

        Returns
        -------
        rows : numpy.ndarray
            int32 positions of rows of the layer: of those that hold a point the one :meth:`locate` names,
            else the nearest; of several equally near the lowest index value. -1 for coordinates that are not
            finite and in an empty layer.
        distance_m : numpy.ndarray
            Metres, 0 inside, NaN where there is no row. In a projected CRS those of its own plane. In a
            geographic one geodesic, to the place of the border that is nearest in the transverse Mercator
            plane of the layer's middle; edges are straight there, which matters to edges of many kilometres.

        Raises
        ------
        InvalidInput
            The arrays differ in length, or the layer's CRS measures neither in metres nor in degrees.
        """
        x, y = points_of(lon, lat)
        rows = self.locate(lon=x, lat=y)
        distance = np.where(rows >= 0, 0.0, np.nan)
        asked = np.flatnonzero((rows < 0) & np.isfinite(x) & np.isfinite(y))
        if len(asked) and len(self._rings.xs):
            rows[asked], distance[asked] = self._metric.nearest(x[asked], y[asked])
        return rows, distance

    @cached_property
    def _metric(self) -> MetricLayer:
        return MetricLayer(self._rings, self._order, CRS.from_user_input(self.crs))

    def save(self, path: str | Path) -> None:
        """Write the index to a file, whole or not at all; :meth:`load` maps it back into memory."""
        files.write(Path(path), _KIND, {"crs": self.crs}, self.arrays())

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All the index is made of; :meth:`from_arrays` makes it one again."""
        return {"order": self._order, **vars(self._rings), **vars(self._cells)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], crs: str) -> Locator:
        """The index that :meth:`arrays` took apart."""
        cells = Cells(**{name: arrays[name] for name in Cells.__dataclass_fields__})
        rings = Rings(**{name: arrays[name] for name in Rings.__dataclass_fields__})
        return cls(cells, rings, arrays["order"], crs)

    @classmethod
    def load(cls, path: str | Path, *, verify: bool = True) -> Locator:
        """Map a saved index into memory; processes that load the same file share it.

        Parameters
        ----------
        verify
            Whether every byte is held against its checksum; the header always is.

        Raises
        ------
        InvalidFile
            The file is missing, none of ours, of another version, or damaged.
        """
        facts, arrays = files.read(Path(path), _KIND, verify=verify)
        return cls.from_arrays(arrays, facts["crs"])


def _check_layer(frame: GeoDataFrame) -> None:
    if not frame.index.is_unique:
        repeated = list(frame.index[frame.index.duplicated()].unique()[:5])
        raise InvalidInput(f"index values repeat ({repeated}); give every polygon a code of its own")
    if frame.crs is None:
        raise InvalidInput("the layer declares no CRS; say which with frame.set_crs(…)")
    shapes = frame.geometry.to_numpy()
    if not np.isin(shapely.get_type_id(shapes), (-1, *_POLYGONS)).all():
        raise InvalidInput("the layer holds geometries that are no polygons; points are located in polygons")
    broken = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_valid(shapes)))
    if len(broken):
        reasons = "; ".join(f"{frame.index[i]}: {shapely.is_valid_reason(shapes[i])}" for i in broken[:5])
        raise InvalidInput(
            f"{len(broken)} polygons are not valid ({reasons}); mend them, as with frame.make_valid()"
        )


def points_of(lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Coordinates as two flat arrays.

    Raises
    ------
    InvalidInput
        They differ in length.
    """
    x, y = np.asarray(lon).ravel(), np.asarray(lat).ravel()
    if len(x) != len(y):
        raise InvalidInput(f"{len(x)} longitudes and {len(y)} latitudes; give as many of each")
    return x, y


def plain(values: NDArray[Any]) -> Floats:
    """Values as contiguous doubles, copied only where they are not."""
    return np.ascontiguousarray(values, dtype=np.float64)


def in_blocks(work: Callable[[slice], None], count: int, threads: int) -> None:
    """Do work on parts of ``count`` points small enough for a near cache, on several threads if asked."""
    blocks = [slice(start, start + BLOCK_POINTS) for start in range(0, count, BLOCK_POINTS)]
    if threads > 1 and len(blocks) > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, blocks))
    else:
        for block in blocks:
            work(block)
