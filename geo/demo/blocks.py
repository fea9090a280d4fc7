"""Planar blocks: cut the zone along roads, water and field paths, and know who borders whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.demo.roads import Network
from geo.demo.shapes import Floats, stream, wander
from geo.demo.terrain import Terrain

GRID_M = 0.01
CORE_MIN_M2, RURAL_MIN_M2 = 14_000.0, 60_000.0
HARD_WEIGHT, RIVER_WEIGHT = 0.45, 0.02


@dataclass(frozen=True)
class Blocks:
    """The pieces that grids are made of.

    Attributes
    ----------
    polygons
        The blocks, together a valid coverage of the zone.
    in_core
        Whether a block belongs to the town.
    pairs, lengths_m
        Bordering blocks and their shared border, weighted: a road parts, the river parts most.
    """

    polygons: NDArray[np.object_]
    in_core: NDArray[np.bool_]
    pairs: NDArray[np.int64]
    lengths_m: Floats


def make_blocks(seed: int, terrain: Terrain, network: Network) -> Blocks:
    """Cut the zone into blocks; slivers go to the neighbour they share most with."""
    roads = [
        line for kind, _, line in network.lines if kind in ("expressway", "trunk", "primary", "secondary")
    ]
    railways = [line for kind, _, line in network.lines if kind == "railway"]
    water = [terrain.river_line, *terrain.brook_lines]
    core = network.core
    hard = [*roads, *water, core.boundary, *(line - core for line in railways)]
    soft = _field_paths(stream(seed, "fields"), terrain, core)
    noded = shapely.union_all([*hard, soft, terrain.outline.boundary], grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize([*shapely.get_parts(noded)]))
    inner = shapely.point_on_surface(faces)
    shapely.prepare(terrain.outline)
    inside = shapely.contains(terrain.outline, inner)
    faces, inner = faces[inside], inner[inside]
    edges = shapely.get_parts(noded)
    pairs, lengths = _borders(faces, edges, hard, terrain.river_line)
    in_core = shapely.contains(core, inner)
    return _without_slivers(faces, in_core, pairs, lengths)


def _field_paths(rng: np.random.Generator, terrain: Terrain, core: shapely.Polygon) -> shapely.Geometry:
    """Return wandering cell borders: ridges, paths between fields."""
    low_x, low_y, high_x, high_y = terrain.canvas.bounds
    step = 480.0
    x, y = np.meshgrid(np.arange(low_x, high_x, step), np.arange(low_y, high_y, step))
    points = np.column_stack([x.ravel(), y.ravel()]) + rng.uniform(-0.42, 0.42, (x.size, 2)) * step
    cells = shapely.voronoi_polygons(shapely.multipoints(points), only_edges=True)
    edges = shapely.get_parts(shapely.line_merge(cells))
    edges = edges[shapely.intersects(edges, terrain.outline) & (shapely.length(edges) > 1.0)]
    paths = [
        shapely.LineString(
            np.round(wander(shapely.get_coordinates(edge), rng, amplitude_m=22.0, step_m=55.0), 2)
        )
        for edge in edges
    ]
    return shapely.union_all(paths) - core.buffer(0.02)


def _borders(
    faces: NDArray[np.object_], edges: NDArray[np.object_], hard: shapely.Geometry, river: shapely.Geometry
) -> tuple[NDArray[np.int64], Floats]:
    """Find the face on either side of every edge."""
    middle = shapely.get_coordinates(shapely.line_interpolate_point(edges, 0.5, normalized=True))
    before = shapely.get_coordinates(shapely.line_interpolate_point(edges, 0.499, normalized=True))
    along = middle - before
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-12)
    offset = np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None] * 0.03
    tree = shapely.STRtree(faces)
    sides = np.full((len(edges), 2), -1)
    for column, sign in enumerate((1.0, -1.0)):
        probe, face = tree.query(shapely.points(middle + sign * offset), predicate="intersects")
        sides[probe, column] = face
    points = shapely.points(middle)
    weight = np.ones(len(edges))
    weight[shapely.STRtree(points).query(hard, predicate="dwithin", distance=0.05)[1]] = HARD_WEIGHT
    weight[shapely.dwithin(river, points, 0.05)] = RIVER_WEIGHT
    real = (sides >= 0).all(axis=1) & (sides[:, 0] != sides[:, 1])
    tiny_pairs, tiny_lengths = _borders_of_tiny(faces, tree)
    pairs = np.vstack([sides[real], tiny_pairs])
    return merge_pairs(pairs, np.concatenate([(shapely.length(edges) * weight)[real], tiny_lengths]))


def _borders_of_tiny(faces: NDArray[np.object_], tree: shapely.STRtree) -> tuple[NDArray[np.int64], Floats]:
    """Find the neighbours of faces too small for a probe beside the edge to hit them."""
    tiny = np.flatnonzero(shapely.area(faces) < 500.0)
    row, other = tree.query(faces[tiny], predicate="touches")
    lengths = shapely.length(shapely.intersection(faces[tiny[row]], faces[other]))
    keep = lengths > 0
    return np.column_stack([tiny[row], other])[keep], lengths[keep]


def merge_pairs(pairs: NDArray[np.int64], lengths: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Sum the border lengths of pairs that occur more than once; drop pairs of one with itself."""
    real = pairs[:, 0] != pairs[:, 1]
    unique, inverse = np.unique(np.sort(pairs[real], axis=1), axis=0, return_inverse=True)
    sums = np.bincount(inverse.ravel(), weights=lengths[real], minlength=len(unique))
    return unique, np.asarray(sums, dtype=np.float64)


