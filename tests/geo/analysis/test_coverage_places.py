"""Reach and view of places: what they give is what geometry says, point by point."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.coverage.reach import reach, site_reach
from geo.analysis.coverage.teams import team_reach, teams_near
from geo.analysis.coverage.view import blind_spots, in_view, sectors, seen_ground, view_share, views
from geo.errors import InvalidInput

METRIC = "EPSG:4547"
steps = st.integers(-2_000, 2_000).map(float)
spots = st.lists(st.tuples(steps, steps), max_size=12)
GRIDS = gpd.GeoDataFrame(
    {"level": [1, 2, 2], "parent_code": [None, "A", "A"], "area_km2": [2.0, 1.0, 1.0]},
    index=pd.Index(["A", "B", "C"], name="code"),
    geometry=[shapely.box(0, 0, 2000, 1000), shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    crs=METRIC,
)


def points(xy: list[tuple[float, float]]) -> gpd.GeoSeries:
    return gpd.GeoSeries.from_xy([x for x, _ in xy], [y for _, y in xy], crs=METRIC)


@settings(max_examples=40, deadline=None)
@given(spots, spots, st.integers(1, 3_000).map(float))
def test_reach_is_the_straight_line(
    houses: list[tuple[float, float]], places: list[tuple[float, float]], reach_m: float
) -> None:
    found = reach(points(houses), points(places), reach_m)
    for (x, y), row in zip(houses, found.itertuples(), strict=True):
        away = [np.hypot(x - a, y - b) for a, b in places]
        assert np.isnan(row.distance_m) if not away else row.distance_m == pytest.approx(min(away))
        assert row.near == sum(m <= reach_m for m in away)


def test_what_lies_at_exactly_the_reach_is_reached() -> None:
    assert reach(points([(300, 400)]), points([(0, 0)]), 500.0)["near"].tolist() == [1]
    assert reach(points([(300, 400)]), points([(0, 0)]), np.nextafter(500.0, 0))["near"].tolist() == [0]


def test_degrees_are_no_metres() -> None:
    with pytest.raises(InvalidInput, match="use to_crs"):
        reach(points([(0, 0)]).set_crs("EPSG:4490", allow_override=True), points([]), 500.0)
    with pytest.raises(InvalidInput, match="bring both to one CRS"):
        reach(points([(0, 0)]), points([(0, 0)]).set_crs("EPSG:4548", allow_override=True), 500.0)


def test_households_weigh_and_buildings_count() -> None:
    buildings = pd.DataFrame({"grid_code": ["B", "B", "C", None], "households": [30, 10, 0, 7]})
    found = pd.DataFrame({"distance_m": [100.0, 900.0, 50.0, 1.0], "near": [2, 0, 1, 1]})
    shares = site_reach(found, buildings, GRIDS)
    assert shares["in_reach_share"].tolist()[:2] == [0.75, 0.75]
    assert np.isnan(shares.loc["C", "in_reach_share"])
    assert shares["buildings_in_reach_share"].tolist() == pytest.approx([2 / 3, 0.5, 1.0])
    assert shares.loc["A", "site_distance_m"] == 300.0


def test_teams_are_told_apart_by_kind() -> None:
    teams = gpd.GeoDataFrame(
        {"kind": ["patrol", "patrol", "mediation"]}, geometry=points([(0, 0), (0, 600), (900, 0)])
    )
    found = team_reach(points([(0, 100)]), teams, 1_000.0)
    assert found["teams_near"].tolist() == [3]
    assert found[["teams_near_patrol", "teams_near_mediation"]].iloc[0].tolist() == [2, 1]
    assert found["team_distance_m_mediation"].iloc[0] == pytest.approx(np.hypot(900, 100))
    mean = teams_near(found, pd.DataFrame({"grid_code": ["B"], "households": [5]}), GRIDS)
    assert mean.loc[["A", "B"], "team_distance_m"].tolist() == [100.0, 100.0]
    assert mean.loc["C"].isna().all()


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0, 359.9) | st.just(float("nan")), st.floats(1, 360), st.floats(1, 500), st.tuples(steps, steps)
)
def test_a_sector_holds_what_is_near_and_ahead(
    direction: float, angle: float, range_m: float, aside: tuple[float, float]
) -> None:
    camera = gpd.GeoDataFrame(
        {"direction_deg": [direction], "angle_deg": [angle], "range_m": [range_m]}, geometry=points([(0, 0)])
    )
    drawn = sectors(camera).iloc[0]
    whole = np.isnan(direction) or angle >= 360
    assert drawn.is_valid
    width = 360.0 if whole else angle
    assert drawn.area == pytest.approx(np.pi * range_m**2 * width / 360, rel=2e-3)
    x, y = aside
    turn = abs((np.degrees(np.arctan2(x, y)) - (0.0 if np.isnan(direction) else direction) + 180) % 360 - 180)
    distance = np.hypot(x, y)
    ahead = whole or turn < width / 2 - 1e-6
    if 0 < distance < range_m * np.cos(np.radians(2.5)) and ahead:
        assert drawn.intersects(shapely.Point(x, y))
    if distance > range_m * (1 + 1e-9) or (not whole and turn > width / 2 + 1e-6 and distance > 0):
        assert not drawn.intersects(shapely.Point(x, y))


squares = st.lists(
    st.tuples(st.integers(-500, 2_500), st.integers(-500, 1_500), st.integers(10, 900)), max_size=8
)


@settings(max_examples=40, deadline=None)
@given(squares)
def test_seen_and_blind_make_up_the_grid(boxes: list[tuple[int, int, int]]) -> None:
    shapes = gpd.GeoSeries([shapely.box(x, y, x + side, y + side) for x, y, side in boxes], crs=METRIC)
    finest = GRIDS[GRIDS["level"] == 2]
    seen = seen_ground(finest.geometry, shapes)
    blind = blind_spots(finest.geometry, seen)
    assert (seen.area + blind["area_m2"]).tolist() == pytest.approx(finest.area.tolist())
    assert seen.intersection(blind.geometry, align=False).area.sum() == pytest.approx(0, abs=1e-6)
    share = view_share(GRIDS, seen)
    expected = shapely.union_all(shapes.to_numpy()).intersection(GRIDS.geometry["A"]).area / 2e6
    assert share["A"] == pytest.approx(expected)
    assert (blind["share"] + share[finest.index]).tolist() == pytest.approx([1.0, 1.0])


@settings(max_examples=40, deadline=None)
@given(squares, spots)
def test_points_in_view_are_those_a_view_covers(
    boxes: list[tuple[int, int, int]], xy: list[tuple[float, float]]
) -> None:
    shapes = [shapely.box(x, y, x + side, y + side) for x, y, side in boxes]
    found = in_view(points(xy), gpd.GeoSeries(shapes, crs=METRIC))
    assert found.tolist() == [any(shape.covers(shapely.Point(spot)) for shape in shapes) for spot in xy]


def test_only_online_cameras_see_and_their_survey_is_believed() -> None:
    surveyed = shapely.box(113.8, 27.6, 113.801, 27.601)
    cameras = gpd.GeoDataFrame(
        {
            "state": ["online", "offline", "online"],
            "view": gpd.array.from_shapely(np.array([surveyed, surveyed, None]), crs="EPSG:4490"),
            "direction_deg": [np.nan, np.nan, 90.0],
            "angle_deg": [360.0, 360.0, 60.0],
            "range_m": [50.0, 50.0, 100.0],
        },
        index=["ONE", "TWO", "THREE"],
        geometry=gpd.GeoSeries.from_xy([113.8] * 3, [27.6] * 3, crs="EPSG:4490").to_numpy(),
        crs="EPSG:4490",
    )
    seen = views(cameras, METRIC)
    assert list(seen.index) == ["ONE", "THREE"]
    assert seen["ONE"].equals(surveyed)
    assert seen.to_crs(METRIC)["THREE"].area == pytest.approx(np.pi * 100**2 / 6, rel=2e-3)
    assert seen["THREE"].intersects(shapely.Point(113.8005, 27.6))
    assert len(views(cameras.iloc[1:2], METRIC)) == 0
