"""From polygons to cells: the arrays of an index."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InvalidInput
from geo.locate.kernels import cells as kernel
from geo.locate.kernels import leaves

Floats = NDArray[np.float64]
#: West and south of the cells, the size of one, the margin of rounding.
Grid = tuple[float, float, float, float]

#: The grid has about so many cells per vertex, within these bounds; layers of more than SMALL_LAYER vertices
#: get fewer, because they would not fit into a cache anyway …
CELLS_PER_VERTEX, FEWER_PER_VERTEX = 2.0, 0.67
FEWEST_CELLS, MOST_CELLS = 1 << 18, 1 << 25
#: … and small ones get nodes of so many cells to a side wherever a border runs.
SMALL_LAYER, FIRST_SIDE = 2_000_000, 4
#: Leaves with more edges are split, into this many cells per edge.
FEW_EDGES, FINENESS = 12, 4.0
#: A leaf's record is named by half an int32.
MOST_WORDS = 1 << 30
#: Words of a store that is too large to be held twice.
LARGE_STORE = 1 << 25


@dataclass(frozen=True)
class Rings:
    """Polygons as flat arrays.

    Attributes
    ----------
    xs, ys
        Vertices of all rings, one after the other.
    ring_start
        Where each ring begins in them, and the end.
    polygon_ring
        Where the rings of each polygon begin, and the end; polygons without rings are empty.
    """

    xs: Floats
    ys: Floats
    ring_start: NDArray[np.int64]
    polygon_ring: NDArray[np.int64]

    @classmethod
    def of(cls, polygons: NDArray[np.object_]) -> Rings:
        """Flatten polygons and multipolygons; None is an empty one."""
        known = np.flatnonzero(~(shapely.is_missing(polygons) | shapely.is_empty(polygons)))
        counts = np.zeros(len(polygons) + 1, dtype=np.int64)
        if not len(known):
            nothing = np.empty(0)
            return cls(nothing, nothing, np.zeros(1, dtype=np.int64), counts)
        kind, points, offsets = shapely.to_ragged_array(shapely.force_2d(polygons[known]))
        ring_start, part_ring = offsets[0], offsets[1]
        rings = part_ring if kind == shapely.GeometryType.POLYGON else part_ring[offsets[2]]
        counts[known + 1] = np.diff(rings)
        xs, ys = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
        return cls(xs, ys, ring_start.astype(np.int64), np.cumsum(counts))


@dataclass(frozen=True)
class Cells:
    """The arrays that are asked; see ``geo.locate.kernels.ask``.

    Attributes
    ----------
    grid
        West and south of the grid, cells per unit.
    shape
        Columns and rows.
    """

    grid: Floats
    shape: NDArray[np.int64]
    cells: NDArray[np.int32]
    node_grid: Floats
    node_value: NDArray[np.int32]
    store: Floats

    def question(self) -> tuple[Any, ...]:
        """The arguments that the kernels take after the points and the place for the answers."""
        columns, rows = (int(number) for number in self.shape)
        words = self.store.view(np.int64)
        return self.grid, columns, rows, self.cells, self.node_grid, self.node_value, self.store, words

    @property
    def nbytes(self) -> int:
        """Memory the arrays take."""
        return sum(getattr(self, field.name).nbytes for field in fields(self))


def build_cells(rings: Rings, order: NDArray[np.int32]) -> Cells:
    """Sort the edges of polygons into cells.

    Parameters
    ----------
    order
        Rows of the polygons by rank: of several that hold a point the first answers.

    Raises
    ------
    InvalidInput
        Coordinates are not finite or too large, or the layer is too large for one index.
    """
    if not len(rings.xs):
        return _no_cells()
    grid, columns, rows = _grid(rings)
    values, store, ends = _sorted_leaves(rings, order, grid, columns, rows)
    return _refined(values, store, ends, grid, columns, rows, len(rings.xs))


def _sorted_leaves(
    rings: Rings, order: NDArray[np.int32], grid: Grid, columns: int, rows: int
) -> tuple[NDArray[np.int32], Floats, tuple[int, int]]:
    """Values of the grid's cells, the store of leaves, and where those with edges end in it, and all."""
    flat = (rings.xs, rings.ys, rings.ring_start, rings.polygon_ring, order)
    start = np.cumsum(kernel.count_edges(*flat, grid, columns, rows))
    edge, rank_of = kernel.sort_edges(*flat, grid, columns, rows, start)
    groups = kernel.group_edges(start, rank_of)
    del start, rank_of  # a large layer's are gigabytes
    for fraction in leaves.FRACTIONS:
        values, store, ends = _leaves(flat, grid, columns, rows, edge, groups, fraction)
        if ends is not None:
            return values, store, ends
    raise InvalidInput(
        "every choice of reference points lies on an edge or vertex of the layer; "
        "shift its coordinates by a fraction of a millimetre"
    )


