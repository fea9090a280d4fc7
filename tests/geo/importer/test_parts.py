"""Times, repeated ids, reports and the command itself."""

from __future__ import annotations

import csv
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import main
from geo.importer.repeats import SeenIds
from geo.importer.report import KEPT_PER_RULE, ImportReport
from geo.importer.report_files import write_report
from geo.importer.times import parse_times
from geo.model import Fault
from tests.builders import square
from tests.database import disposed


def times(*texts, zone="Asia/Shanghai", pattern=None):
    found = parse_times(np.array(texts, dtype=object), time_zone=zone, pattern=pattern)
    return [None if pd.isna(t) else t.isoformat() for t in found]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01 08:30",
        "2026-03-01T08:30:00",
        "2026-03-01T08:30:00+08:00",
        "2026-03-01 08:30:00 +0800",
        "2026-03-01T00:30:00Z",
        "2026/3/1 08:30",
        "2026/03/01 08:30:00",
        "2026年3月1日 08:30",
        "2026年03月01日08时30分",
        "2026.03.01 08:30",
        "20260301083000",
        " 2026-03-01 08:30:00.000 ",
    ],
)
def test_ways_to_write_a_time(text):
    assert times(text, None, "soon") == ["2026-03-01T00:30:00+00:00", None, None]


def test_ways_mixed_in_one_column():
    assert times("2026-03-01", "2026/3/1", "2026-03-01T00:00:00Z", "31.12.2026") == [
        "2026-02-28T16:00:00+00:00",
        "2026-02-28T16:00:00+00:00",
        "2026-03-01T00:00:00+00:00",
        None,
    ]


def test_a_pattern_of_the_users():
    assert times("03/04/2026 08:00", pattern="%d/%m/%Y %H:%M") == ["2026-04-03T00:00:00+00:00"]


def test_hours_that_the_clock_skips_or_shows_twice():
    assert times("2019-03-10 02:30", "2019-11-03 01:30", zone="America/Chicago") == [
        "2019-03-10T08:00:00+00:00",
        "2019-11-03T06:30:00+00:00",
    ]


@settings(deadline=None)
@given(st.lists(st.lists(st.one_of(st.none(), st.sampled_from("abcdefgh")), max_size=8), max_size=6))
def test_repeats_across_blocks(blocks):
    seen, before = SeenIds(), set()
    for block in blocks:
        expected = []
        for value in block:
            expected.append(value is not None and value in before)
            before.add(value)
        assert seen.repeated(np.array([*block, None], dtype=object)[:-1]).tolist() == expected


def test_all_faults_are_counted_and_the_first_thousand_kept():
    report = ImportReport("grids", "a.gpkg")
    report.faults.add(Fault(i, "code-repeated", "m") for i in range(KEPT_PER_RULE + 5))
    assert (report.faults.total, len(report.faults.kept), report.is_clean) == (
        KEPT_PER_RULE + 5,
        KEPT_PER_RULE,
        False,
    )


def test_a_report_on_disk_is_safe_for_spreadsheets(tmp_path):
    report = ImportReport("grids", "a.gpkg")
    report.faults.add(
        [
            Fault(
                3,
                "code-repeated",
                "=HYPERLINK(1)",
                column="code",
                value="@SUM(A1)",
                geometry=shapely.box(0, 0, 1, 1),
            ),
            Fault(None, "file-empty", "nothing"),
        ]
    )
    report.warnings.add([Fault(4, "x", "+1", value="-2+3", geometry=shapely.Point(0, 0))])
    written = write_report(report, tmp_path / "new" / "report", crs="EPSG:4490")
    assert [path.name for path in written] == ["report.json", "faults.csv", "faults.gpkg"]
    with written[1].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["severity"] for row in rows] == ["error", "error", "warning"]
    assert [rows[0]["message"], rows[0]["value"], rows[2]["value"]] == [
        "'=HYPERLINK(1)",
        "'@SUM(A1)",
        "'-2+3",
    ]
    assert json.loads(written[0].read_text(encoding="utf-8"))["faults"][0]["row"] == 3
    drawn = gpd.read_file(written[2])
    assert drawn["row"].tolist() == [3, 4]
    assert drawn.crs.to_epsg() == 4490


