"""Rows of the database's tables, made from the demo's frames."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.demo.generate import DemoZone
from geo.importer.common import area_m2, label_points
from geo.locate.index import Locator
from geo.model import Zone


def _multi(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return polygons and lines as multi-geometries, which the columns want."""
    kinds = shapely.get_type_id(shapes)
    result = shapes.copy()
    for single, build in ((3, shapely.multipolygons), (1, shapely.multilinestrings)):
        rows = np.flatnonzero(kinds == single)
        if len(rows):
            result[rows] = build(shapes[rows], indices=np.arange(len(rows)))
    return result


def _with_shapes(table: pd.DataFrame, shapes: NDArray[np.object_], crs: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        table, geometry=gpd.GeoSeries(shapes, crs=crs, index=table.index)
    ).rename_geometry("geom")


def grid_rows(made: DemoZone, zone: Zone, since: date, release: int) -> gpd.GeoDataFrame:
    """Rows of table ``grid``: all three levels, in force from `since`."""
    grids = made.grids
    shapes = grids.geometry.to_numpy()
    table = pd.DataFrame(grids[["code", "level", "kind", "name", "parent_code"]])
    table["area_m2"] = area_m2(shapes, zone=zone)
    table["valid"] = f"[{since.isoformat()},)"
    table["release_id"] = release
    table["label_point"] = gpd.GeoSeries(label_points(shapes, zone=zone), crs=grids.crs)
    return _with_shapes(table, _multi(shapes), grids.crs)


def basemap_rows(made: DemoZone) -> dict[str, gpd.GeoDataFrame]:
    """Rows of tables ``road``, ``water`` and ``land_use`` by role."""
    layers = {"roads": made.roads, "water": made.water, "land_use": made.land_use}
    return {
        role: _with_shapes(
            pd.DataFrame(layer[["kind", "name"]]), _multi(layer.geometry.to_numpy()), layer.crs
        )
        for role, layer in layers.items()
    }


def neighbourhood_rows(made: DemoZone) -> pd.DataFrame:
    """Rows of table ``neighbourhood``; each exists since its first building stands."""
    first = made.buildings.groupby("neighbourhood_code")["built_year"].min()
    table = made.neighbourhoods.copy()
    years = table["code"].map(first)
    table["valid"] = [f"[{int(year)}-01-01,)" for year in years]
    return table


def building_rows(made: DemoZone) -> gpd.GeoDataFrame:
    """Rows of table ``building``, each filed under its third-level grid."""
    stock = made.buildings
    shapes = stock.geometry.to_numpy()
    columns = [
        "code",
        "kind",
        "name",
        "neighbourhood_code",
        "floors",
        "households",
        "residents",
        "built_year",
    ]
    table = pd.DataFrame(stock[columns])
    points = shapely.point_on_surface(shapes)
    grid = third_level(made)
    rows = Locator.from_frame(grid).locate(lon=shapely.get_x(points), lat=shapely.get_y(points))
    table["grid_code"] = grid.index.to_numpy(dtype=object)[rows]
    table["label_point"] = gpd.GeoSeries(points, crs=stock.crs)
    table["valid"] = [f"[{year}-01-01,)" for year in stock["built_year"]]
    return _with_shapes(table, _multi(shapes), stock.crs)


def address_rows(made: DemoZone) -> pd.DataFrame:
    """Rows of table ``address``: one standard address a building."""
    table = made.buildings[["code", "address"]]
    return pd.DataFrame(table).rename(columns={"code": "building_code", "address": "text"})


def third_level(made: DemoZone) -> gpd.GeoDataFrame:
    """Return the third-level grids by code."""
    return made.grids[made.grids["level"] == 3].set_index("code")


def incident_rows(made: DemoZone, release: int, run: int) -> gpd.GeoDataFrame:
    """Rows of table ``incident``, each with its chain and building, or the reason why it has none.

    What was reported after the moment that the demo was made for lies in the future.
    """
    columns = ["category", "source", "state", "description", "address_text", "reported_at", "lon", "lat"]
    table = pd.DataFrame(made.incidents[columns])
    lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    unknown, at_zero = np.isnan(lon), (lon == 0.0) & (lat == 0.0)
    placed = ~(unknown | at_zero)
    points = np.full(len(table), None, dtype=object)
    points[placed] = shapely.points(lon[placed], lat[placed])
    grid3 = _located(third_level(made), lon, lat, placed)
    table["place_status"] = np.select(
        [unknown, at_zero, pd.isna(grid3)], ["no_coordinates", "null_island", "outside"], "inside"
    )
    moment = pd.Timestamp(made.now)
    table["time_status"] = np.where(table["reported_at"] > moment, "future", "plausible")
    for level, length in ((1, 9), (2, 12), (3, 15)):
        table[f"grid{level}_code"] = pd.Series([code and code[:length] for code in grid3], dtype=object)
    table["building_code"] = pd.Series(
        _located(made.buildings.set_index("code"), lon, lat, placed), dtype=object
    )
    table["release_id"] = pd.array(np.where(placed, release, 0), dtype="Int64")
    table.loc[~placed, "release_id"] = pd.NA
    table["import_id"] = run
    return _with_shapes(table, points, made.grids.crs)


def _located(
    layer: gpd.GeoDataFrame, lon: NDArray[np.float64], lat: NDArray[np.float64], placed: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Return the code of the polygon that holds each placed point, or None."""
    codes = np.array([*layer.index, None], dtype=object)
    rows = np.full(len(lon), -1)
    rows[placed] = Locator.from_frame(layer).locate(lon=lon[placed], lat=lat[placed])
    found: NDArray[np.object_] = codes[rows]
    return found


def hot_spot_rows(made: DemoZone) -> gpd.GeoDataFrame:
    """Rows of table ``planted_hot_spot``."""
    spots = made.hot_spots
    table = pd.DataFrame(spots.drop(columns=["lon", "lat"]))
    return _with_shapes(table, shapely.points(spots["lon"], spots["lat"]), made.grids.crs)
