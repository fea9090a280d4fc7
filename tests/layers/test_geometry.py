"""Grid polygons for pages."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InvalidInput
from layers.geometry import by_level, drawn_shapes, label_places, light_shapes, rounded
from tests.layers.toy import toy_zone


@given(seed=st.integers(0, 50), cells=st.integers(6, 40))
@settings(max_examples=15, deadline=None)
def test_simplified_neighbours_still_meet_and_parents_run_along_them(seed: int, cells: int) -> None:
    shapes = light_shapes(by_level(toy_zone(seed, cells, longest=1e-4)))
    third = shapes[3].to_numpy()
    assert shapely.coverage_is_valid(third)
    whole = shapely.union_all(third)
    for level in (1, 2):
        assert shapely.symmetric_difference(shapely.union_all(shapes[level].to_numpy()), whole).area < 1e-15
        corners = {tuple(corner) for corner in shapely.get_coordinates(third)}
        assert {tuple(corner) for corner in shapely.get_coordinates(shapes[level].to_numpy())} <= corners


def test_simplified_polygons_are_light_and_near() -> None:
    grids = toy_zone(longest=1e-4)
    shapes = light_shapes(by_level(grids))[3]
    before = grids[grids["level"] == 3].geometry
    assert (
        shapely.get_num_coordinates(shapes.to_numpy()).sum()
        < shapely.get_num_coordinates(before.to_numpy()).sum() / 5
    )
    assert shapely.hausdorff_distance(shapes.to_numpy(), before.to_numpy()).max() < 1e-4


def test_parents_that_are_not_their_children_keep_their_own_shape() -> None:
    grids = toy_zone()
    lonely = grids[~grids.index.isin(grids.index[grids["level"] == 3][:1])]
    shapes = light_shapes(by_level(lonely))
    first, second, third = (shapely.area(shapes[level].to_numpy()).sum() for level in (1, 2, 3))
    assert second == pytest.approx(first)
    assert second > third * 1.001


def test_overlapping_grids_are_drawn_all_the_same() -> None:
    grids = toy_zone()
    grids["geometry"] = shapely.buffer(grids.geometry.to_numpy(), 1e-3)
    assert not light_shapes(by_level(grids))[3].is_empty.any()


def test_shapes_are_worked_out_once() -> None:
    frames = by_level(toy_zone())
    assert drawn_shapes(frames)[3] is drawn_shapes(by_level(toy_zone()))[3]
    moved = toy_zone()
    moved["geometry"] = moved.geometry.translate(1e-3)
    assert drawn_shapes(by_level(moved))[3] is not drawn_shapes(frames)[3]


def test_coordinates_have_six_decimals() -> None:
    coordinates = shapely.get_coordinates(rounded(toy_zone().geometry).to_numpy())
    assert np.array_equal(coordinates, np.round(coordinates, 6))


def test_labels_stand_inside_with_the_room_there_is() -> None:
    crescent = shapely.Point(0, 0).buffer(1).difference(shapely.Point(0.4, 0).buffer(1))
    box = shapely.box(2, 0, 5, 1)
    places = label_places(gpd.GeoSeries([crescent, box], index=["a", "b"]))
    assert crescent.contains(shapely.Point(places.loc["a", ["lon", "lat"]]))
    assert places.loc["b", "room"] == pytest.approx(3)
    assert places.loc["a", "room"] < 0.5


def test_frames_come_apart_by_level_in_degrees() -> None:
    grids = toy_zone()
    metric = grids.to_crs(4547).reset_index()
    for given_as in (grids, metric, dict(list(grids.groupby("level")))):
        frames = by_level(given_as)
        assert list(frames) == [1, 2, 3]
        assert frames[3].index.name == "code"
        assert frames[3].total_bounds == pytest.approx(grids.total_bounds, abs=1e-5)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda grids: grids.drop(columns="level"), "level"),
        (lambda grids: grids.set_crs(None, allow_override=True), "no CRS"),
        (lambda grids: gpd.pd.concat([grids, grids.tail(1)]), "comes twice"),
    ],
)
def test_frames_that_cannot_be_drawn_are_refused(broken: object, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        by_level(broken(toy_zone()))  # type: ignore[operator]
