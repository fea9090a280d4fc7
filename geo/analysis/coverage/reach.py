"""Reach: how far it is, in a straight line, from each building to what serves it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geo.analysis.coverage.hierarchy import mean_by_grid
from geo.errors import InvalidInput


def reach(buildings: gpd.GeoSeries, places: gpd.GeoSeries, reach_m: float) -> pd.DataFrame:
    """Measure the straight line from each building to the nearest place, and count those within reach.

    Parameters
    ----------
    buildings
        Points in a projected CRS in metres.
    places
        Points in the same CRS: open service sites, teams …
    reach_m
        How far a place is held to reach, metres; it reaches what lies at exactly this distance.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``buildings``: ``distance_m`` to the nearest place (NaN when there is none) and ``near``:
        the number of places within reach.

    Raises
    ------
    InvalidInput
        The CRS do not agree or do not measure in metres.

    Examples
    --------
    >>> houses = gpd.GeoSeries.from_xy([0, 3000], [0, 0], crs="EPSG:4547")
    >>> reach(houses, gpd.GeoSeries.from_xy([300, 1000], [400, 0], crs="EPSG:4547"), 1000)
       distance_m  near
    0       500.0     2
    1      2000.0     0
    """
    check_metric(buildings)
    if buildings.crs != places.crs:
        raise InvalidInput(f"buildings are in {buildings.crs}, places in {places.crs}; bring both to one CRS")
    distance, near = np.full(len(buildings), np.nan), np.zeros(len(buildings), dtype="int64")
    if len(places) and len(buildings):
        tree, points = cKDTree(_xy(places)), _xy(buildings)
        distance = tree.query(points)[0]
        near = tree.query_ball_point(points, reach_m, return_length=True)
    return pd.DataFrame({"distance_m": distance, "near": near}, index=buildings.index)


def site_reach(found: pd.DataFrame, buildings: pd.DataFrame, grids: pd.DataFrame) -> pd.DataFrame:
    """Say for each grid which part of it lies within reach of an open site.

    Parameters
    ----------
    found
        What :func:`reach` gives for the open sites.
    buildings
        Aligned with it; columns ``grid_code`` and ``households``.
    grids
        Of all levels, indexed by code; columns ``level`` and ``parent_code``.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``grids``: ``in_reach_share`` of its households and ``buildings_in_reach_share`` of its
        buildings, 0 to 1; ``site_distance_m``: mean distance of its households to the nearest open site,
        metres. NaN where there are no households, or buildings, or open sites.
    """
    values = pd.DataFrame({"in_reach_share": found["near"] > 0, "site_distance_m": found["distance_m"]})
    means = mean_by_grid(values, buildings["households"], buildings["grid_code"], grids)
    each = pd.Series(1.0, index=buildings.index)
    plain = mean_by_grid(values[["in_reach_share"]], each, buildings["grid_code"], grids)
    return means.assign(buildings_in_reach_share=plain["in_reach_share"])


def check_metric(shapes: gpd.GeoSeries) -> None:
    """Refuse geometries that are not measured in metres.

    Raises
    ------
    InvalidInput
        Their CRS is not a projected one in metres.
    """
    crs = shapes.crs
    if crs is None or not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise InvalidInput(
            f"distances and areas are in metres, the geometries in {crs}; use to_crs('EPSG:4547')"
        )


def _xy(points: gpd.GeoSeries) -> npt.NDArray[np.float64]:
    xy: npt.NDArray[np.float64] = shapely.get_coordinates(points.to_numpy())
    return xy
