"""Points to third-level grids, one level: our index and its peers on the same points."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import text

import geo
from bench.ground import Ground
from bench.measuring import Comparison, rates

TITLE = "Point → grid"
POINTS = 500_000


def measure(ground: Ground) -> list[Comparison]:
    grids, points = ground.grids, ground.points(POINTS)
    locator = geo.Locator.from_frame(grids)
    frame = gpd.GeoDataFrame(geometry=shapely.points(points), crs=grids.crs)
    polygons = grids.geometry.to_numpy()
    shapely.prepare(polygons)
    tree = shapely.STRtree(polygons)
    _store_points(ground, points)
    work = {
        "geo.Locator": lambda: locator.locate(lon=points[:, 0], lat=points[:, 1]),
        "geopandas.sjoin": lambda: frame.sjoin(grids[["geometry"]], predicate="within"),
        "shapely.STRtree": lambda: tree.query(shapely.points(points), predicate="within"),
        "PostGIS ST_Covers": lambda: _joined(ground),
    }
    figures = {name: rate / 1e6 for name, rate in rates(work, amount=POINTS, rounds=3).items()}
    note = "From arrays of longitude and latitude; PostGIS counts its matches, points stored and indexed."
    return [Comparison(f"{POINTS:,} uniform points, {len(grids)} grids", "M points/s", figures, True, note)]


def _store_points(ground: Ground, points: np.ndarray) -> None:
    path = ground.folder / "points.csv"
    np.savetxt(path, points, delimiter=",", fmt="%.17g")
    with ground.engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE bench_point (lon float8, lat float8, geom geometry(Point, 4490))")
        )
        with path.open("rb") as file, connection.connection.cursor() as cursor:
            cursor.copy_expert("COPY bench_point (lon, lat) FROM STDIN WITH (FORMAT csv)", file)
        connection.execute(text("UPDATE bench_point SET geom = ST_SetSRID(ST_MakePoint(lon, lat), 4490)"))
        connection.execute(text("CREATE INDEX ON bench_point USING gist (geom)"))
    with ground.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE bench_point"))


def _joined(ground: Ground) -> int:
    query = "SELECT count(*) FROM bench_point p JOIN grid g ON g.level = 3 AND ST_Covers(g.geom, p.geom)"
    with ground.engine.connect() as connection:
        return int(connection.scalar(text(query)) or 0)
