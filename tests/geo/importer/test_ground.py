"""Importing buildings, neighbourhoods and the basemap."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from geo.boundaries.read import ReadOptions
from geo.errors import Conflict, InvalidInput
from geo.importer.basemap import import_basemap
from geo.importer.buildings import import_buildings
from geo.importer.codes import issue_codes
from geo.importer.neighbourhoods import import_neighbourhoods
from tests.builders import PREFIX, square

PLAIN = ReadOptions()


def house(column, row=0.5, size=0.02):
    return square(column, row, size)


def layer(path, geometries, **columns):
    gpd.GeoDataFrame(columns, geometry=geometries, crs="EPSG:4490").to_file(path)
    return path


def rules(findings):
    return [(fault.row, fault.rule) for fault in findings.kept]


def test_buildings_get_codes_in_order_and_their_grid(loader_with_grids, tmp_path):
    session = loader_with_grids
    path = layer(
        tmp_path / "b.gpkg",
        [house(0.3), house(1.3), house(0.6), house(5)],
        名称=["1栋", "2栋", None, "4栋"],
        building=["apartments", "factory", "castle", None],
        户数=["12", None, "30", "0"],
        street=["光明路", None, "High Street", None],
        housenumber=["3号", None, "5", None],
    )
    report = import_buildings(session, path, PLAIN, commit=True)
    assert report.is_written
    assert rules(report.warnings) == [(4, "building-outside")]
    assert any("castle (1)" in note for note in report.notes)
    rows = session.execute(
        text("""
            SELECT b.code, b.kind, b.name, b.grid_code, b.households, a.text FROM building b
            LEFT JOIN address a ON a.building_code = b.code ORDER BY b.code
        """)
    ).all()
    second = f"{PREFIX}001001"
    assert [tuple(row) for row in rows] == [
        (f"{PREFIX}00000000001", "other", "4栋", None, 0, None),
        (f"{second}00001", "residential", "1栋", f"{second}001", 12, "光明路3号"),
        (f"{second}00002", "factory", "2栋", f"{second}002", 0, None),
        (f"{second}00003", "other", None, f"{second}001", 30, "High Street 5"),
    ]


def test_the_same_buildings_again_are_refused(loader_with_grids, tmp_path):
    path = layer(tmp_path / "b.gpkg", [house(0.3)], name=["1栋"])
    assert import_buildings(loader_with_grids, path, PLAIN, commit=True).is_written
    assert rules(import_buildings(loader_with_grids, path, PLAIN, commit=True).faults) == [
        (None, "file-known")
    ]
    again = layer(tmp_path / "again.gpkg", [house(0.6), house(0.3)], name=["2栋", "另名"])
    assert rules(import_buildings(loader_with_grids, again, PLAIN, commit=True).faults) == [
        (2, "building-known")
    ]
    assert loader_with_grids.scalar(text("SELECT count(*) FROM building")) == 1


def test_broken_values_of_buildings(loader_with_grids, tmp_path):
    path = layer(
        tmp_path / "b.gpkg",
        [house(0.1), house(0.2), house(0.3), house(0.4)],
        code=["A", "A", None, "B"],
        households=["12", "many", "-1", "many"],
        floors=["3", "2.5", None, "900"],
        neighbourhood=["NOWHERE", None, None, None],
    )
    report = import_buildings(loader_with_grids, path, PLAIN, commit=True)
    assert set(rules(report.faults)) == {
        (2, "households-number"),
        (3, "households-number"),
        (3, "code-missing"),
        (1, "code-repeated"),
        (2, "code-repeated"),
        (1, "neighbourhood-unknown"),
    }
    assert {rule for _, rule in rules(report.warnings)} == {"floors-number"}
    assert loader_with_grids.scalar(text("SELECT count(*) FROM building")) == 0


def test_codes_stored_already(loader_with_grids, tmp_path):
    first = layer(tmp_path / "a.gpkg", [house(0.1)], code=["A"])
    assert import_buildings(loader_with_grids, first, PLAIN, commit=True).is_written
    second = layer(tmp_path / "b.gpkg", [house(0.5)], code=["A"])
    assert rules(import_buildings(loader_with_grids, second, PLAIN).faults) == [(1, "code-issued")]


def test_buildings_across_borders_and_each_other(loader_with_grids, tmp_path):
    path = layer(tmp_path / "b.gpkg", [house(0.99), house(0.5), house(0.505)])
    report = import_buildings(loader_with_grids, path, PLAIN)
    assert report.figures["cut by a border"] == 1
    assert report.figures["overlapping pairs"] == 1
    assert {rule for _, rule in rules(report.warnings)} == {"building-straddles", "building-overlaps"}


def test_a_building_on_a_border_is_filed_by_the_border_rule(loader_with_grids, tmp_path):
    # Its inner point lies exactly on the border of the first and second grid.
    path = layer(tmp_path / "b.gpkg", [house(0.99)])
    import_buildings(loader_with_grids, path, PLAIN, commit=True)
    covering = loader_with_grids.execute(
        text("""
            SELECT b.grid_code, (SELECT code FROM grid WHERE level = 3 AND ST_Covers(geom, b.label_point)
                                 ORDER BY code LIMIT 1) FROM building b
        """)
    ).one()
    assert covering[0] == covering[1]


def test_numbers_run_out():
    with pytest.raises(Conflict, match="all numbers of 5 digits under 'A'"):
        issue_codes(["A"], ["A99999"], digits=5)


def test_neighbourhoods_by_outline_and_by_point(loader_with_grids, tmp_path):
    session = loader_with_grids
    import_buildings(session, layer(tmp_path / "b.gpkg", [house(0.3)]), PLAIN, commit=True)
    path = layer(
        tmp_path / "n.gpkg",
        [square(0.2, 0.2, 0.5), shapely.Point(113.815, 27.605), shapely.Point(114.5, 27.6)],
        name=["花园小区", "上埠村民小组", "远处小区"],
    )
    report = import_neighbourhoods(session, path, PLAIN, commit=True)
    assert report.is_written
    assert rules(report.warnings) == [(3, "neighbourhood-outside")]
    second = f"{PREFIX}001001"
    rows = session.execute(
        text("SELECT code, kind, grid_code, geom IS NULL FROM neighbourhood ORDER BY code")
    ).all()
    assert [tuple(row) for row in rows] == [
        (f"{PREFIX}000000N0001", "quarter", None, True),
        (f"{second}N0001", "quarter", f"{second}001", False),
        (f"{second}N0002", "villager_group", f"{second}002", True),
    ]
    assert session.scalar(text("SELECT neighbourhood_code FROM building")) == f"{second}N0001"
    assert rules(import_neighbourhoods(session, path, PLAIN).faults) == [(None, "file-known")]


def test_broken_neighbourhoods(loader_with_grids, tmp_path):
    path = layer(
        tmp_path / "n.gpkg",
        [square(0, 0, 0.1)] * 3,
        code=["A", "A", None],
        name=["a", None, "c"],
        parent_code=["NOBODY", None, None],
    )
    report = import_neighbourhoods(loader_with_grids, path, PLAIN, commit=True)
    assert {rule for _, rule in rules(report.faults)} == {
        "name-missing",
        "code-repeated",
        "code-missing",
        "parent_code-unknown",
    }


OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="27.601" lon="113.801"/><node id="2" lat="27.605" lon="113.805"/>
 <node id="3" lat="27.605" lon="113.801"/><node id="4" lat="47" lon="8"/><node id="5" lat="47.1" lon="8"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="建设路"/></way>
 <way id="11"><nd ref="1"/><nd ref="2"/><tag k="railway" v="rail"/></way>
 <way id="12"><nd ref="2"/><nd ref="3"/><tag k="waterway" v="stream"/></way>
 <way id="13"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/>
  <tag k="natural" v="water"/><tag k="water" v="pond"/></way>
 <way id="14"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="landuse" v="forest"/></way>
 <way id="15"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="building" v="yes"/></way>
 <way id="16"><nd ref="4"/><nd ref="5"/><tag k="highway" v="primary"/></way>
</osm>
"""


