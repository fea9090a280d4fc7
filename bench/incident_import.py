"""A register of incidents from CSV: committed, located in every level, indexed."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import text

from bench.ground import TODAY, Ground
from bench.measuring import Comparison
from geo.importer.incidents import IncidentImport, import_incidents
from geo.importer.session import import_session

TITLE = "Import of incidents"
ROWS = 1_000_000

# What an experienced hand would write in SQL: COPY into a staging table, one insert with three joins.
PEER = """
INSERT INTO bench_incident (category, source, state, reported_at, lon, lat, geom, place_status,
    grid1_code, grid2_code, grid3_code)
SELECT category, 'import', 'reported', reported_at, lon, lat, place.geom,
    CASE WHEN g3.code IS NULL THEN 'outside' ELSE 'inside' END, g1.code, g2.code, g3.code
FROM bench_staging, LATERAL (SELECT ST_SetSRID(ST_MakePoint(lon, lat), 4490) AS geom) place
LEFT JOIN grid g3 ON g3.level = 3 AND ST_Covers(g3.geom, place.geom)
LEFT JOIN grid g2 ON g2.code = g3.parent_code
LEFT JOIN grid g1 ON g1.code = g2.parent_code
"""


def measure(ground: Ground) -> list[Comparison]:
    path = _register(ground)
    ours, peer = _timed(lambda: _import(ground, path)), _timed(lambda: _insert(ground, path))
    figures = {"wangge import incidents": ours, "COPY and INSERT … SELECT with ST_Covers": peer}
    note = (
        "Once each. The import also checks every row, finds the building, refuses repeated ids and all of it "
        "is one transaction; the peer only fills a table with the same indexes."
    )
    return [Comparison(f"{ROWS:,} rows of CSV", "s", figures, False, note)]


def _register(ground: Ground) -> Path:
    random = np.random.default_rng(2)
    points = ground.points(ROWS, seed=2)
    with ground.engine.connect() as connection:
        query = "SELECT code FROM incident_category WHERE parent_code IS NOT NULL ORDER BY code"
        categories = np.array(connection.scalars(text(query)).all(), dtype=object)
    day = pd.Timestamp(TODAY, tz="Asia/Shanghai") - pd.to_timedelta(
        random.integers(0, 730 * 86400, ROWS), unit="s"
    )
    path = ground.folder / "register.csv"
    pd.DataFrame(
        {
            "id": np.arange(ROWS),
            "time": day.strftime("%Y-%m-%dT%H:%M:%S+08:00"),
            "category": random.choice(categories, ROWS),
            "lon": points[:, 0].round(7),
            "lat": points[:, 1].round(7),
        }
    ).to_csv(path, index=False)
    return path


def _import(ground: Ground, path: Path) -> None:
    with import_session(ground.urls.loader) as session:
        report = import_incidents(session, path, IncidentImport(), commit=True)
        if not report.is_clean:
            raise SystemExit(f"the register was refused: {report.faults[:3]}")
        session.commit()


def _insert(ground: Ground, path: Path) -> None:
    with ground.engine.begin() as connection:
        connection.execute(text("CREATE TABLE bench_incident (LIKE incident INCLUDING ALL)"))
        columns = "id int, reported_at timestamptz, category text, lon float8, lat float8"
        connection.execute(text(f"CREATE TEMPORARY TABLE bench_staging ({columns}) ON COMMIT DROP"))
        with path.open("rb") as file, connection.connection.cursor() as cursor:
            cursor.copy_expert("COPY bench_staging FROM STDIN WITH (FORMAT csv, HEADER)", file)
        connection.execute(text(PEER))


def _timed(work: object) -> float:
    start = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - start
