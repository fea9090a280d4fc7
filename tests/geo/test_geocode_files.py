"""A file of points over the demo zone, every row held against PostGIS."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from sqlalchemy import text
from sqlalchemy.orm import Session

import geo
from geo.geocode_files import geocode_file
from geo.ground import chain_locator
from tests.conftest import DEMO_DAY
from tests.database import TestDatabase, disposed

COUNT = 4000


def _first(table: str, which: str) -> str:
    return (
        f"(SELECT code FROM {table} t WHERE {which} AND valid @> CAST(:day AS date) "
        "AND ST_Covers(t.geom, p.geom) ORDER BY code LIMIT 1)"
    )


TRUTH = f"""
SELECT p.n, {_first("grid", "level = 1")}, {_first("grid", "level = 2")}, {_first("grid", "level = 3")},
    {_first("building", "true")}
FROM (SELECT n, ST_SetSRID(ST_MakePoint(x, y), 4490) AS geom
      FROM unnest(CAST(:ns AS int[]), CAST(:xs AS float8[]), CAST(:ys AS float8[])) AS t(n, x, y)) p
ORDER BY p.n
"""


@pytest.mark.parametrize("suffix", ["parquet", "csv", "gpkg"])
def test_every_row_is_where_postgis_has_it(demo_database: TestDatabase, tmp_path: Path, suffix: str) -> None:
    with disposed(demo_database.urls.owner) as engine, Session(engine) as session:
        chain = chain_locator(session, DEMO_DAY)
        grids = geo.grids_frame(session, level=3, as_of=DEMO_DAY)
        houses = geo.buildings_frame(session, as_of=DEMO_DAY)
        west, south, east, north = grids.total_bounds
        random = np.random.default_rng(11)
        inside = houses.geometry.sample(COUNT // 4, random_state=1).representative_point()
        corners = grids.geometry.get_coordinates().sample(COUNT // 4, random_state=2).to_numpy()
        scattered = random.uniform((west, south), (east, north), (COUNT // 2, 2))
        points = np.concatenate([scattered, np.column_stack([inside.x, inside.y]), corners])
        table = pa.table({"n": range(COUNT), "lon": points[:, 0], "lat": points[:, 1]})
        parquet.write_table(table, tmp_path / "in.parquet")
        geocode_file(tmp_path / "in.parquet", tmp_path / f"a.{suffix}", chain)
        again = geo.FileOptions(prefix="z_")
        geocode_file(tmp_path / f"a.{suffix}", tmp_path / "out.parquet", chain, again)
        values = {
            "day": DEMO_DAY,
            "ns": list(range(COUNT)),
            "xs": points[:, 0].tolist(),
            "ys": points[:, 1].tolist(),
        }
        truth = [tuple(row[1:]) for row in session.execute(text(TRUTH), values)]
    found = parquet.read_table(tmp_path / "out.parquet")
    names = ("z_grid1_code", "z_grid2_code", "z_grid3_code", "z_building_code")
    ours = list(zip(*(found[name].to_pylist() for name in names), strict=True))
    assert ours == truth
    assert found["n"].cast(pa.int64()).to_pylist() == list(range(COUNT))
    assert sum(row[3] is not None for row in truth) >= COUNT // 4
    assert any(row[2] is None for row in truth)
