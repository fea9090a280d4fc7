"""What others offer to find the polygons of points, each as fast as it can be had.

A peer is made with a layer and points, indexes built and points in its own form; then it is asked for every
pair of point and polygon, as its own kind of result; ``pairs`` makes arrays of it, untimed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import duckdb_extension_spatial
import geopandas as gpd
import numpy as np
import pyarrow as pa
import sedonadb
import shapely
from numpy.typing import NDArray

from bench.ground import Ground
from bench.postgis import PostgisJoin

Points = NDArray[np.float64]
Pairs = tuple[NDArray[np.intp], NDArray[np.intp]]
_JOIN = "SELECT point.id, polygon.id AS row FROM point JOIN polygon ON ST_Covers(polygon.geom, point.geom)"


@dataclass(frozen=True)
class Peer:
    """One way to find the polygons of points.

    Attributes
    ----------
    ask
        What is timed.
    pairs
        From what ``ask`` gave: positions of points, and of the rows of the layer that hold them.
    covers_borders
        Whether it counts a point on a border as held.
    """

    name: str
    ask: Callable[[], Any]
    pairs: Callable[[Any], Pairs]
    covers_borders: bool = True


def all_peers(ground: Ground, layer: gpd.GeoDataFrame, points: Points) -> list[Peer]:
    """Every peer on the same polygons and points; points have shape (n, 2)."""
    makers = (geopandas_sjoin, shapely_tree, sedona, duckdb_spatial)
    return [*(make(layer, points) for make in makers), postgis(ground, layer, points)]


def geopandas_sjoin(layer: gpd.GeoDataFrame, points: Points) -> Peer:
    """A spatial join; of the predicates "within" is several times faster than those that take borders in."""
    polygons = gpd.GeoDataFrame(geometry=layer.geometry.to_numpy(), crs=layer.crs)
    frame = gpd.GeoDataFrame(geometry=shapely.points(points), crs=layer.crs)

    def pairs(joined: gpd.GeoDataFrame) -> Pairs:
        return joined.index.to_numpy(), joined["index_right"].to_numpy()

    def ask() -> gpd.GeoDataFrame:
        return frame.sjoin(polygons, predicate="within")

    return Peer("geopandas.sjoin", ask, pairs, covers_borders=False)


def shapely_tree(layer: gpd.GeoDataFrame, points: Points) -> Peer:
    """A tree of the polygons' boxes, then the prepared polygons: faster than a query with a predicate."""
    polygons = layer.geometry.to_numpy()
    shapely.prepare(polygons)
    tree, shapes = shapely.STRtree(polygons), shapely.points(points)
    xs, ys = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])

    def ask() -> Pairs:
        point, row = tree.query(shapes)
        held = shapely.intersects_xy(polygons[row], xs[point], ys[point])
        return point[held], row[held]

    return Peer("shapely.STRtree, prepared", ask, lambda found: found)


def sedona(layer: gpd.GeoDataFrame, points: Points) -> Peer:
    """SedonaDB: points stored as geometries; its choice of library and preparation was the fastest of all."""
    context = sedonadb.connect()
    polygons = gpd.GeoDataFrame({"id": np.arange(len(layer))}, geometry=layer.geometry.to_numpy())
    context.create_data_frame(polygons.rename_geometry("geom")).to_memtable().to_view("polygon")
    context.create_data_frame(_table(points)).to_view("place")
    context.sql("SELECT id, ST_Point(lon, lat) AS geom FROM place").to_memtable().to_view("point")
    return Peer("SedonaDB ST_Covers", lambda: context.sql(_JOIN).to_arrow_table(), _arrow_pairs)


def duckdb_spatial(layer: gpd.GeoDataFrame, points: Points) -> Peer:
    """DuckDB: points stored as geometries, joined by its operator for spatial joins."""
    folder = Path(duckdb_extension_spatial.__path__[0])
    extension = next(folder.rglob("spatial.duckdb_extension"))
    # The extension comes with the package; nothing may be fetched at run time.
    asked = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    connection = duckdb.connect(config=asked)
    connection.load_extension(str(extension))
    shapes = pa.table({"id": np.arange(len(layer)), "wkb": shapely.to_wkb(layer.geometry.to_numpy())})
    connection.register("shape", shapes)
    connection.register("place", _table(points))
    connection.execute("CREATE TABLE polygon AS SELECT id, ST_GeomFromWKB(wkb) AS geom FROM shape")
    connection.execute("CREATE TABLE point AS SELECT id, ST_Point(lon, lat) AS geom FROM place")
    return Peer("DuckDB ST_Covers", lambda: connection.execute(_JOIN).to_arrow_table(), _arrow_pairs)


def postgis(ground: Ground, layer: gpd.GeoDataFrame, points: Points) -> Peer:
    """PostGIS: counts its pairs, which spares it handing them over."""
    join = PostgisJoin(ground.engine, layer.geometry.to_numpy(), points)
    return Peer("PostGIS ST_Covers", join.count, lambda _: join.pairs())


def first_rows(pairs: Pairs, count: int, rank: NDArray[np.intp]) -> NDArray[np.int32]:
    """By the rule for borders: of the rows that hold each point the one of lowest rank; -1 for none."""
    point, row = pairs
    best = np.full(count, len(rank), dtype=np.int64)
    np.minimum.at(best, point, rank[row])
    return np.append(np.argsort(rank), -1)[best].astype(np.int32)


def _table(points: Points) -> pa.Table:
    return pa.table({"id": np.arange(len(points)), "lon": points[:, 0].copy(), "lat": points[:, 1].copy()})


def _arrow_pairs(table: pa.Table) -> Pairs:
    return table["id"].to_numpy(), table["row"].to_numpy()