ZONE = """
[zone]
name = "测试区"
name_en = "Test"
code_prefix = "360371"
levels = [{ zh = "片区", en = "area" }, { zh = "村社", en = "village" }, { zh = "网格", en = "grid" }]
"""


@pytest.fixture
def wangge(new_database, monkeypatch, tmp_path):
    """The command, in a database of its own that serves a zone."""
    monkeypatch.setenv("DATABASE_URL", new_database().urls.owner)
    (tmp_path / "ZONE.toml").write_text(ZONE, encoding="utf-8")

    def run(*words):
        return CliRunner().invoke(main, [str(word) for word in words])

    assert run("init", tmp_path / "ZONE.toml").exit_code == 0
    return run


def grid_file(path, code="A", name="一"):
    gpd.GeoDataFrame({"BM": [code], "name": [name]}, geometry=[square(0, 0, 2)], crs="EPSG:4490").to_file(
        path
    )
    return path


def test_the_command_reports_then_writes(wangge, tmp_path):
    path = grid_file(tmp_path / "a.gpkg", name="[red]\x1b[31m片区")
    dry = wangge("import", "grids", path, "--level", 1, "--map", "code=BM")
    assert dry.exit_code == 0, dry.output
    assert "Nothing is written yet: 1 rows would be" in dry.output
    done = wangge(
        "import", "grids", path, "--level", "1", "--map", "code=BM", "--from", "2026-01-01", "--commit"
    )
    assert "Written: 1 rows (import run 1)" in done.output
    again = wangge("import", "grids", path, "--level", "1", "--map", "code=BM", "--commit")
    assert again.exit_code == 1
    assert "level 1 has 1 grids in force" in again.output


def test_the_command_fails_with_faults_and_keeps_the_report(wangge, tmp_path):
    path = grid_file(tmp_path / "a.gpkg", name=" ")
    failed = wangge("import", "grids", path, "--level", 1, "--commit", "--report", tmp_path / "out")
    assert failed.exit_code == 1
    assert "name-missing" in failed.output
    assert "Nothing is written: 1 faults" in failed.output
    assert json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))["written"] is False


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("grids", "none.gpkg", "--level", "1"), 1, "no such file"),
        (("grids", "PG:dbname=x", "--level", "1"), 1, "not a file on this machine"),
        (("grids", "a.gpkg", "--level", "1", "--map", "code"), 1, "not FIELD=COLUMN"),
        (("grids", "a.gpkg"), 2, "--level"),
        (("grids", "a.gpkg", "--level", "7"), 2, "--level"),
        (("incidents", "none.csv"), 1, "no such file"),
        (("buildings", "none.shp"), 1, "no such file"),
        (("neighbourhoods", "none.shp"), 1, "no such file"),
        (("basemap", "none.osm"), 1, "no such file"),
    ],
)
def test_the_command_in_the_wrong_hands(wangge, words, status, said):
    result = wangge("import", *words)
    assert result.exit_code == status
    assert said in result.output


def test_init_refuses_a_broken_zone_file(wangge, tmp_path):
    (tmp_path / "bad.toml").write_text("[zone]\nname = 3", encoding="utf-8")
    result = wangge("init", tmp_path / "bad.toml")
    assert result.exit_code == 1
    assert "zone.name" in result.output


def test_another_storage_crs_leaves_the_kinds_of_geometry_alone(wangge, new_database, monkeypatch, tmp_path):
    database = new_database()
    monkeypatch.setenv("DATABASE_URL", database.urls.owner)
    (tmp_path / "W.toml").write_text(
        ZONE.replace("levels", 'storage_crs = "EPSG:4326"\nlevels'), encoding="utf-8"
    )
    assert wangge("init", tmp_path / "W.toml").exit_code == 0
    query = text("""
        SELECT attrelid::regclass || '.' || attname, format_type(atttypid, atttypmod) FROM pg_attribute
        WHERE atttypid = 'geometry'::regtype AND attrelid::regclass::text IN ('water', 'road', 'grid')
    """)
    with disposed(database.urls.owner) as engine, engine.connect() as connection:
        kinds = dict(connection.execute(query).all())
    assert kinds == {
        "water.geom": "geometry(Geometry,4326)",
        "road.geom": "geometry(MultiLineString,4326)",
        "grid.geom": "geometry(MultiPolygon,4326)",
        "grid.label_point": "geometry(Point,4326)",
    }
