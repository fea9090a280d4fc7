"""Checks of grids, footprints and places, and the small tools they use."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.boundaries.check import (
    check_filled,
    check_issued,
    check_known,
    check_parents_cover,
    check_unique,
    listed,
)
from geo.boundaries.columns import match_columns, text_values
from geo.boundaries.dissolve import dissolve
from geo.boundaries.footprints import check_overlaps, check_straddling
from geo.boundaries.place import check_area, check_shift
from geo.boundaries.tags import Meaning, read_kind, read_tags
from geo.crs import from_storage_xy, parse_crs, to_storage, to_storage_xy
from geo.errors import InvalidInput
from geo.locate.index import Locator

STORED, METRIC = "EPSG:4490", "EPSG:4547"


def frame(**columns):
    boxes = [
        shapely.box(113.80 + i / 100, 27.6, 113.81 + i / 100, 27.61) for i in range(len(columns["code"]))
    ]
    return gpd.GeoDataFrame(columns, geometry=boxes, crs=STORED)


def test_repeated_codes_name_each_other():
    faults = check_unique(frame(code=["31", "1", "31", None, "31"]), cure="--dissolve")
    assert [(f.row, f.rule) for f in faults] == [
        (1, "code-repeated"),
        (3, "code-repeated"),
        (5, "code-repeated"),
    ]
    assert "rows 1, 3, 5" in faults[0].message
    assert faults[0].geometry is not None


def test_blank_unknown_and_issued():
    rows = frame(code=["A", None, "B"], kind=["x", "x", "village"])
    assert [f.row for f in check_filled(rows, "code", what="code")] == [2]
    unknown = check_known(rows, "kind", {"village"}, what="kind", cure="add it")
    assert [(f.row, f.value) for f in unknown] == [(1, "x")]
    assert "rows 1, 2" in unknown[0].message
    issued = check_issued(rows, {"A": 2, "B": 3}, 3)
    assert ["two levels" in issued[0].message, "new code" in issued[1].message] == [True, True]


def test_long_lists_of_rows_are_cut():
    assert listed(range(1, 14)) == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 3 more"


@pytest.mark.parametrize(("beyond_m", "faults", "warnings"), [(0.0, 0, 0), (0.5, 0, 1), (3.0, 1, 0)])
def test_a_parent_covers_within_the_tolerance(beyond_m, faults, warnings):
    parent = shapely.box(400_000, 3_000_000, 401_000, 3_001_000)
    child = shapely.box(400_000, 3_000_000, 400_500, 3_001_000 + beyond_m)
    parents = gpd.GeoDataFrame(
        index=["P"], geometry=to_storage(np.array([parent], dtype=object), METRIC, STORED)
    )
    rows = gpd.GeoDataFrame(
        {"code": ["C"], "parent_code": ["P"]},
        geometry=to_storage(np.array([child], dtype=object), METRIC, STORED),
    )
    found = check_parents_cover(rows, parents, metric_crs=METRIC, storage_crs=STORED, tolerance_m=1.0)
    assert [len(part) for part in found] == [faults, warnings]
    for fault in (*found[0], *found[1]):
        assert f"{beyond_m:.2f} m ({beyond_m * 500:.0f} m²)" in fault.message
        assert shapely.get_coordinates(fault.geometry)[:, 0].max() < 180, "drawn in the storage CRS"


def test_dissolve_unites_what_agrees_and_leaves_what_does_not():
    codes = pd.Series(["31", "31", "7", "7", None], dtype=object)
    rows = frame(code=codes, name=["a", "a", "b", "c", "d"])
    result, united = dissolve(rows, ("code", "name"))
    assert result["code"].tolist() == ["31", "7", "7", None]
    assert [str(one) for one in united] == ["31: rows 1, 2"]
    assert result.geometry.iloc[0].area == pytest.approx(2e-4)


def test_overlapping_footprints_but_not_shared_walls():
    boxes = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), shapely.box(15, 0, 25, 10)])
    faults = check_overlaps(boxes, np.array([0, 1, 5]), boxes)
    assert [fault.message for fault in faults] == ["the buildings of rows 2 and 6 share 50.0 m²; redraw one"]


def test_buildings_that_a_border_cuts():
    grids = np.array([shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)])
    houses = np.array(
        [
            shapely.box(10, 10, 20, 20),
            shapely.box(90, 10, 105, 20),
            shapely.box(190, 10, 205, 20),
            shapely.box(300, 0, 310, 9),
        ]
    )
    faults = check_straddling(houses, grids, np.array(["A", "B"], dtype=object), np.arange(4), houses)
    assert [fault.row for fault in faults] == [2, 3]
    assert "A 100.0 m², B 50.0 m²" in faults[0].message
    assert "B 100.0 m², outside every grid 50.0 m²" in faults[1].message


def test_a_file_that_lies_elsewhere_or_is_swapped():
    x, y = np.full(20, 113.85), np.full(20, 27.6)
    assert check_area(x, y, metric_crs=METRIC) == []
    assert "swapped" in check_area(y, x, metric_crs=METRIC)[0].message
    assert "check --crs" in check_area(x + 60, y, metric_crs=METRIC)[0].message
    assert check_area(np.array([np.nan]), np.array([np.nan]), metric_crs=METRIC) == []


@pytest.mark.parametrize(
    ("declared", "truth"),
    [("EPSG:4490", "GCJ-02"), ("EPSG:4490", "BD-09"), ("GCJ-02", "EPSG:4490"), ("BD-09", "GCJ-02")],
)
def test_a_systematic_shift_is_suspected(declared, truth):
    zone = gpd.GeoDataFrame(index=["Z"], geometry=[shapely.box(113.80, 27.60, 113.84, 27.64)], crs=STORED)
    rng = np.random.default_rng(3)
    true_x, true_y = rng.uniform(113.8, 113.84, 500), rng.uniform(27.6, 27.64, 500)
    sent = from_storage_xy(true_x, true_y, storage_crs=STORED, crs=truth)
    x, y = to_storage_xy(*sent, crs=declared, storage_crs=STORED)
    locator = Locator.from_frame(zone)
    found = check_shift(x, y, locator, declared=parse_crs(declared), storage_crs=STORED)
    assert f"--crs {truth}" in found[0].message
    right = check_shift(true_x, true_y, locator, declared=parse_crs(truth), storage_crs=STORED)
    assert right == []


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("编码", "code"),
        ("名称", "name"),
        ("上级编码", "parent_code"),
        ("Parent_ID", "parent_code"),
        ("CODE", "code"),
    ],
)
def test_usual_headings_are_known(heading, field):
    columns = match_columns([heading, "other"], ("code", "name", "parent_code"))
    assert columns.of == {field: heading}
    assert "by its heading" in columns.described


def test_a_mapping_wins_and_no_column_is_used_twice():
    columns = match_columns(["name", "BM"], ("code", "name"), {"code": "name"})
    assert columns.of == {"code": "name"}
    with pytest.raises(InvalidInput, match="no field 'colour'"):
        match_columns(["a"], ("code",), {"colour": "a"})
    with pytest.raises(InvalidInput, match="no column 'b'; it has a"):
        match_columns(["a"], ("code",), {"code": "b"})


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(), st.integers(-(2**60), 2**60), st.floats())))
def test_text_values_hold_nothing_a_database_refuses(values):
    for text in text_values(pd.Series(values, dtype=object)):
        assert text is None or (text == text.strip() and text and "\0" not in text)


def test_tags_of_a_street_map():
    assert read_tags({"highway": "proposed"}, is_area=False) is None
    assert read_tags({"building": "yes"}, is_area=True) is None
    assert read_tags({"landuse": "farmland"}, is_area=True) == Meaning("land_use", "farmland")
    assert read_tags({"landuse": "reservoir"}, is_area=True) == Meaning("water", "lake")
    lists = {
        "roads": {"支路": "residential"},
        "water": {"river": "river"},
        "land_use": {"residential": "residential"},
    }
    assert read_kind("river", lists, is_area=False) == Meaning("water", "river")
    assert read_kind("支路", lists, is_area=False) == Meaning("roads", "residential")
    assert read_kind("residential", lists, is_area=True) == Meaning("land_use", "residential")
    assert read_kind("?", lists, is_area=True) == Meaning("land_use", "other")
