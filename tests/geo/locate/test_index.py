"""The locator against PostGIS, and the border rule."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box
from sqlalchemy import text

from geo.errors import InvalidInput
from geo.locate.index import Locator


def frame_of(polygons, codes):
    return gpd.GeoDataFrame(geometry=list(polygons), index=list(codes), crs="EPSG:4490")


def asked_of_postgis(connection, frame, x, y):
    """The rule in SQL: of the polygons that cover the point, the lowest code."""
    connection.execute(text('CREATE TEMP TABLE layer (code text COLLATE "C", geom geometry) ON COMMIT DROP'))
    connection.execute(
        text("INSERT INTO layer VALUES (:code, ST_GeomFromWKB(:wkb))"),
        [{"code": code, "wkb": geometry.wkb} for code, geometry in frame.geometry.items()],
    )
    rows = connection.execute(
        text("""
            SELECT (SELECT code FROM layer WHERE ST_Covers(geom, ST_MakePoint(p.x, p.y))
                    ORDER BY code LIMIT 1)
            FROM unnest(CAST(:x AS float8[]), CAST(:y AS float8[])) WITH ORDINALITY AS p(x, y, n) ORDER BY n
        """),
        {"x": x.tolist(), "y": y.tolist()},
    )
    found = [code for (code,) in rows]
    connection.execute(text("DROP TABLE layer"))
    return found


def cut_square(seed, pieces=12):
    """A random coverage of the square [0, 10]²: Voronoi cells with shared, exact borders."""
    rng = np.random.default_rng(seed)
    cells = shapely.voronoi_polygons(
        shapely.MultiPoint(rng.uniform(0, 10, (pieces, 2))), extend_to=box(0, 0, 10, 10)
    )
    parts = [
        shapely.intersection(cell, box(0, 0, 10, 10), grid_size=2**-20) for cell in shapely.get_parts(cells)
    ]
    codes = rng.permutation([f"G{i:03d}" for i in range(len(parts))])
    return frame_of(parts, codes)


@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_postgis_on_random_points_vertices_and_edges(connection, seed):
    frame = cut_square(seed)
    rng = np.random.default_rng(100 + seed)
    corners = shapely.get_coordinates(frame.geometry.to_numpy())
    points = np.vstack([rng.uniform(-1, 11, (2000, 2)), corners, (corners[:-1] + corners[1:]) / 2])
    x, y = points.T
    rows = Locator.from_frame(frame).locate(lon=x, lat=y)
    ours = [None if row < 0 else frame.index[row] for row in rows]
    assert ours == asked_of_postgis(connection, frame, x, y)
    assert None in ours


@settings(max_examples=60, deadline=None)
@given(
    widths=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    heights=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    seed=st.integers(0, 99),
)
def test_on_any_rectangular_partition_the_lowest_code_holds_the_border(widths, heights, seed):
    xs, ys = np.cumsum([0, *widths]), np.cumsum([0, *heights])
    cells = [box(xs[i], ys[j], xs[i + 1], ys[j + 1]) for i in range(len(widths)) for j in range(len(heights))]
    codes = np.random.default_rng(seed).permutation(len(cells))
    frame = frame_of(cells, codes)
    px, py = (
        axis.ravel() / 2 for axis in np.meshgrid(np.arange(-1, 2 * xs[-1] + 2), np.arange(-1, 2 * ys[-1] + 2))
    )
    rows = Locator.from_frame(frame).locate(lon=px, lat=py)
    for x, y, row in zip(px, py, rows, strict=True):
        holding = [code for code, cell in zip(codes, cells, strict=True) if shapely.intersects_xy(cell, x, y)]
        assert (None if row < 0 else frame.index[row]) == (min(holding) if holding else None)


def test_holes_enclaves_and_overlaps():
    ring = shapely.difference(box(0, 0, 10, 10), box(4, 4, 6, 6))
    frame = frame_of([ring, box(4, 4, 6, 6), box(8, 8, 12, 12)], ["c", "b", "a"])
    rows = Locator.from_frame(frame).locate(lon=[1, 5, 4, 9, 11, 13], lat=[1, 5, 5, 9, 11, 13])
    assert rows.tolist() == [0, 1, 1, 2, 2, -1]


def test_missing_coordinates_and_missing_geometries_hold_nothing():
    frame = frame_of([None, box(0, 0, 1, 1)], ["a", "b"])
    locator = Locator.from_frame(frame)
    rows = locator.locate(lon=[np.nan, 0.5, np.inf, 0.5], lat=[0.5, np.nan, 0.5, 0.5])
    assert rows.tolist() == [-1, -1, -1, 1]
    assert rows.dtype == np.int32
    assert Locator.from_frame(frame.iloc[:0]).locate(lon=[0.5], lat=[0.5]).tolist() == [-1]


def test_more_points_than_a_block(monkeypatch):
    monkeypatch.setattr("geo.locate.index.BLOCK_POINTS", 7)
    rows = Locator.from_frame(frame_of([box(0, 0, 10, 1)], ["a"])).locate(
        lon=np.arange(-5, 20), lat=np.full(25, 0.5)
    )
    assert (rows == 0).sum() == 11


def test_repeated_codes_are_refused():
    with pytest.raises(InvalidInput, match="'a'"):
        Locator.from_frame(frame_of([box(0, 0, 1, 1)] * 2, ["a", "a"]))


def test_lines_are_refused():
    with pytest.raises(InvalidInput, match="no polygons"):
        Locator.from_frame(frame_of([shapely.LineString([(0, 0), (1, 1)])], ["a"]))


def test_arrays_of_different_length_are_refused():
    with pytest.raises(InvalidInput, match="2 longitudes and 1 latitudes"):
        Locator.from_frame(frame_of([box(0, 0, 1, 1)], ["a"])).locate(lon=[1, 2], lat=[1])
