"""Points that are hard to locate, and layers that are hard to locate in."""

from __future__ import annotations

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from shapely import Polygon

Points = NDArray[np.float64]
#: Metres of one degree of latitude, near enough to stay near a border.
METRES_PER_DEGREE = 111_195


def edges_of(shapes: NDArray[np.object_]) -> tuple[Points, Points]:
    """First and second end of every edge of polygons, each of shape (n, 2)."""
    rings = shapely.get_rings(shapely.get_parts(shapes))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    return points[:-1][same], points[1:][same]


def near_borders(shapes: NDArray[np.object_], count: int, metres: float, seed: int) -> Points:
    """Points spread evenly along all edges, each moved by up to ``metres`` into any direction."""
    random = np.random.default_rng(seed)
    start, end = edges_of(shapes)
    narrowing = np.cos(np.radians(start[:, 1].mean()))
    length = np.hypot((end[:, 0] - start[:, 0]) * narrowing, end[:, 1] - start[:, 1])
    edge = random.choice(len(length), count, p=length / length.sum())
    foot = start[edge] + random.uniform(size=(count, 1)) * (end[edge] - start[edge])
    away = metres / METRES_PER_DEGREE * np.sqrt(random.uniform(size=count))
    angle = random.uniform(0, 2 * np.pi, count)
    return foot + np.column_stack([away * np.cos(angle) / narrowing, away * np.sin(angle)])


def telling_points(shapes: NDArray[np.object_], count: int, seed: int) -> dict[str, Points]:
    """Points on borders and as close beside them as numbers allow.

    Returns
    -------
    dict
        By kind: every vertex, the same moved to each of the eight nearest points, points on edges (half of
        them the middles of edges, rounded to where numbers are), and those moved likewise; ``count`` in all,
        or what the vertices take.
    """
    random = np.random.default_rng(seed)
    start, end = edges_of(shapes)
    vertices = np.unique(start, axis=0)
    left = max(count // 9 - len(vertices), 1000)
    middle = random.choice(len(start), left // 2)
    edge = random.choice(len(start), left - len(middle))
    share = random.uniform(size=(len(edge), 1))
    on_edges = np.vstack(
        [(start[middle] + end[middle]) / 2, start[edge] + share * (end[edge] - start[edge])],
    )
    return {
        "vertices": vertices,
        "one ulp beside vertices": _beside(vertices),
        "on edges": on_edges,
        "one ulp beside those": _beside(on_edges),
    }


def _beside(points: Points) -> Points:
    """The eight points next to each."""
    moves = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if (dx, dy) != (0, 0)]
    return np.vstack(
        [np.column_stack([_step(points[:, 0], dx), _step(points[:, 1], dy)]) for dx, dy in moves]
    )


def _step(values: NDArray[np.float64], direction: int) -> NDArray[np.float64]:
    return np.nextafter(values, direction * np.inf) if direction else values


def stars_and_holes(count: int, seed: int) -> GeoDataFrame:
    """Stars that overlap, every other one with a hole and an enclave in it: what no partition has."""
    random = np.random.default_rng(seed)
    stars = []
    for _ in range(count):
        centre, size = random.uniform(0, 10, 2), random.uniform(0.3, 1.5)
        outer = _star(random, centre, size)
        hole, enclave = ((outer - centre) * share + centre for share in (0.5, 0.25))
        stars += [Polygon(outer, [hole]), Polygon(enclave)] if random.uniform() < 0.5 else [Polygon(outer)]
    return GeoDataFrame(index=[f"S{row:04}" for row in range(len(stars))], geometry=stars, crs="EPSG:4490")


def _star(random: np.random.Generator, centre: Points, size: float) -> Points:
    angle = np.sort(random.uniform(0, 2 * np.pi, random.integers(8, 80)))
    reach = size * random.uniform(0.5, 1, len(angle))
    return centre + np.column_stack([reach * np.cos(angle), reach * np.sin(angle)])
