"""The ground of the demo zone: nested grids, buildings clear of borders, roads and water, true names."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.demo.generate import DemoZone
from geo.demo.names import UNITS_FILE

CODE_LENGTHS = {1: 9, 2: 12, 3: 15}


@pytest.fixture(params=["zone", "other_zone"])
def any_zone(request: pytest.FixtureRequest) -> DemoZone:
    made: DemoZone = request.getfixturevalue(request.param)
    return made


def level(zone: DemoZone, number: int) -> gpd.GeoDataFrame:
    return zone.grids[zone.grids["level"] == number].reset_index(drop=True)


def metric(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.to_crs("EPSG:4547")


def cell_of_building(zone: DemoZone) -> np.ndarray:
    cells = level(zone, 3).geometry.to_numpy()
    building, cell = shapely.STRtree(cells).query(zone.buildings.geometry.to_numpy(), predicate="within")
    assert len(building) == len(np.unique(building)) == len(zone.buildings)
    return np.asarray(cell[np.argsort(building)])


def test_counts_and_true_names(any_zone: DemoZone) -> None:
    assert [len(level(any_zone, number)) for number in (1, 2, 3)] == [5, 29, 138]
    units = level(any_zone, 2)
    with Path(UNITS_FILE).open(encoding="utf-8") as file:
        known = {row["name"]: row["kind"] for row in csv.DictReader(file)}
    assert dict(zip(units["name"], units["kind"], strict=True)) == known
    assert units["kind"].value_counts().to_dict() == {"village": 15, "community": 14}
    assert list(level(any_zone, 1)["name"]) == ["第一片区", "第二片区", "第三片区", "第四片区", "第五片区"]
    assert set(level(any_zone, 3)["kind"]) == {"residential", "rural", "industrial", "mixed"}


def test_codes_nest_and_names_follow(any_zone: DemoZone) -> None:
    grids = any_zone.grids
    assert grids["code"].is_unique
    for row in grids.itertuples():
        assert re.fullmatch(r"360371(\d{3})+", row.code)
        assert len(row.code) == CODE_LENGTHS[row.level]
        assert row.parent_code == (row.code[:-3] if row.level > 1 else None)
    names = dict(zip(grids["code"], grids["name"], strict=True))
    for row in level(any_zone, 3).itertuples():
        assert row.name == f"{names[row.parent_code]}第{int(row.code[-3:])}网格"
    for _, family in grids[grids["level"] > 1].groupby("parent_code"):
        assert [int(code[-3:]) for code in family["code"]] == list(range(1, len(family) + 1))


def test_every_level_is_a_valid_coverage_of_simple_polygons(any_zone: DemoZone) -> None:
    for number in (1, 2, 3):
        shapes = level(any_zone, number).geometry.to_numpy()
        assert shapely.coverage_is_valid(shapes)
        assert (shapely.get_type_id(shapes) == 3).all()
        assert shapely.is_valid(shapes).all()
        assert (shapely.get_num_interior_rings(shapes) == 0).all()


def test_parents_are_the_exact_union_of_their_children(any_zone: DemoZone) -> None:
    shapes = any_zone.grids.set_index("code").geometry
    for parent, children in any_zone.grids[any_zone.grids["level"] > 1].groupby("parent_code"):
        union = shapely.coverage_union_all(children.geometry.to_numpy())
        assert shapely.equals(union, shapes[parent])
        assert len(shapely.get_coordinates(union)) == len(shapely.get_coordinates(shapes[parent]))


def test_the_zone_has_its_size_and_place(any_zone: DemoZone) -> None:
    outline = metric(level(any_zone, 1)).union_all()
    x0, y0, x1, y1 = outline.bounds
    assert 10_000 < x1 - x0 < 15_000
    assert 7_500 < y1 - y0 < 12_000
    assert 60e6 < outline.area < 120e6
    x, y = shapely.centroid(any_zone.grids.union_all()).coords[0]
    assert (abs(x - 113.85) < 0.03, abs(y - 27.62) < 0.03) == (True, True)
    compactness = 4 * np.pi * metric(level(any_zone, 3)).area / metric(level(any_zone, 3)).length ** 2
    assert compactness.median() > 0.45
    assert compactness.min() > 0.08


def test_communities_lie_inwards_villages_outwards(any_zone: DemoZone) -> None:
    units = metric(level(any_zone, 2))
    middle = units.union_all().centroid
    distance = units.distance(middle).groupby(units["kind"]).mean()
    assert distance["community"] < distance["village"]


def test_no_building_is_cut_or_stands_on_roads_or_in_water(any_zone: DemoZone) -> None:
    cell_of_building(any_zone)
    buildings = metric(any_zone.buildings).geometry.to_numpy()
    tree = shapely.STRtree(buildings)
    borders = shapely.boundary(metric(level(any_zone, 3)).geometry.to_numpy())
    assert len(tree.query(borders, predicate="dwithin", distance=2.0)[1]) == 0
    assert len(tree.query(metric(any_zone.roads).geometry.to_numpy(), predicate="intersects")[1]) == 0
    assert len(tree.query(metric(any_zone.water).geometry.to_numpy(), predicate="intersects")[1]) == 0


def test_buildings_do_not_overlap(any_zone: DemoZone) -> None:
    shapes = any_zone.buildings.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (first == second).all()


def test_codes_and_addresses_of_buildings(any_zone: DemoZone) -> None:
    stock = any_zone.buildings
    assert stock["code"].str.fullmatch(r"\d{17}").all()
    assert stock["code"].is_unique
    assert stock["address"].is_unique
    assert stock["address"].str.startswith("江西省萍乡经济技术开发区").all()
    cells = level(any_zone, 3)["code"].to_numpy()[cell_of_building(any_zone)]
    assert (stock["code"].str[:12] == pd.Series(cells).str[:12]).all()
    years = stock.groupby(stock["code"].str[:12])["built_year"]
    assert all(family.is_monotonic_increasing for _, family in years)
    slabs = stock[stock["name"].fillna("").str.fullmatch(r"\d+栋")]
    assert len(slabs) > 20
    assert all(address.endswith(name) for address, name in zip(slabs["address"], slabs["name"], strict=True))


def test_neighbourhoods_lie_within_one_grid(any_zone: DemoZone) -> None:
    neighbourhoods = any_zone.neighbourhoods.set_index("code")
    assert set(neighbourhoods["kind"]) == {"quarter", "villager_group"}
    stock = any_zone.buildings
    cells = pd.Series(level(any_zone, 3)["code"].to_numpy()[cell_of_building(any_zone)])
    named = stock["neighbourhood_code"].notna()
    filed = neighbourhoods.loc[stock.loc[named, "neighbourhood_code"], "grid_code"].to_numpy()
    assert (filed == cells[named].to_numpy()).all()
    assert neighbourhoods.index.str.fullmatch(r"\d{12}N\d{3}").all()
    quarters = neighbourhoods[neighbourhoods["kind"] == "quarter"]
    assert quarters["name"].is_unique


def test_units_and_households_add_up(any_zone: DemoZone) -> None:
    stock = any_zone.buildings.set_index("code")
    units, homes = any_zone.units.set_index("code"), any_zone.households
    assert units.index.str.fullmatch(r"\d{19}").all()
    assert homes["code"].str.fullmatch(r"\d{23}").all()
    assert units.index.is_unique
    assert homes["code"].is_unique
    per_building = homes["unit_code"].map(units["building_code"]).value_counts()
    assert per_building.reindex(stock.index, fill_value=0).eq(stock["households"]).all()
    assert units["building_code"].value_counts().reindex(stock.index, fill_value=0).eq(stock["units"]).all()
    floor = homes["code"].str[19:21].astype(int)
    assert (floor <= homes["unit_code"].map(units["building_code"]).map(stock["floors"])).all()


def test_households_are_mostly_in_the_band(zone: DemoZone) -> None:
    households = zone.buildings["households"].to_numpy()
    per_cell = np.bincount(cell_of_building(zone), weights=households, minlength=138)
    assert 53_000 <= households.sum() <= 57_000
    assert len(zone.buildings) == 20_000
    in_band = (per_cell >= 300) & (per_cell <= 500)
    assert 0.75 <= in_band.mean() <= 0.95
    assert (per_cell > 500).sum() >= 4
    assert ((per_cell < 300) & (per_cell > 100)).sum() >= 4
    assert 2 <= (per_cell < 30).sum() <= 6


def test_the_base_map_is_drawn_with_all_that_a_place_has(any_zone: DemoZone) -> None:
    assert set(any_zone.roads["kind"]) == {
        "expressway", "trunk", "primary", "secondary", "residential", "track", "railway",
    }  # fmt: skip
    assert set(any_zone.water["kind"]) == {"river", "stream", "lake", "pond"}
    assert {"forest", "farmland", "orchard", "residential", "industrial", "park", "education"} <= set(
        any_zone.land_use["kind"]
    )
    for frame in (any_zone.roads, any_zone.water, any_zone.land_use):
        assert frame.crs == "EPSG:4490"
        assert frame.geometry.is_valid.all()
        assert not frame.geometry.is_empty.any()


def test_land_use_patches_do_not_overlap(any_zone: DemoZone) -> None:
    patches = any_zone.land_use[any_zone.land_use["kind"] != "sports"]  # pitches lie on school grounds
    shapes = metric(patches).geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    shared = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    assert shared.sum() < 0.001 * shapely.area(shapes).sum()