def _without_slivers(
    faces: NDArray[np.object_], in_core: NDArray[np.bool_], pairs: NDArray[np.int64], lengths: Floats
) -> Blocks:
    """Give every block that is too small or too thin to a neighbour, in town or country as itself."""
    area, around = shapely.area(faces), shapely.length(faces)
    owner = np.arange(len(faces))
    neighbours: list[dict[int, float]] = [{} for _ in faces]
    for (first, second), length in zip(pairs, lengths, strict=True):
        if in_core[first] == in_core[second] or min(area[first], area[second]) < 500.0:
            neighbours[first][int(second)] = neighbours[second][int(first)] = float(length)
    least = np.where(in_core, CORE_MIN_M2, RURAL_MIN_M2)
    queue = [int(i) for i in np.lexsort((np.arange(len(faces)), area))]
    for face in queue:
        thin = around[face] > 0 and 4 * np.pi * area[face] / around[face] ** 2 < 0.22
        if owner[face] != face or not neighbours[face] or not (area[face] < least[face] or thin):
            continue
        target = max(neighbours[face], key=lambda other: (neighbours[face][other], -other))
        owner[owner == face] = target
        around[target] += around[face] - 2 * neighbours[face][target]
        area[target] += area[face]
        for other, length in neighbours[face].items():
            del neighbours[other][face]
            if other != target:
                both = neighbours[target].get(other, 0.0) + length
                neighbours[target][other] = neighbours[other][target] = both
    kept, owner = np.unique(owner, return_inverse=True)
    polygons = union_by(faces, owner, len(kept))
    pairs, lengths = merge_pairs(owner[pairs], lengths)
    return Blocks(polygons, in_core[kept], pairs, lengths)


def union_by(polygons: NDArray[np.object_], owner: NDArray[np.int64], count: int) -> NDArray[np.object_]:
    """Unite polygons of one coverage by owner."""
    result = np.empty(count, dtype=object)
    for index in range(count):
        united = shapely.coverage_union_all(polygons[owner == index])
        parts = shapely.get_parts(united)
        result[index] = parts[0] if len(parts) == 1 else united
    return result
