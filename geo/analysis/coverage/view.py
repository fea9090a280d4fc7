"""View: which ground, households and cases online cameras see, and which nobody sees."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.analysis.coverage.hierarchy import roll_up
from geo.analysis.coverage.reach import check_metric
from geo.analysis.density import rate

#: State of a camera that shows something.
ONLINE = "online"
#: A view ends at a wall: a building is seen when a view comes as near as this to its footprint, metres.
NEAR_M = 1.0
#: Homes that reach farther than this from the point they are filed by are looked for no farther, metres.
FOOTPRINT_M = 100.0
#: Corners of a sector's arc are no farther apart than this, degrees.
STEP_DEG = 5.0


def views(cameras: gpd.GeoDataFrame, metric_crs: str) -> gpd.GeoSeries:
    """Give the ground that each online camera sees.

    The surveyed ``view`` where there is one; else the sector of :func:`sectors`, as if nothing stood in it.

    Parameters
    ----------
    cameras
        As :func:`geo.places.cameras_frame` gives them.
    metric_crs
        Projected CRS in metres that sectors are drawn in.

    Returns
    -------
    GeoSeries
        Polygons by code of camera, in the CRS of ``cameras``.
    """
    online = cameras[cameras["state"] == ONLINE]
    seen = gpd.GeoSeries(online["view"], crs=cameras.crs)
    guessed = online[seen.isna()]
    drawn = sectors(guessed.to_crs(metric_crs)).to_crs(cameras.crs) if len(guessed) else seen.iloc[:0]
    return gpd.GeoSeries(pd.concat([seen[seen.notna()], drawn]), crs=cameras.crs).reindex(online.index)


def sectors(cameras: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Draw the sector each camera looks into: its direction, opening angle and range.

    Parameters
    ----------
    cameras
        Points in a projected CRS in metres; ``direction_deg`` clockwise from grid north (NaN: all round),
        ``angle_deg``, ``range_m``.

    Returns
    -------
    GeoSeries
        Polygons, aligned; arcs have a corner every 5 degrees or less.

    Examples
    --------
    >>> east = gpd.GeoDataFrame({"direction_deg": [90.0], "angle_deg": [90.0], "range_m": [100.0]},
    ...     geometry=gpd.GeoSeries.from_xy([0], [0]), crs="EPSG:4547")
    >>> sectors(east).bounds.round(1).iloc[0].tolist()
    [0.0, -70.7, 100.0, 70.7]
    """
    check_metric(cameras.geometry)
    rows = zip(
        cameras.geometry.x,
        cameras.geometry.y,
        cameras["direction_deg"],
        cameras["angle_deg"],
        cameras["range_m"],
        strict=True,
    )
    return gpd.GeoSeries([_sector(*row) for row in rows], index=cameras.index, crs=cameras.crs)


def _sector(x: float, y: float, direction: float, angle: float, reach: float) -> shapely.Polygon:
    whole = not np.isfinite(direction) or angle >= 360
    middle, width = (0.0, 360.0) if whole else (direction, angle)
    steps = int(np.ceil(width / STEP_DEG)) + 1
    turn = np.radians(np.linspace(middle - width / 2, middle + width / 2, steps))
    arc = np.column_stack([x + reach * np.sin(turn), y + reach * np.cos(turn)])
    return shapely.Polygon(arc[:-1] if whole else np.vstack([[(x, y)], arc]))


def seen_ground(grids: gpd.GeoSeries, seen: gpd.GeoSeries) -> gpd.GeoSeries:
    """Give the part of each grid that lies in at least one view.

    Parameters
    ----------
    grids, seen
        Polygons in one projected CRS in metres.

    Returns
    -------
    GeoSeries
        Aligned with ``grids``; empty polygons where nothing is seen.
    """
    check_metric(grids)
    shapes = _valid(seen.to_numpy())
    view, grid = grids.sindex.query(shapes, predicate="intersects")
    pieces = shapely.intersection(grids.to_numpy()[grid], shapes[view])
    # Views that do not touch are many, and need no overlay with one another.
    order = np.argsort(grid, kind="stable")
    ends = np.cumsum(np.bincount(grid, minlength=len(grids)))
    groups = np.split(pieces[order], ends[:-1]) if len(grids) else []
    return gpd.GeoSeries(
        [shapely.disjoint_subset_union_all(group) for group in groups], index=grids.index, crs=grids.crs
    )


def blind_spots(grids: gpd.GeoSeries, seen: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Give the part of each grid that no view covers.

    Parameters
    ----------
    grids
        Polygons in a projected CRS in metres.
    seen
        What :func:`seen_ground` gives for them.

    Returns
    -------
    GeoDataFrame
        Aligned with ``grids``: ``area_m2`` out of view, its ``share`` of the grid (0 to 1), ``geometry``.
    """
    check_metric(grids)
    blind = grids.difference(seen, align=False)
    return gpd.GeoDataFrame(
        {"area_m2": blind.area, "share": rate(blind.area, grids.area)}, geometry=blind, crs=grids.crs
    )


def in_view(points: gpd.GeoSeries, seen: gpd.GeoSeries) -> pd.Series:
    """Say which points lie in a view, its edge included.

    Parameters
    ----------
    points, seen
        Points and polygons in one CRS.

    Returns
    -------
    pandas.Series
        bool, aligned with ``points``.
    """
    _, hit = points.sindex.query(seen.to_numpy(), predicate="covers")
    return _marked(hit, points.index)


def buildings_in_view(footprints: gpd.GeoSeries, seen: gpd.GeoSeries) -> pd.Series:
    """Say which buildings are seen: a view comes within 1 m of their footprint.

    Parameters
    ----------
    footprints
        Polygons in a projected CRS in metres; missing ones are not seen.
    seen
        Views in the same CRS.

    Returns
    -------
    pandas.Series
        bool, aligned with ``footprints``.
    """
    check_metric(footprints)
    _, hit = footprints.sindex.query(seen.to_numpy(), predicate="dwithin", distance=NEAR_M)
    return _marked(hit, footprints.index)


def view_share(grids: gpd.GeoDataFrame, seen: gpd.GeoSeries) -> pd.Series:
    """Relate the ground in view to the area of each grid.

    Parameters
    ----------
    grids
        Of all levels, indexed by code; columns ``level``, ``parent_code`` and ``area_km2``.
    seen
        What :func:`seen_ground` gives for those of the finest level.

    Returns
    -------
    pandas.Series
        0 to 1, aligned with ``grids``; above the finest level that of the grids below together.
    """
    area = roll_up(seen.area.to_frame("m2"), grids)["m2"]
    return rate(area, grids["area_km2"] * 1e6).clip(upper=1.0).rename("view_share")


def _marked(rows: npt.NDArray[np.intp], index: pd.Index) -> pd.Series:
    found = np.zeros(len(index), dtype=bool)
    found[rows] = True
    return pd.Series(found, index=index)


def _valid(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Mend what the change of CRS bent into itself."""
    bent = ~shapely.is_valid(shapes)
    if bent.any():
        shapes = shapes.copy()
        shapes[bent] = shapely.make_valid(shapes[bent], method="structure")
    return shapes