@pytest.fixture
def with_lists(owner_session):
    for table, codes in {
        "road_kind": "primary railway residential other",
        "water_kind": "stream pond river other",
        "land_use_kind": "forest farmland residential other",
    }.items():
        for code in codes.split():
            owner_session.execute(
                text(f"INSERT INTO {table} (code, name_zh, name_en) VALUES (:c, :c, :c)"), {"c": code}
            )


def drawn(session):
    query = " UNION ALL ".join(
        f"SELECT '{t}', kind, name, GeometryType(geom) FROM {t}" for t in ("road", "water", "land_use")
    )
    return sorted((tuple(row) for row in session.execute(text(query))), key=str)


def test_basemap_from_osm(with_lists, loader_with_grids, tmp_path):
    path = tmp_path / "extract.osm"
    path.write_text(OSM, encoding="utf-8")
    report = import_basemap(loader_with_grids, path, PLAIN, commit=True)
    assert report.is_written
    assert report.figures["too far away"] == 1
    assert drawn(loader_with_grids) == [
        ("land_use", "forest", None, "MULTIPOLYGON"),
        ("road", "primary", "建设路", "MULTILINESTRING"),
        ("road", "railway", None, "MULTILINESTRING"),
        ("water", "pond", None, "MULTIPOLYGON"),
        ("water", "stream", None, "MULTILINESTRING"),
    ]


def test_basemap_from_a_layer_replaces_only_what_it_has(with_lists, loader_with_grids, tmp_path):
    session = loader_with_grids
    (tmp_path / "extract.osm").write_text(OSM, encoding="utf-8")
    import_basemap(session, tmp_path / "extract.osm", PLAIN, commit=True)
    lines = [
        shapely.LineString([(113.8, 27.6), (113.81, 27.61)]),
        shapely.LineString([(113.8, 27.6), (113.82, 27.6)]),
    ]
    path = layer(tmp_path / "roads.gpkg", lines, kind=["residential", "moon"], name=["甲路", None])
    import_basemap(session, path, PLAIN, commit=True)
    assert [row for row in drawn(session) if row[0] == "road"] == [
        ("road", "other", None, "MULTILINESTRING"),
        ("road", "residential", "甲路", "MULTILINESTRING"),
    ]
    assert len(drawn(session)) == 5
    import_basemap(session, path, PLAIN, role="water", commit=True)
    assert [row[1] for row in drawn(session) if row[0] == "water"] == ["other", "other"]


def test_basemap_with_nothing_to_draw(with_lists, loader_with_grids, tmp_path):
    path = layer(tmp_path / "p.gpkg", [shapely.Point(113.8, 27.6)], kind=["primary"])
    assert rules(import_basemap(loader_with_grids, path, PLAIN, commit=True).faults) == [
        (None, "nothing-to-draw")
    ]
    with pytest.raises(InvalidInput, match="'sky' is none; use one of roads, water, land_use"):
        import_basemap(loader_with_grids, path, PLAIN, role="sky")
