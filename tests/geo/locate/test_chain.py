"""The chain of every level, held against each level asked alone and against shapely's own predicates."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from geo.errors import InvalidFile, InvalidInput
from geo.locate.chain import ChainLocator
from geo.locate.index import Locator, pick
from tests.geo.locate.test_exactness import organic, telling_points


def nested_grids(seed: int, *, split_code: str = "{}{:02d}") -> gpd.GeoDataFrame:
    """36 organic cells, merged into six coarse grids whose vertices are theirs."""
    cells = np.array(organic(6, 6, seed), dtype=object)
    rng = np.random.default_rng(seed)
    parent = rng.permutation(np.repeat(np.arange(6), 6))
    fine = pd.DataFrame(
        {
            "level": 2,
            "parent_code": [f"P{p}" for p in parent],
            "code": [split_code.format(f"P{p}", i) for i, p in enumerate(parent)],
        }
    )
    unions = [shapely.coverage_union_all(cells[parent == p]) for p in range(6)]
    coarse = pd.DataFrame({"level": 1, "parent_code": None, "code": [f"P{p}" for p in range(6)]})
    table = pd.concat([coarse, fine], ignore_index=True)
    grids = gpd.GeoDataFrame(table, geometry=[*unions, *cells], crs="EPSG:4490")
    return grids.sample(frac=1, random_state=seed).set_index("code")


def codes_of(chain: ChainLocator, points: np.ndarray) -> dict[int, list[str | None]]:
    rows = chain.locate(lon=points[:, 0], lat=points[:, 1])
    return {level: pick(chain.codes[level], found).tolist() for level, found in rows.grids.items()}


def each_level_alone(grids: gpd.GeoDataFrame, points: np.ndarray) -> dict[int, list[str | None]]:
    """The rule by shapely: of the polygons of a level that cover the point, the lowest code."""
    found = {}
    for level, part in grids.sort_index().groupby("level"):
        tree = shapely.STRtree(part.geometry.to_numpy())
        asked, rows = tree.query(shapely.points(points), predicate="covered_by")
        first = pd.Series(rows).groupby(asked).min()
        codes = pd.Series(part.index.to_numpy(dtype=object)[first], index=first.index)
        found[int(level)] = [codes.get(i) for i in range(len(points))]
    return found


def each_level_by_locator(grids: gpd.GeoDataFrame, points: np.ndarray) -> dict[int, list[str | None]]:
    return {
        int(level): pick(
            part.index.to_numpy(dtype=object),
            Locator.from_frame(part).locate(lon=points[:, 0], lat=points[:, 1]),
        ).tolist()
        for level, part in grids.groupby("level")
    }


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_proven_nesting_gives_what_each_level_alone_gives(seed: int) -> None:
    grids = nested_grids(seed)
    chain = ChainLocator.from_frames(grids)
    assert chain.nested == (1,)
    points = telling_points(grids.geometry.tolist())
    assert codes_of(chain, points) == each_level_by_locator(grids, points)
    scattered = np.random.default_rng(seed).uniform(-1, 7, (500, 2))
    assert codes_of(chain, scattered) == each_level_alone(grids, scattered)


def without_a_child(grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return grids.drop(index=grids.index[grids.level == 2][0])


def with_a_moved_vertex(grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    row = grids.index[grids.level == 1][0]
    corners = shapely.get_coordinates(grids.geometry[row])
    corners[1] = np.nextafter(corners[1], np.inf)
    return grids.assign(geometry=grids.geometry.where(grids.index != row, shapely.Polygon(corners).buffer(0)))


def with_an_orphan(grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    child = grids.index[grids.level == 2][0]
    return grids.assign(parent_code=grids.parent_code.where(grids.index != child, None))


def with_a_childless_parent(grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    more = gpd.GeoDataFrame(
        {"level": [1], "parent_code": [None]}, geometry=[box(20, 20, 21, 21)], index=["P9"], crs=4490
    )
    return pd.concat([grids, more])


def with_codes_in_another_order(grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    swapped = {f"P{i}": f"P{5 - i}" for i in range(6)}
    renamed = grids.rename(index=swapped)
    return renamed.assign(parent_code=grids.parent_code.map(swapped).to_numpy())


def with_overlapping_children(grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    row = grids.index[grids.level == 2][0]
    return grids.assign(geometry=grids.geometry.where(grids.index != row, grids.geometry[row].buffer(0.05)))


@pytest.mark.parametrize(
    "spoil",
    [
        without_a_child,
        with_a_moved_vertex,
        with_an_orphan,
        with_a_childless_parent,
        with_codes_in_another_order,
        with_overlapping_children,
    ],
)
def test_a_nesting_that_is_not_proven_is_looked_up_level_by_level(spoil) -> None:
    grids = spoil(nested_grids(7))
    chain = ChainLocator.from_frames(grids)
    assert chain.nested == ()
    points = telling_points(grids.geometry.tolist())
    assert codes_of(chain, points) == each_level_by_locator(grids, points)


def test_three_levels_may_be_proven_in_part() -> None:
    grids = nested_grids(3)
    top = gpd.GeoDataFrame(
        {"level": [0], "parent_code": [None]}, geometry=[box(-9, -9, 19, 19)], index=["T"], crs=4490
    )
    under = grids.assign(parent_code=grids.parent_code.where(grids.level == 2, "T"))
    chain = ChainLocator.from_frames(pd.concat([top, under]))
    assert (chain.levels, chain.nested) == ((0, 1, 2), (1,))
    rows = chain.locate(lon=[15.0, np.nan], lat=[15.0, 1.0])
    assert [rows.grids[level].tolist() for level in chain.levels] == [[0, -1], [-1, -1], [-1, -1]]
    assert rows.inside.tolist() == [True, False]


@pytest.fixture
def street() -> ChainLocator:
    """Two houses in one grid; the first filed under a quarter, the second inside the outline of another."""
    grids = gpd.GeoDataFrame(
        {"level": [1], "parent_code": [None]}, geometry=[box(0, 0, 10, 10)], index=["G"], crs=4490
    )
    houses = gpd.GeoDataFrame(
        {"neighbourhood_code": ["FILED", None]},
        geometry=[box(1, 1, 2, 2), box(5, 5, 6, 6)],
        index=["H1", "H2"],
        crs=4490,
    )
    quarters = gpd.GeoDataFrame(geometry=[box(0, 0, 7, 7), None], index=["DRAWN", "FILED"], crs=4490)
    return ChainLocator.from_frames(grids, houses, quarters)


def test_buildings_and_neighbourhoods_come_along(street: ChainLocator) -> None:
    lon, lat = [1.5, 5.5, 3.0, 9.0, 50.0], [1.5, 5.5, 3.0, 9.0, 50.0]
    rows = street.locate(lon=lon, lat=lat)
    assert pick(street.building_codes, rows.buildings).tolist() == ["H1", "H2", None, None, None]
    lived_in = street.neighbourhoods_of(rows.buildings, lon=lon, lat=lat)
    assert pick(street.neighbourhood_codes, lived_in).tolist() == ["FILED", "DRAWN", "DRAWN", None, None]


def test_the_nearest_building_and_grid_are_named(street: ChainLocator) -> None:
    rows, metres = street.nearest_building(lon=[2.001], lat=[2.001])
    assert (street.building_codes[rows[0]], metres[0]) == ("H1", pytest.approx(156.9, abs=0.1))
    rows, metres = street.nearest_grid(lon=[10.001], lat=[10.0])
    assert (street.codes[1][rows[0]], metres[0]) == ("G", pytest.approx(109.64, abs=0.01))


def test_a_chain_without_buildings_finds_none() -> None:
    chain = ChainLocator.from_frames(nested_grids(1))
    rows = chain.locate(lon=[3.0], lat=[3.0])
    assert rows.buildings.tolist() == [-1]
    assert chain.neighbourhoods_of(rows.buildings, lon=[3.0], lat=[3.0]).tolist() == [-1]
    assert chain.nearest_building(lon=[3.0], lat=[3.0])[0].tolist() == [-1]
    assert chain.building_codes.tolist() == chain.neighbourhood_codes.tolist() == []


def test_a_saved_chain_answers_as_before(street: ChainLocator, tmp_path: Path) -> None:
    street.save(tmp_path / "chain")
    loaded = ChainLocator.load(tmp_path / "chain")
    points = telling_points([box(0, 0, 10, 10), box(1, 1, 2, 2), box(5, 5, 6, 6), box(0, 0, 7, 7)])
    x, y = points[:, 0], points[:, 1]
    before, after = street.locate(lon=x, lat=y), loaded.locate(lon=x, lat=y)
    assert (before.grids[1] == after.grids[1]).all()
    assert (before.buildings == after.buildings).all()
    lived_in = [chain.neighbourhoods_of(before.buildings, lon=x, lat=y) for chain in (street, loaded)]
    assert (lived_in[0] == lived_in[1]).all()
    assert loaded.neighbourhood_codes.tolist() == ["DRAWN", "FILED"]
    grids = nested_grids(4)
    ChainLocator.from_frames(grids).save(tmp_path / "nested")
    nested = ChainLocator.load(tmp_path / "nested")
    assert nested.nested == (1,)
    points = telling_points(grids.geometry.tolist())
    assert codes_of(nested, points) == each_level_by_locator(grids, points)


def test_a_file_of_another_kind_is_refused(street: ChainLocator, tmp_path: Path) -> None:
    street.save(tmp_path / "chain")
    with pytest.raises(InvalidFile, match="holds a ChainLocator, not a Locator"):
        Locator.load(tmp_path / "chain")
    street.grid_locator(1).save(tmp_path / "one")
    with pytest.raises(InvalidFile, match="holds a Locator, not a ChainLocator"):
        ChainLocator.load(tmp_path / "one")


def test_layers_of_different_systems_are_refused() -> None:
    grids = nested_grids(1)
    houses = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], index=["H"], crs="EPSG:4547")
    with pytest.raises(InvalidInput, match="different systems"):
        ChainLocator.from_frames(grids, houses)
