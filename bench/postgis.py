"""PostGIS at its best: points and polygons in tables with GiST indexes, joined by parallel workers."""

from __future__ import annotations

import io
import os
from itertools import count

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, text

_numbers = count()
#: Small tables, too, are worth workers here.
_PARALLEL = {
    "max_parallel_workers_per_gather": os.cpu_count(),
    "min_parallel_table_scan_size": 0,
    "min_parallel_index_scan_size": 0,
    "parallel_setup_cost": 0,
    "parallel_tuple_cost": 0,
}


class PostgisJoin:
    """A layer and points in tables of their own.

    Parameters
    ----------
    shapes
        Polygons, None where there is none.
    points
        Shape (n, 2).
    """

    def __init__(self, engine: Engine, shapes: NDArray[np.object_], points: NDArray[np.float64]) -> None:
        self._engine = engine
        held = np.flatnonzero(~shapely.is_missing(shapes))
        polygons = _store(engine, held, shapes[held])
        places = _store(engine, np.arange(len(points)), shapely.points(points))
        self._join = f"FROM {places} point JOIN {polygons} polygon ON ST_Covers(polygon.geom, point.geom)"

    def count(self) -> int:
        """Number of pairs of point and polygon that holds it."""
        with self._connection() as connection:
            return int(connection.scalar(text(f"SELECT count(*) {self._join}")) or 0)

    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Positions of points, and of the polygons that hold them."""
        with self._connection() as connection:
            found = connection.execute(text(f"SELECT point.id, polygon.id {self._join}")).all()
        table = np.array(found, dtype=np.intp).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def plan(self) -> str:
        """How the database goes about it."""
        with self._connection() as connection:
            return "\n".join(connection.scalars(text(f"EXPLAIN SELECT count(*) {self._join}")))

    def _connection(self) -> Connection:
        connection = self._engine.connect()
        for setting, value in _PARALLEL.items():
            connection.execute(text(f"SET LOCAL {setting} = {value}"))
        return connection


def _store(engine: Engine, ids: NDArray[np.intp], shapes: NDArray[np.object_]) -> str:
    """A table with an index; returns its name."""
    name = f"bench_{next(_numbers)}"
    lines = "".join(f"{i}\t{shape}\n" for i, shape in zip(ids, shapely.to_wkb(shapes, hex=True), strict=True))
    with engine.begin() as connection, connection.connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {name} (id int, geom geometry)")
        cursor.copy_expert(f"COPY {name} FROM STDIN", io.StringIO(lines))
        cursor.execute(f"CREATE INDEX ON {name} USING gist (geom)")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM ANALYZE {name}"))
    return name
