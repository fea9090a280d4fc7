"""The partition: blocks → 138 third-level grids → 29 units → 5 areas, each level a valid coverage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.demo.blocks import Blocks, merge_pairs, union_by
from geo.demo.grouping import group
from geo.demo.roads import Network
from geo.demo.shapes import stream

TOWN_GRIDS, VILLAGE_GRIDS = 78, 60
COMMUNITIES, VILLAGES, AREAS = 14, 15, 5
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Partition:
    """Three nested levels, in local metres.

    Attributes
    ----------
    cells
        Polygons of the third-level grids.
    is_town, is_park
        Whether a third-level grid belongs to a community; whether to the factory park.
    unit, area
        Index of the second-level unit of each cell (0–13 communities, 14–28 villages) and of the
        first-level area of each unit.
    blocks, block_cell
        The blocks, and the cell of each.
    """

    cells: NDArray[np.object_]
    is_town: NDArray[np.bool_]
    is_park: NDArray[np.bool_]
    unit: Ints
    area: Ints
    blocks: NDArray[np.object_]
    block_cell: Ints


def make_partition(seed: int, blocks: Blocks, network: Network) -> Partition:
    """Group the blocks level by level, the town apart from the villages."""
    rng = stream(seed, "partition")
    pairs, lengths = blocks.pairs, blocks.lengths_m
    weights = np.sqrt(shapely.area(blocks.polygons)) ** 1.6
    shapely.prepare(network.park)
    in_park = shapely.contains(network.park, shapely.point_on_surface(blocks.polygons))
    weights = np.where(in_park, weights * 0.24, weights)
    cell = _by_side(
        blocks.polygons, blocks.in_core, weights, pairs, lengths, (TOWN_GRIDS, VILLAGE_GRIDS), rng
    )
    cells = union_by(blocks.polygons, cell, TOWN_GRIDS + VILLAGE_GRIDS)
    is_town = np.arange(len(cells)) < TOWN_GRIDS
    park_share = np.bincount(cell, weights=in_park * shapely.area(blocks.polygons), minlength=len(cells))
    is_park = is_town & (park_share / shapely.area(cells) > 0.7)
    pairs, lengths = merge_pairs(cell[pairs], lengths)
    ones = np.ones(len(cells))
    unit = _by_side(cells, is_town, ones, pairs, lengths, (COMMUNITIES, VILLAGES), rng)
    units = union_by(cells, unit, COMMUNITIES + VILLAGES)
    pairs, lengths = merge_pairs(unit[pairs], lengths)
    area = group(units, np.ones(len(units)), pairs, lengths, AREAS, rng)
    return Partition(cells, is_town, is_park, unit, area, blocks.polygons, cell)


def _by_side(
    polygons: NDArray[np.object_],
    in_town: NDArray[np.bool_],
    weights: NDArray[np.float64],
    pairs: Ints,
    lengths: NDArray[np.float64],
    counts: tuple[int, int],
    rng: np.random.Generator,
) -> Ints:
    """Group town and country apart; the town's groups come first."""
    result = np.full(len(polygons), -1)
    offset = 0
    for side, count in zip((in_town, ~in_town), counts, strict=True):
        rows = np.flatnonzero(side)
        position = np.full(len(polygons), -1)
        position[rows] = np.arange(len(rows))
        inner = side[pairs].all(axis=1)
        result[rows] = offset + group(
            polygons[rows], weights[rows], position[pairs[inner]], lengths[inner], count, rng
        )
        offset += count
    return result