def _grid(rings: Rings) -> tuple[Grid, int, int]:
    """West, south, size of a cell and the margin of rounding; columns and rows."""
    west, east = float(rings.xs.min()), float(rings.xs.max())
    south, north = float(rings.ys.min()), float(rings.ys.max())
    largest = max(abs(west), abs(east), abs(south), abs(north))
    if not largest < 1e100:
        raise InvalidInput("a coordinate is not finite or beyond 1e100; check the layer's geometries")
    if max(east - west, north - south) < 1e-100:
        raise InvalidInput("the layer is smaller than 1e-100 units: too small to compute with; scale it up")
    vertices = len(rings.xs)
    per_vertex = CELLS_PER_VERTEX if vertices < SMALL_LAYER else FEWER_PER_VERTEX
    wanted = min(max(FEWEST_CELLS, per_vertex * vertices), MOST_CELLS)
    rounding = 8 * float(np.spacing(largest))
    width, height = max(east - west, 1024 * rounding), max(north - south, 1024 * rounding)
    size = max((width * height / wanted) ** 0.5, width / 16_384, height / 16_384, 1024 * rounding)
    columns, rows = int(width / size) + 3, int(height / size) + 3
    pad = size * kernel.MARGIN + rounding
    # The first row and column stay empty: the kernel sends points outside the grid to the first cell.
    return (west - 1.5 * size, south - 1.5 * size, size, pad), columns, rows


def _leaves(
    flat: tuple[Any, ...],
    grid: Grid,
    columns: int,
    rows: int,
    edge: NDArray[np.int32],
    groups: tuple[Any, ...],
    fraction: Floats,
) -> tuple[NDArray[np.int32], Floats, tuple[int, int] | None]:
    """As :func:`_sorted_leaves`, for one choice of reference points; None when it is not sound."""
    leaf_of, leaf_group, group_rank, group_edge = groups
    west, south, size, _ = grid
    point_x = west + (np.arange(columns) + fraction[0]) * size
    point_y = south + (np.arange(rows) + fraction[1]) * size
    cover, parity, leaf_pairs, cell_pairs, sound = kernel.cover_cells(
        *flat, grid, point_x, point_y, leaf_of, leaf_group, group_rank
    )
    if not sound:
        return cover, np.empty(0), None
    xs, ys, *_, order = flat
    # Cells without edges that several polygons hold become leaves without edges.
    crowded = np.unique(cell_pairs[:, 0])
    border = np.concatenate([np.flatnonzero(leaf_of >= 0), crowded])
    first = len(leaf_group) - 1
    pairs = np.concatenate(
        [
            leaf_pairs,
            np.column_stack([first + np.searchsorted(crowded, cell_pairs[:, 0]), cell_pairs[:, 1]]),
            np.column_stack([first + np.arange(len(crowded)), cover[crowded]]),
        ]
    )
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    leaf_group = np.concatenate([leaf_group, np.full(len(crowded), leaf_group[-1])])
    begin = leaves.record_sizes(leaf_group, group_edge, pairs)
    _check_size(int(begin[-1]))
    # Made by numpy, which asks for large pages; with room for the leaves of nodes.
    store = np.empty(int(begin[-1]) * 3 // 2)
    sound = leaves.write_records(
        store, xs, ys, edge, order, point_x[border % columns], point_y[border // columns],
        leaf_group, group_rank, group_edge, parity, pairs, begin,
    )  # fmt: skip
    values = np.where(cover >= 0, order[cover], np.int32(kernel.NOWHERE)).astype(np.int32)
    values[border] = -(2 + 2 * begin[:-1])
    return values, store, (int(begin[first]), int(begin[-1])) if sound else None


def _refined(
    values: NDArray[np.int32],
    store: Floats,
    ends: tuple[int, int],
    grid: Grid,
    columns: int,
    rows: int,
    vertices: int,
) -> Cells:
    """Split what holds many edges, and keep what is asked."""
    west, south, size, pad = grid
    first_side = FIRST_SIDE if vertices < SMALL_LAYER else 0
    rounding = pad - size * kernel.MARGIN
    crowded, written = ends
    store, used, node_grid, node_value = leaves.refine(
        values, columns, (west, south, size), rounding, store, written, FEW_EDGES, first_side, FINENESS
    )
    _check_size(used)
    # In the order in which they were written: cells with edges, cells without, then those of nodes.
    length = leaves.gather(values, store, 0, 0, crowded)
    length = leaves.gather(values, store, length, crowded, written)
    length = leaves.gather(node_value, store, length, written, used)
    shape = np.array([columns, rows], dtype=np.int64)
    # A copy gives back what is left over; of a large store it would need as much again.
    kept = store[:length].copy() if length < LARGE_STORE else store[:length]
    nodes = node_grid.copy(), node_value.copy()
    return Cells(np.array([west, south, 1.0 / size]), shape, values, *nodes, kept)


def _check_size(words: int) -> None:
    if words >= MOST_WORDS:
        raise InvalidInput(
            f"the layer's edges take {words * 8 / 1e9:.1f} GB of index, more than "
            f"{MOST_WORDS * 8 / 1e9:.1f}; cut it into several layers"
        )


def _no_cells() -> Cells:
    nothing = np.empty(0)
    none = np.full(1, kernel.NOWHERE, dtype=np.int32)
    shape = np.ones(2, dtype=np.int64)
    return Cells(np.array([0.0, 0.0, 1.0]), shape, none, nothing, none[:0], nothing)
