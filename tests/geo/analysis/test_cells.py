"""Cells cover the area without gap or overlap, and every point is counted once."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.cells import hexagon_cells, square_cells, sum_points
from geo.errors import InvalidInput

CRS = "EPSG:4547"
MAKERS = (square_cells, hexagon_cells)

areas = st.tuples(
    st.floats(-2000, 2000), st.floats(-2000, 2000), st.floats(10, 1500), st.floats(10, 1500)
).map(lambda box: shapely.box(box[0], box[1], box[0] + box[2], box[1] + box[3]))


def framed(shape: shapely.Geometry, crs: str = CRS) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[shape], crs=crs)


@pytest.mark.parametrize("make", MAKERS)
@given(area=areas, size_m=st.floats(80, 400))
def test_cells_cover_the_area_once(make: object, area: shapely.Polygon, size_m: float) -> None:
    cells = make(framed(area), size_m=size_m)  # type: ignore[operator]
    shapes = cells.geometry.to_numpy()
    assert shapely.union_all(shapes).buffer(1e-6).covers(area)
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes) == pytest.approx(np.full(len(shapes), shapely.area(shapes[0])))
    assert shapely.intersects(shapes, area).all()


@pytest.mark.parametrize("make", MAKERS)
def test_a_hole_has_no_cells(make: object) -> None:
    ring = shapely.box(0, 0, 3000, 3000).difference(shapely.box(500, 500, 2500, 2500))
    cells = make(framed(ring), size_m=100)  # type: ignore[operator]
    assert not cells.intersects(shapely.Point(1500, 1500)).any()


@given(seed=st.integers(0, 10_000))
def test_every_point_of_the_area_is_counted_once(seed: int) -> None:
    cells = hexagon_cells(framed(shapely.box(0, 0, 1000, 1000)), size_m=137.0)
    corners = shapely.get_coordinates(cells.geometry.to_numpy())
    inside = corners[((corners > 0) & (corners < 1000)).all(axis=1)]
    anywhere = np.random.default_rng(seed).uniform(0, 1000, (50, 2))
    points = np.concatenate([inside, anywhere])
    counted = sum_points(gpd.GeoSeries.from_xy(*points.T, crs=CRS), cells)
    assert counted.sum() == len(points)


def test_weights_are_summed_and_missing_points_lie_nowhere() -> None:
    cells = square_cells(framed(shapely.box(0, 0, 200, 100)), size_m=100)
    points = gpd.GeoSeries([shapely.Point(50, 50), None, shapely.Point(), shapely.Point(150, 50)], crs=CRS)
    assert sum_points(points, cells, pd.Series([2.0, 5.0, 7.0, 3.5])).tolist() == [2.0, 3.5]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(
    ("area", "size_m", "message"),
    [
        (framed(shapely.box(113, 27, 114, 28), "EPSG:4490"), 100, "measured in metres"),
        (framed(shapely.box(0, 0, 1, 1)), 0, "size_m 0 is no size"),
        (framed(shapely.box(0, 0, 1, 1)).iloc[:0], 100, "no polygon"),
    ],
)
def test_what_cannot_be_covered_is_refused(
    make: object, area: gpd.GeoDataFrame, size_m: float, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        make(area, size_m=size_m)  # type: ignore[operator]


def test_points_and_cells_in_different_systems_are_refused() -> None:
    cells = square_cells(framed(shapely.box(0, 0, 1, 1)), size_m=1)
    with pytest.raises(InvalidInput, match="bring both to one CRS"):
        sum_points(gpd.GeoSeries.from_xy([0.5], [0.5], crs="EPSG:4490"), cells)
