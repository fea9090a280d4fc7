"""Cells of equal size laid over an area: for patterns finer than grids, or across their borders."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.errors import InvalidInput

Shapes = npt.NDArray[np.object_]


def square_cells(area: gpd.GeoDataFrame, *, size_m: float) -> gpd.GeoDataFrame:
    """Cover an area with squares.

    Parameters
    ----------
    area
        Polygons in a projected CRS in metres.
    size_m
        Side of a square, metres.

    Returns
    -------
    geopandas.GeoDataFrame
        Index ``cell``, from the south-west row by row; only ``geometry``, in the CRS of ``area``; the squares
        that share some of the area.

    Raises
    ------
    InvalidInput
        The CRS does not measure in metres, or the size is not positive.

    Examples
    --------
    >>> area = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 300, 200)], crs="EPSG:4547")
    >>> len(square_cells(area, size_m=100))
    6
    """
    west, south, east, north = _checked_bounds(area, size_m)
    columns = np.arange(math.floor(west / size_m), math.ceil(east / size_m))
    rows = np.arange(math.floor(south / size_m), math.ceil(north / size_m))
    column, row = (axis.ravel() for axis in np.meshgrid(columns, rows))
    # Every side from whole steps, so that neighbours share their corners to the last bit.
    sides = (side * size_m for side in (column, row, column + 1, row + 1))
    return _over(area, shapely.box(*sides))


def hexagon_cells(area: gpd.GeoDataFrame, *, size_m: float) -> gpd.GeoDataFrame:
    """Cover an area with regular hexagons: every neighbour is equally far away.

    Parameters
    ----------
    area
        Polygons in a projected CRS in metres.
    size_m
        Distance between the middles of neighbours, metres.

    Returns
    -------
    geopandas.GeoDataFrame
        As :func:`square_cells`.

    Raises
    ------
    InvalidInput
        The CRS does not measure in metres, or the size is not positive.

    Examples
    --------
    >>> area = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 300, 200)], crs="EPSG:4547")
    >>> cells = hexagon_cells(area, size_m=100)
    >>> bool(np.isclose(cells.area.iloc[0], 100**2 * 3**0.5 / 2))
    True
    """
    west, south, east, north = _checked_bounds(area, size_m)
    step = size_m * math.sqrt(3) / 2
    rows = np.arange(math.floor(south / step) - 1, math.ceil(north / step) + 2)
    columns = np.arange(math.floor(west / size_m) - 1, math.ceil(east / size_m) + 2)
    column, row = (axis.ravel() for axis in np.meshgrid(columns, rows))
    sides = np.array([(0, 2), (1, 1), (1, -1), (0, -2), (-1, -1), (-1, 1)])
    half = (2 * column + row % 2)[:, None] + sides[:, 0]
    third = (3 * row)[:, None] + sides[:, 1]
    corners = np.stack([half * (size_m / 2), third * (step / 3)], axis=-1)
    return _over(area, shapely.polygons(corners))


def sum_points(points: gpd.GeoSeries, cells: gpd.GeoDataFrame, weights: pd.Series | None = None) -> pd.Series:
    """Count points in each cell, or sum their weights.

    Parameters
    ----------
    points
        Points in the CRS of ``cells``; missing and empty ones lie nowhere.
    cells
        Polygons; a point on a shared border lies in the first of them.
    weights
        One for each point; 1 when None.

    Returns
    -------
    pandas.Series
        float64, aligned with ``cells``.

    Examples
    --------
    >>> cells = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> sum_points(gpd.GeoSeries.from_xy([0.5, 1.0, 1.5, 9.0], [0.5] * 4), cells).tolist()
    [2.0, 1.0]
    """
    if points.crs != cells.crs:
        raise InvalidInput(f"points are in {points.crs}, cells in {cells.crs}; bring both to one CRS")
    point, cell = cells.sindex.query(points.to_numpy(), predicate="intersects")
    first = pd.Series(cell).groupby(point).min()
    weight = np.ones(len(points)) if weights is None else weights.to_numpy(dtype=float)
    total = np.bincount(first.to_numpy(dtype=int), weights=weight[first.index], minlength=len(cells))
    return pd.Series(total, index=cells.index)


def _over(area: gpd.GeoDataFrame, shapes: Shapes) -> gpd.GeoDataFrame:
    """Keep the cells that share some of the area."""
    whole = shapely.union_all(area.geometry.to_numpy())
    shapely.prepare(whole)
    kept = shapes[shapely.intersects(whole, shapes) & ~shapely.touches(whole, shapes)]
    return gpd.GeoDataFrame(geometry=kept, crs=area.crs).rename_axis("cell")


def _checked_bounds(area: gpd.GeoDataFrame, size_m: float) -> npt.NDArray[np.float64]:
    if area.crs is None or not area.crs.is_projected or area.crs.axis_info[0].unit_name != "metre":
        raise InvalidInput(
            f"cells are measured in metres, the area is in {area.crs}; use to_crs('EPSG:4547')"
        )
    if not size_m > 0:
        raise InvalidInput(f"size_m {size_m} is no size; give metres above 0")
    if area.empty:
        raise InvalidInput("the area has no polygon; give at least one")
    return np.asarray(area.total_bounds)
