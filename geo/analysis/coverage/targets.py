"""What posts are held for: grids, neighbourhoods, buildings and others, in one frame."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.analysis.coverage.hierarchy import chains

COLUMNS = ("target_kind", "target_code", "kind", "name", "grid_code", "level", "households", "population")


def targets(
    grids: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    neighbourhoods: gpd.GeoDataFrame,
    others: pd.DataFrame,
    *,
    wanted: pd.Series | None = None,
) -> gpd.GeoDataFrame:
    """List everything a post may be held for.

    Parameters
    ----------
    grids
        With ``population``.
    buildings, neighbourhoods, others
        As in :class:`geo.analysis.coverage.inputs.CoverageInputs`.

    wanted
        Whether each building is listed; all are when None.

    Returns
    -------
    GeoDataFrame
        Index ``target`` (kind and code, as assignments name it); ``target_kind``, ``target_code``, ``kind``,
        ``name``, ``grid_code`` (finest grid it lies in; itself, if it is one), ``level`` (of grids),
        ``unit_kind`` (kind of the second-level grid it lies in), ``households`` and ``population`` in it,
        ``geometry``: a point in it. A neighbourhood's figures are those of its buildings.
    """
    spots = grids.geometry.representative_point()
    parts = [
        _grids(grids, spots),
        _neighbourhoods(neighbourhoods, buildings, spots),
        _buildings(buildings if wanted is None else buildings[wanted]),
        _others(others, spots),
    ]
    found = pd.concat([part for part in parts if len(part)] or parts[:1])
    units = chains(grids).get(2, pd.Series(None, index=grids.index, dtype=object)).map(grids["kind"])
    found["unit_kind"] = found["grid_code"].map(units)
    return gpd.GeoDataFrame(found, geometry="geometry", crs=grids.crs)


def _grids(grids: gpd.GeoDataFrame, spots: gpd.GeoSeries) -> pd.DataFrame:
    columns = pd.DataFrame(grids[["kind", "name", "level", "households", "population"]])
    return _framed("grid", columns.assign(grid_code=grids.index), spots)


def _buildings(buildings: gpd.GeoDataFrame) -> pd.DataFrame:
    columns = pd.DataFrame(buildings[["kind", "name", "grid_code", "households"]])
    return _framed("building", columns.assign(population=buildings["residents"]), buildings.geometry)


def _neighbourhoods(
    neighbourhoods: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, spots: gpd.GeoSeries
) -> pd.DataFrame:
    inside = buildings.geometry.notna()
    held = pd.DataFrame(
        {
            "households": buildings["households"],
            "population": buildings["residents"],
            "x": buildings.geometry.x,
            "y": buildings.geometry.y,
        }
    )[inside].groupby(buildings.loc[inside, "neighbourhood_code"])
    summed = held[["households", "population"]].sum(min_count=1).reindex(neighbourhoods.index)
    columns = pd.DataFrame(neighbourhoods[["kind", "name", "grid_code"]]).assign(
        households=summed["households"].fillna(0), population=summed["population"]
    )
    middle = held[["x", "y"]].mean().reindex(neighbourhoods.index).to_numpy()
    outline = neighbourhoods.geometry.representative_point().to_numpy()
    point = np.where(np.isfinite(middle[:, 0]), _points(middle), outline)
    return _framed("neighbourhood", columns, _or_grid(point, columns["grid_code"], spots))


def _others(others: pd.DataFrame, spots: gpd.GeoSeries) -> pd.DataFrame:
    nowhere = np.full(len(others), None, dtype=object)
    columns = others.rename(columns={"residents": "population"})
    geometry = _or_grid(nowhere, others["grid_code"], spots)
    return columns.assign(level=np.nan, geometry=geometry)[[*COLUMNS, "geometry"]]


def _points(xy: Any) -> Any:
    points = np.full(len(xy), None, dtype=object)
    known = np.isfinite(xy[:, 0])
    points[known] = shapely.points(xy[known])
    return points


def _or_grid(points: Any, codes: pd.Series, spots: gpd.GeoSeries) -> Any:
    """Points where there are some, else a point in the grid."""
    return np.where(pd.isna(points), spots.reindex(codes.to_numpy()).to_numpy(), points)


def _framed(kind: str, columns: pd.DataFrame, geometry: Any) -> pd.DataFrame:
    """One of the parts, its geometry as plain objects: the frame of all makes one column of them."""
    codes = columns.index.to_numpy(dtype=object)
    rows = columns.assign(
        target_kind=kind,
        target_code=codes,
        level=columns["level"].astype("float64") if "level" in columns else np.nan,
        households=columns["households"].astype("float64"),
        population=columns["population"].astype("float64"),
        geometry=np.asarray(geometry, dtype=object),
    )
    index = pd.Index(f"{kind} " + codes, name="target", dtype=object)
    return rows[[*COLUMNS, "geometry"]].set_axis(index)
