"""The index against rational arithmetic and GEOS: vertices, edges, one ulp beside them, hostile layers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.errors import InvalidInput
from geo.locate.index import Locator
from tests.geo.locate.rationals import rows_holding

CRS = "EPSG:4490"


def layer(polygons: Sequence[BaseGeometry | None], index: Sequence[object] | None = None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(polygons), index=index, crs=CRS)


def telling_points(polygons: Sequence[BaseGeometry | None], seed: int = 0) -> np.ndarray:
    """Vertices, middles of edges, points on edges, all of them one ulp to each side, and random ones."""
    rng = np.random.default_rng(seed)
    known = np.array([polygon for polygon in polygons if polygon is not None], dtype=object)
    vertices = shapely.get_coordinates(known)
    edges = vertices[:-1], vertices[1:]
    share = rng.uniform(size=(len(vertices) - 1, 1))
    on = np.vstack([vertices, (edges[0] + edges[1]) / 2, edges[0] + share * (edges[1] - edges[0])])
    beside = [
        np.column_stack([np.nextafter(on[:, 0], dx * np.inf), np.nextafter(on[:, 1], dy * np.inf)])
        for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1))
    ]
    west, south, east, north = shapely.total_bounds(known)
    spread = rng.uniform((west - 0.1, south - 0.1), (east + 0.1, north + 0.1), size=(500, 2))
    return np.vstack([on, *beside, spread])


def check_by_rationals(polygons: Sequence[BaseGeometry | None], points: np.ndarray) -> None:
    locator = Locator.from_frame(layer(polygons))
    found = locator.locate(lon=points[:, 0], lat=points[:, 1])
    starts, rows = locator.locate_all(lon=points[:, 0], lat=points[:, 1])
    for i, (x, y) in enumerate(points):
        truth = rows_holding(polygons, x, y)
        assert rows[starts[i] : starts[i + 1]].tolist() == truth, (x, y)
        assert found[i] == (truth[0] if truth else -1), (x, y)


def organic(columns: int, rows: int, seed: int) -> list[BaseGeometry]:
    """A coverage of wobbly cells that share every vertex of their borders."""
    rng = np.random.default_rng(seed)
    corner = rng.uniform(-0.3, 0.3, size=(columns + 1, rows + 1, 2)) + np.stack(
        np.meshgrid(np.arange(columns + 1), np.arange(rows + 1), indexing="ij"), axis=-1
    )

    def side(start: np.ndarray, end: np.ndarray) -> list[np.ndarray]:
        low, high = sorted((tuple(start), tuple(end)))
        wobble = np.random.default_rng(abs(hash((low, high))) % 2**32)
        share = np.linspace(0, 1, 6)[1:-1, None]
        middle = np.array(low) + share * (np.array(high) - low) + wobble.uniform(-0.05, 0.05, (4, 2))
        inner = list(middle if tuple(start) == low else middle[::-1])
        return [start, *inner]

    cells = []
    for i in range(columns):
        for j in range(rows):
            a, b, c, d = corner[i, j], corner[i + 1, j], corner[i + 1, j + 1], corner[i, j + 1]
            cells.append(Polygon([*side(a, b), *side(b, c), *side(c, d), *side(d, a)]))
    return cells


def test_a_coverage_with_every_vertex_edge_and_ulp() -> None:
    cells = organic(4, 3, seed=1)
    assert all(cell.is_valid for cell in cells)
    check_by_rationals(cells, telling_points(cells))


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1.0, 1e7, 1e15])
@pytest.mark.parametrize("shift", [0.0, 113.85, -1e6])
def test_sizes_and_places(scale: float, shift: float) -> None:
    cells = [
        affinity.translate(affinity.scale(cell, scale, scale, origin=(0, 0)), shift, shift)
        for cell in organic(2, 2, 2)
    ]
    cells = [cell for cell in cells if cell.is_valid and not cell.is_empty]
    if cells:
        check_by_rationals(cells, telling_points(cells))


HOSTILE = {
    "holes and an enclave in one": [
        Polygon(box(0, 0, 10, 10).exterior, [box(2, 2, 4, 4).exterior, box(6, 6, 9, 9).exterior]),
        box(2, 2, 4, 4),
        box(7, 7, 8, 8),
    ],
    "overlaps of many": [box(i, i / 2, i + 7, i / 2 + 5) for i in range(6)],
    "one inside another, both ways": [box(0, 0, 10, 10), box(3, 3, 4, 4), box(-5, -5, 20, 20)],
    "parts and nothing": [
        MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)]),
        None,
        Polygon(),
        MultiPolygon([box(1, 0, 2, 1), box(3, 0, 4, 1)]),
    ],
    "many corners in one point": [
        Polygon([(0, 0), (math.cos(a), math.sin(a)), (math.cos(a + 0.3), math.sin(a + 0.3))])
        for a in np.arange(0, 6.28, 0.3)
    ],
    "huge and tiny together": [box(-1e6, -1e6, 1e6, 1e6), box(0, 0, 1e-9, 1e-9), box(1e-9, 0, 2e-9, 1e-9)],
    "slivers": [
        Polygon([(0, 0), (10, 1e-12), (10, 2e-12)]),
        Polygon([(0, 0), (10, 2e-12), (0, 5)]),
        box(0, -1, 10, 0),
    ],
    "needles of a comb": [
        Polygon(
            [
                (0, 0),
                *[(i + j / 2, 3.0 * (j == 1)) for i in range(12) for j in (0, 1)],
                (12, 0),
                (12, -1),
                (0, -1),
            ]
        )
    ],
    "numbers of very different size": [
        Polygon([(0, 0), (1e-160, 3e-160), (3, 1e-160)]),
        Polygon([(1e-160, 3e-160), (3, 1e-160), (4, 4e-160), (3, 2)]),
    ],
    "near the origin": [
        Polygon([(0.1, 0.1), (-0.3, 0.2), (0.7, -0.30000000000000004)]),
        Polygon([(0.1, 0.1), (-0.3, 0.2), (0.2, 0.9)]),
    ],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_layers(name: str) -> None:
    polygons = HOSTILE[name]
    assert all(polygon is None or polygon.is_valid for polygon in polygons)
    check_by_rationals(polygons, telling_points(polygons))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 4))
def test_generated_coverages(seed: int, columns: int, rows: int) -> None:
    cells = [cell for cell in organic(columns, rows, seed) if cell.is_valid]
    if cells:
        rng = np.random.default_rng(seed)
        points = telling_points(cells, seed)
        check_by_rationals(cells, points[rng.permutation(len(points))[:150]])


coordinate = st.one_of(
    st.integers(-4, 4).map(float),
    st.floats(-5, 5, allow_nan=False).map(lambda value: float(np.float32(value))),
    st.floats(-5, 5, allow_nan=False),
)
corner = st.tuples(coordinate, coordinate)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(corner, min_size=3, max_size=9), min_size=1, max_size=6), st.integers(0, 2**16))
def test_arbitrary_overlapping_polygons(outlines: list[list[tuple[float, float]]], seed: int) -> None:
    mended = [shapely.make_valid(Polygon(outline)) for outline in outlines]
    polygons = [
        MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])
        for shape in mended
    ]
    polygons = [polygon for polygon in polygons if not polygon.is_empty and polygon.is_valid]
    if polygons:
        points = telling_points(polygons, seed)
        check_by_rationals(polygons, points[np.random.default_rng(seed).permutation(len(points))[:120]])


def test_a_doubt_behind_several_holders_leaves_them_all_named() -> None:
    tiny = Polygon([(0, 0), (1e-160, 3e-160), (3, 1e-160)])
    polygons = [box(-1, -1, 4, 4), box(-2, -1, 4, 4), box(-1, -2, 4, 5), tiny]
    for x, y in ((5e-161, 1e-160), (1e-160, 2e-160), (2.0, 1e-160)):
        check_by_rationals(polygons, np.array([(x, y)]))


@pytest.mark.parametrize("slope", [1.0, -1.0, 2.0, 0.5])
def test_edges_along_the_diagonals_of_cells(slope: float) -> None:
    polygons = [Polygon([(0, 0), (1, slope), (0, slope)]), Polygon([(0, 0), (1, 0), (1, slope)])]
    check_by_rationals(polygons, telling_points(polygons)[::3])


def test_the_lowest_index_value_answers_whatever_the_order_of_rows() -> None:
    shapes = [box(0, 0, 2, 2), box(1, 0, 3, 2), box(1.5, 0, 4, 2)]
    frame = layer(shapes, ["c", "a", "b"])
    assert Locator.from_frame(frame).locate(lon=[0.5, 1.2, 1.7, 3.5, 1.0], lat=[1.0] * 5).tolist() == [
        0,
        1,
        1,
        2,
        1,
    ]
    starts, rows = Locator.from_frame(frame).locate_all(lon=[1.7], lat=[1.0])
    assert (starts.tolist(), rows.tolist()) == ([0, 3], [1, 2, 0])


def test_against_geos_on_a_larger_coverage() -> None:
    cells = organic(12, 12, seed=5)
    locator = Locator.from_frame(layer(cells))
    points = np.vstack(
        [telling_points(cells), np.random.default_rng(0).uniform(-0.5, 12.5, size=(50_000, 2))]
    )
    found = locator.locate(lon=points[:, 0], lat=points[:, 1])
    asked, held = shapely.STRtree(cells).query(shapely.points(points), predicate="intersects")
    geos = np.full(len(points), len(cells))
    np.minimum.at(geos, asked, held)
    geos[geos == len(cells)] = -1
    differ = np.flatnonzero(found != geos)
    # Where the two engines differ rationals decide; ours is never the wrong one.
    assert [int(found[i]) for i in differ] == [[*rows_holding(cells, *points[i]), -1][0] for i in differ]


def test_a_layer_too_small_to_compute_with_is_refused() -> None:
    with pytest.raises(InvalidInput, match="1e-100"):
        Locator.from_frame(layer([Polygon([(0, 0), (1e-160, 3e-160), (3e-160, 1e-160)])]))
