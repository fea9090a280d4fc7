"""Importing grids level by level: what is written, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from geo.boundaries.read import ReadOptions
from geo.errors import Conflict, InvalidInput, NotFound
from geo.importer.grids import GridImport, import_grids
from tests import builders
from tests.builders import PREFIX, square

ONE, TWO, THREE = f"{PREFIX}001", f"{PREFIX}001001", f"{PREFIX}001001001"


def grids(path, *rows, columns=("code", "name", "parent_code")):
    """A GeoPackage of (values…, geometry)."""
    values = {name: [row[i] for row in rows] for i, name in enumerate(columns)}
    gpd.GeoDataFrame(values, geometry=[row[-1] for row in rows], crs="EPSG:4490").to_file(path)
    return path


def rules(report):
    return [(fault.row, fault.rule) for fault in report.faults.kept]


def count(session, table="grid"):
    return session.scalar(text(f"SELECT count(*) FROM {table}"))


@pytest.fixture
def with_level_one(loader, tmp_path):
    path = grids(tmp_path / "one.gpkg", (ONE, "第一片区", None, square(0, 0, 2)))
    assert import_grids(loader, path, GridImport(1, date(2026, 1, 1)), commit=True).is_written
    return loader


def test_a_dry_run_writes_nothing(loader, tmp_path):
    path = grids(tmp_path / "a.gpkg", (ONE, "第一片区", None, square(0, 0, 2)))
    report = import_grids(loader, path, GridImport(1))
    assert report.is_clean
    assert not report.is_written
    assert report.rows_to_write == 1
    assert [count(loader, table) for table in ("grid", "grid_code", "release", "import_run")] == [0, 0, 0, 0]


def test_three_levels(with_level_one, tmp_path):
    session = with_level_one
    half = shapely.box(113.80, 27.60, 113.82, 27.61)
    two = grids(tmp_path / "two.gpkg", (TWO, "南社区", ONE, half))
    assert import_grids(session, two, GridImport(2, date(2026, 1, 1)), commit=True).is_written
    three = grids(tmp_path / "three.gpkg", (THREE, "第一网格", None, square(0, 0)))
    report = import_grids(session, three, GridImport(3, date(2026, 1, 1), title="首批"), commit=True)
    assert any("found by place" in note for note in report.notes)
    row = session.execute(
        text("""
            SELECT g.parent_code, g.name, g.level, lower(g.valid), upper(g.valid), r.title,
                   ST_Contains(g.geom, g.label_point),
                   g.area_m2 / ST_Area(ST_Transform(g.geom, 4547)), ST_SRID(g.geom)
            FROM grid g JOIN release r ON r.id = g.release_id WHERE g.code = :code
        """),
        {"code": THREE},
    ).one()
    assert row[:7] == (TWO, "第一网格", 3, date(2026, 1, 1), None, "首批", True)
    assert row[7] == pytest.approx(1.0, abs=1e-9)
    assert row[8] == 4490
    run = session.execute(
        text("SELECT subject, rows_written, options FROM import_run ORDER BY id DESC")
    ).first()
    assert run[:2] == ("grids", 1)
    assert run[2]["level"] == 3


def test_repeated_codes_and_their_cure(loader, tmp_path):
    path = grids(
        tmp_path / "a.gpkg",
        (ONE, "片区", None, square(0, 0)),
        (ONE, "片区", None, square(3, 3)),
        ("X", "其他", None, square(5, 5)),
    )
    report = import_grids(loader, path, GridImport(1), commit=True)
    assert rules(report) == [(1, "code-repeated"), (2, "code-repeated")]
    assert "--dissolve" in report.faults.kept[0].message
    assert count(loader) == 0
    report = import_grids(loader, path, GridImport(1, unite=True), commit=True)
    assert report.is_written
    assert f"united {ONE}: rows 1, 2" in report.notes
    assert loader.scalar(text("SELECT ST_NumGeometries(geom) FROM grid WHERE code = :c"), {"c": ONE}) == 2


def test_blank_codes_and_names(loader, tmp_path):
    path = grids(tmp_path / "a.gpkg", (None, "片区", None, square()), ("A", " ", None, square(3)))
    assert rules(import_grids(loader, path, GridImport(1), commit=True)) == [
        (1, "code-missing"),
        (2, "name-missing"),
    ]
    assert count(loader) == 0


def test_parents_that_are_not_there_or_do_not_cover(with_level_one, tmp_path):
    path = grids(
        tmp_path / "a.gpkg",
        ("A", "a", "NOBODY", square(0, 0)),
        ("B", "b", None, square(7, 7)),
        ("C", "c", ONE, shapely.box(113.81, 27.6, 113.83, 27.61)),
        ("D", "d", ONE, square(0, 1)),
    )
    report = import_grids(with_level_one, path, GridImport(2, date(2026, 1, 1)), commit=True)
    assert rules(report) == [(1, "parent_code-unknown"), (2, "parent-missing"), (3, "parent-does-not-cover")]
    assert "--tolerance 98" in report.faults.kept[2].message
    assert count(with_level_one) == 1


def test_unknown_kinds_name_the_list(loader, tmp_path):
    path = grids(tmp_path / "a.gpkg", ("A", "a", "castle", square()), columns=("code", "name", "kind"))
    report = import_grids(loader, path, GridImport(1))
    assert rules(report) == [(1, "kind-unknown")]
    assert "ZONE.toml" in report.faults.kept[0].message


def test_codes_issued_before_are_not_reused(with_level_one, tmp_path):
    path = grids(tmp_path / "a.gpkg", (ONE, "a", ONE, square()))
    report = import_grids(with_level_one, path, GridImport(2, date(2026, 1, 1)))
    assert rules(report) == [(1, "code-issued")]


def test_a_level_in_force_is_not_overwritten(with_level_one, tmp_path):
    path = grids(tmp_path / "a.gpkg", ("B", "b", None, square()))
    with pytest.raises(Conflict, match="level 1 has 1 grids in force"):
        import_grids(with_level_one, path, GridImport(1, date(2026, 6, 1)))


def test_levels_come_in_order(loader, tmp_path):
    path = grids(tmp_path / "a.gpkg", ("B", "b", None, square()))
    with pytest.raises(Conflict, match="level 1 has no grids"):
        import_grids(loader, path, GridImport(2))
    with pytest.raises(InvalidInput, match="levels 1 to 3"):
        import_grids(loader, path, GridImport(4))


def test_a_missing_column_names_the_cure(loader, tmp_path):
    path = grids(tmp_path / "a.gpkg", ("B", "b", square()), columns=("BH", "name"))
    with pytest.raises(InvalidInput, match=r"--map code=COLUMN.*it has BH, name"):
        import_grids(loader, path, GridImport(1))
    mapped = GridImport(1, read=ReadOptions(mapping={"code": "BH"}))
    assert import_grids(loader, path, mapped).is_clean


def test_without_a_zone_nothing_is_imported(owner_session, tmp_path):
    path = grids(tmp_path / "a.gpkg", ("B", "b", None, square()))
    with pytest.raises(NotFound, match="wangge init"):
        import_grids(owner_session, path, GridImport(1))


def test_swapped_coordinates_are_refused(loader, tmp_path):
    swapped = shapely.transform(square(), lambda xy: xy[:, ::-1])
    path = grids(tmp_path / "a.gpkg", ("B", "b", None, swapped))
    report = import_grids(loader, path, GridImport(1), commit=True)
    assert "swapped" in report.faults.kept[0].message
    assert count(loader) == 0


def test_buildings_are_filed_when_their_grids_arrive(owner_session, tmp_path):
    builders.add_zone(owner_session)
    today = builders.ZONE.today()
    inside = builders.add_building(owner_session, "B1", lon=113.805, lat=27.605)
    outside = builders.add_building(owner_session, "B2", lon=113.9, lat=27.605)
    builders.add_neighbourhood(owner_session, "Q1", geometry=square(0, 0, 0.5))
    for level, code in enumerate((ONE, TWO, THREE), 1):
        path = grids(tmp_path / f"{level}.gpkg", (code, "n", None, square()))
        report = import_grids(owner_session, path, GridImport(level, today - timedelta(days=1)), commit=True)
    assert report.figures["buildings filed anew"] == 1
    assert report.figures["neighbourhoods filed anew"] == 1
    filed = dict(owner_session.execute(text("SELECT code, grid_code FROM building")).all())
    assert filed == {inside: THREE, outside: None}
