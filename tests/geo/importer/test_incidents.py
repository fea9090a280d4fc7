"""Importing registers of incidents: everything kept and marked, all or nothing, again without harm."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from psycopg2.errors import CheckViolation
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.boundaries.read import ReadOptions
from geo.crs import from_storage_xy
from geo.errors import InvalidFile, InvalidInput, StoreUnavailable
from geo.importer.incidents import IncidentImport, import_incidents
from geo.importer.session import import_session
from tests import builders
from tests.builders import PREFIX
from tests.database import disposed

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
HEAD = "id,time,category,lon,lat,description,address\n"
IN = "113.805,27.605"


def register(path, *lines, head=HEAD):
    path.write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def load(session, path, *, commit=True, **options):
    read = ReadOptions(**{k: options.pop(k) for k in ("crs", "mapping", "encoding", "layer") if k in options})
    return import_incidents(session, path, IncidentImport(read=read, **options), commit=commit, now=NOW)


def rules(findings):
    return [(fault.row, fault.rule) for fault in findings.kept]


def stored(session, columns):
    return [
        tuple(row) for row in session.execute(text(f"SELECT {columns} FROM incident ORDER BY external_id"))
    ]


def test_every_incident_is_kept_and_marked(loader_with_grids, tmp_path):
    path = register(
        tmp_path / "r.csv",
        f"1,2026-03-01 08:00,dispute,{IN},路灯不亮,光明路3号",
        "2,2026-03-01 08:00,dispute,114.5,27.6,,",
        "3,2026-03-01 08:00,dispute,,,,",
        "4,2026-03-01 08:00,dispute,0,0,,",
        f"5,2027-03-01 08:00,dispute,{IN},,",
        "6,2026-03-01 08:00,dispute,500,27.6,,",
        "7,2026-03-01 08:00,dispute,abc,27.6,,",
    )
    report = load(loader_with_grids, path)
    assert report.is_written
    assert report.rows_to_write == 7
    chain = (f"{PREFIX}001", f"{PREFIX}001001", f"{PREFIX}001001001")
    nowhere = (None, None, None)
    rows = stored(
        loader_with_grids, "place_status, time_status, geom IS NULL, grid1_code, grid2_code, grid3_code"
    )
    assert rows == [
        ("inside", "plausible", False, *chain),
        ("outside", "plausible", False, *nowhere),
        ("no_coordinates", "plausible", True, *nowhere),
        ("null_island", "plausible", True, *nowhere),
        ("inside", "future", False, *chain),
        ("no_coordinates", "plausible", True, *nowhere),
        ("no_coordinates", "plausible", True, *nowhere),
    ]
    assert stored(loader_with_grids, "lon, lat")[5] == (500.0, 27.6), "kept as sent"
    assert report.figures["outside every grid"] == 1
    assert report.figures["coordinates not on Earth (kept without place)"] == 1
    first = stored(loader_with_grids, "reported_at, description, address_text, source, state, import_source")[
        0
    ]
    assert first == (
        datetime(2026, 3, 1, 0, 0, tzinfo=UTC),
        "路灯不亮",
        "光明路3号",
        "import",
        "reported",
        "r",
    )
    steps = loader_with_grids.execute(text("SELECT number, state, at FROM incident_step")).all()
    assert len(steps) == 7
    assert steps[0][:2] == (1, "reported")


def test_a_dry_run_writes_nothing(loader_with_grids, tmp_path):
    path = register(tmp_path / "r.csv", f"1,2026-03-01,dispute,{IN},,")
    report = load(loader_with_grids, path, commit=False)
    assert (report.rows_to_write, report.is_written) == (1, False)
    assert stored(loader_with_grids, "id") == []
    assert loader_with_grids.scalar(text("SELECT count(*) FROM import_run")) == 0


def test_one_fault_and_nothing_is_written(loader_with_grids, tmp_path, monkeypatch):
    monkeypatch.setattr("geo.boundaries.tables._BLOCK_BYTES", 2000)
    lines = [f"{i},2026-03-01 08:00,dispute,{IN},{'x' * 50}," for i in range(500)]
    path = register(tmp_path / "r.csv", *lines, f"500,whenever,dispute,{IN},,")
    report = load(loader_with_grids, path)
    assert rules(report.faults) == [(501, "time-unreadable")]
    assert not report.is_written
    assert stored(loader_with_grids, "id") == []
    assert loader_with_grids.scalar(text("SELECT count(*) FROM import_run")) == 0
    good = register(tmp_path / "good.csv", *lines)
    assert load(loader_with_grids, good).is_written
    assert len(stored(loader_with_grids, "id")) == 500


def test_nothing_is_left_when_the_server_refuses_midway(new_database, tmp_path, monkeypatch):
    monkeypatch.setattr("geo.boundaries.tables._BLOCK_BYTES", 2000)
    database = new_database()
    with disposed(database.urls.owner) as engine, Session(engine) as session:
        builders.add_partition(session)
        session.execute(text("ALTER TABLE incident ADD CHECK (description <> 'poison')"))
        session.commit()
    lines = [f"{i},2026-03-01 08:00,dispute,{IN},{'x' * 50}," for i in range(300)]
    path = register(tmp_path / "r.csv", *lines, f"300,2026-03-01 08:00,dispute,{IN},poison,")
    with (
        import_session(database.urls.loader) as session,
        pytest.raises(CheckViolation, match="violates check constraint"),
    ):
        load(session, path)
    with disposed(database.urls.owner) as engine, engine.connect() as connection:
        for table in ("incident", "incident_step", "import_run"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
    with import_session(database.urls.loader) as session:
        assert load(session, register(tmp_path / "r.csv", *lines)).is_written
        session.commit()
    with disposed(database.urls.owner) as engine, engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM incident")) == 300
        assert connection.scalar(text("SELECT count(*) FROM incident_step")) == 300


def test_importing_again_skips_what_is_known(loader_with_grids, tmp_path):
    first = register(tmp_path / "r.csv", f"1,2026-03-01,dispute,{IN},,", f"2,2026-03-01,dispute,{IN},,")
    load(loader_with_grids, first, register="hotline")
    second = register(tmp_path / "s.csv", f"2,2026-03-01,dispute,{IN},,", f"3,2026-03-01,dispute,{IN},,")
    report = load(loader_with_grids, second, register="hotline")
    assert (report.rows_to_write, report.figures["known already, skipped"]) == (1, 1)
    assert [row[0] for row in stored(loader_with_grids, "external_id")] == ["1", "2", "3"]
    assert load(loader_with_grids, second, register="another").rows_to_write == 2


def test_ids_that_repeat(loader_with_grids, tmp_path):
    lines = [f"{i},2026-03-01,dispute,{IN},," for i in (1, 2, 1, 3, 2, 1)]
    report = load(loader_with_grids, register(tmp_path / "r.csv", *lines))
    assert rules(report.faults) == [(3, "id-repeated"), (5, "id-repeated"), (6, "id-repeated")]


def test_unknown_categories_name_every_value_once(loader_with_grids, tmp_path):
    lines = [
        f"{i},2026-03-01,{c},{IN},," for i, c in enumerate(["dispute", "ufo", "ufo", "", "ghost", "邻里纠纷"])
    ]
    path = register(tmp_path / "r.csv", *lines)
    report = load(loader_with_grids, path)
    assert rules(report.faults) == [(2, "category-unknown"), (4, "category-missing"), (5, "category-unknown")]
    assert "rows 2, 3" in report.faults.kept[0].message
    assert "--add-categories" in report.faults.kept[0].message
    assert stored(loader_with_grids, "id") == []
    assert load(loader_with_grids, path, category="hardship").is_written
    assert [row[0] for row in stored(loader_with_grids, "category")] == [
        "dispute",
        *["hardship"] * 4,
        "dispute",
    ]


def test_categories_added_under_a_service_kind(loader_with_grids, tmp_path):
    lines = [f"{i},2026-03-01,{c},{IN},," for i, c in enumerate(["ufo", "ghost", "dispute"])]
    path = register(tmp_path / "r.csv", *lines)
    report = load(loader_with_grids, path, add_categories="governance")
    assert report.is_written
    assert "categories added to the list: ghost, ufo" in report.notes
    query = text("SELECT code FROM incident_category WHERE parent_code = 'governance' ORDER BY code")
    assert list(loader_with_grids.scalars(query)) == ["dispute", "ghost", "ufo"]


@pytest.mark.parametrize(
    "options",
    [{"category": "nonsense"}, {"add_categories": "nonsense"}, {"source": "nonsense"}, {"state": "nonsense"}],
)
def test_options_name_entries_of_the_lists(loader_with_grids, tmp_path, options):
    path = register(tmp_path / "r.csv", f"1,2026-03-01,dispute,{IN},,")
    with pytest.raises(InvalidInput, match="'nonsense' is on no list; use one of"):
        load(loader_with_grids, path, **options)


def test_columns_that_are_needed(loader_with_grids, tmp_path):
    path = register(tmp_path / "r.csv", f"1,dispute,{IN}", head="id,category,lon,lat\n")
    with pytest.raises(InvalidInput, match="no column of times"):
        load(loader_with_grids, path)
    path = register(tmp_path / "r.csv", f"1,2026-03-01,{IN}", head="id,time,lon,lat\n")
    with pytest.raises(InvalidInput, match="no column of categories"):
        load(loader_with_grids, path)
    assert load(loader_with_grids, path, category="dispute").is_written


def test_files_without_rows_ids_or_grids_say_so(loader, tmp_path):
    assert rules(load(loader, register(tmp_path / "r.csv")).faults) == [(None, "file-empty")]
    path = register(tmp_path / "r.csv", f"2026-03-01,dispute,{IN}", head="time,category,lon,lat\n")
    report = load(loader, path)
    assert rules(report.warnings) == [(None, "no-grids"), (None, "no-ids")]
    assert stored(loader, "place_status") == [("outside",)]


def test_gcj02_decimal_commas_and_chinese_headings(loader_with_grids, tmp_path):
    x, y = from_storage_xy(113.805, 27.605, storage_crs="EPSG:4490", crs="GCJ-02")
    content = f"事件编号;上报时间;事件类型;经度;纬度\nA1;2026年3月1日 08:30;邻里纠纷;{x:.8f};{y:.8f}\n"
    path = tmp_path / "r.csv.gz"
    path.write_bytes(gzip.compress(content.replace(".", ",").encode("gbk")))
    report = load(loader_with_grids, path, crs="GCJ-02", encoding="GBK")
    assert report.is_written
    rows = stored(loader_with_grids, "ST_X(geom), ST_Y(geom), input_crs, grid3_code, import_source")
    assert rows[0][:2] == pytest.approx((113.805, 27.605), abs=1e-7)
    assert rows[0][2:] == ("GCJ-02", f"{PREFIX}001001001", "r")


@pytest.mark.parametrize("kind", ["gpkg", "geojson", "geoparquet", "parquet"])
def test_other_formats_give_the_same(loader_with_grids, tmp_path, kind):
    table = pd.DataFrame(
        {
            "id": ["1", "2"],
            "time": ["2026-03-01T08:00:00+08:00", "2026-03-01T01:00:00Z"],
            "category": ["dispute"] * 2,
        }
    )
    path = tmp_path / f"r.{kind}"
    if kind == "parquet":
        table["time"] = pd.to_datetime(table["time"], utc=True, format="ISO8601")
        table.assign(lon=[113.805, None], lat=[27.605, None]).to_parquet(path)
    else:
        frame = gpd.GeoDataFrame(table, geometry=[shapely.Point(113.805, 27.605), None], crs="EPSG:4326")
        frame.to_parquet(path) if kind == "geoparquet" else frame.to_file(path)
    report = load(loader_with_grids, path)
    assert report.is_written
    assert stored(loader_with_grids, "external_id, reported_at, place_status") == [
        ("1", datetime(2026, 3, 1, 0, 0, tzinfo=UTC), "inside"),
        ("2", datetime(2026, 3, 1, 1, 0, tzinfo=UTC), "no_coordinates"),
    ]


def test_null_characters_and_formulas_are_only_text(loader_with_grids, tmp_path):
    path = register(tmp_path / "r.csv", f"1,2026-03-01,dispute,{IN},\"=cmd|'/c calc'\0<script>\nzwei\",\\N")
    assert load(loader_with_grids, path).is_written
    assert stored(loader_with_grids, "description, address_text") == [("=cmd|'/c calc'<script>\nzwei", "\\N")]


def test_the_chain_is_the_one_of_postgis_for_points_on_borders(loader_with_grids, tmp_path):
    lines = [
        f"{i}-{j},2026-03-01,dispute,{113.795 + i * 0.0025:.4f},{27.595 + j * 0.0025:.4f},,"
        for i in range(13)
        for j in range(13)
    ]
    load(loader_with_grids, register(tmp_path / "r.csv", *lines))
    for level in (1, 2, 3):
        wrong = loader_with_grids.scalar(
            text(f"""
                SELECT count(*) FROM incident i WHERE grid{level}_code IS DISTINCT FROM (
                    SELECT code FROM grid g WHERE level = {level} AND ST_Covers(g.geom, i.geom)
                    ORDER BY code LIMIT 1)
            """)
        )
        assert wrong == 0
    assert loader_with_grids.scalar(text("SELECT count(*) FROM incident WHERE place_status = 'inside'")) == 81


def test_a_truncated_parquet_is_refused(loader_with_grids, tmp_path):
    path = tmp_path / "r.parquet"
    path.write_bytes(b"PAR1 nonsense")
    with pytest.raises(InvalidFile, match="cannot be read as Parquet"):
        load(loader_with_grids, path)


def test_a_lost_connection_is_said_in_our_words(new_database, tmp_path):
    database = new_database()
    with disposed(database.urls.owner) as engine, Session(engine) as session:
        builders.add_partition(session)
        session.commit()
    path = register(tmp_path / "r.csv", f"1,2026-03-01,dispute,{IN},,")

    def cut(session):
        with disposed(database.urls.owner) as engine, engine.connect() as other:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

    def lost():
        with import_session(database.urls.loader) as session:
            cut(session)
            load(session, path)

    with pytest.raises(StoreUnavailable, match="does not answer"):
        lost()
