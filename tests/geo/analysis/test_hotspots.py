"""Hot spots: found where they were put, not found in noise, the same for the same seed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from libpysal.graph import Graph

from geo.analysis.hotspots import hot_spots, relative_risk
from geo.errors import InvalidInput

SIDE = 15


@pytest.fixture(scope="module")
def cells() -> gpd.GeoDataFrame:
    rows, columns = np.divmod(np.arange(SIDE * SIDE), SIDE)
    codes = [f"C{number:03}" for number in range(SIDE * SIDE)]
    return gpd.GeoDataFrame(geometry=shapely.box(columns, rows, columns + 1, rows + 1), index=codes)


@pytest.fixture(scope="module")
def graph(cells: gpd.GeoDataFrame) -> Graph:
    return Graph.build_contiguity(cells, rook=False)


def noise(cells: gpd.GeoDataFrame, seed: int = 3) -> pd.Series:
    return pd.Series(np.random.default_rng(seed).poisson(5.0, len(cells)), index=cells.index)


def block(cells: gpd.GeoDataFrame) -> pd.Index:
    """Three by three cells in the middle."""
    return cells.index[cells.within(shapely.box(6, 6, 9, 9).buffer(0.01))]


def heart(cells: gpd.GeoDataFrame) -> pd.Index:
    """Its cells most of whose neighbours are planted too: all but the corners."""
    return cells.index[
        cells.within(shapely.union(shapely.box(7, 6, 8, 9), shapely.box(6, 7, 9, 8)).buffer(0.01))
    ]


def test_a_planted_block_is_hot_and_little_else(cells: gpd.GeoDataFrame, graph: Graph) -> None:
    values = noise(cells)
    values[block(cells)] += 15
    hot = hot_spots(values, graph)["hot"]
    around = cells.index[cells.within(shapely.box(5, 5, 10, 10).buffer(0.01))]
    assert hot[heart(cells)].all()
    assert hot.sum() == hot[around].sum()


def test_a_planted_hole_is_cold(cells: gpd.GeoDataFrame, graph: Graph) -> None:
    values = noise(cells) + 10
    values[block(cells)] = 0
    found = hot_spots(values, graph)
    assert found.loc[heart(cells), "cold"].all()
    assert not found["hot"].any()


def test_noise_has_no_hot_spots(cells: gpd.GeoDataFrame, graph: Graph) -> None:
    discoveries = [
        hot_spots(noise(cells, seed), graph)[["hot", "cold"]].to_numpy().any() for seed in range(20)
    ]
    assert np.mean(discoveries) <= 0.15


def test_the_statistic_is_that_of_getis_and_ord(cells: gpd.GeoDataFrame, graph: Graph) -> None:
    values = noise(cells).astype(float)
    found = hot_spots(values, graph, permutations=99)
    weights = np.asarray(graph.sparse.todense()) > 0
    np.fill_diagonal(weights, val=True)
    near = weights.sum(axis=1)
    spread = values.std(ddof=0) * np.sqrt((len(values) * near - near**2) / (len(values) - 1))
    expected = (weights @ values.to_numpy() - values.mean() * near) / spread
    assert found["Zs"].to_numpy() == pytest.approx(expected)
    assert found["Gs"].to_numpy() == pytest.approx(weights @ values.to_numpy() / values.sum())


def test_same_seed_same_answer_in_the_frame_s_order(cells: gpd.GeoDataFrame, graph: Graph) -> None:
    values = noise(cells)
    once, again = hot_spots(values, graph, seed=5), hot_spots(values, graph, seed=5)
    assert once.equals(again)
    assert once.index.equals(values.index)
    assert not once["p_sim"].equals(hot_spots(values, graph, seed=6)["p_sim"])


def test_the_graph_is_left_as_it_was(cells: gpd.GeoDataFrame, graph: Graph) -> None:
    before = graph.adjacency.copy()
    hot_spots(noise(cells), graph, permutations=99)
    assert graph.adjacency.equals(before)


def test_a_place_without_neighbours_is_neither_hot_nor_cold(cells: gpd.GeoDataFrame) -> None:
    values = noise(cells)
    lonely = cells.assign(geometry=cells.geometry.mask(cells.index == "C112", shapely.box(90, 90, 91, 91)))
    values["C112"] = 1000
    found = hot_spots(values, Graph.build_contiguity(lonely, rook=False))
    assert np.isnan(found.loc["C112", "p_sim"])
    assert not found.loc["C112", ["hot", "cold"]].any()


def test_places_without_any_neighbours_have_no_hot_spots(cells: gpd.GeoDataFrame) -> None:
    apart = cells.set_geometry(cells.scale(0.5, 0.5))
    found = hot_spots(noise(cells), Graph.build_contiguity(apart, rook=False), permutations=99)
    assert not found[["hot", "cold"]].to_numpy().any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda values: values.astype(float).mask(values > 8), "values are missing"),
        (lambda values: values - 100, "is negative"),
        (lambda values: values * 0 + 3, "all values are the same"),
        (lambda values: values.rename(index=str.lower), "of other places"),
        (lambda values: values.iloc[::-1], "of other places"),
    ],
)
def test_what_cannot_be_analysed_is_refused(
    cells: gpd.GeoDataFrame, graph: Graph, change: object, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        hot_spots(change(noise(cells)), graph)  # type: ignore[operator]


def test_risk_is_one_where_cases_follow_exposure() -> None:
    exposure = pd.Series([100, 300, 0], index=list("abc"))
    assert relative_risk(pd.Series([10, 30, 0], index=list("abc")), exposure).tolist() == [1.0, 1.0, 1.0]


def test_a_single_case_weighs_less_than_many() -> None:
    exposure = pd.Series([1.0, 100.0, 1000.0])
    risk = relative_risk(pd.Series([1.0, 50.0, 50.0]), exposure)
    assert risk[1] > risk[0] > 1 > risk[2]


def test_risk_needs_one_index_and_some_exposure() -> None:
    one = pd.Series([1.0])
    with pytest.raises(InvalidInput, match="different indexes"):
        relative_risk(one, one.rename(index={0: "a"}))
    with pytest.raises(InvalidInput, match="nothing is exposed"):
        relative_risk(one, one * 0)
