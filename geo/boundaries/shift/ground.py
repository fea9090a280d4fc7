"""What a file is held against, as a picture: buildings, quarters or borders in a square of the plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from geo.locate.index import Locator

Floats = NDArray[np.float64]
Picture = NDArray[np.float32]
Basis = Literal["buildings", "neighbourhoods", "borders", "outline"]

#: Shifts up to this are looked for, metres east and north; BD-09 lies about 1.2 km off WGS 84.
REACH_M = 1500.0
#: A side of the square is not longer: a shift is the same everywhere, so a part of a large zone is enough.
WIDEST_M = 12_000.0
CELL_M = 6.0


@dataclass(frozen=True)
class Ground:
    """What is known of the zone.

    Attributes
    ----------
    outline
        Grids of one level that cover the zone, metric plane; at least one.
    buildings, quarters, borders
        Footprints, outlines of neighbourhoods, border lines of grids, metric plane; each may be empty.
    """

    outline: NDArray[Any]
    buildings: NDArray[Any]
    quarters: NDArray[Any]
    borders: NDArray[Any]

    @property
    def bounds(self) -> Floats:
        """West, south, east, north of all of it."""
        everything = [self.outline, self.buildings, self.quarters, self.borders]
        return np.asarray(shapely.total_bounds(np.concatenate(everything)), dtype=np.float64)


@dataclass(frozen=True)
class Square:
    """A part of the metric plane in cells.

    Attributes
    ----------
    west, south
        Its corner, metres.
    rows, columns
        Cells northward and eastward.
    """

    west: float
    south: float
    rows: int
    columns: int
    cell: float = CELL_M

    def cells_of(self, xy: Floats) -> NDArray[np.intp]:
        """Row and column of each place, ``(n, 2)``; places outside the inner part are left out."""
        margin = int(REACH_M / self.cell) + 2
        finite = xy[np.isfinite(xy).all(axis=1)]
        at = np.floor((finite[:, ::-1] - [self.south, self.west]) / self.cell).astype(np.intp)
        inside = (at >= margin).all(axis=1) & (at < np.array([self.rows, self.columns]) - margin).all(axis=1)
        return at[inside]


def square_around(xy: Floats) -> Square:
    """The square that holds most samples, with a margin of :data:`REACH_M` on all sides."""
    finite = xy[np.isfinite(xy).all(axis=1)]
    low, high = np.percentile(finite, [1, 99], axis=0)
    middle = np.median(finite, axis=0)
    low, high = np.maximum(low, middle - WIDEST_M / 2), np.minimum(high, middle + WIDEST_M / 2)
    # Systems lie up to REACH_M apart: all readings of the samples shall find room.
    pad = 2 * REACH_M + 4 * CELL_M
    columns, rows = (int(n) for n in np.ceil((high - low + 2 * pad) / CELL_M))
    return Square(float(low[0] - pad), float(low[1] - pad), rows, columns)


def draw_areas(polygons: NDArray[Any], square: Square) -> Picture:
    """1 in cells whose middle a polygon holds, softened by one cell."""
    locator = locator_of(polygons)
    x = square.west + (np.arange(square.columns) + 0.5) * square.cell
    y = square.south + (np.arange(square.rows) + 0.5) * square.cell
    inside = np.empty((square.rows, square.columns), dtype=np.float32)
    for row, north in enumerate(y):
        inside[row] = locator.locate(lon=x, lat=np.full(len(x), north)) >= 0
    return np.asarray(ndimage.gaussian_filter(inside, 1.0), dtype=np.float32)


def draw_lines(lines: NDArray[Any], square: Square) -> Picture:
    """1 in cells that a line crosses, softened by one cell."""
    west, south = square.west, square.south
    east, north = west + square.columns * square.cell, south + square.rows * square.cell
    near = shapely.clip_by_rect(lines, west, south, east, north)
    xy = shapely.get_coordinates(shapely.segmentize(near, square.cell / 2))
    at = np.floor((xy[:, ::-1] - [south, west]) / square.cell).astype(np.intp)
    at = at[(at >= 0).all(axis=1) & (at < [square.rows, square.columns]).all(axis=1)]
    crossed = np.zeros((square.rows, square.columns), dtype=np.float32)
    crossed[at[:, 0], at[:, 1]] = 1.0
    return np.asarray(ndimage.gaussian_filter(crossed, 1.0), dtype=np.float32)


def locator_of(polygons: NDArray[Any]) -> Locator:
    """An index over polygons of the metric plane."""
    # Any plane will do: the name of the CRS is of no account here.
    return Locator.from_frame(gpd.GeoDataFrame(geometry=polygons, crs="EPSG:3857"))
